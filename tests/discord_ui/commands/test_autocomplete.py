from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.discord_ui.commands.autocomplete import MAX_CHOICES, filter_choices, filter_names
from bot.local_discord.rest.payload_problems import find_autocomplete_problems
from bot.presentation.truncation import count_utf16_units
from tests.builders import NOON, PUBLISHED_ON, an_article
from tests.discord_ui.conftest import RunningBot

ARABIC = "ارتفع منسوب النهر"


async def list_choices(
    bot: RunningBot, command: str, option: str, typed: str
) -> list[dict[str, Any]]:
    """Refresh the library, and return the choices that anna sees for the text `typed`."""
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop
    choices = await bot.anna.autocomplete(command, option, typed, channel=bot.general)
    return [dict(choice) for choice in choices]


async def list_values(bot: RunningBot, command: str, option: str, typed: str) -> list[str]:
    return [choice["value"] for choice in await list_choices(bot, command, option, typed)]


async def test_articles_are_offered_by_their_titles(bot: RunningBot) -> None:
    await bot.app.articles.put([an_article(id="storm", title="A storm at sea")], NOON)

    choices = await list_choices(bot, "article", "title", "2 mar stor")

    assert choices == [{"name": "2 Mar 2026 · A storm at sea · The Courier", "value": "storm"}]


async def test_an_article_with_a_long_id_is_offered_and_opened(bot: RunningBot) -> None:
    long = an_article("A storm rose at sea.", id="x" * 200, title="A storm at sea")
    await bot.app.articles.put([long], NOON)
    (value,) = await list_values(bot, "article", "title", "storm")

    action = await bot.anna.run_command("article", channel=bot.general, title=value)

    assert "A storm rose at sea" in (await bot.anna.wait_for_answer(action)).text


async def test_titles_of_every_kind_keep_discords_limits(bot: RunningBot) -> None:
    titles = ["👨‍👩‍👧‍👦" * 40, f"{ARABIC} " * 20, "e\u0301" * 200, "🇩🇪" * 60, "x" * 500]
    articles = [
        an_article(id=f"n{number}", title=title, source=title)
        for number, title in enumerate(titles)
    ]
    await bot.app.articles.put(articles, NOON)

    choices = await list_choices(bot, "article", "title", "")

    assert not find_autocomplete_problems({"choices": choices})
    assert {choice["value"] for choice in choices} >= {article.id for article in articles}
    assert all(count_utf16_units(choice["name"]) <= 100 for choice in choices)


async def test_no_more_than_25_articles_are_offered(bot: RunningBot) -> None:
    many = [an_article(id=f"n{number}", title=f"Boat {number}") for number in range(30)]
    await bot.app.articles.put(many, NOON)

    assert len(await list_values(bot, "article", "title", "boat")) == 25


@pytest.mark.parametrize(
    ("command", "option"), [("article", "title"), ("on", "date"), ("latest", "source")]
)
async def test_nothing_is_offered_if_nothing_matches(
    bot: RunningBot, command: str, option: str
) -> None:
    assert await list_values(bot, command, option, "zyxomma") == []


async def test_days_that_the_library_has_are_offered(bot: RunningBot) -> None:
    earlier = an_article(id="earlier", published_on=PUBLISHED_ON - timedelta(days=3))
    await bot.app.articles.put([earlier], NOON)

    choices = await list_choices(bot, "on", "date", "")

    assert choices == [
        {"name": "2 March 2026 · 5 articles", "value": "2 March 2026"},
        {"name": "27 February 2026 · 1 article", "value": "27 February 2026"},
    ]


@pytest.mark.parametrize("option", ["after", "before"])
async def test_days_are_offered_as_bounds_too(bot: RunningBot, option: str) -> None:
    assert await list_values(bot, "ask", option, "mar") == ["2 March 2026"]


async def test_the_sources_of_the_library_are_offered(bot: RunningBot) -> None:
    await bot.app.articles.put([an_article(id="other", source="The Herald")], NOON)

    assert await list_values(bot, "ask", "source", "the") == ["The Courier", "The Herald"]
    assert await list_values(bot, "latest", "source", "her") == ["The Herald"]


async def test_articles_dated_in_the_future_are_not_offered(bot: RunningBot) -> None:
    later = an_article(
        id="later", title="Tomorrow", source="The Future", published_on=PUBLISHED_ON + timedelta(2)
    )
    await bot.app.articles.put([later], NOON)

    assert await list_values(bot, "article", "title", "tomorrow") == []
    assert await list_values(bot, "on", "date", "4 march") == []
    assert await list_values(bot, "latest", "source", "future") == []

    bot.clock.advance(days=1)

    assert await list_values(bot, "article", "title", "tomorrow") == ["later"]


async def test_the_day_is_that_of_the_server(bot: RunningBot) -> None:
    later = an_article(id="later", title="Tomorrow", published_on=PUBLISHED_ON + timedelta(2))
    await bot.app.articles.put([later], NOON)
    bot.clock.advance(hours=11)
    before = await list_values(bot, "article", "title", "tomorrow")

    await bot.app.guilds.change(
        str(bot.general.guild_id), lambda server: replace(server, zone=ZoneInfo("Asia/Tokyo"))
    )

    assert before == []
    assert await list_values(bot, "article", "title", "tomorrow") == ["later"]


async def test_nothing_is_offered_of_an_empty_library(bot: RunningBot) -> None:
    for article_id in await bot.app.articles.get_current_revisions():
        await bot.app.articles.withdraw(article_id, "gone", NOON)

    assert await list_values(bot, "article", "title", "") == []
    assert await list_values(bot, "on", "date", "") == []
    assert await list_values(bot, "latest", "source", "") == []


async def test_a_new_article_is_offered_from_the_next_round_on(bot: RunningBot) -> None:
    assert await list_values(bot, "article", "title", "storm") == []

    await bot.app.articles.put([an_article(id="storm", title="A storm at sea")], NOON)

    assert await list_values(bot, "article", "title", "storm") == ["storm"]


async def test_the_catalogue_stays_while_the_library_does(bot: RunningBot) -> None:
    await bot.client._refresh_library()  # noqa: SLF001
    before = bot.context.catalogue

    await bot.client._refresh_library()  # noqa: SLF001

    assert bot.context.catalogue is before


def test_choices_have_the_entered_text_in_their_label_in_any_case() -> None:
    labels = {"1": "#general", "2": "#Generals", "3": "#books"}

    assert [choice.value for choice in filter_choices(labels, " GENERAL ")] == ["1", "2"]


def test_no_more_choices_are_offered_than_discord_takes_and_none_twice() -> None:
    names = [f"name {number}" for number in range(30)]

    assert len(filter_names([*names, *names], "name")) == MAX_CHOICES
    assert [choice.name for choice in filter_names(["storm", "storm"], "")] == ["storm"]


async def test_a_source_with_a_control_character_is_offered_harmless_and_understood(
    bot: RunningBot,
) -> None:
    article = an_article("A storm rose at sea.", id="storm", source="The \x1b[31mGazette\x07")
    await bot.app.articles.put([article], NOON)

    (choice,) = await list_choices(bot, "latest", "source", "gaz")
    action = await bot.anna.run_command("latest", channel=bot.general, source=choice["value"])

    assert choice == dict.fromkeys(("name", "value"), "The ␛[31mGazette␇")
    assert "A storm rose at sea" in (await bot.anna.wait_for_answer(action)).text


def test_a_choice_has_no_control_characters() -> None:
    (choice,) = filter_names(["Morning\x1b[2J"], "morning")

    assert (choice.name, choice.value) == ("Morning␛[2J", "Morning␛[2J")
