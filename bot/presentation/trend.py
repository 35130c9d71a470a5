"""A `Trend` as blocks, as a picture, and as the JSON object of `trend --json`."""

from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from typing import Any

from bot.dates.calendar import format_day, range_text
from bot.errors import ChartsNotInstalled
from bot.lookups.trend import Trend
from bot.model.counts import format_count
from bot.model.day_range import DayRange
from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import Block, Heading, Line, Picture, Table
from bot.presentation.sums import MAX_COLUMNS
from bot.presentation.truncation import truncate
from bot.presentation.wording import format_short_day, join_parts

PICTURE_NAME = "trend.png"

NO_PICTURE = Line(
    text="I can't attach the chart here. To show it, I need the Attach Files permission in this"
    " channel.",
    is_subtle=True,
)

_TERM_COLUMNS_CHARS = MAX_COLUMNS - len("29 Jun") - len("  1234")
"""The width left on a phone between the week and the total."""

# Discord allows 1 024 characters.
_MAX_ALT_CHARS = 1_000
_TOTAL_HEADER = "all"


def build_trend_blocks(trend: Trend, picture: Picture | None = None) -> tuple[Block, ...]:
    """Return the picture, if there is one, and all numbers of the trend."""
    return tuple(_build_empty(trend) if trend.is_empty else _build_counts(trend, picture))


def _build_empty(trend: Trend) -> Iterator[Block]:
    terms = join_parts([f"“{isolate_bidi(term)}”" for term in trend.counts], "or")
    yield Heading(text="No article from these weeks contains this.", is_warning=True)
    yield Line(text=f"Searched for {terms} in articles from {_format_days(trend)}.")
    yield Line(text=_format_article_total(trend))


def _build_counts(trend: Trend, picture: Picture | None) -> Iterator[Block]:
    yield Heading(text=f"Articles per week, {_format_days(trend)}")
    if picture:
        yield picture
    for term, counts in trend.counts.items():
        yield Line(text=f"{isolate_bidi(term)}: {_format_term_total(trend, counts)}")
    yield Line(text=f"{_format_article_total(trend)}{_format_partial_week(trend)}", is_subtle=True)
    yield _build_table(trend)


def _format_days(trend: Trend) -> str:
    return range_text(DayRange(first=trend.mondays[0], last=trend.until))


def _format_article_total(trend: Trend) -> str:
    total = sum(trend.article_counts)
    return (
        f"The library has {format_count(total, 'article')} from these {len(trend.mondays)} weeks."
    )


def _format_partial_week(trend: Trend) -> str:
    if not trend.is_last_week_partial:
        return ""
    return f" The last week is counted only up to {format_day(trend.until)}."


def _format_term_total(trend: Trend, counts: tuple[int, ...]) -> str:
    """Return the total and the peak, such as `7 articles, most in one week: 3 (in 2 weeks)`."""
    peak = max(counts)
    total = format_count(sum(counts), "article")
    if not peak:
        return total
    weeks = [monday for monday, count in zip(trend.mondays, counts, strict=True) if count == peak]
    return f"{total}, most in one week: {peak:,} ({_format_weeks(weeks)})"


def _format_weeks(weeks: list[date]) -> str:
    if len(weeks) > 1:
        return f"in {len(weeks)} weeks"
    return f"week of {format_day(weeks[0])}"


def _build_table(trend: Trend) -> Table:
    columns = (*trend.counts.values(), trend.article_counts)
    width = _TERM_COLUMNS_CHARS // len(trend.counts) - len("  ")
    return Table(
        header=("week", *(truncate(term, width) for term in trend.counts), _TOTAL_HEADER),
        rows=tuple(
            (format_short_day(monday), *map(str, numbers))
            for monday, *numbers in zip(trend.mondays, *columns, strict=True)
        ),
    )


def can_draw_charts() -> bool:
    """Return whether matplotlib, from the extra `charts`, is installed."""
    # Only looked up, not imported: the import is slow.
    return find_spec("matplotlib") is not None


def draw_trend(trend: Trend) -> Picture:
    """Return the chart; drawing takes up to a second, and longer the first time.

    Raises:
        ChartsNotInstalled: matplotlib is not installed.
    """
    if not can_draw_charts():
        raise ChartsNotInstalled
    from bot.presentation.chart import draw_chart  # noqa: PLC0415 - matplotlib is slow to import

    return Picture(png=draw_chart(trend), name=PICTURE_NAME, alt=format_alt_text(trend))


def format_alt_text(trend: Trend) -> str:
    """Return the alternative text of the chart, within Discord's limit."""
    terms = "; ".join(
        f"{term}: {_format_term_total(trend, counts)}" for term, counts in trend.counts.items()
    )
    text = f"Bar chart of articles per week, {_format_days(trend)}. {terms}."
    return truncate(text, _MAX_ALT_CHARS)


def trend_to_json(trend: Trend) -> dict[str, Any]:
    """Return the trend as a JSON object: weeks by their Mondays, and the counts of each term."""
    return {
        "weeks": [monday.isoformat() for monday in trend.mondays],
        "until": trend.until.isoformat(),
        "terms": [{"term": term, "counts": counts} for term, counts in trend.counts.items()],
        "articles": trend.article_counts,
    }
