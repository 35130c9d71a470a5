"""Matching of regular expressions in long texts without blocking other threads.

`re` holds the GIL until it has found the next match, and `findall` until the end of the text. With a
text of a million characters, the event loop would wait for half a second.
"""

import re
from collections.abc import Iterator

_WINDOW_CHARS = 20_000
_MARGIN_CHARS = 500
"""The length up to which a match at the end of a window is found whole, in the next window."""


def iter_matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches in order, as `pattern.finditer(text)` does.

    A match longer than a window is cut, which only text without any spaces can bring about.
    """
    start = 0
    while len(text) - start > _WINDOW_CHARS:
        end = start + _WINDOW_CHARS
        resume = end - _MARGIN_CHARS
        for match in pattern.finditer(text, start, end):
            if match.end() > resume:
                if match.start() > start:
                    resume = match.start()
                    break
                resume = match.end()
            yield match
        start = resume
    yield from pattern.finditer(text, start)


def find_all(pattern: re.Pattern[str], text: str) -> list[str]:
    """Return the texts of all matches, as `pattern.findall(text)` does without groups."""
    if len(text) <= _WINDOW_CHARS:
        return pattern.findall(text)
    return [match.group() for match in iter_matches(pattern, text)]


def replace_characters(pattern: re.Pattern[str], replacement: str, text: str) -> str:
    """Return the text with each match, which is one character, replaced by one character."""
    if len(text) <= _WINDOW_CHARS:
        return pattern.sub(replacement, text)
    starts = range(0, len(text), _WINDOW_CHARS)
    windows = (text[start : start + _WINDOW_CHARS] for start in starts)
    return "".join([pattern.sub(replacement, window) for window in windows])
