"""The kinds of answers that questions ask for (Li and Roth 2002), and what sets some apart."""

from collections.abc import Mapping
from enum import StrEnum

from bot.english.word_lists import ENGLISH


class AnswerTypeKind(StrEnum):
    """What a question asks for."""

    PERSON = "person"
    DATE = "day"
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
    QUOTATION = "words"
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
"""Their answers are written with digits."""

NAMED_KINDS = frozenset({AnswerTypeKind.PERSON, AnswerTypeKind.PLACE, AnswerTypeKind.NAME})
"""Their answers are names."""

LENIENT_KINDS = frozenset({AnswerTypeKind.REASON, AnswerTypeKind.QUOTATION, AnswerTypeKind.ANY})
"""A sentence may answer without a sign of them."""

KINDS_WITH_HEAD = frozenset(
    {AnswerTypeKind.NAME, AnswerTypeKind.COUNT, AnswerTypeKind.PLACE, AnswerTypeKind.ANY}
)
"""The noun asked for says more of them."""

KINDS_WITH_IGNORED_HEAD = frozenset(
    {AnswerTypeKind.DATE, AnswerTypeKind.PERCENTAGE, AnswerTypeKind.REASON}
)
"""The noun asked for only says the kind, and is not searched for."""

DETECTABLE_KINDS = NUMERIC_KINDS | {AnswerTypeKind.PERSON, AnswerTypeKind.PLACE}
"""A sentence that answers shows signs of them on its surface."""


def get_kind(name: str) -> AnswerTypeKind:
    """Return the kind with this name in the files of `bot/english`.

    Raises:
        ValueError: No kind has this name.
    """
    try:
        return AnswerTypeKind[name.upper()]
    except KeyError as error:
        message = f"{name!r} in the files of bot/english is no kind of answer"
        raise ValueError(message) from error


KINDS_BY_NOUN: Mapping[str, AnswerTypeKind] = {
    noun: get_kind(name)
    for name, nouns in ENGLISH.get_table("nouns_by_kind").items()
    for noun in nouns
}
"""The kinds that nouns ask for, whatever the question word: "what day"."""
