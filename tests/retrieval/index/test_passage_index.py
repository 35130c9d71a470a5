from datetime import date, timedelta
from typing import Any

from bot.model.article import Article
from bot.retrieval.index.extent import Extent
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import parse_query
from bot.retrieval.search_index import SearchIndex
from tests.builders import PUBLISHED_ON, an_article, an_index, the_analyser

DAY = timedelta(days=1)


OTHER = "Parliament passed the budget after a long debate about taxes and pensions."


RAIN = "Heavy rain fell on Lyon for two days and filled the streets near the station."


FLOOD = "The river rose by two metres in Lyon, and the old bridge was closed at noon."


def test_articles_that_may_contain_a_text_are_returned_oldest_first() -> None:
    index = an_index(
        an_article(f"{RAIN}\n\n{FLOOD}", id="later", published_on=PUBLISHED_ON + DAY),
        an_article(f"{FLOOD}\n\n{OTHER}\n\n{RAIN}", id="both"),
        an_article(FLOOD, id="flood"),
    )
    texts = [
        "rain fell on Lyon",
        "the old bridge was closed",
        "noon at closed was bridge old the and",
    ]

    def find(until: date | None) -> list[tuple[str, tuple[int, ...]]]:
        found = index.find_articles_with_texts(texts, until=until)
        return [(load().id, indices) for load, indices in found]

    assert find(None) == [("both", (0, 1)), ("flood", (1,)), ("later", (0, 1))]
    assert find(PUBLISHED_ON) == [("both", (0, 1)), ("flood", (1,))]


def test_idf_grows_with_rarity_and_is_0_for_an_unknown_term() -> None:
    index = an_index(an_article(f"{FLOOD}\n\n{RAIN}"), an_article(RAIN, id="rain"))

    rarities = index.idfs(["river", "lyon", "zeppelin"])

    assert rarities["river"] > rarities["lyon"] > rarities["zeppelin"] == 0


def test_the_extent_ends_with_the_last_visible_day() -> None:
    earlier = an_article("The river rose.", id="earlier", published_on=date(2026, 3, 1))
    later = an_article("The river fell.", id="later", published_on=date(2026, 3, 4))
    index = an_index(later, earlier)

    assert index.compute_extent(until=date(2026, 3, 3)) == Extent(
        articles=1, passages=1, first_date=date(2026, 3, 1), last_date=date(2026, 3, 1)
    )
    assert index.compute_extent(until=None).last_date == date(2026, 3, 4)


def list_matching_days(index: SearchIndex, text: str, **options: Any) -> list[str]:
    """Return the days, without the year, of the articles that contain the entered words."""
    query = parse_query(text, today=None, analyser=the_analyser())
    given = {"bounds": Bounds(), "until": None, **options}
    return [f"{day:%d %b}" for day in index.find_matching_days(query, **given)]


def article_on(day: int, body: str, **fields: Any) -> Article:
    return an_article(body, id=f"{day} {body}", published_on=date(2026, 3, day), **fields)


def test_matching_days_contain_one_day_per_article_with_all_words() -> None:
    apart = f"The river rose. {'It rained and rained all day long. ' * 40}\n\nThe bridge fell."
    index = an_index(
        article_on(3, "The bridge fell into the river."),
        article_on(2, apart),
        article_on(2, "River. Bridge."),
        article_on(1, "The river rose."),
    )

    assert list_matching_days(index, "river bridge") == ["02 Mar", "02 Mar", "03 Mar"]
    assert list_matching_days(index, "river ferry") == []


def test_only_visible_dated_articles_within_the_bounds_count() -> None:
    index = an_index(
        an_article("The river rose.", id="undated", published_on=None),
        *(article_on(day, "The river rose.", source="The Courier") for day in (1, 2, 3, 4)),
        article_on(2, "The river fell.", source="The Herald"),
    )
    bounds = Bounds(after=date(2026, 3, 2), source="the courier")

    assert list_matching_days(index, "river", bounds=bounds, until=date(2026, 3, 3)) == [
        "02 Mar",
        "03 Mar",
    ]
    assert len(list_matching_days(index, "river")) == 5


def test_an_article_with_an_excluded_word_does_not_count() -> None:
    index = an_index(
        article_on(1, "The river rose."), article_on(2, "The river rose.\n\nFerries stop.")
    )

    assert list_matching_days(index, "river -ferries") == ["01 Mar"]


def test_a_matching_article_contains_the_phrase_side_by_side() -> None:
    index = an_index(
        article_on(1, "The prime minister spoke of the river."),
        article_on(2, "A minister in his prime spoke of the river."),
        article_on(3, "The prime minister spoke of rain."),
    )

    assert list_matching_days(index, '"prime minister" river') == ["01 Mar"]
    assert list_matching_days(index, '"prime minister"') == ["01 Mar", "03 Mar"]


def test_matching_ids_are_those_of_the_matching_days() -> None:
    index = an_index(
        an_article("The river rose at the bridge.", id="both"),
        an_article("The river rose.\n\nThe old bridge fell.", id="apart"),
        an_article("The river rose at the bridge. Ferries stop.", id="excluded"),
        an_article("The river rose.", id="one"),
        an_article("A bridge over a river.", id="later", published_on=date(2026, 3, 9)),
    )
    query = parse_query("river bridge -ferries", today=None, analyser=the_analyser())

    seen = index.find_matching_ids(query, bounds=Bounds(), until=PUBLISHED_ON)
    bound = index.find_matching_ids(query, bounds=Bounds(after=date(2026, 3, 3)), until=None)
    nothing = an_index().find_matching_ids(query, bounds=Bounds(), until=None)

    assert seen == ("both", "apart")
    assert bound == ("later",)
    assert nothing == ()


def test_an_article_matches_from_a_minimum_coverage_on() -> None:
    index = an_index(
        article_on(1, "The river rose."),
        article_on(2, "The river rose in Erfurt."),
        article_on(3, "The river rose."),
        article_on(4, "Erfurt slept."),
    )

    assert list_matching_days(index, "river Erfurt", min_coverage=0.5) == ["02 Mar", "04 Mar"]
    assert list_matching_days(index, "river Erfurt", min_coverage=0.3) == [
        "01 Mar",
        "02 Mar",
        "03 Mar",
        "04 Mar",
    ]
