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
    Program,
    add_member,
    ask_by_command,
    ask_by_mention,
    press_button,
    read,
    run_command,
    start_program,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTINGS = 6
FIRST = date(2025, 4, 1)
BETWEEN = "The water is_kept still all day. " * 30
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
class ShownSearch:
    """The result of a search, and the person who searched."""

    asker: Person
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A Discord with prepared search results; each test uses one."""

    program: Program
    searches: Iterator[ShownSearch]


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=[False, True], ids=["running", "after a kill"]
)
async def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("lookups")
    async with start_program(folder, (*river.ARTICLES, *LOCKS)) as program:
        searches = [await search_as_someone_new(program.discord) for _ in range(LISTINGS)]
        if request.param:
            await program.kill()
            await program.start()
        yield Scene(program=program, searches=iter(searches))


async def search_as_someone_new(discord: LocalDiscord) -> ShownSearch:
    asker = add_member(discord)
    message = await run_in_general(
        discord, asker, "search", terms='"lock gates" -zeppelin', sort="newest", after="April 2025"
    )
    return ShownSearch(asker=asker, message=message)


async def run_in_general(
    discord: LocalDiscord, person: Person, name: str, **options: str | bool
) -> Message:
    """Run a command in the channel general, and return the answer."""
    return await run_command(person, discord.find_channel("general"), name, **options)


@pytest.fixture
def discord(scene: Scene) -> LocalDiscord:
    return scene.program.discord


@pytest.fixture
def shown_search(scene: Scene) -> ShownSearch:
    return next(scene.searches)


async def turn_page(discord: LocalDiscord, person: Person, message: Message, button: str) -> str:
    """Press a button that turns the page, and return the new text of the message."""
    before = discord.world.messages[message.id].text
    await person.press(message, button)
    await discord.wait_for(lambda: discord.world.messages[message.id].text != before)
    return read(discord.world.messages[message.id])


def list_days(text: str) -> list[str]:
    """Return the days of publication that the text names, in order."""
    return [line.partition(" ·")[0] for line in text.splitlines() if " · receipt " in line]


async def test_a_search_shows_the_newest_first_and_counts_all(shown_search: ShownSearch) -> None:
    text = read(shown_search.message)

    assert text.splitlines()[0] == "“‘lock gates’ -zeppelin”"
    assert "Dates understood: since 1 April 2025." in text
    assert "1 to 5 of 7 articles." in text
    assert list_days(text) == [f"{day} April 2025" for day in (7, 6, 5, 4, 3)]


async def test_the_asker_turns_pages_in_place_to_and_fro(
    discord: LocalDiscord, shown_search: ShownSearch
) -> None:
    second = await turn_page(discord, shown_search.asker, shown_search.message, "Next")
    first = await turn_page(discord, shown_search.asker, shown_search.message, "Previous")

    assert "6 to 7 of 7 articles." in second
    assert list_days(second) == ["2 April 2025", "1 April 2025"]
    assert first == read(shown_search.message)


async def test_others_turn_pages_for_themselves(
    discord: LocalDiscord, shown_search: ShownSearch
) -> None:
    bo = discord.find_person("bo")

    theirs = await press_button(bo, shown_search.message, "Next")
    first = await turn_page(discord, bo, theirs, "Previous")

    assert theirs.only_for == bo.id
    assert "6 to 7 of 7 articles." in read(theirs)
    assert "1 to 5 of 7 articles." in first
    assert read(discord.world.messages[shown_search.message.id]) == read(shown_search.message)


async def test_only_the_asker_deletes_search_results(
    discord: LocalDiscord, shown_search: ShownSearch
) -> None:
    refusal = await press_button(discord.find_person("bo"), shown_search.message, "Delete")
    is_kept = shown_search.message.id in discord.world.messages
    await shown_search.asker.press(shown_search.message, "Delete")
    await discord.wait_for(lambda: shown_search.message.id not in discord.world.messages)

    assert "Only the person who asked" in read(refusal)
    assert is_kept


async def test_an_article_opens_at_its_excerpt_and_is_read_on(
    discord: LocalDiscord, shown_search: ShownSearch
) -> None:
    opened = await press_button(shown_search.asker, shown_search.message, "Whole article")
    further = await turn_page(discord, shown_search.asker, opened, "Next")

    assert opened.only_for == shown_search.asker.id
    assert "paragraphs 2 to 4 of 5" in read(opened)
    assert "The lock gates of Gotha held." in read(opened)
    assert "paragraph 5 of 5" in further


async def test_without_its_dates_a_search_is_made_again(
    discord: LocalDiscord, shown_search: ShownSearch
) -> None:
    undated = await press_button(shown_search.asker, shown_search.message, "Without these dates")

    assert "Dates understood" not in read(undated)
    assert "of 7 articles." in read(undated)
    assert read(discord.world.messages[shown_search.message.id]) == read(shown_search.message)


async def test_a_question_is_asked_again_without_its_dates(discord: LocalDiscord) -> None:
    asker, general = add_member(discord), discord.find_channel("general")
    answer = await ask_by_command(asker, general, river.QUESTION, before="February 2025")
    reply = await ask_by_mention(discord, asker, general, river.DATED_QUESTION)

    undated_answers = [
        await press_button(asker, dated_answer, "Without these dates")
        for dated_answer in (answer, reply)
    ]

    assert "Dates understood: until 28 February 2025." in read(answer)
    assert not any(quote in read(answer) for quote in river.QUOTES.values())
    assert river.DATES in read(reply)
    for undated_answer in undated_answers:
        assert "Dates understood" not in read(undated_answer)
        assert any(quote in read(undated_answer) for quote in river.QUOTES.values())


async def test_an_article_is_found_by_the_offered_title(discord: LocalDiscord) -> None:
    anna, general = add_member(discord), discord.find_channel("general")
    offered = await anna.autocomplete("article", "title", "fulda herald", channel=general)

    article = await run_in_general(discord, anna, "article", title=offered[0]["value"])

    assert len(offered) == 1
    assert read(article).startswith("Flood in Fulda\nThe Herald\n27 March 2025 · paragraphs 1 to 3")
    assert f"2\n{river.QUOTES['fulda']}" in read(article)


async def test_a_search_without_results_says_why(discord: LocalDiscord) -> None:
    anna = add_member(discord)

    searched = await run_in_general(discord, anna, "search", terms="zeppelin")
    read_on = await run_in_general(discord, anna, "article", title="zeppelin")

    assert "No article contains “zeppelin”." in read(searched)
    assert "No article matches this." in read(read_on)
    assert read_on.only_for == anna.id


async def test_pages_and_articles_that_are_no_longer_kept_say_so_and_stay(tmp_path: Path) -> None:
    async with start_program(tmp_path, LOCKS) as program:
        discord, anna = program.discord, add_member(program.discord)
        found = await run_in_general(discord, anna, "search", terms="gates", after="2025")
        opened = await press_button(anna, found, "Whole article")
        await program.kill()
        await program.start("--as-of", "2040-01-01")

        for message, button in [
            (found, "Next"),
            (found, "Whole article"),
            (found, "Without these dates"),
            (opened, "Next"),
        ]:
            count = len(anna.get_visible_messages(discord.find_channel("general")))
            await anna.press(message, button)
            await discord.wait_for(
                lambda: len(anna.get_visible_messages(discord.find_channel("general"))) > count  # noqa: B023
            )
            refusal = anna.get_visible_messages(discord.find_channel("general"))[-1]
            await discord.wait_for(lambda: "has expired" in discord.world.messages[refusal.id].text)  # noqa: B023
            assert refusal.only_for == anna.id
            assert discord.world.messages[message.id].text == message.text


async def test_withdrawn_articles_are_left_out_of_pages_and_can_not_be_opened(
    tmp_path: Path,
) -> None:
    async with start_program(tmp_path, LOCKS) as program:
        discord, anna = program.discord, add_member(program.discord)
        found = await run_in_general(discord, anna, "search", terms='"lock gates"', sort="newest")
        opened = await press_button(anna, found, "Whole article")
        assert await program.run("remove", "lock-gotha", "--reason", "wrong") == 0

        refusal = await press_button(anna, found, "Whole article")
        second = await turn_page(discord, anna, found, "Next")
        await anna.press(opened, "Next")
        await discord.wait_for(
            lambda: any(
                "has been withdrawn" in message.text and message.id != refusal.id
                for message in anna.get_visible_messages(discord.find_channel("general"))
                if message.only_for == anna.id
            )
        )

    assert "has been withdrawn" in read(refusal)
    assert "Withdrawn and not shown: 1 article." in second
    assert list_days(second) == ["2 April 2025", "1 April 2025"]
    assert opened.text == discord.world.messages[opened.id].text
