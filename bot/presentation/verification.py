"""A `Verification` as blocks, and as the JSON object that `verify --json` prints."""

from collections.abc import Iterator
from typing import Any

from bot.dates.calendar import format_day
from bot.model.article import Article
from bot.model.span import Span
from bot.presentation.blocks import Block, Heading, Line, Link, Quote
from bot.presentation.wording import format_publication_day, format_source, format_title
from bot.retrieval.answering.receipts import ReceiptStatus, Verification
from bot.retrieval.text.passages import find_paragraph_number, split_paragraphs

_HEADINGS = {
    ReceiptStatus.IDENTICAL: "The article still contains this quote, word for word.",
    ReceiptStatus.MOVED: (
        "The article still contains this quote, word for word, in another place."
    ),
    ReceiptStatus.REVISED: "The article was revised and no longer contains this quote.",
    ReceiptStatus.WITHDRAWN: "The article was withdrawn and its text was deleted.",
    ReceiptStatus.UNKNOWN: "No excerpt was ever shown with this receipt.",
}


def build_verification_blocks(verification: Verification) -> tuple[Block, ...]:
    """Return the result of a verification, with the quote and its current place."""
    return tuple(_build_blocks(verification))


def _build_blocks(verification: Verification) -> Iterator[Block]:
    yield Heading(text=_HEADINGS[verification.status])
    if verification.withdrawn_at:
        yield Line(
            text=f"Article {verification.article_id}, withdrawn on "
            f"{format_day(verification.withdrawn_at.date())}. Reason: {verification.reason}"
        )
    if verification.quoted and verification.span:
        yield from _build_located_quote(verification.quoted, verification.span)
    if verification.current:
        yield from _build_current(verification, verification.current)


def _build_current(verification: Verification, current: Article) -> Iterator[Block]:
    """Yield the current place of the quote, or the paragraph that replaced it."""
    if verification.status is ReceiptStatus.WITHDRAWN:
        yield Line(text="The library now has a different text with this article ID:")
        yield _build_origin_line(current)
        yield Line(text=format_publication_day(current.published_on), is_subtle=True)
    # If the quoted revision is the current one, there is nothing to add.
    elif verification.current_span and verification.quoted != current:
        yield _build_moved_line(verification, current, verification.current_span)
    elif verification.quoted and verification.span and not verification.current_span:
        yield Heading(text=f"In the same place, {_format_revision(verification, current)} says:")
        replacement = _find_replacement(verification.quoted, verification.span, current)
        yield from _build_located_quote(current, replacement)
    if current.url:
        yield Link(label="Open the article", url=current.url)


def _build_moved_line(verification: Verification, current: Article, span: Span) -> Line:
    paragraph_text = _format_paragraph_range(current, span)
    revision_text = _format_revision(verification, current)
    day = format_publication_day(current.published_on)
    return Line(text=f"The quote is now in {paragraph_text} of {revision_text}, dated {day}.")


def _find_replacement(quoted: Article, span: Span, current: Article) -> Span:
    """Return the current paragraph with the number of the quoted one."""
    number = find_paragraph_number(split_paragraphs(quoted.body), span.start)
    current_paragraphs = split_paragraphs(current.body)
    # The article may have become shorter.
    return current_paragraphs[min(number, len(current_paragraphs)) - 1]


def _format_revision(verification: Verification, current: Article) -> str:
    """Return the current revision, with its day if that is known."""
    revised_at = verification.revised_at
    return f"revision {current.revision}" + (
        f" of {format_day(revised_at.date())}" if revised_at else ""
    )


def _build_located_quote(article: Article, span: Span) -> Iterator[Block]:
    yield Quote(text=span.extract(article.body))
    yield _build_origin_line(article)
    yield Line(
        text=f"{format_publication_day(article.published_on)} · {_format_paragraph_range(article, span)}"
        f" · revision {article.revision}",
        is_subtle=True,
    )


def _build_origin_line(article: Article) -> Line:
    return Line(text=f"{format_title(article)} · {format_source(article)}")


def _format_paragraph_range(article: Article, span: Span) -> str:
    """Return the numbers of the paragraphs that the span covers."""
    spans = split_paragraphs(article.body)
    first, last = (find_paragraph_number(spans, offset) for offset in span)
    return f"paragraph {first}" if first == last else f"paragraphs {first} to {last}"


def verification_to_json(verification: Verification) -> dict[str, Any]:
    """Return the verification as a JSON object; fields that do not apply are null."""
    quoted, current, found_at = verification.quoted, verification.current, verification.current_span
    withdrawn_at, revised_at = verification.withdrawn_at, verification.revised_at
    return {
        "receipt": verification.receipt,
        "standing": verification.status.value,
        "stands": verification.is_valid,
        "article_id": verification.article_id,
        "quote": verification.span.extract(quoted.body) if quoted and verification.span else None,
        "revision": quoted.revision if quoted else None,
        "current_revision": current.revision if current else None,
        "start": found_at.start if found_at else None,
        "end": found_at.end if found_at else None,
        "revised_at": revised_at.isoformat() if revised_at else None,
        "withdrawn_at": withdrawn_at.isoformat() if withdrawn_at else None,
        "reason": verification.reason,
    }
