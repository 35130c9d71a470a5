"""Which sentences are full statements, and not questions, headings or captions."""

import re

from bot.retrieval.text.punctuation import CLOSING_MARKS, STOP_MARKS

_LINE_CLOSING_MARKS = f"{CLOSING_MARKS}}} "
"""A line with a stop may close a brace, too."""

_CLOSING = re.escape(CLOSING_MARKS)
_STOP_END = re.compile(rf"[{STOP_MARKS}][\s{_CLOSING}]*$")
_QUESTION_END = re.compile(rf"\?[\s{_CLOSING}]*$")


def is_question(sentence: str) -> bool:
    """Return whether a sentence ends in a question mark."""
    return _QUESTION_END.search(sentence) is not None


def is_statement(sentence: str) -> bool:
    """Return whether a sentence ends in a stop and is no question; a heading ends in none."""
    return _STOP_END.search(sentence) is not None and not is_question(sentence)


def ends_in_stop(line: str) -> bool:
    """Return whether a line ends in a stop, be it a statement or a question."""
    return line.rstrip(_LINE_CLOSING_MARKS).endswith(tuple(STOP_MARKS))
