"""The context of an excerpt: the paragraphs around it."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from bot.model.span import Span
from bot.retrieval.text.passages import find_paragraph_number, split_paragraphs
from bot.retrieval.text.sentences import split_sentences


class Paragraph(NamedTuple):
    """A paragraph's number, from 1, and the span of its shown sentences in the body."""

    number: int
    span: Span


def select_context(body: str, span: Span, *, max_chars: int) -> tuple[Paragraph, ...]:
    """Return the paragraphs of an excerpt, with as many neighbours as fit.

    Paragraphs are whole. Only if those of the excerpt alone are too long, whole sentences around it
    are returned. The excerpt itself is always included.

    Args:
        body: The article's body.
        span: The span of the excerpt in it.
        max_chars: The maximum distance from the first to the last character.
    """
    body_paragraphs = split_paragraphs(body)
    pieces: Sequence[Span] = body_paragraphs
    core = _find_touched(body_paragraphs, span)
    if body_paragraphs[core.stop - 1].end - body_paragraphs[core.start].start > max_chars:
        pieces = [
            piece
            for paragraph in body_paragraphs[core]
            for piece in _split_sentences(body, paragraph)
        ]
        core = _find_touched(pieces, span)
    shown = pieces[_grow_slice(pieces, core, max_chars)]
    by_paragraph = groupby(
        shown, key=lambda piece: find_paragraph_number(body_paragraphs, piece.start)
    )
    return tuple(Paragraph(number, _join_spans(list(group))) for number, group in by_paragraph)


def _find_touched(pieces: Sequence[Span], span: Span) -> slice:
    indices = [
        index
        for index, piece in enumerate(pieces)
        if piece.start < span.end and span.start < piece.end
    ]
    return slice(indices[0], indices[-1] + 1)


def _split_sentences(body: str, paragraph: Span) -> Iterator[Span]:
    for span in split_sentences(paragraph.extract(body)):
        yield span.shift(paragraph.start)


def _grow_slice(pieces: Sequence[Span], core: slice, max_chars: int) -> slice:
    """Extend `core` by a neighbour before and after in turn, until neither fits."""
    first, stop = core.start, core.stop
    has_grown = True
    while has_grown:
        has_grown = False
        # Only direct neighbours: nothing is skipped to reach a shorter piece.
        if first > 0 and pieces[stop - 1].end - pieces[first - 1].start <= max_chars:
            first, has_grown = first - 1, True
        if stop < len(pieces) and pieces[stop].end - pieces[first].start <= max_chars:
            stop, has_grown = stop + 1, True
    return slice(first, stop)


def _join_spans(pieces: Sequence[Span]) -> Span:
    return Span(pieces[0].start, pieces[-1].end)
