"""The commands /digest set, topics, pause, resume and off: for those who manage the server."""

from collections.abc import Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from bot.digest.parsing import DAYS, plain
from bot.discord_ui.commands.autocomplete import (
    MOST_CHOICES,
    Choice,
    several_source_offers,
    zone_offers,
)
from bot.discord_ui.commands.digest_channels import (
    PostingPlace,
    cautions,
    place_name,
    place_of,
    refused_role,
    refused_there,
    role_name,
)
from bot.discord_ui.commands.digest_common import (
    MOST_NAME_CHARS,
    Interaction,
    Name,
    answer,
    digest_meant,
    digest_offers,
    digests_seen,
)
from bot.discord_ui.commands.zones import nearest_zones, zone_named, zone_names
from bot.discord_ui.context import Desk
from bot.lookups.source_counts import sources_held
from bot.model.subscription import Subscription, WhenEmpty
from bot.presentation.blocks import Block, Line
from bot.presentation.settings_pages import no_zone_blocks
from bot.presentation.subscription import subscription_blocks
from bot.presentation.truncation import cut
from bot.services import digest_history as explaining
from bot.services import digests as subscribing
from bot.services.digests import MOST_ENTRIES, NOBODY, Wishes

Terms = app_commands.Range[str, 1, 100]
Heading = app_commands.Range[str, 1, 50]
Change = Callable[[Subscription], Awaitable[Subscription]]

_TIMES_TOLD = 3


def add_set(desk: Desk, digest: app_commands.Group) -> None:
    """Adds /digest set."""
    names = zone_names()

    @digest.command(name="set")
    @app_commands.describe(
        channel="Where it is posted",
        time="The time of day, as HH:MM",
        timezone="A city, or the IANA name of its time zone (unless you say, that of this server)",
        days="On which days (unless you say, every day)",
        topics="Words to search for, with commas between topics, like AI: OpenAI, flood; all for any",
        sources="Only articles of these sources, with commas between them; all for any",
        max_entries=f"How many stories at most, 1 to {MOST_ENTRIES}",
        when_empty="What happens on a day on which nothing is new",
        mention_role="The role that each digest mentions; @everyone for none, since I never ping all",
        name="What it is called (unless you say, as its channel); one of that name is changed",
    )
    @app_commands.choices(
        days=[Choice(name=name, value=name) for name in DAYS],
        when_empty=[
            Choice(name="skip the day", value=WhenEmpty.SKIP.value),
            Choice(name="post a note", value=WhenEmpty.NOTE.value),
        ],
    )
    async def command(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: Interaction,
        channel: app_commands.Transform[str, PostingPlace],
        time: app_commands.Range[str, 1, 10],
        timezone: app_commands.Range[str, 1, 100] | None = None,
        days: str | None = None,
        topics: app_commands.Range[str, 1, 1000] | None = None,
        sources: app_commands.Range[str, 1, 300] | None = None,
        max_entries: app_commands.Range[int, 1, MOST_ENTRIES] | None = None,
        when_empty: str | None = None,
        mention_role: discord.Role | None = None,
        name: Name | None = None,
    ) -> None:
        """Have a digest posted at a time of day; of one that there is, what you leave out stays."""

        async def work() -> Sequence[Block]:
            place = place_of(interaction.guild, channel)
            zone = zone_named(timezone, names) if timezone else None
            if refused := refused_there(place) or refused_role(place, mention_role):
                return refused
            if timezone and zone is None:
                return no_zone_blocks(timezone, nearest_zones(timezone, names))
            wishes = Wishes(
                name=_given(name) or _named_after(place_name(interaction.guild, channel)),
                channel=channel,
                at=time,
                zone=ZoneInfo(zone) if zone else None,
                days=days,
                topics=topics,
                sources=sources,
                max_entries=max_entries,
                when_empty=WhenEmpty(when_empty) if when_empty else None,
                mention_role=_wished(mention_role),
            )
            return await _told(desk, interaction, await _set(desk, interaction, wishes))

        await answer(desk, interaction, work, manages=True)

    command.autocomplete("timezone")(zone_offers(desk, names))
    command.autocomplete("sources")(several_source_offers(desk))
    command.autocomplete("name")(digest_offers(desk))


def add_topics(desk: Desk, digest: app_commands.Group) -> None:
    """Adds /digest topics add and remove."""
    topics = app_commands.Group(
        name="topics", description="What a digest is about, topic by topic", parent=digest
    )

    @topics.command(name="add")
    @app_commands.describe(
        terms="The words to search for",
        heading="What stands above it (unless you say, the words themselves)",
        digest="Which digest, where there are several",
    )
    async def add(
        interaction: Interaction,
        terms: Terms,
        heading: Heading | None = None,
        digest: Name | None = None,
    ) -> None:
        """Let a digest be about this, too, and no longer about all that is new."""
        await _change(
            desk,
            interaction,
            digest,
            lambda meant: subscribing.add_topic(desk.app, meant, typed=terms, heading=heading),
        )

    @topics.command(name="remove")
    @app_commands.describe(
        topic="Its heading or its words; choose one of those offered",
        digest="Which digest, where there are several",
    )
    async def remove(interaction: Interaction, topic: Terms, digest: Name | None = None) -> None:
        """Take a topic from a digest; it is about all that is new once it has none."""
        await _change(
            desk,
            interaction,
            digest,
            lambda meant: subscribing.remove_topic(desk.app, meant, topic),
        )

    @remove.autocomplete("topic")
    async def offered(interaction: Interaction, typed: str) -> list[Choice]:
        wanted = typed.strip().casefold()
        name = getattr(interaction.namespace, "digest", None)
        digests = await digests_seen(desk, interaction)
        meant = [each for each in digests if each.name == name] or digests
        titles = dict.fromkeys(
            topic.heading or topic.typed for each in meant for topic in each.topics
        )
        found = [title for title in titles if wanted in title.casefold()]
        return [Choice(name=title, value=title) for title in found[:MOST_CHOICES]]

    add.autocomplete("digest")(digest_offers(desk))
    remove.autocomplete("digest")(digest_offers(desk))


def add_states(desk: Desk, digest: app_commands.Group) -> None:
    """Adds /digest pause, resume and off."""

    @digest.command(name="pause")
    @app_commands.describe(digest="Which digest, where there are several")
    async def pause(interaction: Interaction, digest: Name | None = None) -> None:
        """Post no digest until it is resumed."""
        await _change(desk, interaction, digest, lambda meant: subscribing.pause(desk.app, meant))

    @digest.command(name="resume")
    @app_commands.describe(digest="Which digest, where there are several")
    async def resume(interaction: Interaction, digest: Name | None = None) -> None:
        """Post a digest again that was paused, by you or by me; it begins at now."""

        async def work() -> Sequence[Block]:
            meant = await digest_meant(desk, interaction, digest)
            if refused := refused_there(place_of(interaction.guild, meant.channel)):
                return refused
            return await _told(desk, interaction, await subscribing.resume(desk.app, meant))

        await answer(desk, interaction, work, manages=True)

    @digest.command(name="off")
    @app_commands.describe(digest="Which digest, where there are several")
    async def off(interaction: Interaction, digest: Name | None = None) -> None:
        """End a digest for good; what it was about and its history are deleted."""

        async def work() -> Sequence[Block]:
            meant = await digest_meant(desk, interaction, digest)
            await subscribing.end(desk.app, meant)
            return (Line(text=f"The digest “{meant.name}” is off, and its history is deleted."),)

        await answer(desk, interaction, work, manages=True)

    pause.autocomplete("digest")(digest_offers(desk))
    resume.autocomplete("digest")(digest_offers(desk))
    off.autocomplete("digest")(digest_offers(desk))


async def _change(desk: Desk, interaction: Interaction, name: str | None, change: Change) -> None:
    """Shows the digest of that name to a manager, once it is changed."""

    async def work() -> Sequence[Block]:
        meant = await digest_meant(desk, interaction, name)
        return await _told(desk, interaction, await change(meant))

    await answer(desk, interaction, work, manages=True)


async def _set(desk: Desk, interaction: Interaction, wishes: Wishes) -> Subscription:
    guild = str(interaction.guild_id)
    zone = (await desk.manner(guild)).zone
    held = sources_held(desk.catalogue.articles, until=desk.app.today_in(zone))
    sources = [each.name for each in held if each.name]
    return await subscribing.set_digest(desk.app, guild, wishes, zone=zone, sources=sources)


def _given(name: str | None) -> str:
    """The name that was typed; "" where there is nothing to be seen of it."""
    return name.strip() if name and plain(name) else ""


def _named_after(channel: str) -> str:
    return cut(channel.removeprefix("#"), MOST_NAME_CHARS)


def _wished(role: discord.Role | None) -> str | None:
    if role is None:
        return None
    return NOBODY if role.is_default() else str(role.id)


async def _told(desk: Desk, interaction: Interaction, digest: Subscription) -> tuple[Block, ...]:
    """All that is set of the digest, and what to beware of."""
    guild = interaction.guild
    shown = subscription_blocks(
        digest,
        channel=place_name(guild, digest.channel),
        role=role_name(guild, digest.mention_role),
        times=await explaining.coming(desk.app, digest, _TIMES_TOLD),
    )
    return (*shown, *cautions(place_of(guild, digest.channel)))
