"""What stands around an excerpt in its article."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from bot.model.span import Span
from bot.retrieval.text.passages import paragraph_at, paragraphs
from bot.retrieval.text.sentences import sentences


class Paragraph(NamedTuple):
    """A paragraph's number, from 1, and where the sentences shown of it stand in the body."""

    number: int
    span: Span


def around(body: str, span: Span, *, max_chars: int) -> tuple[Paragraph, ...]:
    """The paragraphs that `span` touches, with as many of those around them as fit.

    They are whole; only where those of the span alone do not fit, whole sentences of them. The span
    itself is always there.

    Args:
        body: The article's body.
        span: The excerpt's place in it.
        max_chars: How far apart first and last character may be.
    """
    whole = paragraphs(body)
    pieces: Sequence[Span] = whole
    own = _touched(whole, span)
    if whole[own.stop - 1].end - whole[own.start].start > max_chars:
        pieces = [piece for each in whole[own] for piece in _sentences(body, each)]
        own = _touched(pieces, span)
    shown = pieces[_grown(pieces, own, max_chars)]
    by_paragraph = groupby(shown, key=lambda piece: paragraph_at(whole, piece.start))
    return tuple(Paragraph(number, _joined(list(group))) for number, group in by_paragraph)


def _touched(pieces: Sequence[Span], span: Span) -> slice:
    places = [
        place
        for place, piece in enumerate(pieces)
        if piece.start < span.end and span.start < piece.end
    ]
    return slice(places[0], places[-1] + 1)


def _sentences(body: str, paragraph: Span) -> Iterator[Span]:
    for span in sentences(paragraph.of(body)):
        yield span.shifted(paragraph.start)


def _grown(pieces: Sequence[Span], own: slice, max_chars: int) -> slice:
    """The slice `own` with its neighbours before and after in turn, until neither fits."""
    first, stop = own.start, own.stop
    grown = True
    while grown:
        grown = False
        if first > 0 and pieces[stop - 1].end - pieces[first - 1].start <= max_chars:
            first, grown = first - 1, True
        if stop < len(pieces) and pieces[stop].end - pieces[first].start <= max_chars:
            stop, grown = stop + 1, True
    return slice(first, stop)


def _joined(pieces: Sequence[Span]) -> Span:
    return Span(pieces[0].start, pieces[-1].end)
