"""The commands /digest set, topics, pause, resume and off, all for managers."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from bot.digest.parsing import DAY_CHOICES, normalise_name
from bot.discord_ui.channels import format_channel_name
from bot.discord_ui.commands.autocomplete import (
    Autocomplete,
    build_source_list_autocomplete,
    build_zone_autocomplete,
    filter_names,
)
from bot.discord_ui.commands.digest_channels import (
    PostingChannelTransformer,
    build_posting_cautions,
    build_role_refusal,
    find_guild_channel,
    format_role_name,
    require_posting,
)
from bot.discord_ui.commands.digest_common import (
    MAX_NAME_CHARS,
    WHICH_DIGEST,
    DigestName,
    begin_manager_reply,
    build_digest_autocomplete,
    find_subscription,
    load_visible_subscriptions,
)
from bot.discord_ui.commands.flow import Refusal, private_reply
from bot.discord_ui.commands.options import (
    Choice,
    Command,
    Interaction,
    ShortText,
    build_choices,
)
from bot.discord_ui.commands.zones import require_zone
from bot.discord_ui.context import BotContext
from bot.lookups.source_counts import list_sources
from bot.model.subscription import Subscription, WhenEmpty
from bot.presentation.blocks import Block, Line
from bot.presentation.subscription import build_subscription_blocks
from bot.presentation.truncation import truncate
from bot.services.digests import MAX_ENTRIES, NO_ROLE, DigestOptions

HeadingText = app_commands.Range[str, 1, 50]
SubscriptionChange = Callable[[Subscription], Awaitable[Subscription]]

_SHOWN_TIMES = 3


def build_set_command(context: BotContext) -> Command:
    """Return the command /digest set."""

    @app_commands.command(
        name="set",
        description="Create a digest or change one; options that you leave out keep their values",
    )
    @app_commands.describe(
        channel="The channel to post in",
        time="The time of day as HH:MM, such as 08:30",
        timezone="A city or an IANA time zone (default: this server's time zone)",
        days="The days to post on (default: every day)",
        topics="Topics separated by commas, such as AI: OpenAI, flood; enter all for everything new",
        sources="Only articles from these sources, separated by commas; enter all for every source",
        max_entries=f"Maximum number of stories, 1 to {MAX_ENTRIES}",
        when_empty="What to do if there is nothing new",
        mention_role="The role to mention in each digest; choose @everyone to mention no role",
        name="The digest's name (default: its channel's name); an existing name changes that digest",
    )
    @app_commands.choices(
        days=build_choices({name: name[0].upper() + name[1:] for name in DAY_CHOICES}),
        when_empty=build_choices({WhenEmpty.SKIP: "Skip the day", WhenEmpty.NOTE: "Post a note"}),
    )
    async def command(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: Interaction,
        channel: app_commands.Transform[str, PostingChannelTransformer],
        time: app_commands.Range[str, 1, 10],
        timezone: ShortText | None = None,
        days: str | None = None,
        topics: app_commands.Range[str, 1, 1000] | None = None,
        sources: app_commands.Range[str, 1, 300] | None = None,
        max_entries: app_commands.Range[int, 1, MAX_ENTRIES] | None = None,
        when_empty: str | None = None,
        mention_role: discord.Role | None = None,
        name: DigestName | None = None,
    ) -> None:
        async with private_reply(context, interaction, "digest") as reply:
            await begin_manager_reply(context, reply, interaction)
            _require_channel(interaction, channel, mention_role)
            options = DigestOptions(
                name=_clean_name(name) or _derive_name(interaction.guild, channel),
                channel=channel,
                time_of_day=time,
                zone=require_zone(timezone) if timezone else None,
                days=days,
                topics=topics,
                sources=sources,
                max_entries=max_entries,
                when_empty=WhenEmpty(when_empty) if when_empty else None,
                mention_role=_parse_mention_role(mention_role),
            )
            subscription = await _save_subscription(context, str(interaction.guild_id), options)
            await reply.send(await _build_confirmation(context, interaction, subscription))

    command.autocomplete("timezone")(build_zone_autocomplete(context))
    command.autocomplete("sources")(build_source_list_autocomplete(context))
    command.autocomplete("name")(build_digest_autocomplete(context))
    return command


def build_topics_group(context: BotContext) -> app_commands.Group:
    """Return the command group /digest topics."""
    group = app_commands.Group(name="topics", description="Manage the topics of a digest")
    group.add_command(_build_topics_add_command(context))
    group.add_command(_build_topics_remove_command(context))
    return group


def _build_topics_add_command(context: BotContext) -> Command:
    @app_commands.command(
        name="add", description="Add a topic to a digest, which then covers only its topics"
    )
    @app_commands.describe(
        terms="Words to search for",
        heading="The heading above the topic (default: its words)",
        digest=WHICH_DIGEST,
    )
    async def add(
        interaction: Interaction,
        terms: ShortText,
        heading: HeadingText | None = None,
        digest: DigestName | None = None,
    ) -> None:

        async def change(subscription: Subscription) -> Subscription:
            return await context.services.digests.add_topic(
                subscription, query_text=terms, heading=heading
            )

        await _change_subscription(context, interaction, digest, change)

    add.autocomplete("digest")(build_digest_autocomplete(context))
    return add


def _build_topics_remove_command(context: BotContext) -> Command:
    @app_commands.command(
        name="remove", description="Delete a topic; a digest without topics covers everything new"
    )
    @app_commands.describe(
        topic="The topic's heading or words; choose a suggestion", digest=WHICH_DIGEST
    )
    async def remove(
        interaction: Interaction, topic: ShortText, digest: DigestName | None = None
    ) -> None:

        async def change(subscription: Subscription) -> Subscription:
            return await context.services.digests.remove_topic(subscription, topic)

        await _change_subscription(context, interaction, digest, change)

    remove.autocomplete("topic")(_build_topic_autocomplete(context))
    remove.autocomplete("digest")(build_digest_autocomplete(context))
    return remove


def _build_topic_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of the topics of the chosen digest, or else of all digests."""

    async def suggest_topics(interaction: Interaction, current: str) -> list[Choice]:
        # During autocomplete, Discord sends only the options that are already filled in.
        name = getattr(interaction.namespace, "digest", None)
        subscriptions = await load_visible_subscriptions(context, interaction)
        chosen_subscriptions = [
            subscription for subscription in subscriptions if subscription.name == name
        ]
        titles = (
            topic.heading or topic.query_text
            for subscription in chosen_subscriptions or subscriptions
            for topic in subscription.topics
        )
        return filter_names(titles, current)

    return suggest_topics


def build_pause_command(context: BotContext) -> Command:
    """Return the command /digest pause."""

    @app_commands.command(name="pause", description="Pause a digest until you resume it")
    @app_commands.describe(digest=WHICH_DIGEST)
    async def pause(interaction: Interaction, digest: DigestName | None = None) -> None:

        async def change(subscription: Subscription) -> Subscription:
            return await context.services.digests.pause(subscription)

        await _change_subscription(context, interaction, digest, change)

    pause.autocomplete("digest")(build_digest_autocomplete(context))
    return pause


def build_resume_command(context: BotContext) -> Command:
    """Return the command /digest resume."""

    @app_commands.command(name="resume", description="Resume a paused digest from now on")
    @app_commands.describe(digest=WHICH_DIGEST)
    async def resume(interaction: Interaction, digest: DigestName | None = None) -> None:

        async def change(subscription: Subscription) -> Subscription:
            require_posting(find_guild_channel(interaction.guild, subscription.channel))
            return await context.services.digests.resume(subscription)

        await _change_subscription(context, interaction, digest, change)

    resume.autocomplete("digest")(build_digest_autocomplete(context))
    return resume


def build_off_command(context: BotContext) -> Command:
    """Return the command /digest off."""

    @app_commands.command(name="off", description="Delete a digest, its topics and its history")
    @app_commands.describe(digest=WHICH_DIGEST)
    async def off(interaction: Interaction, digest: DigestName | None = None) -> None:
        async with private_reply(context, interaction, "digest") as reply:
            await begin_manager_reply(context, reply, interaction)
            subscription = await find_subscription(context, interaction, digest)
            await context.services.digests.remove(subscription)
            text = f"The digest “{subscription.name}” and its history were deleted."
            await reply.send((Line(text=text),))

    off.autocomplete("digest")(build_digest_autocomplete(context))
    return off


async def _change_subscription(
    context: BotContext, interaction: Interaction, name: str | None, change: SubscriptionChange
) -> None:
    """Change the digest with this name for a manager, and show its settings."""
    async with private_reply(context, interaction, "digest") as reply:
        await begin_manager_reply(context, reply, interaction)
        subscription = await change(await find_subscription(context, interaction, name))
        await reply.send(await _build_confirmation(context, interaction, subscription))


def _require_channel(
    interaction: Interaction, channel: str, mention_role: discord.Role | None
) -> None:
    """Check that the bot can post in the channel, and that bot and person can notify the role.

    Raises:
        Refusal: One of these is not allowed.
    """
    guild_channel = find_guild_channel(interaction.guild, channel)
    require_posting(guild_channel)
    member: Any = interaction.user  # a Member: the command exists only in servers
    if refusal := build_role_refusal(guild_channel, mention_role, member):
        raise Refusal(refusal)


async def _save_subscription(
    context: BotContext, guild: str, options: DigestOptions
) -> Subscription:
    zone = (await context.load_preferences(guild)).zone
    library_sources = list_sources(
        context.catalogue.articles, until=context.services.clock.today(zone)
    )
    source_names = [source.name for source in library_sources if source.name]
    return await context.services.digests.save(guild, options, zone=zone, sources=source_names)


def _clean_name(name: str | None) -> str:
    """Return the typed name; "" if it has no visible characters."""
    return name.strip() if name and normalise_name(name) else ""


def _derive_name(guild: discord.Guild | None, channel: str) -> str:
    return truncate(format_channel_name(guild, int(channel)).removeprefix("#"), MAX_NAME_CHARS)


def _parse_mention_role(role: discord.Role | None) -> str | None:
    if role is None:
        return None
    return NO_ROLE if role.is_default() else str(role.id)


async def _build_confirmation(
    context: BotContext, interaction: Interaction, subscription: Subscription
) -> tuple[Block, ...]:
    """Return the settings of the digest and a warning if the bot is missing a permission."""
    guild = interaction.guild
    blocks = build_subscription_blocks(
        subscription,
        channel=format_channel_name(guild, int(subscription.channel)),
        role=format_role_name(guild, subscription.mention_role),
        times=await context.services.digest_history.list_upcoming(subscription, _SHOWN_TIMES),
    )
    return (*blocks, *build_posting_cautions(find_guild_channel(guild, subscription.channel)))
