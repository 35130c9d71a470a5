"""Splitting of bodies into paragraphs, and of paragraphs into the passages that are searched."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.model.span import Span
from bot.retrieval.text.sentences import split_sentences

MAX_PASSAGE_CHARS = 1000
"""A longer paragraph is split at sentences. The limit is our choice: about three excerpts."""

MIN_PASSAGE_CHARS = 250
"""A shorter paragraph is joined to its neighbour, since many paragraphs of news are one sentence."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_NEWLINE = re.compile(r"\n\s*")


def split_paragraphs(body: str) -> tuple[Span, ...]:
    """Return the paragraphs of a body in order, trimmed and never empty.

    A paragraph ends at a blank line. If the body has no blank line, it ends at each newline.
    """
    separator = _BLANK_LINE if _BLANK_LINE.search(body.strip()) else _NEWLINE
    separators = [match.span() for match in separator.finditer(body)]
    between = pairwise([(0, 0), *separators, (len(body), len(body))])
    trimmed = (_trim(body, Span(start, end)) for (_, start), (end, _) in between)
    return tuple(span for span in trimmed if span.start < span.end)


def find_paragraph_number(spans: Sequence[Span], offset: int) -> int:
    """Return the number of the paragraph that contains the offset, counted from 1.

    An offset between two paragraphs belongs to the earlier one.
    """
    return max(1, bisect_right(spans, offset, key=lambda span: span.start))


def split_passages(body: str) -> tuple[Span, ...]:
    """Return the passages of a body in order. Together they contain every paragraph.

    A paragraph of more than MAX_PASSAGE_CHARS is split at sentences. A piece of fewer than
    MIN_PASSAGE_CHARS is joined to the next one, unless the result is longer than MAX_PASSAGE_CHARS.
    A short piece at the end of the body is joined to the one before it.
    """
    return tuple(
        _join_short_pieces(
            [
                piece
                for span in split_paragraphs(body)
                for piece in _split_long_paragraph(body, span)
            ]
        )
    )


def iter_sentences(body: str) -> Iterator[Span]:
    """Yield the sentences of a body in order, paragraph by paragraph."""
    for paragraph in split_paragraphs(body):
        yield from find_sentences_in(body, paragraph)


def find_sentences_in(body: str, passage: Span) -> tuple[Span, ...]:
    """Return the sentences of a passage, with offsets in the body.

    The whole lines around the passage are split, since a part of a line may be split differently.
    """
    start = body.rfind("\n", 0, passage.start) + 1
    line_end = body.find("\n", passage.end)
    lines = body[start:] if line_end < 0 else body[start:line_end]
    spans = (span.shift(start) for span in _split_sentences_cached(lines))
    return tuple(span for span in spans if passage.start <= span.start and span.end <= passage.end)


# A long line has many passages, and each of them asks for the sentences of the whole line.
_split_sentences_cached = lru_cache(16)(split_sentences)


def _split_long_paragraph(body: str, paragraph: Span) -> Iterator[Span]:
    if paragraph.end - paragraph.start <= MAX_PASSAGE_CHARS:
        yield paragraph
        return
    (start, end), *others = find_sentences_in(body, paragraph)
    for span in others:
        if span.end - start > MAX_PASSAGE_CHARS:
            yield Span(start, end)
            start = span.start
        end = span.end
    yield Span(start, end)


def _join_short_pieces(pieces: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for piece in pieces:
        if joined and _is_short(joined[-1]) and piece.end - joined[-1].start <= MAX_PASSAGE_CHARS:
            joined[-1] = Span(joined[-1].start, piece.end)
        else:
            joined.append(piece)
    if len(joined) > 1 and _is_short(joined[-1]):
        last = joined.pop()
        joined[-1] = Span(joined[-1].start, last.end)
    return joined


def _is_short(span: Span) -> bool:
    return span.end - span.start < MIN_PASSAGE_CHARS


def _trim(body: str, span: Span) -> Span:
    text = span.extract(body)
    return Span(
        span.start + len(text) - len(text.lstrip()), span.end - len(text) + len(text.rstrip())
    )
