"""Which servers the bot is in.

Not what discord.py has cached: that keeps a server which the bot left while a shard was away.
"""

import json
import re

_READY_EVENT = re.compile(r'"t":\s*"READY"')
_SHARD_BITS = 22


class GuildRegistry:
    """The servers that Discord named when a shard began, and what became of them since.

    One that can't be reached is named like all others.
    """

    def __init__(self) -> None:
        self._shard_count = 1
        self._guilds_by_shard: dict[int, set[int]] = {}

    def handle_frame(self, frame: str) -> None:
        """Takes in a frame of the gateway, where a shard begins with it."""
        if not _READY_EVENT.search(frame):
            return
        event = json.loads(frame)
        if event["t"] == "READY":
            shard, self._shard_count = event["d"]["shard"]
            self._guilds_by_shard[shard] = {int(guild["id"]) for guild in event["d"]["guilds"]}

    def add(self, guild_id: int) -> None:
        """Takes note that the bot came into a server."""
        self._guilds_by_shard[self._get_shard(guild_id)].add(guild_id)

    def remove(self, guild_id: int) -> None:
        """Takes note that the bot left a server."""
        self._guilds_by_shard[self._get_shard(guild_id)].discard(guild_id)

    def contains(self, guild: str) -> bool:
        """Whether the bot is in the server, as far as the shards that began can tell."""
        shard = self._get_shard(int(guild))
        return shard not in self._guilds_by_shard or int(guild) in self._guilds_by_shard[shard]

    def _get_shard(self, guild_id: int) -> int:
        return (guild_id >> _SHARD_BITS) % self._shard_count
