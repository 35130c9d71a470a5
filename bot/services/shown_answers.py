"""What was shown to people: kept for the buttons, and read again when one is pressed.

An answer is known by the key in its buttons, a person by a pseudonym. Excerpts are kept as numbers;
their words are the article's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import AnswerExpired, ArticleWithdrawn
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym, generate_key
from bot.model.receipt import ShownReceipt
from bot.model.shown_answer import MAX_EXCERPTS, ShownAnswer, ShownExcerpt, ShownShares
from bot.model.span import Span
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.context import Paragraph, select_context
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.text.terms import Analyser
from bot.runtime.clock import Clock
from bot.store.answers import AnswerStore
from bot.store.articles import ArticleStore
from bot.store.receipts import ReceiptStore

MAX_CONTEXT_CHARS = 2_500
"""The characters shown around an excerpt: with its title and escapes they fit into one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedExcerpt:
    """An excerpt of an answer shown.

    Attributes:
        rank: Its place among the excerpts of the answer, from 1.
        excerpt: The excerpt.
        is_answer: Whether it answers, or is only near to the question.
    """

    rank: int
    excerpt: Citation
    is_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    """Some of the excerpts of an answer, in order.

    Attributes:
        excerpts: Those of the page whose articles are still held.
        gone_count: How many of the page are left out, since their articles were taken back.
        next_offset: Where the next page begins; None after the last one.
        excerpt_count: How many excerpts the answer has in all.
        passage_count: How many passages hold a term of the query.
        dates: The dates understood.
    """

    excerpts: tuple[RankedExcerpt, ...]
    gone_count: int
    next_offset: int | None
    excerpt_count: int
    passage_count: int
    dates: tuple[DayRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptContext:
    """An excerpt, and the paragraphs in which and around which it stands."""

    excerpt: Citation
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExplanation:
    """An excerpt, and what its score is the sum of; None where the answer did not keep that."""

    excerpt: Citation
    shares: ShownShares | None


class ShownAnswerService:
    """Keeps what was shown, and reads it again for the buttons."""

    def __init__(  # noqa: PLR0913 - what it works with
        self,
        *,
        answers: AnswerStore,
        articles: ArticleStore,
        receipts: ReceiptStore,
        analyser: Analyser,
        clock: Clock,
        retention: timedelta,
    ) -> None:
        """Keep answers for as long as `retention`."""
        self._answers = answers
        self._articles = articles
        self._receipts = receipts
        self._analyser = analyser
        self._clock = clock
        self._retention = retention

    async def record_receipts(self, citations: Iterable[Citation]) -> None:
        """Make sure that what a person is about to be shown can be verified from now on."""
        receipts = [_build_receipt(citation) for citation in citations]
        await self._receipts.record(receipts, self._clock.now())

    async def store(
        self,
        answer: Answer,
        asker: Pseudonym,
        guild: str | None = None,
        *,
        undated: Answer | None = None,
    ) -> str:
        """Keep what the buttons of an answer need, and return the key that they carry.

        Args:
            answer: The answer.
            asker: Who asked.
            guild: The server that it is shown in; None in direct messages, and if the app is a
                person's own.
            undated: The answer without the dates; None if there are none.
        """
        now = self._clock.now()
        shown_answer = ShownAnswer(
            key=generate_key(),
            excerpts=self.build_shown_excerpts(_list_excerpts(answer)),
            answering_count=answer.answering_count,
            total=answer.total,
            dates=answer.query.date_ranges,
            asker=asker,
            shown_at=now,
            expires_at=now + self._retention,
            undated_excerpts=self.build_shown_excerpts(_list_excerpts(undated)) if undated else (),
            undated_answering_count=undated.answering_count if undated else 0,
            undated_total=undated.total if undated else 0,
            guild=guild,
        )
        await self._answers.put(shown_answer)
        return shown_answer.key

    async def store_citations(
        self, citations: Sequence[Citation], *, key: str, asker: Pseudonym, guild: str | None
    ) -> None:
        """Make citations verifiable and keep what their buttons need, under a key that is known.

        Args:
            citations: What is about to be shown, and was not asked for.
            key: What the buttons carry.
            asker: Who may use the buttons that only the asker may use.
            guild: The server that they are shown in; None in direct messages.
        """
        await self.record_receipts(citations)
        now = self._clock.now()
        shown_answer = ShownAnswer(
            key=key,
            excerpts=self.build_shown_excerpts(citations),
            answering_count=len(citations),
            total=len(citations),
            dates=(),
            asker=asker,
            shown_at=now,
            expires_at=now + self._retention,
            guild=guild,
        )
        await self._answers.put(shown_answer)

    async def remove(self, key: str) -> None:
        """Forget what was shown under this key."""
        await self._answers.remove(key)

    async def add(self, shown_answer: ShownAnswer) -> None:
        """Keep a row that was made elsewhere, such as that of a listing."""
        await self._answers.put(shown_answer)

    async def get(self, key: str) -> ShownAnswer:
        """Return what was shown under this key.

        Raises:
            AnswerExpired: It is not kept, or no longer.
        """
        shown_answer = await self._answers.find(key, self._clock.now())
        if shown_answer is None:
            raise AnswerExpired
        return shown_answer

    async def load_page(self, key: str, offset: int, count: int) -> AnswerPage:
        """Return the `count` excerpts after the first `offset` of an answer, to be shown now.

        Each is quoted from the revision in which it was found.

        Raises:
            AnswerExpired: The answer is not kept, or no longer.
        """
        shown_answer = await self.get(key)
        page_excerpts = shown_answer.excerpts[offset : offset + count]
        citations = [await self.load_citation(excerpt) for excerpt in page_excerpts]
        ranked_excerpts = tuple(
            RankedExcerpt(
                rank=rank, excerpt=excerpt, is_answer=rank <= shown_answer.answering_count
            )
            for rank, excerpt in enumerate(citations, start=offset + 1)
            if excerpt
        )
        await self.record_receipts([ranked.excerpt for ranked in ranked_excerpts])
        end = offset + len(page_excerpts)
        return AnswerPage(
            excerpts=ranked_excerpts,
            gone_count=len(page_excerpts) - len(ranked_excerpts),
            next_offset=end if end < len(shown_answer.excerpts) else None,
            excerpt_count=len(shown_answer.excerpts),
            passage_count=shown_answer.total,
            dates=shown_answer.dates,
        )

    async def load_excerpt(self, key: str, rank: int) -> Citation:
        """Return the excerpt of that rank, from the revision in which it was found.

        Raises:
            AnswerExpired: The answer is not kept, or no longer.
            ArticleWithdrawn: The article was withdrawn meanwhile.
        """
        return (await self.explain_score(key, rank)).excerpt

    async def load_context(self, key: str, rank: int) -> ExcerptContext:
        """Return what stands around the excerpt of that rank, word for word.

        Raises:
            AnswerExpired: The answer is not kept, or no longer.
            ArticleWithdrawn: The article was withdrawn meanwhile.
        """
        excerpt = await self.load_excerpt(key, rank)
        body = excerpt.article.body
        paragraphs = select_context(body, excerpt.span, max_chars=MAX_CONTEXT_CHARS)
        return ExcerptContext(excerpt=excerpt, paragraphs=paragraphs)

    async def explain_score(self, key: str, rank: int) -> ScoreExplanation:
        """Return what the score of the excerpt of that rank is the sum of.

        Raises:
            AnswerExpired: The answer is not kept, or no longer.
            ArticleWithdrawn: The article was withdrawn meanwhile.
        """
        shown_excerpt = (await self.get(key)).excerpts[rank - 1]
        excerpt = await self.load_citation(shown_excerpt)
        if excerpt is None:
            raise ArticleWithdrawn
        return ScoreExplanation(excerpt=excerpt, shares=shown_excerpt.shares)

    async def load_dates(self, key: str) -> tuple[DayRange, ...]:
        """Return the dates that an answer understood, for a question that follows up on it.

        Raises:
            AnswerExpired: The answer is not kept, or no longer.
        """
        return (await self.get(key)).dates

    async def is_asker(self, key: str, person: Pseudonym) -> bool:
        """Return whether the person asked for this answer.

        Raises:
            AnswerExpired: The answer is not kept, or no longer.
        """
        return (await self.get(key)).asker == person

    async def load_citation(self, excerpt: ShownExcerpt) -> Citation | None:
        """Return the excerpt in the revision shown; None if its article was withdrawn."""
        article = await self._articles.find_revision(excerpt.article_id, excerpt.revision)
        if article is None:
            return None
        return Citation(
            article=article,
            span=excerpt.span,
            answer_span=excerpt.answer_span,
            matches=excerpt.matches,
            score=excerpt.score,
        )

    def build_shown_excerpts(self, citations: Iterable[Citation]) -> tuple[ShownExcerpt, ...]:
        """Return what is kept of the first citations, as many as may be kept."""
        excerpts = [_build_shown_excerpt(citation, self._analyser) for citation in citations]
        return tuple(excerpts[:MAX_EXCERPTS])


def _list_excerpts(answer: Answer) -> tuple[Excerpt, ...]:
    """Return all that was found, what is shown first before the rest."""
    return (*answer.excerpts, *answer.closest_excerpts, *answer.further_excerpts)


def _build_receipt(citation: Citation) -> ShownReceipt:
    return ShownReceipt(
        receipt=citation.receipt,
        article_id=citation.article.id,
        revision=citation.article.revision,
        start=citation.span.start,
        end=citation.span.end,
    )


def _build_shown_excerpt(citation: Citation, analyser: Analyser) -> ShownExcerpt:
    return ShownExcerpt(
        article_id=citation.article.id,
        revision=citation.article.revision,
        span=citation.span,
        answer_span=citation.answer_span,
        matches=citation.matches,
        score=citation.score,
        shares=_build_shown_shares(citation, analyser) if isinstance(citation, Excerpt) else None,
    )


def _build_shown_shares(excerpt: Excerpt, analyser: Analyser) -> ShownShares:
    """The shares other than 0; terms as places, in their order, since nothing tells the question."""
    first_occurrences = analyser.find_first_terms(excerpt.passage.extract(excerpt.article.body))
    terms = {
        Span(first_occurrences[term].start, first_occurrences[term].end).shift(
            excerpt.passage.start
        ): share
        for term, share in excerpt.term_shares.items()
    }
    return ShownShares(
        terms=dict(sorted(terms.items())),
        features={name: share for name, share in excerpt.feature_shares.items() if share},
    )
