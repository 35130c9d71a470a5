"""Which articles tell the same story: near-duplicates and what follows up on each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import fmean

from bot.digest.news import ArticleBrief

MIN_STORY_SIMILARITY = 0.3
"""The mean likeness of an article to those of a story that it belongs to.

Measured in `tests/benchmarks/digest.py`: a wrong one hides news, one more entry does not.
"""

StorySimilarity = Callable[[ArticleBrief, ArticleBrief], float]
"""How much two articles tell of the same, 0 to 1."""

Story = tuple[ArticleBrief, ...]
"""The articles that tell one story, the weightiest first."""

_CENTRALITY_WEIGHT = 0.2
"""What it weighs to be as like an article of the others as can be, where an article weighs 1."""

_MAX_COMPARED = 200
"""Of more articles, the newest are compared with each other."""

_MAX_DIVERSIFIED = 10
"""So many stories are chosen with an eye on those before them: no message shows more."""

_MAX_JOINABLE = 20
"""With so many stories the articles are compared that were not compared with all: no more are read."""


def rank_stories(briefs: Iterable[ArticleBrief], similarity: StorySimilarity) -> tuple[Story, ...]:
    """The stories that the articles tell, the weightiest first.

    A story weighs as many as its articles, and a little more for being like others; less, the nearer
    it is to one that comes before it. Of equal ones the newer comes first, then by id. Of very many
    articles, the older ones join one of the first stories or are one each, and come last.

    Args:
        briefs: The articles.
        similarity: How much two of them tell of the same.
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
    """The stories, each of the first with the others that tell it; then those that tell none."""
    joined, unrelated = [list(story) for story in ranked], []
    for brief in others:
        closest = max(joined[:_MAX_JOINABLE], key=lambda story: similarity(brief, story[0]))
        if similarity(brief, closest[0]) >= MIN_STORY_SIMILARITY:
            closest.append(brief)
        else:
            unrelated.append((brief,))
    return (*map(tuple, joined), *unrelated)


def _diversify(weights: Mapping[Story, float]) -> Iterator[Story]:
    """The stories by their weights, each of the first less as it is nearer to one before it."""
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
    """The stories that the articles tell, in the order of their first articles.

    Each article joins the story that it is most like, or begins one.

    Args:
        briefs: The articles, the weightiest first.
        similarity: How much two of them tell of the same.
        min_similarity: The mean likeness of an article to those of a story that it joins.
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
