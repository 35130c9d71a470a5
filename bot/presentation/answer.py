"""An Answer as blocks, and as the object that `ask --json` prints."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.model.day_range import DayRange
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line, Link, Quote
from bot.presentation.score_shares import score_sum, words_of
from bot.presentation.wording import (
    dates_text,
    extent_text,
    name_text,
    published_text,
    reason_text,
    source_text,
    title_text,
)
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.question.query import Query


def answer_blocks(
    answer: Answer, within: Sequence[DayRange] = (), *, has_more: bool = False
) -> tuple[Block, ...]:
    """What a person sees of an answer: each excerpt with where it is from, or why there is none.

    Args:
        answer: The answer.
        within: The days that bound what was searched.
        has_more: Whether excerpts were found beyond those of the answer.
    """
    days = (*within, *(mention.days for mention in answer.query.dates))
    if answer.answered:
        return tuple(_answered(answer, days, has_more=has_more))
    return tuple(_abstained(answer, days))


def explained_blocks(answer: Answer, within: Sequence[DayRange] = ()) -> tuple[Block, ...]:
    """`answer_blocks`, with what each score is the sum of in place of the button that tells it."""
    sums = (
        score_sum(words_of(excerpt, answer.query), excerpt.feature_shares)
        for excerpt in answer.excerpts or answer.closest
    )
    return tuple(
        next(sums) if isinstance(block, Button) and block.action is Action.WHY else block
        for block in answer_blocks(answer, within)
    )


def page_blocks(
    excerpts: Sequence[Citation], *, first_rank: int, has_more: bool
) -> tuple[Block, ...]:
    """What a person sees of the excerpts from `first_rank` on, when asking for more."""
    return tuple(_page(excerpts, first_rank=first_rank, has_more=has_more))


def _answered(answer: Answer, days: Sequence[DayRange], *, has_more: bool) -> Iterator[Block]:
    yield from _understood(days)
    if answer.unknown:
        yield Line(text=reason_text(answer.unknown), subtle=True)
    yield from _page(answer.excerpts, first_rank=1, has_more=has_more, has_dates=bool(days))


def _abstained(answer: Answer, days: Sequence[DayRange]) -> Iterator[Block]:
    yield Heading(text="The articles do not answer this.", warns=True)
    yield from _understood(days)
    for reason in answer.reasons:
        yield Line(text=reason_text(reason))
    if answer.extent.articles:
        yield Line(text=extent_text(answer.extent))
    if answer.closest:
        yield Heading(text="The nearest passages, not an answer:")
    yield from _page(answer.closest, first_rank=1, has_more=False, has_dates=bool(days))


def _understood(days: Sequence[DayRange]) -> Iterator[Block]:
    if days:
        yield Line(text=dates_text(days), subtle=True)


def _page(
    excerpts: Sequence[Citation], *, first_rank: int, has_more: bool, has_dates: bool = False
) -> Iterator[Block]:
    for rank, excerpt in enumerate(excerpts, start=first_rank):
        yield from excerpt_blocks(excerpt)
        yield from _buttons_about(rank)
    if has_more:
        yield more_button(first_rank + len(excerpts))
    yield Button(label="Follow up", action=Action.FOLLOW_UP)
    if has_dates:
        yield undated_button()
    yield delete_button()


def _buttons_about(rank: int) -> Iterator[Block]:
    yield Button(label="In context", action=Action.IN_CONTEXT, rank=rank)
    yield Button(label="Why this?", action=Action.WHY, rank=rank)
    yield Button(label="👍", action=Action.VOTE_UP, rank=rank)
    yield Button(label="👎", action=Action.VOTE_DOWN, rank=rank)


def reading_buttons(rank: int) -> Iterator[Block]:
    """What shows more of the article that the excerpt of this rank is from."""
    yield Button(label="In context", action=Action.IN_CONTEXT, rank=rank)
    yield article_button(rank)


def article_button(rank: int) -> Button:
    """What opens the article at the excerpt of this rank."""
    return Button(label="Whole article", action=Action.ARTICLE, rank=rank)


def more_button(first_rank: int) -> Button:
    """What shows the excerpts from `first_rank` on."""
    return Button(label="More", action=Action.MORE, rank=first_rank, style=ButtonStyle.LEADING)


def undated_button() -> Button:
    """What asks the same again, of any day."""
    return Button(label="Without these dates", action=Action.UNDATED)


def delete_button() -> Button:
    """What takes the message away."""
    return Button(label="Delete", action=Action.DELETE, style=ButtonStyle.DESTRUCTIVE)


def excerpt_blocks(excerpt: Citation) -> Iterator[Block]:
    """The quote, what it is from, and how to check it."""
    article = excerpt.article
    matches = tuple(match.shifted(-excerpt.span.start) for match in excerpt.matches)
    yield Quote(text=excerpt.text, matches=matches)
    yield Line(text=f"{name_text(title_text(article))} · {name_text(source_text(article))}")
    yield Line(
        text=f"{published_text(article.published_on)} · paragraph {excerpt.paragraph}"
        f" · receipt {excerpt.receipt}",
        subtle=True,
    )
    if article.url:
        yield Link(label="Open the article", url=article.url)


def answer_object(
    question: str, answer: Answer, elapsed_ms: float, *, explain: bool = False
) -> dict[str, Any]:
    """The answer as a JSON object.

    `confidence` is the probability that the first excerpt, or the closest, answers; null where BM25
    alone was asked for.

    Args:
        question: What was typed.
        answer: The answer.
        elapsed_ms: How long it took.
        explain: Whether each excerpt has `shares`, none of 0, which add up to its score.
    """
    extent = answer.extent
    return {
        "question": question,
        "answered": answer.answered,
        "confidence": answer.confidence,
        "reasons": [reason_text(reason) for reason in answer.reasons],
        "excerpts": _excerpt_objects(answer.excerpts, answer.query if explain else None),
        "closest": _excerpt_objects(answer.closest, answer.query if explain else None),
        "library": {
            "articles": extent.articles,
            "passages": extent.passages,
            "first_date": extent.first_date.isoformat() if extent.first_date else None,
            "last_date": extent.last_date.isoformat() if extent.last_date else None,
        },
        "elapsed_ms": round(elapsed_ms, 1),
    }


def _excerpt_objects(
    excerpts: Sequence[Excerpt], explained_by: Query | None
) -> list[dict[str, Any]]:
    return [
        citation_object(rank, excerpt)
        | ({"shares": _shares_object(excerpt, explained_by)} if explained_by else {})
        for rank, excerpt in enumerate(excerpts, start=1)
    ]


def _shares_object(excerpt: Excerpt, query: Query) -> dict[str, dict[str, float]]:
    features = {name: share for name, share in excerpt.feature_shares.items() if share}
    return {"terms": dict(words_of(excerpt, query)), "features": features}


def refused_object(question: str, reason: str, elapsed_ms: float) -> dict[str, Any]:
    """The object of a question that can't be searched for, in the shape of `answer_object`.

    Its `library` is null, since nothing was looked at.
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


def citation_object(rank: int, excerpt: Citation) -> dict[str, Any]:
    """What is shown, where it stands and what it is from, as a JSON object."""
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
