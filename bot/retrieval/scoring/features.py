"""Ranking features: everything beyond BM25 that raises or lowers the score of a passage.

A feature's value lies between 0 and 1. It adds value times weight times the total idf of the query
terms to the score, so a weight means the same for short and long queries and for small and large
libraries. The weights are learnt from judged questions. FIRST_STAGE_FEATURES are known for every
candidate (see `candidates`). The other features belong to a window: one to three sentences of an
analysed passage.
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
"""The features that are known before a passage is analysed."""

MAX_SENTENCES = 3
"""The maximum number of sentences in a window."""

MAX_WINDOW_CHARS = 440
"""The maximum length of a window in characters; a longer sentence forms a window of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureContext:
    """The inputs that all features of one query share.

    Attributes:
        query: The query.
        idfs: The idf of each query term.
        asked_idfs: The idf of each query term in the clause that asks; all terms if there is none.
        shared_term_weights: The weights of terms that the top passages have in common.
        association: The association of other terms with the noun that the query asks for.
    """

    query: Query
    idfs: Mapping[str, float]
    asked_idfs: Mapping[str, float]
    shared_term_weights: Mapping[str, float]
    association: Association


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceWindow:
    """Consecutive sentences of a passage that can be shown together.

    Attributes:
        sentences: The sentences, in order.
        terms: The query terms that they contain.
        feature_values: The features of the window, by name.
    """

    sentences: tuple[Sentence, ...]
    terms: frozenset[str]
    feature_values: Mapping[str, float]

    @property
    def span(self) -> Span:
        """The position of the window in the article's body."""
        return Span(self.sentences[0].span.start, self.sentences[-1].span.end)


def score_answer_type(sentence: Sentence, context: FeatureContext) -> float:
    """Score 1 if the sentence contains an answer of the expected, detectable type; otherwise 0."""
    kind = context.query.answer_type.kind
    return float(sentence.has_answer_type and kind in DETECTABLE_KINDS)


def score_association(sentence: Sentence, context: FeatureContext) -> float:
    """Return the strongest association of a possible answer with the noun of the question."""
    return max(
        (
            context.association.measure(sentence.term_texts[position])
            for position in sentence.candidate_positions
        ),
        default=0.0,
    )


def score_named_day(sentence: Sentence, context: FeatureContext) -> float:
    """Score 1 if the sentence names a day of the query and contains a query term; otherwise 0."""
    return float(sentence.names_day and not sentence.terms.isdisjoint(context.idfs))


# The names are keys of config/weights.toml and of `--explain`, so they keep their spelling.
SENTENCE_FEATURES: Mapping[str, Callable[[Sentence, FeatureContext], float]] = MappingProxyType(
    {
        "associated": score_association,
        "kind": score_answer_type,
        "names day": score_named_day,
    }
)
"""The features of sentences; a window has the maximum over its sentences."""

FEATURE_NAMES = (
    *FIRST_STAGE_FEATURES,
    *SENTENCE_FEATURES,
    "asked",
    "asks",
    "covered",
    "shared",
    "title",
)
"""The names of all features."""


def build_windows(
    analysis: PassageAnalysis, context: FeatureContext, *, max_chars: int
) -> Iterator[SentenceWindow]:
    """Build the windows of a passage.

    A window starts at a sentence and extends as far as the limits allow. It is skipped if it ends
    no later than an earlier window.

    Args:
        analysis: The passage.
        context: The inputs of the features.
        max_chars: The maximum length of a sentence; longer ones are in no window.
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
    """Yield the slices of the windows; see `build_windows`."""
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
    """Return the features that depend on all sentences of a window together.

    Args:
        analysis: The passage.
        context: The inputs of the features.
        sentences: The sentences.
        topic_terms: The terms of the sentences that belong to the title or to the shared terms.
    """
    terms = frozenset[str]().union(
        *(sentence.terms for sentence in sentences if not sentence.is_question)
    )
    weights, title_terms = context.shared_term_weights, analysis.title_terms
    return {
        "asked": idf_coverage(terms, context.asked_idfs),
        "asks": float(all(sentence.is_question for sentence in sentences)),
        "covered": idf_coverage(terms | analysis.context_terms, context.idfs),
        # fsum does not depend on the order: a set is ordered differently in every run, and a
        # plain sum would then differ in its last digits.
        "shared": math.fsum(weights[term] for term in topic_terms if term in weights),
        "title": len(title_terms & topic_terms) / (len(title_terms) or 1),
    }


def _score_sentence(sentence: Sentence, context: FeatureContext) -> dict[str, float]:
    """Return the features of one sentence; they are 0 for a question, which states nothing."""
    if sentence.is_question:
        return dict.fromkeys(SENTENCE_FEATURES, 0.0)
    return {name: compute(sentence, context) for name, compute in SENTENCE_FEATURES.items()}


def _find_window_end(sentences: Sequence[Sentence], first: int, max_chars: int) -> int:
    """Return the exclusive end of the window that starts at `first`; it is never empty."""
    end = first + 1
    while (
        end < min(len(sentences), first + MAX_SENTENCES)
        and sentences[end].span.end - sentences[first].span.start <= max_chars
    ):
        end += 1
    return end
