"""The pages behind an answer's buttons: more excerpts, their context and why they were chosen."""

from collections.abc import Iterator, Sequence

from bot.discord_ui.messages.components import replace_rank
from bot.discord_ui.messages.markdown import format_quote
from bot.model.span import Span
from bot.presentation.answer import build_excerpt_page_blocks
from bot.presentation.blocks import Block, Heading, Line, Quote
from bot.presentation.buttons import build_article_button
from bot.presentation.score_shares import build_score_sum, explain_choice
from bot.presentation.wording import (
    format_publication_day,
    format_source,
    format_title,
)
from bot.retrieval.answering.context import Paragraph
from bot.services.shown_answers import AnswerPage, ExcerptContext, ScoreExplanation

NEAR_PASSAGES_HEADING = Heading(text="Closest passages (not an answer):")
SHARES_NOT_STORED = Line(
    text="The reasons for this older answer were not stored. Ask the question again to see them."
)

_MAX_CHARS = 3_300
_MAX_BYTES = 8_500
"""The room for quotes in a message; the rest is for source lines and buttons."""


def build_further_blocks(page: AnswerPage) -> tuple[Block, ...]:
    """Return a page of excerpts; those that do not answer come last, under a heading."""
    excerpts = [ranked_excerpt.excerpt for ranked_excerpt in page.excerpts]
    blocks = build_excerpt_page_blocks(
        excerpts, first_rank=1, has_more=page.next_offset is not None
    )
    ranks = [
        *(ranked_excerpt.rank for ranked_excerpt in page.excerpts),
        (page.next_offset or 0) + 1,
    ]
    ranked_blocks = [replace_rank(block, lambda rank: ranks[rank - 1]) for block in blocks]
    return tuple(_insert_headings(page, ranked_blocks))


def _insert_headings(page: AnswerPage, blocks: Sequence[Block]) -> Iterator[Block]:
    if page.gone_count:
        yield Line(text=_format_withdrawn(page.gone_count), is_subtle=True)
    answering_count = sum(ranked_excerpt.is_answer for ranked_excerpt in page.excerpts)
    quote_count = 0
    for block in blocks:
        if isinstance(block, Quote):
            if quote_count == answering_count:
                yield NEAR_PASSAGES_HEADING
            quote_count += 1
        yield block


def build_context_blocks(context: ExcerptContext, rank: int) -> tuple[Block, ...]:
    """Return the whole paragraphs around the excerpt, with a button for the whole article."""
    article = context.excerpt.article
    paragraphs = _select_paragraphs(context)
    shown_span = _get_enclosing_span(paragraphs)
    matches = tuple(
        match.shift(-shown_span.start)
        for match in context.excerpt.matches
        if shown_span.start <= match.start and match.end <= shown_span.end
    )
    location = _format_location(paragraphs)
    return (
        Quote(text=shown_span.extract(article.body), matches=matches),
        Line(text=f"{format_title(article)} · {format_source(article)}"),
        Line(text=f"{format_publication_day(article.published_on)} · {location}", is_subtle=True),
        build_article_button(rank),
    )


def build_why_blocks(why: ScoreExplanation) -> tuple[Block, ...]:
    """Return the shares of an excerpt's score; its words are spelt as in the article."""
    if why.shares is None:
        return (SHARES_NOT_STORED,)
    article = why.excerpt.article
    word_shares = [(span.extract(article.body), share) for span, share in why.shares.terms.items()]
    return (
        Line(text=explain_choice(word_shares, why.shares.features)),
        build_score_sum(word_shares, why.shares.features),
        Line(text=f"{format_title(article)} · {format_source(article)}", is_subtle=True),
        Line(
            text=f"{format_publication_day(article.published_on)} · paragraph {why.excerpt.paragraph}",
            is_subtle=True,
        ),
    )


def _select_paragraphs(context: ExcerptContext) -> Sequence[Paragraph]:
    """Return all paragraphs; only those of the excerpt if the escaped text is too long."""
    # Measured after escaping, which can double the length.
    text = format_quote(
        _get_enclosing_span(context.paragraphs).extract(context.excerpt.article.body)
    )
    if len(text) <= _MAX_CHARS and len(text.encode()) <= _MAX_BYTES:
        return context.paragraphs
    excerpt_span = context.excerpt.span
    return [
        paragraph
        for paragraph in context.paragraphs
        if paragraph.span.start < excerpt_span.end and excerpt_span.start < paragraph.span.end
    ]


def _format_withdrawn(count: int) -> str:
    if count == 1:
        return "1 excerpt is not shown because its article was withdrawn."
    return f"{count:,} excerpts are not shown because their articles were withdrawn."


def _format_location(paragraphs: Sequence[Paragraph]) -> str:
    """Return "paragraph 3" or "paragraphs 3 to 5"."""
    first, last = paragraphs[0].number, paragraphs[-1].number
    return f"paragraph {first}" if first == last else f"paragraphs {first} to {last}"


def _get_enclosing_span(paragraphs: Sequence[Paragraph]) -> Span:
    """Return the span from the start of the first paragraph to the end of the last."""
    return Span(paragraphs[0].span.start, paragraphs[-1].span.end)
