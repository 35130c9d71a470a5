"""Answering preferences: a server's own settings, and the operator's for the rest."""

from collections.abc import Callable

from bot.model.guild_preferences import GuildOverrides, GuildPreferences
from bot.settings.settings import Settings
from bot.store.guilds import GuildStore


def build_default_preferences(settings: Settings) -> GuildPreferences:
    """Return the operator's preferences, used in direct messages and for user-installed apps."""
    return GuildPreferences(zone=settings.dates.zone, max_excerpts=settings.answers.max_excerpts)


def build_guild_preferences(overrides: GuildOverrides, settings: Settings) -> GuildPreferences:
    """Return a server's preferences, with the operator's for settings it has not changed."""
    return GuildPreferences(
        zone=overrides.zone or settings.dates.zone,
        max_excerpts=overrides.max_excerpts or settings.answers.max_excerpts,
        is_visible=overrides.is_visible is not False,
        channels=overrides.channels,
    )


class PreferenceService:
    """Loads and changes the preferences of servers."""

    def __init__(self, *, guilds: GuildStore, settings: Settings) -> None:
        """Use the operator's settings for preferences that a server has not set."""
        self._guilds = guilds
        self._settings = settings

    @property
    def defaults(self) -> GuildPreferences:
        """The preferences in direct messages and for user-installed apps."""
        return build_default_preferences(self._settings)

    async def load(self, guild: str | None) -> GuildPreferences:
        """Return the preferences of a server; None stands for all places outside servers."""
        if guild is None:
            return self.defaults
        return build_guild_preferences(await self.load_overrides(guild), self._settings)

    async def load_overrides(self, guild: str) -> GuildOverrides:
        """Return the settings that a server has changed."""
        return await self._guilds.get_overrides(guild)

    async def change(
        self, guild: str, change: Callable[[GuildOverrides], GuildOverrides]
    ) -> GuildOverrides:
        """Change the settings of a server, and return the new ones."""
        return await self._guilds.change(guild, change)
