"""A terminal in which someone acts as a person of this Discord and sees the channel."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bot.local_discord.terminal.command_line import NameResolvers, parse_command_line
from bot.local_discord.terminal.rendering import render_message
from bot.local_discord.terminal.suggestions import Suggestion, suggest
from bot.local_discord.world.administration import install_for_user
from bot.local_discord.world.client_payloads import ImpossibleAction, find_text_inputs, reject
from bot.local_discord.world.constants import CommandType, OptionType
from bot.local_discord.world.default_world import (
    DEFAULT_CHANNEL_NAME,
    DEFAULT_GUILD_NAME,
    DEFAULT_PERSON_NAME,
)
from bot.local_discord.world.person import NoResponse, Person
from bot.local_discord.world.records import Channel, Interaction, Message, Role
from bot.local_discord.world.world import World

HELP = """\
You act as one person in one channel. Type one of these:

  Hello @{bot}          Post a message; @{bot} mentions the bot
  > What about Iran?       Reply to the bot's last message, and notify it
  >> What about Iran?      Reply without notifying it
  /help                    Run a slash command
  /ask question:Who? …     Run a slash command with options, each as name:value
  ? /se                    See the commands that begin with /se
  ? /ask                   See the options or the subcommands of a command
  ? /ask source:Re         See what is suggested for an option
  ! Verify quotes          Choose an app command in the menu of the last message by a person
  ?!                       See the app commands in the menu of a message
  3                        Press the button with this number
  #books                   Go to a channel
  #dm                      Go to your direct messages with the bot
  #picnic                  Go to a group
  #Lighthouse/general      Go to a channel of another server
  @mod                     Act as another person; mod manages Harbour
  install                  Install the bot for yourself, to use it in groups and in Quay
  help                     Show this list
  quit                     Stop

In a form, type the text of each field. An empty line keeps the text that the field has.
A button with an address is a link, so it has no number.

People: {people}
Channels: {channels}
Groups: {groups}
Servers: {guilds} (the bot is in {bot_guilds})"""

DIRECT_CHANNEL_NAME = "dm"


@dataclass(slots=True, kw_only=True)
class OpenModal:
    """A modal that is being filled in, one field after the other.

    Attributes:
        interaction: The interaction that opened it.
        remaining_fields: The label and custom id of each field to come.
        values: The text typed so far, by custom id.
    """

    interaction: Interaction
    remaining_fields: list[tuple[str, str]]
    values: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The label of the next field."""
        return self.remaining_fields[0][0]


class Terminal:
    """Acts as one person at a time, in one channel at a time, on typed lines."""

    def __init__(self, world: World, write: Callable[[str], None]) -> None:
        self._world = world
        self._write = write
        self._person = self._find_person(DEFAULT_PERSON_NAME)
        self._channel = world.find_channel(DEFAULT_CHANNEL_NAME, DEFAULT_GUILD_NAME)
        self._shown_messages: dict[int, Message] = {}
        self._buttons: list[tuple[int, str]] = []
        self._open_modal: OpenModal | None = None

    @property
    def prompt(self) -> str:
        """The person and the channel, or the form field that the next line fills in."""
        if self._open_modal is not None:
            return f"{self._open_modal.label}?"
        return f"-- {self._person.user.name} in #{self._channel.name or DIRECT_CHANNEL_NAME}"

    async def handle_line(self, line: str) -> bool:
        """Carry out a line, and return whether to read another."""
        if line.strip() == "quit":
            return False
        previous_prompt = self.prompt
        try:
            await self._execute(line.strip())
        except (ImpossibleAction, NoResponse) as error:
            self._write(f"error: {error}")
        if self.prompt != previous_prompt:
            self._write(self.prompt)
        self.show_changes()
        return True

    async def watch(self) -> None:
        """Show each change in the channel until cancelled."""
        while True:
            self.show_changes()
            await self._world.changes.wait()

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
        if self._open_modal is not None:
            await self._fill_field(self._open_modal, line)
        elif line.startswith("/"):
            await self._run_command(line)
        elif line.startswith("! "):
            await self._run_context_menu(line.removeprefix("! "))
        elif line.startswith("? /"):
            await self._suggest(line.removeprefix("? "))
        elif line.isdecimal():
            await self._press(int(line))
        else:
            self._execute_without_response(line)

    def _execute_without_response(self, line: str) -> None:
        """Carry out a line for which the bot need not respond to an interaction."""
        if line == "help":
            self._write(self._format_help())
        elif line.startswith("#"):
            self._channel = self._find_channel(line.removeprefix("#"))
        elif line.startswith("@") and line[1:] in self._get_names().values():
            self._switch_person(line[1:])
        elif line == "?!":
            self._suggest_context_menus()
        elif line == "install":
            self._install()
        elif line.startswith(">> "):
            self._reply(line.removeprefix(">> "), mention_author=False)
        elif line.startswith("> "):
            self._reply(line.removeprefix("> "), mention_author=True)
        elif line:
            self._person.post(self._channel, self._expand_mentions(line))

    def _switch_person(self, name: str) -> None:
        self._person = self._find_person(name)
        if self._channel.guild_id is None and self._person.id not in self._channel.member_ids:
            self._channel = self._person.direct_channel

    def _find_person(self, name: str) -> Person:
        return Person(self._world, self._world.find_user(name))

    def _find_channel(self, name: str) -> Channel:
        """Return the channel of a name of the form `name` or `guild/name`.

        Raises:
            ImpossibleAction: There is none.
        """
        if name == DIRECT_CHANNEL_NAME:
            return self._person.direct_channel
        guild, _, channel = name.rpartition("/")
        with suppress(LookupError):
            return self._world.find_channel(channel, guild or self._get_guild_name())
        for group in self._list_groups():
            if group.name == name:
                return group
        return reject(f"there is no channel #{name}. Type help to see all channels.")

    def _list_groups(self) -> list[Channel]:
        channels = self._world.channels.values()
        return [channel for channel in channels if self._person.id in channel.member_ids]

    def _find_role(self, name: str) -> Role:
        """Return the role of a name in the current guild.

        Raises:
            ImpossibleAction: There is none.
        """
        roles = self._world.find_guild(self._get_guild_name()).roles
        return next((role for role in roles if role.name == name), None) or reject(
            f"there is no role “{name}” in this server."
        )

    def _get_guild_name(self) -> str:
        guild = self._world.guilds.get(self._channel.guild_id or 0)
        # In direct messages, names of channels and roles mean those of the default guild.
        return guild.name if guild else DEFAULT_GUILD_NAME

    def _reply(self, text: str, *, mention_author: bool) -> None:
        bot_id = self._world.bot.id
        bot_messages = [
            message
            for message in self._person.get_visible_messages(self._channel)
            if message.author_id == bot_id
        ]
        if not bot_messages:
            reject("the bot has posted nothing here that you could reply to.")
        self._person.post(
            self._channel,
            self._expand_mentions(text),
            reply_to=bot_messages[-1],
            mention_author=mention_author,
        )

    def _expand_mentions(self, text: str) -> str:
        # Discord's client replaces a name with the id before it sends the text.
        name = self._world.bot.name
        mention = f"<@{self._world.bot.id}>"
        return text.replace(f"@{name}", mention).replace(f"@{name.lower()}", mention)

    async def _run_command(self, line: str) -> None:
        scopes = (self._channel.guild_id, None) if self._channel.guild_id else (None,)
        commands = [command for scope in scopes for command in self._world.commands.get(scope, ())]
        name, values = parse_command_line(line, commands, self._resolvers)
        options = {f"{option}_": value for option, value in values.items()}
        self._show_modal(await self._person.run_command(name, channel=self._channel, **options))

    @property
    def _resolvers(self) -> NameResolvers:
        return {OptionType.CHANNEL: self._find_channel, OptionType.ROLE: self._find_role}

    async def _suggest(self, line: str) -> None:
        names = {
            OptionType.CHANNEL: self._list_channel_names,
            OptionType.ROLE: self._list_role_names,
        }
        self._write_suggestions(
            await suggest(line, self._person, self._channel, self._resolvers, names)
        )

    def _suggest_context_menus(self) -> None:
        menus = [
            Suggestion(f"! {command['name']}", "")
            for command in self._person.list_commands(self._channel)
            if command["type"] == CommandType.MESSAGE
        ]
        self._write_suggestions(menus or reject("there is no app command for messages here."))

    def _write_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        width = max(len(suggestion.text) for suggestion in suggestions)
        for suggestion in suggestions:
            self._write(f"  {suggestion.text:{width}}  {suggestion.meaning}".rstrip())

    def _install(self) -> None:
        install_for_user(self._world, self._person.user)
        self._write(f"{self._person.user.name} has installed {self._world.bot.name}.")

    async def _run_context_menu(self, name: str) -> None:
        person_messages = [
            message
            for message in self._person.get_visible_messages(self._channel)
            if self._is_by_person(message)
        ]
        if not person_messages:
            reject("there is no message by a person here. Post one first.")
        self._show_modal(await self._person.run_context_menu(name, person_messages[-1]))

    def _is_by_person(self, message: Message) -> bool:
        return not self._world.users[message.author_id].is_bot

    async def _press(self, number: int) -> None:
        if not 1 <= number <= len(self._buttons):
            reject(f"there is no button {number}. Type a number that a button shows.")
        message_id, custom_id = self._buttons[number - 1]
        message = self._world.messages.get(message_id, self._shown_messages[message_id])
        self._show_modal(await self._person.press(message, custom_id))

    def _show_modal(self, interaction: Interaction) -> None:
        """Start to fill in the modal that the bot opened in response, if any."""
        if interaction.modal is not None:
            self._write(f"A form opens: {interaction.modal['title']}")
            fields = [
                (label, text_input["custom_id"])
                for label, text_input in find_text_inputs(interaction.modal)
            ]
            self._open_modal = OpenModal(interaction=interaction, remaining_fields=fields)

    async def _fill_field(self, modal: OpenModal, line: str) -> None:
        """Fill in one field, and submit the form after the last one.

        An empty line keeps the text that the field already has.
        """
        _, custom_id = modal.remaining_fields.pop(0)
        if line:
            modal.values[custom_id] = line
        if not modal.remaining_fields:
            self._open_modal = None
            self._show_modal(await self._person.submit_modal(modal.interaction, modal.values))

    def _number_buttons(self, message: Message) -> dict[str, int]:
        """Return the number of each button of a message; new buttons get the next numbers."""
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
        guilds = self._world.guilds.values()
        bot_guilds = [guild.name for guild in guilds if self._world.bot.id in guild.members]
        return HELP.format(
            bot=self._world.bot.name,
            people=", ".join(people),
            channels=", ".join(self._list_channel_names()),
            groups=", ".join(group.name for group in self._list_groups()) or "none",
            guilds=", ".join(guild.name for guild in guilds),
            bot_guilds=" and ".join(bot_guilds),
        )

    def _list_channel_names(self) -> list[str]:
        guild = self._world.find_guild(self._get_guild_name())
        channels = self._world.channels.values()
        return [channel.name for channel in channels if channel.guild_id == guild.id]

    def _list_role_names(self) -> list[str]:
        return [role.name for role in self._world.find_guild(self._get_guild_name()).roles]
