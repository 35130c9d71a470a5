"""Isolation of bidirectional text, so that it can't reorder the text around it.

Titles and quotes come from outside and may be written from right to left, or contain controls that
reorder what follows. The controls and their pairs are defined in Unicode's bidirectional algorithm
(UAX #9).
"""

import re
import unicodedata

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
_POP_EMBEDDING = "\u202c"

_CLOSERS = dict.fromkeys("\u202a\u202b\u202d\u202e", _POP_EMBEDDING) | dict.fromkeys(
    "\u2066\u2067\u2068", POP_ISOLATE
)
_LINE_END = re.compile(r"(\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])")
_LEFT_TO_RIGHT = {"L", "EN", "ES", "ET", "CS", "NSM", "BN", "B", "S", "WS", "ON"}


def isolate_bidi(text: str) -> str:
    """Return the text, isolated if any of its characters does not run from left to right."""
    is_left_to_right = all(
        unicodedata.bidirectional(character) in _LEFT_TO_RIGHT for character in text
    )
    return text if is_left_to_right else isolate_lines(text)


def isolate_lines(text: str) -> str:
    """Return the text with each line between U+2068 and U+2069, and its open controls closed.

    Each line is isolated on its own, because the end of a line ends every isolate and override.
    """
    parts = _LINE_END.split(text)
    parts[::2] = map(_isolate_line, parts[::2])
    return "".join(parts)


def _isolate_line(line: str) -> str:
    """Return the isolated line, with its open controls closed.

    For each U+2069 without an opener in the line, one more isolate is opened at the start;
    otherwise the line could end ours.
    """
    closers: list[str] = []
    openers = FIRST_STRONG_ISOLATE
    for character in line:
        if character in _CLOSERS:
            closers.append(_CLOSERS[character])
        elif character == POP_ISOLATE and POP_ISOLATE not in closers:
            closers.clear()
            openers += FIRST_STRONG_ISOLATE
        elif character == POP_ISOLATE:
            while closers.pop() != POP_ISOLATE:
                pass
        elif closers and character == closers[-1]:
            closers.pop()
    return f"{openers}{line}{''.join(reversed(closers))}{POP_ISOLATE}"
