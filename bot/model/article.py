"""A dated, published text."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

ArticleId = NewType("ArticleId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as it was published, in one of its revisions.

    Attributes:
        id: What names it in the library.
        title: Its headline.
        has_derived_title: Whether the title was made from the first sentence, since none was given.
        source: Who published it; None where that is not known.
        url: Where it can be read; None where that is not known.
        published_on: The day of publication; None only among judged questions.
        body: The text that quotes are taken from.
        revision: Counted from 1 by the store.
    """

    id: ArticleId
    title: str
    has_derived_title: bool
    source: str | None
    url: str | None
    published_on: date | None
    body: str
    revision: int = 1

    def __post_init__(self) -> None:
        if not self.body.strip():
            message = f"article {self.id} has an empty body"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """That an article was taken back: when, and why."""

    withdrawn_at: datetime
    reason: str
