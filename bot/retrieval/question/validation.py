"""Checks of a question before it is parsed."""

import re
import unicodedata

from bot.errors import EmojiOnly, EmptyQuestion, QuestionTooLong, QuestionTooShort

MIN_QUESTION_CHARS = 2
MAX_QUESTION_CHARS = 300

# A server's own emoji appear in messages as <:name:id>, animated ones as <a:name:id>. A keycap is a
# digit with a combining mark.
_EMOJI_MARKUP = re.compile(r"<a?:\w+:\d+>|[\d#*]\ufe0f?\u20e3")


def validate_question(text: str) -> str:
    """Return the question without surrounding white space.

    Raises:
        QueryError: The question is empty, has only emoji, or is too short or too long.
    """
    question = text.strip()
    if not question:
        raise EmptyQuestion
    if _is_emoji_only(question):
        raise EmojiOnly
    if len(question) < MIN_QUESTION_CHARS:
        raise QuestionTooShort(MIN_QUESTION_CHARS)
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionTooLong(len(question), MAX_QUESTION_CHARS)
    return question


def is_in_foreign_script(question: str) -> bool:
    """Return whether most letters of a question are outside the Latin script."""
    is_latin = ["LATIN" in unicodedata.name(char, "") for char in question if char.isalpha()]
    return 2 * sum(is_latin) < len(is_latin)


def _is_emoji_only(question: str) -> bool:
    rest = _EMOJI_MARKUP.sub("", question)
    has_emoji = rest != question or any(unicodedata.category(char) == "So" for char in rest)
    return has_emoji and not any(map(str.isalnum, rest))
