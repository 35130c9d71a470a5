"""A person of this Discord: what they can do and what they see."""

from collections.abc import Mapping
from typing import Any

from bot.local_discord.world.client_payloads import (
    ImpossibleAction,
    build_command_data,
    build_context_menu_data,
    build_modal_data,
    filter_owners,
    find_button,
    reject,
    require_context,
    require_member_permissions,
)
from bot.local_discord.world.constants import (
    CommandType,
    ComponentType,
    InteractionType,
    MessageType,
    Permission,
)
from bot.local_discord.world.interactions import create_interaction
from bot.local_discord.world.permissions import compute_permissions, get_send_permission
from bot.local_discord.world.posting import post
from bot.local_discord.world.records import Channel, Interaction, Json, Message, User
from bot.local_discord.world.world import World


class NoResponse(Exception):  # noqa: N818 - named for the fact
    """The bot did not respond in time."""

    def __init__(self) -> None:
        # Discord's client shows its first half in these words.
        super().__init__("the application did not respond. See the terminal of the bot.")


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
        """The text that mentions them."""
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
        """Post a message; a reply notifies the author of the other message if `mention_author`.

        Raises:
            ImpossibleAction: They may not write there.
        """
        channel = self._world.channels[channel.id]
        self._require_permission(channel, get_send_permission(channel))
        parse = ["users", "roles", "everyone"]
        body = {
            "content": text,
            "allowed_mentions": {"parse": parse, "replied_user": mention_author},
        }
        message_type = MessageType.REPLY if reply_to else MessageType.DEFAULT
        target = reply_to.id if reply_to else None
        return post(
            self._world, channel, self.id, body, message_type=message_type, reply_to_id=target
        )

    def send_direct_message(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Send the bot a direct message."""
        return self.post(self.direct_channel, text, reply_to=reply_to)

    def get_visible_messages(self, channel: Channel) -> tuple[Message, ...]:
        """Return the messages of a channel that they see, oldest first."""
        permissions = compute_permissions(self._world, self.id, channel)
        if Permission.VIEW_CHANNEL not in permissions:
            return ()
        messages = self._world.iterate_messages(channel.id)
        return tuple(message for message in messages if message.only_for in {None, self.id})

    def delete(self, message: Message) -> None:
        """Delete a message of their own.

        Raises:
            ImpossibleAction: It is not theirs.
        """
        if message.author_id != self.id:
            reject("only the author of a message can delete it.")
        self._world.delete_message(message)

    async def wait_for_reply(self, message: Message, *, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """Wait for a reply to a message and return the first.

        Raises:
            TimeoutError: There was none.
        """
        channel = self._world.channels[message.channel_id]

        def find_reply() -> Message | None:
            messages = self.get_visible_messages(channel)
            return next((reply for reply in messages if reply.reply_to_id == message.id), None)

        return await self._world.changes.wait_until(find_reply, timeout)

    async def wait_for_answer(self, interaction: Interaction, *, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """Wait until the bot has answered an interaction, and return the message.

        Raises:
            TimeoutError: The bot did not answer, or is still thinking.
        """

        def find_answer() -> Message | None:
            message = self._world.messages.get(interaction.original_message_id or 0)
            return None if message is None or message.is_loading else message

        return await self._world.changes.wait_until(find_answer, timeout)

    def list_commands(self, channel: Channel) -> tuple[Json, ...]:
        """Return the commands that Discord offers them in a channel."""
        return tuple(
            command
            for scope in dict.fromkeys((channel.guild_id, None))
            for command in self._world.commands.get(scope, ())
            if self._is_offered(command, channel)
        )

    async def run_command(self, name: str, /, *, channel: Channel, **options: Any) -> Interaction:
        """Run a slash command, and return the interaction once the bot has responded.

        The name of a subcommand is written as Discord shows it, with a space. An option named
        `channel` is passed as `channel_`.

        Raises:
            ImpossibleAction: There is no such command there, or it does not take these options.
            NoResponse: The bot did not respond within 3 seconds.
        """
        self._require_permission(channel, Permission.USE_APPLICATION_COMMANDS)
        root_name, *subcommand_path = name.split(" ")
        command = self._find_command(root_name, CommandType.CHAT_INPUT, channel)
        data = build_command_data(command, subcommand_path, _strip_option_suffixes(options))
        return await self._interact(
            InteractionType.APPLICATION_COMMAND, channel, data, command=command
        )

    async def autocomplete(
        self, name: str, option: str, text: str, /, *, channel: Channel, **options: Any
    ) -> tuple[Json, ...]:
        """Type `text` into an option, and return the choices that the bot suggests.

        Raises:
            ImpossibleAction: The option offers nothing.
            NoResponse: The bot did not respond within 3 seconds.
        """
        root_name, *subcommand_path = name.split(" ")
        values = {**_strip_option_suffixes(options), option: text}
        command = self._find_command(root_name, CommandType.CHAT_INPUT, channel)
        data = build_command_data(command, subcommand_path, values, focused=option)
        interaction = await self._interact(
            InteractionType.AUTOCOMPLETE, channel, data, command=command
        )
        return interaction.choices

    async def run_context_menu(self, name: str, message: Message) -> Interaction:
        """Run a command of the menu of a message.

        Raises:
            ImpossibleAction: There is no such command there, or they don't see the message.
            NoResponse: The bot did not respond within 3 seconds.
        """
        channel = self._world.channels[message.channel_id]
        self._require_permission(channel, Permission.USE_APPLICATION_COMMANDS)
        command = self._find_command(name, CommandType.MESSAGE, channel)
        data = build_context_menu_data(
            self._world, command, self._get_visible_message(message, channel)
        )
        return await self._interact(
            InteractionType.APPLICATION_COMMAND, channel, data, command=command
        )

    async def press(self, message: Message, label_or_id: str) -> Interaction:
        """Press a button, given by its label or custom id, of the message as it is now.

        Raises:
            ImpossibleAction: They don't see it, or it can't be pressed.
            NoResponse: The bot did not respond within 3 seconds.
        """
        channel = self._world.channels[message.channel_id]
        current = self._get_visible_message(message, channel)
        button = find_button(current, label_or_id)
        data = {
            "custom_id": button["custom_id"],
            "component_type": int(ComponentType.BUTTON),
            "id": button["id"],
        }
        return await self._interact(
            InteractionType.MESSAGE_COMPONENT, channel, data, message=current
        )

    async def submit_modal(
        self, interaction: Interaction, values: Mapping[str, str]
    ) -> Interaction:
        """Submit a modal with values by the label or custom id of their field.

        Raises:
            ImpossibleAction: There is no modal, or it does not take these values.
            NoResponse: The bot did not respond within 3 seconds.
        """
        if interaction.modal is None or interaction.user != self.user:
            reject("no form is open for this person.")
        data = build_modal_data(interaction.modal, values)
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
            integration_owners = filter_owners(command, integration_owners)
        elif not integration_owners and message is not None and message.interaction_metadata:
            # They press a button below what somebody else's installed application answered.
            integration_owners = dict(message.interaction_metadata.integration_owners)
        interaction = create_interaction(
            self._world,
            interaction_type,
            self.user,
            channel,
            data,
            message=message,
            integration_owners=integration_owners,
        )
        try:
            await self._world.changes.wait_until(
                lambda: interaction.callback_type, self._world.initial_response_seconds
            )
        except TimeoutError:
            raise NoResponse from None
        return interaction

    def _get_visible_message(self, message: Message, channel: Channel) -> Message:
        """Return the message as it is now, if they see it."""
        current = self._world.messages.get(message.id)
        if current is None or current not in self.get_visible_messages(channel):
            reject("this person can't see the message.")
        return current

    def _require_permission(self, channel: Channel, needed: Permission) -> None:
        permissions = compute_permissions(self._world, self.id, channel)
        is_locked_out = channel.is_locked and Permission.MANAGE_THREADS not in permissions
        if Permission.VIEW_CHANNEL not in permissions or needed not in permissions or is_locked_out:
            reject(f"{self.user.name} lacks the permission to do this in #{channel.name}.")

    def _is_offered(self, command: Json, channel: Channel) -> bool:
        try:
            self._require_offer(command, channel)
            filter_owners(command, self._world.get_integration_owners(self.user, channel))
        except ImpossibleAction:
            return False
        return True

    def _require_offer(self, command: Json, channel: Channel) -> None:
        require_context(command, channel)
        permissions = compute_permissions(self._world, self.id, channel)
        require_member_permissions(command, channel, permissions)

    def _find_command(self, name: str, command_type: CommandType, channel: Channel) -> Json:
        scopes = (channel.guild_id, None)
        commands = (command for scope in scopes for command in self._world.commands.get(scope, ()))
        for command in commands:
            if (command["name"], command["type"]) == (name, command_type):
                self._require_offer(command, channel)
                return command
        return reject(f"there is no command “{name}” here.")


def _strip_option_suffixes(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("_"): value for name, value in options.items()}
