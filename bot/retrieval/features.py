"""What moves a passage beyond its BM25: each feature by name, with its weight, in one place.

A feature's value lies between 0 and 1. Its share of the score is value times weight times the sum
of the rarities of the query's terms, so that weights mean the same for short and long queries and for
small and large corpora.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.retrieval.query import Query
from bot.retrieval.reading import Reading, spoken_on, support
from bot.retrieval.span import Span

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "together": 1.5,
        "context": 0.5,
        "kind": 1.0,
        "nearness": 0.3,
        "published": 0.5,
        "names day": 0.5,
        "repeats": -1.5,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What features are computed from.

    Attributes:
        query: The query.
        reading: The passage as the query sees it.
        rarities: The weight of each of the query's terms.
        steer_days: For how many days after a date an article still speaks of it.
    """

    query: Query
    reading: Reading
    rarities: Mapping[str, float]
    steer_days: int


def together(view: View) -> float:
    """The share of the query's weight that one sentence holds, with the one that it leans on."""
    return max((_held(view, place) for place in _telling(view.reading)), default=0.0)


def context(view: View) -> float:
    """The share of the query's weight in the article's title and first sentence."""
    return support(view.reading.context, frozenset(), view.rarities)


def kind(view: View) -> float:
    """How well a sentence supports that holds a thing of the kind wanted."""
    sentences = view.reading.sentences
    return max(
        (_held(view, place) for place in _telling(view.reading) if sentences[place].holds_kind),
        default=0.0,
    )


def nearness(view: View) -> float:
    """How closely a sentence's matches stand, by the text between the first and the last."""
    return max(
        (
            _held(view, place) * _density(view.reading.sentences[place].matches)
            for place in _telling(view.reading)
        ),
        default=0.0,
    )


def published(view: View) -> float:
    """1 where the article was published on the days of which the query speaks, or soon after."""
    day = view.reading.article.published_on
    spoken = [spoken_on(mention.days, view.steer_days) for mention in view.query.dates]
    return float(day is not None and any(days.contains(day) for days in spoken))


def names_day(view: View) -> float:
    """1 where a sentence with a term of the query names a day of which the query speaks."""
    return float(any(each.names_day and each.terms for each in view.reading.sentences))


def repeats(view: View) -> float:
    """By how much a sentence that asks holds more of the query than any that tells."""
    asking = max(
        (
            support(each.terms, frozenset(), view.rarities)
            for each in view.reading.sentences
            if each.asks
        ),
        default=0.0,
    )
    return max(0.0, asking - together(view))


FEATURES = MappingProxyType(
    {
        "together": together,
        "context": context,
        "kind": kind,
        "nearness": nearness,
        "published": published,
        "names day": names_day,
        "repeats": repeats,
    }
)


def shares(view: View) -> dict[str, float]:
    """Each feature's share of the passage's score, by name."""
    scale = sum(view.rarities.values())
    return {name: WEIGHTS[name] * scale * feature(view) for name, feature in FEATURES.items()}


def _density(matches: Sequence[Span]) -> float:
    """The share of the text from the first match to the last that is matched."""
    if not matches:
        return 0.0
    matched = sum(match.end - match.start for match in matches)
    return min(1.0, matched / (max(match.end for match in matches) - matches[0].start))


def _telling(reading: Reading) -> list[int]:
    return [place for place, each in enumerate(reading.sentences) if not each.asks]


def _held(view: View, place: int) -> float:
    sentence = view.reading.sentences[place]
    leant_on = view.reading.before if place == 0 else view.reading.sentences[place - 1]
    leans = sentence.leans or sentence.refers
    near = leant_on.terms if leans and leant_on is not None else frozenset[str]()
    return support(sentence.terms, view.reading.context | near, view.rarities)
