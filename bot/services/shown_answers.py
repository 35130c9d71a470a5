"""Answers that people were shown, stored for their buttons.

An answer is identified by the key in its buttons, a person by a pseudonym. Excerpts are stored as
offsets; their text comes from the article.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import AnswerExpired, ArticleWithdrawn, UnknownButton
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym, generate_key
from bot.model.receipt import ShownReceipt
from bot.model.shown_answer import MAX_EXCERPTS, ShownAnswer, ShownExcerpt, ShownShares
from bot.model.span import Span
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.context import Paragraph, select_context
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.text.terms import Analyser
from bot.runtime.clock import Clock
from bot.store.answers import AnswerStore
from bot.store.articles import ArticleStore
from bot.store.receipts import ReceiptStore

MAX_CONTEXT_CHARS = 2_500
"""The characters shown around an excerpt; with title and escapes they fit into one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedExcerpt:
    """An excerpt of a shown answer.

    Attributes:
        rank: Its place among the excerpts of the answer, from 1.
        excerpt: The excerpt.
        is_answer: Whether it answers the question; False for a closest passage.
    """

    rank: int
    excerpt: Citation
    is_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    """Consecutive excerpts of an answer.

    Attributes:
        excerpts: The excerpts from articles still in the library.
        gone_count: The number of excerpts missing from the page because their articles were
            withdrawn.
        next_offset: The offset of the next page; None on the last page.
        excerpt_count: The number of excerpts of the whole answer.
        passage_count: The number of passages with a term of the query.
        dates: The dates understood in the question.
    """

    excerpts: tuple[RankedExcerpt, ...]
    gone_count: int
    next_offset: int | None
    excerpt_count: int
    passage_count: int
    dates: tuple[DayRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptContext:
    """An excerpt with its paragraph and the paragraphs around it."""

    excerpt: Citation
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExplanation:
    """An excerpt and the shares of its score; None if the answer was stored without them."""

    excerpt: Citation
    shares: ShownShares | None


class ShownAnswerService:
    """Stores shown answers, and loads them again for their buttons."""

    def __init__(  # noqa: PLR0913 - the parts that it works with
        self,
        *,
        answers: AnswerStore,
        articles: ArticleStore,
        receipts: ReceiptStore,
        index: LibrarySearch,
        clock: Clock,
        retention: timedelta,
    ) -> None:
        """Store answers for `retention`."""
        self._answers = answers
        self._articles = articles
        self._receipts = receipts
        self._index = index
        self._clock = clock
        self._retention = retention

    async def record_receipts(self, citations: Iterable[Citation]) -> None:
        """Store the receipts of citations that are about to be shown, so they can be verified."""
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
        """Store the data behind the buttons of an answer, and return its key.

        Args:
            answer: The answer.
            asker: The person who asked.
            guild: The server it is shown in; None in direct messages and for user-installed
                apps.
            undated: The answer without the dates; None if there are no dates.
        """
        now = self._clock.now()
        excerpts = await self.build_shown_excerpts(_list_excerpts(answer))
        undated_excerpts = (
            await self.build_shown_excerpts(_list_excerpts(undated)) if undated else ()
        )
        shown_answer = ShownAnswer(
            key=generate_key(),
            excerpts=excerpts,
            answering_count=answer.answering_count,
            total=answer.total,
            dates=answer.query.date_ranges,
            asker=asker,
            shown_at=now,
            expires_at=now + self._retention,
            undated_excerpts=undated_excerpts,
            undated_answering_count=undated.answering_count if undated else 0,
            undated_total=undated.total if undated else 0,
            guild=guild,
        )
        await self._answers.put(shown_answer)
        return shown_answer.key

    async def store_citations(
        self, citations: Sequence[Citation], *, key: str, asker: Pseudonym, guild: str | None
    ) -> None:
        """Store receipts and the data behind the buttons of an unsolicited message.

        Args:
            citations: The citations about to be shown.
            key: The key in the buttons.
            asker: The person who can use the buttons reserved for the asker.
            guild: The server they are shown in; None in direct messages.
        """
        await self.record_receipts(citations)
        now = self._clock.now()
        excerpts = await self.build_shown_excerpts(citations)
        shown_answer = ShownAnswer(
            key=key,
            excerpts=excerpts,
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
        """Delete the answer with this key."""
        await self._answers.remove(key)

    async def record_reply(self, key: str, *, question_id: int, reply_id: int) -> None:
        """Record the message that an answer replies to, and the reply."""
        await self._answers.record_reply(key, question_id=str(question_id), reply_id=str(reply_id))

    async def remove_by_questions(self, question_ids: Collection[int]) -> frozenset[int]:
        """Delete the answers to these messages, and return the ids of the replies."""
        reply_ids = await self._answers.remove_by_questions([*map(str, question_ids)])
        return frozenset(map(int, reply_ids))

    async def add(self, shown_answer: ShownAnswer) -> None:
        """Store an answer built elsewhere, such as a listing."""
        await self._answers.put(shown_answer)

    async def add_or_renew(self, shown_answer: ShownAnswer) -> str:
        """Store an answer built elsewhere, and return its key.

        If the person has been shown the same passages in the same place, that answer is replaced and
        its key is kept. So however often a button is pressed, one row is stored.
        """
        return await self._answers.put_or_renew(shown_answer)

    async def get(self, key: str) -> ShownAnswer:
        """Return the answer with this key.

        Raises:
            AnswerExpired: It is no longer stored.
        """
        shown_answer = await self._answers.find(key, self._clock.now())
        if shown_answer is None:
            raise AnswerExpired
        return shown_answer

    async def load_page(self, key: str, offset: int, count: int) -> AnswerPage:
        """Return up to `count` excerpts after the first `offset`, and store their receipts.

        Each is quoted from the revision it was found in.

        Raises:
            AnswerExpired: The answer is no longer stored.
            UnknownButton: The answer has no more than `offset` excerpts, and `offset` is not 0.
        """
        shown_answer = await self.get(key)
        if offset:
            _require_rank(shown_answer, offset + 1)
        page_excerpts = shown_answer.excerpts[offset : offset + count]
        citations = [await self.load_citation(excerpt) for excerpt in page_excerpts]
        ranked_excerpts = tuple(
            RankedExcerpt(
                rank=rank, excerpt=excerpt, is_answer=rank <= shown_answer.answering_count
            )
            for rank, excerpt in enumerate(citations, start=offset + 1)
            if excerpt
        )
        # Only now are they shown: excerpts of later pages have no receipt yet.
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
        """Return the excerpt with this rank, from the revision it was found in.

        Raises:
            AnswerExpired: The answer is no longer stored.
            ArticleWithdrawn: The article was withdrawn.
            UnknownButton: The answer has no excerpt with this rank.
        """
        return (await self.explain_score(key, rank)).excerpt

    async def load_context(self, key: str, rank: int) -> ExcerptContext:
        """Return the excerpt with this rank and its surrounding paragraphs, verbatim.

        Raises:
            AnswerExpired: The answer is no longer stored.
            ArticleWithdrawn: The article was withdrawn.
            UnknownButton: The answer has no excerpt with this rank.
        """
        excerpt = await self.load_excerpt(key, rank)
        paragraphs = await asyncio.to_thread(
            select_context, excerpt.article, excerpt.span, max_chars=MAX_CONTEXT_CHARS
        )
        return ExcerptContext(excerpt=excerpt, paragraphs=paragraphs)

    async def explain_score(self, key: str, rank: int) -> ScoreExplanation:
        """Return the shares of the score of the excerpt with this rank.

        Raises:
            AnswerExpired: The answer is no longer stored.
            ArticleWithdrawn: The article was withdrawn.
            UnknownButton: The answer has no excerpt with this rank.
        """
        shown_answer = await self.get(key)
        _require_rank(shown_answer, rank)
        shown_excerpt = shown_answer.excerpts[rank - 1]
        excerpt = await self.load_citation(shown_excerpt)
        if excerpt is None:
            raise ArticleWithdrawn
        return ScoreExplanation(excerpt=excerpt, shares=shown_excerpt.shares)

    async def load_dates(self, key: str) -> tuple[DayRange, ...]:
        """Return the dates understood in an answer, for a follow-up question.

        Raises:
            AnswerExpired: The answer is no longer stored.
        """
        return (await self.get(key)).dates

    async def is_asker(self, key: str, person: Pseudonym) -> bool:
        """Return whether the person asked for this answer.

        Raises:
            AnswerExpired: The answer is no longer stored.
        """
        return (await self.get(key)).asker == person

    async def load_citation(self, excerpt: ShownExcerpt) -> Citation | None:
        """Return the excerpt in the revision shown; None if its article was withdrawn."""
        article = await self._articles.find_revision(excerpt.article_id, excerpt.revision)
        if article is None:
            return None
        return Citation(
            article=(await self._index.get_articles()).add_sentences(article),
            span=excerpt.span,
            answer_span=excerpt.answer_span,
            matches=excerpt.matches,
            score=excerpt.score,
        )

    async def build_shown_excerpts(self, citations: Sequence[Citation]) -> tuple[ShownExcerpt, ...]:
        """Return the stored form of the first MAX_EXCERPTS citations."""
        return await asyncio.to_thread(
            _build_shown_excerpts, citations[:MAX_EXCERPTS], self._index.analyser
        )


def _require_rank(shown_answer: ShownAnswer, rank: int) -> None:
    """Check that an answer has an excerpt of this rank: a custom_id can be forged.

    Raises:
        UnknownButton: It has fewer excerpts.
    """
    if rank > len(shown_answer.excerpts):
        raise UnknownButton


def _list_excerpts(answer: Answer) -> tuple[Excerpt, ...]:
    """Return all excerpts of an answer, in display order."""
    return (*answer.excerpts, *answer.closest_excerpts, *answer.further_excerpts)


def _build_receipt(citation: Citation) -> ShownReceipt:
    return ShownReceipt(
        receipt=citation.receipt,
        article_id=citation.article.id,
        revision=citation.article.revision,
        start=citation.span.start,
        end=citation.span.end,
    )


def _build_shown_excerpts(
    citations: Iterable[Citation], analyser: Analyser
) -> tuple[ShownExcerpt, ...]:
    return tuple(_build_shown_excerpt(citation, analyser) for citation in citations)


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
    """Return the non-zero shares of a score.

    Terms are stored as offsets in the article, so that they do not reveal the question.
    """
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
