"""Where digests are posted: what the bot lacks there, and who may know of it."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.model.subscription import Subscription
from bot.presentation.blocks import Block, Line
from bot.presentation.wording import joined

_NEEDED = ("view_channel", "send_messages")
_HISTORY = "read_message_history"

_CHANNEL_DELETED = "a channel that was deleted"
_ROLE_DELETED = "a role that was deleted"

Interaction = discord.Interaction[Any]


class PostingPlace(app_commands.Transformer):
    """A channel of text or of announcements, by its id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Those in which messages stand one below the other for all who see it."""
        return [discord.ChannelType.text, discord.ChannelType.news]

    async def transform(self, _interaction: Interaction, value: Any, /) -> str:
        """The id of the channel."""
        return str(value.id)


def place_of(guild: discord.Guild | None, channel: str) -> discord.abc.GuildChannel | None:
    """The channel of this id; None where it was deleted."""
    return guild.get_channel(int(channel)) if guild else None


def place_name(guild: discord.Guild | None, channel: str) -> str:
    """What the channel is called."""
    place = place_of(guild, channel)
    return f"#{place.name}" if place else _CHANNEL_DELETED


def role_name(guild: discord.Guild | None, role: str | None) -> str | None:
    """What the role is called; None for none."""
    if role is None:
        return None
    found = guild.get_role(int(role)) if guild else None
    return f"@{found.name}" if found else _ROLE_DELETED


def refused_there(place: discord.abc.GuildChannel | None) -> tuple[Block, ...]:
    """Why the bot can't post in the channel; empty where it can."""
    if place is None:
        return (Line(text="I can't post there: the channel was deleted."),)
    held = place.permissions_for(place.guild.me)
    lacking = [_title(name) for name in _NEEDED if not getattr(held, name)]
    if not lacking:
        return ()
    kind = "permission" if len(lacking) == 1 else "permissions"
    text = f"I can't post in #{place.name}: give me the {kind} {joined(lacking, 'and')} there."
    return (Line(text=text),)


def refused_role(
    place: discord.abc.GuildChannel | None, role: discord.Role | None
) -> tuple[Block, ...]:
    """Why the bot can't notify the role in the channel; empty where it can."""
    if place is None or role is None or role.is_default() or role.mentionable:
        return ()
    if place.permissions_for(place.guild.me).mention_everyone:
        return ()
    text = (
        f"I can't notify @{role.name} in #{place.name}: let anyone mention that role, or give me "
        "the permission Mention Everyone there."
    )
    return (Line(text=text),)


def cautions(place: discord.abc.GuildChannel | None) -> tuple[Block, ...]:
    """What the bot can't do in the channel although it can post there."""
    if place is None or getattr(place.permissions_for(place.guild.me), _HISTORY):
        return ()
    text = (
        f"I lack the permission {_title(_HISTORY)} in #{place.name}: where a fault leaves open "
        "whether a digest arrived, I can't look, and do not send it again."
    )
    return (Line(text=text, subtle=True),)


def seen(interaction: Interaction, digests: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """The digests that the person may know of: those whose channel they see, or all."""
    if interaction.permissions.manage_guild:
        return tuple(digests)
    person: Any = interaction.user  # a member, since the commands are of servers alone
    places = ((each, place_of(interaction.guild, each.channel)) for each in digests)
    return tuple(
        each for each, place in places if place and place.permissions_for(person).view_channel
    )


def _title(permission: str) -> str:
    return permission.replace("_", " ").title()
