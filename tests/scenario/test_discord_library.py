"""Looking around in the library: its newest articles, its days, its sources, and how things stand."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.local_discord.server import LocalDiscord
from tests.scenario import river
from tests.scenario.starting import Program, add_member, read, run_command, start_program

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    async with start_program(tmp_path_factory.mktemp("library")) as program:
        yield program


@pytest.fixture
def discord(program: Program) -> LocalDiscord:
    return program.discord


async def look_up(discord: LocalDiscord, name: str, **options: object) -> str:
    """Run a command as a new person, and return the text of its answer."""
    general = discord.find_channel("general")
    return read(await run_command(add_member(discord), general, name, **options))


async def complete(discord: LocalDiscord, command: str, option: str, typed: str) -> list[str]:
    """Return the labels that a person sees while typing."""
    channel = discord.find_channel("general")
    choices = await add_member(discord).autocomplete(command, option, typed, channel=channel)
    return [choice["name"] for choice in choices]


async def test_the_newest_articles_come_first(discord: LocalDiscord) -> None:
    text = await look_up(discord, "latest", count=2)

    assert text.index("Rain fell on Fulda for days.") < text.index("Rain fell on Erfurt for days.")
    assert "2 of 5 articles." in text
    assert "Flood in Fulda · The Herald" in text


async def test_a_day_has_its_articles_and_its_neighbours(discord: LocalDiscord) -> None:
    text = await look_up(discord, "on", date="4 March 2025")

    assert "4 March 2025: 1 article" in text
    assert "Closest earlier day: 2 March 2025, 1 article." in text
    assert "Closest later day: 6 March 2025, 1 article." in text
    assert "Rain fell on Cologne for days." in text


async def test_the_sources_have_counts_and_days(discord: LocalDiscord) -> None:
    assert (await look_up(discord, "sources")).splitlines() == [
        "2 sources",
        "The Courier: 3 articles, 2 to 6 March 2025",
        "The Herald: 2 articles, 25 to 27 March 2025",
    ]


async def test_the_status_describes_the_library_and_the_bot(discord: LocalDiscord) -> None:
    text = await look_up(discord, "status")

    assert f"The library has {len(river.ARTICLES)} articles from 2 to 27 March 2025" in text
    assert "The bot has been running for less than a minute." in text


async def test_titles_days_and_sources_are_offered(discord: LocalDiscord) -> None:
    titles = await complete(discord, "article", "title", "flood 25 mar")
    days = await complete(discord, "on", "date", "2025-03-0")
    sources = await complete(discord, "latest", "source", "her")

    assert titles == ["25 Mar 2025 · Flood in Erfurt · The Herald"]
    assert days == [f"{day} March 2025 · 1 article" for day in (6, 4, 2)]
    assert sources == ["The Herald"]
