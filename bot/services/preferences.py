"""How the bot answers in one place: what its server has set, and else what the operator has."""

from bot.model.guild_preferences import GuildOverrides, GuildPreferences
from bot.settings.settings import Settings


def build_default_preferences(settings: Settings) -> GuildPreferences:
    """Return what the operator has set: for direct messages, and for an app of a person's own."""
    return GuildPreferences(zone=settings.dates.zone, max_excerpts=settings.answers.max_excerpts)


def build_guild_preferences(overrides: GuildOverrides, settings: Settings) -> GuildPreferences:
    """Return what the server has set, and what the operator has if the server has not."""
    return GuildPreferences(
        zone=overrides.zone or settings.dates.zone,
        max_excerpts=overrides.max_excerpts or settings.answers.max_excerpts,
        is_visible=overrides.visible is not False,
        channels=overrides.channels,
    )
