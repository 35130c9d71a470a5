"""The buttons below answers, listings, digests and alerts."""

from collections.abc import Iterator

from bot.presentation.blocks import Action, Button, ButtonStyle


def build_excerpt_buttons(rank: int) -> Iterator[Button]:
    """Yield the buttons below the excerpt with this rank in an answer."""
    yield Button(label="In context", action=Action.IN_CONTEXT, rank=rank)
    yield Button(label="Why this?", action=Action.WHY, rank=rank)
    yield Button(label="👍", action=Action.VOTE_UP, rank=rank)
    yield Button(label="👎", action=Action.VOTE_DOWN, rank=rank)


def build_reading_buttons(rank: int) -> Iterator[Button]:
    """Yield the buttons that show more of the article of the excerpt with this rank."""
    yield Button(label="In context", action=Action.IN_CONTEXT, rank=rank)
    yield build_article_button(rank)


def build_article_button(rank: int) -> Button:
    """Return the button that opens the article at the excerpt with this rank."""
    return Button(label="Whole article", action=Action.ARTICLE, rank=rank)


def build_more_button(first_rank: int) -> Button:
    """Return the button that shows the excerpts from `first_rank` on."""
    return Button(label="More", action=Action.MORE, rank=first_rank, style=ButtonStyle.PRIMARY)


def build_page_buttons(*, previous_rank: int | None, next_rank: int | None) -> Iterator[Button]:
    """Yield the buttons for the pages that start at these ranks; None if there is no such page."""
    if previous_rank is not None:
        yield Button(label="Previous", action=Action.PAGE, rank=previous_rank)
    if next_rank is not None:
        style = ButtonStyle.PRIMARY
        yield Button(label="Next", action=Action.PAGE, rank=next_rank, style=style)


def build_undated_button() -> Button:
    """Return the button that repeats the search without its dates."""
    return Button(label="Without these dates", action=Action.UNDATED)


def build_delete_button() -> Button:
    """Return the button that deletes the message."""
    return Button(label="Delete", action=Action.DELETE, style=ButtonStyle.DESTRUCTIVE)
