"""Grouping articles about the same story: near-duplicates and follow-ups."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import fmean

from bot.digest.news import ArticleBrief

MIN_STORY_SIMILARITY = 0.3
"""The lowest mean similarity to a story's articles at which an article joins the story.

Chosen by `tests/benchmarks/digest.py`. Rather too high than too low: a wrong join hides news, but a
missed one only adds an entry.
"""

StorySimilarity = Callable[[ArticleBrief, ArticleBrief], float]
"""Returns how likely two articles are to report the same story, 0 to 1."""

Story = tuple[ArticleBrief, ...]
"""The articles about one story, the most important first."""

_CENTRALITY_WEIGHT = 0.2
"""The weight of similarity to other articles, if an article weighs 1."""

_MAX_COMPARED = 200
"""The maximum number of articles compared with each other; the newest are taken."""

_MAX_DIVERSIFIED = 10
"""The number of stories chosen for variety; no message shows more."""

_MAX_JOINABLE = 20
"""The number of stories that further articles can join; no more can be read."""


def rank_stories(briefs: Iterable[ArticleBrief], similarity: StorySimilarity) -> tuple[Story, ...]:
    """Group articles into stories, the most important first.

    A story's weight is its number of articles, plus a little for similarity to other articles, and
    is reduced by similarity to stories ranked before it. Ties go to the newer story, then by id. If
    there are more than `_MAX_COMPARED` articles, each older one joins one of the first stories or
    forms a story of its own at the end.

    Args:
        briefs: The articles.
        similarity: Returns how likely two of them are to report the same story.
    """
    ordered = sorted(briefs, key=_newest_first_key)
    compared, others = ordered[:_MAX_COMPARED], ordered[_MAX_COMPARED:]
    centralities = {
        one.article.id: sum(similarity(one, other) for other in compared if other is not one)
        for one in compared
    }
    compared.sort(key=lambda brief: -centralities[brief.article.id])
    weights = {
        story: len(story)
        + _CENTRALITY_WEIGHT * fmean(centralities[brief.article.id] for brief in story)
        for story in group_into_stories(compared, similarity)
    }
    return _join_others(tuple(_diversify(weights)), others, similarity)


def _join_others(
    ranked: Sequence[Story], others: Sequence[ArticleBrief], similarity: StorySimilarity
) -> tuple[Story, ...]:
    """Return the stories with further articles added to them, then those that fit none."""
    # Many copies of one story must not crowd out others, so older articles join it, too.
    joined, unrelated = [list(story) for story in ranked], []
    for brief in others:
        closest = max(joined[:_MAX_JOINABLE], key=lambda story: similarity(brief, story[0]))
        if similarity(brief, closest[0]) >= MIN_STORY_SIMILARITY:
            closest.append(brief)
        else:
            unrelated.append((brief,))
    return (*map(tuple, joined), *unrelated)


def _diversify(weights: Mapping[Story, float]) -> Iterator[Story]:
    """Yield the stories by weight, reduced by their similarity to those chosen before."""
    remaining = sorted(weights, key=lambda story: -weights[story])
    nearest_similarity = dict.fromkeys(remaining, 0.0)
    for _ in range(min(_MAX_DIVERSIFIED, len(remaining))):
        chosen = max(remaining, key=lambda story: weights[story] * (1 - nearest_similarity[story]))
        remaining.remove(chosen)
        for story in remaining:
            nearest_similarity[story] = max(
                nearest_similarity[story], story[0].topic_similarity(chosen[0])
            )
        yield chosen
    yield from remaining


def _newest_first_key(brief: ArticleBrief) -> tuple[int, str]:
    day = brief.article.published_on
    return -day.toordinal() if day else 0, brief.article.id


def group_into_stories(
    briefs: Sequence[ArticleBrief],
    similarity: StorySimilarity,
    *,
    min_similarity: float = MIN_STORY_SIMILARITY,
) -> tuple[Story, ...]:
    """Group articles into stories, in the order of their first articles.

    Each article joins the most similar story, or starts a new one.

    Args:
        briefs: The articles, the most important first.
        similarity: Returns how likely two of them are to report the same story.
        min_similarity: The lowest mean similarity to a story's articles at which an article joins
            it.
    """
    groups: list[list[ArticleBrief]] = []
    for brief in briefs:
        closest = max(
            groups, key=lambda story: _mean_similarity(brief, story, similarity), default=None
        )
        if closest is not None and _mean_similarity(brief, closest, similarity) >= min_similarity:
            closest.append(brief)
        else:
            groups.append([brief])
    return tuple(map(tuple, groups))


def _mean_similarity(
    brief: ArticleBrief, story: Sequence[ArticleBrief], similarity: StorySimilarity
) -> float:
    return fmean(similarity(brief, other) for other in story)
