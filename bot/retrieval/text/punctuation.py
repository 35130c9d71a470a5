"""Marks that end sentences, close quotations, or occur inside words."""

STOP_MARKS = ".!?…"
"""They end a sentence."""

CLOSING_MARKS = "\"'”’)]"
"""They may follow the stop of a sentence."""

APOSTROPHES = "'\u2018\u2019\u02bc\uff07"
"""All characters that are used as an apostrophe."""

HYPHENS = "-\u2010\u2011"
"""All characters that are used to join the parts of a word."""

_OPENING_QUOTES = '"“”„«'
_CLOSING_QUOTES = '"“”»'

QUOTED_PATTERN = (
    rf"[{_OPENING_QUOTES}](?P<quoted>[^{_OPENING_QUOTES}{_CLOSING_QUOTES}]+)[{_CLOSING_QUOTES}]"
)
"""A regular expression for words in any kind of quotation marks, even two kinds mixed."""
