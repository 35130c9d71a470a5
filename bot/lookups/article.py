"""An article split into pages, to be read from the start or from an excerpt."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from bot.lookups.listing import Listing, Lookup
from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.context import Paragraph
from bot.retrieval.answering.excerpts import Citation, cite_span
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.text.passages import get_sentences, split_paragraphs

MAX_PIECE_CHARS = 1_000
"""The maximum length of a piece in characters; even all emoji, each escaped, it fits a message."""

MAX_PAGE_CHARS = 2_400
"""The maximum length of a page's text in characters; a message also holds its title and escapes."""

_WORD = re.compile(r"\S+")

# To fit a page into a message of Discord, it is built up to 30 times, each time from the pieces.
_CACHED_ARTICLES = 8


def build_article_listing(article: Article, excerpt: Citation | None = None) -> Listing:
    """Build a listing with the whole article as its only entry.

    Args:
        article: The article.
        excerpt: The excerpt to open the article at, with matches to highlight; None for the start.
    """
    spans = split_paragraphs(article.body)
    full_span = Span(spans[0].start, spans[-1].end)
    entry = cite_span(article, full_span)
    if excerpt:
        entry = replace(entry, answer_span=excerpt.answer_span, matches=excerpt.matches)
    return Listing(lookup=Lookup.ARTICLE, entries=(entry,), total=len(spans), bounds=Bounds())


@lru_cache(_CACHED_ARTICLES)
def split_into_pieces(article: Article) -> tuple[Paragraph, ...]:
    """Split an article into its paragraphs, in order, and long paragraphs at the end of sentences.

    A sentence that is too long on its own is split between words, and a word that is too long
    anywhere.
    """
    return tuple(
        Paragraph(number, part)
        for number, span in enumerate(split_paragraphs(article.body), start=1)
        for part in _split_paragraph(article, span)
    )


def find_piece_number(excerpt: Citation) -> int:
    """Return the number, from 1, of the piece with the sentence that answers."""
    return sum(
        piece.span.start <= excerpt.answer_span.start
        for piece in split_into_pieces(excerpt.article)
    )


def get_page_range(article_pieces: tuple[Paragraph, ...], first: int) -> range:
    """Return the indices, from 0, of the pieces on a page that starts with piece number `first`."""
    stop = first
    while (
        stop < len(article_pieces)
        and _count_chars(article_pieces[first - 1 : stop + 1]) <= MAX_PAGE_CHARS
    ):
        stop += 1
    return range(first - 1, stop)


def find_previous_page_start(article_pieces: tuple[Paragraph, ...], first: int) -> int:
    """Return the number of the first piece on the page before piece number `first`.

    Numbers start at 1; `first` must not be the first piece.
    """
    start = first - 1
    while start > 1 and _count_chars(article_pieces[start - 2 : first - 1]) <= MAX_PAGE_CHARS:
        start -= 1
    return start


def _count_chars(article_pieces: tuple[Paragraph, ...]) -> int:
    return sum(piece.span.end - piece.span.start for piece in article_pieces)


def _split_paragraph(article: Article, paragraph: Span) -> Iterator[Span]:
    if paragraph.end - paragraph.start <= MAX_PIECE_CHARS:
        yield paragraph
        return
    sentences = (
        part
        for span in get_sentences(article).find_inside(paragraph)
        for part in _split_sentence(article.body, span)
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
    """Yield the spans, joined with their neighbours as far as a piece can hold them."""
    start, end = next(spans)
    for span in spans:
        if span.end - start > MAX_PIECE_CHARS:
            yield Span(start, end)
            start = span.start
        end = span.end
    yield Span(start, end)
