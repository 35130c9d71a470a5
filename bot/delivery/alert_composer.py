"""What a message of an alert says: the newest of its articles, each by what it says of the alert."""

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
    """What a message of an alert says.

    Attributes:
        alert: The alert.
        citations: The newest articles that match it, at least one.
        omitted_count: How many more articles match it.
    """

    alert: Alert
    citations: tuple[Citation, ...]
    omitted_count: int


class AlertComposer:
    """Composes the messages of alerts."""

    def __init__(  # noqa: PLR0913 - what composing needs
        self,
        *,
        alerts: AlertStore,
        articles: ArticleStore,
        index: LibrarySearch,
        limits: AnswerLimits,
        weights: Weights,
        clock: Clock,
    ) -> None:
        """Compose from the library as it is then.

        Args:
            alerts: The alerts, and the articles that each claim is about.
            articles: The library.
            index: What finds the best passage of each article.
            limits: How much is quoted.
            weights: How much each feature counts.
            clock: The time, and the zone of its days.
        """
        self._alerts = alerts
        self._articles = articles
        self._index = index
        self._limits = limits
        self._weights = weights
        self._clock = clock

    async def compose(self, claim: AlertClaim) -> AlertNotice | None:
        """Return the message of a claim; None if it has nothing to say.

        Articles that were withdrawn since, are dated in the future, or no longer match are left out.

        Raises:
            UnusableAlert: There is nothing to search for any more.
        """
        article_ids = await self._alerts.get_article_ids(claim.key, self._clock.today())
        articles = await self._articles.find_many(article_ids[:MAX_EXCERPTS])
        query = build_alert_query(claim.alert, self._index.analyser)
        result = await self._index.find_best_per_article(
            query, articles, limits=self._limits, weights=self._weights
        )
        citations = _build_citations(result, self._limits)
        if not citations:
            return None
        omitted_count = max(0, len(article_ids) - MAX_EXCERPTS)
        return AlertNotice(alert=claim.alert, citations=citations, omitted_count=omitted_count)


def _build_citations(result: SearchResult, limits: AnswerLimits) -> tuple[Citation, ...]:
    """Return each article by what it says of the alert, or else by the sentence it leads with."""
    excerpts = {excerpt.article.id: excerpt for excerpt in extract_excerpts(result, limits)}
    articles = (hit.analysis.article for hit in result.hits)
    return tuple(
        excerpts.get(article.id) or find_lead_sentence(article, max_chars=limits.max_excerpt_chars)
        for article in articles
    )
