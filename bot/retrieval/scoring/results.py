"""Search results: scored passages and their windows."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.retrieval.index.extent import Extent
from bot.retrieval.scoring.features import SentenceWindow
from bot.retrieval.scoring.passage_analysis import PassageAnalysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage with its score for one query.

    Attributes:
        analysis: The analysed passage.
        window: The best window of the passage; None if every sentence is too long to be shown.
        term_shares: The BM25 share of each query term that the passage contains.
        feature_values: The value of each feature, by name.
        feature_shares: The share of the score of each feature, by name.
    """

    analysis: PassageAnalysis
    window: SentenceWindow | None
    term_shares: Mapping[str, float]
    feature_values: Mapping[str, float]
    feature_shares: Mapping[str, float]

    @property
    def bm25(self) -> float:
        """The BM25 share of the score."""
        return sum(self.term_shares.values())

    @property
    def score(self) -> float:
        """The sum of all shares; scores are comparable only within one query and one index."""
        return self.bm25 + sum(self.feature_shares.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateWindow:
    """A window that a search could show, with all its features.

    Attributes:
        analysis: The passage of the window.
        window: The sentences.
        bm25: The BM25 share of the passage, divided by the total idf of the query terms.
        feature_values: All features, by name.
    """

    analysis: PassageAnalysis
    window: SentenceWindow
    bm25: float
    feature_values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The result of a search.

    Attributes:
        hits: The best first, at most as many as requested; of equal scores the newest first, then
            by article id.
        total: The number of passages within the bounds that contain a query term, no excluded term
            and all terms of the phrases.
        idfs: The idf of each query term, except the joined forms of hyphenated words.
        unknown_terms: The query terms that no visible article contains, in the order of the query.
        suggestions: Words of visible articles for unknown terms that may be misspelt.
        extent: The extent of all visible articles, within the bounds or not.
    """

    hits: tuple[Hit, ...]
    total: int
    idfs: Mapping[str, float]
    unknown_terms: tuple[str, ...]
    suggestions: Mapping[str, tuple[str, ...]]
    extent: Extent
