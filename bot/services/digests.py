"""What people do with the digests of a server, below Discord: set, change, pause and end them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.digest.parsing import DAYS, MOST_TOPICS, plain, sources_of, time_of, topics_of
from bot.digest.window import USUAL_TIME
from bot.errors import (
    EmptyQuery,
    EmptyTopic,
    NoDigest,
    TooManyDigests,
    TooManyTopics,
    UnknownDigest,
    UnknownTopic,
)
from bot.model.subscription import EVERY_DAY, State, Subscription, Topic, WhenEmpty
from bot.services import parsing as typed
from bot.services.app import App

MOST_DIGESTS = 10
"""The digests of a server at most: so many fit into one list."""

MOST_ENTRIES = 10

NOBODY = ""
"""Stands for a role where none is to be mentioned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a manager wants of a digest; None for what they left out, which stays as it was.

    Attributes:
        name: What it is called.
        channel: Where it is posted.
        at: The time of day, as typed.
        zone: Its time zone.
        days: The days, by their name in `DAYS`.
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


def usual(app: App, guild: str, zone: ZoneInfo) -> Subscription:
    """The digest of a server that has set none: all that is new, each day."""
    now = app.clock()
    return Subscription(
        id=0,
        guild=guild,
        channel="",
        name="",
        at=USUAL_TIME,
        zone=zone,
        days=EVERY_DAY,
        topics=(),
        sources=(),
        max_entries=app.settings.digest.max_entries,
        when_empty=WhenEmpty.SKIP,
        mention_role=None,
        state=State.ACTIVE,
        trouble=None,
        begins_at=now,
        scheduled_at=now,
    )


def chosen(digests: Sequence[Subscription], name: str | None) -> Subscription:
    """The digest of that name; the only one, where none is named.

    Raises:
        NoDigest: There is none at all.
        UnknownDigest: None is of that name, or it has to be said which of several is meant.
    """
    if not digests:
        raise NoDigest
    if name is None and len(digests) == 1:
        return digests[0]
    found = named(digests, name or "")
    if found is None:
        raise UnknownDigest(name, [each.name for each in digests])
    return found


def named(digests: Sequence[Subscription], name: str) -> Subscription | None:
    """The digest of that name, whatever its capitals; None where there is none."""
    wanted = plain(name)
    return next((each for each in digests if plain(each.name) == wanted), None)


async def set_digest(
    app: App, guild: str, wishes: Wishes, *, zone: ZoneInfo, sources: Sequence[str]
) -> Subscription:
    """The digest of the name wished for, made or changed as is wished.

    One that the bot had paused goes on, since its channel is chosen anew.

    Args:
        app: The app.
        guild: The server.
        wishes: What is wished.
        zone: The time zone of a new one for which none is wished.
        sources: The sources that the library has.

    Raises:
        DigestError: Something typed can't be understood, or is too much.
        StoreError: The database can't be used.
    """
    now = app.clock()
    digests = await app.subscriptions.of_guild(guild)
    before = named(digests, wishes.name)
    if before:
        return await _changed(
            app, before, lambda current: _wished(app, _mended(current, now), wishes, sources, now)
        )
    new = replace(usual(app, guild, zone), name=" ".join(wishes.name.split()))
    wanted = _wished(app, new, wishes, sources, now)
    added = await app.subscriptions.add(wanted, most=MOST_DIGESTS)
    if added is None:
        raise TooManyDigests(MOST_DIGESTS)
    return added


def _wished(
    app: App, before: Subscription, wishes: Wishes, sources: Sequence[str], now: datetime
) -> Subscription:
    topics = before.topics if wishes.topics is None else topics_of(wishes.topics)
    role = before.mention_role if wishes.mention_role is None else wishes.mention_role
    _demand_searchable(app, topics)
    wished = replace(
        before,
        channel=wishes.channel,
        at=time_of(wishes.at),
        zone=wishes.zone or before.zone,
        days=before.days if wishes.days is None else DAYS[wishes.days],
        topics=topics,
        sources=before.sources if wishes.sources is None else sources_of(wishes.sources, sources),
        max_entries=wishes.max_entries or before.max_entries,
        when_empty=wishes.when_empty or before.when_empty,
        mention_role=role or None,
    )
    is_as_it_was = _schedule_of(wished) == _schedule_of(before)
    return wished if is_as_it_was else replace(wished, scheduled_at=now)


def _schedule_of(digest: Subscription) -> tuple[time, ZoneInfo, frozenset[int]]:
    return digest.at, digest.zone, digest.days


def _demand_searchable(app: App, topics: Sequence[Topic]) -> None:
    """Nothing, where each topic holds something to search for.

    Raises:
        EmptyTopic: One does not.
    """
    for topic in topics:
        try:
            typed.query_of_terms(app, topic.typed)
        except EmptyQuery as error:
            raise EmptyTopic(topic.typed or topic.heading) from error


def _mended(digest: Subscription, now: datetime) -> Subscription:
    """The digest; where the bot had paused it, begun anew."""
    return _begun(digest, now) if digest.state is State.TROUBLED else digest


async def add_topic(
    app: App, digest: Subscription, *, typed: str, heading: str | None
) -> Subscription:
    """The digest with one more topic, or with another heading for one that it has.

    Raises:
        EmptyTopic: There is nothing to search for in it.
        TooManyTopics: It has as many as it may.
        NoDigest: It was ended meanwhile.
        StoreError: The database can't be used.
    """
    topic = Topic(heading=" ".join((heading or "").split()), typed=" ".join(typed.split()))
    _demand_searchable(app, [topic])
    return await _changed(app, digest, lambda current: _with_topic(current, topic))


def _with_topic(digest: Subscription, topic: Topic) -> Subscription:
    others = [each for each in digest.topics if plain(each.typed) != plain(topic.typed)]
    if len(others) == MOST_TOPICS:
        raise TooManyTopics(MOST_TOPICS)
    return replace(digest, topics=(*others, topic))


async def remove_topic(app: App, digest: Subscription, typed: str) -> Subscription:
    """The digest without the topic of this heading, or that was typed so.

    Raises:
        UnknownTopic: It has none of them.
        NoDigest: It was ended meanwhile.
        StoreError: The database can't be used.
    """
    return await _changed(app, digest, lambda current: _without_topic(current, typed))


def _without_topic(digest: Subscription, typed: str) -> Subscription:
    wanted = plain(typed)
    kept = tuple(each for each in digest.topics if wanted not in map(plain, _titles(each)))
    if kept == digest.topics:
        raise UnknownTopic(typed, [_titles(each)[0] for each in digest.topics])
    return replace(digest, topics=kept)


def _titles(topic: Topic) -> tuple[str, str]:
    """What a topic is called, and what else it is known by."""
    return topic.heading or topic.typed, topic.typed


async def pause(app: App, digest: Subscription) -> Subscription:
    """The digest, which is not posted from now on.

    Raises:
        NoDigest: It was ended meanwhile.
        StoreError: The database can't be used.
    """
    return await _changed(
        app, digest, lambda current: replace(current, state=State.PAUSED, trouble=None)
    )


async def resume(app: App, digest: Subscription) -> Subscription:
    """The digest, which is posted again; what came in while it was paused is left out.

    Raises:
        NoDigest: It was ended meanwhile.
        StoreError: The database can't be used.
    """
    now = app.clock()
    return await _changed(
        app,
        digest,
        lambda current: current if current.state is State.ACTIVE else _begun(current, now),
    )


def _begun(digest: Subscription, now: datetime) -> Subscription:
    return replace(digest, state=State.ACTIVE, trouble=None, begins_at=now, scheduled_at=now)


async def end(app: App, digest: Subscription) -> None:
    """Forgets the digest and all that was kept of it.

    Raises:
        StoreError: The database can't be used.
    """
    await app.subscriptions.remove(digest.id)


async def _changed(
    app: App, digest: Subscription, change: Callable[[Subscription], Subscription]
) -> Subscription:
    changed = await app.subscriptions.change(digest.id, change)
    if changed is None:
        raise NoDigest
    return changed
