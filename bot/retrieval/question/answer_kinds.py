"""The kinds of answers that questions ask for (Li and Roth 2002), and what sets some apart."""

from collections.abc import Mapping
from enum import StrEnum


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

KINDS_BY_NOUN: Mapping[str, AnswerTypeKind] = {
    noun: kind
    for kind, nouns in {
        AnswerTypeKind.DATE: "day date year month time",
        AnswerTypeKind.PLACE: "place location",
        AnswerTypeKind.MONEY: "price prices cost costs budget salary fee jackpot",
        AnswerTypeKind.PERCENTAGE: "percentage percent share proportion",
        AnswerTypeKind.AMOUNT: "amount number rate temperature magnitude speed size score record population",
        AnswerTypeKind.AGE: "age",
        AnswerTypeKind.REASON: "reason reasons cause grounds",
        AnswerTypeKind.NAME: "name title nickname",
    }.items()
    for noun in nouns.split()
}
"""The kinds that nouns ask for, whatever the question word: "what day"."""
