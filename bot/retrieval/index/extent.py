"""The size and the period of an index."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much an index contains; `first_date` and `last_date` are None if no article is dated."""

    articles: int
    passages: int
    first_date: date | None
    last_date: date | None
