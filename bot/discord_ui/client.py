"""The client: passes events to their handlers and runs the background loops."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket

from bot.delivery.deliveries import Deliveries
from bot.delivery.send_queue import SendQueue
from bot.discord_ui.commands.buttons import answer_button
from bot.discord_ui.commands.follow_up import answer_form
from bot.discord_ui.commands.registration import register_commands
from bot.discord_ui.commands.registry import COMMAND_BUILDERS
from bot.discord_ui.commands.tree import BotCommandTree
from bot.discord_ui.connecting import (
    MALFORMED_ERRORS,
    ConnectionAttempts,
    PersistentShard,
    describe_failure,
)
from bot.discord_ui.context import BotContext
from bot.discord_ui.deletions import delete_replies
from bot.discord_ui.guild_registry import GuildRegistry
from bot.discord_ui.incoming import answer_message
from bot.discord_ui.loops import Work, repeat
from bot.discord_ui.posting.alert_messenger import AlertMessenger
from bot.discord_ui.posting.channel_poster import ChannelPoster
from bot.discord_ui.posting.digest_poster import DigestPoster
from bot.lookups.catalogue import Catalogue
from bot.runtime import logs
from bot.runtime.clock import read_system_clock
from bot.runtime.heartbeats import GATEWAY_PART, Heartbeats
from bot.services.digest_composer import DECISION_RETENTION

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""No privileged intents: the bot receives only messages that are addressed to it."""

HEARTBEAT_PARTS = ("alerts", "corpus", "digests", GATEWAY_PART, "purge")
"""The background loops that write heartbeats for the health check."""

_PRESS_TYPES = {discord.InteractionType.component, discord.InteractionType.modal_submit}

_LOOP_SECONDS: Mapping[str, float] = {
    "alerts": 1.0,
    "corpus": 0.5,
    "digests": 0.5,
    GATEWAY_PART: 10.0,
    "purge": 30.0,
}

# The commands that were registered before work as long as a registration waits or fails.
_REGISTRATION_SECONDS = 5.0
_REGISTRATION_PAUSE_SECONDS = 3600.0

# Together 4 s, within the time that the runner waits for the client to stop.
_FINISH_SECONDS = 3.0
_CLOSE_SECONDS = 1.0


class Client(discord.AutoShardedClient):
    """The bot's connection to Discord."""

    def __init__(
        self,
        context: BotContext,
        heartbeats: Heartbeats,
        build_deliveries: Callable[[DigestPoster, AlertMessenger], Deliveries],
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = (
            False  # no voice, so no warnings about its libraries
        )
        super().__init__(
            intents=INTENTS,
            # Discord's default lets every mention in a message notify, @everyone included.
            allowed_mentions=discord.AllowedMentions.none(),
            # Nothing here looks up members or older messages, so nothing about people is cached.
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            enable_debug_events=True,  # for on_socket_raw_receive
        )
        self.context = context
        self._is_closing = False
        self._attempts = ConnectionAttempts(self._report_disconnected)
        self._skip_malformed_events()
        self.tree = BotCommandTree(self)
        for build_command in COMMAND_BUILDERS:
            self.tree.add_command(build_command(context))
        self._heartbeats = heartbeats
        self._guild_registry = GuildRegistry()
        self._loops: list[asyncio.Task[Any]] = []
        self.queue = SendQueue()
        self._digest_poster, alert_messenger = self._build_posters()
        deliveries = build_deliveries(self._digest_poster, alert_messenger)
        self.digest_delivery, self.alert_delivery = deliveries

    def _build_posters(self) -> tuple[DigestPoster, AlertMessenger]:
        """Return the posters of digests and of alerts, which share one send queue."""
        services, channel_poster = self.context.services, ChannelPoster(self, self.queue)
        digest_poster = DigestPoster(
            self,
            channel_poster,
            digests=services.digests,
            listings=services.listings,
            shown_answers=services.shown_answers,
        )
        max_excerpt_chars = services.settings.answers.max_excerpt_chars
        return digest_poster, AlertMessenger(channel_poster, max_excerpt_chars=max_excerpt_chars)

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Connect, trying until it works, and run until the bot is closed.

        Raises:
            discord.LoginFailure: Discord rejects the token.
            discord.PrivilegedIntentsRequired: Discord rejects the intents.
            discord.ConnectionClosed: Discord has closed the connection for good.
        """
        self._loops = self._start_loops()
        connection = asyncio.create_task(super().start(token, reconnect=reconnect))
        try:
            await asyncio.wait([connection])
        finally:
            # Closed first: discord.py swallows a cancellation while it reconnects.
            await self.close()
            connection.cancel()
            await asyncio.wait([connection])
        connection.result()

    async def login(self, token: str) -> None:
        """Log in, trying until it works."""
        await self._attempts.repeat(partial(self._try_to_log_in, token))

    async def _try_to_log_in(self, token: str) -> None:
        try:
            await super().login(token)
        except Exception:
            # Each attempt of discord.py opens a session, and would leave the last one open.
            await self.http.close()
            self.http.connector = discord.utils.MISSING
            raise

    async def setup_hook(self) -> None:
        """Register the commands if they have changed; start without them if that takes long."""
        # Not in on_ready, which runs again after every reconnect.
        registration = asyncio.create_task(self._register_commands())
        self._loops.append(asyncio.create_task(self._keep_commands_registered(registration)))
        await asyncio.wait([registration], timeout=_REGISTRATION_SECONDS)
        if not registration.done():
            logs.warning("Commands not registered yet, those registered before still work")

    def _start_loops(self) -> list[asyncio.Task[Any]]:
        work_by_part: Mapping[str, Work] = {
            "alerts": self._deliver_alerts,
            "corpus": self._refresh_library,
            "digests": self._deliver_digests,
            GATEWAY_PART: self._is_connected,
            "purge": self._purge,
        }
        rounds = (
            repeat(
                part,
                work,
                pause_seconds=_LOOP_SECONDS[part],
                heartbeats=self._heartbeats,
                clock=read_system_clock,
            )
            for part, work in work_by_part.items()
        )
        return [asyncio.create_task(loop) for loop in rounds]

    async def close(self) -> None:
        """Let running requests and deliveries finish, then disconnect; takes at most 4 s."""
        if self.is_closed():
            return
        self._is_closing = True
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await asyncio.gather(
            self.context.wait_until_idle(_FINISH_SECONDS),
            self.digest_delivery.finish(_FINISH_SECONDS),
            self.alert_delivery.finish(_FINISH_SECONDS),
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await super().close()

    async def launch_shards(self) -> None:
        """Ask Discord for the address of its gateway, and connect all shards to it."""
        self.shard_count, gateway = await self._attempts.repeat(self._load_gateway)
        # discord.py reconnects a lost session to the default, not to the address that it was given.
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await super().launch_shards()

    async def _load_gateway(self) -> tuple[int, yarl.URL]:
        shard_count, url, _limits = await self.http.get_bot_gateway()
        return int(shard_count), yarl.URL(url)

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect a shard, trying until it works."""
        # discord.py's own method logs a traceback for each attempt, and calls itself for the next
        # one until the stack is full.
        client: Any = self
        socket = await self._attempts.repeat(
            lambda: asyncio.wait_for(
                DiscordWebSocket.from_client(
                    self, initial=initial, gateway=gateway, shard_id=shard_id
                ),
                self.shard_connect_timeout,
            )
        )
        shard = PersistentShard(
            socket,
            self,
            client._AutoShardedClient__queue.put_nowait,  # noqa: SLF001 - as discord.py makes them
            report_failure=self._report_disconnected,
        )
        client._AutoShardedClient__shards[shard_id] = shard  # noqa: SLF001
        shard.launch()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Pass an event to its handler, unless the bot is closing and could not finish it."""
        if not self._is_closing:
            super().dispatch(event, *args, **kwargs)

    def _skip_malformed_events(self) -> None:
        """Skip events that discord.py can't read; it would end the client after one."""
        parsers = self._connection.parsers
        for name in parsers.keys() - {"READY"}:  # without this one, the shard has to connect again
            parsers[name] = partial(self._parse_event, name, parsers[name])

    def _parse_event(self, name: str, parse: Callable[[Any], None], data: Any) -> None:
        try:
            parse(data)
        except MALFORMED_ERRORS as error:
            if self.context.is_new((name, type(error))):
                facts: logs.LogFields = {"part": name, **describe_failure(error)}
                logs.warning("Event skipped: Discord sent it in an unknown form", **facts)

    async def _report_connected(self) -> None:
        """Tell the health check that the bot is connected, without waiting for the loop."""
        with suppress(OSError):
            if await self._is_connected():
                await self._heartbeats.beat(GATEWAY_PART, read_system_clock())

    async def _report_disconnected(self) -> None:
        """Tell the health check that there is no connection to Discord."""
        with suppress(OSError):  # the file is less important than the connection
            await self._heartbeats.miss(GATEWAY_PART)

    async def on_ready(self) -> None:
        """Log that the bot is ready, and forget the servers that it has left."""
        logs.info("Ready", count=len(self.guilds))
        with self.context.track_request():
            await self._report_connected()
            await self._forget_left_guilds()

    async def on_resumed(self) -> None:
        """Tell the health check that the connection is back."""
        await self._report_connected()

    async def on_socket_raw_receive(self, frame: str) -> None:
        """Update the registry of servers from a frame of the gateway."""
        self._guild_registry.handle_frame(frame)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep the data of a server that the bot has joined again; report its paused digests."""
        self._guild_registry.add(guild.id)
        with self.context.track_request():
            await self._forget_left_guilds()
            await self._digest_poster.notify_all_paused(str(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Schedule the deletion of the data of a server that the bot has left."""
        # An outage is no departure: discord.py reports it as on_guild_unavailable instead.
        self._guild_registry.remove(guild.id)
        with self.context.track_request():
            await self._forget_left_guilds()

    async def on_message(self, message: discord.Message) -> None:
        """Answer the message if it is addressed to the bot."""
        await answer_message(self.context, message, self._get_user_id())

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Delete the reply to a message that was deleted."""
        channel = self.get_partial_messageable(event.channel_id, guild_id=event.guild_id)
        await delete_replies(self.context, channel, {event.message_id})

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the replies to messages that were deleted together."""
        channel = self.get_partial_messageable(event.channel_id, guild_id=event.guild_id)
        await delete_replies(self.context, channel, event.message_ids)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer buttons and forms; the command tree answers commands."""
        # discord.py drops presses and submissions that it does not know, so none is left to it.
        is_press = interaction.type in _PRESS_TYPES
        if not (is_press and self.context.is_first_delivery(interaction.id)):
            return
        data: Any = interaction.data
        if interaction.type is discord.InteractionType.component:
            await answer_button(self.context, interaction, data["custom_id"])
        else:
            await answer_form(self.context, interaction, data)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log an error of an event handler: nobody waits for a reply."""
        if error := sys.exc_info()[1]:
            logs.exception("Discord event handler failed", error, part=event_method)

    def _get_user_id(self) -> int:
        return self.user.id if self.user else 0

    async def _keep_commands_registered(self, registration: Awaitable[bool]) -> None:
        """Register the commands again and again until it succeeds, if it fails at first."""
        while not await registration:
            await asyncio.sleep(_REGISTRATION_PAUSE_SECONDS)
            registration = self._register_commands()

    async def _register_commands(self) -> bool:
        folder = self.context.services.settings.data_dir
        return await register_commands(self.tree, self.application_id, folder)

    async def _refresh_library(self) -> bool:
        """Load the articles that other processes have added or removed."""
        articles = await self.context.services.library.refresh()
        if articles is not self.context.catalogue.articles:
            # In a thread: autocompletes must be answered within 3 s, also while this runs.
            self.context.catalogue = await asyncio.to_thread(Catalogue.from_articles, articles)
        return True

    async def _deliver_alerts(self) -> bool:
        """Send the alerts that new articles have triggered, once the bot is connected."""
        if self.is_ready():
            await self.alert_delivery.run_round()
        return True

    async def _deliver_digests(self) -> bool:
        """Post the digests that are due, once the servers and their permissions are known."""
        # Before that, the servers with their channels and roles are not known.
        if self.is_ready():
            await self.digest_delivery.run_round()
        return True

    async def _is_connected(self) -> bool:
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    async def _purge(self) -> bool:
        services = self.context.services
        await services.privacy.purge_expired()
        self.context.drafts.drop_expired(services.clock.now())
        await services.digest_history.purge(services.clock.now() - DECISION_RETENTION)
        await self._forget_left_guilds()
        return True

    async def _forget_left_guilds(self) -> None:
        # Until all shards are ready, the registry takes every server of the others as present.
        if self.is_ready():
            await self.context.services.privacy.purge_left_guilds(self._guild_registry.contains)
