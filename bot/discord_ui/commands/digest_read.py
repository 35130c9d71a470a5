"""The commands /digest preview, now, list, history and why; only `now` is for managers."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from discord import app_commands

from bot.dates.calendar import format_day
from bot.dates.grammar import parse_first_day
from bot.delivery.digests import DigestDelivery
from bot.digest.compose import Digest
from bot.digest.schedule import get_local_day
from bot.discord_ui.channels import format_channel_name
from bot.discord_ui.commands.autocomplete import (
    Autocomplete,
    build_day_autocomplete,
    build_title_autocomplete,
    filter_names,
)
from bot.discord_ui.commands.digest_channels import (
    find_guild_channel,
    require_posting,
)
from bot.discord_ui.commands.digest_common import (
    WHICH_DIGEST,
    DigestName,
    begin_manager_reply,
    begin_reply,
    build_digest_autocomplete,
    find_subscription,
    load_visible_subscriptions,
)
from bot.discord_ui.commands.flow import private_reply
from bot.discord_ui.commands.options import Choice, Command, Interaction, ShortText
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.components import ButtonPress
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.posting.digest_poster import build_fitting_digest_blocks
from bot.errors import DigestError
from bot.model.subscription import Subscription
from bot.presentation.article import build_no_article_blocks
from bot.presentation.blocks import Action, Block, Button
from bot.presentation.digest import build_digest_listing, count_shown_entries
from bot.presentation.digest_explanation import build_step_count_blocks
from bot.presentation.digest_pages import (
    NOTHING_NEW,
    DigestListItem,
    build_digest_list_blocks,
    build_digest_why_blocks,
    build_history_blocks,
    build_post_result_blocks,
)
from bot.services.digests import get_subscription


class _DeliveringClient(Protocol):
    """The part of the client that /digest now uses; importing the client would be a cycle."""

    digest_delivery: DigestDelivery


def build_preview_command(context: BotContext) -> Command:
    """Return the command /digest preview."""

    @app_commands.command(name="preview", description="Preview a digest; only you see it")
    @app_commands.describe(
        date="The day to preview (default: the digest as of now)",
        digest=WHICH_DIGEST,
    )
    async def preview(
        interaction: Interaction, date: ShortText | None = None, digest: DigestName | None = None
    ) -> None:
        async with private_reply(context, interaction, "digest") as reply:
            context.admit(reply.user_id)
            async with context.take_turn(reply):
                subscription = await _find_subscription_or_default(context, interaction, digest)
                day = _parse_day(context, subscription, date)
                composed_digest = await context.services.digest_history.preview(subscription, day)
            await _show_preview(context, reply, composed_digest)

    preview.autocomplete("date")(build_day_autocomplete(context))
    preview.autocomplete("digest")(build_digest_autocomplete(context))
    return preview


def build_now_command(context: BotContext) -> Command:
    """Return the command /digest now."""

    @app_commands.command(
        name="now", description="Post today's digest now instead of at its usual time"
    )
    @app_commands.describe(digest=WHICH_DIGEST)
    async def now(interaction: Interaction, digest: DigestName | None = None) -> None:
        async with private_reply(context, interaction, "digest") as reply:
            await begin_manager_reply(context, reply, interaction)
            subscription = await find_subscription(context, interaction, digest)
            require_posting(find_guild_channel(interaction.guild, subscription.channel))
            await reply.send(await _post_now(context, interaction, subscription))

    now.autocomplete("digest")(build_digest_autocomplete(context))
    return now


def build_list_command(context: BotContext) -> Command:
    """Return the command /digest list."""

    @app_commands.command(
        name="list",
        description="List the digests of this server, when each is posted next and any problems",
    )
    async def list_digests(interaction: Interaction) -> None:
        async with private_reply(context, interaction, "digest") as reply:
            await begin_reply(context, reply)
            listed_digests = [
                await _build_listed_digest(context, interaction, subscription)
                for subscription in await load_visible_subscriptions(context, interaction)
            ]
            await reply.send(build_digest_list_blocks(listed_digests))

    return list_digests


def build_history_command(context: BotContext) -> Command:
    """Return the command /digest history."""

    @app_commands.command(
        name="history", description="See whether a digest was posted on each of its last days"
    )
    @app_commands.describe(digest=WHICH_DIGEST)
    async def history(interaction: Interaction, digest: DigestName | None = None) -> None:
        async with private_reply(context, interaction, "digest") as reply:
            await begin_reply(context, reply)
            subscription = await find_subscription(context, interaction, digest)
            deliveries = await context.services.digest_history.list_history(subscription)
            await reply.send(build_history_blocks(subscription, deliveries))

    history.autocomplete("digest")(build_digest_autocomplete(context))
    return history


def build_why_command(context: BotContext) -> Command:
    """Return the command /digest why."""

    @app_commands.command(
        name="why", description="See why an article is or is not in the digest of a day"
    )
    @app_commands.describe(
        article="Words from the article's title, date or source; choose a suggestion",
        digest=WHICH_DIGEST,
        date="The day of the digest (default: its latest day)",
    )
    async def why(
        interaction: Interaction,
        article: ShortText,
        digest: DigestName | None = None,
        date: ShortText | None = None,
    ) -> None:
        async with private_reply(context, interaction, "digest") as reply:
            await begin_reply(context, reply)
            subscription = await find_subscription(context, interaction, digest)
            await reply.send(await _explain_article(context, subscription, article, date))

    why.autocomplete("article")(build_title_autocomplete(context))
    why.autocomplete("date")(_build_posted_day_autocomplete(context))
    why.autocomplete("digest")(build_digest_autocomplete(context))
    return why


def _build_posted_day_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of the days on which the chosen digest was due."""

    async def suggest_days(interaction: Interaction, current: str) -> list[Choice]:
        # During autocomplete, Discord sends only the options that are already filled in.
        name = getattr(interaction.namespace, "digest", None)
        try:
            subscription = await find_subscription(context, interaction, name)
        except DigestError:
            return []
        deliveries = await context.services.digest_history.list_history(subscription)
        return filter_names((format_day(delivery.local_day) for delivery in deliveries), current)

    return suggest_days


async def _explain_article(
    context: BotContext, subscription: Subscription, article: str, date: str | None
) -> Sequence[Block]:
    today = context.services.clock.today(subscription.zone)
    card = await asyncio.to_thread(context.catalogue.find_article, article, until=today)
    if card is None:
        return build_no_article_blocks()
    day = _parse_day(context, subscription, date)
    delivery, explanation = await context.services.digest_history.explain_decision(
        subscription, card.id, day
    )
    return build_digest_why_blocks(subscription, delivery, explanation)


def _parse_day(context: BotContext, subscription: Subscription, text: str | None) -> date | None:
    """Return the typed day, read in the time zone of the digest; None if nothing was typed."""
    return parse_first_day(text, context.services.clock.today(subscription.zone)) if text else None


async def explain_posted_digest(
    context: BotContext, interaction: Interaction, press: ButtonPress
) -> None:
    """Show the number of articles at each step of choosing the posted digest."""
    async with private_reply(context, interaction, "digest") as reply:
        await reply.begin()
        step_counts = await context.services.digest_history.count_decisions_by_step(press.key)
        await reply.send(build_step_count_blocks(step_counts))


async def _build_listed_digest(
    context: BotContext, interaction: Interaction, subscription: Subscription
) -> DigestListItem:
    (next_at,) = await context.services.digest_history.list_upcoming(subscription, 1)
    channel = format_channel_name(interaction.guild, int(subscription.channel))
    return DigestListItem(subscription=subscription, channel_name=channel, next_at=next_at)


async def _find_subscription_or_default(
    context: BotContext, interaction: Interaction, name: str | None
) -> Subscription:
    """Return the digest with this name; without a name and without digests, a default one."""
    subscriptions = await load_visible_subscriptions(context, interaction)
    if subscriptions or name:
        return get_subscription(subscriptions, name)
    guild = str(interaction.guild_id)
    return context.services.digests.build_default(
        guild, (await context.load_preferences(guild)).zone
    )


async def _show_preview(context: BotContext, reply: InteractionReply, digest: Digest) -> None:
    """Show a digest with buttons for the rest, and record the receipts of its quotes."""
    listing = build_digest_listing(digest)
    person = context.get_pseudonym(reply.user_id)
    stored_listing = await context.services.listings.store(listing, person, reply.guild)
    await context.services.shown_answers.record_receipts(
        listing.entries[: count_shown_entries(digest)]
    )
    blocks = build_fitting_digest_blocks(digest, stored_listing.key, None)
    await reply.send(
        [block for block in blocks if not _is_why_button(block)], key=stored_listing.key
    )


def _is_why_button(block: Block) -> bool:
    """Return whether the block is the button that explains a delivery, which a preview has not."""
    return isinstance(block, Button) and block.action is Action.DIGEST


async def _post_now(
    context: BotContext, interaction: Interaction, subscription: Subscription
) -> Sequence[Block]:
    today = get_local_day(subscription, context.services.clock.now())
    earlier_delivery = await context.services.digest_history.find_by_day(subscription, today)
    client: _DeliveringClient = interaction.client
    delivery = await client.digest_delivery.deliver_now(subscription)
    if delivery is None:
        return NOTHING_NEW
    already_existed = earlier_delivery is not None and earlier_delivery.id == delivery.id
    return build_post_result_blocks(subscription, delivery, already_existed=already_existed)
