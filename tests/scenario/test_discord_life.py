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
    START_SECONDS,
    Play,
    Program,
    Scene,
    add_member,
    ask_by_command,
    ask_by_mention,
    ask_directly,
    mention_bot,
    play_side_by_side,
    prepare_program,
    press_button,
    read,
    start_program,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEWS = "The lighthouse of Brest was repainted."
NEWS_SECONDS = 2.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    async with start_program(tmp_path_factory.mktemp("life")) as program:
        yield program


async def is_answered(discord: LocalDiscord, question: str, quote: str) -> bool:
    """Return whether someone new is answered with this quote."""
    general = discord.find_channel("general")
    return quote in read(await ask_by_command(add_member(discord), general, question))


async def test_an_article_ingested_meanwhile_is_answered_from_within_2_s(
    program: Program, tmp_path: Path
) -> None:
    path = a_text_file(tmp_path / "lighthouse.txt", NEWS)
    question = "lighthouse repainted"
    before = await is_answered(program.discord, question, NEWS)

    code = await program.run("ingest", str(path))
    until = time.perf_counter() + NEWS_SECONDS
    while not (found := await is_answered(program.discord, question, NEWS)):
        if time.perf_counter() > until:
            break

    assert (before, code, found) == (False, 0, True)


async def test_an_article_removed_meanwhile_is_shown_no_more(program: Program) -> None:
    discord = program.discord
    asker = add_member(discord)
    answer = await ask_by_command(asker, discord.find_channel("general"), river.DATED_QUESTION)

    code = await program.run("remove", "fulda", "--reason", "it was wrong")
    refusal = await press_button(asker, answer, "In context")

    assert code == 0
    assert river.QUOTES["fulda"] in read(answer)
    assert "The article that this excerpt quotes has been withdrawn." in read(refusal)
    assert refusal.only_for == asker.id


async def test_a_second_run_on_the_data_folder_is_refused_and_the_first_goes_on(
    program: Program,
) -> None:
    before = program.log

    code = await program.run("run")

    log = program.log.removeprefix(before)
    assert code == 1
    assert log.count("error: ") == 1
    assert f"the data folder {program.data_dir}" in log
    assert await is_answered(program.discord, river.QUESTION, river.QUOTES["erfurt"])


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneResult:
    """The results of a scene: the exit codes of its commands, and the log."""

    program: Program
    codes: tuple[int, ...]
    log: str


def make_result(program: Program, *codes: int) -> SceneResult:
    return SceneResult(program=program, codes=codes, log=program.log)


async def kill(folder: Path) -> SceneResult:
    """Kill the bot, and run `health` before and after."""
    async with start_program(folder) as program:
        code_before = await program.run("health")
        await program.kill()
        return make_result(program, code_before, await program.run("health"))


async def halt(folder: Path) -> SceneResult:
    """Stop the bot's process with SIGSTOP, and run `health`."""
    async with start_program(folder) as program:
        program.send(signal.SIGSTOP)
        code = 0
        async with asyncio.timeout(START_SECONDS):
            while code == 0:  # until it stops, it may write its heartbeats once more
                make_older(program.data_dir / heartbeats.HEARTBEATS_FILE, heartbeats.MAX_SILENCE)
                code = await program.run("health")
        await program.kill()
        return make_result(program, code)


def make_older(path: Path, by: timedelta) -> None:
    """Set the heartbeats back."""
    beats = json.loads(path.read_text(encoding="utf-8"))
    earlier = {name: str(datetime.fromisoformat(at) - by) for name, at in beats.items()}
    path.write_text(json.dumps(earlier), encoding="utf-8")


async def run_with_a_wrong_token(folder: Path) -> SceneResult:
    return await run_with(folder, DISCORD_TOKEN="wrong")  # noqa: S106 - it opens nothing


async def run_without_a_token(folder: Path) -> SceneResult:
    return await run_with(folder, DISCORD_TOKEN="")


async def stop_without_a_discord(folder: Path) -> SceneResult:
    """Run the bot without a Discord, run `health`, and stop the bot."""
    settings = {"DATELINE_DISCORD__API_URL": "http://127.0.0.1:9/api/v10"}
    async with prepare_program(folder, settings=settings) as program:
        program.begin()
        await program.wait_for_log("Can't connect to Discord, trying again")
        code = await program.run("health")
        program.send(signal.SIGTERM)
        return make_result(program, code, await program.wait_for_exit())


async def stop_while_it_reconnects(folder: Path) -> SceneResult:
    """Stop the bot while its Discord is gone for some time."""
    async with prepare_program(folder) as program:
        await program.start()
        await program.wait_until_ready()
        program.discord.gateway.go_down()
        await program.wait_for_log("Connection to Discord failed")
        code = await program.run("health")
        program.send(signal.SIGTERM)
        return make_result(program, code, await program.wait_for_exit())


async def run_with(folder: Path, **settings: str) -> SceneResult:
    """Run the bot with these settings until it ends by itself."""
    async with prepare_program(folder, settings=settings) as program:
        return make_result(program, await program.run("run"))


async def stop_while_it_answers(folder: Path) -> SceneResult:
    """Stop the bot while it posts an answer, and run `health` afterwards."""
    async with start_program(folder) as program:
        program.discord.faults.delay(0.5, "POST /channels/*/messages")
        await ask_and_wait_for_typing(program.discord)

        program.send(signal.SIGTERM)
        return make_result(program, await program.wait_for_exit(), await program.run("health"))


async def stop_while_it_waits(folder: Path) -> SceneResult:
    """Stop the bot while Discord delays its answer for a minute."""
    async with start_program(folder) as program:
        program.discord.faults.delay(60, "POST /channels/*/messages")
        await ask_and_wait_for_typing(program.discord)

        program.send(signal.SIGINT)
        return make_result(program, await program.wait_for_exit())


async def ask_and_wait_for_typing(discord: LocalDiscord) -> None:
    """Have somebody ask a question, and wait until the bot has begun to answer it."""
    add_member(discord).post(
        discord.find_channel("general"), f"{mention_bot(discord)} {river.QUESTION}"
    )
    await discord.wait_for(lambda: discord.world.typing_channel_ids, ANSWER_SECONDS)


async def ask_two_shards(folder: Path) -> tuple[Message, ...]:
    """Ask a bot with two shards in each server and in direct messages."""
    async with prepare_program(folder, shards=2) as program:
        await program.start()
        discord = program.discord
        asker = add_member(discord)

        return await asyncio.gather(
            ask_by_mention(
                discord, asker, discord.find_channel("general", "Harbour"), river.QUESTION
            ),
            ask_by_mention(
                discord, asker, discord.find_channel("general", "Lighthouse"), river.QUESTION
            ),
            ask_directly(asker, river.QUESTION),
        )


SCENES: tuple[Scene[object], ...] = (
    kill,
    halt,
    run_with_a_wrong_token,
    run_without_a_token,
    stop_without_a_discord,
    stop_while_it_reconnects,
    stop_while_it_answers,
    stop_while_it_waits,
    ask_two_shards,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    async with play_side_by_side(tmp_path_factory.mktemp("lives"), *SCENES) as play:
        yield play


async def test_a_bot_is_well_until_it_is_killed(play: Play) -> None:
    scene = await play(kill)

    assert scene.codes == (0, 1)
    assert (scene.program.data_dir / heartbeats.HEARTBEATS_FILE).exists()
    assert "error: no bot is running on this data folder." in scene.log


async def test_a_bot_whose_heart_stands_still_is_not_well(play: Play) -> None:
    scene = await play(halt)

    assert scene.codes == (1,)
    assert "not responding: alerts, corpus, digests, gateway, purge. " in scene.log


@pytest.mark.parametrize(
    ("scene", "code", "sentence"),
    [
        (run_with_a_wrong_token, 2, "the token in DISCORD_TOKEN. Discord rejects it"),
        (run_without_a_token, 2, "DISCORD_TOKEN"),
    ],
)
async def test_a_problem_that_stops_the_bot_is_reported_in_one_sentence(
    play: Play, scene: Scene[SceneResult], code: int, sentence: str
) -> None:
    result = await play(scene)

    assert result.codes == (code,)
    assert_one_sentence(result.log, sentence)


@pytest.mark.parametrize(
    ("scene", "line"),
    [
        (stop_without_a_discord, "Can't connect to Discord, trying again. Check the network"),
        (stop_while_it_reconnects, "Connection to Discord failed, trying again"),
    ],
)
async def test_a_bot_without_a_connection_goes_on_trying_and_stops_within_5_s(
    play: Play, scene: Scene[SceneResult], line: str
) -> None:
    result = await play(scene)

    assert result.codes == (1, 0)
    assert line in result.log
    assert "error: the bot is running, but it is not connected to Discord's gateway." in result.log
    assert "Traceback" not in result.log
    assert 'File "' not in result.log


async def test_disallowed_intents_are_reported_in_one_sentence(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Those of the scenes that still play would be refused, too.
    await asyncio.gather(*map(play, SCENES), return_exceptions=True)
    monkeypatch.setattr(gateway, "PRIVILEGED_INTENTS", Intent.GUILD_MESSAGES)

    result = await run_with(tmp_path)

    assert result.codes == (2,)
    assert_one_sentence(result.log, "intents")


def assert_one_sentence(log: str, sentence: str) -> None:
    """Assert that the last line of the log says this to the operator, and no other line does."""
    *before, last = log.splitlines()
    assert last.startswith("error: ")
    assert sentence in last
    assert not [line for line in before if "[info " not in line]


async def test_an_answer_under_way_is_given_before_the_bot_stops(play: Play) -> None:
    scene = await play(stop_while_it_answers)

    discord = scene.program.discord
    question, answer = discord.get_messages(discord.find_channel("general"))
    assert scene.codes == (0, 1)
    assert (question.reply_to_id, answer.reply_to_id) == (None, question.id)
    assert "Traceback" not in scene.log


async def test_a_bot_whose_answer_takes_too_long_stops_within_5_s(play: Play) -> None:
    scene = await play(stop_while_it_waits)

    assert scene.codes == (0,)
    assert "Traceback" not in scene.log


async def test_each_shard_answers_in_its_guilds(play: Play) -> None:
    answers = await play(ask_two_shards)

    assert all(river.QUOTES["fulda"] in read(answer) for answer in answers)
