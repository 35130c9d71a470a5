"""An Answer as blocks, and as the object that `ask --json` prints."""

from collections.abc import Iterator
from typing import Any

from bot.presentation.blocks import Block, Heading, Line, Link, Quote
from bot.presentation.wording import (
    extent_text,
    published_text,
    reason_text,
    source_text,
    title_text,
)
from bot.retrieval.answer import Answer
from bot.retrieval.excerpt import Excerpt


def answer_blocks(answer: Answer) -> tuple[Block, ...]:
    """What a person sees of an answer: each excerpt with where it is from, or why there is none."""
    return tuple(_answered(answer) if answer.answered else _abstained(answer))


def _answered(answer: Answer) -> Iterator[Block]:
    yield from _understood(answer)
    for excerpt in answer.excerpts:
        yield from excerpt_blocks(excerpt)


def _abstained(answer: Answer) -> Iterator[Block]:
    yield Heading(text="The articles do not answer this.")
    yield from _understood(answer)
    for reason in answer.reasons:
        yield Line(text=reason_text(reason))
    if answer.extent.articles:
        yield Line(text=extent_text(answer.extent))
    if answer.closest:
        yield Heading(text="The nearest passages, not an answer:")
    for excerpt in answer.closest:
        yield from excerpt_blocks(excerpt)


def _understood(answer: Answer) -> Iterator[Block]:
    for mention in answer.query.dates:
        yield Line(text=f"Dates understood: {mention.days.text()}.", subtle=True)


def excerpt_blocks(excerpt: Excerpt) -> Iterator[Block]:
    """The quote, what it is from, and how to check it."""
    article = excerpt.article
    matches = tuple(match.shifted(-excerpt.span.start) for match in excerpt.matches)
    yield Quote(text=excerpt.text, matches=matches)
    yield Line(text=f"{title_text(article)} · {source_text(article)}")
    yield Line(
        text=f"{published_text(article.published_on)} · paragraph {excerpt.paragraph}"
        f" · receipt {excerpt.receipt}",
        subtle=True,
    )
    if article.url:
        yield Link(label="Open the article", url=article.url)


def answer_object(question: str, answer: Answer, elapsed_ms: float) -> dict[str, Any]:
    """The answer as a JSON object; `elapsed_ms` is how long it took.

    `confidence` is null until it is calibrated.
    """
    extent = answer.extent
    return {
        "question": question,
        "answered": answer.answered,
        "confidence": None,
        "reasons": [reason_text(reason) for reason in answer.reasons],
        "excerpts": [_excerpt_object(*ranked) for ranked in enumerate(answer.excerpts, start=1)],
        "closest": [_excerpt_object(*ranked) for ranked in enumerate(answer.closest, start=1)],
        "library": {
            "articles": extent.articles,
            "passages": extent.passages,
            "first_date": extent.first_date.isoformat() if extent.first_date else None,
            "last_date": extent.last_date.isoformat() if extent.last_date else None,
        },
        "elapsed_ms": round(elapsed_ms, 1),
    }


def _excerpt_object(rank: int, excerpt: Excerpt) -> dict[str, Any]:
    article = excerpt.article
    return {
        "quote": excerpt.text,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "article_id": article.id,
        "title": article.title,
        "title_derived": article.title_derived,
        "source": article.source,
        "url": article.url,
        "paragraph": excerpt.paragraph,
        "start": excerpt.span.start,
        "end": excerpt.span.end,
        "revision": article.revision,
        "rank": rank,
        "score": excerpt.score,
        "receipt": excerpt.receipt,
    }
