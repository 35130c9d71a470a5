"""What was shown to people, as it is kept for the buttons; never the question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.model.article import ArticleId
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym
from bot.model.span import Span

MAX_EXCERPTS = 30
"""The excerpts that are kept of an answer at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownShares:
    """What an excerpt's score is the sum of.

    Attributes:
        terms: The share of each term, by where it first stands in the article's body.
        features: The share of each feature, by name.
    """

    terms: Mapping[Span, float]
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownExcerpt:
    """An excerpt as numbers: its words are the article's.

    Attributes:
        article_id: The article that it quotes.
        revision: The article's revision at that time.
        span: Its place in the body of that revision.
        answer_span: The place of the sentence that answers.
        matches: Where the terms of the query stand.
        score: The hit's score.
        shares: What it is the sum of; None in an answer of a version that did not keep them.
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
    """What a lookup found, beside its excerpts.

    Attributes:
        lookup: The name of the lookup.
        after: The first day of publication; None where any is.
        before: The last day of publication; None where any is.
        facts: What else is needed to show it, by name.
    """

    lookup: str
    after: date | None
    before: date | None
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """What is kept of an answer, or of what a lookup found, that a person was shown.

    Attributes:
        key: What it is found by; every button carries it.
        excerpts: The excerpts found, by rank, those not yet shown included; at most MAX_EXCERPTS.
        answering_count: How many of these, from the first on, answer.
        total: How many passages hold a term of the query.
        dates: The dates understood.
        asker: Who asked.
        shown_at: When it was shown first.
        expires_at: Until when it is kept, exclusive.
        listing: What a lookup found beside the excerpts; None for the answer to a question.
        undated_excerpts: The excerpts found without the dates, by rank; at most MAX_EXCERPTS.
        undated_answering_count: How many of these, from the first on, answer.
        undated_total: How many passages hold a term of the query without the dates.
        guild: The id of the server that it was shown in; None in direct messages, and where the
            app is not the server's but a person's own.
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
            message = f"{excerpt_count} excerpts are too many to keep"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRetention:
    """How many answers are kept, and until when the last of them; None where there are none."""

    count: int
    expires_at: datetime | None
