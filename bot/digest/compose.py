"""Composing a digest: its entries, its corrections, and a decision on every article."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from bot.model.article import Article, ArticleId
from bot.model.subscription import Subscription

MAX_STORIES = 20
"""The maximum number of stories that can be read, including those over the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLimits:
    """Limits on the contents of a digest.

    Attributes:
        late_days: An article that arrives more than so many days after its publication is too old.
        max_excerpt_chars: The maximum length of an entry's quote, in characters.
    """

    late_days: int = 7
    max_excerpt_chars: int = MAX_QUOTE_CHARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest that is ready to be posted.

    Attributes:
        subscription: The settings that it was composed for.
        window: The period that it covers.
        entries: The stories, grouped by topic; the most important story of a topic comes first.
        further_entries: The stories over the limit that “More” shows, in the same order; with
            `entries` at most MAX_STORIES.
        over_limit_count: The number of stories beyond `entries`, including `further_entries`.
        corrections: Changes in articles that an earlier digest included.
        decisions: The decision on every article considered, in the order of arrival records.
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
        """The day of the digest, in the zone of its subscription."""
        return self.window.day

    @property
    def is_empty(self) -> bool:
        """Whether it has neither entries nor corrections."""
        return not (self.entries or self.corrections)

    @property
    def waiting_article_ids(self) -> tuple[ArticleId, ...]:
        """The articles that are dated in the future and wait for their day."""
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
    """Compose the digest of a subscription for a window.

    Args:
        subscription: The settings of the digest.
        window: The period that it covers.
        news: The arrivals, including at least all of the window.
        already_reported: The articles that earlier digests of the subscription included.
        limits: The limits on its contents.

    Raises:
        EmptyQuery: A topic has nothing to search for.
    """
    max_chars = min(limits.max_excerpt_chars, MAX_QUOTE_CHARS)
    max_entries = subscription.max_entries
    scope = _Scope(
        subscription=subscription,
        window=window,
        already_reported=already_reported,
        late_days=limits.late_days,
    )
    selection = _select_articles(scope, news, max_chars)
    topic_stories = _find_topic_stories(subscription, news, selection)
    entries = tuple(
        _build_entry(topic_story, scope, news, max_chars)
        for topic_story in topic_stories[:MAX_STORIES]
    )
    return Digest(
        subscription=subscription,
        window=window,
        entries=entries[:max_entries],
        further_entries=entries[max_entries:],
        over_limit_count=max(0, len(topic_stories) - max_entries),
        corrections=tuple(filter(None, selection.corrections.values())),
        decisions=_collect_decisions(news, selection, topic_stories, max_entries),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """The conditions that an article has to meet.

    Attributes:
        subscription: The settings of the digest.
        window: The period that it covers.
        already_reported: The articles that earlier digests included.
        late_days: As in `DigestLimits`.
    """

    subscription: Subscription
    window: DigestWindow
    already_reported: AbstractSet[ArticleId]
    late_days: int

    def is_revised(self, arrival: Arrival) -> bool:
        """Return whether an article was revised within the window, which is half-open."""
        return self.window.starts_at <= arrival.revised_at < self.window.ends_at

    def has_source(self, article: Article) -> bool:
        """Return whether an article is from one of the digest's sources, ignoring case."""
        sources = {source.casefold() for source in self.subscription.sources}
        return not sources or (article.source or "").casefold() in sources


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selection:
    """The decisions made before topics are considered.

    Attributes:
        corrections: The correction of each article that earlier digests included and that was
            revised in the window; None if no sentence short enough to show differs.
        decisions: The decisions on articles that are not candidates for a topic.
    """

    corrections: Mapping[ArticleId, Correction | None]
    decisions: Mapping[ArticleId, Decision]


class _TopicStory(NamedTuple):
    """A story and the topic under which it appears."""

    topic: TopicQuery
    story: Story


def _select_articles(scope: _Scope, news: News, max_chars: int) -> _Selection:
    corrections = {
        arrival.article.id: find_correction(arrival.previous, arrival.article, news, max_chars)
        for arrival in news.arrivals
        if arrival.previous
        and arrival.article.id in scope.already_reported
        and scope.is_revised(arrival)
    }
    decisions = {
        arrival.article.id: _decide_revision(arrival.article.id, corrections)
        or _decide_by_window(arrival, scope)
        or _decide_by_source(arrival.article, scope)
        for arrival in news.arrivals
    }
    return _Selection(
        corrections=corrections,
        decisions={article_id: decision for article_id, decision in decisions.items() if decision},
    )


def _decide_revision(
    article_id: ArticleId, corrections: Mapping[ArticleId, Correction | None]
) -> Decision | None:
    if article_id not in corrections:
        return None
    detail = RevisionOutcome.CORRECTED if corrections[article_id] else RevisionOutcome.SAME
    return Decision(article_id=article_id, step=DecisionStep.REVISED, detail=detail)


def _decide_by_window(arrival: Arrival, scope: _Scope) -> Decision | None:
    article_id = arrival.article.id
    zone = scope.subscription.zone
    position = locate_in_window(arrival, scope.window, zone, late_days=scope.late_days)
    # An article is reported once, even if the window covers it again.
    if article_id in scope.already_reported:
        position = WindowPosition.BEFORE
    elif position is WindowPosition.BEFORE and scope.is_revised(arrival):
        unseen = RevisionOutcome.UNSEEN
        return Decision(article_id=article_id, step=DecisionStep.REVISED, detail=unseen)
    if position is WindowPosition.WITHIN:
        return None
    return Decision(article_id=article_id, step=DecisionStep.WINDOW, detail=position)


def _decide_by_source(article: Article, scope: _Scope) -> Decision | None:
    if scope.has_source(article):
        return None
    return Decision(article_id=article.id, step=DecisionStep.SOURCE)


def _find_topic_stories(
    subscription: Subscription, news: News, selection: _Selection
) -> Sequence[_TopicStory]:
    """Return the stories of all undecided articles, in reading order."""
    briefs = [
        news.get_brief(arrival.article)
        for arrival in news.arrivals
        if arrival.article.id not in selection.decisions
    ]
    topic_queries = build_topic_queries(subscription, news.analyser)
    stories_by_topic = _group_by_topic(briefs, topic_queries, news)
    return _order_stories(stories_by_topic, topic_queries, subscription.max_entries)


def _collect_decisions(
    news: News, selection: _Selection, topic_stories: Sequence[_TopicStory], max_entries: int
) -> tuple[Decision, ...]:
    """Return the decision on every article.

    An article without a decision so far matched no topic.
    """
    decisions = {
        **selection.decisions,
        **{
            decision.article_id: decision
            for decision in _decide_stories(topic_stories, max_entries)
        },
    }
    return tuple(
        decisions.get(article_id) or Decision(article_id=article_id, step=DecisionStep.TOPIC)
        for article_id in (arrival.article.id for arrival in news.arrivals)
    )


def _group_by_topic(
    briefs: Sequence[ArticleBrief], topic_queries: Sequence[TopicQuery], news: News
) -> Iterator[Sequence[_TopicStory]]:
    """Yield the stories of each topic; an article belongs to the first topic that it matches."""
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
    """Return the stories in reading order: the first `max_entries`, then the following ones.

    The topics take turns in choosing the stories of each part, so that no topic takes all the
    places. Within a part, the stories are grouped by topic.
    """
    # Round robin: the first story of each topic, then the second of each, and so on.
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
    """Yield the decisions on the articles of stories; the first `max_entries` are entries."""
    for rank, (_, story) in enumerate(topic_stories, start=1):
        step = _decide_step(rank, max_entries)
        first, *others = (brief.article.id for brief in story)
        yield Decision(article_id=first, step=step, detail=str(rank))
        # The duplicates of a story that is shown nowhere are over the limit themselves.
        is_reported = step is not DecisionStep.FAR_OVER_LIMIT
        other_step, detail = (
            (DecisionStep.DUPLICATE_OF, first) if is_reported else (step, str(rank))
        )
        for other in others:
            yield Decision(article_id=other, step=other_step, detail=detail)


def _decide_step(rank: int, max_entries: int) -> DecisionStep:
    """Return the step that decides on the story at this rank, from 1."""
    if rank <= max_entries:
        return DecisionStep.TAKEN
    return DecisionStep.OVER_LIMIT if rank <= MAX_STORIES else DecisionStep.FAR_OVER_LIMIT


def _build_entry(
    topic_story: _TopicStory, scope: _Scope, news: News, max_chars: int
) -> DigestEntry:
    topic, story = topic_story
    citation = choose_story_quote(story, news, topic.query, max_chars=max_chars)
    published_on = citation.article.published_on
    first_day = get_local_day(scope.subscription, scope.window.starts_at)
    return DigestEntry(
        heading=topic.heading,
        citation=citation,
        is_quotable=len(citation.text) <= max_chars,
        others=_order_newest_first(brief.article for brief in story[1:]),
        is_late=published_on is not None and published_on < first_day,
    )


def _order_newest_first(articles: Iterable[Article]) -> tuple[Article, ...]:
    by_day = sorted(articles, key=lambda article: article.published_on or date.min, reverse=True)
    return tuple(by_day)
