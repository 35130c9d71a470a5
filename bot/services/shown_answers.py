"""What was shown to people, as the database keeps it, and back: excerpts are numbers there."""

from collections.abc import Iterable
from datetime import timedelta

from bot.errors import AnswerExpired
from bot.model.shown_answer import MAX_EXCERPTS, AnswerShown, ShownExcerpt, ShownShares
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.text.terms import Analyser
from bot.services.app import App


def shown_excerpts(app: App, found: Iterable[Citation]) -> tuple[ShownExcerpt, ...]:
    """What is kept of the first of them, as many as may be kept."""
    kept = [_shown(each, app.corpus.analyser) for each in found]
    return tuple(kept[:MAX_EXCERPTS])


def _shown(citation: Citation, analyser: Analyser) -> ShownExcerpt:
    return ShownExcerpt(
        article_id=citation.article.id,
        revision=citation.article.revision,
        span=citation.span,
        answering=citation.answering,
        matches=citation.matches,
        score=citation.score,
        shares=_shown_shares(citation, analyser) if isinstance(citation, Excerpt) else None,
    )


def _shown_shares(excerpt: Excerpt, analyser: Analyser) -> ShownShares:
    """The shares other than 0; terms as places, in their order, since nothing tells the question."""
    firsts = analyser.firsts(excerpt.passage.of(excerpt.article.body))
    terms = {
        Span(firsts[term].start, firsts[term].end).shifted(excerpt.passage.start): share
        for term, share in excerpt.term_shares.items()
    }
    return ShownShares(
        terms=dict(sorted(terms.items())),
        features={name: share for name, share in excerpt.feature_shares.items() if share},
    )


def keeping_time(app: App) -> timedelta:
    """How long what was shown is kept."""
    return timedelta(days=app.settings.discord.answer_days)


async def kept(app: App, key: str) -> AnswerShown:
    """What was shown under this key.

    Raises:
        AnswerExpired: It is not kept, or no longer.
        StoreError: The database can't be used.
    """
    shown = await app.answers.find(key, app.clock())
    if shown is None:
        raise AnswerExpired
    return shown


async def cited(app: App, shown: ShownExcerpt) -> Citation | None:
    """The excerpt in its article, in the revision shown; None where that was taken back."""
    article = await app.articles.revision(shown.article_id, shown.revision)
    if article is None:
        return None
    return Citation(
        article=article,
        span=shown.span,
        answering=shown.answering,
        matches=shown.matches,
        score=shown.score,
    )
