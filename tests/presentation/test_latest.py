from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from bot.lookups.latest import MAX_CHARS_FACT, SOURCE_FACT, NearestDays
from bot.lookups.leading import find_lead_sentence
from bot.lookups.listing import Listing, Lookup
from bot.lookups.source_counts import DayCount
from bot.model.article import Article
from bot.presentation.blocks import Action, Block, Button, Heading, Line, Quote
from bot.presentation.listing import build_listing_blocks, get_page_size
from bot.presentation.wording import NO_ARTICLES_YET
from bot.retrieval.question.bounds import Bounds
from tests.builders import PUBLISHED_ON, an_article

FLOOD = an_article("The river rose. It fell.")
DAY = Bounds(after=PUBLISHED_ON, before=PUBLISHED_ON)
EARLIER = DayCount(day=date(2026, 2, 27), article_count=1)
LATER = DayCount(day=date(2026, 3, 5), article_count=1200)


def a_listing(
    *articles: Article,
    lookup: Lookup = Lookup.LATEST,
    bounds: Bounds = DAY,
    facts: Mapping[str, str] | None = None,
    max_chars: int = 600,
) -> Listing:
    return Listing(
        lookup=lookup,
        entries=tuple(find_lead_sentence(article, max_chars=max_chars) for article in articles),
        total=len(articles),
        bounds=bounds,
        facts={MAX_CHARS_FACT: str(max_chars), **(facts or {})},
    )


def list_headings(blocks: tuple[Block, ...]) -> list[Heading]:
    return [block for block in blocks if isinstance(block, Heading)]


def list_lines(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Line)]


def build_latest(*articles: Article, facts: Mapping[str, str] | None = None) -> Listing:
    return a_listing(*articles, bounds=Bounds(), facts=facts)


def test_the_newest_articles_are_quoted_with_their_origin() -> None:
    blocks = build_listing_blocks(build_latest(FLOOD))

    assert list_headings(blocks) == [Heading(text="Newest articles")]
    assert Quote(text="The river rose.") in blocks
    assert any("2 March 2026 · paragraph 1 · receipt " in text for text in list_lines(blocks))


def test_each_entry_has_buttons_to_read_on() -> None:
    blocks = build_listing_blocks(build_latest(FLOOD, replace(FLOOD, title="Another")))

    pressed = [(block.action, block.rank) for block in blocks if isinstance(block, Button)]
    assert pressed[:4] == [
        (Action.IN_CONTEXT, 1),
        (Action.ARTICLE, 1),
        (Action.IN_CONTEXT, 2),
        (Action.ARTICLE, 2),
    ]


def test_the_newest_articles_of_a_source_name_it() -> None:
    blocks = build_listing_blocks(build_latest(FLOOD, facts={SOURCE_FACT: "The Courier"}))

    assert list_headings(blocks) == [Heading(text="Newest articles from The Courier")]


def test_a_source_without_articles_is_reported() -> None:
    blocks = build_listing_blocks(a_listing(bounds=Bounds(source="The Gazette")))

    assert list_headings(blocks) == [
        Heading(text="The library has no articles from The Gazette", is_warning=True)
    ]


def test_a_library_without_articles_is_reported() -> None:
    blocks = build_listing_blocks(build_latest())

    assert list_headings(blocks) == [Heading(text=NO_ARTICLES_YET, is_warning=True)]


def test_a_long_source_name_is_truncated() -> None:
    blocks = build_listing_blocks(build_latest(FLOOD, facts={SOURCE_FACT: "x" * 300}))

    assert list_headings(blocks)[0].text.endswith("x…")


def test_a_sentence_too_long_to_quote_is_not_quoted() -> None:
    long = an_article(f"The river {'rose and ' * 20}fell.")

    blocks = build_listing_blocks(a_listing(long, bounds=Bounds(), max_chars=100))

    assert not [block for block in blocks if isinstance(block, Quote)]
    assert list_headings(blocks)[1].text == "No sentence of this article is short enough to quote"
    assert any("receipt" in text for text in list_lines(blocks))


def test_more_entries_than_fit_on_a_page_get_a_next_button() -> None:
    listing = build_latest(*[FLOOD] * (get_page_size(build_latest()) + 1))

    first, second = build_listing_blocks(listing), build_listing_blocks(listing, 6)

    assert Button(label="Previous", action=Action.PAGE, rank=1) in second
    assert sum(isinstance(block, Quote) for block in first) == 5
    assert sum(isinstance(block, Quote) for block in second) == 1


def build_day(*articles: Article, nearest: NearestDays) -> tuple[Block, ...]:
    return build_listing_blocks(a_listing(*articles, lookup=Lookup.ON, facts=nearest.facts))


def test_a_day_shows_its_articles_and_the_closest_days() -> None:
    blocks = build_day(FLOOD, nearest=NearestDays(before=EARLIER, after=LATER))

    assert list_headings(blocks) == [Heading(text="2 March 2026: 1 article")]
    assert not [text for text in list_lines(blocks) if "understood" in text or text == "1 article."]
    assert "Closest earlier day: 27 February 2026, 1 article." in list_lines(blocks)
    assert "Closest later day: 5 March 2026, 1,200 articles." in list_lines(blocks)
    assert Quote(text="The river rose.") in blocks


def test_a_day_without_articles_shows_only_the_closest_days() -> None:
    blocks = build_day(nearest=NearestDays(before=EARLIER, after=None))

    assert list_headings(blocks) == [Heading(text="2 March 2026: no articles", is_warning=True)]
    assert "Closest earlier day: 27 February 2026, 1 article." in list_lines(blocks)
    assert NO_ARTICLES_YET not in list_lines(blocks)


def test_a_day_in_an_empty_library_says_that_it_is_empty() -> None:
    blocks = build_day(nearest=NearestDays(before=None, after=None))

    assert NO_ARTICLES_YET in list_lines(blocks)


def test_the_only_day_with_articles_has_no_closest_days() -> None:
    blocks = build_day(FLOOD, nearest=NearestDays(before=None, after=None))

    assert not [text for text in list_lines(blocks) if "Closest" in text or text == NO_ARTICLES_YET]


def test_a_day_has_no_button_to_drop_its_dates() -> None:
    blocks = build_day(FLOOD, nearest=NearestDays(before=None, after=None))

    assert [block.action for block in blocks if isinstance(block, Button)][-1] is Action.DELETE
    assert Action.UNDATED not in [block.action for block in blocks if isinstance(block, Button)]


def test_a_day_with_too_many_articles_says_which_are_shown() -> None:
    listing = a_listing(
        *[FLOOD] * 7, lookup=Lookup.ON, facts=NearestDays(before=None, after=None).facts
    )

    assert list_lines(build_listing_blocks(listing, 6))[0] == "6 to 7 of 7 articles."


@pytest.mark.parametrize(
    "nearest",
    [
        NearestDays(before=EARLIER, after=LATER),
        NearestDays(before=None, after=LATER),
        NearestDays(before=None, after=None),
    ],
)
def test_the_closest_days_are_restored_from_their_facts(nearest: NearestDays) -> None:
    assert NearestDays.from_facts(nearest.facts) == nearest
