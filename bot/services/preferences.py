"""How the bot answers in one place: what its server has set, and else what the operator has."""

from collections.abc import Callable

from bot.model.guild_preferences import GuildOverrides, GuildPreferences
from bot.settings.settings import Settings
from bot.store.guilds import GuildStore


def build_default_preferences(settings: Settings) -> GuildPreferences:
    """Return what the operator has set: for direct messages, and for an app of a person's own."""
    return GuildPreferences(zone=settings.dates.zone, max_excerpts=settings.answers.max_excerpts)


def build_guild_preferences(overrides: GuildOverrides, settings: Settings) -> GuildPreferences:
    """Return what the server has set, and what the operator has if the server has not."""
    return GuildPreferences(
        zone=overrides.zone or settings.dates.zone,
        max_excerpts=overrides.max_excerpts or settings.answers.max_excerpts,
        is_visible=overrides.is_visible is not False,
        channels=overrides.channels,
    )


class PreferenceService:
    """Loads and changes what servers have set."""

    def __init__(self, *, guilds: GuildStore, settings: Settings) -> None:
        """Fall back on the settings for what a server has not set."""
        self._guilds = guilds
        self._settings = settings

    @property
    def defaults(self) -> GuildPreferences:
        """How the bot answers in direct messages, and if the app is a person's own."""
        return build_default_preferences(self._settings)

    async def load(self, guild: str | None) -> GuildPreferences:
        """Return how the bot answers in a server; None for all places that are no server's."""
        if guild is None:
            return self.defaults
        return build_guild_preferences(await self.load_overrides(guild), self._settings)

    async def load_overrides(self, guild: str) -> GuildOverrides:
        """Return what a server has set for itself."""
        return await self._guilds.get_overrides(guild)

    async def change(
        self, guild: str, change: Callable[[GuildOverrides], GuildOverrides]
    ) -> GuildOverrides:
        """Change what a server has set, and return what it has set now."""
        return await self._guilds.change(guild, change)
