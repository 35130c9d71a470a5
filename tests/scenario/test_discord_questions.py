"""Asking the bot: every way to, everything that can be typed, many at once."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.constants import MessageFlag
from bot.local_discord.world.records import Message
from tests.builders import an_article
from tests.scenario import river
from tests.scenario.starting import (
    Program,
    add_member,
    ask_by_command,
    ask_by_mention,
    ask_directly,
    mention_bot,
    press_button,
    read,
    start_program,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CROWD = 50
FERRIES = [
    an_article(f"The ferry Skua{number} sank off Brest.", id=f"skua{number}")
    for number in range(CROWD)
]
HOSTILE = (
    "@everyone @here <@&1> <@2> <#3> <t:0:R> </ask:4> the gazette **wrote** __of__ ~~it~~ "
    "||secret|| `code` ```fence``` [a prize](https://evil.example) https://evil.example "
    "\u202eterces\u202c \u2067turned \u202dand never closed."
)
HOSTILE_LINES = "# a heading\n-# small\n> a quote\n>>> to the end\n- a list\n1. a list\n```\n||"
HOSTILE_ARTICLE = an_article(
    f"{HOSTILE}\n\n{HOSTILE_LINES}",
    id="gazette",
    title="# @everyone [x](https://evil.example)",
    source="||<@&1>||",
)
HOSTILE_QUESTION = "What of the gazette? @everyone <@&1> ``` ||x|| \u202e"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    articles = (*river.ARTICLES, *FERRIES, HOSTILE_ARTICLE)
    async with start_program(tmp_path_factory.mktemp("questions"), articles) as program:
        yield program


@pytest.fixture
def discord(program: Program) -> LocalDiscord:
    return program.discord


Ask = Callable[[LocalDiscord, str], Awaitable[Message]]


async def by_mention(discord: LocalDiscord, question: str) -> Message:
    return await ask_by_mention(
        discord, add_member(discord), discord.find_channel("general"), question
    )


async def by_direct_message(discord: LocalDiscord, question: str) -> Message:
    return await ask_directly(add_member(discord), question)


async def by_reply(discord: LocalDiscord, question: str) -> Message:
    asker, general = add_member(discord), discord.find_channel("general")
    answer = await ask_by_mention(discord, asker, general, river.QUESTION)
    return await asker.wait_for_reply(asker.post(general, question, reply_to=answer))


async def by_command(discord: LocalDiscord, question: str) -> Message:
    return await ask_by_command(add_member(discord), discord.find_channel("general"), question)


EVERY_WAY = pytest.mark.parametrize("ask", [by_mention, by_direct_message, by_reply, by_command])


@EVERY_WAY
async def test_a_question_is_answered_with_dated_quotes(discord: LocalDiscord, ask: Ask) -> None:
    answer = await ask(discord, river.QUESTION)

    assert MessageFlag.COMPONENTS_V2 in answer.flags
    assert river.QUOTES["fulda"] in read(answer)
    assert "Flood in Fulda · The Herald" in read(answer)
    assert "27 March 2025 · paragraph 2 · receipt " in read(answer)
    assert "https://courier.example/fulda" in [button.url for button in answer.buttons]
    assert not answer.pings


@EVERY_WAY
async def test_a_question_without_an_answer_gets_the_reason(
    discord: LocalDiscord, ask: Ask
) -> None:
    abstention = await ask(discord, river.ABSENT_QUESTION)

    assert "The articles do not answer this." in read(abstention)
    assert "No article contains “zeppelin” or “cost”." in read(abstention)


@pytest.mark.parametrize("ask", [by_mention, by_direct_message])
async def test_the_bot_is_seen_typing(discord: LocalDiscord, ask: Ask) -> None:
    discord.world.typing_channel_ids.clear()

    answer = await ask(discord, river.QUESTION)

    assert answer.channel_id in discord.world.typing_channel_ids


async def test_bounds_of_a_command_keep_other_days_out(discord: LocalDiscord) -> None:
    asker, general = add_member(discord), discord.find_channel("general")

    answer = await ask_by_command(
        asker, general, river.QUESTION, after="1 March 2025", before="2025-03-05"
    )

    assert river.QUOTES["cologne"] in read(answer)
    assert "March 2025" in read(answer)
    assert "Fulda" not in read(answer)


async def test_a_source_is_offered_while_it_is_typed_and_kept_to(discord: LocalDiscord) -> None:
    asker, general = add_member(discord), discord.find_channel("general")

    offered = await asker.autocomplete(
        "ask", "source", "her", channel=general, question=river.QUESTION
    )
    answer = await ask_by_command(asker, general, river.QUESTION, source=offered[0]["value"])

    assert [choice["name"] for choice in offered] == ["The Herald"]
    assert "The Herald" in read(answer)
    assert "The Courier" not in read(answer)


@pytest.mark.parametrize("visible", [True, False])
async def test_who_asks_by_command_decides_who_sees_it(
    discord: LocalDiscord, *, visible: bool
) -> None:
    asker, general = add_member(discord), discord.find_channel("general")

    answer = await ask_by_command(asker, general, river.QUESTION, visible=visible)

    assert (answer in discord.find_person("bo").get_visible_messages(general)) is visible


async def test_a_reply_keeps_the_dates_of_the_answer_replied_to(discord: LocalDiscord) -> None:
    asker, general = add_member(discord), discord.find_channel("general")
    first = await ask_by_mention(discord, asker, general, river.DATED_QUESTION)

    second = await asker.wait_for_reply(asker.post(general, river.QUESTION, reply_to=first))

    assert river.DATES in read(first)
    assert river.DATES in read(second)


async def test_a_reply_with_hidden_words_is_answered_with_how_to_ask(discord: LocalDiscord) -> None:
    asker, general = add_member(discord), discord.find_channel("general")
    answer = await ask_by_mention(discord, asker, general, river.QUESTION)

    reply = await asker.wait_for_reply(
        asker.post(general, river.QUESTION, reply_to=answer, mention_author=False)
    )

    assert "/ask" in read(reply)


@pytest.mark.parametrize("ask", [by_mention, by_direct_message, by_command])
@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("🙂🎉", "Emoji can't be searched for"),
        ("кто подписал договор?", "Ask in English, the language of the articles"),
        ("what is it?", "There is nothing to search for"),
    ],
    ids=["emoji", "foreign script", "common words"],
)
async def test_an_unusable_question_is_refused_clearly(
    discord: LocalDiscord, ask: Ask, question: str, sentence: str
) -> None:
    assert sentence in read(await ask(discord, question))


@pytest.mark.parametrize("ask", [by_mention, by_direct_message])
async def test_an_overlong_question_is_refused_with_its_length(
    discord: LocalDiscord, ask: Ask
) -> None:
    reply = await ask(discord, "flood " * 60 + "x")

    assert "This question has 361 characters. Shorten it to 300 or fewer." in read(reply)


async def test_a_bare_mention_is_answered_with_how_to_ask(discord: LocalDiscord) -> None:
    assert "Enter what you want to know" in read(await by_mention(discord, ""))


@EVERY_WAY
async def test_hostile_text_is_shown_as_it_is_and_pings_nobody(
    discord: LocalDiscord, ask: Ask
) -> None:
    answer = await ask(discord, HOSTILE_QUESTION)

    assert strip_direction(HOSTILE) in strip_direction(read(answer))
    assert f"{HOSTILE_ARTICLE.title} · {HOSTILE_ARTICLE.source}" in strip_direction(read(answer))
    assert not answer.pings


async def test_hostile_paragraphs_are_shown_as_they_are_in_context(discord: LocalDiscord) -> None:
    asker, general = add_member(discord), discord.find_channel("general")
    answer = await ask_by_mention(discord, asker, general, HOSTILE_QUESTION)

    context = await press_button(asker, answer, "In context")

    assert strip_direction(HOSTILE_ARTICLE.body) in strip_direction(read(context))
    assert not context.pings


async def test_a_hostile_question_is_repeated_verbatim_without_pings(discord: LocalDiscord) -> None:
    abstention = await by_command(discord, "zeppelin @everyone <@&1> ``` ||x|| [y](https://z)")

    assert "“zeppelin @everyone <@&1> ``` ||x|| [y](https://z)”" in strip_direction(
        read(abstention)
    )
    assert not abstention.pings


def strip_direction(text: str) -> str:
    """Return the text without characters that control its direction."""
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)


async def test_a_rate_limit_is_reported_to_the_asker_alone(discord: LocalDiscord) -> None:
    asker, general = add_member(discord), discord.find_channel("general")
    for _ in range(10):
        await ask_by_command(asker, general, river.QUESTION)

    reply = await ask_by_command(asker, general, river.QUESTION)

    assert re.search(
        r"You sent 10 requests in the last minute \(.+\)\. Try again in \d+ seconds?\.", read(reply)
    )
    assert reply.only_for == asker.id
    assert river.QUOTES["fulda"] in read(await by_command(discord, river.QUESTION))


async def test_two_guilds_and_direct_messages_are_answered_at_once(discord: LocalDiscord) -> None:
    asker = add_member(discord)
    harbour, lighthouse = (
        discord.find_channel("general", name) for name in ("Harbour", "Lighthouse")
    )

    answers = await asyncio.gather(
        ask_by_mention(discord, asker, harbour, "ferry Skua1 sank"),
        ask_by_mention(discord, asker, lighthouse, "ferry Skua2 sank"),
        ask_directly(asker, "ferry Skua3 sank"),
    )

    for number, answer in enumerate(answers, start=1):
        assert FERRIES[number].body in read(answer)


async def test_fifty_people_at_once_get_each_their_own_answer(discord: LocalDiscord) -> None:
    ways = (by_mention, by_direct_message, by_command)
    questions = [f"ferry Skua{number} sank" for number in range(CROWD)]

    answers = await asyncio.gather(
        *(ways[number % len(ways)](discord, question) for number, question in enumerate(questions))
    )

    for ferry, answer in zip(FERRIES, answers, strict=True):
        assert re.findall(r"The ferry Skua\d+ sank off Brest\.", read(answer)) == [ferry.body]


async def test_other_bots_are_not_answered(discord: LocalDiscord) -> None:
    general = discord.find_channel("general")
    theirs = discord.find_person("beep").post(general, f"{mention_bot(discord)} {river.QUESTION}")

    await by_mention(discord, river.QUESTION)

    assert theirs.id not in [message.reply_to_id for message in discord.get_messages(general)]
