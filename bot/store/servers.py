"""What servers set for themselves, and which of them the bot has left.

What is about a server stands in tables with a column `guild`, whoever made them: so all of it is
found when the server has to be forgotten.
"""

import json
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model.guild_preferences import ServerSettings
from bot.store.database import Database, Rows, utc_text

_FIND = "SELECT max_excerpts, visible, channels, zone FROM servers WHERE guild = ?"
_PUT = """
    INSERT INTO servers (guild, max_excerpts, visible, channels, zone) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (guild) DO UPDATE SET
        max_excerpts = excluded.max_excerpts,
        visible = excluded.visible,
        channels = excluded.channels,
        zone = excluded.zone
"""
_DELETE = "DELETE FROM servers WHERE guild = ?"
_MARK = "INSERT INTO servers_left (guild, left_at) VALUES (?, ?) ON CONFLICT (guild) DO NOTHING"
_UNMARK = "DELETE FROM servers_left WHERE guild = ?"
_LEFT = "SELECT guild FROM servers_left WHERE left_at <= ?"
_FORGET = 'DELETE FROM "{table}" WHERE guild = ? RETURNING guild'
_TABLES = """
    SELECT tables.name
    FROM sqlite_schema AS tables
    JOIN pragma_table_info(tables.name) AS columns ON columns.name = 'guild'
    WHERE tables.type = 'table'
    ORDER BY tables.name
"""


class ServerStore:
    """The servers in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settings(self, guild: str) -> ServerSettings:
        """What the server has set."""
        rows = await self._database.fetch(_FIND, (guild,))
        return _settings_of(guild, rows)

    async def change(
        self, guild: str, changed: Callable[[ServerSettings], ServerSettings]
    ) -> ServerSettings:
        """The server's settings as `changed` made them of those before; kept where any is set."""
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch(_FIND, (guild,))
            settings = changed(_settings_of(guild, rows))
            if settings == ServerSettings(guild=guild):
                await transaction.execute(_DELETE, (guild,))
            else:
                await transaction.execute(_PUT, _row_of(settings))
        return settings

    async def note(self, is_present: Callable[[str], bool], now: datetime) -> None:
        """Marks the servers of which anything is kept as left, or as there again.

        Args:
            is_present: Whether the bot is in a server.
            now: Since when those are left that were not marked so before.

        Raises:
            ValueError: `now` is not in UTC.
        """
        left_at = utc_text(now)
        known = await self._known()
        present = frozenset(filter(is_present, known))
        async with self._database.transaction() as transaction:
            await transaction.execute_many(_MARK, [(guild, left_at) for guild in known - present])
            await transaction.execute_many(_UNMARK, [(guild,) for guild in present])

    async def purge(self, left_until: datetime) -> int:
        """Forgets the servers that were left by then; gives how many these were.

        Raises:
            ValueError: `left_until` is not in UTC.
        """
        rows = await self._database.fetch(_LEFT, (utc_text(left_until),))
        for (guild,) in rows:
            await self.forget(guild)
        return len(rows)

    async def forget(self, guild: str) -> int:
        """Deletes all that is kept of a server; gives how many rows that were."""
        tables = await self._tables()
        async with self._database.transaction() as transaction:
            deleted = [
                await transaction.fetch(_FORGET.format(table=table), (guild,)) for table in tables
            ]
        await self._database.empty_log()
        return sum(map(len, deleted))

    async def _known(self) -> frozenset[str]:
        """The servers of which anything is kept, be it that they were left."""
        guilds = " UNION ".join(map('SELECT guild FROM "{}"'.format, await self._tables()))
        rows = await self._database.fetch(guilds)
        return frozenset(guild for (guild,) in rows if guild is not None)

    async def _tables(self) -> tuple[str, ...]:
        return tuple(name for (name,) in await self._database.fetch(_TABLES))


def _settings_of(guild: str, rows: Rows) -> ServerSettings:
    """The settings as their one row has them, or those of a server that has none."""
    for max_excerpts, visible, channels, zone in rows:
        return ServerSettings(
            guild=guild,
            max_excerpts=max_excerpts,
            visible=None if visible is None else bool(visible),
            channels=tuple(json.loads(channels)),
            zone=ZoneInfo(zone) if zone else None,
        )
    return ServerSettings(guild=guild)


def _row_of(settings: ServerSettings) -> tuple[object, ...]:
    return (
        settings.guild,
        settings.max_excerpts,
        settings.visible,
        json.dumps(settings.channels),
        settings.zone.key if settings.zone else None,
    )
