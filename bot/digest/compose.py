"""What a digest shows of what came in: entries, corrections, and why all else is left out."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import compress, zip_longest
from operator import not_
from typing import NamedTuple

from bot.digest.corrections import Correction, correction_of
from bot.digest.decisions import Decision, Revised, Step
from bot.digest.entries import MOST_QUOTED_CHARS, Entry, telling
from bot.digest.news import Brief, News
from bot.digest.schedule import local_day
from bot.digest.stories import Story, weightiest_first
from bot.digest.topics import Sought, is_about, sought
from bot.digest.window import Standing, Window, standing_of
from bot.model.arrival import Arrival
from bot.model.article import ArticleId
from bot.model.subscription import Subscription

MOST_STORIES = 20
"""The stories that can be read at most, those over the limit included: an answer keeps no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLimits:
    """How much a digest takes in.

    Attributes:
        late_days: For how many days after its publication an article may come in late.
        max_excerpt_chars: The characters of what an entry quotes at most.
    """

    late_days: int = 7
    max_excerpt_chars: int = MOST_QUOTED_CHARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest as it is to be posted.

    Attributes:
        subscription: What was asked for.
        window: The stretch of time that it covers.
        entries: The stories by topic, those of one topic the weightiest first.
        further: Those that come next, ordered in the same way; with `entries` at most MOST_STORIES.
        over_limit: How many more stories than `entries` there were, `further` included.
        corrections: What articles that an earlier digest told of say since they were revised.
        decisions: What became of every article considered, in the order in which they came.
    """

    subscription: Subscription
    window: Window
    entries: tuple[Entry, ...]
    further: tuple[Entry, ...]
    over_limit: int
    corrections: tuple[Correction, ...]
    decisions: tuple[Decision, ...]

    @property
    def local_day(self) -> date:
        """The day that it is of, in the zone of its subscription."""
        return self.window.day

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.entries or self.corrections)

    @property
    def waiting(self) -> tuple[ArticleId, ...]:
        """The articles that are dated in the future, and wait for their day."""
        return tuple(each.article_id for each in self.decisions if each.detail == Standing.WAITS)


def compose(
    subscription: Subscription,
    window: Window,
    news: News,
    *,
    told_before: AbstractSet[ArticleId],
    limits: DigestLimits,
) -> Digest:
    """The digest of a subscription over a window.

    Args:
        subscription: What is asked for.
        window: The stretch of time.
        news: What came in, at least all of the window.
        told_before: The articles of which earlier digests of the subscription told.
        limits: How much it takes in.

    Raises:
        EmptyQuery: A topic has nothing to search for.
    """
    max_chars = min(limits.max_excerpt_chars, MOST_QUOTED_CHARS)
    corrections = {
        arrival.article.id: correction_of(arrival.previous, arrival.article, news, max_chars)
        for arrival in news.arrivals
        if arrival.previous and arrival.article.id in told_before and _is_revised(arrival, window)
    }
    left_out = {
        arrival.article.id: decision
        for arrival in news.arrivals
        if (decision := _left_out(arrival, subscription, window, told_before, corrections, limits))
    }
    new = [each.article for each in news.arrivals if each.article.id not in left_out]
    most = subscription.max_entries
    topics = sought(subscription, news.analyser)
    told = _ordered(_told(list(map(news.brief, new)), topics, news), topics, most)
    entries = tuple(
        _entry(each, subscription, window, news, max_chars) for each in told[:MOST_STORIES]
    )
    decisions = left_out | {each.article_id: each for each in _places(told, most)}
    return Digest(
        subscription=subscription,
        window=window,
        entries=entries[:most],
        further=entries[most:],
        over_limit=max(0, len(told) - most),
        corrections=tuple(each for each in corrections.values() if each),
        decisions=tuple(
            decisions.get(each.article.id, Decision(article_id=each.article.id, step=Step.TOPIC))
            for each in news.arrivals
        ),
    )


class _Told(NamedTuple):
    """A story, and the topic that it is told under."""

    topic: Sought
    story: Story


def _is_revised(arrival: Arrival, window: Window) -> bool:
    return window.first <= arrival.revised_at < window.last


def _left_out(  # noqa: PLR0913, PLR0917 - all that decides
    arrival: Arrival,
    subscription: Subscription,
    window: Window,
    told_before: AbstractSet[ArticleId],
    corrections: Mapping[ArticleId, Correction | None],
    limits: DigestLimits,
) -> Decision | None:
    """What decides on an article before topics do; None where nothing does."""
    article = arrival.article
    if article.id in corrections:
        named = Revised.CORRECTED if corrections[article.id] else Revised.SAME
        return Decision(article_id=article.id, step=Step.REVISED, detail=named)
    standing = standing_of(arrival, window, subscription.zone, late_days=limits.late_days)
    if article.id in told_before:
        return Decision(article_id=article.id, step=Step.WINDOW, detail=Standing.BEFORE)
    if standing is Standing.BEFORE and _is_revised(arrival, window):
        return Decision(article_id=article.id, step=Step.REVISED, detail=Revised.UNSEEN)
    if standing is not Standing.WITHIN:
        return Decision(article_id=article.id, step=Step.WINDOW, detail=standing)
    wanted = {each.casefold() for each in subscription.sources}
    if wanted and (article.source or "").casefold() not in wanted:
        return Decision(article_id=article.id, step=Step.SOURCE)
    return None


def _told(
    briefs: Sequence[Brief], topics: Sequence[Sought], news: News
) -> Iterator[Sequence[_Told]]:
    """The stories of each topic; an article is told under the first topic that it is about."""
    left = list(briefs)
    for topic in topics:
        fits = [topic.query is None or is_about(each, topic.query) for each in left]
        own = list(compress(left, fits))
        left = list(compress(left, map(not_, fits)))
        yield [_Told(topic, story) for story in weightiest_first(own, news.likeness)]


def _ordered(
    of_topics: Iterator[Sequence[_Told]], topics: Sequence[Sought], most: int
) -> Sequence[_Told]:
    """The stories in the order in which they are read: the first `most`, and those that come next.

    Who is among these is settled by the topics in turn, so that none of them takes all the room.
    """
    turns = zip_longest(*of_topics)
    told = [each for turn in turns for each in turn if each]
    parts = (told[:most], told[most:MOST_STORIES], told[MOST_STORIES:])
    return [each for part in parts for topic in topics for each in part if each.topic is topic]


def _places(told: Sequence[_Told], most: int) -> Iterator[Decision]:
    """What becomes of the articles of stories, of which the first `most` are entries."""
    for place, (_, story) in enumerate(told, start=1):
        step, (first, *others) = _step_of(place, most), [each.article.id for each in story]
        yield Decision(article_id=first, step=step, detail=str(place))
        is_told = step is not Step.FAR_OVER_LIMIT
        of_others = (Step.DUPLICATE_OF, first) if is_told else (step, str(place))
        for each in others:
            yield Decision(article_id=each, step=of_others[0], detail=of_others[1])


def _step_of(place: int, most: int) -> Step:
    """Where it is decided on the story in this place."""
    if place <= most:
        return Step.TAKEN
    return Step.OVER_LIMIT if place <= MOST_STORIES else Step.FAR_OVER_LIMIT


def _entry(
    told: _Told, subscription: Subscription, window: Window, news: News, max_chars: int
) -> Entry:
    topic, story = told
    citation = telling(story, news, topic.query, max_chars=max_chars)
    published_on = citation.article.published_on
    return Entry(
        heading=topic.heading,
        citation=citation,
        is_quotable=len(citation.text) <= max_chars,
        others=tuple(
            sorted(
                (each.article for each in story[1:]),
                key=lambda each: each.published_on or date.min,
                reverse=True,
            )
        ),
        is_late=published_on is not None and published_on < local_day(subscription, window.first),
    )
