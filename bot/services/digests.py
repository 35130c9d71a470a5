"""What people do with the digests of a server, below Discord: set, change, pause and end them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.digest.parsing import (
    DAY_CHOICES,
    MAX_TOPICS,
    normalise_name,
    parse_sources,
    parse_time,
    parse_topics,
)
from bot.digest.window import DEFAULT_TIME
from bot.errors import (
    EmptyQuery,
    EmptyTopic,
    NoDigest,
    TooManyDigests,
    TooManyTopics,
    UnknownDigest,
    UnknownTopic,
)
from bot.model.subscription import (
    EVERY_DAY,
    DigestTopic,
    Subscription,
    SubscriptionState,
    WhenEmpty,
)
from bot.services import parsing as typed
from bot.services.app import App

MAX_DIGESTS = 10
"""The digests of a server at most: so many fit into one list."""

MAX_ENTRIES = 10

NO_ROLE = ""
"""Stands for a role where none is to be mentioned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestOptions:
    """What a manager wants of a digest; None for what they left out, which stays as it was.

    Attributes:
        name: What it is called.
        channel: Where it is posted.
        at: The time of day, as typed.
        zone: Its time zone.
        days: The days, by their name in `DAY_CHOICES`.
        topics: Its topics, as typed.
        sources: Its sources, as typed.
        max_entries: The entries at most.
        when_empty: What a day brings on which nothing is new.
        mention_role: The role that each digest mentions, or NOBODY.
    """

    name: str
    channel: str
    at: str
    zone: ZoneInfo | None = None
    days: str | None = None
    topics: str | None = None
    sources: str | None = None
    max_entries: int | None = None
    when_empty: WhenEmpty | None = None
    mention_role: str | None = None


def build_default_subscription(app: App, guild: str, zone: ZoneInfo) -> Subscription:
    """The digest of a server that has set none: all that is new, each day."""
    now = app.clock()
    return Subscription(
        id=0,
        guild=guild,
        channel="",
        name="",
        time_of_day=DEFAULT_TIME,
        zone=zone,
        days=EVERY_DAY,
        topics=(),
        sources=(),
        max_entries=app.settings.digest.max_entries,
        when_empty=WhenEmpty.SKIP,
        mention_role=None,
        state=SubscriptionState.ACTIVE,
        suspension_reason=None,
        begins_at=now,
        schedule_changed_at=now,
    )


def get_subscription(subscriptions: Sequence[Subscription], name: str | None) -> Subscription:
    """The digest of that name; the only one, where none is named.

    Raises:
        NoDigest: There is none at all.
        UnknownDigest: None is of that name, or it has to be said which of several is meant.
    """
    if not subscriptions:
        raise NoDigest
    if name is None and len(subscriptions) == 1:
        return subscriptions[0]
    match = find_subscription(subscriptions, name or "")
    if match is None:
        raise UnknownDigest(name, [subscription.name for subscription in subscriptions])
    return match


def find_subscription(subscriptions: Sequence[Subscription], name: str) -> Subscription | None:
    """The digest of that name, whatever its capitals; None where there is none."""
    key = normalise_name(name)
    return next(
        (
            subscription
            for subscription in subscriptions
            if normalise_name(subscription.name) == key
        ),
        None,
    )


async def save_subscription(
    app: App, guild: str, options: DigestOptions, *, zone: ZoneInfo, sources: Sequence[str]
) -> Subscription:
    """The digest of the name wished for, made or changed as is wished.

    One that the bot had paused goes on, since its channel is chosen anew.

    Args:
        app: The app.
        guild: The server.
        options: What is wished.
        zone: The time zone of a new one for which none is wished.
        sources: The sources that the library has.

    Raises:
        DigestError: Something typed can't be understood, or is too much.
        StoreError: The database can't be used.
    """
    now = app.clock()
    subscriptions = await app.subscriptions.find_by_guild(guild)
    existing = find_subscription(subscriptions, options.name)
    if existing:
        return await _change_subscription(
            app,
            existing,
            lambda current: _apply_options(
                app, _resume_if_suspended(current, now), options, sources, now
            ),
        )
    default = replace(
        build_default_subscription(app, guild, zone), name=" ".join(options.name.split())
    )
    requested = _apply_options(app, default, options, sources, now)
    stored = await app.subscriptions.add(requested, limit=MAX_DIGESTS)
    if stored is None:
        raise TooManyDigests(MAX_DIGESTS)
    return stored


def _apply_options(
    app: App, before: Subscription, options: DigestOptions, sources: Sequence[str], now: datetime
) -> Subscription:
    topics = before.topics if options.topics is None else parse_topics(options.topics)
    role = before.mention_role if options.mention_role is None else options.mention_role
    _require_searchable(app, topics)
    updated = replace(
        before,
        channel=options.channel,
        time_of_day=parse_time(options.at),
        zone=options.zone or before.zone,
        days=before.days if options.days is None else DAY_CHOICES[options.days],
        topics=topics,
        sources=before.sources
        if options.sources is None
        else parse_sources(options.sources, sources),
        max_entries=options.max_entries or before.max_entries,
        when_empty=options.when_empty or before.when_empty,
        mention_role=role or None,
    )
    is_schedule_unchanged = _get_schedule(updated) == _get_schedule(before)
    return updated if is_schedule_unchanged else replace(updated, schedule_changed_at=now)


def _get_schedule(subscription: Subscription) -> tuple[time, ZoneInfo, frozenset[int]]:
    return subscription.time_of_day, subscription.zone, subscription.days


def _require_searchable(app: App, topics: Sequence[DigestTopic]) -> None:
    """Nothing, where each topic holds something to search for.

    Raises:
        EmptyTopic: One does not.
    """
    for topic in topics:
        try:
            typed.parse_search_terms(app, topic.query_text)
        except EmptyQuery as error:
            raise EmptyTopic(topic.query_text or topic.heading) from error


def _resume_if_suspended(subscription: Subscription, now: datetime) -> Subscription:
    """The digest; where the bot had paused it, begun anew."""
    return (
        _restart(subscription, now)
        if subscription.state is SubscriptionState.SUSPENDED
        else subscription
    )


async def add_topic(
    app: App, subscription: Subscription, *, query_text: str, heading: str | None
) -> Subscription:
    """The digest with one more topic, or with another heading for one that it has.

    Raises:
        EmptyTopic: There is nothing to search for in it.
        TooManyTopics: It has as many as it may.
        NoDigest: It was ended meanwhile.
        StoreError: The database can't be used.
    """
    topic = DigestTopic(
        heading=" ".join((heading or "").split()), query_text=" ".join(query_text.split())
    )
    _require_searchable(app, [topic])
    return await _change_subscription(app, subscription, lambda current: _put_topic(current, topic))


def _put_topic(subscription: Subscription, topic: DigestTopic) -> Subscription:
    others = [
        other
        for other in subscription.topics
        if normalise_name(other.query_text) != normalise_name(topic.query_text)
    ]
    if len(others) == MAX_TOPICS:
        raise TooManyTopics(MAX_TOPICS)
    return replace(subscription, topics=(*others, topic))


async def remove_topic(app: App, subscription: Subscription, text: str) -> Subscription:
    """The digest without the topic of this heading, or that was typed so.

    Raises:
        UnknownTopic: It has none of them.
        NoDigest: It was ended meanwhile.
        StoreError: The database can't be used.
    """
    return await _change_subscription(app, subscription, lambda current: _drop_topic(current, text))


def _drop_topic(subscription: Subscription, text: str) -> Subscription:
    key = normalise_name(text)
    remaining = tuple(
        topic for topic in subscription.topics if key not in map(normalise_name, _get_titles(topic))
    )
    if remaining == subscription.topics:
        raise UnknownTopic(text, [_get_titles(topic)[0] for topic in subscription.topics])
    return replace(subscription, topics=remaining)


def _get_titles(topic: DigestTopic) -> tuple[str, str]:
    """What a topic is called, and what else it is known by."""
    return topic.heading or topic.query_text, topic.query_text


async def pause(app: App, subscription: Subscription) -> Subscription:
    """The digest, which is not posted from now on.

    Raises:
        NoDigest: It was ended meanwhile.
        StoreError: The database can't be used.
    """
    return await _change_subscription(
        app,
        subscription,
        lambda current: replace(current, state=SubscriptionState.PAUSED, suspension_reason=None),
    )


async def resume(app: App, subscription: Subscription) -> Subscription:
    """The digest, which is posted again; what came in while it was paused is left out.

    Raises:
        NoDigest: It was ended meanwhile.
        StoreError: The database can't be used.
    """
    now = app.clock()
    return await _change_subscription(
        app,
        subscription,
        lambda current: (
            current if current.state is SubscriptionState.ACTIVE else _restart(current, now)
        ),
    )


def _restart(subscription: Subscription, now: datetime) -> Subscription:
    return replace(
        subscription,
        state=SubscriptionState.ACTIVE,
        suspension_reason=None,
        begins_at=now,
        schedule_changed_at=now,
    )


async def delete_subscription(app: App, subscription: Subscription) -> None:
    """Forgets the digest and all that was kept of it.

    Raises:
        StoreError: The database can't be used.
    """
    await app.subscriptions.remove(subscription.id)


async def _change_subscription(
    app: App, subscription: Subscription, change: Callable[[Subscription], Subscription]
) -> Subscription:
    updated = await app.subscriptions.change(subscription.id, change)
    if updated is None:
        raise NoDigest
    return updated
