"""The command group /digest."""

from discord import app_commands

from bot.discord_ui.commands.digest_read import (
    build_history_command,
    build_list_command,
    build_now_command,
    build_preview_command,
    build_why_command,
)
from bot.discord_ui.commands.digest_set import (
    build_off_command,
    build_pause_command,
    build_resume_command,
    build_set_command,
    build_topics_group,
)
from bot.discord_ui.commands.options import build_guild_group
from bot.discord_ui.context import BotContext


def build_digest_command(context: BotContext) -> app_commands.Group:
    """Return the command group, for everyone in servers.

    Discord has no permissions for single commands of a group, so each command checks its own.
    """
    group = build_guild_group("digest", "Read and manage the digests of this server")
    group.add_command(build_set_command(context))
    group.add_command(build_topics_group(context))
    group.add_command(build_preview_command(context))
    group.add_command(build_now_command(context))
    group.add_command(build_pause_command(context))
    group.add_command(build_resume_command(context))
    group.add_command(build_off_command(context))
    group.add_command(build_list_command(context))
    group.add_command(build_history_command(context))
    group.add_command(build_why_command(context))
    return group
