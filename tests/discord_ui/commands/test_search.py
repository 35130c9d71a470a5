import pytest

from bot.local_discord.world.records import Message
from tests.builders import NOON, an_article
from tests.discord_ui.commands.test_buttons import receipts
from tests.discord_ui.conftest import Place


async def searched(place: Place, terms: str, **options: str | bool) -> Message:
    """The answer to /search."""
    acted = await place.anna.run_command("search", channel=place.general, terms=terms, **options)
    return await place.anna.wait_for_answer(acted)


async def test_terms_stand_above_what_holds_them_with_each_match_in_bold(place: Place) -> None:
    found = await searched(place, "Bremen markets")

    assert found.text.startswith("-# “Bremen markets”\n-# 1 passage.\n> ")
    assert "**Bremen**" in found.text
    assert "**markets**" in found.text
    assert found.only_for is None


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"terms": '"rose nine"'}, 1),
        ({"terms": "river -Bremen"}, 4),
        ({"terms": "river", "source": "the courier"}, 5),
        ({"terms": "river", "source": "The Herald"}, 0),
        ({"terms": "river", "before": "1 March 2026"}, 0),
        ({"terms": "river", "after": "2 March 2026"}, 5),
        ({"terms": "z"}, 0),
    ],
    ids=["phrase", "excluded", "source", "other source", "before", "after", "no question"],
)
async def test_the_options_bound_what_is_found(
    place: Place, options: dict[str, str], expected: int
) -> None:
    found = await searched(place, **options)

    assert len(receipts(found)) == expected


async def test_compact_entries_are_one_sentence_without_buttons(place: Place) -> None:
    full = await searched(place, "Erfurt spring")
    compact = await searched(place, "Erfurt spring", detail="compact")

    assert "Then it was dry." in full.text
    assert "Then it was dry." not in compact.text
    assert "Nobody in **Erfurt** remembers" in compact.text
    assert [button.label for button in compact.buttons] == ["Delete"]


async def test_the_sort_decides_the_order(place: Place) -> None:
    await place.app.articles.put(
        [an_article("The river.", id="late", published_on=NOON.date())], NOON
    )
    await place.app.index.refresh()

    newest = await searched(place, "river", sort="newest")
    oldest = await searched(place, "river", sort="oldest")

    assert "of 6 articles" in newest.text
    assert newest.text.index("3 March 2026") < newest.text.index("2 March 2026")
    assert "3 March 2026" not in oldest.text


async def test_what_is_not_visible_is_for_the_asker_alone(place: Place) -> None:
    found = await searched(place, "river", visible=False)

    assert found.only_for == place.anna.id


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"terms": "-river"}, "There is nothing to search for"),
        ({"terms": "river", "after": "blurb"}, "is not a date that I know"),
    ],
    ids=["nothing to find", "no date"],
)
async def test_what_can_not_be_searched_for_is_told_only_to_who_typed_it(
    place: Place, options: dict[str, str], said: str
) -> None:
    told = await searched(place, **options)

    assert said in told.text
    assert told.only_for == place.anna.id


async def test_searches_count_as_questions_do(place: Place) -> None:
    for _ in range(10):
        await searched(place, "river")

    told = await searched(place, "river")

    assert "within a minute" in told.text
    assert told.only_for == place.anna.id


@pytest.mark.parametrize(("option", "typed"), [("after", "march"), ("source", "cour")])
async def test_days_and_sources_are_offered(place: Place, option: str, typed: str) -> None:
    await place.client._refresh_library()  # noqa: SLF001 - what its loop does

    offered = await place.anna.autocomplete(
        "search", option, typed, channel=place.general, terms="river"
    )

    assert offered
