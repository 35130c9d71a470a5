"""The connection to Discord: what arrives goes to those who answer it, and loops run beside it."""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from bot.delivery.send_queue import SendQueue
from bot.discord_ui.channels import barred
from bot.discord_ui.commands.buttons import answer_button
from bot.discord_ui.commands.follow_up import answer_form
from bot.discord_ui.commands.registration import COMMANDS_FILE, digest_given, digest_of, payloads_of
from bot.discord_ui.commands.registry import COMMANDS
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.guild_registry import Homes
from bot.discord_ui.incoming import answer_message
from bot.discord_ui.loops import Work, repeat
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.posting.alert_messenger import alert_delivery_of
from bot.discord_ui.posting.digest_poster import DigestPoster, deliverer_of
from bot.lookups.catalogue import Catalogue
from bot.presentation.blocks import Line
from bot.runtime import logs
from bot.runtime.clock import system_clock
from bot.runtime.heartbeats import Heartbeats
from bot.services import conversation
from bot.services.digest_composer import KEPT

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""None of them privileged: what is not said to the bot does not reach it."""

PARTS = ("alerts", "corpus", "digests", "gateway", "purge")
"""The parts that show that they are alive."""

OUTDATED = (Line(text="This command has changed: restart your Discord, and use it as it is then."),)

ANSWERED_EVERYWHERE = frozenset({"alerts", "digest", "help", "privacy", "settings"})
"""The commands that are answered also in channels in which the bot does not answer."""

_OUTDATED = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)

_SECONDS: Mapping[str, float] = {
    "alerts": 1.0,
    "corpus": 0.5,
    "digests": 0.5,
    "gateway": 10.0,
    "purge": 30.0,
}

_FINISHING_SECONDS = 3.0
_CLOSING_SECONDS = 1.0


class Tree(app_commands.CommandTree["Client"]):
    """The commands; what goes wrong around them is told like all else."""

    async def interaction_check(self, interaction: discord.Interaction["Client"], /) -> bool:
        """Whether a command is answered in that channel; else it is said where it is."""
        if interaction.type is discord.InteractionType.autocomplete or _is_for_all(interaction):
            return True
        guild = interaction.guild if interaction.is_guild_integration() else None
        reply = InteractionReply(interaction, way="command", private=True)
        async with guarded(self.client.desk, reply):
            elsewhere = await barred(self.client.desk, guild, interaction.channel, interaction.user)
            if not elsewhere:
                return True
            await reply.refuse(elsewhere)
        return False

    async def on_error(
        self, interaction: discord.Interaction["Client"], error: app_commands.AppCommandError, /
    ) -> None:
        """Tells of an error that no command told of: one that Discord knows and we do not."""
        if interaction.type is discord.InteractionType.autocomplete:
            return  # nothing can be said to who is still typing
        reply = InteractionReply(interaction, way="command", private=True)
        async with guarded(interaction.client.desk, reply):
            if not isinstance(error, _OUTDATED):
                raise error
            await reply.refuse(OUTDATED)


class Client(discord.AutoShardedClient):
    """Dateline as Discord knows it."""

    def __init__(self, desk: Desk, heartbeats: Heartbeats) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it never speaks
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            enable_debug_events=True,  # for on_socket_raw_receive
        )
        self.desk = desk
        self.tree = Tree(self)
        for made in COMMANDS:
            self.tree.add_command(made(desk))
        self._heartbeats = heartbeats
        self._homes = Homes()
        self._loops: list[asyncio.Task[Any]] = []
        self.queue = SendQueue()
        self._digests = DigestPoster(desk.app, self, self.queue)
        self.deliverer = deliverer_of(desk.app, self._digests)
        self.alerts = alert_delivery_of(desk.app, self, self.queue)

    async def setup_hook(self) -> None:
        """Registers the commands where they have changed, and starts the loops."""
        await self._sync()
        works: Mapping[str, Work] = {
            "alerts": self._tell_alerts,
            "corpus": self._follow_library,
            "digests": self._deliver,
            "gateway": self._is_connected,
            "purge": self._purge,
        }
        self._loops = [
            asyncio.create_task(
                repeat(
                    part,
                    work,
                    seconds=_SECONDS[part],
                    heartbeats=self._heartbeats,
                    clock=system_clock,
                )
            )
            for part, work in works.items()
        ]

    async def close(self) -> None:
        """Lets what is being answered finish, then closes everything, within 4 s."""
        if self.is_closed():
            return
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await asyncio.gather(
            self.desk.finish(_FINISHING_SECONDS),
            self.deliverer.finish(_FINISHING_SECONDS),
            self.alerts.finish(_FINISHING_SECONDS),
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_SECONDS):
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
        await self._let_servers_go()

    async def on_socket_raw_receive(self, frame: str) -> None:
        """Takes note of the servers that the bot is in."""
        self._homes.hear(frame)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keeps what there is of a server that the bot came back to, and tells what is paused there."""
        self._homes.enter(guild.id)
        await self._let_servers_go()
        await self._digests.tell_of_paused(str(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Begins to forget a server that the bot left; one that can't be reached is none."""
        self._homes.leave(guild.id)
        await self._let_servers_go()

    async def on_message(self, message: discord.Message) -> None:
        """Answers what is asked in messages."""
        await answer_message(self.desk, message, self._own_id())

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answers buttons and forms; the tree answers commands."""
        data: Any = interaction.data
        if interaction.type is discord.InteractionType.component:
            await answer_button(self.desk, interaction, data["custom_id"])
        elif interaction.type is discord.InteractionType.modal_submit:
            await answer_form(self.desk, interaction, data)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Logs what went wrong where nobody waits for an answer."""
        if error := sys.exc_info()[1]:
            logs.failure("An event of Discord could not be handled", error, part=event_method)

    def _own_id(self) -> int:
        return self.user.id if self.user else 0

    async def _sync(self) -> None:
        """Registers the commands, unless Discord has them as they are: it counts how often."""
        folder, payloads = self.desk.app.settings.data_dir, payloads_of(self.tree)
        digest = digest_of(self.application_id, payloads)
        if digest_given(folder) != digest:
            await self.tree.sync()
            (folder / COMMANDS_FILE).write_text(digest, encoding="utf-8")
            logs.info("The commands were registered")

    async def _follow_library(self) -> bool:
        """Takes in what other processes added and removed."""
        articles = (await self.desk.app.corpus.refresh()).articles
        if articles is not self.desk.catalogue.articles:
            self.desk.catalogue = await asyncio.to_thread(Catalogue.of, articles)
        return True

    async def _tell_alerts(self) -> bool:
        """Tells of new articles for which there is an alert, as `_deliver` delivers digests."""
        if self.is_ready():
            await self.alerts.round()
        return True

    async def _deliver(self) -> bool:
        """Delivers the digests that are due, once it is known where the bot may speak."""
        if self.is_ready():
            await self.deliverer.round()
        return True

    async def _is_connected(self) -> bool:
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    async def _purge(self) -> bool:
        app = self.desk.app
        await conversation.purge(app)
        self.desk.drafts.drop_expired(app.clock())
        await app.deliveries.purge(app.clock() - KEPT)
        await self._let_servers_go()
        return True

    async def _let_servers_go(self) -> None:
        if self.is_ready():
            await conversation.let_servers_go(self.desk.app, self._homes.holds)


def _is_for_all(interaction: discord.Interaction[Any]) -> bool:
    """Whether the command is answered in all channels: those about the bot itself are."""
    data: Any = interaction.data
    return data["name"] in ANSWERED_EVERYWHERE
