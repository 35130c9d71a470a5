"""What a person is still typing, looked for in lines of words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from bot.dates.calendar import day_text

_BETWEEN_WORDS = re.compile(r"[\s!-/:-@\[-`{-~]+")
_ISO_DAY = re.compile(r"\d{4}-[\d-]*")


def words(text: str) -> list[str]:
    """The words of a text without capitals, accents and the marks between them."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    if not folded.isascii():
        folded = "".join(_plain(each) for each in folded)
    return [word for word in _BETWEEN_WORDS.split(folded) if word]


def _plain(character: str) -> str:
    """The character; nothing for an accent, and a space for a mark between words."""
    if unicodedata.combining(character):
        return ""
    return " " if unicodedata.category(character).startswith("P") else character


def day_words(day: date) -> tuple[str, str]:
    """The two ways in which the words of a day are typed."""
    return day.isoformat(), day_text(day).lower()


def line(listed: Iterable[str]) -> bytes:
    """A line in which these words can be looked for."""
    return f" {' '.join(listed)} \n".encode()


def needles(typed: str) -> Sequence[bytes]:
    """What a line holds where each word that was typed stands in it.

    A word stands where another begins with it; one that is not ASCII stands anywhere, since many
    scripts put no space between words. A number stands as a whole, unless it was typed last.
    """
    found = [
        word
        for part in typed.split()
        for word in ([part] if _ISO_DAY.fullmatch(part) else words(part))
    ]
    return [
        _needle(word, is_whole=word.isdigit() and place < len(found))
        for place, word in enumerate(found, start=1)
    ]


def _needle(word: str, *, is_whole: bool) -> bytes:
    if not word.isascii():
        return word.encode()
    return f" {word}{' ' if is_whole else ''}".encode()
