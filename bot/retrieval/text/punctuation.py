"""Marks that end sentences, close quotations, or occur inside words."""

import re

STOP_MARKS = ".!?…"
"""They end a sentence."""

CLOSING_MARKS = "\"'”’)]"
"""They may follow the stop of a sentence."""

APOSTROPHES = "'\u2018\u2019\u02bc\uff07"
"""All characters that are used as an apostrophe."""

HYPHENS = "-\u2010\u2011"
"""All characters that are used to join the parts of a word."""

_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_OPENING_QUOTES = '"“”„«'
_CLOSING_QUOTES = '"“”»'

QUOTED_PATTERN = (
    rf"[{_OPENING_QUOTES}](?P<quoted>[^{_OPENING_QUOTES}{_CLOSING_QUOTES}]+)[{_CLOSING_QUOTES}]"
)
"""A regular expression for words in any kind of quotation marks, even two kinds mixed."""


def strip_bidi_controls(text: str) -> str:
    """Return the text without the characters that only set its direction.

    Answers in Discord enclose quotes in U+2068 and U+2069, so text copied from there contains them.
    """
    return _BIDI_CONTROLS.sub("", text)


def get_end_marks(sentence: str) -> str:
    """Return the marks and spaces behind the last word of a sentence."""
    offset = len(sentence)
    while offset and not (sentence[offset - 1].isalnum() or sentence[offset - 1] == "_"):
        offset -= 1
    return sentence[offset:]
