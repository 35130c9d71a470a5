"""The gateway's frames, connections and sessions, as far as they know nothing of the world."""

import asyncio
import json
import secrets
from collections import deque
from enum import IntEnum

from aiohttp import web

from bot.local_discord.world.records import Json

MOST_SENDS = 120
SENDS_SECONDS = 60.0
KEPT_EVENTS = 1000
"""How many events a session can have missed and still resume."""


class Op(IntEnum):
    """What a frame of the gateway is."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class CloseCode(IntEnum):
    """Why the gateway closes a connection."""

    UNKNOWN_OP = 4001
    NO_JSON = 4002
    NOT_IDENTIFIED = 4003
    BAD_TOKEN = 4004
    IDENTIFIED_TWICE = 4005
    TOO_MANY_SENDS = 4008
    BAD_SHARD = 4010
    DISALLOWED_INTENTS = 4014


class Closed(Exception):  # noqa: N818 - an end, not a fault
    """The connection ends, for the reason of its code."""

    def __init__(self, code: CloseCode) -> None:
        self.code = code
        super().__init__(code.name)


class Line:
    """One connection; frames go out in the order in which they were sent."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        self.session: Session | None = None
        self.sent_at: deque[float] = deque(maxlen=MOST_SENDS + 1)

    def send(self, op: Op, data: object = None) -> None:
        """Send a frame that is no event."""
        self.pass_on(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def pass_on(self, frame: str) -> None:
        """Send a frame as it is."""
        self._frames.put_nowait(frame)

    async def write(self) -> None:
        """Write frames for as long as the connection stands."""
        while True:
            await self._socket.send_str(await self._frames.get())

    def cut(self) -> None:
        """End the connection without a word, as a broken network does."""
        if self._request.transport is not None:
            self._request.transport.abort()


class Session:
    """What one shard of the bot was told, beyond any single connection."""

    def __init__(self, *, intents: int, shard: int, shards: int) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.shards = shards
        self.line: Line | None = None
        self._sequence = 0
        self._told: deque[tuple[int, str]] = deque(maxlen=KEPT_EVENTS)

    def holds(self, guild_id: int | None) -> bool:
        """Whether a guild belongs to the shard; direct messages belong to the first."""
        return ((guild_id or 0) >> 22) % self.shards == self.shard

    def tell(self, name: str, data: Json) -> None:
        """Dispatch an event, and keep it for one who resumes."""
        self._sequence += 1
        frame = json.dumps({"op": Op.DISPATCH, "d": data, "s": self._sequence, "t": name})
        self._told.append((self._sequence, frame))
        if self.line is not None:
            self.line.pass_on(frame)

    def missed_after(self, sequence: int) -> list[str] | None:
        """The frames told after one; None where some of them are no longer kept."""
        missed = [frame for told, frame in self._told if told > sequence]
        return missed if len(missed) == self._sequence - sequence else None
