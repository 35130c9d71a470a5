"""Articles and their withdrawals."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType

from bot.model.spans import Spans

ArticleId = NewType("ArticleId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A dated, published text in one of its revisions.

    Attributes:
        id: The id of the article in the library.
        title: The headline.
        has_derived_title: Whether the title was made from the first sentence because none was given.
        source: The publisher; None if unknown.
        url: The address at the publisher; None if unknown.
        published_on: The day of publication; None only in the corpora of judged questions.
        body: The text that is quoted, exactly as stored.
        revision: The number of the revision, from 1.
        sentences: The sentences of the body, if they are known; they follow from the body.
    """

    id: ArticleId
    title: str
    has_derived_title: bool
    source: str | None
    url: str | None
    published_on: date | None
    body: str
    revision: int = 1
    sentences: Spans | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.body.strip():
            message = f"article {self.id} has an empty body"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The withdrawal of an article."""

    withdrawn_at: datetime
    reason: str
