"""Where something is asked, and whether the bot answers there."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.context import Desk
from bot.presentation.blocks import Block, Line
from bot.presentation.wording import joined

_MOST_NAMED = 5
"""The channels that a person is sent to at most."""


def counted_with(channel: Any) -> int:
    """The channel for which a place counts: a thread or a post, for the one it stands in."""
    return int(channel.parent_id if isinstance(channel, discord.Thread) else channel.id)


async def barred(
    desk: Desk, guild: discord.Guild | None, channel: Any, person: discord.abc.User
) -> tuple[Block, ...]:
    """Where to ask instead, where the bot does not answer in the channel; empty where it does.

    Args:
        desk: The desk.
        guild: The server that the bot is asked as a member of; None where it is not.
        channel: Where it is asked.
        person: Who asks; no channel that they can't see is named to them.

    Raises:
        StoreError: The database can't be used.
    """
    if guild is None:
        return ()
    channels = (await desk.manner(str(guild.id))).channels
    if not channels or counted_with(channel) in channels:
        return ()
    return (Line(text=elsewhere_text(_seen(guild, channels, person))),)


def elsewhere_text(names: Sequence[str]) -> str:
    """The sentence that says where to ask; `names` are those of the channels that can be told."""
    if not names:
        return "I don't answer in this channel: whoever manages this server chose others."
    shown = [f"#{name}" for name in names[:_MOST_NAMED]]
    more = ["another channel"] if len(names) > _MOST_NAMED else []
    return f"I don't answer in this channel: ask me in {joined([*shown, *more], 'or')}."


def _seen(guild: discord.Guild, channels: Sequence[int], person: discord.abc.User) -> list[str]:
    """The names of those channels that there are and that the person sees."""
    if not isinstance(person, discord.Member):
        return []
    found = (guild.get_channel(each) for each in channels)
    return [each.name for each in found if each and each.permissions_for(person).view_channel]
