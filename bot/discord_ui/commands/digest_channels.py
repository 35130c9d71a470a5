"""The channels and roles of digests: names, permission checks and visibility."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.flow import Refusal
from bot.discord_ui.commands.options import Interaction
from bot.discord_ui.permissions import format_permission, is_manager
from bot.model.subscription import Subscription
from bot.presentation.blocks import Block, Line
from bot.presentation.wording import join_parts

_REQUIRED_PERMISSIONS = ("view_channel", "send_messages")
_HISTORY_PERMISSION = "read_message_history"

_ROLE_DELETED = "a deleted role"


class PostingChannelTransformer(app_commands.Transformer):
    """An option for a text or announcement channel; its value is the channel's id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The option takes a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channels that can be chosen."""
        return [discord.ChannelType.text, discord.ChannelType.news]

    async def transform(self, _interaction: Interaction, value: Any, /) -> str:
        """Return the id of the channel."""
        return str(value.id)


def find_guild_channel(
    guild: discord.Guild | None, channel: str
) -> discord.abc.GuildChannel | None:
    """Return the channel with this id; None if it was deleted."""
    return guild.get_channel(int(channel)) if guild else None


def format_role_name(guild: discord.Guild | None, role: str | None) -> str | None:
    """Return the role's name with "@", a phrase if it was deleted, or None without a role."""
    if role is None:
        return None
    guild_role = guild.get_role(int(role)) if guild else None
    return f"@{guild_role.name}" if guild_role else _ROLE_DELETED


def require_posting(guild_channel: discord.abc.GuildChannel | None) -> None:
    """Check that the bot can post in the channel.

    Raises:
        Refusal: The bot can't post there.
    """
    if refusal := build_posting_refusal(guild_channel):
        raise Refusal(refusal)


def build_posting_refusal(guild_channel: discord.abc.GuildChannel | None) -> tuple[Block, ...]:
    """Return the reason why the bot can't post in the channel; empty if it can."""
    if guild_channel is None:
        return (Line(text="I can't post there. The channel was deleted."),)
    permissions = guild_channel.permissions_for(guild_channel.guild.me)
    missing = [
        format_permission(name) for name in _REQUIRED_PERMISSIONS if not getattr(permissions, name)
    ]
    if not missing:
        return ()
    noun = "permission" if len(missing) == 1 else "permissions"
    text = f"I can't post in #{guild_channel.name}. Give me the {join_parts(missing, 'and')} {noun} there."
    return (Line(text=text),)


def build_role_refusal(
    guild_channel: discord.abc.GuildChannel | None,
    role: discord.Role | None,
    member: discord.Member,
) -> tuple[Block, ...]:
    """Return the reason why the role can't be notified in the channel; empty if it can.

    Both need the permission: otherwise a member could notify, through the bot, a role that they
    can't notify themselves.
    """
    # The default role is @everyone, which stands for no role: the bot never notifies it.
    if guild_channel is None or role is None or role.is_default() or role.mentionable:
        return ()
    if not guild_channel.permissions_for(guild_channel.guild.me).mention_everyone:
        text = (
            f"I can't notify @{role.name} in #{guild_channel.name}. Allow anyone to mention this "
            "role, or give me the Mention Everyone permission there."
        )
        return (Line(text=text),)
    if not guild_channel.permissions_for(member).mention_everyone:
        text = (
            f"You can't notify @{role.name} in #{guild_channel.name}. You need the Mention Everyone "
            "permission there."
        )
        return (Line(text=text),)
    return ()


def build_posting_cautions(guild_channel: discord.abc.GuildChannel | None) -> tuple[Block, ...]:
    """Return a warning if the bot can post in the channel but not read its history."""
    if guild_channel is None or getattr(
        guild_channel.permissions_for(guild_channel.guild.me), _HISTORY_PERMISSION
    ):
        return ()
    text = (
        f"I can't read the message history of #{guild_channel.name}. If Discord does not confirm "
        "a digest, I can't check whether it arrived there, and I won't post it again. "
        f"Give me the {format_permission(_HISTORY_PERMISSION)} permission there."
    )
    return (Line(text=text, is_subtle=True),)


def filter_visible(
    interaction: Interaction, subscriptions: Iterable[Subscription]
) -> tuple[Subscription, ...]:
    """Return the digests in channels that the person can see; for managers, all of them."""
    if is_manager(interaction):
        return tuple(subscriptions)
    member: Any = interaction.user  # a Member: the command exists only in servers
    channels = (
        (subscription, find_guild_channel(interaction.guild, subscription.channel))
        for subscription in subscriptions
    )
    return tuple(
        subscription
        for subscription, guild_channel in channels
        if guild_channel and guild_channel.permissions_for(member).view_channel
    )
