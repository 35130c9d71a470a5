from bot.discord_ui.messages.answer_pages import (
    NEAR_PASSAGES_HEADING,
    SHARES_NOT_STORED,
    build_context_blocks,
    build_further_blocks,
    build_why_blocks,
)
from bot.model.article import Article
from bot.model.shown_answer import ShownShares
from bot.model.span import Span
from bot.presentation.blocks import Action, Block, Button, Line, Quote, Sum
from bot.retrieval.answering.context import select_context
from bot.retrieval.answering.excerpts import Citation
from bot.services.shown_answers import AnswerPage, ExcerptContext, RankedExcerpt, ScoreExplanation
from tests.builders import an_article

BODY = "Rain fell.\n\nThe river rose by two metres.\n\nThen it was dry."


def build_citation(article: Article, quote: str, *words: str) -> Citation:
    start = article.body.index(quote)
    places = [article.body.index(word) for word in words]
    return Citation(
        article=article,
        span=Span(start, start + len(quote)),
        answer_span=Span(start, start + len(quote)),
        matches=tuple(
            Span(place, place + len(word)) for place, word in zip(places, words, strict=True)
        ),
        score=1.0,
    )


def rank_excerpt(rank: int, *, answers: bool = True) -> RankedExcerpt:
    excerpt = build_citation(an_article(id=f"a{rank}"), "The river rose by two metres.")
    return RankedExcerpt(rank=rank, excerpt=excerpt, is_answer=answers)


def build_page(
    *excerpts: RankedExcerpt, gone: int = 0, next_offset: int | None = None
) -> AnswerPage:
    return AnswerPage(
        excerpts=excerpts,
        gone_count=gone,
        next_offset=next_offset,
        excerpt_count=9,
        passage_count=9,
        dates=(),
    )


def list_ranks(blocks: tuple[Block, ...], action: Action) -> list[int | None]:
    return [b.rank for b in blocks if isinstance(b, Button) and b.action is action]


def test_the_buttons_of_a_page_carry_the_ranks_of_its_excerpts_where_one_is_gone() -> None:
    blocks = build_further_blocks(
        build_page(rank_excerpt(4), rank_excerpt(6), gone=1, next_offset=6)
    )

    assert list_ranks(blocks, Action.IN_CONTEXT) == [4, 6]
    assert list_ranks(blocks, Action.MORE) == [7]
    assert blocks[0] == Line(
        text="1 excerpt is not shown because its article was withdrawn.", is_subtle=True
    )


def test_the_last_page_offers_no_more() -> None:
    assert not list_ranks(build_further_blocks(build_page(rank_excerpt(4))), Action.MORE)


def test_a_page_without_remaining_excerpts_still_has_a_next_page() -> None:
    blocks = build_further_blocks(build_page(gone=3, next_offset=6))

    assert "3 excerpts are not shown" in str(blocks[0])
    assert list_ranks(blocks, Action.MORE) == [7]


def test_near_passages_stand_under_their_heading() -> None:
    mixed = build_further_blocks(
        build_page(rank_excerpt(4), rank_excerpt(5, answers=False), rank_excerpt(6, answers=False))
    )
    answering = build_further_blocks(build_page(rank_excerpt(4), rank_excerpt(5)))

    places = [place for place, block in enumerate(mixed) if isinstance(block, Quote)]
    assert mixed.index(NEAR_PASSAGES_HEADING) == places[1] - 1
    assert mixed.count(NEAR_PASSAGES_HEADING) == 1
    assert NEAR_PASSAGES_HEADING not in answering


def build_context(article: Article, quote: str, *words: str) -> ExcerptContext:
    excerpt = build_citation(article, quote, *words)
    shown = select_context(article, excerpt.span, max_chars=2_500)
    return ExcerptContext(excerpt=excerpt, paragraphs=shown)


def test_the_surroundings_are_word_for_word_with_the_matches_in_place() -> None:
    blocks = build_context_blocks(
        build_context(an_article(BODY), "The river rose by two metres.", "river"), 7
    )

    quote = blocks[0]
    assert isinstance(quote, Quote)
    assert quote.text == BODY
    assert [match.extract(quote.text) for match in quote.matches] == ["river"]
    assert Line(text="2 March 2026 · paragraphs 1 to 3", is_subtle=True) in blocks


def test_a_paragraph_alone_is_named_alone() -> None:
    blocks = build_context_blocks(
        build_context(an_article("The river rose."), "The river rose."), 7
    )

    assert Line(text="2 March 2026 · paragraph 1", is_subtle=True) in blocks


def test_surroundings_that_escapes_make_too_long_are_left_out() -> None:
    body = f"{'*' * 2_000}\n\nThe river rose.\n\nThen it was dry."

    blocks = build_context_blocks(build_context(an_article(body), "The river rose.", "river"), 7)

    assert isinstance(blocks[0], Quote)
    assert blocks[0].text == "The river rose."


def test_why_quotes_the_words_of_the_article() -> None:
    excerpt = build_citation(an_article(BODY), "The river rose by two metres.")
    terms = {Span(16, 21): 2.0, Span(22, 26): 1.0}

    sentence, block, *origin = build_why_blocks(
        ScoreExplanation(
            excerpt=excerpt, shares=ShownShares(terms=terms, features={"once so named": 0.5})
        )
    )

    assert sentence == Line(
        text="This excerpt was chosen because its passage contains “river” and “rose”."
    )
    assert block == Sum(rows=(("river", 2.0), ("rose", 1.0), ("once so named", 0.5)), label="score")
    assert origin == [
        Line(text="The flood · The Courier", is_subtle=True),
        Line(text="2 March 2026 · paragraph 2", is_subtle=True),
    ]


def test_an_answer_that_did_not_keep_why_says_so() -> None:
    excerpt = build_citation(an_article(BODY), "The river rose by two metres.")

    assert build_why_blocks(ScoreExplanation(excerpt=excerpt, shares=None)) == (SHARES_NOT_STORED,)
