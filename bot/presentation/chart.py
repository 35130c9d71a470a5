"""The chart of a trend: one panel of bars for each term, all on the same scale.

Each term has its own panel because lines in one panel would hide each other at small counts, and so
that nobody has to tell colours apart. The chart is made for phones: Discord shows it there about 350
pixels wide, so that one point of type is about one pixel. The background is drawn, because Discord
has a dark and a light theme. pyplot is avoided because it keeps global state.
"""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from threading import Lock

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from bot.lookups.trend import Trend
from bot.presentation.truncation import truncate
from bot.presentation.wording import format_short_day

WIDTH_INCHES = 5.0
DOTS_PER_INCH = 240
FONT_SIZE_POINTS = 12
"""The size of all letters."""

BACKGROUND = "#FFFFFF"
# On the background the ink has a contrast of at least 7 to 1 and the bars of 3 to 1 (WCAG 2.2).
INK = "#1F2328"
RULE = "#D0D7DE"
BAR = "#0072B2"
"""The blue of Okabe and Ito (2008), whose colours colour-blind people can tell apart."""

_PANEL_INCHES = 1.05
_MARGIN_INCHES = 0.7
_MAX_TICKS = 5
_MAX_TITLE_CHARS = 40
_HEADROOM = 1.05

_DRAWING_LOCK = Lock()


def draw_chart(trend: Trend) -> bytes:
    """Return the chart as a PNG file.

    Charts are drawn one at a time, because matplotlib is not thread-safe.
    """
    with _DRAWING_LOCK:
        height = _MARGIN_INCHES + _PANEL_INCHES * max(2, len(trend.counts))
        figure = Figure((WIDTH_INCHES, height), dpi=DOTS_PER_INCH, facecolor=BACKGROUND)
        figure.set_layout_engine("constrained", h_pad=0.08, w_pad=0.06)
        figure.supylabel("articles per week", fontsize=FONT_SIZE_POINTS, color=INK)
        # Without squeeze=False, a single term would give one panel instead of an array.
        panels = figure.subplots(len(trend.counts), sharex=True, squeeze=False)
        max_count = max(1, *map(max, trend.counts.values()))
        for number, (axes, term) in enumerate(zip(panels[:, 0], trend.counts, strict=True), 1):
            _draw_panel(axes, _format_panel_title(number, term), trend.counts[term], max_count)
        _draw_weeks(panels[-1, 0], trend.mondays)
        buffer = BytesIO()
        figure.savefig(buffer, format="png")
        return buffer.getvalue()


def _draw_panel(axes: Axes, title: str, counts: Sequence[int], max_count: int) -> None:
    # The bars are drawn above the lines of the grid, which have a lower zorder.
    axes.bar(range(len(counts)), counts, color=BAR, width=0.8, zorder=2)
    # Without parse_math=False, a "$" in a term would start a formula.
    axes.set_title(title, loc="left", fontsize=FONT_SIZE_POINTS, color=INK, parse_math=False)
    axes.set_facecolor(BACKGROUND)
    axes.set_ylim(0, max_count * _HEADROOM)
    axes.set_yticks([0, max_count])
    axes.tick_params(labelsize=FONT_SIZE_POINTS, colors=INK, color=RULE, length=3)
    axes.grid(axis="y", color=RULE, linewidth=0.8, zorder=1)
    axes.spines[["top", "left", "right"]].set_visible(False)
    axes.spines["bottom"].set_color(RULE)


def _draw_weeks(axes: Axes, mondays: Sequence[date]) -> None:
    tick_positions = choose_ticks(len(mondays))
    axes.set_xlim(-0.6, len(mondays) - 0.4)
    axes.set_xticks(
        tick_positions, [format_short_day(mondays[position]) for position in tick_positions]
    )


def choose_ticks(count: int) -> range:
    """Return the positions of the weeks to label: evenly spaced, including the last."""
    step = -(-count // _MAX_TICKS)
    return range((count - 1) % step, count, step)


def _format_panel_title(number: int, term: str) -> str:
    """Return the term, truncated; its number if the font lacks one of its characters."""
    # matplotlib would warn and draw empty boxes for characters that its font lacks.
    font = get_font(findfont(FontProperties()))
    if not all(ord(char) in font.get_charmap() for char in term):
        return f"topic {number}"
    return truncate(term, _MAX_TITLE_CHARS)
