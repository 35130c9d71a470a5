"""What was shown to people, as the database keeps it, and back: excerpts are numbers there."""

from collections.abc import Iterable
from datetime import timedelta

from bot.errors import AnswerExpired
from bot.model.shown_answer import MAX_EXCERPTS, ShownAnswer, ShownExcerpt, ShownShares
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.text.terms import Analyser
from bot.services.app import App


def build_shown_excerpts(app: App, citations: Iterable[Citation]) -> tuple[ShownExcerpt, ...]:
    """What is kept of the first of them, as many as may be kept."""
    excerpts = [_build_shown_excerpt(citation, app.index.analyser) for citation in citations]
    return tuple(excerpts[:MAX_EXCERPTS])


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


def get_retention_period(app: App) -> timedelta:
    """How long what was shown is kept."""
    return timedelta(days=app.settings.discord.answer_days)


async def get_shown_answer(app: App, key: str) -> ShownAnswer:
    """What was shown under this key.

    Raises:
        AnswerExpired: It is not kept, or no longer.
        StoreError: The database can't be used.
    """
    shown_answer = await app.answers.find(key, app.clock())
    if shown_answer is None:
        raise AnswerExpired
    return shown_answer


async def load_citation(app: App, excerpt: ShownExcerpt) -> Citation | None:
    """The excerpt in its article, in the revision shown; None where that was taken back."""
    article = await app.articles.find_revision(excerpt.article_id, excerpt.revision)
    if article is None:
        return None
    return Citation(
        article=article,
        span=excerpt.span,
        answer_span=excerpt.answer_span,
        matches=excerpt.matches,
        score=excerpt.score,
    )
