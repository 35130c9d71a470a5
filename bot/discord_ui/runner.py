"""The bot from its start to its end."""

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from errno import ENOTCONN
from typing import Any

import discord
from discord.http import Route
from pydantic import SecretStr

from bot.discord_ui.client import PARTS, Client
from bot.discord_ui.context import Desk
from bot.discord_ui.messages.sending import UNREACHABLE
from bot.errors import SettingsError
from bot.runtime import logs
from bot.runtime.clock import Clock, system_clock
from bot.runtime.heartbeats import beating
from bot.runtime.pseudonyms import Pseudonyms
from bot.runtime.run_lock import run_lock
from bot.services import app as running
from bot.settings.settings import TOKEN_VARIABLE, Settings

_BAD_TOKEN = 4004
_STOPPING_SECONDS = 4.8


async def run(settings: Settings, clock: Clock, token: SecretStr) -> None:
    """Answers in Discord until SIGTERM or Ctrl-C; then all is closed within 5 s.

    Raises:
        AlreadyRunning: Another process does so on this data folder.
        SettingsError: Discord does not take the token or the intents, or a setting is wrong.
        StoreError: The database can't be used.
        OSError: Discord can't be reached, or the data folder can't be used.
    """
    logs.set_up(settings.logs, token=token)
    with run_lock(settings.data_dir):
        await _until_signalled(_serve(settings, clock, token))


async def _until_signalled(work: Coroutine[Any, Any, None]) -> None:
    loop = asyncio.get_running_loop()
    signalled = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, signalled.set)
    working, waiting = asyncio.create_task(work), asyncio.create_task(signalled.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not working.done():
        logs.info("Stopping")
        working.cancel()
        await asyncio.wait({working}, timeout=_STOPPING_SECONDS)
    if working.done() and not working.cancelled():
        working.result()


async def _serve(settings: Settings, clock: Clock, token: SecretStr) -> None:
    Route.BASE = settings.discord.api_url
    async with running.opened(settings, clock=clock, notify=logs.info) as app:
        await running.take_seeds(app)
        await running.in_step(app)
        now = system_clock()
        async with beating(settings.data_dir, PARTS, now) as heartbeats:
            desk = Desk(app, Pseudonyms.of_folder(settings.data_dir))
            with _translated(settings):
                async with Client(desk, heartbeats) as client:
                    await client.start(token.get_secret_value())


@contextmanager
def _translated(settings: Settings) -> Iterator[None]:
    """What ends the connection for good, as errors of ours."""
    try:
        yield
    except discord.LoginFailure as error:
        raise _bad_token() from error
    except discord.PrivilegedIntentsRequired as error:
        source, key = "the application in Discord", "the gateway intents"
        remedy = "Discord refuses those that Dateline asks for: check its Bot page."
        raise SettingsError(source, key, remedy) from error
    except discord.ConnectionClosed as error:
        if error.code == _BAD_TOKEN:
            raise _bad_token() from error
        reason = f"Discord closed the connection with the code {error.code}"
        raise ConnectionError(ENOTCONN, reason) from error
    except (discord.HTTPException, discord.GatewayNotFound, *UNREACHABLE) as error:
        reason = f"Discord can't be reached at {settings.discord.api_url}"
        raise ConnectionError(ENOTCONN, reason) from error


def _bad_token() -> SettingsError:
    remedy = "Discord does not take it: copy it anew from the Bot page of your application."
    return SettingsError(TOKEN_VARIABLE, "the token", remedy)
