from datetime import timedelta

import pytest

from bot.local_discord.world.records import Message
from tests.builders import NOON, PUBLISHED_ON, an_article
from tests.discord_ui.conftest import ARTICLE_SENTENCES, RunningBot
from tests.scenario.starting import read

HERALD = an_article(
    "The sea rose. It fell.",
    id="sea",
    title="The sea",
    source="The Herald",
    published_on=PUBLISHED_ON - timedelta(days=3),
)


async def run_command(bot: RunningBot, name: str, **options: object) -> Message:
    action = await bot.anna.run_command(name, channel=bot.general, **options)
    return await bot.anna.wait_for_answer(action)


async def fill_library(bot: RunningBot) -> None:
    await bot.app.articles.put([HERALD], NOON)
    await bot.app.index.refresh()


async def test_the_newest_articles_are_shown_with_the_sentence_they_lead_with(
    bot: RunningBot,
) -> None:
    answer = await run_command(bot, "latest", count=2)

    text = read(answer)
    assert "Newest articles" in text
    assert "Rain fell on bremen." in text
    assert "Rain fell on cologne." in text
    assert "Rain fell on dresden." not in text
    assert "2 March 2026 · paragraph 1 · receipt " in text
    assert answer.only_for is None


async def test_the_newest_articles_of_a_source_are_shown(bot: RunningBot) -> None:
    await fill_library(bot)

    text = read(await run_command(bot, "latest", source="the herald"))

    assert "Newest articles from The Herald" in text
    assert "The sea rose." in text
    assert "1 article." in text


async def test_an_unknown_source_has_no_articles(bot: RunningBot) -> None:
    text = read(await run_command(bot, "latest", source="The Gazette"))

    assert "The library has no articles from The Gazette" in text


async def test_the_newest_articles_are_turned_page_by_page(bot: RunningBot) -> None:
    await fill_library(bot)
    first = await run_command(bot, "latest", count=6)

    await bot.anna.press(first, "Next")
    await bot.context.wait_until_idle(3)
    (turned,) = bot.local.get_messages(bot.general)

    assert "The sea rose." not in read(first)
    assert "The sea rose." in read(turned)


async def test_a_receipt_of_the_newest_articles_can_be_verified(bot: RunningBot) -> None:
    answer = await run_command(bot, "latest", count=1)
    line = next(line for line in read(answer).splitlines() if " receipt " in line)

    told = await run_command(bot, "verify", receipt=line.rpartition(" ")[2])

    assert "The article still contains this quote, word for word" in told.text


async def test_an_article_of_the_newest_is_read_in_context(bot: RunningBot) -> None:
    answer = await run_command(bot, "latest", count=1)

    told = await bot.press(answer, "In context")

    assert ARTICLE_SENTENCES["bremen"] in read(told)


async def test_a_day_shows_its_articles_and_the_nearest_days(bot: RunningBot) -> None:
    await fill_library(bot)

    text = read(await run_command(bot, "on", date="27 february"))

    assert "27 February 2026: 1 article" in text
    assert "Closest later day: 2 March 2026, 5 articles." in text
    assert "The sea rose." in text


async def test_a_day_without_articles_shows_the_nearest_days(bot: RunningBot) -> None:
    await fill_library(bot)

    text = read(await run_command(bot, "on", date="1 march"))

    assert "1 March 2026: no articles" in text
    assert "Closest earlier day: 27 February 2026, 1 article." in text
    assert "Closest later day: 2 March 2026, 5 articles." in text


async def test_a_range_of_days_shows_all_of_them(bot: RunningBot) -> None:
    await fill_library(bot)

    text = read(await run_command(bot, "on", date="27 february to 2 march"))

    assert "27 February to 2 March 2026: 6 articles" in text


async def test_more_articles_of_a_day_than_a_page_holds_are_turned_to(bot: RunningBot) -> None:
    await fill_library(bot)
    answer = await run_command(bot, "on", date="27 february to 2 march")

    await bot.anna.press(answer, "Next")
    await bot.context.wait_until_idle(1)

    turned = read(bot.local.world.messages[answer.id])
    assert "27 February to 2 March 2026: 6 articles" in turned
    assert "The sea rose." in turned


@pytest.mark.parametrize(
    ("typed", "said"),
    [("blurb", "is not a date"), ("3/2", "can be read in more than one way")],
    ids=["no date", "two readings"],
)
async def test_an_invalid_day_is_reported_to_the_asker_alone(
    bot: RunningBot, typed: str, said: str
) -> None:
    answer = await run_command(bot, "on", date=typed)

    assert said in read(answer)
    assert answer.only_for == bot.anna.id


async def test_articles_of_later_days_are_shown_nowhere(bot: RunningBot) -> None:
    later = an_article(
        "It dried.", id="later", source="The Future", published_on=PUBLISHED_ON + timedelta(days=2)
    )
    await bot.app.articles.put([later], NOON)
    await bot.app.index.refresh()

    answers = [
        await run_command(bot, "latest"),
        await run_command(bot, "latest", source="The Future"),
        await run_command(bot, "on", date="2026-03-04"),
        await run_command(bot, "on", date="2 march"),
        await run_command(bot, "sources"),
    ]

    assert not [message for message in answers if "It dried." in read(message)]
    assert not [message for message in answers if "Closest later day" in read(message)]
    assert "The Future" not in read(answers[-1])


@pytest.mark.parametrize("name", ["latest", "on", "sources", "status"])
async def test_the_command_works_in_direct_messages(bot: RunningBot, name: str) -> None:
    options = {"date": "2 march"} if name == "on" else {}
    action = await bot.anna.run_command(name, channel=bot.anna.direct_channel, **options)

    assert (await bot.anna.wait_for_answer(action)).text


async def test_lookups_count_as_questions_do(bot: RunningBot) -> None:
    for _ in range(10):
        await run_command(bot, "latest", count=1)

    for name in ("latest", "sources"):
        assert "in the last minute" in (await run_command(bot, name)).text
    assert "in the last minute" in (await run_command(bot, "on", date="2 march")).text
    assert "The library has 5 articles" in (await run_command(bot, "status")).text
