"""Texts that slow down a parser that is not linear, and a measure of how its time grows."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence

SIZES = (1_000, 10_000, 100_000)
SHORT_SIZES = (1_000, 10_000)
"""For texts of limited length, such as questions and messages of Discord."""

MAX_GROWTH = 15.0
"""A linear parser takes ten times as long for ten times the text; the rest is noise."""

_NEGLIGIBLE_SECONDS = 0.2
"""Less CPU time than this holds nobody up, and is too short to be compared."""

_MAX_RUNS = 4

SHAPES = {
    "backticks": "`",
    "code": "`a ",
    "code spans": "`a` ",
    "bold": "**",
    "open bold": "**a ",
    "italics": "*a ",
    "underscores": "_a ",
    "double underscores": "__a",
    "strikethrough": "~~a ",
    "spoilers": "||a",
    "brackets": "[",
    "links": "[a](",
    "web links": "[a](http://",
    "addresses": "http://a ",
    "commands": "</a",
    "emoji": "<a:b",
    "timestamps": "<t:1",
    "mentions": "<@1",
    "pings": "@everyone ",
    "quotes": "> ",
    "quote lines": "> a\n",
    "small print": "-# ",
    "headings": "# ",
    "opening quotation marks": "“",
    "closing quotation marks": "”",
    "single quotation marks": "‘",
    "straight quotation marks": '"',
    "apostrophes": "'",
    "opened words": "“a ",
    "low quotation marks": "„a ",
    "angled quotation marks": "«a ",
    "speech": "“a,” said B. ",
    "stops": ".",
    "spaced stops": ". ",
    "ellipses": "…",
    "initials": "A. ",
    "abbreviations": "U.S. ",
    "titles": "Mr. ",
    "questions": "who is what? ",
    "of": "of the ",
    "numbers": "1 ",
    "long number": "1",
    "decimals": "1.1.",
    "thousands": "1,000,",
    "amounts": "$1 million ",
    "dates": "2 March 2026 ",
    "months": "May ",
    "ranges": "from May to ",
    "weekdays": "last Monday ",
    "hyphens": "a-",
    "dashes": "–",
    "dotted": "a.b.",
    "letter": "a",
    "capitals": "A",
    "capitalised": "Ab ",
    "spaces": " ",
    "newlines": "\n",
    "blank lines": "a\n\n",
    "tabs": "\t",
    "Chinese": "你好。",
    "accents": "e\u0301",
    "only accents": "\u0301",
    "direction": "\u202e",
    "isolates": "\u2068",
    "invisible": "\u200b",
    "flags": "\U0001f1e9",
    "exclusions": "-a ",
    "open phrases": '"a ',
}
"""The unit that each shape repeats."""


def build_text(unit: str, length: int) -> str:
    """Return a text of `length` characters that repeats the unit and ends in a word."""
    return (unit * (length // len(unit) + 1))[: length - 2] + " b"


def find_superlinear_shapes(
    parse: Callable[[str], object], sizes: Sequence[int] = SIZES
) -> dict[str, str]:
    """Return the CPU times of the shapes for which the parser is not linear; empty if it is."""
    times = {name: _measure_growth(parse, unit, sizes) for name, unit in SHAPES.items()}
    return {name: report for name, report in times.items() if report}


def _measure_growth(parse: Callable[[str], object], unit: str, sizes: Sequence[int]) -> str:
    """Return both times if ten times the text took more than MAX_GROWTH times as long."""
    limit = _NEGLIGIBLE_SECONDS
    for length in sizes:
        text = build_text(unit, length)
        # Other threads count, too, so a slow run is repeated.
        seconds = next(
            (run for run in _iter_seconds(parse, text) if run <= limit),
            None,
        )
        if seconds is None:
            return f"more than {limit:.3f} s for {length} characters"
        limit = max(seconds * MAX_GROWTH, _NEGLIGIBLE_SECONDS)
    return ""


def _iter_seconds(parse: Callable[[str], object], text: str) -> Iterator[float]:
    """Yield the CPU times of several runs, without the collection of garbage."""
    for _ in range(_MAX_RUNS):
        gc.disable()
        try:
            start = time.process_time()
            parse(text)
            yield time.process_time() - start
        finally:
            gc.enable()
