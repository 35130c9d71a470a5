"""This Discord in a terminal: one types as a member and sees the channel."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from itertools import chain
from threading import Thread

from bot.local_discord.server import TOKEN, LocalDiscord
from bot.local_discord.terminal.command_line import NameResolvers, parse_command_line
from bot.local_discord.terminal.rendering import render_message
from bot.local_discord.world.client_payloads import (
    ImpossibleAction,
    OptionType,
    find_text_inputs,
    reject,
)
from bot.local_discord.world.interaction import Interaction
from bot.local_discord.world.person import NoResponse
from bot.local_discord.world.records import Channel, Message, Role

HELP = """\
text              post it in the channel; @dateline mentions the bot
> text            reply to the bot's last message
/ask name:value   a slash command with its options
! Verify quotes   choose this in the menu of the last message of a person
3                 press the button of this number
@bo               go on as bo; people: {people}
#books            go to a channel: {channels}, dm
#Lighthouse/general  a channel of another guild: {guilds}
help, quit"""

DIRECT_CHANNEL_NAME = "dm"


class Terminal:
    """What one person types and sees, as one member at a time in one channel at a time."""

    def __init__(self, discord: LocalDiscord, write: Callable[[str], None]) -> None:
        self._discord = discord
        self._world = discord.world
        self._write = write
        self._person = discord.find_person("anna")
        self._channel = discord.find_channel("general")
        self._shown_messages: dict[int, Message] = {}
        self._buttons: list[tuple[int, str]] = []
        self._form: tuple[Interaction, list[tuple[str, str]], dict[str, str]] | None = None

    @property
    def prompt(self) -> str:
        """Who types what, and where."""
        if self._form is not None:
            return f"{self._form[1][0][0]}?"
        return f"-- {self._person.user.name} in #{self._channel.name or DIRECT_CHANNEL_NAME}"

    async def handle_line(self, line: str) -> bool:
        """Do what a line says; whether to go on."""
        if line.strip() == "quit":
            return False
        previous_prompt = self.prompt
        try:
            await self._execute(line.strip())
        except (ImpossibleAction, NoResponse) as error:
            self._write(f"! {error}")
        if self.prompt != previous_prompt:
            self._write(self.prompt)
        self.show_changes()
        return True

    async def watch(self) -> None:
        """Show what changes in the channel, for ever."""
        while True:
            self.show_changes()
            await self._world.wait_for_change()

    def show_changes(self) -> None:
        """Write the messages that are new or have changed since they were last shown."""
        for message in self._person.get_visible_messages(self._channel):
            if self._shown_messages.get(message.id) != message:
                self._shown_messages[message.id] = message
                for line in render_message(
                    message, self._get_names(), self._number_buttons(message)
                ):
                    self._write(line)

    async def _execute(self, line: str) -> None:
        if self._form is not None:
            await self._fill_field(line, *self._form)
        elif line == "help":
            self._write(self._format_help())
        elif line.startswith("/"):
            await self._run_command(line)
        elif line.startswith("! "):
            await self._run_context_menu(line.removeprefix("! "))
        elif line.isdecimal():
            await self._press(int(line))
        elif line.startswith("#"):
            self._channel = self._find_channel(line.removeprefix("#"))
        elif line.startswith("@") and line[1:] in self._get_names().values():
            self._switch_person(line[1:])
        elif line.startswith("> "):
            self._reply(line.removeprefix("> "))
        elif line:
            self._person.post(self._channel, self._expand_mentions(line))

    def _switch_person(self, name: str) -> None:
        self._person = self._discord.find_person(name)
        if self._channel.guild_id is None:
            self._channel = self._person.direct_channel

    def _find_channel(self, name: str) -> Channel:
        """The channel of this name, of the form `name` or `guild/name`.

        Raises:
            Impossible: There is none.
        """
        if name == DIRECT_CHANNEL_NAME:
            return self._person.direct_channel
        guild, _, channel = name.rpartition("/")
        with suppress(StopIteration):
            return self._discord.find_channel(channel, guild or self._get_guild_name())
        return reject(f"there is no #{name}")

    def _find_role(self, name: str) -> Role:
        """The role of this name in the guild one is in.

        Raises:
            Impossible: There is none.
        """
        roles = self._discord.find_guild(self._get_guild_name()).roles
        return next((role for role in roles if role.name == name), None) or reject(
            f"there is no role {name!r}"
        )

    def _get_guild_name(self) -> str:
        guild = self._world.guilds.get(self._channel.guild_id or 0)
        return guild.name if guild else "Harbour"

    def _reply(self, text: str) -> None:
        bot_id = self._world.bot.id
        bot_messages = [
            message
            for message in self._person.get_visible_messages(self._channel)
            if message.author_id == bot_id
        ]
        if not bot_messages:
            reject("there is nothing of the bot's to reply to")
        self._person.post(self._channel, self._expand_mentions(text), reply_to=bot_messages[-1])

    def _expand_mentions(self, text: str) -> str:
        name = self._world.bot.name
        mention = f"<@{self._world.bot.id}>"
        return text.replace(f"@{name}", mention).replace(f"@{name.lower()}", mention)

    async def _run_command(self, line: str) -> None:
        scopes = (self._channel.guild_id, None) if self._channel.guild_id else (None,)
        commands = [command for scope in scopes for command in self._world.commands.get(scope, ())]
        resolvers: NameResolvers = {
            OptionType.CHANNEL: self._find_channel,
            OptionType.ROLE: self._find_role,
        }
        name, values = parse_command_line(line, commands, resolvers)
        options = {f"{option}_": value for option, value in values.items()}
        self._open_form(await self._person.run_command(name, channel=self._channel, **options))

    async def _run_context_menu(self, name: str) -> None:
        person_messages = [
            message
            for message in self._person.get_visible_messages(self._channel)
            if self._is_by_person(message)
        ]
        if not person_messages:
            reject("there is no message of a person whose menu could be opened")
        self._open_form(await self._person.run_context_menu(name, person_messages[-1]))

    def _is_by_person(self, message: Message) -> bool:
        return not self._world.users[message.author_id].is_bot

    async def _press(self, number: int) -> None:
        if not 1 <= number <= len(self._buttons):
            reject(f"there is no button {number}")
        message_id, custom_id = self._buttons[number - 1]
        message = self._world.messages.get(message_id, self._shown_messages[message_id])
        self._open_form(await self._person.press(message, custom_id))

    def _open_form(self, interaction: Interaction) -> None:
        """Begin to fill in the form, if one was opened."""
        if interaction.modal is not None:
            self._write(f"A form opens: {interaction.modal['title']}")
            fields = [
                (label, field["custom_id"]) for label, field in find_text_inputs(interaction.modal)
            ]
            self._form = (interaction, fields, {})

    async def _fill_field(
        self,
        line: str,
        interaction: Interaction,
        fields: list[tuple[str, str]],
        values: dict[str, str],
    ) -> None:
        """Take one field; after the last, send the form. Nothing typed leaves what stood there."""
        _, custom_id = fields.pop(0)
        if line:
            values[custom_id] = line
        if not fields:
            self._form = None
            self._open_form(await self._person.submit_modal(interaction, values))

    def _number_buttons(self, message: Message) -> dict[str, int]:
        """The number of each of a message's buttons, which stays theirs; new ones count on."""
        for button in message.buttons:
            if button.custom_id and (message.id, button.custom_id) not in self._buttons:
                self._buttons.append((message.id, button.custom_id))
        return {
            custom_id: index + 1
            for index, (message_id, custom_id) in enumerate(self._buttons)
            if message_id == message.id
        }

    def _get_names(self) -> dict[int, str]:
        return {user.id: user.name for user in self._world.users.values()}

    def _format_help(self) -> str:
        people = [user.name for user in self._world.users.values() if not user.is_bot]
        guild = self._discord.find_guild(self._get_guild_name())
        channels = [
            channel.name
            for channel in self._world.channels.values()
            if channel.guild_id == guild.id
        ]
        guilds = [guild.name for guild in self._world.guilds.values()]
        return HELP.format(
            people=", ".join(people), channels=", ".join(channels), guilds=", ".join(guilds)
        )


def format_greeting(discord: LocalDiscord) -> str:
    """What to set so that a bot comes here."""
    return (
        "A Discord on this machine. In another terminal, start the bot with\n\n"
        f"  DATELINE_DISCORD__API_URL={discord.api_url} DISCORD_TOKEN={TOKEN} dateline run\n\n"
        "Then type here; help says what can be typed.\n"
    )


async def converse(
    lines: AsyncIterator[str], write: Callable[[str], None], *, port: int = 0
) -> None:
    """A Discord that serves while lines come, and takes each as typed by a member."""
    async with LocalDiscord.start(port=port) as discord:
        terminal = Terminal(discord, write)
        write(format_greeting(discord))
        write(terminal.prompt)
        watcher = asyncio.create_task(terminal.watch())
        async for line in lines:
            if not await terminal.handle_line(line):
                break
        watcher.cancel()
        await asyncio.wait([watcher])


def run(port: int) -> None:
    """The command `dateline local-discord`: until `quit`, the end of input or Ctrl-C."""
    with suppress(KeyboardInterrupt):
        asyncio.run(converse(_read_lines(), partial(print, flush=True), port=port))


async def _read_lines() -> AsyncIterator[str]:
    """The lines of standard input, which a thread reads so that the server goes on meanwhile."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError):  # the loop has ended before the input
            for line in chain(sys.stdin, [""]):
                loop.call_soon_threadsafe(queue.put_nowait, line)

    Thread(target=read, daemon=True).start()
    while line := await queue.get():
        yield line.rstrip("\n")
