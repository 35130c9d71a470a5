"""A question before the evidence: how probable it is that an excerpt answers it."""

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
"""What speaks for an excerpt, or against it: the names in `ConfidenceModel.compute_evidence`.

All that a little library tells is about few things, so that it speaks of them proves less there:
each piece of evidence counts once in any library, and again the more the smaller it is.
"""

_FEATURES_AS_EVIDENCE = ("article", "covered", "shared")

_MIN_PREDICATE_COVERAGE = 0.34
"""The least share of the weight of what the query says of its names, to be about it."""

_CLEAR_LEAD_RANK = 3
"""Two tellings of one story may follow an excerpt that leads all else."""

_MIN_NAME_COVERAGE = 0.5
"""The least share of a name's weight: "Altman" will do for "Sam Altman"."""

_LARGE_LIBRARY_LOG10 = 4.0
"""The decimal logarithm of the passages from which on a library is no longer little."""

_SMALL_LIBRARY_EXTRA_CONFIDENCE = 0.25
"""How much surer an answer from the smallest library has to be, where a no misses little."""

_FURTHER_CONFIDENCE_FACTOR = 0.2
"""What follows on an excerpt that answers may be less sure than it, by this factor."""


class ConfidenceModel:
    """One question, and what was found for it."""

    def __init__(
        self, *, query: Query, result: SearchResult, limits: AnswerLimits, weights: Weights
    ) -> None:
        """The case of a question.

        Args:
            query: What was searched for.
            result: What the search gave.
            limits: How sure an answer has to be.
            weights: How much each piece of evidence counts.
        """
        self.query = query
        self.result = result
        self._limits = limits
        self._weights = weights
        names = find_names(query, (hit.analysis for hit in result.hits))
        self._names = [name for name in names if not query.noun_terms.issuperset(name)]
        noun_and_name_terms = query.noun_terms.union(*names)
        self._predicate_terms = [term for term in result.idfs if term not in noun_and_name_terms]
        self._library_smallness = max(
            0.0, 1 - math.log10(1 + result.extent.passages) / _LARGE_LIBRARY_LOG10
        )
        self.days_outside_library = self._find_days_outside_library()

    @property
    def is_calibrated(self) -> bool:
        """Whether it is known how much the evidence counts."""
        return bool(self._weights.evidence)

    def compute_evidence(self, excerpt: Excerpt, others: Sequence[Excerpt]) -> Mapping[str, float]:
        """What speaks for an excerpt and against it, by name; most are shares from 0 to 1.

        Args:
            excerpt: The excerpt.
            others: The others that were found, with which it is compared.
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
        """The score's lead over that of the `rank`-th of the others, in units of the query's weight.

        Between -1 and 1; over 0 where there are not so many.
        """
        top_scores = nlargest(rank, (other.score for other in others if other is not excerpt))
        rival_score = top_scores[-1] if len(top_scores) == rank else 0.0
        lead = (excerpt.score - rival_score) / (sum(self.result.idfs.values()) or 1.0)
        return min(max(lead, -1.0), 1.0)

    def estimate_confidence(self, excerpt: Excerpt, others: Sequence[Excerpt]) -> float:
        """The probability that the excerpt answers: that of a logistic regression on the evidence.

        It is 0 where `is_ruled_out`.
        """
        if self.is_ruled_out(excerpt):
            return 0.0
        weights = self._weights.evidence
        evidence = self.compute_evidence(excerpt, others)
        logit = weights[INTERCEPT] + sum(weights[name] * evidence[name] for name in evidence)
        return 1 / (1 + math.exp(-logit))

    def is_ruled_out(self, excerpt: Excerpt) -> bool:
        """Whether it can't answer: it only asks, or lacks the kind of thing or the days wanted."""
        return (
            excerpt.is_question
            or (self.query.answer_type.is_strict and not self.has_answer_type(excerpt))
            or bool(self.days_outside_library and not excerpt.names_day)
        )

    def select_answers(self, excerpts: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
        """Those of the excerpts, best first, that answer: the first has to be sure enough."""
        if not self.is_calibrated:
            return tuple(excerpts)
        min_first = (
            self._weights.min_confidences[self._limits.caution]
            + _SMALL_LIBRARY_EXTRA_CONFIDENCE * self._library_smallness
        )
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
        """Whether the excerpt tells of what the query asks, though it may not answer."""
        excerpt_terms = excerpt.terms | excerpt.context_terms
        return (
            not excerpt.is_question
            and self._compute_min_name_coverage(excerpt_terms) >= _MIN_NAME_COVERAGE
            and self._compute_coverage(self._predicate_terms, excerpt.terms)
            >= _MIN_PREDICATE_COVERAGE
        )

    def has_answer_type(self, excerpt: Excerpt) -> bool:
        """Whether it holds a thing of the kind wanted, of whose noun the library knows."""
        answer_type = self.query.answer_type
        is_unknown_title = (
            answer_type.has_title_noun and answer_type.head in self.result.unknown_terms
        )
        return excerpt.has_answer_type and not is_unknown_title

    def _compute_min_name_coverage(self, excerpt_terms: frozenset[str]) -> float:
        """The share of its weight that is held of the name of which least is; 1 without names."""
        return min(
            (self._compute_coverage(name, excerpt_terms) for name in self._names), default=1.0
        )

    def _compute_coverage(self, terms: Iterable[str], excerpt_terms: Iterable[str]) -> float:
        """The share of the terms' weight that is held; 1 where there are none."""
        idfs = self.result.idfs
        return idf_coverage(frozenset(excerpt_terms), {term: idfs.get(term, 0.0) for term in terms})

    def _find_days_outside_library(self) -> tuple[DayRange, ...]:
        """The days of the query on which, and soon after which, nothing was published."""
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
