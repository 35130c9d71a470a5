"""The kinds of answers that questions ask for (Li and Roth 2002), and their groups."""

from collections.abc import Mapping
from enum import StrEnum

from bot.english.word_lists import ENGLISH


class AnswerTypeKind(StrEnum):
    """A kind of answer that a question asks for.

    The files of `bot/english` use the values.
    """

    PERSON = "person"
    DATE = "date"
    PLACE = "place"
    COUNT = "count"
    MONEY = "money"
    PERCENTAGE = "percentage"
    AMOUNT = "amount"
    AGE = "age"
    SPEED = "speed"
    LENGTH = "length"
    WEIGHT = "weight"
    DURATION = "duration"
    NAME = "name"
    REASON = "reason"
    QUOTATION = "quotation"
    ANY = "any"


NUMERIC_KINDS = frozenset(
    {
        AnswerTypeKind.DATE,
        AnswerTypeKind.COUNT,
        AnswerTypeKind.MONEY,
        AnswerTypeKind.PERCENTAGE,
        AnswerTypeKind.AMOUNT,
        AnswerTypeKind.AGE,
        AnswerTypeKind.SPEED,
        AnswerTypeKind.LENGTH,
        AnswerTypeKind.WEIGHT,
        AnswerTypeKind.DURATION,
    }
)
"""Kinds with answers that are written in digits."""

NAMED_KINDS = frozenset({AnswerTypeKind.PERSON, AnswerTypeKind.PLACE, AnswerTypeKind.NAME})
"""Kinds with names as answers."""

LENIENT_KINDS = frozenset({AnswerTypeKind.REASON, AnswerTypeKind.QUOTATION, AnswerTypeKind.ANY})
"""Kinds without a reliable sign: a sentence may answer without one."""

KINDS_WITH_HEAD = frozenset(
    {AnswerTypeKind.NAME, AnswerTypeKind.COUNT, AnswerTypeKind.PLACE, AnswerTypeKind.ANY}
)
"""Kinds that the noun of the question makes more specific ("which court", "how many people")."""

KINDS_WITH_IGNORED_HEAD = frozenset(
    {AnswerTypeKind.DATE, AnswerTypeKind.PERCENTAGE, AnswerTypeKind.REASON}
)
"""Kinds with a noun that only names the kind ("what day") and is not searched for."""

DETECTABLE_KINDS = NUMERIC_KINDS | {AnswerTypeKind.PERSON, AnswerTypeKind.PLACE}
"""Kinds that can be recognised in the wording of a sentence."""

KINDS_BY_NOUN: Mapping[str, AnswerTypeKind] = {
    noun: AnswerTypeKind(kind)
    for kind, nouns in ENGLISH.get_table("nouns_by_kind").items()
    for noun in nouns
}
"""The kind that a noun asks for, whatever the question word ("what day")."""
