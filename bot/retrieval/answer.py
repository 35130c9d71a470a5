"""Query + hits -> Answer: excerpts in order, or an abstention with its reasons."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.retrieval.corpus import Extent, Found
from bot.retrieval.dates import DayRange
from bot.retrieval.excerpt import Excerpt, excerpt_of
from bot.retrieval.query import Query
from bot.retrieval.reading import names_in, spoken_on
from bot.retrieval.wanted import Kind

MAX_CLOSEST = 3
"""The passages shown with an abstention at most."""

_MIN_SUPPORT = 0.55
"""The least share of the query's weight in an excerpt that answers."""

_MIN_PREDICATE = 0.34
"""The least share of the weight of what the query says of its names."""

_MIN_PREDICATE_ALONE = 0.6
"""The same where a name stands only in the article's title or first sentence."""

_MIN_OF_NAME = 0.5
"""The least share of a name's weight: "Altman" will do for "Sam Altman"."""

_SAME = 0.7
"""The overlap of two excerpts' words (Jaccard) from which they are told as one."""

_WORD = re.compile(r"\w+")


class Lack(StrEnum):
    """Why the articles do not answer."""

    NO_ARTICLES = "no articles"
    OUT_OF_BOUNDS = "out of bounds"
    UNKNOWN_WORDS = "unknown words"
    DATES_OUTSIDE = "dates outside"
    NO_SUCH_PHRASE = "no such phrase"
    NOT_TOGETHER = "not together"
    TOO_LONG = "too long"
    TOO_LITTLE = "too little"
    NO_SUCH_THING = "no such thing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for an abstention.

    Attributes:
        lack: What is missing.
        words: The words typed that it speaks of.
        kind: The kind of answer that was wanted, where that is missing.
        days: The days of the question that lie outside.
    """

    lack: Lack
    words: tuple[str, ...] = ()
    kind: Kind = Kind.ANY
    days: tuple[DayRange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Excerpts in order, or an abstention with its reasons.

    Attributes:
        query: What was searched for.
        excerpts: What answers, best first; empty in an abstention.
        reasons: Why not, the weightiest first; empty unless it abstains.
        closest: The excerpts nearest to the question; empty unless it abstains.
        further: What follows on those shown: what else answers, then what else was found, each
            best first; with those shown at most as many as a search gives hits.
        answering_count: How many of `excerpts` and `further`, in this order, answer.
        extent: What the searched library holds.
        total: How many passages hold a term of the query.
    """

    query: Query
    excerpts: tuple[Excerpt, ...]
    reasons: tuple[Reason, ...]
    closest: tuple[Excerpt, ...]
    further: tuple[Excerpt, ...]
    answering_count: int
    extent: Extent
    total: int

    @property
    def answered(self) -> bool:
        """Whether the articles answer."""
        return bool(self.excerpts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an answer shows.

    Attributes:
        max_excerpts: Excerpts at most.
        max_excerpt_chars: Characters of an excerpt at most.
        steer_days: For how many days after a date of the question an article speaks of it.
    """

    max_excerpts: int = 3
    max_excerpt_chars: int = 600
    steer_days: int = 14


def compose(query: Query, found: Found, *, limits: Limits) -> Answer:
    """The answer to `query` from what was found.

    Args:
        query: What was searched for.
        found: What the search gave.
        limits: How much to show.
    """
    case = _Case(query=query, found=found, limits=limits)
    candidates = [
        excerpt
        for hit in found.hits
        if (excerpt := excerpt_of(hit, found.rarities, max_chars=limits.max_excerpt_chars))
    ]
    told = _told_once(sorted(candidates, key=case.answers, reverse=True))
    answering = tuple(filter(case.answers, told))
    excerpts = answering[: limits.max_excerpts]
    closest = () if excerpts else told[:MAX_CLOSEST]
    return Answer(
        query=query,
        excerpts=excerpts,
        reasons=() if excerpts else tuple(case.reasons(candidates)),
        closest=closest,
        further=told[len(excerpts) or len(closest) :],
        answering_count=len(answering),
        extent=found.extent,
        total=found.total,
    )


class _Case:
    """One question before the evidence."""

    def __init__(self, *, query: Query, found: Found, limits: Limits) -> None:
        self._query = query
        self._found = found
        self._extent = found.extent
        self._limits = limits
        names = names_in(query, (hit.reading for hit in found.hits))
        self._names = [name for name in names if not query.noun.issuperset(name)]
        set_aside = query.noun.union(*names)
        self._predicate = [term for term in found.rarities if term not in set_aside]

    def answers(self, excerpt: Excerpt) -> bool:
        """Whether the evidence in `excerpt` is strong enough to call it an answer."""
        return (
            self._is_about(excerpt)
            and (self._holds_kind(excerpt) or not self._query.wanted.is_strict)
            and (excerpt.names_day or not self._days_outside())
        )

    def _is_about(self, excerpt: Excerpt) -> bool:
        """Whether the excerpt tells of what the query asks."""
        return not excerpt.asks and excerpt.support >= _MIN_SUPPORT and self._speaks_of_it(excerpt)

    def _holds_kind(self, excerpt: Excerpt) -> bool:
        want = self._query.wanted
        is_unknown_title = want.is_title and want.head in self._found.unknown
        return excerpt.holds_kind and not is_unknown_title

    def _speaks_of_it(self, excerpt: Excerpt) -> bool:
        said = _share(self._predicate, excerpt.terms, self._found.rarities)
        if self._names_all(excerpt.terms):
            return said >= _MIN_PREDICATE
        return said >= _MIN_PREDICATE_ALONE and self._names_all(excerpt.terms | excerpt.context)

    def _names_all(self, held: frozenset[str]) -> bool:
        rarities = self._found.rarities
        return all(_share(name, held, rarities) >= _MIN_OF_NAME for name in self._names)

    def _days_outside(self) -> tuple[DayRange, ...]:
        """The days of the query on which, and soon after which, nothing was published."""
        first, last = self._extent.first_date, self._extent.last_date
        if first is None or last is None:
            return ()
        covered = DayRange(first=first, last=last)
        return tuple(
            mention.days
            for mention in self._query.dates
            if not spoken_on(mention.days, self._limits.steer_days).overlaps(covered)
        )

    def reasons(self, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
        """Why none of the candidates answers, the weightiest reason first; at least one."""
        unknown = tuple(map(self._query.word_of, self._found.unknown))
        days = self._days_outside()
        if not self._extent.articles:
            yield Reason(lack=Lack.NO_ARTICLES)
            return
        if unknown:
            yield Reason(lack=Lack.UNKNOWN_WORDS, words=unknown)
        if days:
            yield Reason(lack=Lack.DATES_OUTSIDE, days=days)
        yield from self._shortfall(candidates)

    def _shortfall(self, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
        """What the passages found do not come to."""
        about = [excerpt for excerpt in candidates if self._is_about(excerpt)]
        known = [term for term in self._found.rarities if term not in self._found.unknown]
        if not self._found.hits:
            yield from self._nothing_found()
        elif not candidates:
            titles = (self._found.hits[0].reading.article.title,)
            yield Reason(lack=Lack.TOO_LONG, words=titles)
        elif not about and not self._stand_together(known):
            yield Reason(lack=Lack.NOT_TOGETHER, words=tuple(map(self._query.word_of, known)))
        elif about and self._query.wanted.is_strict and not any(map(self._holds_kind, about)):
            yield Reason(lack=Lack.NO_SUCH_THING, kind=self._query.wanted.kind)
        elif not self._found.unknown and not self._days_outside():
            yield Reason(lack=Lack.TOO_LITTLE)

    def _nothing_found(self) -> Iterable[Reason]:
        if self._query.phrases and not self._query.excluded:
            phrases = tuple(phrase.text for phrase in self._query.phrases)
            yield Reason(lack=Lack.NO_SUCH_PHRASE, words=phrases)
        elif not self._found.unknown:
            yield Reason(lack=Lack.OUT_OF_BOUNDS)

    def _stand_together(self, terms: Sequence[str]) -> bool:
        """Whether a passage holds all of the terms."""
        return any(
            frozenset(terms) <= frozenset().union(*(each.terms for each in hit.reading.sentences))
            for hit in self._found.hits
        )


def _share(terms: Iterable[str], held: frozenset[str], rarities: Mapping[str, float]) -> float:
    """The share of the terms' weight that is held; 1 where there are none."""
    weights = {term: rarities.get(term, 0.0) for term in terms}
    whole = sum(weights.values())
    return sum(weights[term] for term in held & weights.keys()) / whole if whole else 1.0


def _told_once(excerpts: Iterable[Excerpt]) -> tuple[Excerpt, ...]:
    """The excerpts without those that overlap with an earlier one or say the same."""
    kept: list[tuple[Excerpt, frozenset[str]]] = []
    for excerpt in excerpts:
        words = frozenset(_WORD.findall(excerpt.text.lower()))
        if not any(_overlap(excerpt, other) or _same(words, others) for other, others in kept):
            kept.append((excerpt, words))
    return tuple(excerpt for excerpt, _ in kept)


def _overlap(one: Excerpt, other: Excerpt) -> bool:
    return (
        one.article.id == other.article.id
        and one.span.start < other.span.end
        and other.span.start < one.span.end
    )


def _same(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= _SAME * len(words | others)
