"""How the bot answers in one place: what its server has set, and else what the operator has."""

from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from bot.model.guild_preferences import GuildOverrides
from bot.settings.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildPreferences:
    """How the bot answers.

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

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """As the operator has set: in direct messages, and where the app is a person's own."""
        return cls(zone=settings.dates.zone, max_excerpts=settings.answers.max_excerpts)

    @classmethod
    def from_overrides(cls, overrides: GuildOverrides, settings: Settings) -> Self:
        """As the server has set, and the operator where it has not."""
        return cls(
            zone=overrides.zone or settings.dates.zone,
            max_excerpts=overrides.max_excerpts or settings.answers.max_excerpts,
            is_visible=overrides.visible is not False,
            channels=overrides.channels,
        )
