"""What a server has set for itself."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildOverrides:
    """What the managers of a server set; None where the operator's settings hold.

    Attributes:
        guild: The id of the server.
        max_excerpts: The most excerpts in one answer.
        visible: Whether others see what a command answers, unless who uses it says otherwise.
        channels: Where the bot answers, in the order in which they were added; everywhere if empty.
        zone: Where it is the day that "today" means.
    """

    guild: str
    max_excerpts: int | None = None
    visible: bool | None = None
    channels: tuple[int, ...] = ()
    zone: ZoneInfo | None = None
