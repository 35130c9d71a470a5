"""Which articles tell the same story: near-duplicates and what follows up on each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import fmean

from bot.digest.news import Brief

SAME_STORY = 0.3
"""The mean likeness of an article to those of a story that it belongs to.

Measured in `tests/benchmarks/digest.py`: a wrong one hides news, one more entry does not.
"""

Likeness = Callable[[Brief, Brief], float]
"""How much two articles tell of the same, 0 to 1."""

Story = tuple[Brief, ...]
"""The articles that tell one story, the weightiest first."""

_CENTRAL = 0.2
"""What it weighs to be as like an article of the others as can be, where an article weighs 1."""

_MOST_COMPARED = 200
"""Of more articles, the newest are compared with each other."""

_APART = 10
"""So many stories are chosen with an eye on those before them: no message shows more."""

_JOINED = 20
"""With so many stories the articles are compared that were not compared with all: no more are read."""


def weightiest_first(briefs: Iterable[Brief], likeness: Likeness) -> tuple[Story, ...]:
    """The stories that the articles tell, the weightiest first.

    A story weighs as many as its articles, and a little more for being like others; less, the nearer
    it is to one that comes before it. Of equal ones the newer comes first, then by id. Of very many
    articles, the older ones join one of the first stories or are one each, and come last.

    Args:
        briefs: The articles.
        likeness: How much two of them tell of the same.
    """
    ordered = sorted(briefs, key=_newest_first)
    compared, others = ordered[:_MOST_COMPARED], ordered[_MOST_COMPARED:]
    central = {
        one.article.id: sum(likeness(one, other) for other in compared if other is not one)
        for one in compared
    }
    compared.sort(key=lambda each: -central[each.article.id])
    weights = {
        story: len(story) + _CENTRAL * fmean(central[each.article.id] for each in story)
        for story in stories(compared, likeness)
    }
    return _joined(tuple(_apart(weights)), others, likeness)


def _joined(
    told: Sequence[Story], others: Sequence[Brief], likeness: Likeness
) -> tuple[Story, ...]:
    """The stories, each of the first with the others that tell it; then those that tell none."""
    found, left = [list(story) for story in told], []
    for brief in others:
        likest = max(found[:_JOINED], key=lambda story: likeness(brief, story[0]))
        if likeness(brief, likest[0]) >= SAME_STORY:
            likest.append(brief)
        else:
            left.append((brief,))
    return (*map(tuple, found), *left)


def _apart(weights: Mapping[Story, float]) -> Iterator[Story]:
    """The stories by their weights, each of the first less as it is nearer to one before it."""
    left = sorted(weights, key=lambda story: -weights[story])
    nearest = dict.fromkeys(left, 0.0)
    for _ in range(min(_APART, len(left))):
        chosen = max(left, key=lambda story: weights[story] * (1 - nearest[story]))
        left.remove(chosen)
        for story in left:
            nearest[story] = max(nearest[story], story[0].nearness(chosen[0]))
        yield chosen
    yield from left


def _newest_first(brief: Brief) -> tuple[int, str]:
    day = brief.article.published_on
    return -day.toordinal() if day else 0, brief.article.id


def stories(
    briefs: Sequence[Brief], likeness: Likeness, *, least: float = SAME_STORY
) -> tuple[Story, ...]:
    """The stories that the articles tell, in the order of their first articles.

    Each article joins the story that it is most like, or begins one.

    Args:
        briefs: The articles, the weightiest first.
        likeness: How much two of them tell of the same.
        least: The mean likeness of an article to those of a story that it joins.
    """
    found: list[list[Brief]] = []
    for brief in briefs:
        likest = max(found, key=lambda story: _mean(brief, story, likeness), default=None)
        if likest is not None and _mean(brief, likest, likeness) >= least:
            likest.append(brief)
        else:
            found.append([brief])
    return tuple(map(tuple, found))


def _mean(brief: Brief, story: Sequence[Brief], likeness: Likeness) -> float:
    return fmean(likeness(brief, each) for each in story)
