import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.lookups.trend import Trend
from bot.presentation.chart import (
    BACKGROUND,
    BAR,
    DOTS_PER_INCH,
    INK,
    WIDTH_INCHES,
    choose_ticks,
    draw_chart,
)

MONDAY = date(2025, 3, 10)


def a_trend(*counts: Iterable[int], names: Iterable[str] | None = None) -> Trend:
    listed = [tuple(term_counts) for term_counts in counts]
    terms = names or [f"term {number}" for number in range(len(listed))]
    mondays = tuple(MONDAY + timedelta(weeks=week) for week in range(len(listed[0])))
    return Trend(
        mondays=mondays,
        counts=dict(zip(terms, listed, strict=True)),
        article_counts=(9,) * len(mondays),
        until=mondays[-1],
    )


def pixels(png: bytes) -> NDArray[Any]:
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


def colour(code: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(code.removeprefix("#")))


def bar_heights(png: bytes) -> list[int]:
    """Return the heights of the bars in pixels, from left to right, summed over the panels."""
    columns = (pixels(png) == colour(BAR)).all(axis=2).sum(axis=0)
    borders = np.flatnonzero(np.diff((columns > 0).astype(int), prepend=0, append=0))
    pairs = zip(borders[::2], borders[1::2], strict=True)
    return [int(np.median(columns[start:end])) for start, end in pairs]


def luminance(code: str) -> float:
    """Return the relative luminance as defined by WCAG 2.2."""
    shares = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in colour(code))
    ]
    return float(np.dot(shares, (0.2126, 0.7152, 0.0722)))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_bars_are_as_high_as_the_counts() -> None:
    heights = bar_heights(draw_chart(a_trend((2, 0, 1, 4))))

    assert len(heights) == 3
    assert [round(4 * height / heights[-1]) for height in heights] == [2, 1, 4]


def test_terms_have_panels_with_the_same_scale() -> None:
    high, low = (8, 0, 0, 0), (0, 0, 0, 2)

    heights = bar_heights(draw_chart(a_trend(high, low)))

    assert round(heights[0] / heights[1]) == 4


@pytest.mark.parametrize("terms", [1, 2, 3, 4])
@pytest.mark.parametrize("weeks", [4, 52])
def test_a_chart_has_the_width_for_a_phone(terms: int, weeks: int) -> None:
    height, width, _ = pixels(draw_chart(a_trend(*[[1] * weeks] * terms))).shape

    assert width == WIDTH_INCHES * DOTS_PER_INCH
    assert 0.5 <= height / width <= 1.0


def test_the_background_is_opaque_for_dark_and_light_themes() -> None:
    image = Image.open(BytesIO(draw_chart(a_trend((1, 2, 3, 4)))))

    corners = [image.convert("RGBA").getpixel((x, y)) for x in (0, -1) for y in (0, -1)]

    assert corners == [(*colour(BACKGROUND), 255)] * 4


def test_letters_and_bars_contrast_with_the_background() -> None:
    assert contrast(INK, BACKGROUND) >= 7
    assert contrast(BAR, BACKGROUND) >= 3


@pytest.mark.parametrize(
    "name",
    [
        "$\\frac$",
        "_under",
        "river\\alpha{",
        "日本の選挙",
        "🌊 flood",
        "نهر الراين",
        "w" * 300,
        "%s",
    ],
)
def test_any_term_is_drawn_without_a_warning(name: str) -> None:
    assert bar_heights(draw_chart(a_trend((1, 0, 0, 0), names=[name])))


def test_a_term_that_the_font_lacks_is_named_by_its_number() -> None:
    unwritable = draw_chart(a_trend((1, 0, 0, 0), names=["日本"]))

    assert unwritable == draw_chart(a_trend((1, 0, 0, 0), names=["topic 1"]))


def test_a_term_wider_than_the_chart_is_truncated() -> None:
    assert draw_chart(a_trend((1, 0, 0, 0), names=["w" * 300])) == draw_chart(
        a_trend((1, 0, 0, 0), names=["w" * 100])
    )


def test_charts_drawn_by_several_threads_are_correct() -> None:
    trends = [a_trend((number, 1, 2, 3)) for number in range(4)]

    with ThreadPoolExecutor() as pool:
        together = list(pool.map(draw_chart, trends))

    assert together == [draw_chart(trend) for trend in trends]


@pytest.mark.parametrize(
    ("weeks", "named"),
    [
        (4, [0, 1, 2, 3]),
        (5, [0, 1, 2, 3, 4]),
        (12, [2, 5, 8, 11]),
        (52, [7, 18, 29, 40, 51]),
    ],
)
def test_at_most_five_weeks_are_labelled_including_the_last(weeks: int, named: list[int]) -> None:
    assert list(choose_ticks(weeks)) == named


def test_matplotlib_is_imported_only_to_draw_and_pyplot_never() -> None:
    code = (
        "import sys\n"
        "import bot.__main__\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import bot.presentation.chart\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)  # noqa: S603 - our own
