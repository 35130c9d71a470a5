"""Which servers the bot is in.

Not what discord.py has cached: that keeps a server which the bot left while a shard was away.
"""

import json
import re

_READY = re.compile(r'"t":\s*"READY"')
_SHARD_BITS = 22


class Homes:
    """The servers that Discord named when a shard began, and what became of them since.

    One that can't be reached is named like all others.
    """

    def __init__(self) -> None:
        self._shards = 1
        self._named: dict[int, set[int]] = {}

    def hear(self, frame: str) -> None:
        """Takes in a frame of the gateway, where a shard begins with it."""
        if not _READY.search(frame):
            return
        heard = json.loads(frame)
        if heard["t"] == "READY":
            shard, self._shards = heard["d"]["shard"]
            self._named[shard] = {int(guild["id"]) for guild in heard["d"]["guilds"]}

    def enter(self, guild_id: int) -> None:
        """Takes note that the bot came into a server."""
        self._named[self._shard_of(guild_id)].add(guild_id)

    def leave(self, guild_id: int) -> None:
        """Takes note that the bot left a server."""
        self._named[self._shard_of(guild_id)].discard(guild_id)

    def holds(self, guild: str) -> bool:
        """Whether the bot is in the server, as far as the shards that began can tell."""
        shard = self._shard_of(int(guild))
        return shard not in self._named or int(guild) in self._named[shard]

    def _shard_of(self, guild_id: int) -> int:
        return (guild_id >> _SHARD_BITS) % self._shards
