"""Failures around the bot: connections, requests, answers and the database."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.world import Exchange
from tests.scenario import river
from tests.scenario.starting import (
    ANSWER_SECONDS,
    Program,
    add_member,
    ask_by_command,
    ask_by_mention,
    hide_shown_answers,
    mention_bot,
    read,
    start_program,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

MESSAGES = "POST /channels/*/messages"
FIRST_ANSWERS = "POST /interactions/*"
LAST_ANSWERS = "PATCH /webhooks/*"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    async with start_program(tmp_path_factory.mktemp("failures")) as program:
        yield program


@pytest.fixture
def discord(program: Program) -> LocalDiscord:
    return program.discord


async def test_a_question_asked_while_the_connection_is_down_is_answered(
    discord: LocalDiscord,
) -> None:
    asker, general = add_member(discord), discord.find_channel("general")
    identify_count, resume_count = discord.gateway.identify_count, discord.gateway.resume_count

    discord.gateway.drop_connections()
    question = asker.post(general, f"{mention_bot(discord)} {river.QUESTION}")
    answer = await asker.wait_for_reply(question, timeout=ANSWER_SECONDS)

    assert river.QUOTES["fulda"] in read(answer)
    assert (discord.gateway.identify_count, discord.gateway.resume_count) == (
        identify_count,
        resume_count + 1,
    )
    assert [message.reply_to_id for message in discord.get_messages(general)].count(
        question.id
    ) == 1


async def test_a_question_asked_during_a_requested_reconnect_is_answered(
    discord: LocalDiscord,
) -> None:
    discord.gateway.ask_to_reconnect()

    answer = await ask_by_mention(
        discord, add_member(discord), discord.find_channel("general"), river.QUESTION
    )

    assert river.QUOTES["fulda"] in read(answer)


async def test_a_bot_with_a_lost_session_answers_in_a_new_one(discord: LocalDiscord) -> None:
    identify_count = discord.gateway.identify_count

    discord.gateway.invalidate_sessions()
    await discord.wait_for(lambda: discord.gateway.identify_count > identify_count, ANSWER_SECONDS)
    answer = await ask_by_mention(
        discord, add_member(discord), discord.find_channel("general"), river.QUESTION
    )

    assert river.QUOTES["fulda"] in read(answer)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_mention_is_answered_although_discord_fails_once(
    discord: LocalDiscord, status: int
) -> None:
    discord.faults.fail_with(status, MESSAGES)

    answer = await ask_by_mention(
        discord, add_member(discord), discord.find_channel("general"), river.QUESTION
    )

    assert river.QUOTES["fulda"] in read(answer)


@pytest.mark.parametrize(
    ("status", "route"),
    [(429, FIRST_ANSWERS), (429, LAST_ANSWERS), (500, FIRST_ANSWERS), (503, LAST_ANSWERS)],
)
async def test_a_command_is_answered_although_discord_fails_once(
    discord: LocalDiscord, status: int, route: str
) -> None:
    discord.faults.fail_with(status, route)

    answer = await ask_by_command(
        add_member(discord), discord.find_channel("general"), river.QUESTION
    )

    assert river.QUOTES["fulda"] in read(answer)


@pytest.mark.parametrize("route", [FIRST_ANSWERS, LAST_ANSWERS], ids=["first", "last"])
async def test_a_command_is_answered_although_word_of_it_is_lost(
    discord: LocalDiscord, route: str
) -> None:
    discord.faults.drop_response(route)

    answer = await ask_by_command(
        add_member(discord), discord.find_channel("general"), river.QUESTION
    )

    assert river.QUOTES["fulda"] in read(answer)


async def test_an_answer_with_a_lost_response_is_posted_once(discord: LocalDiscord) -> None:
    asker, general = add_member(discord), discord.find_channel("general")
    path = f"/channels/{general.id}/messages"
    discord.faults.drop_response(MESSAGES)
    before = len(find_posts(discord, path))

    question = asker.post(general, f"{mention_bot(discord)} {river.QUESTION}")
    await discord.wait_for(lambda: len(find_posts(discord, path)) == before + 2, ANSWER_SECONDS)

    assert [message.reply_to_id for message in discord.get_messages(general)].count(
        question.id
    ) == 1


async def test_a_failing_database_shows_the_error_id_of_the_log(
    program: Program,
) -> None:
    discord = program.discord
    asker, general = add_member(discord), discord.find_channel("general")

    with hide_shown_answers(program):
        failure = await ask_by_mention(discord, asker, general, river.QUESTION)
    again = await ask_by_mention(discord, asker, general, river.QUESTION)

    sentence, _, error_id = read(failure).rstrip(".").rpartition(" ")
    assert sentence.startswith("I can't read the library right now. ")
    assert f"error_id={error_id}" in program.log
    assert river.QUOTES["fulda"] in read(again)


def find_posts(discord: LocalDiscord, path: str) -> list[Exchange]:
    """Return the requests that posted to this path."""
    return [
        exchange
        for exchange in discord.world.exchanges
        if (exchange.method, exchange.path) == ("POST", path)
    ]
