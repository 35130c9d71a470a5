"""People: what a member does in this Discord, and what they see of it."""

from collections.abc import Mapping
from typing import Any

from bot.local_discord.rest import interaction_callbacks as interactions
from bot.local_discord.world import client_payloads as forms
from bot.local_discord.world.client_payloads import deny
from bot.local_discord.world.interaction import Interaction, InteractionKind
from bot.local_discord.world.permissions import permissions_of
from bot.local_discord.world.posting import post
from bot.local_discord.world.records import (
    BUTTON,
    Channel,
    Json,
    Message,
    MessageKind,
    Permission,
    User,
)
from bot.local_discord.world.world import World

PATIENCE = 3.0
"""Seconds that a person waits for a first answer before Discord says that there was none."""


class NoAnswer(Exception):  # noqa: N818 - what a person sees
    """The bot gave no first answer in time."""

    def __init__(self) -> None:
        super().__init__("The application did not respond")


class Person:
    """Someone who uses Discord."""

    def __init__(self, world: World, user: User) -> None:
        self._world = world
        self.user = user

    @property
    def id(self) -> int:
        """The id of the user."""
        return self.user.id

    @property
    def mention(self) -> str:
        """What notifies them when it is written."""
        return f"<@{self.user.id}>"

    @property
    def direct_messages(self) -> Channel:
        """Their direct messages with the bot."""
        return self._world.direct_channel(self.user)

    def post(
        self, channel: Channel, text: str, *, reply_to: Message | None = None, pings: bool = True
    ) -> Message:
        """A message that they wrote; a reply `pings` the author of the other unless switched off.

        Raises:
            Impossible: They may not write there.
        """
        channel = self._world.channels[channel.id]
        needed = Permission.SEND_MESSAGES
        if channel.is_thread:
            needed = Permission.SEND_MESSAGES_IN_THREADS
        self._demand(channel, needed)
        parse = ["users", "roles", "everyone"]
        body = {"content": text, "allowed_mentions": {"parse": parse, "replied_user": pings}}
        kind = MessageKind.REPLY if reply_to else MessageKind.DEFAULT
        target = reply_to.id if reply_to else None
        return post(self._world, channel, self.id, body, kind=kind, reply_to=target)

    def direct(self, text: str, *, reply_to: Message | None = None) -> Message:
        """A direct message to the bot."""
        return self.post(self.direct_messages, text, reply_to=reply_to)

    def sees(self, channel: Channel) -> tuple[Message, ...]:
        """The messages of a channel that are before them, oldest first."""
        held = permissions_of(self._world, self.id, channel)
        if Permission.VIEW_CHANNEL not in held:
            return ()
        messages = self._world.history(channel.id)
        return tuple(m for m in messages if m.only_for in {None, self.id})

    def delete(self, message: Message) -> None:
        """Take back a message of their own.

        Raises:
            Impossible: It is not theirs.
        """
        if message.author_id != self.id:
            deny("only its author deletes a message")
        self._world.remove(message)

    async def reply_to(self, message: Message, *, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """The first reply to a message that they see, waited for.

        Raises:
            TimeoutError: None came.
        """
        channel = self._world.channels[message.channel_id]
        return await self._world.until(
            lambda: next((m for m in self.sees(channel) if m.reply_to == message.id), None), timeout
        )

    async def answer_to(self, interaction: Interaction, *, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """The answer to what they did, waited for until the bot thinks no longer.

        Raises:
            TimeoutError: None came.
        """

        def answer() -> Message | None:
            message = self._world.messages.get(interaction.original_id or 0)
            return None if message is None or message.is_loading else message

        return await self._world.until(answer, timeout)

    async def slash(self, name: str, /, *, channel: Channel, **options: Any) -> Interaction:
        """A slash command that they sent, once it has its first answer.

        A command inside a group is named with a space, as it is shown. An option that is itself
        called `channel` is given as `channel_`.

        Raises:
            Impossible: There is no such command there, or it does not take these options.
            NoAnswer: Within 3 seconds.
        """
        self._demand(channel, Permission.USE_APPLICATION_COMMANDS)
        first, *path = name.split(" ")
        command = self._command(first, 1, channel)
        data = forms.command_data(command, path, _named(options))
        return await self._act(InteractionKind.COMMAND, channel, data, command=command)

    async def autocomplete(
        self, name: str, option: str, text: str, /, *, channel: Channel, **options: Any
    ) -> tuple[Json, ...]:
        """What the bot offers for an option of which `text` is typed.

        Raises:
            Impossible: The option offers nothing.
            NoAnswer: Within 3 seconds.
        """
        first, *path = name.split(" ")
        typed = {**_named(options), option: text}
        command = self._command(first, 1, channel)
        data = forms.command_data(command, path, typed, focused=option)
        acted = await self._act(InteractionKind.AUTOCOMPLETE, channel, data, command=command)
        return acted.choices

    async def choose(self, name: str, message: Message) -> Interaction:
        """A command of a message's context menu that they chose.

        Raises:
            Impossible: There is no such command there, or the message is not before them.
            NoAnswer: Within 3 seconds.
        """
        channel = self._world.channels[message.channel_id]
        self._demand(channel, Permission.USE_APPLICATION_COMMANDS)
        command = self._command(name, 3, channel)
        data = forms.menu_data(self._world, command, self._before_them(message, channel))
        return await self._act(InteractionKind.COMMAND, channel, data, command=command)

    async def press(self, message: Message, button: str) -> Interaction:
        """A button that they pressed, by its label or custom id, as the message is now.

        Raises:
            Impossible: They don't see it, or it can't be pressed.
            NoAnswer: Within 3 seconds.
        """
        channel = self._world.channels[message.channel_id]
        current = self._before_them(message, channel)
        pressed = forms.button_of(current, button)
        data = {
            "custom_id": pressed["custom_id"],
            "component_type": BUTTON,
            "id": pressed["id"],
        }
        return await self._act(InteractionKind.COMPONENT, channel, data, message=current)

    async def submit(self, opened: Interaction, values: Mapping[str, str]) -> Interaction:
        """A modal that they filled in and sent; each value by its field's label or custom id.

        Raises:
            Impossible: There is no modal, or it does not take these values.
            NoAnswer: Within 3 seconds.
        """
        if opened.modal is None or opened.user != self.user:
            deny("no modal is open for them")
        data = forms.modal_data(opened.modal, values)
        return await self._act(InteractionKind.MODAL, opened.channel, data, message=opened.message)

    async def _act(
        self,
        kind: InteractionKind,
        channel: Channel,
        data: Json,
        *,
        command: Json | None = None,
        message: Message | None = None,
    ) -> Interaction:
        owners = self._world.installs(self.user, channel)
        if command is not None:
            owners = forms.owners_of(command, owners)
        acted = interactions.begin(
            self._world, kind, self.user, channel, data, message=message, owners=owners
        )
        try:
            await self._world.until(lambda: acted.answered_by, PATIENCE)
        except TimeoutError:
            raise NoAnswer from None
        return acted

    def _before_them(self, message: Message, channel: Channel) -> Message:
        """The message as it is now, where they see it."""
        current = self._world.messages.get(message.id)
        if current is None or current not in self.sees(channel):
            deny("the message is not before them")
        return current

    def _demand(self, channel: Channel, needed: Permission) -> None:
        held = permissions_of(self._world, self.id, channel)
        is_closed = channel.locked and Permission.MANAGE_THREADS not in held
        if Permission.VIEW_CHANNEL not in held or needed not in held or is_closed:
            deny(f"{self.user.name} may not do this in #{channel.name}")

    def _command(self, name: str, kind: int, channel: Channel) -> Json:
        for scope in (channel.guild_id, None):
            for command in self._world.commands.get(scope, ()):
                if (command["name"], command["type"]) == (name, kind):
                    forms.demand_context(command, channel)
                    held = permissions_of(self._world, self.id, channel)
                    forms.demand_allowed(command, channel, held)
                    return command
        return deny(f"there is no command {name!r} here")


def _named(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("_"): value for name, value in options.items()}
