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
from bot.retrieval.question.query import parse_query
from bot.retrieval.text.terms import Analyser
from bot.runtime.clock import Clock
from bot.store.subscriptions import SubscriptionStore

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
        time_of_day: The time of day, as typed.
        zone: Its time zone.
        days: The days, by their name in `DAY_CHOICES`.
        topics: Its topics, as typed.
        sources: Its sources, as typed.
        max_entries: The entries at most.
        when_empty: What a day brings on which nothing is new.
        mention_role: The role that each digest mentions, or `NO_ROLE`.
    """

    name: str
    channel: str
    time_of_day: str
    zone: ZoneInfo | None = None
    days: str | None = None
    topics: str | None = None
    sources: str | None = None
    max_entries: int | None = None
    when_empty: WhenEmpty | None = None
    mention_role: str | None = None


class DigestService:
    """Sets, changes, pauses and deletes the digests of servers."""

    def __init__(
        self,
        *,
        subscriptions: SubscriptionStore,
        analyser: Analyser,
        clock: Clock,
        default_max_entries: int,
    ) -> None:
        """Keep the digests in this store."""
        self._subscriptions = subscriptions
        self._analyser = analyser
        self._clock = clock
        self._default_max_entries = default_max_entries

    async def list(self, guild: str) -> tuple[Subscription, ...]:
        """Return the digests of a server."""
        return await self._subscriptions.find_by_guild(guild)

    def build_default(self, guild: str, zone: ZoneInfo) -> Subscription:
        """Return the digest of a server that has set none: all that is new, each day."""
        now = self._clock.now()
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
            max_entries=self._default_max_entries,
            when_empty=WhenEmpty.SKIP,
            mention_role=None,
            state=SubscriptionState.ACTIVE,
            suspension_reason=None,
            begins_at=now,
            schedule_changed_at=now,
        )

    async def save(
        self, guild: str, options: DigestOptions, *, zone: ZoneInfo, sources: Sequence[str]
    ) -> Subscription:
        """Make or change the digest of the name in the options, and return it.

        One that the bot had paused goes on, since its channel is chosen anew.

        Args:
            guild: The server.
            options: What a manager wants.
            zone: The time zone of a new one if the options name none.
            sources: The sources that the library has.

        Raises:
            DigestError: Something typed can't be understood, or is too much.
        """
        now = self._clock.now()
        existing = find_subscription(await self.list(guild), options.name)
        if existing:
            return await self._change(
                existing,
                lambda current: self._apply_options(
                    _restart_if_suspended(current, now), options, sources, now
                ),
            )
        default = replace(self.build_default(guild, zone), name=" ".join(options.name.split()))
        subscription = self._apply_options(default, options, sources, now)
        stored = await self._subscriptions.add(subscription, limit=MAX_DIGESTS)
        if stored is None:
            raise TooManyDigests(MAX_DIGESTS)
        return stored

    def _apply_options(
        self,
        current: Subscription,
        options: DigestOptions,
        sources: Sequence[str],
        now: datetime,
    ) -> Subscription:
        topics = current.topics if options.topics is None else parse_topics(options.topics)
        self._require_searchable(topics)
        return _apply_options(current, options, topics, sources, now)

    def _require_searchable(self, topics: Sequence[DigestTopic]) -> None:
        """Raise EmptyTopic if a topic holds nothing to search for."""
        for topic in topics:
            try:
                parse_query(topic.query_text, today=self._clock.today(), analyser=self._analyser)
            except EmptyQuery as error:
                raise EmptyTopic(topic.query_text or topic.heading) from error

    async def add_topic(
        self, subscription: Subscription, *, query_text: str, heading: str | None
    ) -> Subscription:
        """Return the digest with one more topic, or with another heading for one that it has.

        Raises:
            EmptyTopic: There is nothing to search for in it.
            TooManyTopics: It has as many as it may.
            NoDigest: It was deleted meanwhile.
        """
        topic = DigestTopic(
            heading=" ".join((heading or "").split()), query_text=" ".join(query_text.split())
        )
        self._require_searchable([topic])
        return await self._change(subscription, lambda current: _put_topic(current, topic))

    async def remove_topic(self, subscription: Subscription, text: str) -> Subscription:
        """Return the digest without the topic of this heading, or that was typed so.

        Raises:
            UnknownTopic: It has no such topic.
            NoDigest: It was deleted meanwhile.
        """
        return await self._change(subscription, lambda current: _remove_topic(current, text))

    async def pause(self, subscription: Subscription) -> Subscription:
        """Return the digest, which is not posted from now on.

        Raises:
            NoDigest: It was deleted meanwhile.
        """
        return await self._change(
            subscription,
            lambda current: replace(
                current, state=SubscriptionState.PAUSED, suspension_reason=None
            ),
        )

    async def resume(self, subscription: Subscription) -> Subscription:
        """Return the digest, which is posted again; what came in meanwhile is left out.

        Raises:
            NoDigest: It was deleted meanwhile.
        """
        now = self._clock.now()
        return await self._change(
            subscription,
            lambda current: (
                current if current.state is SubscriptionState.ACTIVE else _restart(current, now)
            ),
        )

    async def remove(self, subscription: Subscription) -> None:
        """Delete the digest and all that was kept of it."""
        await self._subscriptions.remove(subscription.id)

    async def _change(
        self, subscription: Subscription, change: Callable[[Subscription], Subscription]
    ) -> Subscription:
        updated = await self._subscriptions.change(subscription.id, change)
        if updated is None:
            raise NoDigest
        return updated


def _apply_options(
    current: Subscription,
    options: DigestOptions,
    topics: tuple[DigestTopic, ...],
    sources: Sequence[str],
    now: datetime,
) -> Subscription:
    role = current.mention_role if options.mention_role is None else options.mention_role
    updated = replace(
        current,
        channel=options.channel,
        time_of_day=parse_time(options.time_of_day),
        zone=options.zone or current.zone,
        days=current.days if options.days is None else DAY_CHOICES[options.days],
        topics=topics,
        sources=current.sources
        if options.sources is None
        else parse_sources(options.sources, sources),
        max_entries=options.max_entries or current.max_entries,
        when_empty=options.when_empty or current.when_empty,
        mention_role=role or None,
    )
    is_schedule_unchanged = _get_schedule(updated) == _get_schedule(current)
    return updated if is_schedule_unchanged else replace(updated, schedule_changed_at=now)


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
        raise UnknownDigest(name, tuple(subscription.name for subscription in subscriptions))
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


def _get_schedule(subscription: Subscription) -> tuple[time, ZoneInfo, frozenset[int]]:
    return subscription.time_of_day, subscription.zone, subscription.days


def _restart_if_suspended(subscription: Subscription, now: datetime) -> Subscription:
    """The digest; where the bot had paused it, begun anew."""
    return (
        _restart(subscription, now)
        if subscription.state is SubscriptionState.SUSPENDED
        else subscription
    )


def _put_topic(subscription: Subscription, topic: DigestTopic) -> Subscription:
    others = [
        other
        for other in subscription.topics
        if normalise_name(other.query_text) != normalise_name(topic.query_text)
    ]
    if len(others) == MAX_TOPICS:
        raise TooManyTopics(MAX_TOPICS)
    return replace(subscription, topics=(*others, topic))


def _remove_topic(subscription: Subscription, text: str) -> Subscription:
    key = normalise_name(text)
    remaining = tuple(
        topic for topic in subscription.topics if key not in map(normalise_name, _get_names(topic))
    )
    if remaining == subscription.topics:
        raise UnknownTopic(text, tuple(_get_names(topic)[0] for topic in subscription.topics))
    return replace(subscription, topics=remaining)


def _get_names(topic: DigestTopic) -> tuple[str, str]:
    """What a topic is called, and what else it is known by."""
    return topic.heading or topic.query_text, topic.query_text


def _restart(subscription: Subscription, now: datetime) -> Subscription:
    return replace(
        subscription,
        state=SubscriptionState.ACTIVE,
        suspension_reason=None,
        begins_at=now,
        schedule_changed_at=now,
    )
