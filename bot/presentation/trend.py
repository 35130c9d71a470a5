"""A Trend as blocks, as a picture, and as the object that `trend --json` prints."""

from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from typing import Any

from bot.dates.calendar import day_text, range_text
from bot.errors import ChartsNotInstalled
from bot.lookups.trend import Trend
from bot.model.day_range import DayRange
from bot.presentation.bidi import kept_apart
from bot.presentation.blocks import Block, Heading, Line, Picture, Table
from bot.presentation.score_sums import MAX_COLUMNS
from bot.presentation.truncation import cut
from bot.presentation.wording import count_text, joined, short_day_text

FILE_NAME = "trend.png"

NO_PICTURE = Line(
    text="There is no picture, since I may not attach files here: whoever runs this server can"
    " allow me “Attach Files” in this channel.",
    subtle=True,
)

_FOR_TERMS = MAX_COLUMNS - len("29 Jun") - len("  1234")
"""What is left on a phone between the week and the number of all its articles."""

_MOST_ALT_CHARS = 1_000
_ALL = "all"


def trend_blocks(trend: Trend, picture: Picture | None = None) -> tuple[Block, ...]:
    """What a person sees of a trend: the picture where there is one, and all its numbers."""
    return tuple(_empty(trend) if trend.is_empty else _told(trend, picture))


def _empty(trend: Trend) -> Iterator[Block]:
    terms = joined([f"“{kept_apart(term)}”" for term in trend.counts], "or")
    yield Heading(text="No article of these weeks holds this.", warns=True)
    yield Line(text=f"Looked for {terms} in articles published {_days(trend)}.")
    yield Line(text=_articles_text(trend))


def _told(trend: Trend, picture: Picture | None) -> Iterator[Block]:
    yield Heading(text=f"Articles a week, {_days(trend)}")
    if picture:
        yield picture
    for term, counts in trend.counts.items():
        yield Line(text=f"{kept_apart(term)}: {_sum_text(trend, counts)}")
    yield Line(text=f"{_articles_text(trend)}{_mid_week_text(trend)}", subtle=True)
    yield _table(trend)


def _days(trend: Trend) -> str:
    return range_text(DayRange(first=trend.mondays[0], last=trend.until))


def _articles_text(trend: Trend) -> str:
    held = sum(trend.articles)
    return f"Of these {len(trend.mondays)} weeks the library has {count_text(held, 'article')}."


def _mid_week_text(trend: Trend) -> str:
    if not trend.is_in_mid_week:
        return ""
    return f" The last week is not over: it is counted up to {day_text(trend.until)}."


def _sum_text(trend: Trend, counts: tuple[int, ...]) -> str:
    """How many in all, and when most."""
    most = max(counts)
    whole = count_text(sum(counts), "article")
    if not most:
        return whole
    weeks = [monday for monday, count in zip(trend.mondays, counts, strict=True) if count == most]
    return f"{whole}, at most {most:,} a week ({_weeks_text(weeks)})"


def _weeks_text(weeks: list[date]) -> str:
    if len(weeks) > 1:
        return f"in {len(weeks)} weeks"
    return f"in that of {day_text(weeks[0])}"


def _table(trend: Trend) -> Table:
    columns = (*trend.counts.values(), trend.articles)
    width = _FOR_TERMS // len(trend.counts) - len("  ")
    return Table(
        head=("week", *(cut(term, width) for term in trend.counts), _ALL),
        rows=tuple(
            (short_day_text(monday), *map(str, numbers))
            for monday, *numbers in zip(trend.mondays, *columns, strict=True)
        ),
    )


def can_draw() -> bool:
    """Return whether matplotlib is installed, which comes with the extra `charts`."""
    return find_spec("matplotlib") is not None


def trend_picture(trend: Trend) -> Picture:
    """The trend drawn; this takes up to a second, and the first time some more.

    Raises:
        ChartsNotInstalled: matplotlib is not installed.
    """
    if not can_draw():
        raise ChartsNotInstalled
    from bot.presentation.chart import chart  # noqa: PLC0415 - matplotlib takes long to import

    return Picture(png=chart(trend), name=FILE_NAME, alt=alt_text(trend))


def alt_text(trend: Trend) -> str:
    """What the picture shows, for who can't see it; no more than Discord takes."""
    terms = "; ".join(
        f"{term}: {_sum_text(trend, counts)}" for term, counts in trend.counts.items()
    )
    text = f"Bar chart of articles a week, {_days(trend)}. {terms}."
    return cut(text, _MOST_ALT_CHARS)


def trend_object(trend: Trend) -> dict[str, Any]:
    """The trend as a JSON object: weeks by their Mondays, and for each term its counts."""
    return {
        "weeks": [monday.isoformat() for monday in trend.mondays],
        "until": trend.until.isoformat(),
        "terms": [{"term": term, "counts": counts} for term, counts in trend.counts.items()],
        "articles": trend.articles,
    }
