"""What the commands of /digest have in common: who may use them, and which digest they are about."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import Choice, Offer
from bot.discord_ui.commands.digest_channels import seen
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.model.subscription import Subscription
from bot.presentation.blocks import Block, Line
from bot.services import digests as subscribing

Interaction = discord.Interaction[Any]
MOST_NAME_CHARS = 40

Name = app_commands.Range[str, 1, MOST_NAME_CHARS]
Work = Callable[[], Awaitable[Sequence[Block]]]

NOT_A_MANAGER = (Line(text="Only people with the permission Manage Server can do this."),)


async def answer(desk: Desk, interaction: Interaction, work: Work, *, manages: bool) -> None:
    """Shows to the one person what comes of the work; `manages` where not everyone may do it."""
    reply = InteractionReply(interaction, way="digest", private=True)
    async with guarded(desk, reply):
        desk.admit(interaction.user.id)
        if manages and not interaction.permissions.manage_guild:
            await reply.refuse(NOT_A_MANAGER)
            return
        await reply.begin()
        await reply.send(await work())


async def digests_seen(desk: Desk, interaction: Interaction) -> tuple[Subscription, ...]:
    """The digests of the server that the person may know of.

    Raises:
        StoreError: The database can't be used.
    """
    return seen(interaction, await desk.app.subscriptions.of_guild(str(interaction.guild_id)))


async def digest_meant(desk: Desk, interaction: Interaction, name: str | None) -> Subscription:
    """The digest of that name; the only one, where none is named.

    Raises:
        DigestError: There is none, or it has to be said which is meant.
        StoreError: The database can't be used.
    """
    return subscribing.chosen(await digests_seen(desk, interaction), name)


def digest_offers(desk: Desk) -> Offer:
    """The digests of the server, by name."""

    async def offered(interaction: Interaction, typed: str) -> list[Choice]:
        wanted = typed.strip().casefold()
        names = [each.name for each in await digests_seen(desk, interaction)]
        found = [name for name in names if wanted in name.casefold()]
        return [Choice(name=name, value=name) for name in found]

    return offered
