"""The labels of what is offered to a person who is typing, in one line each."""

import re

from bot.dates.calendar import range_text
from bot.lookups.catalogue import Card
from bot.lookups.completions import OfferedDays
from bot.presentation.truncation import units
from bot.presentation.wording import count_text, name_text, short_day_text

MAX_LABEL_CHARS = 100
"""What Discord shows of a choice."""

_MAX_SOURCE_CHARS = 30
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def title_label(card: Card) -> str:
    """The day, title and source of an article: `2 Mar 2026 · Title · Source`.

    Of what is too long the title is cut, and the source only where it is long itself.
    """
    day = card.published_on
    begin = f"{short_day_text(day)} {day.year} · "
    end = f" · {_named(card.source, _MAX_SOURCE_CHARS)}" if card.source else ""
    return f"{begin}{_named(card.title, MAX_LABEL_CHARS - units(begin + end))}{end}"


def days_label(offered: OfferedDays) -> str:
    """The days, and how many articles are of them."""
    return f"{range_text(offered.days)} · {count_text(offered.articles, 'article')}"


def _named(name: str, most: int) -> str:
    """A name that others gave, cut to `most` characters and apart from what stands around it."""
    plain = _DIRECTIONS.sub("", name)
    shown = name_text(plain, most)
    return shown if units(shown) <= most else name_text(plain, most - 2)
