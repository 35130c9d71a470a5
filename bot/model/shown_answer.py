"""Answers and listings that were shown, as stored for their buttons. The question is never stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.model.article import ArticleId
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym
from bot.model.span import Span

MAX_EXCERPTS = 30
"""The most excerpts that are stored of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownShares:
    """The shares that add up to the score of an excerpt.

    Attributes:
        terms: The share of each term, by its first span in the article's body. Spans are stored
            instead of words because the words of a question are not.
        features: The share of each feature, by name.
    """

    terms: Mapping[Span, float]
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownExcerpt:
    """An excerpt as spans of an article, without a copy of its text.

    Attributes:
        article_id: The article that it quotes.
        revision: The revision of the article at that time.
        span: The span of the excerpt in the body of that revision.
        answer_span: The span of the sentence that answers.
        matches: The spans of the query's terms.
        score: The score of the hit.
        shares: The shares of the score; None in an answer of a version that did not store them.
    """

    article_id: ArticleId
    revision: int
    span: Span
    answer_span: Span
    matches: tuple[Span, ...]
    score: float
    shares: ShownShares | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownListing:
    """The part of a lookup's result that is stored beside its excerpts.

    Attributes:
        lookup: The name of the lookup.
        after: The first day of publication; None if unlimited.
        before: The last day of publication; None if unlimited.
        facts: Other values that are needed to show it, by name.
    """

    lookup: str
    after: date | None
    before: date | None
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """An answer, or the result of a lookup, as stored after it was shown.

    Attributes:
        key: The random key that is part of the ids of its buttons.
        excerpts: The excerpts found, by rank, including those not yet shown; at most MAX_EXCERPTS.
        answering_count: The number of excerpts, from the first on, that answer.
        total: The number of passages that contain a term of the query.
        dates: The dates that were recognised in the question.
        asker: The person who asked.
        shown_at: When it was first shown.
        expires_at: When it expires, exclusive.
        listing: The rest of a lookup's result; None for the answer to a question.
        undated_excerpts: The excerpts found without the dates, by rank; at most MAX_EXCERPTS.
        undated_answering_count: The number of those, from the first on, that answer.
        undated_total: The number of passages that contain a term of the query without the dates.
        guild: The id of the server where it was shown; None in direct messages, and if the app
            is installed by the person instead of the server.
    """

    key: str
    excerpts: tuple[ShownExcerpt, ...]
    answering_count: int
    total: int
    dates: tuple[DayRange, ...]
    asker: Pseudonym
    shown_at: datetime
    expires_at: datetime
    listing: ShownListing | None = None
    undated_excerpts: tuple[ShownExcerpt, ...] = ()
    undated_answering_count: int = 0
    undated_total: int = 0
    guild: str | None = None

    def __post_init__(self) -> None:
        excerpt_count = max(len(self.excerpts), len(self.undated_excerpts))
        if excerpt_count > MAX_EXCERPTS:
            message = f"{excerpt_count} excerpts are more than can be stored"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRetention:
    """The number of stored answers, and when the last of them expires; None if there are none."""

    count: int
    expires_at: datetime | None
