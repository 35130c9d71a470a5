"""Settings of servers, and the servers that the bot has left.

Every table about servers has a column named `guild`, whichever module owns it. So `forget` finds
and deletes all data of a server without knowing the tables.
"""

import json
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model.guild_preferences import GuildOverrides
from bot.store.database import Database, Rows, format_utc

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
_MARK_LEFT = (
    "INSERT INTO servers_left (guild, left_at) VALUES (?, ?) ON CONFLICT (guild) DO NOTHING"
)
_UNMARK_LEFT = "DELETE FROM servers_left WHERE guild = ?"
_FIND_LEFT = "SELECT guild FROM servers_left WHERE left_at <= ?"
_FORGET = 'DELETE FROM "{table}" WHERE guild = ? RETURNING guild'
_FIND_GUILD_TABLES = """
    SELECT tables.name
    FROM sqlite_schema AS tables
    JOIN pragma_table_info(tables.name) AS columns ON columns.name = 'guild'
    WHERE tables.type = 'table'
    ORDER BY tables.name
"""


class GuildStore:
    """The settings of servers and the record of those left."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get_overrides(self, guild: str) -> GuildOverrides:
        """Return the settings of a server."""
        rows = await self._database.fetch(_FIND, (guild,))
        return _rows_to_overrides(guild, rows)

    async def change(
        self, guild: str, update: Callable[[GuildOverrides], GuildOverrides]
    ) -> GuildOverrides:
        """Store and return the server's settings as changed by `update`; defaults take no row."""
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch(_FIND, (guild,))
            overrides = update(_rows_to_overrides(guild, rows))
            if overrides == GuildOverrides(guild=guild):
                await transaction.execute(_DELETE, (guild,))
            else:
                await transaction.execute(_PUT, _overrides_to_row(overrides))
        return overrides

    async def update_presence(self, is_present: Callable[[str], bool], now: datetime) -> None:
        """Mark each server that has stored data as left, or as present again.

        Args:
            is_present: Returns whether the bot is in a server.
            now: The time of leaving for servers that were not marked before.
        """
        left_at = format_utc(now)
        known_guilds = await self._find_known_guilds()
        present_guilds = frozenset(filter(is_present, known_guilds))
        async with self._database.transaction() as transaction:
            await transaction.execute_many(
                _MARK_LEFT, [(guild, left_at) for guild in known_guilds - present_guilds]
            )
            await transaction.execute_many(_UNMARK_LEFT, [(guild,) for guild in present_guilds])

    async def purge(self, left_until: datetime) -> int:
        """Delete the data of servers left at `left_until` or before; return how many there were."""
        rows = await self._database.fetch(_FIND_LEFT, (format_utc(left_until),))
        for (guild,) in rows:
            await self.forget(guild)
        return len(rows)

    async def forget(self, guild: str) -> int:
        """Delete all data of a server; return the number of deleted rows."""
        tables = await self._find_guild_tables()
        async with self._database.transaction() as transaction:
            deleted = [
                await transaction.fetch(_FORGET.format(table=table), (guild,)) for table in tables
            ]
        await self._database.truncate_wal()  # the log still holds the deleted rows
        return sum(map(len, deleted))

    async def _find_known_guilds(self) -> frozenset[str]:
        """Return the servers that have any row, including the record that the bot left them."""
        guilds = " UNION ".join(
            map('SELECT guild FROM "{}"'.format, await self._find_guild_tables())
        )
        rows = await self._database.fetch(guilds)
        return frozenset(guild for (guild,) in rows if guild is not None)

    async def _find_guild_tables(self) -> tuple[str, ...]:
        return tuple(name for (name,) in await self._database.fetch(_FIND_GUILD_TABLES))


def _rows_to_overrides(guild: str, rows: Rows) -> GuildOverrides:
    """Return the settings in the server's one row, or the defaults if it has none."""
    for max_excerpts, visible, channels, zone in rows:
        return GuildOverrides(
            guild=guild,
            max_excerpts=max_excerpts,
            is_visible=None if visible is None else bool(visible),
            channels=tuple(json.loads(channels)),
            zone=ZoneInfo(zone) if zone else None,
        )
    return GuildOverrides(guild=guild)


def _overrides_to_row(overrides: GuildOverrides) -> tuple[object, ...]:
    return (
        overrides.guild,
        overrides.max_excerpts,
        overrides.is_visible,
        json.dumps(overrides.channels),
        overrides.zone.key if overrides.zone else None,
    )
