"""The use cases of managing digests: set, change, pause, resume and remove."""

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
from bot.model.activity import ActivityState
from bot.model.subscription import EVERY_DAY, DigestTopic, Subscription, WhenEmpty
from bot.retrieval.question.query import parse_query
from bot.retrieval.text.terms import Analyser
from bot.runtime.clock import Clock
from bot.store.subscriptions import SubscriptionStore

MAX_DIGESTS = 10
"""The maximum number of digests of a server; the list of so many fits into one message."""

MAX_ENTRIES = 10

NO_ROLE = ""
"""The value of `mention_role` that removes the role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestOptions:
    """The options that a manager has given for a digest; None leaves a setting as it is.

    Attributes:
        name: The name of the digest.
        channel: Its channel.
        time_of_day: The time of day as entered.
        zone: The time zone.
        days: The days, by their name in `DAY_CHOICES`.
        topics: The topics as entered.
        sources: The sources as entered.
        max_entries: The maximum number of entries.
        when_empty: Whether a day without new articles is skipped or gets a note.
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
    """Sets, changes, pauses, resumes and removes the digests of servers."""

    def __init__(
        self,
        *,
        subscriptions: SubscriptionStore,
        analyser: Analyser,
        clock: Clock,
        default_max_entries: int,
    ) -> None:
        """Use the digests of this store."""
        self._subscriptions = subscriptions
        self._analyser = analyser
        self._clock = clock
        self._default_max_entries = default_max_entries

    async def list(self, guild: str) -> tuple[Subscription, ...]:
        """Return the digests of a server, the oldest first."""
        return await self._subscriptions.find_by_guild(guild)

    def build_default(self, guild: str, zone: ZoneInfo) -> Subscription:
        """Return the digest of a server that has set none: all new articles, every day."""
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
            state=ActivityState.ACTIVE,
            suspension_reason=None,
            begins_at=now,
            schedule_changed_at=now,
        )

    async def save(
        self, guild: str, options: DigestOptions, *, zone: ZoneInfo, sources: Sequence[str]
    ) -> Subscription:
        """Add or change the digest with the name in the options, and return it.

        A digest that the bot has suspended is resumed, since its channel is chosen again.

        Args:
            guild: The server.
            options: The options as given.
            zone: The time zone of a new digest if the options have none.
            sources: The sources of the library.

        Raises:
            DigestError: An option is not understood, or exceeds a limit.
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
        """Raise EmptyTopic if a topic has nothing to search for."""
        for topic in topics:
            try:
                parse_query(topic.query_text, today=self._clock.today(), analyser=self._analyser)
            except EmptyQuery as error:
                raise EmptyTopic(topic.query_text or topic.heading) from error

    async def add_topic(
        self, subscription: Subscription, *, query_text: str, heading: str | None
    ) -> Subscription:
        """Add a topic, or change the heading of an existing one, and return the digest.

        Raises:
            EmptyTopic: The topic has nothing to search for.
            TooManyTopics: The digest already has the maximum number of topics.
            NoDigest: The digest was deleted meanwhile.
        """
        topic = DigestTopic(
            heading=" ".join((heading or "").split()), query_text=" ".join(query_text.split())
        )
        self._require_searchable([topic])
        return await self._change(subscription, lambda current: _put_topic(current, topic))

    async def remove_topic(self, subscription: Subscription, text: str) -> Subscription:
        """Remove the topic with this heading or search text, and return the digest.

        Raises:
            UnknownTopic: The digest has no such topic.
            NoDigest: The digest was deleted meanwhile.
        """
        return await self._change(subscription, lambda current: _remove_topic(current, text))

    async def pause(self, subscription: Subscription) -> Subscription:
        """Pause a digest and return it.

        Raises:
            NoDigest: The digest was deleted meanwhile.
        """
        return await self._change(
            subscription,
            lambda current: replace(current, state=ActivityState.PAUSED, suspension_reason=None),
        )

    async def resume(self, subscription: Subscription) -> Subscription:
        """Resume a digest and return it; articles added during the pause are skipped.

        Raises:
            NoDigest: The digest was deleted meanwhile.
        """
        now = self._clock.now()
        return await self._change(
            subscription,
            lambda current: (
                current if current.state is ActivityState.ACTIVE else _restart(current, now)
            ),
        )

    async def remove(self, subscription: Subscription) -> None:
        """Delete a digest with its deliveries."""
        await self._subscriptions.remove(subscription.id)

    async def _change(
        self, subscription: Subscription, change: Callable[[Subscription], Subscription]
    ) -> Subscription:
        # `change` gets the digest as stored now, not the one given: no other change is lost.
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
    """Return the digest with this name, or the only one if no name is given.

    Raises:
        NoDigest: There is no digest.
        UnknownDigest: No digest has this name, or the name is needed to choose one.
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
    """Return the digest with this name, ignoring case; None if there is none."""
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
    """Return the digest; if the bot has suspended it, restarted at `now`."""
    return (
        _restart(subscription, now)
        if subscription.state is ActivityState.SUSPENDED
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
    """Return the display name of a topic, and its search text."""
    return topic.heading or topic.query_text, topic.query_text


def _restart(subscription: Subscription, now: datetime) -> Subscription:
    return replace(
        subscription,
        state=ActivityState.ACTIVE,
        suspension_reason=None,
        begins_at=now,
        schedule_changed_at=now,
    )
