"""Further excerpts of an answer, what stands around one, and why it was chosen, as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.discord_ui.messages.markdown import quoted
from bot.model.span import Span
from bot.presentation.answer import article_button, page_blocks
from bot.presentation.blocks import Block, Button, Heading, Line, Quote
from bot.presentation.score_shares import score_sum, why_text
from bot.presentation.wording import count_text, published_text, source_text, title_text
from bot.retrieval.answering.context import Paragraph
from bot.services.conversation import Context, Page, Why

NEAR = Heading(text="Passages near to the question, not an answer:")
NOT_KEPT = Line(text="This older answer did not keep why: ask the question again to see it.")
WITHDRAWN = "because its article was taken back"

_MOST_CHARS = 3_300
_MOST_BYTES = 8_500
"""The room for quotes in a message, the rest left for the words of our own."""


def further_blocks(page: Page) -> tuple[Block, ...]:
    """What a person sees of a page: its excerpts, those that do not answer under their heading."""
    excerpts = [ranked.excerpt for ranked in page.excerpts]
    blocks = page_blocks(excerpts, first_rank=1, has_more=page.next_offset is not None)
    ranks = [*(ranked.rank for ranked in page.excerpts), (page.next_offset or 0) + 1]
    return tuple(_headed(page, [_ranked(block, ranks) for block in blocks]))


def _ranked(block: Block, ranks: Sequence[int]) -> Block:
    """The block, a button with the rank in the answer in place of the one on the page."""
    if isinstance(block, Button) and block.rank is not None:
        return replace(block, rank=ranks[block.rank - 1])
    return block


def _headed(page: Page, blocks: Sequence[Block]) -> Iterator[Block]:
    if page.gone:
        yield Line(text=f"{count_text(page.gone, 'excerpt')} left out, {WITHDRAWN}.", subtle=True)
    near_from = sum(ranked.answers for ranked in page.excerpts)
    quotes = 0
    for block in blocks:
        if isinstance(block, Quote):
            if quotes == near_from:
                yield NEAR
            quotes += 1
        yield block


def context_blocks(context: Context, rank: int) -> tuple[Block, ...]:
    """What a person sees of what stands around the excerpt of this rank.

    These are whole paragraphs, with their numbers, and a button for the others.
    """
    article = context.excerpt.article
    paragraphs = _with_room(context)
    shown = _whole(paragraphs)
    within = [match for match in context.excerpt.matches if match.start >= shown.start]
    matches = tuple(match.shifted(-shown.start) for match in within if match.end <= shown.end)
    numbers = sorted({paragraphs[0].number, paragraphs[-1].number})
    place = f"paragraph{'s' * (len(numbers) - 1)} {' to '.join(map(str, numbers))}"
    return (
        Quote(text=shown.of(article.body), matches=matches),
        Line(text=f"{title_text(article)} · {source_text(article)}"),
        Line(text=f"{published_text(article.published_on)} · {place}", subtle=True),
        article_button(rank),
    )


def why_blocks(why: Why) -> tuple[Block, ...]:
    """What a person sees of why an excerpt was chosen, its words as the article writes them."""
    if why.shares is None:
        return (NOT_KEPT,)
    article = why.excerpt.article
    words = [(place.of(article.body), share) for place, share in why.shares.terms.items()]
    return (
        Line(text=why_text(words, why.shares.features)),
        score_sum(words, why.shares.features),
        Line(text=f"{title_text(article)} · {source_text(article)}", subtle=True),
        Line(
            text=f"{published_text(article.published_on)} · paragraph {why.excerpt.paragraph}",
            subtle=True,
        ),
    )


def _with_room(context: Context) -> Sequence[Paragraph]:
    """All paragraphs, or where escapes make them too long those that the excerpt stands in."""
    text = quoted(_whole(context.paragraphs).of(context.excerpt.article.body))
    if len(text) <= _MOST_CHARS and len(text.encode()) <= _MOST_BYTES:
        return context.paragraphs
    own = context.excerpt.span
    return [
        each
        for each in context.paragraphs
        if each.span.start < own.end and own.start < each.span.end
    ]


def _whole(paragraphs: Sequence[Paragraph]) -> Span:
    """From the first one's start to the last one's end."""
    return Span(paragraphs[0].span.start, paragraphs[-1].span.end)
