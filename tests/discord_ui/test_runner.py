import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from pydantic import SecretStr

from bot.discord_ui.runner import _run_until_signalled, _translate_errors, run
from bot.errors import AlreadyRunning, DiscordDisconnected, SettingsError
from bot.local_discord.server import TOKEN, LocalDiscord
from bot.runtime.clock import read_system_clock
from bot.runtime.heartbeats import check_health
from bot.runtime.run_lock import hold_run_lock
from bot.settings.loading import load_settings
from bot.wiring import serve_bot
from tests.builders import PROJECT
from tests.local_discord.connections import point_discord_py_at


def build_closed_connection(code: int) -> discord.ConnectionClosed:
    socket: Any = SimpleNamespace(close_code=code)
    return discord.ConnectionClosed(socket, shard_id=0)


def translate(error: Exception) -> None:
    with _translate_errors():
        raise error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (discord.LoginFailure(), "Discord rejects it"),
        (build_closed_connection(4004), "Discord rejects it"),
        (discord.PrivilegedIntentsRequired(0), "the gateway intents"),
    ],
    ids=["login", "4004", "intents"],
)
def test_what_the_operator_has_set_wrong_is_a_setting(error: Exception, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        translate(error)


@pytest.mark.parametrize(("mode", "warns"), [(0o700, False), (0o750, True)])
async def test_a_data_folder_that_others_can_open_is_a_warning_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: int, *, warns: bool
) -> None:
    @asynccontextmanager
    async def open_nothing() -> AsyncIterator[discord.Client]:
        raise KeyError
        yield

    os.chmod(tmp_path, mode)  # noqa: PTH101 - a blocking method of Path is refused here
    with pytest.raises(KeyError):
        await run(load_settings(None, tmp_path, {}, PROJECT), SecretStr(TOKEN), open_nothing)

    assert ("run chmod 700" in capsys.readouterr().err) is warns


def test_a_permanently_closed_connection_is_reported_with_its_code() -> None:
    with pytest.raises(DiscordDisconnected) as caught:
        translate(build_closed_connection(4013))

    assert caught.value.code == 4013


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_work_and_lets_it_clean_up(sent: signal.Signals) -> None:
    done: list[str] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), sent)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            done.append("cleaned up")

    await _run_until_signalled(work())

    assert done == ["cleaned up"]


async def test_an_error_that_ends_the_work_is_raised() -> None:
    error = SettingsError("source", "key", "remedy")

    async def work() -> None:
        raise error

    with pytest.raises(SettingsError):
        await _run_until_signalled(work())


async def test_a_run_answers_until_a_signal_comes_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    async with LocalDiscord.start() as local:
        environment = {"DATELINE_DISCORD__API_URL": local.api_url}
        settings = load_settings(None, tmp_path, environment, PROJECT)
        with point_discord_py_at(local):
            working = asyncio.create_task(
                serve_bot(settings, time_source=read_system_clock, token=SecretStr(TOKEN))
            )
            await local.wait_for(lambda: local.gateway.connected_sessions)
            anna = local.find_person("anna")
            answer = await anna.wait_for_reply(anna.send_direct_message("What did Altman say?"))
            well = check_health(tmp_path, read_system_clock()).is_healthy
            os.kill(os.getpid(), signal.SIGTERM)
            await working

    assert "Altman" in answer.text
    assert well
    assert not check_health(tmp_path, read_system_clock()).is_running


async def test_a_data_folder_in_use_is_refused(tmp_path: Path) -> None:
    settings = load_settings(None, tmp_path, {}, PROJECT)

    with hold_run_lock(tmp_path), pytest.raises(AlreadyRunning):
        await serve_bot(settings, time_source=read_system_clock, token=SecretStr(TOKEN))
