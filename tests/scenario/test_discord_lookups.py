"""Searching and reading in Discord, page by page, while the bot runs on and after it was killed."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Message
from tests.builders import an_article
from tests.scenario import river
from tests.scenario.starting import (
    ANSWER_SECONDS,
    Program,
    a_member,
    mentioned,
    pressed,
    read,
    slashed,
    started,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTINGS = 6
FIRST = date(2025, 4, 1)
BETWEEN = "The water stood still all day. " * 30
LOCKS = [
    an_article(
        f"{BETWEEN}\n\nThe lock gates of {name} held.\n\n{BETWEEN}\n\n{BETWEEN}\n\n{BETWEEN}",
        id=f"lock-{name.lower()}",
        title=f"Locks of {name}",
        published_on=FIRST + timedelta(days=days),
    )
    for days, name in enumerate(["Aalen", "Bonn", "Celle", "Dornum", "Emden", "Forst", "Gotha"])
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What a search found, and who searched."""

    asker: Person
    found: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A Discord, and what searches found in it for tests to take, each used by one."""

    program: Program
    searches: Iterator[Searched]


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=[False, True], ids=["running", "after a kill"]
)
async def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("lookups")
    async with started(folder, (*river.ARTICLES, *LOCKS)) as program:
        searches = [await new_search(program.discord) for _ in range(LISTINGS)]
        if request.param:
            await program.kill()
            await program.start()
        yield Scene(program=program, searches=iter(searches))


async def new_search(discord: LocalDiscord) -> Searched:
    asker = a_member(discord)
    found = await commanded(
        discord, asker, "search", terms='"lock gates" -zeppelin', sort="newest", after="April 2025"
    )
    return Searched(asker=asker, found=found)


async def commanded(
    discord: LocalDiscord, person: Person, name: str, **options: str | bool
) -> Message:
    """The answer to a command."""
    acted = await person.run_command(name, channel=discord.find_channel("general"), **options)
    return await person.wait_for_answer(acted, timeout=ANSWER_SECONDS)


@pytest.fixture
def discord(scene: Scene) -> LocalDiscord:
    return scene.program.discord


@pytest.fixture
def taken(scene: Scene) -> Searched:
    return next(scene.searches)


async def turned(discord: LocalDiscord, person: Person, message: Message, button: str) -> str:
    """What a message says once its page was turned in place."""
    before = discord.world.messages[message.id].text
    await person.press(message, button)
    await discord.wait_for(lambda: discord.world.messages[message.id].text != before)
    return read(discord.world.messages[message.id])


def days_in(text: str) -> list[str]:
    """The days of publication that the text names, in order."""
    return [line.partition(" ·")[0] for line in text.splitlines() if " · receipt " in line]


async def test_a_search_shows_the_newest_first_and_counts_all(taken: Searched) -> None:
    text = read(taken.found)

    assert text.splitlines()[0] == '“"lock gates" -zeppelin”'
    assert "Dates understood: since 1 April 2025." in text
    assert "1 to 5 of 7 articles." in text
    assert days_in(text) == [f"{day} April 2025" for day in (7, 6, 5, 4, 3)]


async def test_the_asker_turns_pages_in_place_to_and_fro(
    discord: LocalDiscord, taken: Searched
) -> None:
    second = await turned(discord, taken.asker, taken.found, "Next")
    first = await turned(discord, taken.asker, taken.found, "Previous")

    assert "6 to 7 of 7 articles." in second
    assert days_in(second) == ["2 April 2025", "1 April 2025"]
    assert first == read(taken.found)


async def test_others_turn_pages_for_themselves(discord: LocalDiscord, taken: Searched) -> None:
    bo = discord.find_person("bo")

    theirs = await pressed(bo, taken.found, "Next")
    first = await turned(discord, bo, theirs, "Previous")

    assert theirs.only_for == bo.id
    assert "6 to 7 of 7 articles." in read(theirs)
    assert "1 to 5 of 7 articles." in first
    assert read(discord.world.messages[taken.found.id]) == read(taken.found)


async def test_only_the_asker_deletes_what_was_found(
    discord: LocalDiscord, taken: Searched
) -> None:
    told = await pressed(discord.find_person("bo"), taken.found, "Delete")
    stood = taken.found.id in discord.world.messages
    await taken.asker.press(taken.found, "Delete")
    await discord.wait_for(lambda: taken.found.id not in discord.world.messages)

    assert "Only the person who asked" in read(told)
    assert stood


async def test_an_article_opens_at_its_excerpt_and_is_read_on(
    discord: LocalDiscord, taken: Searched
) -> None:
    opened = await pressed(taken.asker, taken.found, "Whole article")
    further = await turned(discord, taken.asker, opened, "Next")

    assert opened.only_for == taken.asker.id
    assert "paragraphs 2 to 4 of 5" in read(opened)
    assert "The lock gates of Gotha held." in read(opened)
    assert "paragraph 5 of 5" in further


async def test_without_its_dates_a_search_is_made_again(
    discord: LocalDiscord, taken: Searched
) -> None:
    undated = await pressed(taken.asker, taken.found, "Without these dates")

    assert "Dates understood" not in read(undated)
    assert "of 7 articles." in read(undated)
    assert read(discord.world.messages[taken.found.id]) == read(taken.found)


async def test_a_question_is_asked_again_without_its_dates(discord: LocalDiscord) -> None:
    asker, general = a_member(discord), discord.find_channel("general")
    answer = await slashed(asker, general, river.QUESTION, before="February 2025")
    mention = await mentioned(discord, asker, general, river.DATED_QUESTION)

    undated = [await pressed(asker, each, "Without these dates") for each in (answer, mention)]

    assert "Dates understood: until 28 February 2025." in read(answer)
    assert not any(said in read(answer) for said in river.TOLD.values())
    assert river.DATES in read(mention)
    for each in undated:
        assert "Dates understood" not in read(each)
        assert any(said in read(each) for said in river.TOLD.values())


async def test_an_article_is_found_by_what_is_offered_for_its_title(discord: LocalDiscord) -> None:
    anna, general = a_member(discord), discord.find_channel("general")
    offered = await anna.autocomplete("article", "title", "fulda herald", channel=general)

    article = await commanded(discord, anna, "article", title=offered[0]["value"])

    assert len(offered) == 1
    assert read(article).startswith("Flood in Fulda\nThe Herald\n27 March 2025 · paragraphs 1 to 3")
    assert f"2\n{river.TOLD['fulda']}" in read(article)


async def test_what_finds_nothing_says_why(discord: LocalDiscord) -> None:
    anna = a_member(discord)

    searched = await commanded(discord, anna, "search", terms="zeppelin")
    read_on = await commanded(discord, anna, "article", title="zeppelin")

    assert "No article holds “zeppelin”." in read(searched)
    assert "No article fits this." in read(read_on)
    assert read_on.only_for == anna.id


async def test_pages_and_articles_that_are_no_longer_kept_say_so_and_stay(tmp_path: Path) -> None:
    async with started(tmp_path, LOCKS) as program:
        discord, anna = program.discord, a_member(program.discord)
        found = await commanded(discord, anna, "search", terms="gates", after="2025")
        opened = await pressed(anna, found, "Whole article")
        await program.kill()
        await program.start("--as-of", "2040-01-01")

        for message, button in [
            (found, "Next"),
            (found, "Whole article"),
            (found, "Without these dates"),
            (opened, "Next"),
        ]:
            seen = len(anna.get_visible_messages(discord.find_channel("general")))
            await anna.press(message, button)
            await discord.wait_for(
                lambda: len(anna.get_visible_messages(discord.find_channel("general"))) > seen  # noqa: B023
            )
            told = anna.get_visible_messages(discord.find_channel("general"))[-1]
            await discord.wait_for(lambda: "too old" in discord.world.messages[told.id].text)  # noqa: B023
            assert told.only_for == anna.id
            assert discord.world.messages[message.id].text == message.text


async def test_what_was_taken_back_is_left_out_of_pages_and_can_not_be_read_on(
    tmp_path: Path,
) -> None:
    async with started(tmp_path, LOCKS) as program:
        discord, anna = program.discord, a_member(program.discord)
        found = await commanded(discord, anna, "search", terms='"lock gates"', sort="newest")
        opened = await pressed(anna, found, "Whole article")
        assert await program.run("remove", "lock-gotha", "--reason", "wrong") == 0

        told = await pressed(anna, found, "Whole article")
        second = await turned(discord, anna, found, "Next")
        await anna.press(opened, "Next")
        await discord.wait_for(
            lambda: any(
                "taken back" in each.text and each.id != told.id
                for each in anna.get_visible_messages(discord.find_channel("general"))
                if each.only_for == anna.id
            )
        )

    assert "has been taken back" in read(told)
    assert "Taken back since, and left out: 1 article." in second
    assert days_in(second) == ["2 April 2025", "1 April 2025"]
    assert opened.text == discord.world.messages[opened.id].text
