"""Starting the bot with Python, as a user does, and stopping it at any moment of its start."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from bot.local_discord.server import TOKEN, LocalDiscord
from tests.builders import PROJECT
from tests.scenario.starting import START_SECONDS

DELAYS_SECONDS = [0.15 * step for step in range(2, 10)]
"""From before the first import of ours to after the connection."""

AGAIN_SECONDS = 20.0
"""After so long a person presses Ctrl-C again."""


async def start_bot(discord: LocalDiscord, folder: Path) -> Process:
    """Start the bot with a data folder; its standard error can be read."""
    environment = {
        **os.environ,
        "DATELINE_DISCORD__API_URL": discord.api_url,
        "DATELINE_DATA_DIR": str(folder),
        "DISCORD_TOKEN": TOKEN,
    }
    command = [sys.executable, "-m", "bot", "run"]
    return await asyncio.create_subprocess_exec(
        *command, cwd=PROJECT, env=environment, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )


async def interrupt(discord: LocalDiscord, folder: Path, delay_seconds: float) -> str:
    """Start the bot, send SIGINT after a delay until it ends, and return its standard error."""
    process = await start_bot(discord, folder)
    output = asyncio.create_task(process.communicate())
    await asyncio.sleep(delay_seconds)
    while not output.done():
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        await asyncio.wait({output}, timeout=AGAIN_SECONDS)
    return (await output)[1].decode()


async def test_the_bot_connects_and_ends_on_sigterm(tmp_path: Path) -> None:
    async with LocalDiscord.start() as discord:
        process = await start_bot(discord, tmp_path / "data")
        await discord.wait_for(lambda: discord.gateway.identify_count > 0, START_SECONDS)
        process.terminate()
        _, output = await process.communicate()

    assert process.returncode == 0
    assert "Traceback" not in output.decode()


async def test_ctrl_c_while_the_bot_starts_leaves_no_traceback(tmp_path: Path) -> None:
    async with LocalDiscord.start() as discord:
        outputs = [
            await interrupt(discord, tmp_path / f"{number}", delay_seconds)
            for number, delay_seconds in enumerate(DELAYS_SECONDS)
        ]

    assert not [
        output
        for output in outputs
        if "Exception in thread" in output or "Event loop is closed" in output
    ]
