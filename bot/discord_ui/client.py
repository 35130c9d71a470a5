"""The connection to Discord: what arrives goes to those who answer it, and loops run beside it."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from bot.delivery.deliveries import Deliveries
from bot.delivery.send_queue import SendQueue
from bot.discord_ui.channels import build_channel_refusal
from bot.discord_ui.commands.buttons import answer_button
from bot.discord_ui.commands.follow_up import answer_form
from bot.discord_ui.commands.registration import (
    FINGERPRINT_FILE,
    compute_fingerprint,
    load_fingerprint,
    tree_to_payloads,
)
from bot.discord_ui.commands.registry import COMMAND_BUILDERS
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.guild_registry import GuildRegistry
from bot.discord_ui.incoming import answer_message
from bot.discord_ui.loops import Work, repeat
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.posting.alert_messenger import AlertMessenger
from bot.discord_ui.posting.channel_poster import ChannelPoster
from bot.discord_ui.posting.digest_poster import DigestPoster
from bot.lookups.catalogue import Catalogue
from bot.presentation.blocks import Line
from bot.runtime import logs
from bot.runtime.clock import read_system_clock
from bot.runtime.heartbeats import Heartbeats
from bot.services.digest_composer import DECISION_RETENTION

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""None of them privileged: what is not said to the bot does not reach it."""

HEARTBEAT_PARTS = ("alerts", "corpus", "digests", "gateway", "purge")
"""The parts that show that they are alive."""

COMMAND_OUTDATED = (Line(text="This command has changed. Restart Discord, then use it again."),)

UNRESTRICTED_COMMANDS = frozenset({"alerts", "digest", "help", "privacy", "settings"})
"""The commands that are answered also in channels in which the bot does not answer."""

_OUTDATED_COMMAND_ERRORS = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)

_LOOP_SECONDS: Mapping[str, float] = {
    "alerts": 1.0,
    "corpus": 0.5,
    "digests": 0.5,
    "gateway": 10.0,
    "purge": 30.0,
}

_FINISH_SECONDS = 3.0
_CLOSE_SECONDS = 1.0


class BotCommandTree(app_commands.CommandTree["Client"]):
    """The commands; what goes wrong around them is told like all else."""

    async def interaction_check(self, interaction: discord.Interaction["Client"], /) -> bool:
        """Whether a command is answered in that channel; else it is said where it is."""
        if interaction.type is discord.InteractionType.autocomplete or _is_unrestricted(
            interaction
        ):
            return True
        guild = interaction.guild if interaction.is_guild_integration() else None
        reply = InteractionReply(interaction, entry_point="command", private=True)
        async with report_errors(self.client.context, reply):
            refusal = await build_channel_refusal(
                self.client.context, guild, interaction.channel, interaction.user
            )
            if not refusal:
                return True
            await reply.refuse(refusal)
        return False

    async def on_error(
        self, interaction: discord.Interaction["Client"], error: app_commands.AppCommandError, /
    ) -> None:
        """Tells of an error that no command told of: one that Discord knows and we do not."""
        if interaction.type is discord.InteractionType.autocomplete:
            return  # nothing can be said to who is still typing
        reply = InteractionReply(interaction, entry_point="command", private=True)
        async with report_errors(interaction.client.context, reply):
            if not isinstance(error, _OUTDATED_COMMAND_ERRORS):
                raise error
            await reply.refuse(COMMAND_OUTDATED)


class Client(discord.AutoShardedClient):
    """Dateline as Discord knows it."""

    def __init__(
        self,
        context: BotContext,
        heartbeats: Heartbeats,
        build_deliveries: Callable[[DigestPoster, AlertMessenger], Deliveries],
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it never speaks
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            enable_debug_events=True,  # for on_socket_raw_receive
        )
        self.context = context
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
        """Return what posts digests and what posts alerts, through one queue."""
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

    async def setup_hook(self) -> None:
        """Register the commands if they have changed, and start the loops."""
        await self._sync_commands()
        self._loops = self._start_loops()

    def _start_loops(self) -> list[asyncio.Task[Any]]:
        work_by_part: Mapping[str, Work] = {
            "alerts": self._deliver_alerts,
            "corpus": self._refresh_library,
            "digests": self._deliver_digests,
            "gateway": self._is_connected,
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
        """Lets what is being answered finish, then closes everything, within 4 s."""
        if self.is_closed():
            return
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

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connects a shard to the gateway that Discord named, and again if the session is lost."""
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def on_ready(self) -> None:
        """Logs that questions are answered from now on; the servers that were left are known."""
        logs.info("Ready", count=len(self.guilds))
        await self._forget_left_guilds()

    async def on_socket_raw_receive(self, frame: str) -> None:
        """Takes note of the servers that the bot is in."""
        self._guild_registry.handle_frame(frame)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keeps what there is of a server that the bot came back to, and tells what is paused there."""
        self._guild_registry.add(guild.id)
        await self._forget_left_guilds()
        await self._digest_poster.notify_all_paused(str(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Begins to forget a server that the bot left; one that can't be reached is none."""
        self._guild_registry.remove(guild.id)
        await self._forget_left_guilds()

    async def on_message(self, message: discord.Message) -> None:
        """Answers what is asked in messages."""
        await answer_message(self.context, message, self._get_user_id())

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answers buttons and forms; the tree answers commands."""
        data: Any = interaction.data
        if interaction.type is discord.InteractionType.component:
            await answer_button(self.context, interaction, data["custom_id"])
        elif interaction.type is discord.InteractionType.modal_submit:
            await answer_form(self.context, interaction, data)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Logs what went wrong where nobody waits for an answer."""
        if error := sys.exc_info()[1]:
            logs.exception("Discord event handler failed", error, part=event_method)

    def _get_user_id(self) -> int:
        return self.user.id if self.user else 0

    async def _sync_commands(self) -> None:
        """Registers the commands, unless Discord has them as they are: it counts how often."""
        folder, payloads = self.context.services.settings.data_dir, tree_to_payloads(self.tree)
        fingerprint = compute_fingerprint(self.application_id, payloads)
        if load_fingerprint(folder) != fingerprint:
            await self.tree.sync()
            (folder / FINGERPRINT_FILE).write_text(fingerprint, encoding="utf-8")
            logs.info("Commands registered")

    async def _refresh_library(self) -> bool:
        """Takes in what other processes added and removed."""
        articles = await self.context.services.library.refresh()
        if articles is not self.context.catalogue.articles:
            self.context.catalogue = await asyncio.to_thread(Catalogue.from_articles, articles)
        return True

    async def _deliver_alerts(self) -> bool:
        """Tells of new articles for which there is an alert, as `_deliver_digests` delivers digests."""
        if self.is_ready():
            await self.alert_delivery.run_round()
        return True

    async def _deliver_digests(self) -> bool:
        """Delivers the digests that are due, once it is known where the bot may speak."""
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
        if self.is_ready():
            await self.context.services.privacy.purge_left_guilds(self._guild_registry.contains)


def _is_unrestricted(interaction: discord.Interaction[Any]) -> bool:
    """Whether the command is answered in all channels: those about the bot itself are."""
    data: Any = interaction.data
    return data["name"] in UNRESTRICTED_COMMANDS
