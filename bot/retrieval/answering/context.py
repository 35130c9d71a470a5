"""The context of an excerpt: the paragraphs around it."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.text.passages import find_paragraph_number, get_sentences, split_paragraphs


class Paragraph(NamedTuple):
    """A paragraph's number, from 1, and the span of its shown sentences in the body."""

    number: int
    span: Span


def select_context(article: Article, span: Span, *, max_chars: int) -> tuple[Paragraph, ...]:
    """Return the paragraphs of an excerpt, with as many neighbours as fit.

    Paragraphs are whole. Only if those of the excerpt alone are too long, whole sentences around it
    are returned. The excerpt itself is always included.

    Args:
        article: The article.
        span: The span of the excerpt in its body.
        max_chars: The maximum distance from the first to the last character.
    """
    body_paragraphs = split_paragraphs(article.body)
    # Nothing farther away can be shown.
    nearby = Span(max(0, span.start - max_chars), span.end + max_chars)
    pieces = body_paragraphs.find_overlapping(nearby)
    core = _find_touched(pieces, span)
    own = Span(pieces[core.start].start, pieces[core.stop - 1].end)
    if own.end - own.start > max_chars:
        sentences = get_sentences(article).find_overlapping(nearby)
        pieces = tuple(
            piece for piece in sentences if own.start <= piece.start and piece.end <= own.end
        )
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
