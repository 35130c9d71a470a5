"""The gateway: which bots are connected, and which events each session gets."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from bot.local_discord.gateway.connection import (
    MAX_SENDS,
    SEND_WINDOW_SECONDS,
    CloseCode,
    GatewayClosed,
    GatewayConnection,
    GatewaySession,
    Opcode,
)
from bot.local_discord.world.constants import PRIVILEGED_INTENTS, Intent, Permission
from bot.local_discord.world.json_objects import (
    guild_to_json,
    unavailable_guild_to_json,
    user_to_json,
)
from bot.local_discord.world.message_json import build_message_event
from bot.local_discord.world.permissions import compute_permissions
from bot.local_discord.world.records import Guild, Json
from bot.local_discord.world.world import Event, World

HEARTBEAT_MS = 41_250

ACK_DELAY_SECONDS = 0.05
"""How long an answer to a heartbeat takes.

discord.py notes when it sent a heartbeat only after sending it. An answer that comes sooner seems to
belong to the heartbeat before, and discord.py warns that it "can't keep up".
"""

FINAL_CLOSE_CODES = frozenset({1000, 1001})
"""With these codes a bot ends its session; after any other it can resume."""


class Gateway:
    """Sends the events of the world to the connected bots."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sessions: dict[str, GatewaySession] = {}
        self._connections: set[GatewayConnection] = set()
        self.identify_count = 0
        self.resume_count = 0
        self._is_down = False
        world.listeners.append(self.dispatch)

    @property
    def connected_sessions(self) -> tuple[GatewaySession, ...]:
        """The sessions that have a connection."""
        return tuple(
            session for session in self._sessions.values() if session.connection is not None
        )

    def dispatch(self, event: Event) -> None:
        """Send an event to each session that is subscribed to it."""
        for session in self._sessions.values():
            if session.includes_guild(event.guild_id) and self._is_subscribed(session, event):
                session.dispatch(event.name, self._build_event_data(session, event))

    def drop_connections(self) -> None:
        """Cut every connection; the sessions can be resumed."""
        for connection in tuple(self._connections):
            self._detach(connection)
            connection.abort()

    def go_down(self) -> None:
        """Cut every connection, and refuse new ones from now on."""
        self._is_down = True
        self.drop_connections()

    def ask_to_reconnect(self) -> None:
        """Ask every bot to reconnect and resume."""
        for connection in tuple(self._connections):
            connection.send(Opcode.RECONNECT)

    def invalidate_sessions(self) -> None:
        """Make every session invalid, so that the bots identify again."""
        for connection in tuple(self._connections):
            self._forget_session(connection)
            connection.send(Opcode.INVALID_SESSION, data=False)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve a connection from HELLO to its end."""
        if self._is_down:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = GatewayConnection(socket, request)
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write_frames())
        connection.send(Opcode.HELLO, {"heartbeat_interval": HEARTBEAT_MS})
        try:
            await self._listen(connection, socket)
        except GatewayClosed as error:
            await socket.close(code=error.code, message=error.code.name.encode())
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            self._handle_disconnect(connection, socket.close_code)
        return socket

    async def _listen(self, connection: GatewayConnection, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                raise GatewayClosed(CloseCode.DECODE_ERROR)
            self._check_send_rate(connection)
            try:
                frame = json.loads(message.data)
                op, data = frame["op"], frame.get("d")
            except (ValueError, KeyError, TypeError, AttributeError):
                raise GatewayClosed(CloseCode.DECODE_ERROR) from None
            self._handle_frame(connection, op, data)

    def _check_send_rate(self, connection: GatewayConnection) -> None:
        now = self._world.clock.now()
        connection.send_times.append(now)
        if (
            len(connection.send_times) > MAX_SENDS
            and now - connection.send_times[0] < SEND_WINDOW_SECONDS
        ):
            raise GatewayClosed(CloseCode.RATE_LIMITED)

    def _handle_frame(self, connection: GatewayConnection, op: int, data: Any) -> None:
        match op:
            case Opcode.HEARTBEAT:
                # discord.py overlooks one missing answer, and closes after 60 seconds of silence.
                loop = asyncio.get_running_loop()
                loop.call_later(ACK_DELAY_SECONDS, connection.send, Opcode.HEARTBEAT_ACK)
            case Opcode.IDENTIFY:
                self._identify(connection, data)
            case Opcode.RESUME:
                self._resume(connection, data)
            case (
                Opcode.PRESENCE_UPDATE | Opcode.VOICE_STATE_UPDATE | Opcode.REQUEST_GUILD_MEMBERS
            ) if connection.session is not None:
                pass  # bots may send these; nothing here depends on them
            case Opcode.PRESENCE_UPDATE | Opcode.VOICE_STATE_UPDATE | Opcode.REQUEST_GUILD_MEMBERS:
                raise GatewayClosed(CloseCode.NOT_AUTHENTICATED)
            case _:
                raise GatewayClosed(CloseCode.UNKNOWN_OPCODE)

    def _identify(self, connection: GatewayConnection, data: Json) -> None:
        self._require_token(data)
        if connection.session is not None:
            raise GatewayClosed(CloseCode.ALREADY_AUTHENTICATED)
        session = self._build_session(data)
        self._sessions[session.id] = session
        self._attach(connection, session)
        self.identify_count += 1
        self._send_ready(session)
        self._world.changes.notify()

    def _build_session(self, data: Json) -> GatewaySession:
        """Build the session that a bot asks for.

        Raises:
            GatewayClosed: There is no such shard, or an intent was not granted.
        """
        shard, shards = data.get("shard") or (0, 1)
        if not 0 <= shard < shards:
            raise GatewayClosed(CloseCode.INVALID_SHARD)
        intents = data["intents"]
        if intents & PRIVILEGED_INTENTS & ~self._world.privileged_intents:
            raise GatewayClosed(CloseCode.DISALLOWED_INTENTS)
        return GatewaySession(intents=intents, shard_number=shard, shard_count=shards)

    def _send_ready(self, session: GatewaySession) -> None:
        """Send READY, then each guild that is available.

        discord.py waits for 2 seconds after the last GUILD_CREATE before it calls `on_ready`.
        """
        guilds = [guild for guild in self._list_bot_guilds() if session.includes_guild(guild.id)]
        session.dispatch("READY", self._build_ready(session, guilds))
        if session.intents & Intent.GUILDS:
            for guild in guilds:
                if guild.id not in self._world.unavailable_guild_ids:
                    session.dispatch("GUILD_CREATE", guild_to_json(self._world, guild))

    def _resume(self, connection: GatewayConnection, data: Json) -> None:
        self._require_token(data)
        session = self._sessions.get(data.get("session_id", ""))
        missed = session.get_missed_frames(data["seq"]) if session is not None else None
        if session is None or missed is None:
            # False means that the session can't be resumed, so the bot identifies again.
            connection.send(Opcode.INVALID_SESSION, data=False)
            return
        self._attach(connection, session)
        for frame in missed:
            connection.send_raw(frame)
        session.dispatch("RESUMED", {})
        self.resume_count += 1
        self._world.changes.notify()

    def _require_token(self, data: Json) -> None:
        if data.get("token") != self._world.token:
            raise GatewayClosed(CloseCode.AUTHENTICATION_FAILED)

    def _attach(self, connection: GatewayConnection, session: GatewaySession) -> None:
        connection.session = session
        session.connection = connection

    def _detach(self, connection: GatewayConnection) -> None:
        """Let the session go on without the connection."""
        if connection.session is not None and connection.session.connection is connection:
            connection.session.connection = None

    def _forget_session(self, connection: GatewayConnection) -> None:
        if connection.session is not None:
            self._sessions.pop(connection.session.id, None)

    def _handle_disconnect(self, connection: GatewayConnection, code: int | None) -> None:
        """Forget the session if the bot closed the connection on purpose; else it can be resumed."""
        self._connections.discard(connection)
        self._detach(connection)
        if code in FINAL_CLOSE_CODES:
            self._forget_session(connection)
        self._world.changes.notify()

    def _list_bot_guilds(self) -> list[Guild]:
        bot_id = self._world.bot.id
        return [guild for guild in self._world.guilds.values() if bot_id in guild.members]

    def _build_ready(self, session: GatewaySession, guilds: list[Guild]) -> Json:
        return {
            "v": 10,
            "user": user_to_json(self._world.bot),
            "guilds": [unavailable_guild_to_json(guild) for guild in guilds],
            "private_channels": [],
            "session_id": session.id,
            "resume_gateway_url": self._world.gateway_url,
            # AutoShardedClient fails without it.
            "shard": [session.shard_number, session.shard_count],
            "application": {"id": str(self._world.application_id), "flags": 0},
        }

    def _is_subscribed(self, session: GatewaySession, event: Event) -> bool:
        if event.name == "INTERACTION_CREATE":  # it comes without any intent
            return True
        if event.message is None:
            return bool(session.intents & Intent.GUILDS)
        needed_intent = Intent.DIRECT_MESSAGES if event.guild_id is None else Intent.GUILD_MESSAGES
        channel = self._world.channels[event.message.channel_id]
        permissions = compute_permissions(self._world, self._world.bot.id, channel)
        return bool(session.intents & needed_intent) and Permission.VIEW_CHANNEL in permissions

    def _build_event_data(self, session: GatewaySession, event: Event) -> Json:
        if event.message is None:
            return event.data or {}
        content_intent = bool(session.intents & Intent.MESSAGE_CONTENT)
        payload = build_message_event(self._world, event.message, has_content_intent=content_intent)
        if event.name == "MESSAGE_DELETE":
            return {key: payload[key] for key in ("id", "channel_id", "guild_id") if key in payload}
        return payload
