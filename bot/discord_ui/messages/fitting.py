"""Which blocks stand in a message: whole excerpts, as many as it holds."""

from collections.abc import Callable, Iterator, Sequence

from bot.presentation.answer import more_button
from bot.presentation.blocks import Action, Block, Button, Heading, Line, Picture, Quote

Group = tuple[Block, ...]

QUOTE_TOO_LONG = Line(
    text="This quote is too long for a message of Discord. What it is from, and its receipt:"
)
TOO_LONG = Line(text="This is too long for a message of Discord.")
LEFT_OUT = Line(text="More was found than a message of Discord holds.", subtle=True)


def grouped(blocks: Sequence[Block]) -> list[Group]:
    """The blocks that belong together: a quote with all about it, a heading with what it heads.

    The buttons of the whole answer are a group of their own.
    """
    groups: list[Group] = []
    for place, block in enumerate(blocks):
        if place == 0 or _begins_group(block, blocks[place - 1]):
            groups.append((block,))
        else:
            groups[-1] += (block,)
    return groups


def _begins_group(block: Block, before: Block) -> bool:
    if isinstance(block, Quote):
        goes_on = block.number is not None and isinstance(before, Quote)
        return not (goes_on or isinstance(before, Heading))
    if isinstance(block, Line) and isinstance(before, Button):
        return True
    if isinstance(block, Heading) or Picture in {type(block), type(before)}:
        return True
    return _is_of_all(block) > _is_of_all(before)


def _is_of_all(block: Block) -> bool:
    return isinstance(block, Button) and not block.is_of_one_excerpt


def fitting(blocks: Sequence[Block], fits: Callable[[Sequence[Block]], bool]) -> tuple[Block, ...]:
    """The blocks that a message holds: the last excerpts are left out, and offered by a button.

    Where not even one excerpt fits, a line takes the place of its quote and says why; what it is
    from and its receipt stay. Nothing is cut.

    Args:
        blocks: All that there is to show.
        fits: Whether a message holds the blocks that it is given.
    """
    return next((choice for choice in _choices(grouped(blocks)) if fits(choice)), (TOO_LONG,))


def _choices(groups: Sequence[Group]) -> Iterator[Group]:
    """What could be shown, the most first."""
    choice = _joined(groups)
    yield choice
    excerpts = [place for place, group in enumerate(groups) if _is_excerpt(group)]
    for place in reversed(excerpts[1:]):
        choice = _until(groups, place)
        yield choice
    yield tuple(QUOTE_TOO_LONG if isinstance(block, Quote) else block for block in choice)


def _until(groups: Sequence[Group], left_out: int) -> Group:
    """The groups without the excerpts from the place `left_out` on, and what tells of these."""
    kept = [
        group for place, group in enumerate(groups) if place < left_out or not _is_excerpt(group)
    ]
    ranks = [block.rank for block in groups[left_out] if isinstance(block, Button)]
    return _with_more(_joined(kept), ranks[0] if ranks else None)


def _is_excerpt(group: Group) -> bool:
    return any(isinstance(block, Quote) for block in group)


def _with_more(blocks: Group, rank: int | None) -> Group:
    """The blocks with a button for the excerpts from `rank` on; it leads those of the answer."""
    if rank is None:
        return (*blocks, LEFT_OUT)
    own = tuple(block for block in blocks if not _is_of_all(block))
    of_all = (block for block in blocks if _is_of_all(block) and not _is_more(block))
    return (*own, more_button(rank), *of_all)


def _is_more(block: Block) -> bool:
    return isinstance(block, Button) and block.action is Action.MORE


def _joined(groups: Sequence[Group]) -> Group:
    return tuple(block for group in groups for block in group)
