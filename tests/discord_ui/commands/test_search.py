import pytest

from bot.local_discord.world.records import Message
from tests.builders import NOON, an_article
from tests.discord_ui.commands.test_buttons import extract_receipts
from tests.discord_ui.conftest import RunningBot


async def search(bot: RunningBot, terms: str, **options: str | bool) -> Message:
    """Return the answer to /search."""
    action = await bot.anna.run_command("search", channel=bot.general, terms=terms, **options)
    return await bot.anna.wait_for_answer(action)


async def test_terms_stand_above_their_passages_with_each_match_in_bold(bot: RunningBot) -> None:
    found = await search(bot, "Bremen markets")

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
async def test_the_options_restrict_the_results(
    bot: RunningBot, options: dict[str, str], expected: int
) -> None:
    found = await search(bot, **options)

    assert len(extract_receipts(found)) == expected


async def test_compact_entries_are_one_sentence_without_buttons(bot: RunningBot) -> None:
    full = await search(bot, "Erfurt spring")
    compact = await search(bot, "Erfurt spring", detail="compact")

    assert "Then it was dry." in full.text
    assert "Then it was dry." not in compact.text
    assert "Nobody in **Erfurt** remembers" in compact.text
    assert [button.label for button in compact.buttons] == ["Delete"]


async def test_the_sort_decides_the_order(bot: RunningBot) -> None:
    await bot.app.articles.put(
        [an_article("The river.", id="late", published_on=NOON.date())], NOON
    )
    await bot.app.index.refresh()

    newest = await search(bot, "river", sort="newest")
    oldest = await search(bot, "river", sort="oldest")

    assert "of 6 articles" in newest.text
    assert newest.text.index("3 March 2026") < newest.text.index("2 March 2026")
    assert "3 March 2026" not in oldest.text


async def test_what_is_not_visible_is_for_the_asker_alone(bot: RunningBot) -> None:
    found = await search(bot, "river", visible=False)

    assert found.only_for == bot.anna.id


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"terms": "-river"}, "There is nothing to search for"),
        ({"terms": "river", "after": "blurb"}, "is not a date"),
    ],
    ids=["nothing to find", "no date"],
)
async def test_unusable_search_terms_are_reported_to_the_asker_alone(
    bot: RunningBot, options: dict[str, str], said: str
) -> None:
    answer = await search(bot, **options)

    assert said in answer.text
    assert answer.only_for == bot.anna.id


async def test_searches_count_as_questions_do(bot: RunningBot) -> None:
    for _ in range(10):
        await search(bot, "river")

    answer = await search(bot, "river")

    assert "in the last minute" in answer.text
    assert answer.only_for == bot.anna.id


@pytest.mark.parametrize(("option", "typed"), [("after", "march"), ("source", "cour")])
async def test_days_and_sources_are_offered(bot: RunningBot, option: str, typed: str) -> None:
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    choices = await bot.anna.autocomplete(
        "search", option, typed, channel=bot.general, terms="river"
    )

    assert choices
