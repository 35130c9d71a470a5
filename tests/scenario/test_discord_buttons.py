"""The buttons of an answer, while the bot runs on and after it was killed and started again."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Interaction, Message
from tests.scenario import river
from tests.scenario.starting import (
    add_member,
    ask_by_command,
    ask_by_mention,
    press_button,
    read,
    start_program,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWERS = 11
EVERY_BUTTON = ("More", "In context", "Why this?", "👍", "👎", "Follow up", "Delete")
QUESTION_FIELD = "Your question"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """An answer, who asked for it, and the form that they opened to follow up on it."""

    asker: Person
    answer: Message
    form: Interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A Discord with prepared answers; each test uses one."""

    discord: LocalDiscord
    answers: Iterator[ShownAnswer]


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=[False, True], ids=["running", "after a kill"]
)
async def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    async with start_program(tmp_path_factory.mktemp("buttons")) as program:
        answers = [await ask_someone_new(program.discord, number) for number in range(ANSWERS)]
        await press_button(program.discord.find_person("mod"), answers[0].answer, "👍")
        if request.param:
            await program.kill()
            await program.start()
        yield Scene(discord=program.discord, answers=iter(answers))


async def ask_someone_new(discord: LocalDiscord, number: int) -> ShownAnswer:
    """Have a new person ask, by a mention and by a command in turn."""
    asker, general = add_member(discord), discord.find_channel("general")
    if number % 2:
        answer = await ask_by_command(asker, general, river.DATED_QUESTION, visible=True)
    else:
        answer = await ask_by_mention(discord, asker, general, river.DATED_QUESTION)
    return ShownAnswer(asker=asker, answer=answer, form=await asker.press(answer, "Follow up"))


@pytest.fixture
def discord(scene: Scene) -> LocalDiscord:
    return scene.discord


@pytest.fixture
def shown_answer(scene: Scene) -> ShownAnswer:
    return next(scene.answers)


async def test_more_shows_the_excerpts_that_follow(shown_answer: ShownAnswer) -> None:
    more = await press_button(shown_answer.asker, shown_answer.answer, "More")

    text = read(shown_answer.answer) + read(more)
    assert [text.count(quote) for quote in river.QUOTES.values()] == [1, 1, 1, 1, 1]


async def test_more_of_an_answer_that_one_person_sees_is_for_them_alone(
    discord: LocalDiscord,
) -> None:
    asker, general = add_member(discord), discord.find_channel("general")
    answer = await ask_by_command(asker, general, river.QUESTION, visible=False)

    more = await press_button(asker, answer, "More")

    assert (answer.only_for, more.only_for) == (asker.id, asker.id)


async def test_in_context_shows_the_paragraphs_around_to_who_pressed(
    discord: LocalDiscord, shown_answer: ShownAnswer
) -> None:
    bo = discord.find_person("bo")

    context = await press_button(bo, shown_answer.answer, "In context")

    assert "Rain fell on Fulda for days." in read(context)
    assert river.QUOTES["fulda"] in read(context)
    assert "Then it was dry." in read(context)
    assert context.only_for == bo.id


async def test_why_this_tells_the_articles_own_words_to_who_pressed(
    discord: LocalDiscord, shown_answer: ShownAnswer
) -> None:
    bo = discord.find_person("bo")

    why = await press_button(bo, shown_answer.answer, "Why this?")

    assert "This excerpt was chosen because its passage contains “" in read(why)
    assert "“river”" in read(why)
    assert "  score\n" in read(why)
    assert "Flood in Fulda · The Herald" in read(why)
    assert why.only_for == bo.id


async def test_a_form_that_was_opened_is_answered_for_the_same_dates(
    shown_answer: ShownAnswer,
) -> None:
    sent = await shown_answer.asker.submit_modal(
        shown_answer.form, {QUESTION_FIELD: "Who carried paintings?"}
    )

    assert river.DATES in read(shown_answer.answer)
    assert river.DATES in read(await shown_answer.asker.wait_for_answer(sent))


async def test_follow_up_opens_a_form_for_the_same_dates(shown_answer: ShownAnswer) -> None:
    form = await shown_answer.asker.press(shown_answer.answer, "Follow up")

    sent = await shown_answer.asker.submit_modal(form, {QUESTION_FIELD: "Where did ferries stop?"})

    answer = await shown_answer.asker.wait_for_answer(sent)
    assert river.DATES in read(answer)
    assert river.QUOTES["cologne"] in read(answer)


async def test_each_person_has_one_vote_on_an_excerpt_and_can_take_it_back(
    discord: LocalDiscord, shown_answer: ShownAnswer
) -> None:
    bo = discord.find_person("bo")

    replies = [
        read(await press_button(person, shown_answer.answer, button))
        for person, button in [(bo, "👍"), (shown_answer.asker, "👎"), (bo, "👎"), (bo, "👎")]
    ]

    counts = ["2 👍, 0 👎", "2 👍, 1 👎", "1 👍, 2 👎", "1 👍, 1 👎"]
    assert [reply.partition("Votes: ")[2] for reply in replies] == [f"{count}." for count in counts]


async def test_delete_removes_the_answer_for_the_asker(
    discord: LocalDiscord, shown_answer: ShownAnswer
) -> None:
    await shown_answer.asker.press(shown_answer.answer, "Delete")

    await discord.wait_for(lambda: shown_answer.answer.id not in discord.world.messages)


async def test_delete_is_refused_to_others(
    discord: LocalDiscord, shown_answer: ShownAnswer
) -> None:
    bo = discord.find_person("bo")

    refusal = await press_button(bo, shown_answer.answer, "Delete")

    assert "Only the person who asked can delete this." in read(refusal)
    assert refusal.only_for == bo.id
    assert shown_answer.answer.id in discord.world.messages


async def test_two_who_press_more_at_once_get_each_their_own(
    discord: LocalDiscord, shown_answer: ShownAnswer
) -> None:
    bo = discord.find_person("bo")

    theirs, own = await asyncio.gather(
        press_button(bo, shown_answer.answer, "More"),
        press_button(shown_answer.asker, shown_answer.answer, "More"),
    )

    assert (theirs.only_for, own.only_for) == (bo.id, None)
    assert river.QUOTES["bremen"] in read(theirs)
    assert river.QUOTES["bremen"] in read(own)


async def test_commands_are_registered_once(discord: LocalDiscord) -> None:
    path = f"/applications/{discord.world.application_id}/commands"

    assert [
        exchange.status
        for exchange in discord.world.exchanges
        if (exchange.method, exchange.path) == ("PUT", path)
    ] == [200]


async def test_buttons_and_forms_of_an_answer_that_is_no_longer_kept_say_so(
    tmp_path: Path,
) -> None:
    async with start_program(tmp_path) as program:
        old = await ask_someone_new(program.discord, 0)
        await program.kill()
        await program.start("--as-of", "2040-01-01")

        replies = [await press_button(old.asker, old.answer, button) for button in EVERY_BUTTON]
        sent = await old.asker.submit_modal(old.form, {QUESTION_FIELD: "Where did ferries stop?"})
        replies.append(await old.asker.wait_for_answer(sent))

    for message in replies:
        assert "This result has expired. Ask or search again." in read(message)
        assert "To ask me something, " in read(message)
        assert message.only_for == old.asker.id
