"""Representative sentences: the sentence of a search result that says most about the query."""

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
"""The minimum idf coverage of the topic's terms for a text on the topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceHit:
    """A sentence of a hit.

    Attributes:
        hit: The hit.
        sentence: The sentence.
        coverage: The share of the idf of the counted terms that the sentence contains.
    """

    hit: Hit
    sentence: Sentence
    coverage: float

    @property
    def article_id(self) -> ArticleId:
        """The id of its article."""
        return self.hit.analysis.article.id

    @property
    def location(self) -> tuple[ArticleId, Span]:
        """The article and the span of the sentence."""
        return self.article_id, self.sentence.span

    @property
    def published_on(self) -> date:
        """The publication day of its article; all articles of a library have one."""
        return self.hit.analysis.article.published_on or date.min

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.sentence.span.extract(self.hit.analysis.article.body)

    @property
    def citation(self) -> Citation:
        """The sentence as a citation."""
        return Citation(
            article=self.hit.analysis.article,
            span=self.sentence.span,
            answer_span=self.sentence.span,
            matches=self.sentence.matches,
            score=self.hit.score,
        )

    @property
    def rank_key(self) -> tuple[bool, float, bool]:
        """The sort key: a statement first, then by coverage, then without back references."""
        return (
            is_statement(self.text),
            self.coverage,
            not (self.sentence.opens_with_back_reference or self.sentence.has_back_reference),
        )


def iter_sentence_hits(
    result: SearchResult, idfs: Mapping[str, float], max_chars: int
) -> Iterator[SentenceHit]:
    """Yield the sentences that contain a term and are at most `max_chars` long.

    They are in the order of the hits, and within a hit in the order of the text.

    Args:
        result: The search result.
        idfs: The idfs of the terms that count.
        max_chars: The maximum length of a sentence in characters.
    """
    for hit in result.hits:
        for sentence in hit.analysis.sentences:
            # Rounded, because sums of the same floats in another order differ in their last
            # digits, which would decide between equal sentences.
            coverage = round(idf_coverage(sentence.terms, idfs), 6)
            if coverage and sentence.span.end - sentence.span.start <= max_chars:
                yield SentenceHit(hit=hit, sentence=sentence, coverage=coverage)


def find_representative_sentence(result: SearchResult, *, max_chars: int) -> Citation | None:
    """Return the sentence with the highest idf coverage; statements come before other sentences.

    Of equal sentences, one without references to earlier sentences comes first, then the one of the
    better hit, then the earlier one.

    Args:
        result: The search result.
        max_chars: The maximum length of a sentence in characters.

    Returns:
        None if no sentence with a term is short enough.
    """
    best = max(
        iter_sentence_hits(result, result.idfs, max_chars),
        key=lambda sentence_hit: sentence_hit.rank_key,
        default=None,
    )
    return best.citation if best else None
