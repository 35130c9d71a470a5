"""A Verification as blocks, and as the object that `verify --json` prints."""

from collections.abc import Iterator
from typing import Any

from bot.dates.calendar import day_text
from bot.model.article import Article
from bot.model.span import Span
from bot.presentation.blocks import Block, Heading, Line, Link, Quote
from bot.presentation.wording import published_text, source_text, title_text
from bot.retrieval.answering.receipts import Standing, Verification
from bot.retrieval.text.passages import paragraph_at, paragraphs

_HEADINGS = {
    Standing.IDENTICAL: "The quote stands, word for word.",
    Standing.MOVED: "The quote stands, word for word, in another place of the article.",
    Standing.REVISED: "The article was revised since; the quote no longer stands in it.",
    Standing.WITHDRAWN: "The article was withdrawn; its text is deleted.",
    Standing.UNKNOWN: "No excerpt was ever shown under this receipt.",
}


def verification_blocks(verification: Verification) -> tuple[Block, ...]:
    """What a person sees of a verification."""
    return tuple(_blocks(verification))


def _blocks(verification: Verification) -> Iterator[Block]:
    yield Heading(text=_HEADINGS[verification.standing])
    if verification.withdrawn_at:
        yield Line(
            text=f"{verification.article_id}, withdrawn on "
            f"{day_text(verification.withdrawn_at.date())}: {verification.reason}"
        )
    if verification.quoted and verification.span:
        yield from _placed(verification.quoted, verification.span)
    if verification.current:
        yield from _now(verification, verification.current)


def _now(verification: Verification, current: Article) -> Iterator[Block]:
    """Where the quote stands today, or what stands in the paragraph that it was taken from."""
    if verification.standing is Standing.WITHDRAWN:
        yield Line(text="An article with this id is held again, with another text:")
        yield _named(current)
        yield Line(text=published_text(current.published_on), subtle=True)
    elif verification.found_at and verification.quoted != current:
        place = _place(current, verification.found_at)
        day = published_text(current.published_on)
        yield Line(text=f"Now in {place} of {_revision(verification, current)}, dated {day}.")
    elif verification.quoted and verification.span and not verification.found_at:
        number = paragraph_at(paragraphs(verification.quoted.body), verification.span.start)
        now = paragraphs(current.body)
        yield Heading(text=f"In its place, {_revision(verification, current)} reads:")
        yield from _placed(current, now[min(number, len(now)) - 1])
    if current.url:
        yield Link(label="Open the article", url=current.url)


def _revision(verification: Verification, current: Article) -> str:
    """The current revision, and its day where that is known."""
    at = verification.revised_at
    return f"revision {current.revision}" + (f" of {day_text(at.date())}" if at else "")


def _placed(article: Article, span: Span) -> Iterator[Block]:
    yield Quote(text=span.of(article.body))
    yield _named(article)
    yield Line(
        text=f"{published_text(article.published_on)} · {_place(article, span)}"
        f" · revision {article.revision}",
        subtle=True,
    )


def _named(article: Article) -> Line:
    return Line(text=f"{title_text(article)} · {source_text(article)}")


def _place(article: Article, span: Span) -> str:
    """The paragraphs in which the quote stands."""
    held = paragraphs(article.body)
    first, last = (paragraph_at(held, offset) for offset in span)
    return f"paragraph {first}" if first == last else f"paragraphs {first} to {last}"


def verification_object(verification: Verification) -> dict[str, Any]:
    """The verification as a JSON object; what does not apply is null."""
    quoted, current, found_at = verification.quoted, verification.current, verification.found_at
    withdrawn_at, revised_at = verification.withdrawn_at, verification.revised_at
    return {
        "receipt": verification.receipt,
        "standing": verification.standing.value,
        "stands": verification.stands,
        "article_id": verification.article_id,
        "quote": verification.span.of(quoted.body) if quoted and verification.span else None,
        "revision": quoted.revision if quoted else None,
        "current_revision": current.revision if current else None,
        "start": found_at.start if found_at else None,
        "end": found_at.end if found_at else None,
        "revised_at": revised_at.isoformat() if revised_at else None,
        "withdrawn_at": withdrawn_at.isoformat() if withdrawn_at else None,
        "reason": verification.reason,
    }
