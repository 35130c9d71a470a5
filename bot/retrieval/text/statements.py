"""Telling full statements from questions, headings and captions."""

import re

from bot.retrieval.text.punctuation import CLOSING_MARKS, STOP_MARKS

_LINE_CLOSING_MARKS = f"{CLOSING_MARKS}}} "
"""Marks that may follow the stop at the end of a line. A brace is one of them, too."""

_CLOSING = re.escape(CLOSING_MARKS)
_STOP_END = re.compile(rf"[{STOP_MARKS}][\s{_CLOSING}]*$")
_QUESTION_END = re.compile(rf"\?[\s{_CLOSING}]*$")


def is_question(sentence: str) -> bool:
    """Return whether a sentence ends in a question mark."""
    return _QUESTION_END.search(sentence) is not None


def is_statement(sentence: str) -> bool:
    """Return whether a sentence ends in a stop and is not a question. A heading has no stop."""
    return _STOP_END.search(sentence) is not None and not is_question(sentence)


def ends_in_stop(line: str) -> bool:
    """Return whether a line ends in a stop, as a statement or as a question."""
    return line.rstrip(_LINE_CLOSING_MARKS).endswith(tuple(STOP_MARKS))
