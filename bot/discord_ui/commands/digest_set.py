"""The commands /digest set, topics, pause, resume and off: for those who manage the server."""

from collections.abc import Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from bot.digest.parsing import DAY_CHOICES, normalise_name
from bot.discord_ui.commands.autocomplete import (
    MAX_CHOICES,
    Choice,
    build_source_list_autocomplete,
    build_zone_autocomplete,
)
from bot.discord_ui.commands.digest_channels import (
    PostingChannelTransformer,
    build_posting_cautions,
    build_posting_refusal,
    build_role_refusal,
    find_guild_channel,
    format_channel_name,
    format_role_name,
)
from bot.discord_ui.commands.digest_common import (
    MAX_NAME_CHARS,
    DigestName,
    Interaction,
    build_digest_autocomplete,
    find_subscription,
    load_visible_subscriptions,
    run_digest_command,
)
from bot.discord_ui.commands.zones import find_zone, list_zone_names, suggest_zones
from bot.discord_ui.context import BotContext
from bot.lookups.source_counts import list_sources
from bot.model.subscription import Subscription, WhenEmpty
from bot.presentation.blocks import Block, Line
from bot.presentation.settings_pages import build_unknown_zone_blocks
from bot.presentation.subscription import build_subscription_blocks
from bot.presentation.truncation import cut
from bot.services.digests import MAX_ENTRIES, NO_ROLE, DigestOptions

TermsText = app_commands.Range[str, 1, 100]
HeadingText = app_commands.Range[str, 1, 50]
SubscriptionChange = Callable[[Subscription], Awaitable[Subscription]]

_SHOWN_TIMES = 3


def add_set_command(context: BotContext, group: app_commands.Group) -> None:
    """Adds /digest set."""
    names = list_zone_names()

    @group.command(name="set")
    @app_commands.describe(
        channel="Where it is posted",
        time="The time of day, as HH:MM",
        timezone="A city, or the IANA name of its time zone (unless you say, that of this server)",
        days="On which days (unless you say, every day)",
        topics="Words to search for, with commas between topics, like AI: OpenAI, flood; all for any",
        sources="Only articles of these sources, with commas between them; all for any",
        max_entries=f"How many stories at most, 1 to {MAX_ENTRIES}",
        when_empty="What happens on a day on which nothing is new",
        mention_role="The role that each digest mentions; @everyone for none, since I never ping all",
        name="What it is called (unless you say, as its channel); one of that name is changed",
    )
    @app_commands.choices(
        days=[Choice(name=name, value=name) for name in DAY_CHOICES],
        when_empty=[
            Choice(name="skip the day", value=WhenEmpty.SKIP.value),
            Choice(name="post a note", value=WhenEmpty.NOTE.value),
        ],
    )
    async def command(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: Interaction,
        channel: app_commands.Transform[str, PostingChannelTransformer],
        time: app_commands.Range[str, 1, 10],
        timezone: app_commands.Range[str, 1, 100] | None = None,
        days: str | None = None,
        topics: app_commands.Range[str, 1, 1000] | None = None,
        sources: app_commands.Range[str, 1, 300] | None = None,
        max_entries: app_commands.Range[int, 1, MAX_ENTRIES] | None = None,
        when_empty: str | None = None,
        mention_role: discord.Role | None = None,
        name: DigestName | None = None,
    ) -> None:
        """Have a digest posted at a time of day; of one that there is, what you leave out stays."""

        async def respond() -> Sequence[Block]:
            guild_channel = find_guild_channel(interaction.guild, channel)
            zone = find_zone(timezone, names) if timezone else None
            if refusal := build_posting_refusal(guild_channel) or build_role_refusal(
                guild_channel, mention_role
            ):
                return refusal
            if timezone and zone is None:
                return build_unknown_zone_blocks(timezone, suggest_zones(timezone, names))
            options = DigestOptions(
                name=_clean_name(name)
                or _derive_name(format_channel_name(interaction.guild, channel)),
                channel=channel,
                at=time,
                zone=ZoneInfo(zone) if zone else None,
                days=days,
                topics=topics,
                sources=sources,
                max_entries=max_entries,
                when_empty=WhenEmpty(when_empty) if when_empty else None,
                mention_role=_parse_mention_role(mention_role),
            )
            return await _build_confirmation(
                context, interaction, await _set_digest(context, interaction, options)
            )

        await run_digest_command(context, interaction, respond, requires_manager=True)

    command.autocomplete("timezone")(build_zone_autocomplete(context, names))
    command.autocomplete("sources")(build_source_list_autocomplete(context))
    command.autocomplete("name")(build_digest_autocomplete(context))


def add_topic_commands(context: BotContext, group: app_commands.Group) -> None:
    """Adds /digest topics add and remove."""
    topics_group = app_commands.Group(
        name="topics", description="What a digest is about, topic by topic", parent=group
    )

    @topics_group.command(name="add")
    @app_commands.describe(
        terms="The words to search for",
        heading="What stands above it (unless you say, the words themselves)",
        digest="Which digest, where there are several",
    )
    async def add(
        interaction: Interaction,
        terms: TermsText,
        heading: HeadingText | None = None,
        digest: DigestName | None = None,
    ) -> None:
        """Let a digest be about this, too, and no longer about all that is new."""
        await _change_subscription(
            context,
            interaction,
            digest,
            lambda subscription: context.services.digests.add_topic(
                subscription, query_text=terms, heading=heading
            ),
        )

    @topics_group.command(name="remove")
    @app_commands.describe(
        topic="Its heading or its words; choose one of those offered",
        digest="Which digest, where there are several",
    )
    async def remove(
        interaction: Interaction, topic: TermsText, digest: DigestName | None = None
    ) -> None:
        """Take a topic from a digest; it is about all that is new once it has none."""
        await _change_subscription(
            context,
            interaction,
            digest,
            lambda subscription: context.services.digests.remove_topic(subscription, topic),
        )

    @remove.autocomplete("topic")
    async def suggest_topics(interaction: Interaction, current: str) -> list[Choice]:
        fragment = current.strip().casefold()
        name = getattr(interaction.namespace, "digest", None)
        subscriptions = await load_visible_subscriptions(context, interaction)
        chosen_subscriptions = [
            subscription for subscription in subscriptions if subscription.name == name
        ] or subscriptions
        titles = dict.fromkeys(
            topic.heading or topic.query_text
            for subscription in chosen_subscriptions
            for topic in subscription.topics
        )
        matching_titles = [title for title in titles if fragment in title.casefold()]
        return [Choice(name=title, value=title) for title in matching_titles[:MAX_CHOICES]]

    add.autocomplete("digest")(build_digest_autocomplete(context))
    remove.autocomplete("digest")(build_digest_autocomplete(context))


def add_state_commands(context: BotContext, group: app_commands.Group) -> None:
    """Adds /digest pause, resume and off."""

    @group.command(name="pause")
    @app_commands.describe(digest="Which digest, where there are several")
    async def pause(interaction: Interaction, digest: DigestName | None = None) -> None:
        """Post no digest until it is resumed."""
        await _change_subscription(
            context,
            interaction,
            digest,
            context.services.digests.pause,
        )

    @group.command(name="resume")
    @app_commands.describe(digest="Which digest, where there are several")
    async def resume(interaction: Interaction, digest: DigestName | None = None) -> None:
        """Post a digest again that was paused, by you or by me; it begins at now."""

        async def respond() -> Sequence[Block]:
            subscription = await find_subscription(context, interaction, digest)
            if refusal := build_posting_refusal(
                find_guild_channel(interaction.guild, subscription.channel)
            ):
                return refusal
            return await _build_confirmation(
                context, interaction, await context.services.digests.resume(subscription)
            )

        await run_digest_command(context, interaction, respond, requires_manager=True)

    @group.command(name="off")
    @app_commands.describe(digest="Which digest, where there are several")
    async def off(interaction: Interaction, digest: DigestName | None = None) -> None:
        """End a digest for good; what it was about and its history are deleted."""

        async def respond() -> Sequence[Block]:
            subscription = await find_subscription(context, interaction, digest)
            await context.services.digests.delete(subscription)
            return (
                Line(text=f"The digest “{subscription.name}” is off, and its history is deleted."),
            )

        await run_digest_command(context, interaction, respond, requires_manager=True)

    pause.autocomplete("digest")(build_digest_autocomplete(context))
    resume.autocomplete("digest")(build_digest_autocomplete(context))
    off.autocomplete("digest")(build_digest_autocomplete(context))


async def _change_subscription(
    context: BotContext, interaction: Interaction, name: str | None, change: SubscriptionChange
) -> None:
    """Shows the digest of that name to a manager, once it is changed."""

    async def respond() -> Sequence[Block]:
        subscription = await find_subscription(context, interaction, name)
        return await _build_confirmation(context, interaction, await change(subscription))

    await run_digest_command(context, interaction, respond, requires_manager=True)


async def _set_digest(
    context: BotContext, interaction: Interaction, options: DigestOptions
) -> Subscription:
    guild = str(interaction.guild_id)
    zone = (await context.load_preferences(guild)).zone
    library_sources = list_sources(
        context.catalogue.articles, until=context.services.clock.today(zone)
    )
    source_names = [source.name for source in library_sources if source.name]
    return await context.services.digests.save(guild, options, zone=zone, sources=source_names)


def _clean_name(name: str | None) -> str:
    """The name that was typed; "" where there is nothing to be seen of it."""
    return name.strip() if name and normalise_name(name) else ""


def _derive_name(channel: str) -> str:
    return cut(channel.removeprefix("#"), MAX_NAME_CHARS)


def _parse_mention_role(role: discord.Role | None) -> str | None:
    if role is None:
        return None
    return NO_ROLE if role.is_default() else str(role.id)


async def _build_confirmation(
    context: BotContext, interaction: Interaction, subscription: Subscription
) -> tuple[Block, ...]:
    """All that is set of the digest, and what to beware of."""
    guild = interaction.guild
    blocks = build_subscription_blocks(
        subscription,
        channel=format_channel_name(guild, subscription.channel),
        role=format_role_name(guild, subscription.mention_role),
        times=await context.services.digest_history.list_upcoming(subscription, _SHOWN_TIMES),
    )
    return (*blocks, *build_posting_cautions(find_guild_channel(guild, subscription.channel)))
