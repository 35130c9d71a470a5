"""Composing the message of an alert: its newest articles, each with a matching sentence."""

import asyncio
from dataclasses import dataclass

from bot.digest.alert_rules import build_alert_query
from bot.lookups.leading import find_lead_sentence
from bot.model.alert import Alert, AlertClaim
from bot.model.shown_answer import MAX_EXCERPTS
from bot.retrieval.answering.answer import extract_excerpts
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import Weights
from bot.runtime.clock import Clock
from bot.store.alerts import AlertStore
from bot.store.articles import ArticleStore


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNotice:
    """The message of an alert.

    Attributes:
        alert: The alert.
        citations: The newest matching articles, at least one.
        omitted_count: The number of further matching articles.
    """

    alert: Alert
    citations: tuple[Citation, ...]
    omitted_count: int


class AlertComposer:
    """Composes the messages of alerts."""

    def __init__(  # noqa: PLR0913 - the parts that composing needs
        self,
        *,
        alerts: AlertStore,
        articles: ArticleStore,
        index: LibrarySearch,
        limits: AnswerLimits,
        weights: Weights,
        clock: Clock,
    ) -> None:
        """Compose messages from the current state of the library.

        Args:
            alerts: The alerts, and the articles of each claim.
            articles: The library.
            index: Finds the best passage of each article.
            limits: The limits on quotes.
            weights: The weight of each feature.
            clock: The current time, and the zone of its days.
        """
        self._alerts = alerts
        self._articles = articles
        self._index = index
        self._limits = limits
        self._weights = weights
        self._clock = clock
        # One message at a time, so that many alerts leave processor time to people who ask.
        self._lock = asyncio.Lock()

    async def compose(self, claim: AlertClaim) -> AlertNotice | None:
        """Return the message of a claim; None if nothing is left to report.

        Articles that have been withdrawn, are now dated in the future, or no longer match are left
        out.

        Raises:
            UnusableAlert: Its text has nothing to search for any more.
        """
        article_ids = await self._alerts.get_article_ids(claim.key, self._clock.today())
        articles = await self._articles.find_many(article_ids[:MAX_EXCERPTS])
        query = build_alert_query(claim.alert, self._index.analyser)
        async with self._lock:
            result = await self._index.find_best_per_article(
                query, articles, limits=self._limits, weights=self._weights
            )
        citations = _build_citations(result, self._limits)
        if not citations:
            return None
        omitted_count = max(0, len(article_ids) - MAX_EXCERPTS)
        return AlertNotice(alert=claim.alert, citations=citations, omitted_count=omitted_count)


def _build_citations(result: SearchResult, limits: AnswerLimits) -> tuple[Citation, ...]:
    """Return each article's best matching sentence, or else its leading sentence."""
    excerpts = {excerpt.article.id: excerpt for excerpt in extract_excerpts(result, limits)}
    articles = (hit.analysis.article for hit in result.hits)
    return tuple(
        excerpts.get(article.id) or find_lead_sentence(article, max_chars=limits.max_excerpt_chars)
        for article in articles
    )
