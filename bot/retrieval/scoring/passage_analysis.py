"""A passage as one query sees it: which sentences hold what."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.dates.grammar import dates_in
from bot.model.article import Article, ArticleId
from bot.model.span import NOWHERE, Span
from bot.retrieval.question.answer_type import Kind
from bot.retrieval.question.answer_type_patterns import calendar_terms, holds
from bot.retrieval.question.query import Query
from bot.retrieval.text.passages import sentences_in
from bot.retrieval.text.terms import Analyser, Term

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

_LEAD_CHARS = 400
"""How far an article's opening reaches into its body."""

_MOSTLY = 9
"""How many times more often than not a name is written with a capital."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an article, as a query sees it.

    Attributes:
        span: Its place in the article's body.
        keys: All its terms, in order.
        offered: The places among `keys` of what may be the answer: a name that the query does not
            hold, or a figure where the query wants one.
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
    keys: tuple[str, ...]
    terms: frozenset[str]
    offered: tuple[int, ...] = ()
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
        context: The query's terms in the article's title and opening.
        title: The other terms of the title; none where it is derived from the body, or where the
            query wants no thing that it could name.
    """

    article: Article
    passage: Span
    sentences: tuple[Sentence, ...]
    before: Sentence | None
    context: frozenset[str]
    title: frozenset[str]


class Reader:
    """Reads passages for one query."""

    def __init__(self, query: Query, analyser: Analyser) -> None:
        self._query = query
        self._analyser = analyser
        self._known = frozenset(query.terms)
        self._calendar = calendar_terms(analyser)
        self._wants_thing = query.wanted.is_thing
        self._wants_figure = query.wanted.is_figure
        self._contexts: dict[ArticleId, tuple[frozenset[str], frozenset[str]]] = {}

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
        context, title = self._context(article)
        return Reading(
            article=article,
            passage=passage,
            sentences=read,
            before=before,
            context=context,
            title=title,
        )

    def _sentences(self, article: Article, passage: Span) -> tuple[Sentence, ...]:
        return tuple(self._sentence(article, span) for span in sentences_in(article.body, passage))

    def _sentence(self, article: Article, span: Span) -> Sentence:
        text = span.of(article.body)
        keys: list[str] = []
        found: list[Term] = []
        offered: list[int] = []
        for start, surface, own in self._analyser.surfaces(text):
            if not self._known.isdisjoint(own):
                terms = self._analyser.terms_of(surface, start)
                found += [term for term in terms if term.text in self._known]
            if self._offers(surface):
                offered += [
                    place
                    for place, key in enumerate(own, start=len(keys))
                    if key not in self._known and key not in self._calendar
                ]
            keys += own
        terms_held = frozenset(term.text for term in found)
        capitals = {term.text for term in found if text[term.start].isupper() and term.start > 1}
        return Sentence(
            span=span,
            keys=tuple(keys),
            offered=tuple(offered),
            terms=terms_held,
            matches=tuple(Span(term.start, term.end).shifted(span.start) for term in found),
            capitals=frozenset(capitals),
            small=frozenset(term.text for term in found if text[term.start].islower()),
            holds_kind=self._holds_kind(article, text, keys, offered=bool(offered)),
            names_day=bool(terms_held) and self._names_day(article, text),
            asks=_ASKS.search(text) is not None,
            leans=_LEANS.match(text) is not None,
            refers=_REFERS.search(text) is not None,
        )

    def _offers(self, surface: str) -> bool:
        """Whether a surface may be the answer by its first character: a capital, or no letter."""
        first = surface[0]
        return self._wants_thing and (
            not first.isalpha() if self._wants_figure else first.isupper()
        )

    def _holds_kind(
        self, article: Article, text: str, keys: Sequence[str], *, offered: bool
    ) -> bool:
        want = self._query.wanted
        if want.kind is Kind.NAME and not want.is_title:  # as `holds` says, at none of its cost
            return offered or (want.noun != NOWHERE and want.head in keys)
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

    def _names_things(self, article: Article) -> bool:
        return self._wants_thing and not article.title_derived

    def _context(self, article: Article) -> tuple[frozenset[str], frozenset[str]]:
        """The query's terms in the article's title and opening, and the title's other terms."""
        if article.id not in self._contexts:
            title = frozenset(self._analyser.keys(article.title))
            opening = self._analyser.keys(article.body[:_LEAD_CHARS])
            self._contexts[article.id] = (
                self._known & title.union(opening),
                title - self._known if self._names_things(article) else frozenset(),
            )
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


def support(terms: AbstractSet[str], rarities: Mapping[str, float]) -> float:
    """The share of the weight of `rarities` that `terms` hold, 0 to 1; 1 where there is none."""
    whole = sum(rarities.values())
    held = sum(weight for term, weight in rarities.items() if term in terms)
    return held / whole if whole else 1.0
