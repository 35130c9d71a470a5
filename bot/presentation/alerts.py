"""What an alert tells: the new articles that match it, each with the sentence that does."""

from collections.abc import Iterator, Sequence

from bot.presentation.blocks import Action, Block, Button, Heading, Line
from bot.presentation.buttons import build_more_button, build_reading_buttons
from bot.presentation.latest import build_brief_blocks
from bot.presentation.listing import build_query_line
from bot.presentation.wording import format_count
from bot.retrieval.answering.excerpts import Citation

MAX_SHOWN = 5
"""The articles that one message shows; the others are a button away."""


def build_alert_blocks(
    query_text: str,
    citations: Sequence[Citation],
    *,
    max_chars: int,
    omitted_count: int,
    is_own: bool,
) -> tuple[Block, ...]:
    """What is sent for an alert.

    Args:
        query_text: What is looked for, as typed.
        citations: The articles, each by what it says of it; at least one.
        max_chars: The characters of a quote at most.
        omitted_count: How many more articles there are, which are not shown at all.
        is_own: Whether it is a person's own alert, and not a server's.
    """
    owner = "your alert" if is_own else "this channel's alert"
    total = format_count(len(citations) + omitted_count, "new article")
    return (
        Heading(text=f"{total} for {owner}"),
        build_query_line(query_text),
        *_build_entries(citations, max_chars=max_chars, omitted_count=omitted_count),
        Button(label="Pause this alert", action=Action.ALERT),
    )


def _build_entries(
    citations: Sequence[Citation], *, max_chars: int, omitted_count: int
) -> Iterator[Block]:
    if omitted_count:
        yield Line(text=f"Of these, the newest {len(citations)} are shown.", is_subtle=True)
    for rank, citation in enumerate(citations[:MAX_SHOWN], start=1):
        yield from build_brief_blocks(citation, max_chars)
        yield from build_reading_buttons(rank)
    if len(citations) > MAX_SHOWN:
        yield build_more_button(MAX_SHOWN + 1)
