"""What an alert tells: the new articles that match it, each with the sentence that does."""

from collections.abc import Iterator, Sequence

from bot.presentation.answer import more_button, reading_buttons
from bot.presentation.blocks import Action, Block, Button, Heading, Line
from bot.presentation.latest import brief_blocks
from bot.presentation.listing import typed_line
from bot.presentation.wording import count_text
from bot.retrieval.answering.excerpts import Citation

MOST_TOLD = 5
"""The articles that one message shows; the others are a button away."""


def alert_blocks(
    typed: str, citations: Sequence[Citation], *, max_chars: int, left_out: int, is_own: bool
) -> tuple[Block, ...]:
    """What is sent for an alert.

    Args:
        typed: What is looked for, as typed.
        citations: The articles, each by what it says of it; at least one.
        max_chars: The characters of a quote at most.
        left_out: How many more articles there are, which are not shown at all.
        is_own: Whether it is a person's own alert, and not a server's.
    """
    whose = "your alert" if is_own else "this channel's alert"
    total = count_text(len(citations) + left_out, "new article")
    return (
        Heading(text=f"{total} for {whose}"),
        typed_line(typed),
        *_entries(citations, max_chars=max_chars, left_out=left_out),
        Button(label="Pause this alert", action=Action.ALERT),
    )


def _entries(citations: Sequence[Citation], *, max_chars: int, left_out: int) -> Iterator[Block]:
    if left_out:
        yield Line(text=f"Of these, the newest {len(citations)} are shown.", subtle=True)
    for rank, citation in enumerate(citations[:MOST_TOLD], start=1):
        yield from brief_blocks(citation, max_chars)
        yield from reading_buttons(rank)
    if len(citations) > MOST_TOLD:
        yield more_button(MOST_TOLD + 1)
