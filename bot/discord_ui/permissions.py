"""The permissions that the bot needs, with reasons, and the links that request them."""

from collections.abc import Mapping
from typing import Any

import discord
from discord.utils import oauth_url

REQUIRED_PERMISSIONS: Mapping[str, str] = {
    "view_channel": "to read messages that mention it",
    "send_messages": "to answer",
    "send_messages_in_threads": "to answer in threads and forum posts",
    # Also needed to find a post again whose response was lost.
    "read_message_history": "to reply to messages",
    "attach_files": "to show the chart of /trend",
}
"""The purpose of each permission that the bot uses, by its name in discord.py."""


def get_required_permissions() -> discord.Permissions:
    """Return the permissions that the bot needs, and no others."""
    return discord.Permissions(**dict.fromkeys(REQUIRED_PERMISSIONS, True))


def list_missing_permissions(granted: discord.Permissions) -> tuple[str, ...]:
    """Return the needed permissions that were not granted, as Discord spells them."""
    return tuple(
        format_permission(name) for name in REQUIRED_PERMISSIONS if not getattr(granted, name)
    )


def format_permission(name: str) -> str:
    """Return the name of a permission as Discord shows it: "Send Messages" for "send_messages"."""
    return name.replace("_", " ").title()


def is_manager(interaction: discord.Interaction[Any]) -> bool:
    """Return whether the person has the Manage Server permission."""
    return interaction.permissions.manage_guild


def build_invite_link(application_id: int) -> str:
    """Return the link that adds the bot to a server."""
    return oauth_url(
        application_id,
        permissions=get_required_permissions(),
        scopes=("bot", "applications.commands"),
    )


def build_install_link(application_id: int) -> str:
    """Return the link that installs the app for a user."""
    link = oauth_url(application_id, scopes=("applications.commands",))
    return f"{link}&integration_type=1"
