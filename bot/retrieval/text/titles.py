"""Titles for articles that have none."""

from bot.model.span import Span
from bot.retrieval.text.sentences import split_sentences

MAX_TITLE_CHARS = 80

# Long enough to contain the end of a first sentence that is short enough for a title.
_BEGINNING_CHARS = 400


def derive_title(body: str) -> str:
    """Return the first sentence of a body on one line.

    A sentence of more than `MAX_TITLE_CHARS` is cut after a word and ends in an ellipsis.
    """
    beginning = body[:_BEGINNING_CHARS]
    first = next(iter(split_sentences(beginning)), Span(0, len(beginning)))
    title = " ".join(first.extract(beginning).split())
    if len(title) <= MAX_TITLE_CHARS:
        return title
    cut = title[:MAX_TITLE_CHARS]
    return f"{cut.rpartition(' ')[0] or cut[:-1]}…"
