"""Parsing the bounds that people enter beside a question."""

from datetime import date

from bot.dates.grammar import parse_first_day, parse_last_day
from bot.errors import ReversedBounds
from bot.retrieval.question.bounds import Bounds


def parse_bounds(
    after: str | None, before: str | None, source: str | None, *, today: date
) -> Bounds:
    """Parse bounds: from the first day of `after` to the last day of `before`, inclusive.

    Args:
        after: The first day of publication as entered; None for no bound.
        before: The last day of publication as entered; None for no bound.
        source: The source as entered; None for all.
        today: The person's local day.

    Raises:
        UnknownDate: A text is not a date, or is ambiguous.
        ReversedBounds: `after` is later than `before`.
    """
    first = None if after is None else parse_first_day(after, today)
    last = None if before is None else parse_last_day(before, today)
    if first and last and first > last:
        raise ReversedBounds(first, last)
    return Bounds(after=first, before=last, source=source)
