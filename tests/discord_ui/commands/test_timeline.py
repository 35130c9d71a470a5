from dataclasses import replace
from datetime import date

import pytest

from bot.local_discord.world.records import Message
from bot.lookups.catalogue import Catalogue
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import Place
from tests.scenario.starting import read

OLD = an_article("Engineers said that the dam holds two metres.", id="old")
NEW = an_article("Engineers said that the dam holds five metres.", id="new")
ARTICLES = [
    replace(OLD, published_on=date(2026, 1, 20)),
    replace(NEW, published_on=date(2026, 2, 20)),
]


@pytest.fixture
async def place(place: Place) -> Place:
    await place.app.articles.put(ARTICLES, NOON)
    await place.app.index.refresh()
    return place


async def commanded(place: Place, name: str, **options: str) -> Message:
    acted = await place.anna.run_command(name, channel=place.general, topic="dam", **options)
    return await place.anna.wait_for_answer(acted)


async def test_a_timeline_has_a_sentence_a_step_and_names_the_gaps(place: Place) -> None:
    told = read(await commanded(place, "timeline", step="week"))

    assert "“dam”" in told
    assert "\n2 steps.\n" in told
    assert f"19 to 25 January 2026\n{OLD.body}" in told
    assert "no articles 26 January to 15 February 2026" in told
    assert f"16 to 22 February 2026\n{NEW.body}" in told


async def test_bounds_of_a_timeline_are_understood_and_can_be_left_out(place: Place) -> None:
    bounded = await commanded(place, "timeline", after="February", before="1 March", step="month")

    whole = await place.pressed(bounded, "Without these dates")

    assert "Dates understood: 1 February to 1 March 2026." in read(bounded)
    assert OLD.body not in read(bounded)
    assert OLD.body in read(whole)
    assert "no articles" not in read(whole).partition("January 2026")[2]


async def test_a_sentence_of_a_timeline_is_shown_in_its_context(place: Place) -> None:
    told = await commanded(place, "timeline")

    context = await place.pressed(told, "In context")

    assert OLD.body in read(context)


async def test_what_changed_stands_in_pairs(place: Place) -> None:
    told = read(await commanded(place, "changed", since="1 February 2026"))

    assert f"Last said before 1 February 2026\n{OLD.body}" in told
    assert f"Said since 1 February 2026\n{NEW.body}" in told


async def test_where_nothing_changed_that_is_said(place: Place) -> None:
    told = read(await commanded(place, "changed", since="1 March 2026"))

    assert "Nothing said since 1 March 2026 goes with something said before." in told


@pytest.mark.parametrize(
    ("name", "options"),
    [("timeline", {"after": "someday"}), ("changed", {"since": "until March"})],
)
async def test_what_is_no_date_is_told_to_who_typed_it(
    place: Place, name: str, options: dict[str, str]
) -> None:
    told = await commanded(place, name, **options)

    assert "is not a date that I know" in read(told)
    assert told.only_for == place.anna.id


@pytest.mark.parametrize(("name", "option"), [("timeline", "after"), ("changed", "since")])
async def test_days_that_the_library_has_are_offered(place: Place, name: str, option: str) -> None:
    place.desk.catalogue = Catalogue.from_articles(await place.app.index.get_articles())

    offered = await place.anna.autocomplete(
        name, option, "20 January", channel=place.general, topic="dam"
    )

    assert [choice["value"] for choice in offered]
