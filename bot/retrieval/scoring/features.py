"""What moves a passage beyond its BM25: each feature by name, in one place; weights are learnt.

A feature's value lies between 0 and 1. Its share of the score is value times weight times the sum
of the rarities of the query's terms, so that weights mean the same for short and long queries and for
small and large corpora. Those of FIRST_STAGE_FEATURES are known of every passage (see `candidates`); the others are of a
window, one to three sentences of a passage that was read.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.model.span import Span
from bot.retrieval.question.answer_kinds import DETECTABLE_KINDS
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.passage_analysis import PassageAnalysis, Sentence, idf_coverage
from bot.retrieval.scoring.pmi import Association

FIRST_STAGE_FEATURES = ("article", "opening", "published", "recent days")
"""The features that are known without reading a passage."""

MAX_SENTENCES = 3
"""The sentences of a window at most."""

MAX_WINDOW_CHARS = 440
"""A window takes in whole sentences up to here; one that is longer stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureContext:
    """What features are computed from.

    Attributes:
        query: The query.
        idfs: The weight of each of its terms.
        asked_idfs: The weight of those that stand where it asks.
        shared_term_weights: The terms that the first passages share, with their weights.
        association: What has to do with the noun asked for.
    """

    query: Query
    idfs: Mapping[str, float]
    asked_idfs: Mapping[str, float]
    shared_term_weights: Mapping[str, float]
    association: Association


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceWindow:
    """Sentences of a passage that may be shown together.

    Attributes:
        sentences: The sentences, one after another.
        terms: The query's terms that they hold.
        feature_values: The features of the window, by name.
    """

    sentences: tuple[Sentence, ...]
    terms: frozenset[str]
    feature_values: Mapping[str, float]

    @property
    def span(self) -> Span:
        """Its place in the article's body."""
        return Span(self.sentences[0].span.start, self.sentences[-1].span.end)


def score_answer_type(sentence: Sentence, context: FeatureContext) -> float:
    """1 where it holds a thing of the kind wanted, and that kind shows on the surface."""
    kind = context.query.answer_type.kind
    return float(sentence.has_answer_type and kind in DETECTABLE_KINDS)


def score_association(sentence: Sentence, context: FeatureContext) -> float:
    """How much what it offers as an answer has to do with the noun asked for."""
    return max(
        (
            context.association.measure(sentence.term_texts[position])
            for position in sentence.candidate_positions
        ),
        default=0.0,
    )


def score_named_day(sentence: Sentence, context: FeatureContext) -> float:
    """1 where it names a day of which the query speaks, and holds a term of the query."""
    return float(sentence.names_day and not sentence.terms.isdisjoint(context.idfs))


SENTENCE_FEATURES: Mapping[str, Callable[[Sentence, FeatureContext], float]] = MappingProxyType(
    {
        "associated": score_association,
        "kind": score_answer_type,
        "names day": score_named_day,
    }
)
"""A window has the most that one of its sentences has."""

FEATURE_NAMES = (
    *FIRST_STAGE_FEATURES,
    *SENTENCE_FEATURES,
    "asked",
    "asks",
    "covered",
    "shared",
    "title",
)
"""All features."""


def build_windows(
    analysis: PassageAnalysis, context: FeatureContext, *, max_chars: int
) -> Iterator[SentenceWindow]:
    """The windows of a passage: from each sentence on as much as fits, unless an earlier one has it.

    Args:
        analysis: The passage.
        context: What features are computed from.
        max_chars: A longer sentence is in no window.
    """
    sentences = analysis.sentences
    sentence_values = [_score_sentence(sentence, context) for sentence in sentences]
    topic_terms = analysis.title_terms | context.shared_term_weights.keys()
    topic_terms_by_sentence = [
        topic_terms.intersection(sentence.term_texts) for sentence in sentences
    ]
    for part in _iter_window_slices(sentences, max_chars):
        best_values = {
            name: max(values[name] for values in sentence_values[part])
            for name in SENTENCE_FEATURES
        }
        window_topic_terms = frozenset[str]().union(*topic_terms_by_sentence[part])
        window_values = _score_window(analysis, context, sentences[part], window_topic_terms)
        yield SentenceWindow(
            sentences=sentences[part],
            terms=frozenset[str]().union(*(sentence.terms for sentence in sentences[part])),
            feature_values={**best_values, **window_values},
        )


def _iter_window_slices(sentences: Sequence[Sentence], max_chars: int) -> Iterator[slice]:
    """Yield from each sentence on as many as fit, unless an earlier window has them."""
    end_reached = 0
    for first, sentence in enumerate(sentences):
        end = _find_window_end(sentences, first, min(max_chars, MAX_WINDOW_CHARS))
        if end > end_reached and sentence.span.end - sentence.span.start <= max_chars:
            end_reached = end
            yield slice(first, end)


def _score_window(
    analysis: PassageAnalysis,
    context: FeatureContext,
    sentences: tuple[Sentence, ...],
    topic_terms: frozenset[str],
) -> Mapping[str, float]:
    """The features of all sentences of a window together.

    Args:
        analysis: The passage.
        context: What features are computed from.
        sentences: The sentences.
        topic_terms: What they hold of the title's terms and of those that the first passages share.
    """
    terms = frozenset[str]().union(
        *(sentence.terms for sentence in sentences if not sentence.is_question)
    )
    weights, title_terms = context.shared_term_weights, analysis.title_terms
    return {
        "asked": idf_coverage(terms, context.asked_idfs),
        "asks": float(all(sentence.is_question for sentence in sentences)),
        "covered": idf_coverage(terms | analysis.context_terms, context.idfs),
        # Exact, since a set has another order, and a sum other last digits, in every run.
        "shared": math.fsum(weights[term] for term in topic_terms if term in weights),
        "title": len(title_terms & topic_terms) / (len(title_terms) or 1),
    }


def _score_sentence(sentence: Sentence, context: FeatureContext) -> dict[str, float]:
    """The features of one sentence; one that asks tells nothing."""
    if sentence.is_question:
        return dict.fromkeys(SENTENCE_FEATURES, 0.0)
    return {name: compute(sentence, context) for name, compute in SENTENCE_FEATURES.items()}


def _find_window_end(sentences: Sequence[Sentence], first: int, max_chars: int) -> int:
    """Where the window from `first` on ends, exclusive: it holds that sentence at least."""
    end = first + 1
    while (
        end < min(len(sentences), first + MAX_SENTENCES)
        and sentences[end].span.end - sentences[first].span.start <= max_chars
    ):
        end += 1
    return end
