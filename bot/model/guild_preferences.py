"""How the bot answers in a server: what the server has set, and what follows from it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildOverrides:
    """What the managers of a server set; None where the operator's settings hold.

    Attributes:
        guild: The id of the server.
        max_excerpts: The most excerpts in one answer.
        is_visible: Whether others see what a command answers, unless who uses it says otherwise.
        channels: Where the bot answers, in the order in which they were added; everywhere if empty.
        zone: Where it is the day that "today" means.
    """

    guild: str
    max_excerpts: int | None = None
    is_visible: bool | None = None
    channels: tuple[int, ...] = ()
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildPreferences:
    """How the bot answers in one place.

    Attributes:
        zone: Where it is the day that "today" means.
        max_excerpts: The most excerpts in one answer.
        is_visible: Whether others see what a command answers, unless who uses it says otherwise.
        channels: Where it answers; everywhere if empty.
    """

    zone: ZoneInfo
    max_excerpts: int
    is_visible: bool = True
    channels: tuple[int, ...] = ()
