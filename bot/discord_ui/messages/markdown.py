r"""Escaping quoted text so that Discord shows it unchanged.

`discord.utils.escape_markdown` does not escape lists, mentions, timestamps, emoji and URLs, so we do
not use it. This module relies on one rule of Discord's markdown: a backslash before a character that
is not an ASCII letter, a digit or white space shows just that character.
"""

import re
from collections.abc import Iterable
from itertools import groupby

from bot.model.span import Span
from bot.presentation.bidi import isolate_lines

# The end of a text needs escapes too, because our own words follow it: "3." and a space begin a
# list. A dash or full stop before a letter or digit begins none: "so-called", "3.5".
_SPECIAL_CHARS = re.compile(
    r"[\\*_~|`<>\[\]:@#/]"
    r"|[-+](?![^\W_])"  # bullet lists
    r"|(?<=\d)[.)](?![^\W_])"  # numbered lists
    # Emoji: escaped, they stay the article's characters instead of becoming Discord's pictures.
    r"|[\u00a9\u00ae\u203c\u2049\u20e3\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\ue50a\ufe0f]"
    r"|[\U0001f000-\U0001fbff\U000e0020-\U000e007f]"
)

_BACKTICK_LOOKALIKE = "\u02cb"


def escape_markdown(text: str) -> str:
    """Return the text as markdown without formatting, links, mentions or emoji pictures.

    Escaping does not stop `@everyone` from pinging. Only `AllowedMentions.none()` does.
    """
    return _SPECIAL_CHARS.sub(r"\\\g<0>", text)


def format_quote(text: str, matches: Iterable[Span] = ()) -> str:
    """Return the escaped text with bold matches; its text direction can't affect the lines around.

    Args:
        text: The quoted text.
        matches: Spans of the text in any order; they may overlap.
    """
    return isolate_lines(_escape_with_bold(text, matches))


def format_code_block(text: str) -> str:
    """Return the text as a code block that nothing in the text can end.

    Discord shows backslashes in code blocks, so backticks can't be escaped. A look-alike replaces them.
    """
    return f"```\n{text.replace('`', _BACKTICK_LOOKALIKE)}\n```"


def _escape_with_bold(text: str, matches: Iterable[Span]) -> str:
    """Return the escaped text with bold matches; no bold white space: "** river**" fails."""
    bold_indices = {
        index for match in matches for index in range(*match) if not text[index].isspace()
    }
    escaped_indices = {special.start() for special in _SPECIAL_CHARS.finditer(text)}
    runs = (
        (
            is_bold,
            "".join(
                f"\\{text[index]}" if index in escaped_indices else text[index] for index in run
            ),
        )
        for is_bold, run in groupby(range(len(text)), key=bold_indices.__contains__)
    )
    return "".join(f"**{run}**" if is_bold else run for is_bold, run in runs)
