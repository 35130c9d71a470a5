"""A whole article, or a page of it, as blocks and as the JSON object of `article --json`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.lookups.article import find_previous_page_start, get_page_range, split_into_pieces
from bot.model.article import Article
from bot.model.counts import format_count
from bot.model.span import Span
from bot.presentation.blocks import Block, Heading, Line, Link, Quote
from bot.presentation.buttons import build_page_buttons
from bot.presentation.wording import (
    format_name,
    format_publication_day,
    format_title,
)
from bot.retrieval.answering.context import Paragraph
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.text.passages import split_paragraphs

MAX_PIECES = 30
"""The most paragraphs on one page."""


def build_article_page_blocks(
    citation: Citation, first_piece: int, max_pieces: int = MAX_PIECES
) -> Iterator[Block]:
    """Yield the page of an article that starts at the piece `first_piece`, with page buttons."""
    article = citation.article
    body_pieces = split_into_pieces(article)
    page_range = get_page_range(body_pieces, first_piece)[:max_pieces]
    shown_pieces = body_pieces[page_range.start : page_range.stop]
    yield from _build_header(article, _format_extent(shown_pieces, body_pieces[-1].number))
    yield from _build_paragraph_quotes(article, shown_pieces, citation.matches)
    has_next = page_range.stop < len(body_pieces)
    yield from build_page_buttons(
        previous_rank=find_previous_page_start(body_pieces, first_piece)
        if page_range.start > 0
        else None,
        next_rank=page_range.stop + 1 if has_next else None,
    )


def build_article_blocks(article: Article) -> tuple[Block, ...]:
    """Return all paragraphs of the article, numbered."""
    numbered_paragraphs = [
        Paragraph(*numbered_span)
        for numbered_span in enumerate(split_paragraphs(article.body), start=1)
    ]
    return (
        *_build_header(article, format_count(len(numbered_paragraphs), "paragraph")),
        *_build_paragraph_quotes(article, numbered_paragraphs, matches=()),
    )


def build_no_article_blocks() -> tuple[Block, ...]:
    """Return the message for a search that matches no article."""
    return (
        Heading(text="No article matches this.", is_warning=True),
        Line(text="Enter its ID, or words from its title, source or date. All words must match."),
    )


def article_to_json(article: Article) -> dict[str, Any]:
    """Return the article as a JSON object, with its paragraphs in order and numbered from 1."""
    return {
        "article_id": article.id,
        "title": article.title,
        "title_derived": article.has_derived_title,
        "source": article.source,
        "url": article.url,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "revision": article.revision,
        "paragraphs": [
            {
                "number": number,
                "start": span.start,
                "end": span.end,
                "text": span.extract(article.body),
            }
            for number, span in enumerate(split_paragraphs(article.body), start=1)
        ],
    }


def _build_header(article: Article, extent: str) -> Iterator[Block]:
    yield Heading(text=format_name(format_title(article)))
    yield Line(text=format_name(article.source) if article.source else "No source")
    yield Line(text=f"{format_publication_day(article.published_on)} · {extent}", is_subtle=True)
    if article.url:
        yield Link(label="Open the article", url=article.url)


def _format_extent(shown_paragraphs: Sequence[Paragraph], last_number: int) -> str:
    numbers = sorted({shown_paragraphs[0].number, shown_paragraphs[-1].number})
    plural = "s" * (len(numbers) - 1)
    return f"paragraph{plural} {' to '.join(map(str, numbers))} of {last_number}"


def _build_paragraph_quotes(
    article: Article, shown_paragraphs: Iterable[Paragraph], matches: Sequence[Span]
) -> Iterator[Block]:
    for number, span in shown_paragraphs:
        inner_matches = [
            match for match in matches if span.start <= match.start and match.end <= span.end
        ]
        yield Quote(
            text=span.extract(article.body),
            matches=tuple(match.shift(-span.start) for match in inner_matches),
            number=number,
        )
