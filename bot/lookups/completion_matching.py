"""What a person is still typing, looked for in lines of words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from bot.dates.calendar import format_day

_BETWEEN_WORDS = re.compile(r"[\s!-/:-@\[-`{-~]+")
_ISO_DAY = re.compile(r"\d{4}-[\d-]*")


def split_words(text: str) -> list[str]:
    """The words of a text without capitals, accents and the marks between them."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    if not folded.isascii():
        folded = "".join(_simplify_character(character) for character in folded)
    return [word for word in _BETWEEN_WORDS.split(folded) if word]


def _simplify_character(character: str) -> str:
    """The character; nothing for an accent, and a space for a mark between words."""
    if unicodedata.combining(character):
        return ""
    return " " if unicodedata.category(character).startswith("P") else character


def format_day_words(day: date) -> tuple[str, str]:
    """The two ways in which the words of a day are typed."""
    return day.isoformat(), format_day(day).lower()


def make_line(line_words: Iterable[str]) -> bytes:
    """A line in which these words can be looked for."""
    return f" {' '.join(line_words)} \n".encode()


def make_needles(text: str) -> Sequence[bytes]:
    """What a line holds where each word that was typed stands in it.

    A word stands where another begins with it; one that is not ASCII stands anywhere, since many
    scripts put no space between words. A number stands as a whole, unless it was typed last.
    """
    text_words = [
        word
        for part in text.split()
        for word in ([part] if _ISO_DAY.fullmatch(part) else split_words(part))
    ]
    return [
        _make_needle(word, is_whole=word.isdigit() and place < len(text_words))
        for place, word in enumerate(text_words, start=1)
    ]


def _make_needle(word: str, *, is_whole: bool) -> bytes:
    if not word.isascii():
        return word.encode()
    return f" {word}{' ' if is_whole else ''}".encode()
