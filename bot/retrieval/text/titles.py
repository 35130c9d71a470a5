"""A title for an article that came without one."""

from bot.model.span import Span
from bot.retrieval.text.sentences import split_sentences

MAX_TITLE_CHARS = 80

# Enough to see where the first sentence ends, if it is short enough to be a title at all.
_BEGINNING_CHARS = 400


def derive_title(body: str) -> str:
    """The first sentence of a body, on one line, cut after a word to `MAX_TITLE_CHARS`."""
    beginning = body[:_BEGINNING_CHARS]
    first = next(iter(split_sentences(beginning)), Span(0, len(beginning)))
    title = " ".join(first.extract(beginning).split())
    if len(title) <= MAX_TITLE_CHARS:
        return title
    cut = title[:MAX_TITLE_CHARS]
    return f"{cut.rpartition(' ')[0] or cut[:-1]}…"
