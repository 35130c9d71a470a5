"""The confidence model: the probability that an excerpt answers a query."""

import math
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest

from bot.model.day_range import DayRange
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.candidates import get_publication_days
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.passage_analysis import find_names, idf_coverage
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import INTERCEPT, Weights

# The names of evidence and features are keys of config/weights.toml, so they keep their spelling.
_BASE_EVIDENCE_NAMES = (
    "article",
    "clear",
    "covered",
    "denies",
    "held",
    "length",
    "margin",
    "names",
    "shared",
    "undated",
    "unknown",
)
_SMALL_LIBRARY = "little"

EVIDENCE_NAMES = (
    *_BASE_EVIDENCE_NAMES,
    _SMALL_LIBRARY,
    *(f"{name}, {_SMALL_LIBRARY}" for name in _BASE_EVIDENCE_NAMES),
)
"""The names of the evidence in `ConfidenceModel.compute_evidence`.

In a small library everything is about few subjects, so an excerpt on the subject proves less. Each
piece of evidence therefore has two weights: one for any library, and one that grows as the library
gets smaller.
"""

_FEATURES_AS_EVIDENCE = ("article", "covered", "shared")

_MIN_PREDICATE_COVERAGE = 0.34
"""The minimum idf coverage, for an excerpt on the topic, of query terms outside names and nouns."""

_CLEAR_LEAD_RANK = 3
"""The rank of the other excerpt whose score counts for "clear": two may tell the same story."""

_MIN_NAME_COVERAGE = 0.5
"""The minimum idf coverage of a name: "Altman" is enough for "Sam Altman"."""

_LARGE_LIBRARY_LOG10 = 4.0
"""The decimal logarithm of the number of passages from which a library is no longer small."""

_SMALL_LIBRARY_EXTRA_CONFIDENCE = 0.25
"""The extra confidence required in the smallest library, where an abstention misses little."""

_FURTHER_CONFIDENCE_FACTOR = 0.2
"""The share of the required confidence that is enough for excerpts behind the first.

An excerpt behind the first gets a lower confidence for its rank alone. Measured: with 0.2 instead
of 0.5 the share of questions with an answer among three excerpts rose from 0.74 to 0.77 on news,
and no abstention changed.
"""


class ConfidenceModel:
    """A model of how probably excerpts answer one query."""

    def __init__(
        self, *, query: Query, result: SearchResult, limits: AnswerLimits, weights: Weights
    ) -> None:
        """Create the model of a query and its search result.

        Args:
            query: The query.
            result: The search result.
            limits: How sure an answer has to be.
            weights: The weights of the evidence.
        """
        self.query = query
        self.result = result
        self._limits = limits
        self._weights = weights
        names = find_names(query, (hit.analysis for hit in result.hits))
        # An answer to "which AI model" need not repeat the noun, even if it is capitalised.
        self._names = [name for name in names if not query.noun_terms.issuperset(name)]
        noun_and_name_terms = query.noun_terms.union(*names)
        self._predicate_terms = [term for term in result.idfs if term not in noun_and_name_terms]
        # From 1 for an empty library down to 0 for 10,000 passages.
        self._library_smallness = max(
            0.0, 1 - math.log10(1 + result.extent.passages) / _LARGE_LIBRARY_LOG10
        )
        self.days_outside_library = self._find_days_outside_library()

    @property
    def is_calibrated(self) -> bool:
        """Whether the weights of the evidence are known."""
        return bool(self._weights.evidence)

    def compute_evidence(self, excerpt: Excerpt, others: Sequence[Excerpt]) -> Mapping[str, float]:
        """Return the evidence for and against an excerpt, by name; most values lie from 0 to 1.

        Args:
            excerpt: The excerpt.
            others: All excerpts found, to compare it with.
        """
        idfs = self.result.idfs
        evidence = {
            **{name: excerpt.feature_values.get(name, 0.0) for name in _FEATURES_AS_EVIDENCE},
            "clear": self._compute_lead(excerpt, others, _CLEAR_LEAD_RANK),
            "denies": float(self.query.is_negated),
            "held": idf_coverage(excerpt.terms, idfs),
            "length": math.log1p(len(idfs)),
            "margin": self._compute_lead(excerpt, others, 1),
            "names": self._compute_min_name_coverage(excerpt.terms | excerpt.context_terms),
            "undated": float(excerpt.article.published_on is None),
            "unknown": idf_coverage(frozenset(self.result.unknown_terms), idfs),
        }
        small_library_evidence = {
            f"{name}, {_SMALL_LIBRARY}": value * self._library_smallness
            for name, value in evidence.items()
        }
        return {**evidence, _SMALL_LIBRARY: self._library_smallness, **small_library_evidence}

    def _compute_lead(self, excerpt: Excerpt, others: Sequence[Excerpt], rank: int) -> float:
        """Return the lead in score over the `rank`-th best of the other excerpts.

        The lead is in units of the query's total idf, from -1 to 1. If there are fewer others, the
        excerpt leads by its whole score.
        """
        top_scores = nlargest(rank, (other.score for other in others if other is not excerpt))
        rival_score = top_scores[-1] if len(top_scores) == rank else 0.0
        lead = (excerpt.score - rival_score) / (sum(self.result.idfs.values()) or 1.0)
        return min(max(lead, -1.0), 1.0)

    def estimate_confidence(self, excerpt: Excerpt, others: Sequence[Excerpt]) -> float:
        """Return the probability that the excerpt answers, by logistic regression on the evidence.

        It is 0 if the excerpt is ruled out.
        """
        if self.is_ruled_out(excerpt):
            return 0.0
        weights = self._weights.evidence
        evidence = self.compute_evidence(excerpt, others)
        logit = weights[INTERCEPT] + sum(weights[name] * evidence[name] for name in evidence)
        return 1 / (1 + math.exp(-logit))

    def is_ruled_out(self, excerpt: Excerpt) -> bool:
        """Return whether the excerpt can't answer.

        An excerpt can't answer if it only asks questions, if it lacks an answer type that is
        required, or if the library does not cover days of the query and the excerpt names none of
        its days.
        """
        return (
            excerpt.is_question
            or (self.query.answer_type.is_strict and not self.has_answer_type(excerpt))
            or bool(self.days_outside_library and not excerpt.names_day)
        )

    def select_answers(self, excerpts: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
        """Return the excerpts that answer, from those given best first.

        There are none if the first is not sure enough.
        """
        if not self.is_calibrated:
            return tuple(excerpts)
        min_first = (
            self._weights.min_confidences[self._limits.caution]
            + _SMALL_LIBRARY_EXTRA_CONFIDENCE * self._library_smallness
        )
        # Measured on short articles: 0.81 of the unanswerable questions are refused, while 0.84 of
        # those that BM25 alone gets right are still answered.
        if not excerpts or self.estimate_confidence(excerpts[0], excerpts) < min_first:
            return ()
        min_further = min_first * _FURTHER_CONFIDENCE_FACTOR
        further = (
            excerpt
            for excerpt in excerpts[1:]
            if self.estimate_confidence(excerpt, excerpts) >= min_further
        )
        return (excerpts[0], *further)

    def is_about(self, excerpt: Excerpt) -> bool:
        """Return whether the excerpt is on the query's topic, even if it does not answer it."""
        excerpt_terms = excerpt.terms | excerpt.context_terms
        return (
            not excerpt.is_question
            and self._compute_min_name_coverage(excerpt_terms) >= _MIN_NAME_COVERAGE
            and self._compute_coverage(self._predicate_terms, excerpt.terms)
            >= _MIN_PREDICATE_COVERAGE
        )

    def has_answer_type(self, excerpt: Excerpt) -> bool:
        """Return whether the excerpt has the expected answer type, unless its noun is unknown."""
        answer_type = self.query.answer_type
        is_unknown_title = (
            answer_type.has_title_noun and answer_type.head in self.result.unknown_terms
        )
        return excerpt.has_answer_type and not is_unknown_title

    def _compute_min_name_coverage(self, excerpt_terms: frozenset[str]) -> float:
        """Return the lowest idf coverage among the query's names; 1 if there are none."""
        return min(
            (self._compute_coverage(name, excerpt_terms) for name in self._names), default=1.0
        )

    def _compute_coverage(self, terms: Iterable[str], excerpt_terms: Iterable[str]) -> float:
        """Return the idf coverage of `terms` by the excerpt; 1 if there are no terms."""
        idfs = self.result.idfs
        return idf_coverage(frozenset(excerpt_terms), {term: idfs.get(term, 0.0) for term in terms})

    def _find_days_outside_library(self) -> tuple[DayRange, ...]:
        """Return the days of the query on which, and soon after, nothing was published."""
        first, last = self.result.extent.first_date, self.result.extent.last_date
        if first is None or last is None:
            return ()
        published_range = DayRange(first=first, last=last)
        return tuple(
            mention.days
            for mention in self.query.dates
            if not get_publication_days(mention.days, self._limits.steer_days).overlaps(
                published_range
            )
        )
