"""Quotations held against the library, as blocks and as the object of `verify-quotes --json`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.lookups.quotations import LEAST_WORDS, Checked, Likeness
from bot.model.article import Article
from bot.presentation.answer import citation_object
from bot.presentation.bidi import kept_apart
from bot.presentation.blocks import Block, Heading, Line, Link, Quote
from bot.presentation.truncation import cut
from bot.presentation.wording import (
    count_text,
    extent_text,
    published_text,
    source_text,
    title_text,
)
from bot.retrieval.scoring.results import Extent

NOTHING_QUOTED = Line(
    text=f"There is no quotation of at least {LEAST_WORDS} words in this: I look for what stands in "
    "quotation marks, and for lines that begin with “>”."
)
HOW_COMPARED = Line(
    text="Compared word for word; which quotation marks are used does not matter, nor does white "
    "space, nor a comma or a full stop at the end.",
    subtle=True,
)
ELSEWHERE = "What is not found here may have been said all the same."
TOO_LONG = Line(text="The sentence that holds it is too long to be shown here.", subtle=True)

_VERDICTS = {
    Likeness.VERBATIM: "Found word for word",
    Likeness.RECASED: "Found but for its capitals",
    Likeness.ABSENT: "Not found in any article.",
    Likeness.COMMON: "Not looked for: it holds only words that nearly every article has.",
}

_MOST_QUOTATION_CHARS = 90
_MOST_NAME_CHARS = 60
"""With these, what is said of the most quotations that are checked fits into one message."""


def checked_blocks(
    found: Sequence[Checked],
    extent: Extent,
    *,
    quoted: int,
    max_excerpt_chars: int,
    most_shown: int | None = None,
) -> tuple[Block, ...]:
    """What a person sees of a text's quotations: each, and where it stands or that it does not.

    Args:
        found: What the library has of each that was checked.
        extent: What the library holds.
        quoted: How many the text has in all.
        max_excerpt_chars: The longest text of an article that is shown.
        most_shown: For how many of them, from the first on, the text of the article is shown; None
            for all. Where the others stand is told all the same.
    """
    if not found:
        return (NOTHING_QUOTED,)
    most = len(found) if most_shown is None else most_shown
    blocks = [
        block
        for place, each in enumerate(found)
        for block in _told(each, max_excerpt_chars, shows=place < most)
    ]
    return (*_above(found, quoted), *blocks, *_below(found, extent))


def _above(found: Sequence[Checked], quoted: int) -> Iterator[Block]:
    if quoted > len(found):
        yield Line(text=f"The first {len(found)} of {quoted} quotations are checked.", subtle=True)


def _told(checked: Checked, max_excerpt_chars: int, *, shows: bool) -> Iterator[Block]:
    """A quotation, what stands in the article, where, and how to check it."""
    yield Heading(text=f"“{cut(checked.quotation, _MOST_QUOTATION_CHARS)}”")
    citation = checked.citation
    is_short = citation is not None and len(citation.text) <= max_excerpt_chars
    if citation and is_short and shows:
        matches = tuple(match.shifted(-citation.span.start) for match in citation.matches)
        yield Quote(text=citation.text, matches=matches)
    yield Line(text=_verdict(checked))
    if citation is None:
        return
    if not is_short:
        yield TOO_LONG
    yield Line(text=f"receipt {citation.receipt}", subtle=True)
    if shows and citation.article.url:
        yield Link(label="Open the article", url=citation.article.url)


def _verdict(checked: Checked) -> str:
    verdict, citation = _VERDICTS[checked.likeness], checked.citation
    if citation is None:
        return verdict
    article = citation.article
    others = f", and in {count_text(checked.others, 'article')} more" if checked.others else ""
    return (
        f"{verdict} in {_names(article)}, "
        f"{published_text(article.published_on)}, paragraph {citation.paragraph}{others}."
    )


def _names(article: Article) -> str:
    """The title and the source, each cut to its length and apart from what stands around it."""
    title, source = (cut(text, _MOST_NAME_CHARS) for text in (article.title, source_text(article)))
    return f"{kept_apart(title_text(replace(article, title=title)))} · {kept_apart(source)}"


def _below(found: Sequence[Checked], extent: Extent) -> Iterator[Block]:
    yield HOW_COMPARED
    if any(each.likeness is Likeness.ABSENT for each in found):
        yield Line(text=f"{ELSEWHERE} {extent_text(extent)}", subtle=True)


def checked_object(found: Sequence[Checked], quoted: int) -> dict[str, Any]:
    """What the library has of a text's quotations as a JSON object; `quoted` counts them all."""
    return {"quoted": quoted, "quotations": [_checked_object(each) for each in found]}


def _checked_object(checked: Checked) -> dict[str, Any]:
    citation = checked.citation
    return {
        "quotation": checked.quotation,
        "likeness": checked.likeness.value,
        "citation": citation_object(1, citation) if citation else None,
        "others": checked.others,
    }
