"""The bot as a process: how it starts, shows that it is alive, takes news in, and ends."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.local_discord.gateway import gateway
from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.constants import Intent
from bot.local_discord.world.records import Message
from bot.runtime import heartbeats
from tests.builders import a_text_file
from tests.scenario import river
from tests.scenario.starting import (
    ANSWER_SECONDS,
    Play,
    Program,
    Scene,
    a_member,
    directed,
    mention,
    mentioned,
    prepared,
    pressed,
    read,
    side_by_side,
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
    return said in read(await slashed(a_member(discord), discord.find_channel("general"), question))


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
    answer = await slashed(asker, discord.find_channel("general"), river.DATED_QUESTION)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What is left of a scene: how its commands ended, in their order, and all that was logged."""

    program: Program
    codes: tuple[int, ...]
    log: str


def ended(program: Program, *codes: int) -> Ended:
    return Ended(program=program, codes=codes, log=program.log)


async def killed(folder: Path) -> Ended:
    """It was asked whether the bot is well, before and after the bot was killed."""
    async with started(folder) as program:
        running = await program.run("health")
        await program.kill()
        return ended(program, running, await program.run("health"))


async def silent(folder: Path) -> Ended:
    """It was asked whether a bot is well that does nothing any more."""
    async with started(folder) as program:
        program.send(signal.SIGSTOP)
        age(program.data_dir / heartbeats.HEARTBEATS_FILE, heartbeats.MAX_SILENCE)
        code = await program.run("health")
        await program.kill()
        return ended(program, code)


def age(path: Path, by: timedelta) -> None:
    """Turns the heartbeats back."""
    beats = json.loads(path.read_text(encoding="utf-8"))
    earlier = {name: str(datetime.fromisoformat(at) - by) for name, at in beats.items()}
    path.write_text(json.dumps(earlier), encoding="utf-8")


async def with_a_wrong_token(folder: Path) -> Ended:
    return await run_with(folder, DISCORD_TOKEN="wrong")  # noqa: S106 - it opens nothing


async def without_a_token(folder: Path) -> Ended:
    return await run_with(folder, DISCORD_TOKEN="")


async def without_a_discord(folder: Path) -> Ended:
    return await run_with(folder, DATELINE_DISCORD__API_URL="http://127.0.0.1:9/api/v10")


async def run_with(folder: Path, **settings: str) -> Ended:
    """The bot was run with these settings, until it ended by itself."""
    async with prepared(folder, settings=settings) as program:
        return ended(program, await program.run("run"))


async def stopped_while_it_answers(folder: Path) -> Ended:
    """The bot was stopped with an answer under way; then it was asked whether it is well."""
    async with started(folder) as program:
        program.discord.faults.delay(0.5, "POST /channels/*/messages")
        await asked_just_now(program.discord)

        program.send(signal.SIGTERM)
        return ended(program, await program.exit_code(), await program.run("health"))


async def stopped_while_it_waits(folder: Path) -> Ended:
    """The bot was stopped with an answer under way that Discord does not take."""
    async with started(folder) as program:
        program.discord.faults.delay(60, "POST /channels/*/messages")
        await asked_just_now(program.discord)

        program.send(signal.SIGINT)
        return ended(program, await program.exit_code())


async def asked_just_now(discord: LocalDiscord) -> None:
    """Somebody asked a question, which the bot has begun to answer."""
    a_member(discord).post(discord.find_channel("general"), f"{mention(discord)} {river.QUESTION}")
    await discord.wait_for(lambda: discord.world.typing_channel_ids, ANSWER_SECONDS)


async def of_two_shards(folder: Path) -> tuple[Message, ...]:
    """The answers of a bot with two shards, in each guild and in direct messages."""
    async with prepared(folder, shards=2) as program:
        await program.start()
        discord = program.discord
        asker = a_member(discord)

        return await asyncio.gather(
            mentioned(discord, asker, discord.find_channel("general", "Harbour"), river.QUESTION),
            mentioned(
                discord, asker, discord.find_channel("general", "Lighthouse"), river.QUESTION
            ),
            directed(asker, river.QUESTION),
        )


SCENES: tuple[Scene[object], ...] = (
    killed,
    silent,
    with_a_wrong_token,
    without_a_token,
    without_a_discord,
    stopped_while_it_answers,
    stopped_while_it_waits,
    of_two_shards,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    async with side_by_side(tmp_path_factory.mktemp("lives"), *SCENES) as play:
        yield play


async def test_a_bot_is_well_until_it_is_killed(play: Play) -> None:
    scene = await play(killed)

    assert scene.codes == (0, 1)
    assert (scene.program.data_dir / heartbeats.HEARTBEATS_FILE).exists()
    assert "No bot runs on this data folder." in scene.log


async def test_a_bot_whose_heart_stands_still_is_not_well(play: Play) -> None:
    scene = await play(silent)

    assert scene.codes == (1,)
    assert (
        "The bot is not well; it is silent in: alerts, corpus, digests, gateway, purge."
        in scene.log
    )


@pytest.mark.parametrize(
    ("scene", "code", "said"),
    [
        (with_a_wrong_token, 2, "DISCORD_TOKEN: the token: Discord does not take it"),
        (without_a_token, 2, "DISCORD_TOKEN"),
        (without_a_discord, 1, "can't be reached"),
    ],
)
async def test_what_keeps_the_bot_from_its_work_is_told_in_one_sentence(
    play: Play, scene: Scene[Ended], code: int, said: str
) -> None:
    seen = await play(scene)

    assert seen.codes == (code,)
    assert_one_sentence(seen.log, said)


async def test_intents_that_discord_does_not_allow_are_told_in_one_sentence(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Those of the scenes that still play would be refused, too.
    await asyncio.gather(*map(play, SCENES), return_exceptions=True)
    monkeypatch.setattr(gateway, "PRIVILEGED_INTENTS", Intent.GUILD_MESSAGES)

    seen = await run_with(tmp_path)

    assert seen.codes == (2,)
    assert_one_sentence(seen.log, "intents")


def assert_one_sentence(log: str, said: str) -> None:
    """The last line of the log says this to the operator, and no other line does."""
    *before, last = log.splitlines()
    assert last.startswith("dateline: ")
    assert said in last
    assert not [line for line in before if "[info " not in line]


async def test_an_answer_under_way_is_given_before_the_bot_stops(play: Play) -> None:
    scene = await play(stopped_while_it_answers)

    discord = scene.program.discord
    asked, answer = discord.get_messages(discord.find_channel("general"))
    assert scene.codes == (0, 1)
    assert (asked.reply_to, answer.reply_to) == (None, asked.id)
    assert "Traceback" not in scene.log


async def test_a_bot_whose_answer_takes_too_long_stops_within_5_s(play: Play) -> None:
    scene = await play(stopped_while_it_waits)

    assert scene.codes == (0,)
    assert "Traceback" not in scene.log


async def test_each_shard_answers_in_its_guilds(play: Play) -> None:
    answers = await play(of_two_shards)

    assert all(river.TOLD["fulda"] in read(answer) for answer in answers)
