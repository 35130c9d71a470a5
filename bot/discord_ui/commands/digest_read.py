"""The commands /digest preview, list, history and why, for all, and now, for those who manage."""

import asyncio
from collections.abc import Sequence
from typing import Any

from discord import app_commands

from bot.dates.calendar import format_day
from bot.dates.grammar import parse_first_day
from bot.digest.compose import Digest
from bot.digest.schedule import get_local_day
from bot.discord_ui.commands.autocomplete import (
    Choice,
    build_day_autocomplete,
    build_title_autocomplete,
)
from bot.discord_ui.commands.digest_channels import (
    build_posting_refusal,
    find_guild_channel,
    format_channel_name,
)
from bot.discord_ui.commands.digest_common import (
    DigestName,
    Interaction,
    build_digest_autocomplete,
    find_subscription,
    load_visible_subscriptions,
    run_digest_command,
)
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.components import ButtonPress
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.posting.digest_poster import build_fitting_digest_blocks
from bot.errors import DigestError
from bot.model.subscription import Subscription
from bot.presentation.article import build_unmatched_blocks
from bot.presentation.blocks import Action, Block, Button
from bot.presentation.digest import build_digest_listing, count_shown_entries
from bot.presentation.digest_pages import (
    NOTHING_NEW,
    ListedDigest,
    build_digest_list_blocks,
    build_digest_why_blocks,
    build_history_blocks,
    build_posted_blocks,
)
from bot.presentation.explanation import build_step_count_blocks
from bot.services.digests import get_subscription

ShortText = app_commands.Range[str, 1, 100]


def add_preview_command(context: BotContext, group: app_commands.Group) -> None:
    """Adds /digest preview."""

    @group.command(name="preview")
    @app_commands.describe(
        date="The day of which to see it; as it would be now, if you leave it out",
        digest="Which digest, where there are several",
    )
    async def preview(
        interaction: Interaction, date: ShortText | None = None, digest: DigestName | None = None
    ) -> None:
        """See what a digest would say, just for you; nothing is posted."""
        reply = InteractionReply(interaction, entry_point="digest", private=True)
        async with report_errors(context, reply):
            context.admit(interaction.user.id)
            await reply.begin()
            subscription = await _find_subscription_or_default(context, interaction, digest)
            today = context.services.clock.today(subscription.zone)
            day = parse_first_day(date, today) if date else None
            composed_digest = await context.services.digest_history.preview(subscription, day)
            await _show_preview(context, interaction, reply, composed_digest)

    preview.autocomplete("date")(build_day_autocomplete(context))
    preview.autocomplete("digest")(build_digest_autocomplete(context))


def add_now_command(context: BotContext, group: app_commands.Group) -> None:
    """Adds /digest now."""

    @group.command(name="now")
    @app_commands.describe(digest="Which digest, where there are several")
    async def now(interaction: Interaction, digest: DigestName | None = None) -> None:
        """Post today's digest at once; it is left out when its time comes."""

        async def respond() -> Sequence[Block]:
            subscription = await find_subscription(context, interaction, digest)
            if refusal := build_posting_refusal(
                find_guild_channel(interaction.guild, subscription.channel)
            ):
                return refusal
            return await _post_now(context, interaction, subscription)

        await run_digest_command(context, interaction, respond, requires_manager=True)

    now.autocomplete("digest")(build_digest_autocomplete(context))


def add_list_command(context: BotContext, group: app_commands.Group) -> None:
    """Adds /digest list."""

    @group.command(name="list")
    async def list_digests(interaction: Interaction) -> None:
        """The digests of this server, when each comes next, and what troubles it."""

        async def respond() -> Sequence[Block]:
            subscriptions = await load_visible_subscriptions(context, interaction)
            return build_digest_list_blocks(
                [
                    await _build_listed_digest(context, interaction, subscription)
                    for subscription in subscriptions
                ]
            )

        await run_digest_command(context, interaction, respond, requires_manager=False)


def add_history_command(context: BotContext, group: app_commands.Group) -> None:
    """Adds /digest history."""

    @group.command(name="history")
    @app_commands.describe(digest="Which digest, where there are several")
    async def history(interaction: Interaction, digest: DigestName | None = None) -> None:
        """What became of a digest on each of its last days."""

        async def respond() -> Sequence[Block]:
            subscription = await find_subscription(context, interaction, digest)
            return build_history_blocks(
                subscription, await context.services.digest_history.list_history(subscription)
            )

        await run_digest_command(context, interaction, respond, requires_manager=False)

    history.autocomplete("digest")(build_digest_autocomplete(context))


def add_why_command(context: BotContext, group: app_commands.Group) -> None:
    """Adds /digest why."""

    @group.command(name="why")
    @app_commands.describe(
        article="Words of its title, its day or its source; choose one of those offered",
        digest="Which digest, where there are several",
        date="The day of the digest (unless you say, its last one)",
    )
    async def why(
        interaction: Interaction,
        article: ShortText,
        digest: DigestName | None = None,
        date: ShortText | None = None,
    ) -> None:
        """Why an article is in the digest of a day, or at which step it was left out."""

        async def respond() -> Sequence[Block]:
            subscription = await find_subscription(context, interaction, digest)
            today = context.services.clock.today(subscription.zone)
            card = await asyncio.to_thread(context.catalogue.find_article, article, until=today)
            if card is None:
                return build_unmatched_blocks()
            day = parse_first_day(date, today) if date else None
            return build_digest_why_blocks(
                subscription,
                *await context.services.digest_history.explain_decision(subscription, card.id, day),
            )

        await run_digest_command(context, interaction, respond, requires_manager=False)

    @why.autocomplete("date")
    async def suggest_dates(interaction: Interaction, current: str) -> list[Choice]:
        name = getattr(interaction.namespace, "digest", None)
        try:
            subscription = await find_subscription(context, interaction, name)
        except DigestError:
            return []
        days = [
            format_day(delivery.local_day)
            for delivery in await context.services.digest_history.list_history(subscription)
        ]
        fragment = current.strip().casefold()
        return [Choice(name=day, value=day) for day in days if fragment in day.casefold()]

    why.autocomplete("article")(build_title_autocomplete(context))
    why.autocomplete("digest")(build_digest_autocomplete(context))


async def explain_posted_digest(
    context: BotContext, interaction: Interaction, press: ButtonPress
) -> None:
    """Shows who pressed the button of a posted digest how its articles were chosen."""

    async def respond() -> Sequence[Block]:
        return build_step_count_blocks(
            await context.services.digest_history.count_by_step(press.key)
        )

    await run_digest_command(context, interaction, respond, requires_manager=False)


async def _build_listed_digest(
    context: BotContext, interaction: Interaction, subscription: Subscription
) -> ListedDigest:
    (next_at,) = await context.services.digest_history.list_upcoming(subscription, 1)
    channel = format_channel_name(interaction.guild, subscription.channel)
    return ListedDigest(subscription=subscription, channel_name=channel, next_at=next_at)


async def _find_subscription_or_default(
    context: BotContext, interaction: Interaction, name: str | None
) -> Subscription:
    """The digest that is meant; the usual one, where the server has none."""
    subscriptions = await load_visible_subscriptions(context, interaction)
    if subscriptions or name:
        return get_subscription(subscriptions, name)
    guild = str(interaction.guild_id)
    return context.services.digests.build_default(
        guild, (await context.load_preferences(guild)).zone
    )


async def _show_preview(
    context: BotContext, interaction: Interaction, reply: InteractionReply, digest: Digest
) -> None:
    """Shows a digest, the rest of it a button away; what it quotes can be verified then."""
    listing = build_digest_listing(digest)
    person = context.get_pseudonym(interaction.user.id)
    stored_listing = await context.services.listings.store(listing, person, reply.guild)
    await context.services.shown_answers.record_receipts(
        listing.entries[: count_shown_entries(digest)]
    )
    blocks = build_fitting_digest_blocks(digest, stored_listing.key, None)
    await reply.send(
        [block for block in blocks if not _is_why_button(block)], key=stored_listing.key
    )


def _is_why_button(block: Block) -> bool:
    """Whether it is the button that tells of a delivery, which a preview has none of."""
    return isinstance(block, Button) and block.action is Action.DIGEST


async def _post_now(
    context: BotContext, interaction: Interaction, subscription: Subscription
) -> Sequence[Block]:
    today = get_local_day(subscription, context.services.clock.now())
    earlier_delivery = await context.services.digest_history.find_by_day(subscription, today)
    client: Any = interaction.client
    delivery = await client.deliverer.deliver_now(subscription)
    if delivery is None:
        return NOTHING_NEW
    already_existed = earlier_delivery is not None and earlier_delivery.id == delivery.id
    return build_posted_blocks(subscription, delivery, already_existed=already_existed)
