"""The servers that the bot is in, as Discord's gateway reports them.

discord.py's cache can't be used: it keeps a server that the bot left while a shard was disconnected.
"""

import json
import re

_READY_EVENT = re.compile(r'"t":\s*"READY"')
# A server belongs to the shard (id >> 22) % shard_count.
_SHARD_BITS = 22


class GuildRegistry:
    """The servers from the READY events of the shards, updated as the bot joins and leaves.

    READY also lists servers that are unavailable because of an outage, so these stay.
    """

    def __init__(self) -> None:
        self._shard_count = 1
        self._guilds_by_shard: dict[int, set[int]] = {}

    def handle_frame(self, frame: str) -> None:
        """Replace the servers of a shard if the frame is its READY event; ignore other frames."""
        if not _READY_EVENT.search(frame):
            return
        try:
            # The pattern may also match inside the data of another event, hence the check of `t`.
            event = json.loads(frame)
            if event["t"] != "READY":
                return
            shard, shard_count = map(int, event["d"]["shard"])
            guilds = {int(guild["id"]) for guild in event["d"]["guilds"]}
        except (LookupError, TypeError, ValueError):
            return  # discord.py can't use such an event either, and the shard connects again
        self._shard_count = max(1, shard_count)
        self._guilds_by_shard[shard] = guilds

    def add(self, guild_id: int) -> None:
        """Add a server that the bot has joined; before its READY, the shard will list it there."""
        self._guilds_by_shard.get(self._get_shard(guild_id), set()).add(guild_id)

    def remove(self, guild_id: int) -> None:
        """Remove a server that the bot has left; before its READY, the shard won't list it there."""
        self._guilds_by_shard.get(self._get_shard(guild_id), set()).discard(guild_id)

    def contains(self, guild: str) -> bool:
        """Return whether the bot is in the server; true as long as its shard is not ready."""
        shard = self._get_shard(int(guild))
        # Before its READY a shard's servers are unknown, so none of them counts as left.
        return shard not in self._guilds_by_shard or int(guild) in self._guilds_by_shard[shard]

    def _get_shard(self, guild_id: int) -> int:
        return (guild_id >> _SHARD_BITS) % self._shard_count
