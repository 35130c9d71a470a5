"""The one sentence of what was found that says most about what was looked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.model.article import ArticleId
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.scoring.passage_analysis import Sentence, idf_coverage
from bot.retrieval.scoring.results import Hit, SearchResult
from bot.retrieval.text.statements import is_statement

MIN_TOPIC_COVERAGE = 0.8
"""The share of the weight of the topic's terms that what speaks of it holds at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceHit:
    """A sentence that was found.

    Attributes:
        hit: The hit that it stands in.
        sentence: The sentence.
        coverage: The share of the weight of the query's terms that it holds.
    """

    hit: Hit
    sentence: Sentence
    coverage: float

    @property
    def article_id(self) -> ArticleId:
        """The article that it stands in."""
        return self.hit.analysis.article.id

    @property
    def location(self) -> tuple[ArticleId, Span]:
        """Where it stands."""
        return self.article_id, self.sentence.span

    @property
    def published_on(self) -> date:
        """The day of its article; those of a library all have one."""
        return self.hit.analysis.article.published_on or date.min

    @property
    def text(self) -> str:
        """The sentence as it stands in the article's body."""
        return self.sentence.span.extract(self.hit.analysis.article.body)

    @property
    def citation(self) -> Citation:
        """The sentence to be shown."""
        return Citation(
            article=self.hit.analysis.article,
            span=self.sentence.span,
            answer_span=self.sentence.span,
            matches=self.sentence.matches,
            score=self.hit.score,
        )

    @property
    def rank_key(self) -> tuple[bool, float, bool]:
        """What puts one sentence before another: it tells, it tells much, and stands by itself."""
        return (
            is_statement(self.text),
            self.coverage,
            not (self.sentence.opens_with_back_reference or self.sentence.has_back_reference),
        )


def iter_sentence_hits(
    result: SearchResult, idfs: Mapping[str, float], max_chars: int
) -> Iterator[SentenceHit]:
    """The sentences of the hits that hold a term and are no longer than `max_chars`.

    They come by the rank of their hits, those of one hit in their order.

    Args:
        result: What a search gave.
        idfs: The weights of the terms that count.
        max_chars: A longer sentence is never shown alone.
    """
    for hit in result.hits:
        for sentence in hit.analysis.sentences:
            # Rounded, since sums of the same numbers differ in their last digits.
            coverage = round(idf_coverage(sentence.terms, idfs), 6)
            if coverage and sentence.span.end - sentence.span.start <= max_chars:
                yield SentenceHit(hit=hit, sentence=sentence, coverage=coverage)


def find_representative_sentence(result: SearchResult, *, max_chars: int) -> Citation | None:
    """The sentence that holds most of the query's weight, a question or a caption only if need be.

    Of equal ones, one that stands by itself before one that leans on what was said before, then by
    the hit's rank, then the first.

    Args:
        result: What a search gave.
        max_chars: A longer sentence is never shown alone.

    Returns:
        None where no sentence that holds a term is short enough.
    """
    best = max(
        iter_sentence_hits(result, result.idfs, max_chars),
        key=lambda sentence_hit: sentence_hit.rank_key,
        default=None,
    )
    return best.citation if best else None
