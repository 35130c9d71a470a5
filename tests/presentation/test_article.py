from bot.lookups.article import build_article_listing
from bot.model.span import Span
from bot.presentation.article import (
    MAX_PIECES,
    article_to_json,
    build_article_blocks,
    build_article_page_blocks,
    build_no_article_blocks,
)
from bot.presentation.blocks import Action, Block, Button, Heading, Line, Link, Quote
from bot.retrieval.answering.excerpts import Citation
from tests.builders import an_article

THREE = "One.\n\nTwo.\n\nThree."


def build_page(body: str, first: int, most: int = MAX_PIECES) -> list[Block]:
    (entry,) = build_article_listing(an_article(body, url="https://courier.example/1")).entries
    return list(build_article_page_blocks(entry, first, most))


def list_page_buttons(blocks: list[Block]) -> list[tuple[str, int | None]]:
    return [(block.label, block.rank) for block in blocks if isinstance(block, Button)]


def test_a_page_names_its_article_and_numbers_its_paragraphs() -> None:
    assert build_page(THREE, 1) == [
        Heading(text="The flood"),
        Line(text="The Courier"),
        Line(text="2 March 2026 · paragraphs 1 to 3 of 3", is_subtle=True),
        Link(label="Open the article", url="https://courier.example/1"),
        Quote(text="One.", number=1),
        Quote(text="Two.", number=2),
        Quote(text="Three.", number=3),
    ]


def test_a_page_can_start_anywhere_and_be_shorter() -> None:
    blocks = build_page(THREE, 2, most=1)

    assert [block.text for block in blocks if isinstance(block, Quote)] == ["Two."]
    assert Line(text="2 March 2026 · paragraph 2 of 3", is_subtle=True) in blocks
    assert list_page_buttons(blocks) == [("Previous", 1), ("Next", 3)]
    assert {block.action for block in blocks if isinstance(block, Button)} == {Action.PAGE}


def test_long_paragraphs_fill_pages_one_after_another() -> None:
    body = "\n\n".join("x" * 1_000 for _ in range(5))

    assert list_page_buttons(build_page(body, 1)) == [("Next", 3)]
    assert list_page_buttons(build_page(body, 3)) == [("Previous", 1), ("Next", 5)]
    assert list_page_buttons(build_page(body, 5)) == [("Previous", 3)]


def test_a_quote_highlights_only_the_matches_of_its_paragraph() -> None:
    article = an_article(THREE)
    matches = (Span(0, 3), Span(6, 9))
    excerpt = Citation(
        article=article, span=Span(0, 10), answer_span=Span(0, 4), matches=matches, score=1.0
    )
    (entry,) = build_article_listing(article, excerpt).entries

    quotes = [block for block in build_article_page_blocks(entry, 1) if isinstance(block, Quote)]

    assert [[match.extract(quote.text) for match in quote.matches] for quote in quotes] == [
        ["One"],
        ["Two"],
        [],
    ]


def test_a_whole_article_has_no_pages() -> None:
    article = an_article("\n\n".join("x" * 1_600 for _ in range(4)), source=None, url=None)

    blocks = build_article_blocks(article)

    assert blocks[:3] == (
        Heading(text="The flood"),
        Line(text="No source"),
        Line(text="2 March 2026 · 4 paragraphs", is_subtle=True),
    )
    assert [block.number for block in blocks if isinstance(block, Quote)] == [1, 2, 3, 4]
    assert not any(isinstance(block, Button) for block in blocks)


def test_the_json_has_each_paragraph_with_its_offsets() -> None:
    article = an_article("One.\n\nTwo.")

    shown = article_to_json(article)

    assert shown["article_id"] == "flood"
    assert shown["published_on"] == "2026-03-02"
    assert shown["paragraphs"] == [
        {"number": 1, "start": 0, "end": 4, "text": "One."},
        {"number": 2, "start": 6, "end": 10, "text": "Two."},
    ]


def test_a_missing_article_is_reported_with_what_to_enter() -> None:
    heading, line = build_no_article_blocks()

    assert isinstance(heading, Heading)
    assert isinstance(line, Line)
    assert heading.is_warning
    assert "title" in line.text
