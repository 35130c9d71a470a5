"""The one sentence of what was found that says most about what was looked for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.model.article import ArticleId
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.scoring.passage_analysis import Sentence, support
from bot.retrieval.scoring.results import Found, Hit

LEAST_OF_TOPIC = 0.8
"""The share of the weight of the topic's terms that what speaks of it holds at least."""

_ENDS = re.compile(r"[.!?…][\s\"'”’)\]]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A sentence that was found.

    Attributes:
        hit: The hit that it stands in.
        sentence: The sentence.
        held: The share of the weight of the query's terms that it holds.
    """

    hit: Hit
    sentence: Sentence
    held: float

    @property
    def article_id(self) -> ArticleId:
        """The article that it stands in."""
        return self.hit.reading.article.id

    @property
    def place(self) -> tuple[ArticleId, Span]:
        """Where it stands."""
        return self.article_id, self.sentence.span

    @property
    def published_on(self) -> date:
        """The day of its article; those of a library all have one."""
        return self.hit.reading.article.published_on or date.min

    @property
    def text(self) -> str:
        """The sentence as it stands in the article's body."""
        return self.sentence.span.of(self.hit.reading.article.body)

    @property
    def citation(self) -> Citation:
        """The sentence to be shown."""
        return Citation(
            article=self.hit.reading.article,
            span=self.sentence.span,
            answering=self.sentence.span,
            matches=self.sentence.matches,
            score=self.hit.score,
        )

    @property
    def worth(self) -> tuple[bool, float, bool]:
        """What puts one sentence before another: it tells, it tells much, and stands by itself."""
        tells = not self.sentence.asks and _ENDS.search(self.text) is not None
        return tells, self.held, not (self.sentence.leans or self.sentence.refers)


def tellings(found: Found, rarities: Mapping[str, float], max_chars: int) -> Iterator[Telling]:
    """The sentences of the hits that hold a term and are no longer than `max_chars`.

    They come by the rank of their hits, those of one hit in their order.

    Args:
        found: What a search gave.
        rarities: The weights of the terms that count.
        max_chars: A longer sentence is never shown alone.
    """
    for hit in found.hits:
        for sentence in hit.reading.sentences:
            # Rounded, since sums of the same numbers differ in their last digits.
            held = round(support(sentence.terms, rarities), 6)
            if held and sentence.span.end - sentence.span.start <= max_chars:
                yield Telling(hit=hit, sentence=sentence, held=held)


def telling(found: Found, *, max_chars: int) -> Citation | None:
    """The sentence that holds most of the query's weight, a question or a caption only if need be.

    Of equal ones, one that stands by itself before one that leans on what was said before, then by
    the hit's rank, then the first.

    Args:
        found: What a search gave.
        max_chars: A longer sentence is never shown alone.

    Returns:
        None where no sentence that holds a term is short enough.
    """
    best = max(
        tellings(found, found.rarities, max_chars), key=lambda each: each.worth, default=None
    )
    return best.citation if best else None
