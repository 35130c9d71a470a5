"""What a digest shows of what came in: entries, corrections, and why all else is left out."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import compress, zip_longest
from operator import not_
from typing import NamedTuple

from bot.digest.corrections import Correction, find_correction
from bot.digest.decisions import Decision, DecisionStep, RevisionOutcome
from bot.digest.entries import MAX_QUOTE_CHARS, DigestEntry, choose_story_quote
from bot.digest.news import ArticleBrief, News
from bot.digest.schedule import get_local_day
from bot.digest.stories import Story, rank_stories
from bot.digest.topics import TopicQuery, build_topic_queries, is_about
from bot.digest.window import DigestWindow, WindowPosition, locate_in_window
from bot.model.arrival import Arrival
from bot.model.article import ArticleId
from bot.model.subscription import Subscription

MAX_STORIES = 20
"""The stories that can be read at most, those over the limit included: an answer keeps no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLimits:
    """How much a digest takes in.

    Attributes:
        late_days: For how many days after its publication an article may come in late.
        max_excerpt_chars: The characters of what an entry quotes at most.
    """

    late_days: int = 7
    max_excerpt_chars: int = MAX_QUOTE_CHARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest as it is to be posted.

    Attributes:
        subscription: What was asked for.
        window: The stretch of time that it covers.
        entries: The stories by topic, those of one topic the weightiest first.
        further_entries: Those that come next, ordered in the same way; with `entries` at most MOST_STORIES.
        over_limit_count: How many more stories than `entries` there were, `further_entries` included.
        corrections: What articles that an earlier digest told of say since they were revised.
        decisions: What became of every article considered, in the order in which they came.
    """

    subscription: Subscription
    window: DigestWindow
    entries: tuple[DigestEntry, ...]
    further_entries: tuple[DigestEntry, ...]
    over_limit_count: int
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
    def waiting_article_ids(self) -> tuple[ArticleId, ...]:
        """The articles that are dated in the future, and wait for their day."""
        return tuple(
            decision.article_id
            for decision in self.decisions
            if decision.detail == WindowPosition.WAITS
        )


def compose_digest(
    subscription: Subscription,
    window: DigestWindow,
    news: News,
    *,
    already_reported: AbstractSet[ArticleId],
    limits: DigestLimits,
) -> Digest:
    """The digest of a subscription over a window.

    Args:
        subscription: What is asked for.
        window: The stretch of time.
        news: What came in, at least all of the window.
        already_reported: The articles of which earlier digests of the subscription told.
        limits: How much it takes in.

    Raises:
        EmptyQuery: A topic has nothing to search for.
    """
    max_chars = min(limits.max_excerpt_chars, MAX_QUOTE_CHARS)
    corrections = {
        arrival.article.id: find_correction(arrival.previous, arrival.article, news, max_chars)
        for arrival in news.arrivals
        if arrival.previous
        and arrival.article.id in already_reported
        and _is_revised(arrival, window)
    }
    excluded = {
        arrival.article.id: decision
        for arrival in news.arrivals
        if (
            decision := _decide_before_topics(
                arrival, subscription, window, already_reported, corrections, limits
            )
        )
    }
    new_articles = [
        arrival.article for arrival in news.arrivals if arrival.article.id not in excluded
    ]
    max_entries = subscription.max_entries
    topic_queries = build_topic_queries(subscription, news.analyser)
    topic_stories = _order_stories(
        _group_by_topic(list(map(news.get_brief, new_articles)), topic_queries, news),
        topic_queries,
        max_entries,
    )
    entries = tuple(
        _build_entry(topic_story, subscription, window, news, max_chars)
        for topic_story in topic_stories[:MAX_STORIES]
    )
    decisions = excluded | {
        decision.article_id: decision for decision in _decide_stories(topic_stories, max_entries)
    }
    return Digest(
        subscription=subscription,
        window=window,
        entries=entries[:max_entries],
        further_entries=entries[max_entries:],
        over_limit_count=max(0, len(topic_stories) - max_entries),
        corrections=tuple(correction for correction in corrections.values() if correction),
        decisions=tuple(
            decisions.get(
                arrival.article.id, Decision(article_id=arrival.article.id, step=DecisionStep.TOPIC)
            )
            for arrival in news.arrivals
        ),
    )


class _TopicStory(NamedTuple):
    """A story, and the topic that it is told under."""

    topic: TopicQuery
    story: Story


def _is_revised(arrival: Arrival, window: DigestWindow) -> bool:
    return window.starts_at <= arrival.revised_at < window.ends_at


def _decide_before_topics(  # noqa: PLR0913, PLR0917 - all that decides
    arrival: Arrival,
    subscription: Subscription,
    window: DigestWindow,
    already_reported: AbstractSet[ArticleId],
    corrections: Mapping[ArticleId, Correction | None],
    limits: DigestLimits,
) -> Decision | None:
    """What decides on an article before topics do; None where nothing does."""
    article = arrival.article
    if article.id in corrections:
        detail = RevisionOutcome.CORRECTED if corrections[article.id] else RevisionOutcome.SAME
        return Decision(article_id=article.id, step=DecisionStep.REVISED, detail=detail)
    position = locate_in_window(arrival, window, subscription.zone, late_days=limits.late_days)
    if article.id in already_reported:
        return Decision(
            article_id=article.id, step=DecisionStep.WINDOW, detail=WindowPosition.BEFORE
        )
    if position is WindowPosition.BEFORE and _is_revised(arrival, window):
        return Decision(
            article_id=article.id, step=DecisionStep.REVISED, detail=RevisionOutcome.UNSEEN
        )
    if position is not WindowPosition.WITHIN:
        return Decision(article_id=article.id, step=DecisionStep.WINDOW, detail=position)
    sources = {source.casefold() for source in subscription.sources}
    if sources and (article.source or "").casefold() not in sources:
        return Decision(article_id=article.id, step=DecisionStep.SOURCE)
    return None


def _group_by_topic(
    briefs: Sequence[ArticleBrief], topic_queries: Sequence[TopicQuery], news: News
) -> Iterator[Sequence[_TopicStory]]:
    """The stories of each topic; an article is told under the first topic that it is about."""
    remaining = list(briefs)
    for topic in topic_queries:
        fits = [topic.query is None or is_about(brief, topic.query) for brief in remaining]
        matching = list(compress(remaining, fits))
        remaining = list(compress(remaining, map(not_, fits)))
        yield [_TopicStory(topic, story) for story in rank_stories(matching, news.story_similarity)]


def _order_stories(
    stories_by_topic: Iterator[Sequence[_TopicStory]],
    topic_queries: Sequence[TopicQuery],
    max_entries: int,
) -> Sequence[_TopicStory]:
    """The stories in the order in which they are read: the first `max_entries`, and those that come next.

    Who is among these is settled by the topics in turn, so that none of them takes all the room.
    """
    turns = zip_longest(*stories_by_topic)
    topic_stories = [topic_story for turn in turns for topic_story in turn if topic_story]
    parts = (
        topic_stories[:max_entries],
        topic_stories[max_entries:MAX_STORIES],
        topic_stories[MAX_STORIES:],
    )
    return [
        topic_story
        for part in parts
        for topic in topic_queries
        for topic_story in part
        if topic_story.topic is topic
    ]


def _decide_stories(topic_stories: Sequence[_TopicStory], max_entries: int) -> Iterator[Decision]:
    """What becomes of the articles of stories, of which the first `max_entries` are entries."""
    for rank, (_, story) in enumerate(topic_stories, start=1):
        step, (first, *others) = (
            _decide_step(rank, max_entries),
            [brief.article.id for brief in story],
        )
        yield Decision(article_id=first, step=step, detail=str(rank))
        is_reported = step is not DecisionStep.FAR_OVER_LIMIT
        others_decision = (DecisionStep.DUPLICATE_OF, first) if is_reported else (step, str(rank))
        for other in others:
            yield Decision(article_id=other, step=others_decision[0], detail=others_decision[1])


def _decide_step(rank: int, max_entries: int) -> DecisionStep:
    """Where it is decided on the story in this place."""
    if rank <= max_entries:
        return DecisionStep.TAKEN
    return DecisionStep.OVER_LIMIT if rank <= MAX_STORIES else DecisionStep.FAR_OVER_LIMIT


def _build_entry(
    topic_story: _TopicStory,
    subscription: Subscription,
    window: DigestWindow,
    news: News,
    max_chars: int,
) -> DigestEntry:
    topic, story = topic_story
    citation = choose_story_quote(story, news, topic.query, max_chars=max_chars)
    published_on = citation.article.published_on
    return DigestEntry(
        heading=topic.heading,
        citation=citation,
        is_quotable=len(citation.text) <= max_chars,
        others=tuple(
            sorted(
                (brief.article for brief in story[1:]),
                key=lambda article: article.published_on or date.min,
                reverse=True,
            )
        ),
        is_late=published_on is not None
        and published_on < get_local_day(subscription, window.starts_at),
    )
