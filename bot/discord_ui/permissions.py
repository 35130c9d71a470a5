"""What the bot has to be allowed in a server, why, and the link that asks for just that."""

from collections.abc import Mapping
from typing import Any

import discord
from discord.utils import oauth_url

REQUIRED_PERMISSIONS: Mapping[str, str] = {
    "view_channel": "to read messages that mention it",
    "send_messages": "to answer",
    "send_messages_in_threads": "to answer in threads and forum posts",
    "read_message_history": "to reply to messages",
    "attach_files": "to show the chart of /trend",
}
"""Each permission that is in use, by its name in discord.py, and what for."""


def get_required_permissions() -> discord.Permissions:
    """All of them, and nothing else."""
    return discord.Permissions(**dict.fromkeys(REQUIRED_PERMISSIONS, True))


def list_missing_permissions(granted: discord.Permissions) -> tuple[str, ...]:
    """The names of those that are not among the ones held, as Discord spells them."""
    return tuple(
        format_permission(name) for name in REQUIRED_PERMISSIONS if not getattr(granted, name)
    )


def format_permission(name: str) -> str:
    """Return the name of a permission as Discord shows it: "Send Messages" for "send_messages"."""
    return name.replace("_", " ").title()


def is_manager(interaction: discord.Interaction[Any]) -> bool:
    """Return whether the person may manage the server that they are in."""
    return interaction.permissions.manage_guild


def build_invite_link(application_id: int) -> str:
    """Where somebody adds the bot to a server of theirs."""
    return oauth_url(
        application_id,
        permissions=get_required_permissions(),
        scopes=("bot", "applications.commands"),
    )


def build_install_link(application_id: int) -> str:
    """Where somebody installs the app for themselves."""
    link = oauth_url(application_id, scopes=("applications.commands",))
    return f"{link}&integration_type=1"
