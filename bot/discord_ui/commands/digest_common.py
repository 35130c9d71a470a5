"""What the commands of /digest have in common: who may use them, and which digest they are about."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import Autocomplete, Choice
from bot.discord_ui.commands.digest_channels import filter_visible
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.model.subscription import Subscription
from bot.presentation.blocks import Block, Line
from bot.services.digests import get_subscription

Interaction = discord.Interaction[Any]
MAX_NAME_CHARS = 40

DigestName = app_commands.Range[str, 1, MAX_NAME_CHARS]
Responder = Callable[[], Awaitable[Sequence[Block]]]

NOT_A_MANAGER = (Line(text="Only people with the permission Manage Server can do this."),)


async def run_digest_command(
    context: BotContext, interaction: Interaction, respond: Responder, *, requires_manager: bool
) -> None:
    """Shows to the one person what comes of the work; `requires_manager` where not everyone may do it."""
    reply = InteractionReply(interaction, entry_point="digest", private=True)
    async with report_errors(context, reply):
        context.admit(interaction.user.id)
        if requires_manager and not interaction.permissions.manage_guild:
            await reply.refuse(NOT_A_MANAGER)
            return
        await reply.begin()
        await reply.send(await respond())


async def load_visible_subscriptions(
    context: BotContext, interaction: Interaction
) -> tuple[Subscription, ...]:
    """The digests of the server that the person may know of.

    Raises:
        StoreError: The database can't be used.
    """
    return filter_visible(
        interaction, await context.services.digests.list(str(interaction.guild_id))
    )


async def find_subscription(
    context: BotContext, interaction: Interaction, name: str | None
) -> Subscription:
    """The digest of that name; the only one, where none is named.

    Raises:
        DigestError: There is none, or it has to be said which is meant.
        StoreError: The database can't be used.
    """
    return get_subscription(await load_visible_subscriptions(context, interaction), name)


def build_digest_autocomplete(context: BotContext) -> Autocomplete:
    """The digests of the server, by name."""

    async def suggest_digests(interaction: Interaction, current: str) -> list[Choice]:
        fragment = current.strip().casefold()
        names = [
            subscription.name
            for subscription in await load_visible_subscriptions(context, interaction)
        ]
        matching_names = [name for name in names if fragment in name.casefold()]
        return [Choice(name=name, value=name) for name in matching_names]

    return suggest_digests
