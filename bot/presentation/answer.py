"""An Answer as blocks, and as the object that `ask --json` prints."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.presentation.bidi import kept_apart
from bot.presentation.blocks import (
    Action,
    Block,
    Button,
    ButtonStyle,
    Heading,
    Line,
    Link,
    Quote,
)
from bot.presentation.shares import score_sum, words_of
from bot.presentation.wording import (
    extent_text,
    published_text,
    reason_text,
    source_text,
    title_text,
)
from bot.retrieval.answer import Answer
from bot.retrieval.excerpt import Citation, Excerpt
from bot.retrieval.query import Query

_MAX_NAME_CHARS = 200
"""The title and the source of an article are shown up to here."""


def answer_blocks(answer: Answer, *, has_more: bool = False) -> tuple[Block, ...]:
    """What a person sees of an answer: each excerpt with where it is from, or why there is none.

    Args:
        answer: The answer.
        has_more: Whether excerpts were found beyond those of the answer.
    """
    return tuple(_answered(answer, has_more=has_more) if answer.answered else _abstained(answer))


def explained_blocks(answer: Answer) -> tuple[Block, ...]:
    """`answer_blocks`, with what each score is the sum of in place of the button that tells it."""
    sums = (
        score_sum(words_of(excerpt, answer.query), excerpt.feature_shares)
        for excerpt in answer.excerpts or answer.closest
    )
    return tuple(
        next(sums) if isinstance(block, Button) and block.action is Action.WHY else block
        for block in answer_blocks(answer)
    )


def page_blocks(
    excerpts: Sequence[Citation], *, first_rank: int, has_more: bool
) -> tuple[Block, ...]:
    """What a person sees of the excerpts from `first_rank` on, when asking for more."""
    return tuple(_page(excerpts, first_rank=first_rank, has_more=has_more))


def _answered(answer: Answer, *, has_more: bool) -> Iterator[Block]:
    yield from _understood(answer)
    if answer.unknown:
        yield Line(text=reason_text(answer.unknown), subtle=True)
    yield from _page(answer.excerpts, first_rank=1, has_more=has_more)


def _abstained(answer: Answer) -> Iterator[Block]:
    yield Heading(text="The articles do not answer this.", warns=True)
    yield from _understood(answer)
    for reason in answer.reasons:
        yield Line(text=reason_text(reason))
    if answer.extent.articles:
        yield Line(text=extent_text(answer.extent))
    if answer.closest:
        yield Heading(text="The nearest passages, not an answer:")
    yield from _page(answer.closest, first_rank=1, has_more=False)


def _understood(answer: Answer) -> Iterator[Block]:
    for mention in answer.query.dates:
        yield Line(text=f"Dates understood: {mention.days.text()}.", subtle=True)


def _page(excerpts: Sequence[Citation], *, first_rank: int, has_more: bool) -> Iterator[Block]:
    for rank, excerpt in enumerate(excerpts, start=first_rank):
        yield from excerpt_blocks(excerpt)
        yield from _buttons_about(rank)
    if has_more:
        yield more_button(first_rank + len(excerpts))
    yield Button(label="Follow up", action=Action.FOLLOW_UP)
    yield Button(label="Delete", action=Action.DELETE, style=ButtonStyle.DESTRUCTIVE)


def _buttons_about(rank: int) -> Iterator[Block]:
    yield Button(label="In context", action=Action.IN_CONTEXT, rank=rank)
    yield Button(label="Why this?", action=Action.WHY, rank=rank)
    yield Button(label="👍", action=Action.VOTE_UP, rank=rank)
    yield Button(label="👎", action=Action.VOTE_DOWN, rank=rank)


def more_button(first_rank: int) -> Button:
    """What shows the excerpts from `first_rank` on."""
    return Button(label="More", action=Action.MORE, rank=first_rank, style=ButtonStyle.LEADING)


def excerpt_blocks(excerpt: Citation) -> Iterator[Block]:
    """The quote, what it is from, and how to check it."""
    article = excerpt.article
    matches = tuple(match.shifted(-excerpt.span.start) for match in excerpt.matches)
    yield Quote(text=excerpt.text, matches=matches)
    yield Line(text=f"{_name(title_text(article))} · {_name(source_text(article))}")
    yield Line(
        text=f"{published_text(article.published_on)} · paragraph {excerpt.paragraph}"
        f" · receipt {excerpt.receipt}",
        subtle=True,
    )
    if article.url:
        yield Link(label="Open the article", url=article.url)


def _name(text: str) -> str:
    """A name that others gave, no longer than a line and apart from what stands around it."""
    shown = text if len(text) <= _MAX_NAME_CHARS else f"{text[: _MAX_NAME_CHARS - 1]}…"
    return kept_apart(shown)


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
        _excerpt_object(rank, excerpt)
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
