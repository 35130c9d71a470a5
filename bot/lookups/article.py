"""An article to be read page by page, from its first paragraph or from where an excerpt stands."""

import re
from collections.abc import Iterator

from bot.lookups.listing import Listing, Lookup
from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.context import Paragraph
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.scoring.limits import Bounds
from bot.retrieval.text.passages import paragraphs, sentences_in

MAX_PIECE_CHARS = 1_000
"""A paragraph longer than this is parted: all of emoji, each escaped, it still fits a message."""

MAX_PAGE_CHARS = 2_400
"""The text on a page: with its title, its numbers and some escapes it fits a message."""

_WORD = re.compile(r"\S+")


def opened(article: Article, excerpt: Citation | None = None) -> Listing:
    """The whole article as one entry, from its first paragraph to its last.

    Args:
        article: The article.
        excerpt: What it is opened at, whose matches stand out; None for its beginning.
    """
    spans = paragraphs(article.body)
    whole = Span(spans[0].start, spans[-1].end)
    entry = Citation(
        article=article,
        span=whole,
        answering=excerpt.answering if excerpt else whole,
        matches=excerpt.matches if excerpt else (),
        score=0.0,
    )
    return Listing(lookup=Lookup.ARTICLE, entries=(entry,), total=len(spans), bounds=Bounds())


def pieces(body: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a body in order, long ones in parts that end with a sentence.

    A sentence that is too long by itself is parted between two words, or where it has none, within.
    """
    return tuple(
        Paragraph(number, part)
        for number, span in enumerate(paragraphs(body), start=1)
        for part in _parts(body, span)
    )


def first_piece(excerpt: Citation) -> int:
    """The number, from 1, of the piece of its article in which the excerpt answers."""
    return sum(
        piece.span.start <= excerpt.answering.start for piece in pieces(excerpt.article.body)
    )


def page_from(listed: tuple[Paragraph, ...], first: int) -> range:
    """The places, from 0, of the pieces on a page that begins with the piece `first`, from 1."""
    stop = first
    while stop < len(listed) and _chars(listed[first - 1 : stop + 1]) <= MAX_PAGE_CHARS:
        stop += 1
    return range(first - 1, stop)


def first_before(listed: tuple[Paragraph, ...], first: int) -> int:
    """The first piece, from 1, of the page that ends before the piece `first`, which is none."""
    start = first - 1
    while start > 1 and _chars(listed[start - 2 : first - 1]) <= MAX_PAGE_CHARS:
        start -= 1
    return start


def _chars(listed: tuple[Paragraph, ...]) -> int:
    return sum(piece.span.end - piece.span.start for piece in listed)


def _parts(body: str, paragraph: Span) -> Iterator[Span]:
    if paragraph.end - paragraph.start <= MAX_PIECE_CHARS:
        yield paragraph
        return
    sentences = (
        part for span in sentences_in(body, paragraph) for part in _parts_of_sentence(body, span)
    )
    yield from _filled(sentences)


def _parts_of_sentence(body: str, sentence: Span) -> Iterator[Span]:
    if sentence.end - sentence.start <= MAX_PIECE_CHARS:
        yield sentence
        return
    words = (Span(*found.span()) for found in _WORD.finditer(body, *sentence))
    yield from _filled(part for word in words for part in _parts_of_word(word))


def _parts_of_word(word: Span) -> Iterator[Span]:
    for start in range(word.start, word.end, MAX_PIECE_CHARS):
        yield Span(start, min(start + MAX_PIECE_CHARS, word.end))


def _filled(spans: Iterator[Span]) -> Iterator[Span]:
    """The spans, as many that follow on each other joined as a piece holds."""
    start, end = next(spans)
    for span in spans:
        if span.end - start > MAX_PIECE_CHARS:
            yield Span(start, end)
            start = span.start
        end = span.end
    yield Span(start, end)
