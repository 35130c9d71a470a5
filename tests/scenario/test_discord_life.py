"""The bot as a process: how it starts, shows that it is alive, takes news in, and ends."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.life import heartbeats
from bot.local_discord import gateway
from bot.local_discord.server import LocalDiscord
from bot.local_discord.values import Message
from tests.builders import a_text_file
from tests.scenario import river
from tests.scenario.starting import (
    ANSWER_SECONDS,
    Program,
    a_member,
    directed,
    mention,
    mentioned,
    prepared,
    pressed,
    read,
    slashed,
    started,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEWS = "The lighthouse of Brest was repainted."
NEWS_SECONDS = 2.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    async with started(tmp_path_factory.mktemp("life")) as program:
        yield program


async def is_told(discord: LocalDiscord, question: str, said: str) -> bool:
    """Whether the answer to someone new says this."""
    return said in read(await slashed(a_member(discord), discord.channel("general"), question))


async def test_an_article_ingested_meanwhile_is_answered_from_within_2_s(
    program: Program, tmp_path: Path
) -> None:
    path = a_text_file(tmp_path / "lighthouse.txt", NEWS)
    question = "lighthouse repainted"
    before = await is_told(program.discord, question, NEWS)

    code = await program.run("ingest", str(path))
    until = time.perf_counter() + NEWS_SECONDS
    while not (found := await is_told(program.discord, question, NEWS)):
        if time.perf_counter() > until:
            break

    assert (before, code, found) == (False, 0, True)


async def test_an_article_removed_meanwhile_is_shown_no_more(program: Program) -> None:
    discord = program.discord
    asker = a_member(discord)
    answer = await slashed(asker, discord.channel("general"), river.DATED_QUESTION)

    code = await program.run("remove", "fulda", "--reason", "it was wrong")
    told = await pressed(asker, answer, "In context")

    assert code == 0
    assert river.TOLD["fulda"] in read(answer)
    assert "The article that this excerpt quotes has been taken back since." in read(told)
    assert told.only_for == asker.id


async def test_a_second_run_on_the_data_folder_is_refused_and_the_first_goes_on(
    program: Program,
) -> None:
    before = program.log

    code = await program.run("run")

    said = program.log.removeprefix(before)
    assert code == 1
    assert said.count("dateline: ") == 1
    assert f"Another dateline run uses the data folder {program.data_dir}" in said
    assert await is_told(program.discord, river.QUESTION, river.TOLD["erfurt"])


async def test_a_bot_is_well_until_it_is_killed(tmp_path: Path) -> None:
    async with started(tmp_path) as program:
        running = await program.run("health")
        await program.kill()
        killed = await program.run("health")

    assert (running, killed) == (0, 1)
    assert (program.data_dir / heartbeats.FILE_NAME).exists()
    assert "No bot runs on this data folder." in program.log


async def test_a_bot_whose_heart_stands_still_is_not_well(tmp_path: Path) -> None:
    async with started(tmp_path) as program:
        program.send(signal.SIGSTOP)
        age(program.data_dir / heartbeats.FILE_NAME, heartbeats.MAX_SILENCE)
        code = await program.run("health")
        await program.kill()

    assert code == 1
    assert (
        "The bot is not well; it is silent in: alerts, corpus, digests, gateway, purge."
        in program.log
    )


def age(path: Path, by: timedelta) -> None:
    """Turns the heartbeats back."""
    beats = json.loads(path.read_text(encoding="utf-8"))
    earlier = {name: str(datetime.fromisoformat(at) - by) for name, at in beats.items()}
    path.write_text(json.dumps(earlier), encoding="utf-8")


@pytest.mark.parametrize(
    ("token", "said"),
    [("wrong", "DISCORD_TOKEN: the token: Discord does not take it"), ("", "DISCORD_TOKEN")],
    ids=["wrong", "missing"],
)
async def test_a_token_that_opens_nothing_is_told_in_one_sentence(
    tmp_path: Path, token: str, said: str
) -> None:
    async with prepared(tmp_path, settings={"DISCORD_TOKEN": token}) as program:
        code = await program.run("run")

        assert code == 2
        assert_one_sentence(program.log, said)


async def test_intents_that_discord_does_not_allow_are_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "PRIVILEGED", gateway.GUILD_MESSAGES)
    async with prepared(tmp_path) as program:
        code = await program.run("run")

        assert code == 2
        assert_one_sentence(program.log, "intents")


async def test_a_discord_that_is_not_there_is_told_in_one_sentence(tmp_path: Path) -> None:
    nowhere = {"DATELINE_DISCORD__API_URL": "http://127.0.0.1:9/api/v10"}
    async with prepared(tmp_path, settings=nowhere) as program:
        code = await program.run("run")

        assert code == 1
        assert_one_sentence(program.log, "can't be reached")


def assert_one_sentence(log: str, said: str) -> None:
    """The last line of the log says this to the operator, and no other line does."""
    *before, last = log.splitlines()
    assert last.startswith("dateline: ")
    assert said in last
    assert not [line for line in before if "[info " not in line]


async def test_an_answer_under_way_is_given_before_the_bot_stops(tmp_path: Path) -> None:
    async with started(tmp_path) as program:
        discord = program.discord
        general = discord.channel("general")
        discord.faults.delay(0.5, "POST /channels/*/messages")
        asked = await asked_just_now(discord)

        program.send(signal.SIGTERM)
        code, health = await program.exit_code(), await program.run("health")

    assert (code, health) == (0, 1)
    assert [m.reply_to for m in discord.messages(general)] == [None, asked.id]
    assert "Traceback" not in program.log


async def test_a_bot_whose_answer_takes_too_long_stops_within_5_s(tmp_path: Path) -> None:
    async with started(tmp_path) as program:
        program.discord.faults.delay(60, "POST /channels/*/messages")
        await asked_just_now(program.discord)

        program.send(signal.SIGINT)
        code = await program.exit_code()

    assert code == 0
    assert "Traceback" not in program.log


async def asked_just_now(discord: LocalDiscord) -> Message:
    """A question that the bot has begun to answer."""
    asked = a_member(discord).post(
        discord.channel("general"), f"{mention(discord)} {river.QUESTION}"
    )
    await discord.wait_for(lambda: discord.world.typed, ANSWER_SECONDS)
    return asked


async def test_each_shard_answers_in_its_guilds(tmp_path: Path) -> None:
    async with prepared(tmp_path, shards=2) as program:
        await program.start()
        discord = program.discord
        asker = a_member(discord)

        answers = await asyncio.gather(
            mentioned(discord, asker, discord.channel("general", "Harbour"), river.QUESTION),
            mentioned(discord, asker, discord.channel("general", "Lighthouse"), river.QUESTION),
            directed(asker, river.QUESTION),
        )

    assert all(river.TOLD["fulda"] in read(answer) for answer in answers)
