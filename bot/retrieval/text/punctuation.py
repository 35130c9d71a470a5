"""The marks that end sentences, close quotations and stand inside words."""

STOP_MARKS = ".!?…"
"""They end a sentence."""

CLOSING_MARKS = "\"'”’)]"
"""They may stand behind the stop of a sentence."""

APOSTROPHES = "'\u2018\u2019\u02bc\uff07"
"""All that is typed for an apostrophe."""

HYPHENS = "-\u2010\u2011"
"""Hyphens that join the parts of a word."""

_OPENING_QUOTES = '"“”„«'
_CLOSING_QUOTES = '"“”»'

QUOTED_PATTERN = (
    rf"[{_OPENING_QUOTES}](?P<quoted>[^{_OPENING_QUOTES}{_CLOSING_QUOTES}]+)[{_CLOSING_QUOTES}]"
)
"""A regular expression for words in quotation marks, as people type them."""
