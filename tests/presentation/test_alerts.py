"""The text of an alert's message."""

from datetime import date

from bot.lookups.leading import find_lead_sentence
from bot.model.article import Article
from bot.presentation.alerts import MAX_SHOWN, build_alert_blocks
from bot.presentation.blocks import Action, Block, Button, Heading, Line, Quote
from tests.builders import an_article

FLOOD = an_article("The river rose by two metres.", id="flood")
WORDY = an_article("The river, " * 80 + "said he.", id="wordy", published_on=date(2026, 3, 1))


def build_blocks(
    *articles: Article, omitted_count: int = 0, is_own: bool = True
) -> tuple[Block, ...]:
    citations = [find_lead_sentence(article, max_chars=300) for article in articles]
    return build_alert_blocks(
        "river", citations, max_chars=300, omitted_count=omitted_count, is_own=is_own
    )


def list_headings(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Heading)]


def test_an_article_is_quoted_word_for_word_with_its_receipt() -> None:
    blocks = build_blocks(FLOOD)
    receipt = find_lead_sentence(FLOOD, max_chars=300).receipt

    assert [block.text for block in blocks if isinstance(block, Quote)] == [FLOOD.body]
    assert any(receipt in block.text for block in blocks if isinstance(block, Line))


def test_articles_too_long_to_quote_are_named() -> None:
    assert list_headings(build_blocks(FLOOD, WORDY)) == [
        "2 new articles for your alert",
        "No sentence of this article is short enough to quote",
    ]


def test_the_alert_of_a_server_is_that_of_its_channel() -> None:
    assert list_headings(build_blocks(FLOOD, is_own=False)) == [
        "1 new article for this channel's alert"
    ]


def test_articles_that_are_not_shown_at_all_are_counted() -> None:
    blocks = build_blocks(FLOOD, omitted_count=3)

    assert list_headings(blocks) == ["4 new articles for your alert"]
    assert "Only the newest 1 are shown." in [
        block.text for block in blocks if isinstance(block, Line)
    ]


def test_more_articles_than_one_message_shows_are_a_button_away() -> None:
    blocks = build_blocks(*[FLOOD] * (MAX_SHOWN + 1))

    buttons = [block for block in blocks if isinstance(block, Button)]
    assert len([block for block in blocks if isinstance(block, Quote)]) == MAX_SHOWN
    assert [button.rank for button in buttons if button.action is Action.MORE] == [MAX_SHOWN + 1]
    assert buttons[-1].action is Action.ALERT
