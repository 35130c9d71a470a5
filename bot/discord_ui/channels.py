"""Where something is asked, and whether the bot answers there."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.context import BotContext
from bot.presentation.blocks import Block, Line
from bot.presentation.settings_pages import DELETED_CHANNEL
from bot.presentation.wording import join_parts

_MAX_NAMED_CHANNELS = 5
"""The channels that a person is sent to at most."""


def resolve_channel_id(channel: Any) -> int:
    """The channel for which a place counts: a thread or a post, for the one it stands in."""
    return int(channel.parent_id if isinstance(channel, discord.Thread) else channel.id)


def format_channel_name(guild: discord.Guild | None, channel_id: int) -> str:
    """Return the name of a channel or thread of the server, with its "#"; a phrase if it is gone."""
    guild_channel = guild.get_channel_or_thread(channel_id) if guild else None
    return f"#{guild_channel}" if guild_channel else DELETED_CHANNEL


async def build_channel_refusal(
    context: BotContext, guild: discord.Guild | None, channel: Any, user: discord.abc.User
) -> tuple[Block, ...]:
    """Where to ask instead, where the bot does not answer in the channel; empty where it does.

    Args:
        context: What all commands need.
        guild: The server that the bot is asked as a member of; None where it is not.
        channel: Where it is asked.
        user: Who asks; no channel that they can't see is named to them.

    Raises:
        StoreError: The database can't be used.
    """
    if guild is None:
        return ()
    channel_ids = (await context.load_preferences(str(guild.id))).channels
    if not channel_ids or resolve_channel_id(channel) in channel_ids:
        return ()
    return (Line(text=format_channel_refusal(_list_visible_names(guild, channel_ids, user))),)


def format_channel_refusal(names: Sequence[str]) -> str:
    """The sentence that says where to ask; `names` are those of the channels that can be told."""
    if not names:
        return "I don't answer in this channel. The people who manage this server chose other channels."
    shown_names = [f"#{name}" for name in names[:_MAX_NAMED_CHANNELS]]
    more = ["another channel"] if len(names) > _MAX_NAMED_CHANNELS else []
    return f"I don't answer in this channel. Ask me in {join_parts([*shown_names, *more], 'or')}."


def _list_visible_names(
    guild: discord.Guild, channel_ids: Sequence[int], user: discord.abc.User
) -> list[str]:
    """The names of those channels that there are and that the person sees."""
    if not isinstance(user, discord.Member):
        return []
    guild_channels = (guild.get_channel(channel_id) for channel_id in channel_ids)
    return [
        channel.name
        for channel in guild_channels
        if channel and channel.permissions_for(user).view_channel
    ]
