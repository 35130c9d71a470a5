"""The connection to Discord: what arrives goes to those who answer it, and loops run beside it."""

import asyncio
import hashlib
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from bot import app as running
from bot import conversation, logs
from bot.discord_ui.ask_command import ask_command
from bot.discord_ui.buttons import answer_button
from bot.discord_ui.desk import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.follow_up import answer_form
from bot.discord_ui.loops import Work, repeat
from bot.discord_ui.messages import answer_message
from bot.discord_ui.replies import InteractionReply
from bot.life.heartbeats import Heartbeats
from bot.presentation.blocks import Line

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""None of them privileged: what is not said to the bot does not reach it."""

COMMANDS_FILE = "commands.sha256"

PARTS = ("corpus", "gateway", "purge")
"""The parts that show that they are alive."""

OUTDATED = (Line(text="This command has changed: restart your Discord, and use it as it is then."),)

_OUTDATED = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)

_SECONDS: Mapping[str, float] = {"corpus": 0.5, "gateway": 10.0, "purge": 30.0}

_FINISHING_SECONDS = 3.0
_CLOSING_SECONDS = 1.0


class Tree(app_commands.CommandTree["Client"]):
    """The commands; what goes wrong around them is told like all else."""

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
        )
        self.desk = desk
        self.tree = Tree(self)
        self.tree.add_command(ask_command(desk))
        self._heartbeats = heartbeats
        self._loops: list[asyncio.Task[Any]] = []

    async def setup_hook(self) -> None:
        """Registers the commands where they have changed, and starts the loops."""
        await self._sync()
        works: Mapping[str, Work] = {
            "corpus": self._follow_library,
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
                    clock=running.system_clock,
                )
            )
            for part, work in works.items()
        ]

    async def close(self) -> None:
        """Lets what is being answered finish, then closes everything, within 4 s."""
        if self.is_closed():
            return
        await self.desk.finish(_FINISHING_SECONDS)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
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
        """Logs that questions are answered from now on."""
        logs.info("Ready", count=len(self.guilds))

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
        path = self.desk.app.settings.data_dir / COMMANDS_FILE
        digest = self._digest()
        if _content(path) != digest:
            await self.tree.sync()
            path.write_text(digest, encoding="utf-8")
            logs.info("The commands were registered")

    def _digest(self) -> str:
        commands = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        known = json.dumps([self.application_id, commands], sort_keys=True)
        return hashlib.sha256(known.encode()).hexdigest()

    async def _follow_library(self) -> bool:
        """Takes in what other processes added and removed."""
        corpus = await self.desk.app.corpus.refresh()
        self.desk.sources = tuple(corpus.articles.sources)
        return True

    async def _is_connected(self) -> bool:
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    async def _purge(self) -> bool:
        await conversation.purge(self.desk.app)
        return True


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
