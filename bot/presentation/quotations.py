"""Checked quotations as blocks, and as the JSON object of `verify-quotes --json`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.lookups.quotations import MIN_WORDS, CheckedQuotation, QuotationStatus
from bot.model.article import Article
from bot.model.counts import format_count
from bot.presentation.answer import citation_to_json
from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import Block, Heading, Line, Link, Quote
from bot.presentation.truncation import truncate
from bot.presentation.wording import (
    format_extent,
    format_publication_day,
    format_source,
    format_title,
)
from bot.retrieval.index.extent import Extent

NOTHING_QUOTED = Line(
    text=f"There is no quotation of at least {MIN_WORDS} words in this. A quotation is text in "
    "quotation marks, or lines that begin with “>”."
)
HOW_COMPARED = Line(
    text="Compared word for word, ignoring the style of quotation marks, white space, and a comma or "
    "full stop at the end.",
    is_subtle=True,
)
NOT_FOUND_CAVEAT = "A quotation that is not found here can still be genuine."
QUOTATION_TOO_LONG = Line(
    text="The sentence that contains it is too long to show here.", is_subtle=True
)

_VERDICTS = {
    QuotationStatus.VERBATIM: "Found word for word",
    QuotationStatus.RECASED: "Found with different capital letters",
    QuotationStatus.ABSENT: "Not found in any article.",
    QuotationStatus.COMMON: "Not searched, because it has only words that nearly every article contains.",
}

_MAX_QUOTATION_CHARS = 90
_MAX_NAME_CHARS = 60
"""With these limits, the results for the most quotations that are checked fit into one message."""


def build_quotation_blocks(
    quotations: Sequence[CheckedQuotation],
    extent: Extent,
    *,
    quotation_count: int,
    max_excerpt_chars: int,
    max_shown: int | None = None,
) -> tuple[Block, ...]:
    """Return each quotation of a text with the article that contains it, or a notice that none does.

    Args:
        quotations: The checked quotations.
        extent: The size of the library.
        quotation_count: The number of quotations in the text, unchecked ones included.
        max_excerpt_chars: The longest excerpt to show.
        max_shown: The number of quotations, from the first on, to show with an excerpt; None for
            all. The others are shown with their place only.
    """
    if not quotations:
        return (NOTHING_QUOTED,)
    shown_count = len(quotations) if max_shown is None else max_shown
    blocks = [
        block
        for index, quotation in enumerate(quotations)
        for block in _build_quotation(quotation, max_excerpt_chars, shows_text=index < shown_count)
    ]
    return (*_build_intro(quotations, quotation_count), *blocks, *_build_notes(quotations, extent))


def _build_intro(quotations: Sequence[CheckedQuotation], quotation_count: int) -> Iterator[Block]:
    if quotation_count > len(quotations):
        yield Line(
            text=f"Only the first {len(quotations)} of {quotation_count} quotations were checked.",
            is_subtle=True,
        )


def _build_quotation(
    checked: CheckedQuotation, max_excerpt_chars: int, *, shows_text: bool
) -> Iterator[Block]:
    """Yield the quotation, the matching excerpt, its place, and the receipt to check it by."""
    yield Heading(text=f"“{truncate(checked.quotation, _MAX_QUOTATION_CHARS)}”")
    citation = checked.citation
    is_short = citation is not None and len(citation.text) <= max_excerpt_chars
    if citation and is_short and shows_text:
        matches = tuple(match.shift(-citation.span.start) for match in citation.matches)
        yield Quote(text=citation.text, matches=matches)
    yield Line(text=_format_verdict(checked))
    if citation is None:
        return
    if not is_short:
        yield QUOTATION_TOO_LONG
    yield Line(text=f"receipt {citation.receipt}", is_subtle=True)
    if shows_text and citation.article.url:
        yield Link(label="Open the article", url=citation.article.url)


def _format_verdict(checked: CheckedQuotation) -> str:
    verdict, citation = _VERDICTS[checked.status], checked.citation
    if citation is None:
        return verdict
    article = citation.article
    count = format_count(checked.other_count, "more article")
    more_than = "more than " if checked.has_more_others else ""
    others = f", and in {more_than}{count}" if checked.other_count else ""
    return (
        f"{verdict} in {_format_origin(article)}, "
        f"{format_publication_day(article.published_on)}, paragraph {citation.paragraph}{others}."
    )


def _format_origin(article: Article) -> str:
    """Return the title and the source, each truncated and isolated."""
    title, source = (
        truncate(text, _MAX_NAME_CHARS) for text in (article.title, format_source(article))
    )
    # The mark of a derived title is added after the cut, so that it is never lost.
    quoted = replace(article, title=f"“{isolate_bidi(title)}”")
    return f"{format_title(quoted)} · {isolate_bidi(source)}"


def _build_notes(quotations: Sequence[CheckedQuotation], extent: Extent) -> Iterator[Block]:
    yield HOW_COMPARED
    if any(quotation.status is QuotationStatus.ABSENT for quotation in quotations):
        yield Line(text=f"{NOT_FOUND_CAVEAT} {format_extent(extent)}", is_subtle=True)


def quotations_to_json(
    quotations: Sequence[CheckedQuotation], quotation_count: int
) -> dict[str, Any]:
    """Return the quotations as a JSON object; `quotation_count` includes unchecked ones."""
    return {
        "quoted": quotation_count,
        "quotations": [_quotation_to_json(quotation) for quotation in quotations],
    }


def _quotation_to_json(checked: CheckedQuotation) -> dict[str, Any]:
    citation = checked.citation
    return {
        "quotation": checked.quotation,
        "likeness": checked.status.value,
        "citation": citation_to_json(1, citation) if citation else None,
        "others": checked.other_count,
        "has_more_others": checked.has_more_others,
    }
