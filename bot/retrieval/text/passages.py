"""Splitting of bodies into paragraphs, and of paragraphs into the passages that are searched."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from bot.model.article import Article
from bot.model.span import Span
from bot.model.spans import Spans
from bot.retrieval.text.sentences import find_sentence_bounds

MAX_PASSAGE_CHARS = 1000
"""A longer paragraph is split at sentences. The limit is our choice: about three excerpts."""

MIN_PASSAGE_CHARS = 250
"""A shorter paragraph is joined to its neighbour, since many paragraphs of news are one sentence."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_NEWLINE = re.compile(r"\n\s*")


# The number of a paragraph is wanted for each excerpt of an article.
@lru_cache(16)
def split_paragraphs(body: str) -> Spans:
    """Return the paragraphs of a body in order, trimmed and never empty.

    A paragraph ends at a blank line. If the body has no blank line, it ends at each newline.
    """
    separator = _BLANK_LINE if _BLANK_LINE.search(body.strip()) else _NEWLINE
    starts: list[int] = []
    ends: list[int] = []
    start = 0
    for end, next_start in chain(map(_get_span, separator.finditer(body)), [(len(body),) * 2]):
        text = body[start:end]
        if trimmed := text.strip():
            starts.append(start + len(text) - len(text.lstrip()))
            ends.append(starts[-1] + len(trimmed))
        start = next_start
    return Spans.from_bounds(starts, ends)


_get_span = re.Match[str].span


def find_paragraph_number(spans: Spans, offset: int) -> int:
    """Return the number of the paragraph that contains the offset, counted from 1.

    An offset between two paragraphs belongs to the earlier one.
    """
    return max(1, bisect_right(spans.starts, offset))


def split_passages(article: Article) -> tuple[Span, ...]:
    """Return the passages of an article in order. Together they contain every paragraph.

    A paragraph of more than MAX_PASSAGE_CHARS is split at sentences. A piece of fewer than
    MIN_PASSAGE_CHARS is joined to the next one, unless the result is longer than MAX_PASSAGE_CHARS.
    A short piece at the end of the body is joined to the one before it.
    """
    paragraphs = split_paragraphs(article.body)
    pieces: list[tuple[int, int]] = []
    for start, end in zip(paragraphs.starts.tolist(), paragraphs.ends.tolist(), strict=True):
        if end - start <= MAX_PASSAGE_CHARS:
            pieces.append((start, end))
        else:
            pieces += _split_long_paragraph(article, Span(start, end))
    return tuple(_join_short_pieces(pieces))


def add_sentences(article: Article) -> Article:
    """Return the article with its sentences, which are computed if it has none."""
    return article if article.sentences else replace(article, sentences=get_sentences(article))


def get_sentences(article: Article) -> Spans:
    """Return the sentences of an article in order; none extends beyond a paragraph.

    The articles of an index have their sentences, since splitting takes longer than a search.
    """
    return article.sentences or _split_sentences_cached(article.body)


@lru_cache(16)
def _split_sentences_cached(body: str) -> Spans:
    return Spans.from_bounds(*find_sentence_bounds(body))


def _split_long_paragraph(article: Article, paragraph: Span) -> Iterator[Span]:
    (start, end), *others = get_sentences(article).find_inside(paragraph)
    for span in others:
        if span.end - start > MAX_PASSAGE_CHARS:
            yield Span(start, end)
            start = span.start
        end = span.end
    yield Span(start, end)


def _join_short_pieces(pieces: Sequence[tuple[int, int]]) -> list[Span]:
    joined: list[Span] = []
    start, end = pieces[0]
    for piece_start, piece_end in pieces[1:]:
        if end - start < MIN_PASSAGE_CHARS and piece_end - start <= MAX_PASSAGE_CHARS:
            end = piece_end
        else:
            joined.append(Span(start, end))
            start, end = piece_start, piece_end
    joined.append(Span(start, end))
    if len(joined) > 1 and _is_short(joined[-1]):
        last = joined.pop()
        joined[-1] = Span(joined[-1].start, last.end)
    return joined


def _is_short(span: Span) -> bool:
    return span.end - span.start < MIN_PASSAGE_CHARS
