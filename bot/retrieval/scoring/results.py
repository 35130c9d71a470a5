"""What a search gives."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.retrieval.index.extent import Extent
from bot.retrieval.scoring.features import SentenceWindow
from bot.retrieval.scoring.passage_analysis import PassageAnalysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage with its score for one query.

    Attributes:
        analysis: The passage, its article, and what the query finds in it.
        window: Its best sentences; None where none is short enough to be shown.
        term_shares: The BM25 share of each of the query's terms that the passage holds.
        feature_values: The features' values, by name.
        feature_shares: The features' shares, by name.
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
        """The sum of all shares, comparable only within one query and index."""
        return self.bm25 + sum(self.feature_shares.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateWindow:
    """A window that a search may show, and what is known of it.

    Attributes:
        analysis: The passage that it is of.
        window: Its sentences.
        bm25: The BM25 share of the passage, over the sum of the rarities of the query's terms.
        feature_values: All features, by name.
    """

    analysis: PassageAnalysis
    window: SentenceWindow
    bm25: float
    feature_values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What a search gives.

    Attributes:
        hits: The best first, at most as many as asked for; equal scores newest first, then by article id.
        total: How many passages within the bounds hold a term of the query, none excluded, and all
            terms of its phrases.
        idfs: The weight of each of the query's terms; joined forms of hyphenated words have none.
        unknown_terms: The query's terms that no visible article holds, in the order typed.
        suggestions: For those of them that may be misspelt, words that visible articles hold.
        extent: How much there is, within the bounds or not.
    """

    hits: tuple[Hit, ...]
    total: int
    idfs: Mapping[str, float]
    unknown_terms: tuple[str, ...]
    suggestions: Mapping[str, tuple[str, ...]]
    extent: Extent
