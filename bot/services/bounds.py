"""What people type beside a question, as bounds on a search."""

from datetime import date

from bot.dates.grammar import parse_first_day, parse_last_day
from bot.errors import ReversedBounds
from bot.retrieval.question.bounds import Bounds


def parse_bounds(
    after: str | None, before: str | None, source: str | None, *, today: date
) -> Bounds:
    """Return the bounds that a person typed: `after` from its first day on, `before` to its last.

    Args:
        after: The first day of publication, as typed.
        before: The last day of publication, as typed.
        source: The source, as typed.
        today: The day that it is for who typed.

    Raises:
        UnknownDate: One of them is no date, or has more than one reading.
        ReversedBounds: They leave no day between them.
    """
    first = None if after is None else parse_first_day(after, today)
    last = None if before is None else parse_last_day(before, today)
    if first and last and first > last:
        raise ReversedBounds(first, last)
    return Bounds(after=first, before=last, source=source)
