"""The preferences of a server: its overrides, and the values that apply."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildOverrides:
    """The values that the managers of a server set; None if the operator's settings apply.

    Attributes:
        guild: The id of the server.
        max_excerpts: The most excerpts in one answer.
        is_visible: Whether everyone sees the answer to a command, unless its user chooses otherwise.
        channels: The channels where the bot answers, in the order added; all if empty.
        zone: The time zone that decides which day is today.
    """

    guild: str
    max_excerpts: int | None = None
    is_visible: bool | None = None
    channels: tuple[int, ...] = ()
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildPreferences:
    """The preferences that apply in a server or in direct messages.

    Attributes:
        zone: The time zone that decides which day is today.
        max_excerpts: The most excerpts in one answer.
        is_visible: Whether everyone sees the answer to a command, unless its user chooses otherwise.
        channels: The channels where the bot answers; all if empty.
    """

    zone: ZoneInfo
    max_excerpts: int
    is_visible: bool = True
    channels: tuple[int, ...] = ()
