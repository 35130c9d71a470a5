"""The command that serves a Discord and lets a person type in it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from itertools import chain
from threading import Thread

from bot.local_discord.server import TOKEN, LocalDiscord
from bot.local_discord.terminal.terminal import Terminal


def format_greeting(discord: LocalDiscord) -> str:
    """Return the text that says how to start the bot with this Discord, and what to do next."""
    return (
        "This is a Discord on your own machine. It needs no account, and nothing leaves the machine.\n"
        "\n"
        "1. In another terminal, start the bot:\n"
        "\n"
        f"   DATELINE_DISCORD__API_URL={discord.api_url} DISCORD_TOKEN={TOKEN} dateline run\n"
        "\n"
        "2. Here, type a message to the bot, such as “@Dateline What did OpenAI agree to?”.\n"
        "   Type help to see everything that you can do, and quit to stop.\n"
    )


async def converse(
    lines: AsyncIterator[str], write: Callable[[str], None], *, port: int = 0
) -> None:
    """Run a Discord until the lines end, and carry out each line as if a person had typed it."""
    async with LocalDiscord.start(port=port) as discord:
        terminal = Terminal(discord.world, write)
        write(format_greeting(discord))
        write(terminal.prompt)
        watcher = asyncio.create_task(terminal.watch())
        async for line in lines:
            if not await terminal.handle_line(line):
                break
        watcher.cancel()
        await asyncio.wait([watcher])


def run(port: int) -> None:
    """Run a Discord until `quit`, the end of the input or Ctrl-C."""
    with suppress(KeyboardInterrupt):
        asyncio.run(converse(_read_lines(), partial(print, flush=True), port=port))


async def _read_lines() -> AsyncIterator[str]:
    """Yield the lines of standard input, read by a thread so that the server is not blocked."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError):  # the loop ended before the input
            for line in chain(sys.stdin, [""]):
                loop.call_soon_threadsafe(queue.put_nowait, line)

    Thread(target=read, daemon=True).start()
    while line := await queue.get():
        yield line.rstrip("\n")
