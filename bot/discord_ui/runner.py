"""Running the bot: the run lock, signals and the errors that end the connection."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any

import discord
from discord.http import Route
from pydantic import SecretStr

from bot.errors import DiscordDisconnected, SettingsError
from bot.runtime import logs
from bot.runtime.private_files import is_open_to_others
from bot.runtime.run_lock import hold_run_lock
from bot.settings.settings import Settings
from bot.settings.variables import TOKEN_VARIABLE

# Discord closes the gateway with this code if the token is wrong. Connecting again is pointless.
_BAD_TOKEN_CODE = 4004

# Longer than the client needs to close, and less than the 5 s within which the bot is to stop.
_STOPPING_SECONDS = 4.8

_SWITCH_SECONDS = 0.001
"""How long a thread keeps the interpreter while others wait for it.

An answer to Discord takes the event loop some ten steps, and while threads search, each step waits
this long for each of them. Python's default is 5 ms.
"""

OpenClient = Callable[[], AbstractAsyncContextManager[discord.Client]]
"""Open the services, yield the client that uses them, and close them."""


async def run(settings: Settings, token: SecretStr, open_client: OpenClient) -> None:
    """Run the bot until SIGTERM or Ctrl-C, then close everything within 5 s.

    Raises:
        AlreadyRunning: Another process uses the data folder.
        SettingsError: Discord rejects the token or the intents, or a setting is wrong.
        DiscordDisconnected: Discord has closed the connection for good.
        OSError: The data folder can't be used.
    """
    logs.configure(settings.logs, token=token)
    sys.setswitchinterval(_SWITCH_SECONDS)
    # discord.py logs each attempt to log in, and these are repeated until one succeeds.
    logging.getLogger("discord.client").setLevel(logging.WARNING)
    with hold_run_lock(settings.data_dir):
        if is_open_to_others(settings.data_dir):
            logs.warning("Other users can open the data folder; run chmod 700 on it")
        await _run_until_signalled(_serve(settings, token, open_client))


async def _run_until_signalled(work: Coroutine[Any, Any, None]) -> None:
    loop = asyncio.get_running_loop()
    stop_requested = asyncio.Event()
    # discord.py's own `run` handles no SIGTERM, so a container's stop would skip `close`.
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop_requested.set)
    work_task, signal_task = asyncio.create_task(work), asyncio.create_task(stop_requested.wait())
    try:
        await asyncio.wait({work_task, signal_task}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        signal_task.cancel()
        if not work_task.done():
            logs.info("Stopping")
            work_task.cancel()
            await asyncio.wait({work_task}, timeout=_STOPPING_SECONDS)
    # Raises the error if the connection ended by itself.
    if work_task.done() and not work_task.cancelled():
        work_task.result()


async def _serve(settings: Settings, token: SecretStr, open_client: OpenClient) -> None:
    # discord.py has no option for another address. Tests and `dateline local-discord` need one.
    Route.BASE = settings.discord.api_url
    async with open_client() as client:
        with _translate_errors():
            async with client:
                logs.info("Connecting to Discord")
                await client.start(token.get_secret_value())


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Translate the errors that end the connection for good into ours."""
    try:
        yield
    except discord.LoginFailure as error:
        raise _build_token_error() from error
    except discord.PrivilegedIntentsRequired as error:
        source, key = "the application in Discord", "the gateway intents"
        remedy = (
            "Discord refuses those that Dateline requests. Check the Bot page of the application."
        )
        raise SettingsError(source, key, remedy) from error
    except discord.ConnectionClosed as error:
        if error.code == _BAD_TOKEN_CODE:
            raise _build_token_error() from error
        raise DiscordDisconnected(error.code) from error


def _build_token_error() -> SettingsError:
    remedy = "Discord rejects it. Copy it again from the Bot page of your application."
    return SettingsError(TOKEN_VARIABLE, "the token", remedy)
