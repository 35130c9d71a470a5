"""An `Answer` as blocks, and as the JSON object that `ask --json` prints."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.model.day_range import DayRange
from bot.presentation.blocks import Action, Block, Button, Heading, Line, Link, Quote
from bot.presentation.buttons import (
    build_delete_button,
    build_excerpt_buttons,
    build_more_button,
    build_undated_button,
)
from bot.presentation.score_shares import build_score_sum, list_word_shares
from bot.presentation.wording import (
    format_dates,
    format_extent,
    format_name,
    format_publication_day,
    format_reason,
    format_source,
    format_title,
)
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.question.query import Query


def build_answer_blocks(
    answer: Answer, searched_days: Sequence[DayRange] = (), *, has_more: bool = False
) -> tuple[Block, ...]:
    """Return the excerpts of an answer with their origins, or the reasons for abstaining.

    Args:
        answer: The answer.
        searched_days: The days to which the search was limited.
        has_more: Whether the search found excerpts beyond those of the answer.
    """
    days = (*searched_days, *answer.query.date_ranges)
    if answer.is_answered:
        return tuple(_build_answer(answer, days, has_more=has_more))
    return tuple(_build_abstention(answer, days))


def build_explained_answer_blocks(
    answer: Answer, searched_days: Sequence[DayRange] = ()
) -> tuple[Block, ...]:
    """Return `build_answer_blocks` with each "Why this?" button replaced by its score sum."""
    score_sums = (
        build_score_sum(list_word_shares(excerpt, answer.query), excerpt.feature_shares)
        for excerpt in answer.excerpts or answer.closest_excerpts
    )
    return tuple(
        next(score_sums) if isinstance(block, Button) and block.action is Action.WHY else block
        for block in build_answer_blocks(answer, searched_days)
    )


def build_excerpt_page_blocks(
    excerpts: Sequence[Citation], *, first_rank: int, has_more: bool
) -> tuple[Block, ...]:
    """Return a further page of excerpts; the first has the rank `first_rank`."""
    return tuple(_build_excerpt_page(excerpts, first_rank=first_rank, has_more=has_more))


def _build_answer(answer: Answer, days: Sequence[DayRange], *, has_more: bool) -> Iterator[Block]:
    yield from _build_dates_line(days)
    if answer.unknown_words:
        yield Line(text=format_reason(answer.unknown_words), is_subtle=True)
    yield from _build_excerpt_page(
        answer.excerpts, first_rank=1, has_more=has_more, has_dates=bool(days)
    )


def _build_abstention(answer: Answer, days: Sequence[DayRange]) -> Iterator[Block]:
    yield Heading(text="The articles do not answer this.", is_warning=True)
    yield from _build_dates_line(days)
    for reason in answer.reasons:
        yield Line(text=format_reason(reason))
    if answer.extent.articles:
        yield Line(text=format_extent(answer.extent))
    if answer.closest_excerpts:
        yield Heading(text="Closest passages (not an answer):")
    yield from _build_excerpt_page(
        answer.closest_excerpts, first_rank=1, has_more=False, has_dates=bool(days)
    )


def _build_dates_line(days: Sequence[DayRange]) -> Iterator[Block]:
    if days:
        yield Line(text=format_dates(days), is_subtle=True)


def _build_excerpt_page(
    excerpts: Sequence[Citation], *, first_rank: int, has_more: bool, has_dates: bool = False
) -> Iterator[Block]:
    for rank, excerpt in enumerate(excerpts, start=first_rank):
        yield from build_excerpt_blocks(excerpt)
        yield from build_excerpt_buttons(rank)
    if has_more:
        yield build_more_button(first_rank + len(excerpts))
    yield Button(label="Follow up", action=Action.FOLLOW_UP)
    if has_dates:
        yield build_undated_button()
    yield build_delete_button()


def build_excerpt_blocks(citation: Citation) -> Iterator[Block]:
    """Yield the quote, its source and date, and the receipt and link to check it by."""
    article = citation.article
    matches = tuple(match.shift(-citation.span.start) for match in citation.matches)
    yield Quote(text=citation.text, matches=matches)
    yield Line(text=f"{format_name(format_title(article))} · {format_name(format_source(article))}")
    yield Line(
        text=f"{format_publication_day(article.published_on)} · paragraph {citation.paragraph}"
        f" · receipt {citation.receipt}",
        is_subtle=True,
    )
    if article.url:
        yield Link(label="Open the article", url=article.url)


def answer_to_json(
    question: str, answer: Answer, elapsed_ms: float, *, includes_shares: bool = False
) -> dict[str, Any]:
    """Return the answer as a JSON object.

    `confidence` is the probability that the first excerpt answers, or after an abstention the
    closest one; it is null if the ranking used BM25 alone.

    Args:
        question: The question as entered.
        answer: The answer.
        elapsed_ms: The time that answering took.
        includes_shares: Whether each excerpt has `shares`, which add up to its score.
    """
    extent = answer.extent
    return {
        "question": question,
        "answered": answer.is_answered,
        "confidence": answer.confidence,
        "reasons": [format_reason(reason) for reason in answer.reasons],
        "excerpts": _excerpts_to_json(answer.excerpts, answer.query if includes_shares else None),
        "closest": _excerpts_to_json(
            answer.closest_excerpts, answer.query if includes_shares else None
        ),
        "library": {
            "articles": extent.articles,
            "passages": extent.passages,
            "first_date": extent.first_date.isoformat() if extent.first_date else None,
            "last_date": extent.last_date.isoformat() if extent.last_date else None,
        },
        "elapsed_ms": round(elapsed_ms, 1),
    }


def _excerpts_to_json(excerpts: Sequence[Excerpt], query: Query | None) -> list[dict[str, Any]]:
    return [
        citation_to_json(rank, excerpt)
        | ({"shares": _shares_to_json(excerpt, query)} if query else {})
        for rank, excerpt in enumerate(excerpts, start=1)
    ]


def _shares_to_json(excerpt: Excerpt, query: Query) -> dict[str, dict[str, float]]:
    features = {name: share for name, share in excerpt.feature_shares.items() if share}
    return {"terms": dict(list_word_shares(excerpt, query)), "features": features}


def refusal_to_json(question: str, reason: str, elapsed_ms: float) -> dict[str, Any]:
    """Return the JSON object for a question that can't be searched for.

    It has the shape of `answer_to_json`. `library` is null, since no search was run.
    """
    return {
        "question": question,
        "answered": False,
        "confidence": None,
        "reasons": [reason],
        "excerpts": [],
        "closest": [],
        "library": None,
        "elapsed_ms": round(elapsed_ms, 1),
    }


def citation_to_json(rank: int, citation: Citation) -> dict[str, Any]:
    """Return the quote, its place and its article as a JSON object."""
    article = citation.article
    return {
        "quote": citation.text,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "article_id": article.id,
        "title": article.title,
        "title_derived": article.has_derived_title,
        "source": article.source,
        "url": article.url,
        "paragraph": citation.paragraph,
        "start": citation.span.start,
        "end": citation.span.end,
        "revision": article.revision,
        "rank": rank,
        "score": citation.score,
        "receipt": citation.receipt,
    }
