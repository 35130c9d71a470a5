"""The buttons below answers and listings."""

from collections.abc import Iterator

from bot.presentation.blocks import Action, Button, ButtonStyle


def build_excerpt_buttons(rank: int) -> Iterator[Button]:
    """Return what can be done with the excerpt of this rank in an answer."""
    yield Button(label="In context", action=Action.IN_CONTEXT, rank=rank)
    yield Button(label="Why this?", action=Action.WHY, rank=rank)
    yield Button(label="👍", action=Action.VOTE_UP, rank=rank)
    yield Button(label="👎", action=Action.VOTE_DOWN, rank=rank)


def build_reading_buttons(rank: int) -> Iterator[Button]:
    """Return what shows more of the article that the excerpt of this rank is from."""
    yield Button(label="In context", action=Action.IN_CONTEXT, rank=rank)
    yield build_article_button(rank)


def build_article_button(rank: int) -> Button:
    """Return what opens the article at the excerpt of this rank."""
    return Button(label="Whole article", action=Action.ARTICLE, rank=rank)


def build_more_button(first_rank: int) -> Button:
    """Return what shows the excerpts from `first_rank` on."""
    return Button(label="More", action=Action.MORE, rank=first_rank, style=ButtonStyle.PRIMARY)


def build_page_buttons(*, previous_rank: int | None, next_rank: int | None) -> Iterator[Button]:
    """Return what turns to the pages that begin with these ranks; None if there is no such page."""
    if previous_rank is not None:
        yield Button(label="Previous", action=Action.PAGE, rank=previous_rank)
    if next_rank is not None:
        style = ButtonStyle.PRIMARY
        yield Button(label="Next", action=Action.PAGE, rank=next_rank, style=style)


def build_undated_button() -> Button:
    """Return what asks the same again, of any day."""
    return Button(label="Without these dates", action=Action.UNDATED)


def build_delete_button() -> Button:
    """Return what takes the message away."""
    return Button(label="Delete", action=Action.DELETE, style=ButtonStyle.DESTRUCTIVE)
