"""The analysis of a passage for one query: which sentences contain which terms, names and dates."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.english.word_lists import ENGLISH
from bot.model.article import Article, ArticleId
from bot.model.span import EMPTY_SPAN, Span
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.answer_type_patterns import (
    find_sentence_dates,
    get_calendar_terms,
    has_answer_type,
)
from bot.retrieval.question.query import Query
from bot.retrieval.text.passages import get_sentences
from bot.retrieval.text.statements import is_question
from bot.retrieval.text.terms import Analyser, Term

# "They agreed" and "The deal was" open with a back reference; in "On Monday the company said" it
# comes later.
_OPENING_BACK_REFERENCE = re.compile(ENGLISH.get_pattern("opening_reference"), re.IGNORECASE)
_BACK_REFERENCE = re.compile(ENGLISH.get_pattern("reference"))

_LEAD_CHARS = 400
"""The length of an article's opening in characters of its body."""

_MAX_ANALYSED_CHARS = 4_000
"""The length of a sentence, and of a title, up to which it is analysed in characters.

Excerpts are shorter than that, but a text without stops is one sentence, whatever its length.
"""

_MIN_CAPITALS_RATIO = 9
"""A term is a name if the articles capitalise it more than this many times as often as not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an article, analysed for one query.

    Attributes:
        span: Its position in the article's body.
        term_texts: All its terms, in order.
        candidate_positions: The indices in `term_texts` of possible answers: numbers if the query
            expects one, otherwise capitalised terms that the query does not contain.
        terms: The query terms that it contains.
        matches: The spans of the query terms in the article's body, in order.
        capitalised_terms: The query terms that are capitalised, except at the start of the
            sentence.
        lowercase_terms: The query terms that are not capitalised.
        has_answer_type: Whether it contains an answer of the type that the query asks for.
        names_day: Whether it names a day that the query mentions.
        is_question: Whether it is a question.
        opens_with_back_reference: Whether it opens with a reference to an earlier one ("They …").
        has_back_reference: Whether it refers to an earlier sentence anywhere ("the company wrote").
    """

    span: Span
    term_texts: tuple[str, ...]
    terms: frozenset[str]
    candidate_positions: tuple[int, ...] = ()
    matches: tuple[Span, ...] = ()
    capitalised_terms: frozenset[str] = frozenset()
    lowercase_terms: frozenset[str] = frozenset()
    has_answer_type: bool = False
    names_day: bool = False
    is_question: bool = False
    opens_with_back_reference: bool = False
    has_back_reference: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageAnalysis:
    """A passage, analysed for one query.

    Attributes:
        article: The article of the passage.
        passage: The position of the passage in the article's body.
        sentences: The sentences of the passage, in order.
        previous_sentence: The sentence before the passage, if the first sentence refers to an
            earlier one; otherwise None.
        context_terms: The query terms in the article's title and opening.
        title_terms: The other terms of the title; empty if the title is derived from the body, or
            if the query does not ask for a fact that a title could name.
    """

    article: Article
    passage: Span
    sentences: tuple[Sentence, ...]
    previous_sentence: Sentence | None
    context_terms: frozenset[str]
    title_terms: frozenset[str]


class PassageAnalyser:
    """An analyser of passages for one query."""

    def __init__(self, query: Query, analyser: Analyser) -> None:
        self._query = query
        self._analyser = analyser
        self._query_terms = frozenset(query.terms)
        self._calendar_terms = get_calendar_terms(analyser)
        self._expects_factoid = query.answer_type.is_factoid
        self._expects_number = query.answer_type.is_numeric
        self._context_cache: dict[ArticleId, tuple[frozenset[str], frozenset[str]]] = {}

    def analyse(
        self, article: Article, passage: Span, previous_passage: Span | None
    ) -> PassageAnalysis:
        """Analyse a passage of an article.

        Args:
            article: The article.
            passage: The position of the passage in the article's body.
            previous_passage: The position of the passage before it; None for the first passage.
        """
        sentences = self._analyse_sentences(article, passage)
        previous_sentence = None
        if previous_passage and (
            sentences[0].opens_with_back_reference or sentences[0].has_back_reference
        ):
            last_span = get_sentences(article).find_inside(previous_passage)[-1]
            previous_sentence = self._analyse_sentence(article, last_span)
        context_terms, title_terms = self._get_context(article)
        return PassageAnalysis(
            article=article,
            passage=passage,
            sentences=sentences,
            previous_sentence=previous_sentence,
            context_terms=context_terms,
            title_terms=title_terms,
        )

    def _analyse_sentences(self, article: Article, passage: Span) -> tuple[Sentence, ...]:
        return tuple(
            self._analyse_sentence(article, span)
            for span in get_sentences(article).find_inside(passage)
        )

    def _analyse_sentence(self, article: Article, span: Span) -> Sentence:
        text = span.extract(article.body)[:_MAX_ANALYSED_CHARS]
        term_texts, matched_terms, candidate_positions = self._find_terms(text)
        query_terms = frozenset(term.text for term in matched_terms)
        return Sentence(
            span=span,
            term_texts=tuple(term_texts),
            candidate_positions=tuple(candidate_positions),
            terms=query_terms,
            matches=tuple(Span(term.start, term.end).shift(span.start) for term in matched_terms),
            capitalised_terms=frozenset(
                # A sentence opens with a capital anyway, maybe after a quotation mark.
                term.text
                for term in matched_terms
                if text[term.start].isupper() and term.start > 1
            ),
            lowercase_terms=frozenset(
                term.text for term in matched_terms if text[term.start].islower()
            ),
            has_answer_type=self._has_answer_type(
                article, text, term_texts, has_candidates=bool(candidate_positions)
            ),
            names_day=bool(query_terms) and self._names_day(article, text),
            is_question=is_question(text),
            opens_with_back_reference=_OPENING_BACK_REFERENCE.match(text) is not None,
            has_back_reference=_BACK_REFERENCE.search(text) is not None,
        )

    def _find_terms(self, text: str) -> tuple[list[str], list[Term], list[int]]:
        """Return all terms, the query terms among them, and the indices of possible answers."""
        term_texts: list[str] = []
        matched_terms: list[Term] = []
        candidate_positions: list[int] = []
        for start, surface, surface_texts in self._analyser.iter_surfaces(text):
            if not self._query_terms.isdisjoint(surface_texts):
                terms = self._analyser.extract_surface_terms(surface, start)
                matched_terms += [term for term in terms if term.text in self._query_terms]
            if self._may_be_answer(surface):
                candidate_positions += [
                    position
                    for position, term_text in enumerate(surface_texts, start=len(term_texts))
                    if term_text not in self._query_terms and term_text not in self._calendar_terms
                ]
            term_texts += surface_texts
        return term_texts, matched_terms, candidate_positions

    def _may_be_answer(self, surface: str) -> bool:
        """Return whether a surface may be the answer: it starts with a capital or is a number."""
        first_char = surface[0]
        return self._expects_factoid and (
            not first_char.isalpha() if self._expects_number else first_char.isupper()
        )

    def _has_answer_type(
        self, article: Article, text: str, term_texts: Sequence[str], *, has_candidates: bool
    ) -> bool:
        answer_type = self._query.answer_type
        if (
            answer_type.kind is AnswerTypeKind.NAME and not answer_type.has_title_noun
        ):  # the same result as `has_answer_type` without its cost
            return has_candidates or (
                answer_type.noun_span != EMPTY_SPAN and answer_type.head in term_texts
            )
        return has_answer_type(
            text,
            self._query.answer_type,
            published_on=article.published_on,
            query_terms=self._query_terms,
            analyser=self._analyser,
        )

    def _names_day(self, article: Article, text: str) -> bool:
        if not self._query.dates or article.published_on is None:
            return False
        return any(
            mention.days.overlaps(query_date.days)
            for mention in find_sentence_dates(text, article.published_on)
            for query_date in self._query.dates
        )

    def _uses_title_terms(self, article: Article) -> bool:
        return self._expects_factoid and not article.has_derived_title

    def _get_context(self, article: Article) -> tuple[frozenset[str], frozenset[str]]:
        """Return the query terms in the title and opening, and the other terms of the title."""
        if article.id not in self._context_cache:
            title_terms = frozenset(
                self._analyser.extract_term_texts(article.title[:_MAX_ANALYSED_CHARS])
            )
            opening_terms = self._analyser.extract_term_texts(article.body[:_LEAD_CHARS])
            self._context_cache[article.id] = (
                self._query_terms & title_terms.union(opening_terms),
                title_terms - self._query_terms if self._uses_title_terms(article) else frozenset(),
            )
        return self._context_cache[article.id]


def find_names(query: Query, analyses: Iterable[PassageAnalysis]) -> tuple[tuple[str, ...], ...]:
    """Return the names in the query as runs of terms.

    These are the words that the query capitalises, and those that the passages nearly always
    capitalise, however the query writes them.
    """
    capitalised_counts: Counter[str] = Counter()
    lowercase_counts: Counter[str] = Counter()
    for analysis in analyses:
        for sentence in analysis.sentences:
            capitalised_counts.update(sentence.capitalised_terms)
            lowercase_counts.update(sentence.lowercase_terms)
    named_terms = {term for name in query.names for term in name}
    return query.names + tuple(
        (term,)
        for term in query.terms
        if term not in named_terms
        and capitalised_counts[term] > _MIN_CAPITALS_RATIO * lowercase_counts[term]
    )


def idf_coverage(terms: AbstractSet[str], idfs: Mapping[str, float]) -> float:
    """Return the share of the total idf in `idfs` that `terms` have, 0 to 1; 1 if that is 0."""
    total = sum(idfs.values())
    covered = sum(idf for term, idf in idfs.items() if term in terms)
    return covered / total if total else 1.0
