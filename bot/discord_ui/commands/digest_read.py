"""The commands /digest preview, list, history and why, for all, and now, for those who manage."""

import asyncio
from collections.abc import Sequence
from typing import Any

from discord import app_commands

from bot.dates.calendar import day_text
from bot.dates.grammar import first_day
from bot.digest.compose import Digest
from bot.digest.schedule import local_day
from bot.discord_ui.commands.autocomplete import Choice, day_offers, title_offers
from bot.discord_ui.commands.digest_channels import place_name, place_of, refused_there
from bot.discord_ui.commands.digest_common import (
    Interaction,
    Name,
    answer,
    digest_meant,
    digest_offers,
    digests_seen,
)
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.components import Press
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.posting.digest_poster import fitted
from bot.errors import DigestError
from bot.model.subscription import Subscription
from bot.presentation.article import unmatched_blocks
from bot.presentation.blocks import Action, Block, Button
from bot.presentation.digest import digest_listing, shown_count
from bot.presentation.digest_pages import (
    NOTHING_NEW,
    Listed,
    history_blocks,
    list_blocks,
    posted_blocks,
    why_blocks,
)
from bot.presentation.explanation import counted_blocks
from bot.services import app as running
from bot.services import digest_history as explaining
from bot.services import digests as subscribing
from bot.services import listings as browsing

Short = app_commands.Range[str, 1, 100]


def add_preview(desk: Desk, digest: app_commands.Group) -> None:
    """Adds /digest preview."""

    @digest.command(name="preview")
    @app_commands.describe(
        date="The day of which to see it; as it would be now, if you leave it out",
        digest="Which digest, where there are several",
    )
    async def preview(
        interaction: Interaction, date: Short | None = None, digest: Name | None = None
    ) -> None:
        """See what a digest would say, just for you; nothing is posted."""
        reply = InteractionReply(interaction, way="digest", private=True)
        async with guarded(desk, reply):
            desk.admit(interaction.user.id)
            await reply.begin()
            meant = await _previewed(desk, interaction, digest)
            today = desk.app.today_in(meant.zone)
            day = first_day(date, today) if date else None
            made = await explaining.previewed(desk.app, meant, day)
            await _show(desk, interaction, reply, made)

    preview.autocomplete("date")(day_offers(desk))
    preview.autocomplete("digest")(digest_offers(desk))


def add_now(desk: Desk, digest: app_commands.Group) -> None:
    """Adds /digest now."""

    @digest.command(name="now")
    @app_commands.describe(digest="Which digest, where there are several")
    async def now(interaction: Interaction, digest: Name | None = None) -> None:
        """Post today's digest at once; it is left out when its time comes."""

        async def work() -> Sequence[Block]:
            meant = await digest_meant(desk, interaction, digest)
            if refused := refused_there(place_of(interaction.guild, meant.channel)):
                return refused
            return await _posted(desk, interaction, meant)

        await answer(desk, interaction, work, manages=True)

    now.autocomplete("digest")(digest_offers(desk))


def add_list(desk: Desk, digest: app_commands.Group) -> None:
    """Adds /digest list."""

    @digest.command(name="list")
    async def listed(interaction: Interaction) -> None:
        """The digests of this server, when each comes next, and what troubles it."""

        async def work() -> Sequence[Block]:
            digests = await digests_seen(desk, interaction)
            return list_blocks([await _listed(desk, interaction, each) for each in digests])

        await answer(desk, interaction, work, manages=False)


def add_history(desk: Desk, digest: app_commands.Group) -> None:
    """Adds /digest history."""

    @digest.command(name="history")
    @app_commands.describe(digest="Which digest, where there are several")
    async def history(interaction: Interaction, digest: Name | None = None) -> None:
        """What became of a digest on each of its last days."""

        async def work() -> Sequence[Block]:
            meant = await digest_meant(desk, interaction, digest)
            return history_blocks(meant, await explaining.history(desk.app, meant))

        await answer(desk, interaction, work, manages=False)

    history.autocomplete("digest")(digest_offers(desk))


def add_why(desk: Desk, digest: app_commands.Group) -> None:
    """Adds /digest why."""

    @digest.command(name="why")
    @app_commands.describe(
        article="Words of its title, its day or its source; choose one of those offered",
        digest="Which digest, where there are several",
        date="The day of the digest (unless you say, its last one)",
    )
    async def why(
        interaction: Interaction,
        article: Short,
        digest: Name | None = None,
        date: Short | None = None,
    ) -> None:
        """Why an article is in the digest of a day, or at which step it was left out."""

        async def work() -> Sequence[Block]:
            meant = await digest_meant(desk, interaction, digest)
            today = desk.app.today_in(meant.zone)
            card = await asyncio.to_thread(desk.catalogue.named, article, until=today)
            if card is None:
                return unmatched_blocks()
            day = first_day(date, today) if date else None
            return why_blocks(meant, *await explaining.explained(desk.app, meant, card.id, day))

        await answer(desk, interaction, work, manages=False)

    @why.autocomplete("date")
    async def offered(interaction: Interaction, typed: str) -> list[Choice]:
        name = getattr(interaction.namespace, "digest", None)
        try:
            meant = await digest_meant(desk, interaction, name)
        except DigestError:
            return []
        days = [day_text(each.local_day) for each in await explaining.history(desk.app, meant)]
        wanted = typed.strip().casefold()
        return [Choice(name=day, value=day) for day in days if wanted in day.casefold()]

    why.autocomplete("article")(title_offers(desk))
    why.autocomplete("digest")(digest_offers(desk))


async def why_these(desk: Desk, interaction: Interaction, press: Press) -> None:
    """Shows who pressed the button of a posted digest how its articles were chosen."""

    async def work() -> Sequence[Block]:
        return counted_blocks(await explaining.counted(desk.app, press.key))

    await answer(desk, interaction, work, manages=False)


async def _listed(desk: Desk, interaction: Interaction, digest: Subscription) -> Listed:
    (next_at,) = await explaining.coming(desk.app, digest, 1)
    channel = place_name(interaction.guild, digest.channel)
    return Listed(digest=digest, channel=channel, next_at=next_at)


async def _previewed(desk: Desk, interaction: Interaction, name: str | None) -> Subscription:
    """The digest that is meant; the usual one, where the server has none."""
    digests = await digests_seen(desk, interaction)
    if digests or name:
        return subscribing.chosen(digests, name)
    guild = str(interaction.guild_id)
    return subscribing.usual(desk.app, guild, (await desk.manner(guild)).zone)


async def _show(
    desk: Desk, interaction: Interaction, reply: InteractionReply, made: Digest
) -> None:
    """Shows a digest, the rest of it a button away; what it quotes can be verified then."""
    listing = digest_listing(made)
    person = desk.person(interaction.user.id)
    kept = await browsing.keep(desk.app, listing, person, reply.guild)
    await running.record_shown(desk.app, listing.entries[: shown_count(made)])
    shown = fitted(made, kept.key, None)
    await reply.send([block for block in shown if not _tells_why(block)], key=kept.key)


def _tells_why(block: Block) -> bool:
    """Whether it is the button that tells of a delivery, which a preview has none of."""
    return isinstance(block, Button) and block.action is Action.DIGEST


async def _posted(desk: Desk, interaction: Interaction, meant: Subscription) -> Sequence[Block]:
    today = local_day(meant, desk.app.clock())
    before = await desk.app.deliveries.on(meant.id, today)
    client: Any = interaction.client
    delivery = await client.deliverer.deliver_now(meant)
    if delivery is None:
        return NOTHING_NEW
    was_there = before is not None and before.id == delivery.id
    return posted_blocks(meant, delivery, was_there=was_there)
