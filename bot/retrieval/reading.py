"""A passage as one query sees it: which sentences hold what."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.retrieval.article import Article, ArticleId
from bot.retrieval.dates import DayRange, dates_in
from bot.retrieval.kinds import holds
from bot.retrieval.passage import sentences_in
from bot.retrieval.query import Query
from bot.retrieval.sentences import sentences
from bot.retrieval.span import Span
from bot.retrieval.terms import Analyser

_ASKS = re.compile(r"\?[\s\"'”’)\]]*$")
_LEANS = re.compile(
    r"[“\"‘']?(?:(?:he|she|it|they|his|her|hers|its|their|this|that|these|those|such|both)\b"
    r"|the (?:\w+ )?(?:company|firm|startup|group|agency|deal|agreement|arrangement|announcement|"
    r"decision|move|report|study|statement|blog|post|pair|two)\b)",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\bthe (?:company|firm|startup|group|agency) (?:\w+ )?"
    r"(?:wrote|said|says|added|announced|told|has|had|is|was|will|would)\b"
)

_LEAD_CHARS = 700
"""How far into the body its first sentence is looked for."""

_NEAR = 0.8
"""What a term is worth that stands in the context only."""

_MOSTLY = 9
"""How many times more often than not a name is written with a capital."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an article, as a query sees it.

    Attributes:
        span: Its place in the article's body.
        terms: The query's terms that it holds.
        matches: Where they stand in the article's body, in order.
        capitals: Those of them that it writes with a capital though not at its start.
        small: Those of them that it writes without a capital.
        holds_kind: Whether it holds a thing of the kind that the query wants.
        names_day: Whether it names a day of which the query speaks.
        asks: Whether it is a question.
        leans: Whether it opens with a word that means something said before.
        refers: Whether it means something said before ("the company wrote"), in any place.
    """

    span: Span
    terms: frozenset[str]
    matches: tuple[Span, ...] = ()
    capitals: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    holds_kind: bool = False
    names_day: bool = False
    asks: bool = False
    leans: bool = False
    refers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A passage as a query sees it.

    Attributes:
        article: The article that it stands in.
        passage: Its place in the article's body.
        sentences: Its sentences, in order.
        before: The sentence before the passage, where the first sentence leans on it or refers to it.
        context: The query's terms in the article's title and first sentence.
    """

    article: Article
    passage: Span
    sentences: tuple[Sentence, ...]
    before: Sentence | None
    context: frozenset[str]


class Reader:
    """Reads passages for one query."""

    def __init__(self, query: Query, analyser: Analyser) -> None:
        self._query = query
        self._analyser = analyser
        self._known = frozenset(query.terms)
        self._contexts: dict[ArticleId, frozenset[str]] = {}

    def read(self, article: Article, passage: Span, previous: Span | None) -> Reading:
        """The reading of the passage at `passage` in the article's body.

        Args:
            article: The article.
            passage: Where the passage stands in its body.
            previous: Where the passage before it stands; None where it is the first.
        """
        read = self._sentences(article, passage)
        before = None
        if previous and (read[0].leans or read[0].refers):
            before = self._sentences(article, previous)[-1]
        return Reading(
            article=article,
            passage=passage,
            sentences=read,
            before=before,
            context=self._context(article),
        )

    def _sentences(self, article: Article, passage: Span) -> tuple[Sentence, ...]:
        return tuple(self._sentence(article, span) for span in sentences_in(article.body, passage))

    def _sentence(self, article: Article, span: Span) -> Sentence:
        text = span.of(article.body)
        found = [term for term in self._analyser.terms(text) if term.text in self._known]
        capitals = {term.text for term in found if text[term.start].isupper() and term.start > 1}
        return Sentence(
            span=span,
            terms=frozenset(term.text for term in found),
            matches=tuple(Span(term.start, term.end).shifted(span.start) for term in found),
            capitals=frozenset(capitals),
            small=frozenset(term.text for term in found if text[term.start].islower()),
            holds_kind=self._holds_kind(article, text),
            names_day=self._names_day(article, text),
            asks=_ASKS.search(text) is not None,
            leans=_LEANS.match(text) is not None,
            refers=_REFERS.search(text) is not None,
        )

    def _holds_kind(self, article: Article, text: str) -> bool:
        return holds(
            text,
            self._query.wanted,
            published_on=article.published_on,
            known=self._known,
            analyser=self._analyser,
        )

    def _names_day(self, article: Article, text: str) -> bool:
        if not self._query.dates or article.published_on is None:
            return False
        return any(
            mention.days.overlaps(wanted.days)
            for mention in dates_in(text, article.published_on)
            for wanted in self._query.dates
        )

    def _context(self, article: Article) -> frozenset[str]:
        if article.id not in self._contexts:
            lead = article.body.lstrip()[:_LEAD_CHARS]
            first = sentences(lead)[0].of(lead)
            keys = self._analyser.keys(f"{article.title}\n{first}")
            self._contexts[article.id] = self._known.intersection(keys)
        return self._contexts[article.id]


def names_in(query: Query, readings: Iterable[Reading]) -> tuple[tuple[str, ...], ...]:
    """The names in the query, as runs of terms.

    Those typed with capitals and, however they were typed, those that the passages always write
    with one.
    """
    capitals: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for reading in readings:
        for sentence in reading.sentences:
            capitals.update(sentence.capitals)
            small.update(sentence.small)
    typed = {term for name in query.names for term in name}
    return query.names + tuple(
        (term,)
        for term in query.terms
        if term not in typed and capitals[term] > _MOSTLY * small[term]
    )


def spoken_on(days: DayRange, steer_days: int) -> DayRange:
    """The days on which articles speak of `days`: these, and up to `steer_days` after the last."""
    last = None if days.last is None else days.last + timedelta(days=steer_days)
    return DayRange(first=days.first, last=last)


def support(terms: frozenset[str], context: frozenset[str], rarities: Mapping[str, float]) -> float:
    """The share of the query's weight that `terms` hold, 0 to 1; a term of `context` counts _NEAR."""
    whole = sum(rarities.values())
    held = sum(weight for term, weight in rarities.items() if term in terms)
    near = sum(weight for term, weight in rarities.items() if term in context - terms)
    return (held + _NEAR * near) / whole if whole else 0.0
