"""The message of an alert: the new articles that match it, each with a matching sentence."""

from collections.abc import Iterator, Sequence

from bot.model.counts import format_count
from bot.presentation.blocks import Action, Block, Button, Heading, Line
from bot.presentation.buttons import build_more_button, build_reading_buttons
from bot.presentation.latest import build_brief_blocks
from bot.presentation.listing import build_query_line
from bot.retrieval.answering.excerpts import Citation

MAX_SHOWN = 5
"""The maximum number of articles in one message; “More” shows the rest."""


def build_alert_blocks(
    query_text: str,
    citations: Sequence[Citation],
    *,
    max_chars: int,
    omitted_count: int,
    is_own: bool,
) -> tuple[Block, ...]:
    """Return the message of an alert.

    Args:
        query_text: The search text as entered.
        citations: A matching excerpt of each article; at least one.
        max_chars: The maximum length of a quote, in characters.
        omitted_count: The number of further articles, which not even “More” shows.
        is_own: Whether the alert is a person's own, not a server's.
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
        yield Line(text=f"Only the newest {len(citations)} are shown.", is_subtle=True)
    for rank, citation in enumerate(citations[:MAX_SHOWN], start=1):
        yield from build_brief_blocks(citation, max_chars)
        yield from build_reading_buttons(rank)
    if len(citations) > MAX_SHOWN:
        yield build_more_button(MAX_SHOWN + 1)
