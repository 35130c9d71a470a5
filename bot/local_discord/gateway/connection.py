"""The frames, connections and sessions of the gateway, which know nothing of the world."""

import asyncio
import json
import secrets
from collections import deque
from enum import IntEnum

from aiohttp import web

from bot.local_discord.gateway.compression import start_compression
from bot.local_discord.world.records import Json

MAX_SENDS = 120
SEND_WINDOW_SECONDS = 60.0
"""A connection that sends more than MAX_SENDS frames in this time is closed, as by Discord."""

MAX_REPLAY_EVENTS = 1000
"""The number of events that a session can miss and still resume."""


class Opcode(IntEnum):
    """The meaning of a frame."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE_UPDATE = 3
    VOICE_STATE_UPDATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class CloseCode(IntEnum):
    """Why the gateway closes a connection; the names are sent with the codes.

    A bot must not reconnect after 4004, 4010 or 4014; after the others it can.
    """

    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    RATE_LIMITED = 4008
    INVALID_SHARD = 4010
    DISALLOWED_INTENTS = 4014


class GatewayClosed(Exception):  # noqa: N818 - an end, not a fault
    """The gateway closes the connection for the reason that the code gives."""

    def __init__(self, code: CloseCode) -> None:
        self.code = code
        super().__init__(code.name)


class GatewayConnection:
    """One connection of a bot; frames go out in the order of sending, compressed if it asked."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        self._compress = start_compression(request.query.get("compress"))
        self.session: GatewaySession | None = None
        self.send_times: deque[float] = deque(maxlen=MAX_SENDS + 1)

    def send(self, op: Opcode, data: object = None) -> None:
        """Send a frame that is not an event."""
        self.send_raw(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_raw(self, frame: str) -> None:
        """Send a frame as it is."""
        self._frames.put_nowait(frame)

    async def write_frames(self) -> None:
        """Write frames until cancelled."""
        while True:
            frame = await self._frames.get()
            if self._compress is None:
                await self._socket.send_str(frame)
            else:
                await self._socket.send_bytes(self._compress(frame))

    def abort(self) -> None:
        """Cut the connection without a close frame, as a broken network does."""
        if self._request.transport is not None:
            self._request.transport.abort()


class GatewaySession:
    """The events sent to one shard of the bot; it outlives a connection."""

    def __init__(self, *, intents: int, shard_number: int, shard_count: int) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard_number = shard_number
        self.shard_count = shard_count
        self.connection: GatewayConnection | None = None
        self._sequence = 0
        self._sent_frames: deque[tuple[int, str]] = deque(maxlen=MAX_REPLAY_EVENTS)

    def includes_guild(self, guild_id: int | None) -> bool:
        """Return whether a guild belongs to the shard; direct messages belong to the first."""
        # Discord's sharding formula; the 22 low bits of an id do not tell when it was made.
        return ((guild_id or 0) >> 22) % self.shard_count == self.shard_number

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event, and keep it in case the bot resumes."""
        self._sequence += 1
        frame = json.dumps({"op": Opcode.DISPATCH, "d": data, "s": self._sequence, "t": name})
        self._sent_frames.append((self._sequence, frame))
        if self.connection is not None:
            self.connection.send_raw(frame)

    def get_missed_frames(self, sequence: int) -> list[str] | None:
        """Return the frames after a sequence number; None if some of them are no longer kept."""
        missed = [frame for frame_sequence, frame in self._sent_frames if frame_sequence > sequence]
        return missed if len(missed) == self._sequence - sequence else None
