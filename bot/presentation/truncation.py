"""Truncation of titles, names and labels, never inside what a reader sees as one character.

These grapheme clusters of Unicode (UAX #29) are kept whole: letters with their marks, Hangul
syllables, emoji with their modifiers and joiners, and flags. Quotes are never truncated.
"""

import unicodedata
from itertools import accumulate, pairwise

ELLIPSIS = "…"

# U+200D joins emoji, as in families and professions.
_JOINER = "\u200d"
_MARKS = {"Mn", "Mc", "Me"}
_SKIN_TONES = range(0x1F3FB, 0x1F400)
# Invisible characters after a black flag, for regions such as Scotland.
_TAGS = range(0xE0020, 0xE0080)
# Two of these letters together are the flag of a country.
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_HANGUL_MEDIALS_AND_FINALS = range(0x1160, 0x1200)


def count_utf16_units(text: str) -> int:
    """Return the length in UTF-16 units: at least the number of characters that Discord counts."""
    return len(text.encode("utf-16-le")) // 2


def truncate(text: str, max_units: int) -> str:
    """Return the text in at most `max_units` UTF-16 units, with an ellipsis if it was cut."""
    if count_utf16_units(text) <= max_units:
        return text
    boundaries = _find_boundaries(text)
    sizes = accumulate(
        (count_utf16_units(text[start:end]) for start, end in pairwise(boundaries)), initial=0
    )
    available_units = max_units - count_utf16_units(ELLIPSIS)
    cut_at = max(
        end for end, size in zip(boundaries, sizes, strict=True) if size <= available_units
    )
    return f"{text[:cut_at].rstrip()}{ELLIPSIS}"


def _find_boundaries(text: str) -> list[int]:
    """Return the offsets where the text can be cut, including both ends."""
    boundaries = [0]
    flag_letters = 0
    for offset, (previous, character) in enumerate(pairwise(text), start=1):
        flag_letters = flag_letters + 1 if ord(previous) in _FLAG_LETTERS else 0
        completes_flag = flag_letters % 2 == 1 and ord(character) in _FLAG_LETTERS
        if not completes_flag and not _continues_cluster(previous, character):
            boundaries.append(offset)
    return [*boundaries, len(text)]


def _continues_cluster(previous: str, character: str) -> bool:
    """Return whether the character belongs to the cluster of the one before it."""
    code = ord(character)
    return (
        _JOINER in {previous, character}
        or unicodedata.category(character) in _MARKS
        or code in _SKIN_TONES
        or code in _TAGS
        or code in _HANGUL_MEDIALS_AND_FINALS
    )
