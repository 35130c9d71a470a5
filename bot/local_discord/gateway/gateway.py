"""The gateway: who is connected, what each is told, and what was missed meanwhile."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from bot.local_discord import json_objects as wire
from bot.local_discord.gateway.connection import (
    MOST_SENDS,
    SENDS_SECONDS,
    CloseCode,
    Closed,
    Line,
    Op,
    Session,
)
from bot.local_discord.message_json import message_event
from bot.local_discord.world.permissions import permissions_of
from bot.local_discord.world.records import Guild, Json, Permission
from bot.local_discord.world.world import MESSAGE_CONTENT, Event, World

GUILDS = 1 << 0
GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
"""The intents that an application must be given: members, presences, message content."""

HEARTBEAT_MS = 41_250


class Gateway:
    """Tells connected bots what happens in the world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sessions: dict[str, Session] = {}
        self._lines: set[Line] = set()
        self.identified = 0
        self.resumed = 0
        world.watchers.append(self.tell)

    @property
    def connected(self) -> tuple[Session, ...]:
        """The sessions that a bot is listening to now."""
        return tuple(s for s in self._sessions.values() if s.line is not None)

    def tell(self, event: Event) -> None:
        """Pass an event to each session that may have it."""
        for session in self._sessions.values():
            if session.holds(event.guild_id) and self._is_wanted(session, event):
                session.tell(event.name, self._data(session, event))

    def drop(self) -> None:
        """Cut every connection; their sessions can be resumed."""
        for line in tuple(self._lines):
            self._leave(line)
            line.cut()

    def ask_to_reconnect(self) -> None:
        """Tell every bot to connect anew and resume."""
        for line in tuple(self._lines):
            line.send(Op.RECONNECT)

    def invalidate(self) -> None:
        """Tell every bot that its session is lost, so that it identifies again."""
        for line in tuple(self._lines):
            self._forget(line)
            line.send(Op.INVALID_SESSION, data=False)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = Line(socket, request)
        self._lines.add(line)
        writing = asyncio.create_task(line.write())
        line.send(Op.HELLO, {"heartbeat_interval": HEARTBEAT_MS})
        try:
            await self._listen(line, socket)
        except Closed as closed:
            await socket.close(code=closed.code, message=closed.code.name.encode())
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            self._end(line, socket.close_code)
        return socket

    async def _listen(self, line: Line, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                raise Closed(CloseCode.NO_JSON)
            self._count(line)
            try:
                frame = json.loads(message.data)
                op, data = frame["op"], frame.get("d")
            except (ValueError, KeyError, TypeError, AttributeError):
                raise Closed(CloseCode.NO_JSON) from None
            self._hear(line, op, data)

    def _count(self, line: Line) -> None:
        now = self._world.clock.now()
        line.sent_at.append(now)
        if len(line.sent_at) > MOST_SENDS and now - line.sent_at[0] < SENDS_SECONDS:
            raise Closed(CloseCode.TOO_MANY_SENDS)

    def _hear(self, line: Line, op: int, data: Any) -> None:
        match op:
            case Op.HEARTBEAT:
                line.send(Op.HEARTBEAT_ACK)
            case Op.IDENTIFY:
                self._identify(line, data)
            case Op.RESUME:
                self._resume(line, data)
            case Op.PRESENCE | Op.VOICE_STATE | Op.REQUEST_MEMBERS if line.session is not None:
                pass
            case Op.PRESENCE | Op.VOICE_STATE | Op.REQUEST_MEMBERS:
                raise Closed(CloseCode.NOT_IDENTIFIED)
            case _:
                raise Closed(CloseCode.UNKNOWN_OP)

    def _identify(self, line: Line, data: Json) -> None:
        self._demand_token(data)
        if line.session is not None:
            raise Closed(CloseCode.IDENTIFIED_TWICE)
        shard, shards = data.get("shard") or (0, 1)
        if not 0 <= shard < shards:
            raise Closed(CloseCode.BAD_SHARD)
        intents = data["intents"]
        if intents & PRIVILEGED & ~self._world.privileged_intents:
            raise Closed(CloseCode.DISALLOWED_INTENTS)
        session = Session(intents=intents, shard=shard, shards=shards)
        self._sessions[session.id] = session
        self._join(line, session)
        self.identified += 1
        self._greet(session)
        self._world.touch()

    def _greet(self, session: Session) -> None:
        """READY, then each guild that can be reached in full."""
        homes = [guild for guild in self._homes() if session.holds(guild.id)]
        session.tell("READY", self._ready(session, homes))
        if session.intents & GUILDS:
            for guild in homes:
                if guild.id in self._world.unreachable:
                    continue
                session.tell("GUILD_CREATE", wire.guild_object(self._world, guild))

    def _resume(self, line: Line, data: Json) -> None:
        self._demand_token(data)
        session = self._sessions.get(data.get("session_id", ""))
        missed = session.missed_after(data["seq"]) if session is not None else None
        if session is None or missed is None:
            line.send(Op.INVALID_SESSION, data=False)
            return
        self._join(line, session)
        for frame in missed:
            line.pass_on(frame)
        session.tell("RESUMED", {})
        self.resumed += 1
        self._world.touch()

    def _demand_token(self, data: Json) -> None:
        if data.get("token") != self._world.token:
            raise Closed(CloseCode.BAD_TOKEN)

    def _join(self, line: Line, session: Session) -> None:
        line.session = session
        session.line = line

    def _leave(self, line: Line) -> None:
        """The session goes on without the connection."""
        if line.session is not None and line.session.line is line:
            line.session.line = None

    def _forget(self, line: Line) -> None:
        if line.session is not None:
            self._sessions.pop(line.session.id, None)

    def _end(self, line: Line, code: int | None) -> None:
        """A bot that says goodbye gives up its session; any other end leaves it to be resumed."""
        self._lines.discard(line)
        self._leave(line)
        if code in {1000, 1001}:
            self._forget(line)
        self._world.touch()

    def _homes(self) -> list[Guild]:
        bot_id = self._world.bot.id
        return [guild for guild in self._world.guilds.values() if bot_id in guild.members]

    def _ready(self, session: Session, homes: list[Guild]) -> Json:
        return {
            "v": 10,
            "user": wire.user_object(self._world.bot),
            "guilds": [wire.unavailable(guild) for guild in homes],
            "private_channels": [],
            "session_id": session.id,
            "resume_gateway_url": self._world.gateway_url,
            "shard": [session.shard, session.shards],
            "application": {"id": str(self._world.application_id), "flags": 0},
        }

    def _is_wanted(self, session: Session, event: Event) -> bool:
        if event.name == "INTERACTION_CREATE":
            return True
        if event.message is None:
            return bool(session.intents & GUILDS)
        needed = DIRECT_MESSAGES if event.guild_id is None else GUILD_MESSAGES
        channel = self._world.channels[event.message.channel_id]
        held = permissions_of(self._world, self._world.bot.id, channel)
        return bool(session.intents & needed) and Permission.VIEW_CHANNEL in held

    def _data(self, session: Session, event: Event) -> Json:
        if event.message is None:
            return event.data or {}
        content_intent = bool(session.intents & MESSAGE_CONTENT)
        told = message_event(self._world, event.message, content_intent=content_intent)
        if event.name == "MESSAGE_DELETE":
            return {key: told[key] for key in ("id", "channel_id", "guild_id") if key in told}
        return told
