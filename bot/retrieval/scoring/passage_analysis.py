"""A passage as one query sees it: which sentences hold what."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.dates.grammar import find_dates
from bot.model.article import Article, ArticleId
from bot.model.span import EMPTY_SPAN, Span
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.answer_type_patterns import get_calendar_terms, has_answer_type
from bot.retrieval.question.nouns import ORGANISATION_NOUNS
from bot.retrieval.question.query import Query
from bot.retrieval.text.passages import find_sentences_in
from bot.retrieval.text.speech_verbs import ANNOUNCEMENT_VERBS
from bot.retrieval.text.statements import is_question
from bot.retrieval.text.terms import Analyser, Term

_ORGANISATION = "|".join(ORGANISATION_NOUNS)
_OPENING_BACK_REFERENCE = re.compile(
    r"[“\"‘']?(?:(?:he|she|it|they|his|her|hers|its|their|this|that|these|those|such|both)\b"
    rf"|the (?:\w+ )?(?:{_ORGANISATION}|deal|agreement|arrangement|announcement|"
    r"decision|move|report|study|statement|blog|post|pair|two)\b)",
    re.IGNORECASE,
)
_BACK_REFERENCE = re.compile(
    rf"\bthe (?:{_ORGANISATION}) (?:\w+ )?"
    rf"(?:{'|'.join(ANNOUNCEMENT_VERBS)}|has|had|is|was|will|would)\b"
)

_LEAD_CHARS = 400
"""How far an article's opening reaches into its body."""

_MIN_CAPITALS_RATIO = 9
"""How many times more often than not a name is written with a capital."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an article, as a query sees it.

    Attributes:
        span: Its place in the article's body.
        term_texts: All its terms, in order.
        candidate_positions: The places among `term_texts` of what may be the answer: a name that the query does not
            hold, or a figure where the query wants one.
        terms: The query's terms that it holds.
        matches: Where they stand in the article's body, in order.
        capitalised_terms: Those of them that it writes with a capital though not at its start.
        lowercase_terms: Those of them that it writes without a capital.
        has_answer_type: Whether it holds a thing of the kind that the query wants.
        names_day: Whether it names a day of which the query speaks.
        is_question: Whether it is a question.
        opens_with_back_reference: Whether it opens with a word that means something said before.
        has_back_reference: Whether it means something said before ("the company wrote"), in any place.
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
    """A passage as a query sees it.

    Attributes:
        article: The article that it stands in.
        passage: Its place in the article's body.
        sentences: Its sentences, in order.
        previous_sentence: The sentence before the passage, where the first sentence leans on it or refers to it.
        context_terms: The query's terms in the article's title and opening.
        title_terms: The other terms of the title; none where it is derived from the body, or where the
            query wants no thing that it could name.
    """

    article: Article
    passage: Span
    sentences: tuple[Sentence, ...]
    previous_sentence: Sentence | None
    context_terms: frozenset[str]
    title_terms: frozenset[str]


class PassageAnalyser:
    """Reads passages for one query."""

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
        """The reading of the passage at `passage` in the article's body.

        Args:
            article: The article.
            passage: Where the passage stands in its body.
            previous_passage: Where the passage before it stands; None where it is the first.
        """
        sentences = self._analyse_sentences(article, passage)
        previous_sentence = None
        if previous_passage and (
            sentences[0].opens_with_back_reference or sentences[0].has_back_reference
        ):
            previous_sentence = self._analyse_sentences(article, previous_passage)[-1]
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
            for span in find_sentences_in(article.body, passage)
        )

    def _analyse_sentence(self, article: Article, span: Span) -> Sentence:
        text = span.extract(article.body)
        term_texts, matched_terms, candidate_positions = self._find_terms(text)
        query_terms = frozenset(term.text for term in matched_terms)
        return Sentence(
            span=span,
            term_texts=tuple(term_texts),
            candidate_positions=tuple(candidate_positions),
            terms=query_terms,
            matches=tuple(Span(term.start, term.end).shift(span.start) for term in matched_terms),
            capitalised_terms=frozenset(
                term.text for term in matched_terms if text[term.start].isupper() and term.start > 1
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
        """Return all terms, the query's among them, and the places of those that may be answers."""
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
        """Whether a surface may be the answer by its first character: a capital, or no letter."""
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
        ):  # as `has_answer_type` says, at none of its cost
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
            for mention in find_dates(text, article.published_on)
            for query_date in self._query.dates
        )

    def _uses_title_terms(self, article: Article) -> bool:
        return self._expects_factoid and not article.has_derived_title

    def _get_context(self, article: Article) -> tuple[frozenset[str], frozenset[str]]:
        """The query's terms in the article's title and opening, and the title's other terms."""
        if article.id not in self._context_cache:
            title_terms = frozenset(self._analyser.extract_term_texts(article.title))
            opening_terms = self._analyser.extract_term_texts(article.body[:_LEAD_CHARS])
            self._context_cache[article.id] = (
                self._query_terms & title_terms.union(opening_terms),
                title_terms - self._query_terms if self._uses_title_terms(article) else frozenset(),
            )
        return self._context_cache[article.id]


def find_names(query: Query, analyses: Iterable[PassageAnalysis]) -> tuple[tuple[str, ...], ...]:
    """The names in the query, as runs of terms.

    Those typed with capitals and, however they were typed, those that the passages always write
    with one.
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
    """The share of the weight of `idfs` that `terms` hold, 0 to 1; 1 where there is none."""
    total = sum(idfs.values())
    covered = sum(idf for term, idf in idfs.items() if term in terms)
    return covered / total if total else 1.0
