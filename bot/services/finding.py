"""How one part of a set-up is, as `doctor` reports it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import BotError


class FindingState(StrEnum):
    """How a part of the set-up is."""

    OK = "right"
    NOTE = "note"
    PROBLEM = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one part of the set-up is.

    Attributes:
        part: What was looked at.
        state: Whether it is right, good to know, or wrong.
        text: What is so; where it is wrong, also what to do. Blank if an error says it.
        error: What went wrong; None if the text says it.
    """

    part: str
    state: FindingState
    text: str = ""
    error: BotError | None = None
