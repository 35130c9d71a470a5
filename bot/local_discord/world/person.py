"""People: what a member does in this Discord, and what they see of it."""

from collections.abc import Mapping
from typing import Any

from bot.local_discord.rest import interaction_callbacks as interactions
from bot.local_discord.world import client_payloads as forms
from bot.local_discord.world.client_payloads import reject
from bot.local_discord.world.interaction import Interaction, InteractionType
from bot.local_discord.world.permissions import compute_permissions
from bot.local_discord.world.posting import post
from bot.local_discord.world.records import (
    BUTTON,
    Channel,
    Json,
    Message,
    MessageType,
    Permission,
    User,
)
from bot.local_discord.world.world import World

RESPONSE_TIMEOUT_SECONDS = 3.0
"""Seconds that a person waits for a first answer before Discord says that there was none."""


class NoResponse(Exception):  # noqa: N818 - what a person sees
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
    def direct_channel(self) -> Channel:
        """Their direct messages with the bot."""
        return self._world.open_direct_channel(self.user)

    def post(
        self,
        channel: Channel,
        text: str,
        *,
        reply_to: Message | None = None,
        mention_author: bool = True,
    ) -> Message:
        """A message that they wrote; a reply `mention_author` the author of the other unless switched off.

        Raises:
            Impossible: They may not write there.
        """
        channel = self._world.channels[channel.id]
        needed = Permission.SEND_MESSAGES
        if channel.is_thread:
            needed = Permission.SEND_MESSAGES_IN_THREADS
        self._require_permission(channel, needed)
        parse = ["users", "roles", "everyone"]
        body = {
            "content": text,
            "allowed_mentions": {"parse": parse, "replied_user": mention_author},
        }
        message_type = MessageType.REPLY if reply_to else MessageType.DEFAULT
        target = reply_to.id if reply_to else None
        return post(self._world, channel, self.id, body, message_type=message_type, reply_to=target)

    def send_direct_message(self, text: str, *, reply_to: Message | None = None) -> Message:
        """A direct message to the bot."""
        return self.post(self.direct_channel, text, reply_to=reply_to)

    def get_visible_messages(self, channel: Channel) -> tuple[Message, ...]:
        """The messages of a channel that are before them, oldest first."""
        permissions = compute_permissions(self._world, self.id, channel)
        if Permission.VIEW_CHANNEL not in permissions:
            return ()
        messages = self._world.iterate_messages(channel.id)
        return tuple(message for message in messages if message.only_for in {None, self.id})

    def delete(self, message: Message) -> None:
        """Take back a message of their own.

        Raises:
            Impossible: It is not theirs.
        """
        if message.author_id != self.id:
            reject("only its author deletes a message")
        self._world.delete_message(message)

    async def wait_for_reply(self, message: Message, *, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """The first reply to a message that they see, waited for.

        Raises:
            TimeoutError: None came.
        """
        channel = self._world.channels[message.channel_id]
        return await self._world.wait_until(
            lambda: next(
                (
                    reply
                    for reply in self.get_visible_messages(channel)
                    if reply.reply_to == message.id
                ),
                None,
            ),
            timeout,
        )

    async def wait_for_answer(self, interaction: Interaction, *, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """The answer to what they did, waited for until the bot thinks no longer.

        Raises:
            TimeoutError: None came.
        """

        def get_answer() -> Message | None:
            message = self._world.messages.get(interaction.original_message_id or 0)
            return None if message is None or message.is_loading else message

        return await self._world.wait_until(get_answer, timeout)

    async def run_command(self, name: str, /, *, channel: Channel, **options: Any) -> Interaction:
        """A slash command that they sent, once it has its first answer.

        A command inside a group is named with a space, as it is shown. An option that is itself
        called `channel` is given as `channel_`.

        Raises:
            Impossible: There is no such command there, or it does not take these options.
            NoAnswer: Within 3 seconds.
        """
        self._require_permission(channel, Permission.USE_APPLICATION_COMMANDS)
        root_name, *subcommand_path = name.split(" ")
        command = self._find_command(root_name, 1, channel)
        data = forms.build_command_data(command, subcommand_path, _strip_option_suffixes(options))
        return await self._interact(
            InteractionType.APPLICATION_COMMAND, channel, data, command=command
        )

    async def autocomplete(
        self, name: str, option: str, text: str, /, *, channel: Channel, **options: Any
    ) -> tuple[Json, ...]:
        """What the bot offers for an option of which `text` is typed.

        Raises:
            Impossible: The option offers nothing.
            NoAnswer: Within 3 seconds.
        """
        root_name, *subcommand_path = name.split(" ")
        values = {**_strip_option_suffixes(options), option: text}
        command = self._find_command(root_name, 1, channel)
        data = forms.build_command_data(command, subcommand_path, values, focused=option)
        interaction = await self._interact(
            InteractionType.AUTOCOMPLETE, channel, data, command=command
        )
        return interaction.choices

    async def run_context_menu(self, name: str, message: Message) -> Interaction:
        """A command of a message's context menu that they chose.

        Raises:
            Impossible: There is no such command there, or the message is not before them.
            NoAnswer: Within 3 seconds.
        """
        channel = self._world.channels[message.channel_id]
        self._require_permission(channel, Permission.USE_APPLICATION_COMMANDS)
        command = self._find_command(name, 3, channel)
        data = forms.build_context_menu_data(
            self._world, command, self._get_visible_message(message, channel)
        )
        return await self._interact(
            InteractionType.APPLICATION_COMMAND, channel, data, command=command
        )

    async def press(self, message: Message, label_or_id: str) -> Interaction:
        """A button that they pressed, by its label or custom id, as the message is now.

        Raises:
            Impossible: They don't see it, or it can't be pressed.
            NoAnswer: Within 3 seconds.
        """
        channel = self._world.channels[message.channel_id]
        current = self._get_visible_message(message, channel)
        button = forms.find_button(current, label_or_id)
        data = {
            "custom_id": button["custom_id"],
            "component_type": BUTTON,
            "id": button["id"],
        }
        return await self._interact(
            InteractionType.MESSAGE_COMPONENT, channel, data, message=current
        )

    async def submit_modal(
        self, interaction: Interaction, values: Mapping[str, str]
    ) -> Interaction:
        """A modal that they filled in and sent; each value by its field's label or custom id.

        Raises:
            Impossible: There is no modal, or it does not take these values.
            NoAnswer: Within 3 seconds.
        """
        if interaction.modal is None or interaction.user != self.user:
            reject("no modal is open for them")
        data = forms.build_modal_data(interaction.modal, values)
        return await self._interact(
            InteractionType.MODAL_SUBMIT, interaction.channel, data, message=interaction.message
        )

    async def _interact(
        self,
        interaction_type: InteractionType,
        channel: Channel,
        data: Json,
        *,
        command: Json | None = None,
        message: Message | None = None,
    ) -> Interaction:
        integration_owners = self._world.get_integration_owners(self.user, channel)
        if command is not None:
            integration_owners = forms.filter_owners(command, integration_owners)
        interaction = interactions.create_interaction(
            self._world,
            interaction_type,
            self.user,
            channel,
            data,
            message=message,
            integration_owners=integration_owners,
        )
        try:
            await self._world.wait_until(
                lambda: interaction.callback_type, RESPONSE_TIMEOUT_SECONDS
            )
        except TimeoutError:
            raise NoResponse from None
        return interaction

    def _get_visible_message(self, message: Message, channel: Channel) -> Message:
        """The message as it is now, where they see it."""
        current = self._world.messages.get(message.id)
        if current is None or current not in self.get_visible_messages(channel):
            reject("the message is not before them")
        return current

    def _require_permission(self, channel: Channel, needed: Permission) -> None:
        permissions = compute_permissions(self._world, self.id, channel)
        is_locked_out = channel.locked and Permission.MANAGE_THREADS not in permissions
        if Permission.VIEW_CHANNEL not in permissions or needed not in permissions or is_locked_out:
            reject(f"{self.user.name} may not do this in #{channel.name}")

    def _find_command(self, name: str, command_type: int, channel: Channel) -> Json:
        for scope in (channel.guild_id, None):
            for command in self._world.commands.get(scope, ()):
                if (command["name"], command["type"]) == (name, command_type):
                    forms.require_context(command, channel)
                    permissions = compute_permissions(self._world, self.id, channel)
                    forms.require_member_permissions(command, channel, permissions)
                    return command
        return reject(f"there is no command {name!r} here")


def _strip_option_suffixes(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("_"): value for name, value in options.items()}
