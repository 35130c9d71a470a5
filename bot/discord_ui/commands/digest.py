"""The command group /digest: the digests of one server."""

from discord import app_commands

from bot.discord_ui.commands.digest_read import add_history, add_list, add_now, add_preview, add_why
from bot.discord_ui.commands.digest_set import add_set, add_states, add_topics
from bot.discord_ui.context import Desk


def digest_command(desk: Desk) -> app_commands.Group:
    """The group as it is registered: in servers, for all; who may change what is asked each time.

    Discord knows no permissions of single commands in a group.
    """
    digest = app_commands.Group(
        name="digest",
        description="The digests of this server",
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
    )
    for add in (
        add_set,
        add_topics,
        add_preview,
        add_now,
        add_states,
        add_list,
        add_history,
        add_why,
    ):
        add(desk, digest)
    return digest
