"""The command group /digest: the digests of one server."""

from discord import app_commands

from bot.discord_ui.commands.digest_read import (
    add_history_command,
    add_list_command,
    add_now_command,
    add_preview_command,
    add_why_command,
)
from bot.discord_ui.commands.digest_set import (
    add_set_command,
    add_state_commands,
    add_topic_commands,
)
from bot.discord_ui.context import BotContext


def build_digest_command(context: BotContext) -> app_commands.Group:
    """The group as it is registered: in servers, for all; who may change what is asked each time.

    Discord knows no permissions of single commands in a group.
    """
    group = app_commands.Group(
        name="digest",
        description="The digests of this server",
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
    )
    for add_commands in (
        add_set_command,
        add_topic_commands,
        add_preview_command,
        add_now_command,
        add_state_commands,
        add_list_command,
        add_history_command,
        add_why_command,
    ):
        add_commands(context, group)
    return group
