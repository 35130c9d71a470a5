"""How much an index holds."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much there is: `first_date` and `last_date` are None where nothing is dated."""

    articles: int
    passages: int
    first_date: date | None
    last_date: date | None
