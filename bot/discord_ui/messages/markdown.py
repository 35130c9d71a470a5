r"""Foreign text as Discord markdown that shows it as it is.

`discord.utils.escape_markdown` leaves lists, mentions, timestamps, emoji and addresses as they are,
hence this one. It relies on one rule of Discord's: a backslash before a character that is neither
an ASCII letter or digit nor white space shows that character and nothing else.
"""

import re
from collections.abc import Iterable
from itertools import groupby

from bot.model.span import Span
from bot.presentation.bidi import isolate_lines

# Where a text ends must not matter, since our own words follow it: "3." is a list with a space
# behind it. Letters after a dash or a full stop make it none, so "so-called" and "3.5" stay whole.
_SPECIAL_CHARS = re.compile(
    r"[\\*_~|`<>\[\]:@#/]"
    r"|[-+](?![^\W_])"
    r"|(?<=\d)[.)](?![^\W_])"
    # Emoji, each shown as the character that the article has: not enlarged, not another picture.
    r"|[\u00a9\u00ae\u203c\u2049\u20e3\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\ue50a\ufe0f]"
    r"|[\U0001f000-\U0001fbff\U000e0020-\U000e007f]"
)

_BACKTICK_LOOKALIKE = "\u02cb"


def escape_markdown(text: str) -> str:
    """The text as markdown in which nothing formats, links, mentions or becomes a picture.

    No markdown keeps `@everyone` from pinging where a message may ping at all: only
    `AllowedMentions.none()` does.
    """
    return _SPECIAL_CHARS.sub(r"\\\g<0>", text)


def format_quote(text: str, matches: Iterable[Span] = ()) -> str:
    """The escaped text with its matches bold, kept from reordering what stands around it.

    Args:
        text: What is quoted.
        matches: Spans of the text, in any order; they may touch and overlap.
    """
    return isolate_lines(_escape_with_bold(text, matches))


def format_code_block(text: str) -> str:
    """The text in letters of one width: nothing in it formats, mentions or ends it early.

    A backslash is shown in there, so it can't escape the backtick, whose look-alike stands for it.
    """
    return f"```\n{text.replace('`', _BACKTICK_LOOKALIKE)}\n```"


def _escape_with_bold(text: str, matches: Iterable[Span]) -> str:
    """The escaped text, matches bold; white space never is, as "** river**" would not be read."""
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
