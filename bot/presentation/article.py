"""An article to be read, whole or page by page, as blocks and as the object of `article --json`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.lookups.article import first_before, page_from, pieces
from bot.model.article import Article
from bot.model.span import Span
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line, Link, Quote
from bot.presentation.wording import count_text, name_text, published_text, source_text, title_text
from bot.retrieval.answering.context import Paragraph
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.text.passages import paragraphs

MOST_PIECES = 30
"""The paragraphs that a page shows at most."""


def page_blocks(opened: Citation, first: int, most: int = MOST_PIECES) -> Iterator[Block]:
    """The page of an opened article that begins with the piece `first`, and how to turn it."""
    article = opened.article
    listed = pieces(article.body)
    places = page_from(listed, first)[:most]
    shown = listed[places.start : places.stop]
    yield from _head(article, _extent_text(shown, listed[-1].number))
    yield from _numbered(article, shown, opened.matches)
    if places.start > 0:
        yield Button(label="Previous", action=Action.PAGE, rank=first_before(listed, first))
    if places.stop < len(listed):
        style = ButtonStyle.LEADING
        yield Button(label="Next", action=Action.PAGE, rank=places.stop + 1, style=style)


def article_blocks(article: Article) -> tuple[Block, ...]:
    """What a person sees of a whole article."""
    shown = [Paragraph(*each) for each in enumerate(paragraphs(article.body), start=1)]
    return (
        *_head(article, count_text(len(shown), "paragraph")),
        *_numbered(article, shown, matches=()),
    )


def unmatched_blocks() -> tuple[Block, ...]:
    """What a person sees where no article is meant by what they typed."""
    return (
        Heading(text="No article fits this.", warns=True),
        Line(
            text="Give words of its title, its day or its source, or its id: all of them have to fit."
        ),
    )


def article_object(article: Article) -> dict[str, Any]:
    """The article as a JSON object; its paragraphs are in order, and numbered from 1."""
    return {
        "article_id": article.id,
        "title": article.title,
        "title_derived": article.title_derived,
        "source": article.source,
        "url": article.url,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "revision": article.revision,
        "paragraphs": [
            {"number": number, "start": span.start, "end": span.end, "text": span.of(article.body)}
            for number, span in enumerate(paragraphs(article.body), start=1)
        ],
    }


def _head(article: Article, extent: str) -> Iterator[Block]:
    yield Heading(text=name_text(title_text(article)))
    yield Line(text=name_text(source_text(article)))
    yield Line(text=f"{published_text(article.published_on)} · {extent}", subtle=True)
    if article.url:
        yield Link(label="Open the article", url=article.url)


def _extent_text(shown: Sequence[Paragraph], last: int) -> str:
    numbers = sorted({shown[0].number, shown[-1].number})
    plural = "s" * (len(numbers) - 1)
    return f"paragraph{plural} {' to '.join(map(str, numbers))} of {last}"


def _numbered(
    article: Article, shown: Iterable[Paragraph], matches: Sequence[Span]
) -> Iterator[Block]:
    for number, span in shown:
        own = [match for match in matches if span.start <= match.start and match.end <= span.end]
        yield Quote(
            text=span.of(article.body),
            matches=tuple(match.shifted(-span.start) for match in own),
            number=number,
        )
