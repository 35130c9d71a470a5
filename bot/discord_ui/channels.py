"""The channels of a server, and whether the bot answers in them."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.context import BotContext
from bot.presentation.blocks import Block, Line
from bot.presentation.settings_pages import DELETED_CHANNEL
from bot.presentation.wording import join_parts

_MAX_NAMED_CHANNELS = 5
"""The number of channels that a refusal names at most."""


def resolve_channel_id(channel: Any) -> int:
    """Return the id of the channel; for a thread or a forum post, that of its parent channel."""
    return int(channel.parent_id if isinstance(channel, discord.Thread) else channel.id)


def format_channel_name(guild: discord.Guild | None, channel_id: int) -> str:
    """Return the name of a channel or thread with its "#", or a phrase if it was deleted."""
    guild_channel = guild.get_channel_or_thread(channel_id) if guild else None
    return f"#{guild_channel}" if guild_channel else DELETED_CHANNEL


async def build_channel_refusal(
    context: BotContext, guild: discord.Guild | None, channel: Any, user: discord.abc.User
) -> tuple[Block, ...]:
    """Return a refusal that names channels to ask in; empty if the bot answers in this channel.

    Args:
        context: What all commands need.
        guild: The server; None in direct messages and if the bot is no member of the server.
        channel: The channel of the request.
        user: The person who asks. Only channels that they can see are named.
    """
    if guild is None:
        return ()
    channel_ids = (await context.load_preferences(str(guild.id))).channels
    if not channel_ids or resolve_channel_id(channel) in channel_ids:
        return ()
    return (Line(text=format_channel_refusal(_list_visible_names(guild, channel_ids, user))),)


def format_channel_refusal(names: Sequence[str]) -> str:
    """Return the sentence that says where to ask; `names` are the channels that may be named."""
    if not names:
        return "I don't answer in this channel. The people who manage this server chose other channels."
    shown_names = [f"#{name}" for name in names[:_MAX_NAMED_CHANNELS]]
    more = ["another channel"] if len(names) > _MAX_NAMED_CHANNELS else []
    return f"I don't answer in this channel. Ask me in {join_parts([*shown_names, *more], 'or')}."


def _list_visible_names(
    guild: discord.Guild, channel_ids: Sequence[int], user: discord.abc.User
) -> list[str]:
    """Return the names of the channels that exist and that the person can see."""
    if not isinstance(user, discord.Member):
        return []
    guild_channels = (guild.get_channel(channel_id) for channel_id in channel_ids)
    return [
        channel.name
        for channel in guild_channels
        if channel and channel.permissions_for(user).view_channel
    ]
