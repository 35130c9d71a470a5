from dataclasses import replace
from datetime import date

import pytest

from bot.local_discord.world.records import Message
from bot.lookups.catalogue import Catalogue
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import RunningBot
from tests.scenario.starting import read

OLD = an_article("Engineers said that the dam holds two metres.", id="old")
NEW = an_article("Engineers said that the dam holds five metres.", id="new")
ARTICLES = [
    replace(OLD, published_on=date(2026, 1, 20)),
    replace(NEW, published_on=date(2026, 2, 20)),
]


@pytest.fixture
async def bot(bot: RunningBot) -> RunningBot:
    await bot.app.articles.put(ARTICLES, NOON)
    await bot.app.index.refresh()
    return bot


async def run_command(bot: RunningBot, name: str, **options: str) -> Message:
    action = await bot.anna.run_command(name, channel=bot.general, topic="dam", **options)
    return await bot.anna.wait_for_answer(action)


async def test_a_timeline_has_a_sentence_a_step_and_names_the_gaps(bot: RunningBot) -> None:
    answer = read(await run_command(bot, "timeline", step="week"))

    assert "“dam”" in answer
    assert "\n2 steps.\n" in answer
    assert f"19 to 25 January 2026\n{OLD.body}" in answer
    assert "No articles: 26 January to 15 February 2026" in answer
    assert f"16 to 22 February 2026\n{NEW.body}" in answer


async def test_bounds_of_a_timeline_are_understood_and_can_be_left_out(bot: RunningBot) -> None:
    bounded = await run_command(bot, "timeline", after="February", before="1 March", step="month")

    whole = await bot.press(bounded, "Without these dates")

    assert "Dates understood: 1 February to 1 March 2026." in read(bounded)
    assert OLD.body not in read(bounded)
    assert OLD.body in read(whole)
    assert "No articles" not in read(whole).partition("January 2026")[2]


async def test_a_sentence_of_a_timeline_is_shown_in_its_context(bot: RunningBot) -> None:
    answer = await run_command(bot, "timeline")

    context = await bot.press(answer, "In context")

    assert OLD.body in read(context)


async def test_changes_are_shown_in_pairs(bot: RunningBot) -> None:
    answer = read(await run_command(bot, "changed", since="1 February 2026"))

    assert f"Last reported before 1 February 2026\n{OLD.body}" in answer
    assert f"Reported since 1 February 2026\n{NEW.body}" in answer


async def test_a_period_without_changes_says_so(bot: RunningBot) -> None:
    answer = read(await run_command(bot, "changed", since="1 March 2026"))

    assert "No report since 1 March 2026 updates an earlier one." in answer


@pytest.mark.parametrize(
    ("name", "options"),
    [("timeline", {"after": "someday"}), ("changed", {"since": "until March"})],
)
async def test_an_invalid_date_is_reported_to_the_asker(
    bot: RunningBot, name: str, options: dict[str, str]
) -> None:
    answer = await run_command(bot, name, **options)

    assert "is not a date" in read(answer)
    assert answer.only_for == bot.anna.id


@pytest.mark.parametrize(("name", "option"), [("timeline", "after"), ("changed", "since")])
async def test_days_that_the_library_has_are_offered(
    bot: RunningBot, name: str, option: str
) -> None:
    bot.context.catalogue = Catalogue.from_articles(await bot.app.index.get_articles())

    choices = await bot.anna.autocomplete(
        name, option, "20 January", channel=bot.general, topic="dam"
    )

    assert [choice["value"] for choice in choices]
