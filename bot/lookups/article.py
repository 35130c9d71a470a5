"""An article to be read page by page, from its first paragraph or from where an excerpt stands."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.lookups.listing import Listing, Lookup
from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.context import Paragraph
from bot.retrieval.answering.excerpts import Citation, cite_span
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.text.passages import find_sentences_in, split_paragraphs

MAX_PIECE_CHARS = 1_000
"""A paragraph longer than this is parted: all of emoji, each escaped, it still fits a message."""

MAX_PAGE_CHARS = 2_400
"""The text on a page: with its title, its numbers and some escapes it fits a message."""

_WORD = re.compile(r"\S+")


def build_article_listing(article: Article, excerpt: Citation | None = None) -> Listing:
    """The whole article as one entry, from its first paragraph to its last.

    Args:
        article: The article.
        excerpt: What it is opened at, whose matches stand out; None for its beginning.
    """
    spans = split_paragraphs(article.body)
    full_span = Span(spans[0].start, spans[-1].end)
    entry = cite_span(article, full_span)
    if excerpt:
        entry = replace(entry, answer_span=excerpt.answer_span, matches=excerpt.matches)
    return Listing(lookup=Lookup.ARTICLE, entries=(entry,), total=len(spans), bounds=Bounds())


def split_into_pieces(body: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a body in order, long ones in parts that end with a sentence.

    A sentence that is too long by itself is parted between two words, or where it has none, within.
    """
    return tuple(
        Paragraph(number, part)
        for number, span in enumerate(split_paragraphs(body), start=1)
        for part in _split_paragraph(body, span)
    )


def find_piece_number(excerpt: Citation) -> int:
    """The number, from 1, of the piece of its article in which the excerpt answers."""
    return sum(
        piece.span.start <= excerpt.answer_span.start
        for piece in split_into_pieces(excerpt.article.body)
    )


def get_page_range(article_pieces: tuple[Paragraph, ...], first: int) -> range:
    """The places, from 0, of the pieces on a page that begins with the piece `first`, from 1."""
    stop = first
    while (
        stop < len(article_pieces)
        and _count_chars(article_pieces[first - 1 : stop + 1]) <= MAX_PAGE_CHARS
    ):
        stop += 1
    return range(first - 1, stop)


def find_previous_page_start(article_pieces: tuple[Paragraph, ...], first: int) -> int:
    """The first piece, from 1, of the page that ends before the piece `first`, which is none."""
    start = first - 1
    while start > 1 and _count_chars(article_pieces[start - 2 : first - 1]) <= MAX_PAGE_CHARS:
        start -= 1
    return start


def _count_chars(article_pieces: tuple[Paragraph, ...]) -> int:
    return sum(piece.span.end - piece.span.start for piece in article_pieces)


def _split_paragraph(body: str, paragraph: Span) -> Iterator[Span]:
    if paragraph.end - paragraph.start <= MAX_PIECE_CHARS:
        yield paragraph
        return
    sentences = (
        part for span in find_sentences_in(body, paragraph) for part in _split_sentence(body, span)
    )
    yield from _join_adjacent(sentences)


def _split_sentence(body: str, sentence: Span) -> Iterator[Span]:
    if sentence.end - sentence.start <= MAX_PIECE_CHARS:
        yield sentence
        return
    words = (Span(*match.span()) for match in _WORD.finditer(body, *sentence))
    yield from _join_adjacent(part for word in words for part in _split_word(word))


def _split_word(word: Span) -> Iterator[Span]:
    for start in range(word.start, word.end, MAX_PIECE_CHARS):
        yield Span(start, min(start + MAX_PIECE_CHARS, word.end))


def _join_adjacent(spans: Iterator[Span]) -> Iterator[Span]:
    """The spans, as many that follow on each other joined as a piece holds."""
    start, end = next(spans)
    for span in spans:
        if span.end - start > MAX_PIECE_CHARS:
            yield Span(start, end)
            start = span.start
        end = span.end
    yield Span(start, end)
