"""Matching of partly entered text against lines of words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from bot.dates.calendar import format_day

_BETWEEN_WORDS = re.compile(r"[\s!-/:-@\[-`{-~]+")
_ISO_DAY = re.compile(r"\d{4}-[\d-]*")


def split_words(text: str) -> list[str]:
    """Split a text into words without case, accents and punctuation."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    if not folded.isascii():
        folded = "".join(_simplify_character(character) for character in folded)
    return [word for word in _BETWEEN_WORDS.split(folded) if word]


def _simplify_character(character: str) -> str:
    """Return the character, or nothing for an accent and a space for punctuation."""
    if unicodedata.combining(character):
        return ""
    return " " if unicodedata.category(character).startswith("P") else character


def format_day_words(day: date) -> tuple[str, str]:
    """Return the two ways in which a day can be entered."""
    return day.isoformat(), format_day(day).lower()


def make_line(line_words: Iterable[str]) -> bytes:
    """Return a line to search for needles, from its words."""
    return f" {' '.join(line_words)} \n".encode()


def make_needles(text: str) -> Sequence[bytes]:
    """Return byte strings that a line must contain to match every word of the text.

    A word matches the beginning of a word in the line. A word with non-ASCII characters matches
    anywhere, since many scripts have no spaces between words. A number matches only as a whole,
    unless it is the last word, which may be unfinished.
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
