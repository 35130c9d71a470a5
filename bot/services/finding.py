"""The state of one part of the set-up, as `doctor` reports it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import BotError


class FindingState(StrEnum):
    """The state of a part of the set-up."""

    OK = "right"
    NOTE = "note"
    PROBLEM = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of checking one part of the set-up.

    Attributes:
        part: The part that was checked.
        state: Whether it is right, a note, or wrong.
        text: The result, and what to do if it is wrong. Blank if `error` says it.
        error: The error; None if `text` says it.
    """

    part: str
    state: FindingState
    text: str = ""
    error: BotError | None = None
