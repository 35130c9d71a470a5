"""What moves a passage beyond its BM25: each feature by name, in one place; weights are learnt.

A feature's value lies between 0 and 1. Its share of the score is value times weight times the sum
of the rarities of the query's terms, so that weights mean the same for short and long queries and for
small and large corpora. Those of AFAR are known of every passage (see `survey`); the others are of a
window, one to three sentences of a passage that was read.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.model.span import Span
from bot.retrieval.question.answer_type import Kind
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.passage_analysis import Reading, Sentence, support
from bot.retrieval.scoring.pmi import Association

AFAR = ("article", "opening", "published", "recent days")
"""The features that are known without reading a passage."""

MAX_SENTENCES = 3
"""The sentences of a window at most."""

FULL_CHARS = 440
"""A window takes in whole sentences up to here; one that is longer stands alone."""

_SHOWN = {Kind.PERSON, Kind.PLACE}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What features are computed from.

    Attributes:
        query: The query.
        rarities: The weight of each of its terms.
        asked: The weight of those that stand where it asks.
        shared: The terms that the first passages share, with their weights.
        association: What has to do with the noun asked for.
    """

    query: Query
    rarities: Mapping[str, float]
    asked: Mapping[str, float]
    shared: Mapping[str, float]
    association: Association


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Sentences of a passage that may be shown together.

    Attributes:
        sentences: The sentences, one after another.
        terms: The query's terms that they hold.
        values: The features of the window, by name.
    """

    sentences: tuple[Sentence, ...]
    terms: frozenset[str]
    values: Mapping[str, float]

    @property
    def span(self) -> Span:
        """Its place in the article's body."""
        return Span(self.sentences[0].span.start, self.sentences[-1].span.end)


def kind(sentence: Sentence, view: View) -> float:
    """1 where it holds a thing of the kind wanted, and that kind shows on the surface."""
    want = view.query.wanted
    return float(sentence.holds_kind and (want.is_figure or want.kind in _SHOWN))


def associated(sentence: Sentence, view: View) -> float:
    """How much what it offers as an answer has to do with the noun asked for."""
    return max(
        (view.association.of(sentence.keys[place]) for place in sentence.offered), default=0.0
    )


def names_day(sentence: Sentence, view: View) -> float:
    """1 where it names a day of which the query speaks, and holds a term of the query."""
    return float(sentence.names_day and not sentence.terms.isdisjoint(view.rarities))


IN_SENTENCE: Mapping[str, Callable[[Sentence, View], float]] = MappingProxyType(
    {
        "associated": associated,
        "kind": kind,
        "names day": names_day,
    }
)
"""A window has the most that one of its sentences has."""

NAMES = (*AFAR, *IN_SENTENCE, "asked", "asks", "covered", "shared", "title")
"""All features."""


def windows(reading: Reading, view: View, *, max_chars: int) -> Iterator[Window]:
    """The windows of a passage: from each sentence on as much as fits, unless an earlier one has it.

    Args:
        reading: The passage.
        view: What features are computed from.
        max_chars: A longer sentence is in no window.
    """
    sentences = reading.sentences
    signs = [_signs(each, view) for each in sentences]
    telling = reading.title | view.shared.keys()
    told = [telling.intersection(each.keys) for each in sentences]
    reached = 0
    for first, sentence in enumerate(sentences):
        last = _last(sentences, first, min(max_chars, FULL_CHARS))
        if last <= reached or sentence.span.end - sentence.span.start > max_chars:
            continue
        reached = last
        shown = sentences[first:last]
        terms = frozenset[str]().union(*(each.terms for each in shown))
        yield Window(
            sentences=shown,
            terms=terms,
            values={
                **{name: max(sign[name] for sign in signs[first:last]) for name in IN_SENTENCE},
                **_told(reading, view, shown, frozenset().union(*told[first:last])),
            },
        )


def _told(
    reading: Reading, view: View, sentences: tuple[Sentence, ...], told: frozenset[str]
) -> Mapping[str, float]:
    """The features of all sentences of a window together.

    Args:
        reading: The passage.
        view: What features are computed from.
        sentences: The sentences.
        told: What they hold of the title's terms and of those that the first passages share.
    """
    terms = frozenset[str]().union(*(each.terms for each in sentences if not each.asks))
    return {
        "asked": support(terms, view.asked),
        "asks": float(all(each.asks for each in sentences)),
        "covered": support(terms | reading.context, view.rarities),
        # Exact, since a set has another order, and a sum other last digits, in every run.
        "shared": math.fsum(view.shared[term] for term in told if term in view.shared),
        "title": len(reading.title & told) / len(reading.title) if reading.title else 0.0,
    }


def _signs(sentence: Sentence, view: View) -> dict[str, float]:
    """The features of one sentence; one that asks tells nothing."""
    if sentence.asks:
        return dict.fromkeys(IN_SENTENCE, 0.0)
    return {name: of(sentence, view) for name, of in IN_SENTENCE.items()}


def _last(sentences: tuple[Sentence, ...], first: int, max_chars: int) -> int:
    """Where the window from `first` on ends, exclusive: it holds that sentence at least."""
    last = first + 1
    while (
        last < min(len(sentences), first + MAX_SENTENCES)
        and sentences[last].span.end - sentences[first].span.start <= max_chars
    ):
        last += 1
    return last
