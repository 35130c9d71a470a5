"""A question before the evidence: how probable it is that an excerpt answers it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest

from bot.model.day_range import DayRange
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.candidates import spoken_on
from bot.retrieval.scoring.limits import Limits
from bot.retrieval.scoring.passage_analysis import names_in, support
from bot.retrieval.scoring.results import Found
from bot.retrieval.scoring.weights import INTERCEPT, Weights

_EVIDENCE = (
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
_LITTLE = "little"

EVIDENCE = (*_EVIDENCE, _LITTLE, *(f"{name}, {_LITTLE}" for name in _EVIDENCE))
"""What speaks for an excerpt, or against it: the names in `Case.evidence`.

All that a little library tells is about few things, so that it speaks of them proves less there:
each piece of evidence counts once in any library, and again the more the smaller it is.
"""

_OF_FEATURES = ("article", "covered", "shared")

_MIN_PREDICATE = 0.34
"""The least share of the weight of what the query says of its names, to be about it."""

_CLEAR_OF = 3
"""Two tellings of one story may follow an excerpt that leads all else."""

_MIN_OF_NAME = 0.5
"""The least share of a name's weight: "Altman" will do for "Sam Altman"."""

_LARGE = 4.0
"""The decimal logarithm of the passages from which on a library is no longer little."""

_STRICTER = 0.25
"""How much surer an answer from the smallest library has to be, where a no misses little."""

_FURTHER = 0.2
"""What follows on an excerpt that answers may be less sure than it, by this factor."""


class Case:
    """One question, and what was found for it."""

    def __init__(self, *, query: Query, found: Found, limits: Limits, weights: Weights) -> None:
        """The case of a question.

        Args:
            query: What was searched for.
            found: What the search gave.
            limits: How sure an answer has to be.
            weights: How much each piece of evidence counts.
        """
        self.query = query
        self.found = found
        self._limits = limits
        self._weights = weights
        names = names_in(query, (hit.reading for hit in found.hits))
        self._names = [name for name in names if not query.noun.issuperset(name)]
        set_aside = query.noun.union(*names)
        self._predicate = [term for term in found.rarities if term not in set_aside]
        self._little = max(0.0, 1 - math.log10(1 + found.extent.passages) / _LARGE)
        self.days_outside = self._days_outside()

    @property
    def is_calibrated(self) -> bool:
        """Whether it is known how much the evidence counts."""
        return bool(self._weights.evidence)

    def evidence(self, excerpt: Excerpt, others: Sequence[Excerpt]) -> Mapping[str, float]:
        """What speaks for an excerpt and against it, by name; most are shares from 0 to 1.

        Args:
            excerpt: The excerpt.
            others: The others that were found, with which it is compared.
        """
        rarities = self.found.rarities
        evidence = {
            **{name: excerpt.values.get(name, 0.0) for name in _OF_FEATURES},
            "clear": self._lead(excerpt, others, _CLEAR_OF),
            "denies": float(self.query.denies),
            "held": support(excerpt.terms, rarities),
            "length": math.log1p(len(rarities)),
            "margin": self._lead(excerpt, others, 1),
            "names": self._weakest_name(excerpt.terms | excerpt.context),
            "undated": float(excerpt.article.published_on is None),
            "unknown": support(frozenset(self.found.unknown), rarities),
        }
        again = {f"{name}, {_LITTLE}": value * self._little for name, value in evidence.items()}
        return {**evidence, _LITTLE: self._little, **again}

    def _lead(self, excerpt: Excerpt, others: Sequence[Excerpt], count: int) -> float:
        """The score's lead over that of the `count`-th of the others, in units of the query's weight.

        Between -1 and 1; over 0 where there are not so many.
        """
        rest = nlargest(count, (each.score for each in others if each is not excerpt))
        beaten = rest[-1] if len(rest) == count else 0.0
        lead = (excerpt.score - beaten) / (sum(self.found.rarities.values()) or 1.0)
        return min(max(lead, -1.0), 1.0)

    def confidence(self, excerpt: Excerpt, others: Sequence[Excerpt]) -> float:
        """The probability that the excerpt answers: that of a logistic regression on the evidence.

        It is 0 where `is_ruled_out`.
        """
        if self.is_ruled_out(excerpt):
            return 0.0
        weights = self._weights.evidence
        evidence = self.evidence(excerpt, others)
        logit = weights[INTERCEPT] + sum(weights[name] * evidence[name] for name in evidence)
        return 1 / (1 + math.exp(-logit))

    def is_ruled_out(self, excerpt: Excerpt) -> bool:
        """Whether it can't answer: it only asks, or lacks the kind of thing or the days wanted."""
        return (
            excerpt.asks
            or (self.query.wanted.is_strict and not self.holds_kind(excerpt))
            or bool(self.days_outside and not excerpt.names_day)
        )

    def answering(self, told: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
        """Those of the excerpts, best first, that answer: the first has to be sure enough."""
        if not self.is_calibrated:
            return tuple(told)
        least = self._weights.least[self._limits.caution] + _STRICTER * self._little
        if not told or self.confidence(told[0], told) < least:
            return ()
        return (
            told[0],
            *(each for each in told[1:] if self.confidence(each, told) >= least * _FURTHER),
        )

    def is_about(self, excerpt: Excerpt) -> bool:
        """Whether the excerpt tells of what the query asks, though it may not answer."""
        held = excerpt.terms | excerpt.context
        return (
            not excerpt.asks
            and self._weakest_name(held) >= _MIN_OF_NAME
            and self._share(self._predicate, excerpt.terms) >= _MIN_PREDICATE
        )

    def holds_kind(self, excerpt: Excerpt) -> bool:
        """Whether it holds a thing of the kind wanted, of whose noun the library knows."""
        want = self.query.wanted
        is_unknown_title = want.is_title and want.head in self.found.unknown
        return excerpt.holds_kind and not is_unknown_title

    def _weakest_name(self, held: frozenset[str]) -> float:
        """The share of its weight that is held of the name of which least is; 1 without names."""
        return min((self._share(name, held) for name in self._names), default=1.0)

    def _share(self, terms: Iterable[str], held: Iterable[str]) -> float:
        """The share of the terms' weight that is held; 1 where there are none."""
        rarities = self.found.rarities
        return support(frozenset(held), {term: rarities.get(term, 0.0) for term in terms})

    def _days_outside(self) -> tuple[DayRange, ...]:
        """The days of the query on which, and soon after which, nothing was published."""
        first, last = self.found.extent.first_date, self.found.extent.last_date
        if first is None or last is None:
            return ()
        covered = DayRange(first=first, last=last)
        return tuple(
            mention.days
            for mention in self.query.dates
            if not spoken_on(mention.days, self._limits.steer_days).overlaps(covered)
        )
