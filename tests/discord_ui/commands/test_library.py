import math
from datetime import timedelta

import pytest

from bot.discord_ui.commands.library import seconds_to_latency
from bot.discord_ui.messages.components import is_sendable
from bot.local_discord.world.records import Message
from bot.lookups.source_counts import SourceSummary
from bot.presentation.library import MAX_SOURCES, build_sources_blocks
from tests.builders import NOON, PUBLISHED_ON, an_article
from tests.discord_ui.conftest import RunningBot
from tests.scenario.starting import read


async def run_command(bot: RunningBot, name: str) -> Message:
    return await bot.anna.wait_for_answer(await bot.anna.run_command(name, channel=bot.general))


async def test_the_sources_are_shown_with_their_articles_and_days(bot: RunningBot) -> None:
    articles = [
        an_article(id="bare", source=None),
        an_article(id="sea", source="The Herald", published_on=PUBLISHED_ON - timedelta(days=3)),
        an_article(id="coast", source="The Herald"),
    ]
    await bot.app.articles.put(articles, NOON)
    await bot.app.index.refresh()

    text = read(await run_command(bot, "sources"))

    assert text.splitlines() == [
        "2 sources",
        "The Courier: 5 articles, 2 March 2026",
        "The Herald: 2 articles, 27 February to 2 March 2026",
        "No source: 1 article, 2 March 2026",
    ]


async def test_of_many_sources_those_with_most_articles_are_shown(bot: RunningBot) -> None:
    many = [an_article(id=f"n{number}", source=f"Source {number:02}") for number in range(22)]
    await bot.app.articles.put(many, NOON)
    await bot.app.index.refresh()

    lines = read(await run_command(bot, "sources")).splitlines()

    assert lines[:2] == ["23 sources", "The Courier: 5 articles, 2 March 2026"]
    assert lines[-1] == "3 more sources: 3 articles."


@pytest.mark.parametrize("letter", ["*", "源", "🌊", "\u202e", "\u0628"])
def test_so_many_sources_fit_into_a_message_whatever_their_names(letter: str) -> None:
    held = SourceSummary(
        name=letter * 200,
        article_count=999_999,
        first_on=PUBLISHED_ON,
        last_on=PUBLISHED_ON + timedelta(days=365),
    )

    blocks = build_sources_blocks([held] * (MAX_SOURCES + 1), max_sources=MAX_SOURCES)

    assert is_sendable(blocks, "")


async def test_the_status_shows_the_library_and_the_bot(bot: RunningBot) -> None:
    bot.clock.advance(hours=2, minutes=5)

    text = read(await run_command(bot, "status"))

    assert "Dateline" in text
    assert "The library has 5 articles from 2 March 2026." in text
    assert "The library last changed on 3 March 2026 at 12:00 (UTC)." in text
    assert "The bot has been running for 2 hours and 5 minutes." in text


async def test_the_status_shows_how_long_the_gateway_takes(bot: RunningBot) -> None:
    await bot.wait_for_latency()

    text = read(await run_command(bot, "status"))

    assert "Discord answers in " in text


@pytest.mark.parametrize("unknown", [math.inf, math.nan])
def test_a_gateway_that_has_not_answered_has_no_latency(unknown: float) -> None:
    assert seconds_to_latency(unknown) is None
    assert seconds_to_latency(0.25) == timedelta(seconds=0.25)
