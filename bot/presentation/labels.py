"""The labels of what is offered to a person who is typing, in one line each."""

import re

from bot.dates.calendar import range_text
from bot.lookups.catalogue import ArticleCard
from bot.lookups.completions import DateSuggestion
from bot.presentation.truncation import count_utf16_units
from bot.presentation.wording import format_count, format_name, format_short_day

MAX_LABEL_CHARS = 100
"""What Discord shows of a choice."""

_MAX_SOURCE_CHARS = 30
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def format_title_label(card: ArticleCard) -> str:
    """The day, title and source of an article: `2 Mar 2026 · Title · Source`.

    Of what is too long the title is cut, and the source only where it is long itself.
    """
    day = card.published_on
    prefix = f"{format_short_day(day)} {day.year} · "
    suffix = f" · {_format_short_name(card.source, _MAX_SOURCE_CHARS)}" if card.source else ""
    return f"{prefix}{_format_short_name(card.title, MAX_LABEL_CHARS - count_utf16_units(prefix + suffix))}{suffix}"


def format_days_label(suggestion: DateSuggestion) -> str:
    """The days, and how many articles are of them."""
    return f"{range_text(suggestion.days)} · {format_count(suggestion.article_count, 'article')}"


def _format_short_name(name: str, max_chars: int) -> str:
    """A name that others gave, cut to `max_chars` characters and apart from what stands around it."""
    plain = _BIDI_CONTROLS.sub("", name)
    formatted = format_name(plain, max_chars)
    return (
        formatted
        if count_utf16_units(formatted) <= max_chars
        else format_name(plain, max_chars - 2)
    )
