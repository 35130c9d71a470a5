"""This Discord in a terminal: one types as a member and sees the channel."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from itertools import chain
from threading import Thread

from bot.local_discord.server import TOKEN, LocalDiscord
from bot.local_discord.terminal.command_line import Named, command_line
from bot.local_discord.terminal.rendering import message_lines
from bot.local_discord.world.client_payloads import Impossible, OptionKind, deny, text_fields
from bot.local_discord.world.interaction import Interaction
from bot.local_discord.world.person import NoAnswer
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

DIRECT = "dm"


class Terminal:
    """What one person types and sees, as one member at a time in one channel at a time."""

    def __init__(self, discord: LocalDiscord, write: Callable[[str], None]) -> None:
        self._discord = discord
        self._world = discord.world
        self._write = write
        self._person = discord.member("anna")
        self._channel = discord.channel("general")
        self._shown: dict[int, Message] = {}
        self._buttons: list[tuple[int, str]] = []
        self._form: tuple[Interaction, list[tuple[str, str]], dict[str, str]] | None = None

    @property
    def standing(self) -> str:
        """Who types what, and where."""
        if self._form is not None:
            return f"{self._form[1][0][0]}?"
        return f"-- {self._person.user.name} in #{self._channel.name or DIRECT}"

    async def take(self, line: str) -> bool:
        """Do what a line says; whether to go on."""
        if line.strip() == "quit":
            return False
        before = self.standing
        try:
            await self._do(line.strip())
        except (Impossible, NoAnswer) as refusal:
            self._write(f"! {refusal}")
        if self.standing != before:
            self._write(self.standing)
        self.show()
        return True

    async def watch(self) -> None:
        """Show what changes in the channel, for ever."""
        while True:
            self.show()
            await self._world.changed()

    def show(self) -> None:
        """Write the messages that are new or have changed since they were last shown."""
        for message in self._person.sees(self._channel):
            if self._shown.get(message.id) != message:
                self._shown[message.id] = message
                for line in message_lines(message, self._names(), self._numbered(message)):
                    self._write(line)

    async def _do(self, line: str) -> None:
        if self._form is not None:
            await self._fill_in(line, *self._form)
        elif line == "help":
            self._write(self._help())
        elif line.startswith("/"):
            await self._command(line)
        elif line.startswith("! "):
            await self._choose(line.removeprefix("! "))
        elif line.isdecimal():
            await self._press(int(line))
        elif line.startswith("#"):
            self._channel = self._place(line.removeprefix("#"))
        elif line.startswith("@") and line[1:] in self._names().values():
            self._become(line[1:])
        elif line.startswith("> "):
            self._reply(line.removeprefix("> "))
        elif line:
            self._person.post(self._channel, self._addressed(line))

    def _become(self, name: str) -> None:
        self._person = self._discord.member(name)
        if self._channel.guild_id is None:
            self._channel = self._person.direct_messages

    def _place(self, name: str) -> Channel:
        """The channel of this name, of the form `name` or `guild/name`.

        Raises:
            Impossible: There is none.
        """
        if name == DIRECT:
            return self._person.direct_messages
        guild, _, channel = name.rpartition("/")
        with suppress(StopIteration):
            return self._discord.channel(channel, guild or self._guild_name())
        return deny(f"there is no #{name}")

    def _role(self, name: str) -> Role:
        """The role of this name in the guild one is in.

        Raises:
            Impossible: There is none.
        """
        roles = self._discord.guild(self._guild_name()).roles
        return next((role for role in roles if role.name == name), None) or deny(
            f"there is no role {name!r}"
        )

    def _guild_name(self) -> str:
        guild = self._world.guilds.get(self._channel.guild_id or 0)
        return guild.name if guild else "Harbour"

    def _reply(self, text: str) -> None:
        bot_id = self._world.bot.id
        theirs = [m for m in self._person.sees(self._channel) if m.author_id == bot_id]
        if not theirs:
            deny("there is nothing of the bot's to reply to")
        self._person.post(self._channel, self._addressed(text), reply_to=theirs[-1])

    def _addressed(self, text: str) -> str:
        name = self._world.bot.name
        mention = f"<@{self._world.bot.id}>"
        return text.replace(f"@{name}", mention).replace(f"@{name.lower()}", mention)

    async def _command(self, line: str) -> None:
        scopes = (self._channel.guild_id, None) if self._channel.guild_id else (None,)
        commands = [c for scope in scopes for c in self._world.commands.get(scope, ())]
        named: Named = {OptionKind.CHANNEL: self._place, OptionKind.ROLE: self._role}
        name, values = command_line(line, commands, named)
        options = {f"{option}_": value for option, value in values.items()}
        self._open(await self._person.slash(name, channel=self._channel, **options))

    async def _choose(self, name: str) -> None:
        written = [m for m in self._person.sees(self._channel) if self._is_by_person(m)]
        if not written:
            deny("there is no message of a person whose menu could be opened")
        self._open(await self._person.choose(name, written[-1]))

    def _is_by_person(self, message: Message) -> bool:
        return not self._world.users[message.author_id].is_bot

    async def _press(self, number: int) -> None:
        if not 1 <= number <= len(self._buttons):
            deny(f"there is no button {number}")
        message_id, custom_id = self._buttons[number - 1]
        message = self._world.messages.get(message_id, self._shown[message_id])
        self._open(await self._person.press(message, custom_id))

    def _open(self, interaction: Interaction) -> None:
        """Begin to fill in the form, if one was opened."""
        if interaction.modal is not None:
            self._write(f"A form opens: {interaction.modal['title']}")
            fields = [(label, f["custom_id"]) for label, f in text_fields(interaction.modal)]
            self._form = (interaction, fields, {})

    async def _fill_in(
        self,
        line: str,
        opened: Interaction,
        fields: list[tuple[str, str]],
        values: dict[str, str],
    ) -> None:
        """Take one field; after the last, send the form. Nothing typed leaves what stood there."""
        _, custom_id = fields.pop(0)
        if line:
            values[custom_id] = line
        if not fields:
            self._form = None
            self._open(await self._person.submit(opened, values))

    def _numbered(self, message: Message) -> dict[str, int]:
        """The number of each of a message's buttons, which stays theirs; new ones count on."""
        for button in message.buttons:
            if button.custom_id and (message.id, button.custom_id) not in self._buttons:
                self._buttons.append((message.id, button.custom_id))
        return {
            custom_id: at + 1
            for at, (message_id, custom_id) in enumerate(self._buttons)
            if message_id == message.id
        }

    def _names(self) -> dict[int, str]:
        return {user.id: user.name for user in self._world.users.values()}

    def _help(self) -> str:
        people = [user.name for user in self._world.users.values() if not user.is_bot]
        guild = self._discord.guild(self._guild_name())
        channels = [c.name for c in self._world.channels.values() if c.guild_id == guild.id]
        guilds = [guild.name for guild in self._world.guilds.values()]
        return HELP.format(
            people=", ".join(people), channels=", ".join(channels), guilds=", ".join(guilds)
        )


def greeting(discord: LocalDiscord) -> str:
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
    async with LocalDiscord.started(port=port) as discord:
        terminal = Terminal(discord, write)
        write(greeting(discord))
        write(terminal.standing)
        watching = asyncio.create_task(terminal.watch())
        async for line in lines:
            if not await terminal.take(line):
                break
        watching.cancel()
        await asyncio.wait([watching])


def run(port: int) -> None:
    """The command `dateline local-discord`: until `quit`, the end of input or Ctrl-C."""
    with suppress(KeyboardInterrupt):
        asyncio.run(converse(_typed_lines(), partial(print, flush=True), port=port))


async def _typed_lines() -> AsyncIterator[str]:
    """The lines of standard input, which a thread reads so that the server goes on meanwhile."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError):  # the loop has ended before the input
            for line in chain(sys.stdin, [""]):
                loop.call_soon_threadsafe(typed.put_nowait, line)

    Thread(target=read, daemon=True).start()
    while line := await typed.get():
        yield line.rstrip("\n")
