"""Choosing the blocks that fit in a message: whole excerpts, as many as possible."""

from collections.abc import Callable, Iterator, Sequence

from bot.presentation.blocks import Action, Block, Button, Heading, Line, Picture, Quote
from bot.presentation.buttons import build_more_button

BlockGroup = tuple[Block, ...]

QUOTE_TOO_LONG = Line(
    text="This quote is too long for a Discord message. Its article and its receipt:"
)
TOO_LONG = Line(text="This is too long for a Discord message.")
MORE_FOUND = Line(text="There are more results than fit in a Discord message.", is_subtle=True)


def group_blocks(blocks: Sequence[Block]) -> list[BlockGroup]:
    """Return the blocks in groups, such as a quote with its source and buttons.

    A heading is in the group of the block below it. The buttons of the whole answer are one group.
    """
    groups: list[BlockGroup] = []
    for index, block in enumerate(blocks):
        if index == 0 or _begins_group(block, blocks[index - 1]):
            groups.append((block,))
        else:
            groups[-1] += (block,)
    return groups


def _begins_group(block: Block, previous: Block) -> bool:
    if isinstance(block, Quote):
        # The numbered paragraphs of an article stay together.
        is_continuation = block.number is not None and isinstance(previous, Quote)
        return not (is_continuation or isinstance(previous, Heading))
    if isinstance(block, Line) and isinstance(previous, Button):
        return True
    if isinstance(block, Heading) or Picture in {type(block), type(previous)}:
        return True
    return _is_answer_button(block) > _is_answer_button(previous)


def _is_answer_button(block: Block) -> bool:
    return isinstance(block, Button) and not block.belongs_to_excerpt


def fit_blocks(
    blocks: Sequence[Block], fits: Callable[[Sequence[Block]], bool]
) -> tuple[Block, ...]:
    """Return the blocks without the last excerpts that do not fit; a button shows these instead.

    If not even one excerpt fits, a line replaces its quote. Its source and receipt stay. No quote is
    ever cut.

    Args:
        blocks: All blocks.
        fits: Returns whether the blocks fit in a message.
    """
    return next(
        (choice for choice in _iter_choices(group_blocks(blocks)) if fits(choice)), (TOO_LONG,)
    )


def _iter_choices(groups: Sequence[BlockGroup]) -> Iterator[BlockGroup]:
    """Yield the possible selections, the one with the most excerpts first."""
    choice = _flatten_groups(groups)
    yield choice
    excerpt_indices = [index for index, group in enumerate(groups) if _has_quote(group)]
    for index in reversed(excerpt_indices[1:]):
        choice = _drop_excerpts_from(groups, index)
        yield choice
    yield tuple(QUOTE_TOO_LONG if isinstance(block, Quote) else block for block in choice)


def _drop_excerpts_from(groups: Sequence[BlockGroup], first_dropped: int) -> BlockGroup:
    """Return the blocks without the excerpts from index `first_dropped` on, but a button."""
    kept_groups = [
        group
        for index, group in enumerate(groups)
        if index < first_dropped or not _has_quote(group)
    ]
    ranks = [block.rank for block in groups[first_dropped] if isinstance(block, Button)]
    return _add_more_button(_flatten_groups(kept_groups), ranks[0] if ranks else None)


def _has_quote(group: BlockGroup) -> bool:
    return any(isinstance(block, Quote) for block in group)


def _add_more_button(blocks: BlockGroup, rank: int | None) -> BlockGroup:
    """Return the blocks with a More button before the other buttons of the answer."""
    if rank is None:
        return (*blocks, MORE_FOUND)
    content = tuple(block for block in blocks if not _is_answer_button(block))
    answer_buttons = (
        block for block in blocks if _is_answer_button(block) and not _is_more_button(block)
    )
    return (*content, build_more_button(rank), *answer_buttons)


def _is_more_button(block: Block) -> bool:
    return isinstance(block, Button) and block.action is Action.MORE


def _flatten_groups(groups: Sequence[BlockGroup]) -> BlockGroup:
    return tuple(block for group in groups for block in group)
