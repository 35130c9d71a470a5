"""The one-line labels of Discord's autocomplete choices."""

from bot.dates.calendar import range_text
from bot.lookups.catalogue import ArticleCard
from bot.lookups.completions import DateSuggestion
from bot.model.counts import format_count
from bot.presentation.truncation import count_utf16_units
from bot.presentation.wording import format_name, format_short_day
from bot.retrieval.text.punctuation import strip_bidi_controls

MAX_LABEL_CHARS = 100
"""The limit that Discord sets for the name of a choice."""

_MAX_SOURCE_CHARS = 30


def format_title_label(card: ArticleCard) -> str:
    """Return the day, title and source of an article: `2 Mar 2026 · Title · Source`.

    A label that is too long loses the end of its title; a source is only cut if it is long itself.
    """
    day = card.published_on
    prefix = f"{format_short_day(day)} {day.year} · "
    suffix = f" · {_format_short_name(card.source, _MAX_SOURCE_CHARS)}" if card.source else ""
    return f"{prefix}{_format_short_name(card.title, MAX_LABEL_CHARS - count_utf16_units(prefix + suffix))}{suffix}"


def format_days_label(suggestion: DateSuggestion) -> str:
    """Return the days with their number of articles."""
    return f"{range_text(suggestion.days)} · {format_count(suggestion.article_count, 'article')}"


def _format_short_name(name: str, max_chars: int) -> str:
    """Return a name from outside in at most `max_chars` characters, isolating controls included."""
    # A control could be cut off from the one that ends it, so all are removed.
    plain = strip_bidi_controls(name)
    formatted = format_name(plain, max_chars)
    return (
        formatted
        if count_utf16_units(formatted) <= max_chars
        else format_name(plain, max_chars - 2)  # Discord counts the two isolating controls, too.
    )
