"""Time of autocomplete suggestions while a person types.

Usage: `python -m tests.benchmarks.autocomplete`.

The library has 100 000 made articles of 40 sources over 20 years. The bot, Discord and the person
share one process, so the times cover the whole way from a key press to the choices shown. The table
also gives the longest time in which the event loop could do nothing else. A loop of plain additions
is timed in the same run, to compare machines.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.discord_ui.client import HEARTBEAT_PARTS, Client
from bot.discord_ui.context import BotContext
from bot.local_discord.server import LocalDiscord
from bot.lookups.catalogue import Catalogue
from bot.model.article import Article
from bot.runtime.heartbeats import start_heartbeats
from bot.runtime.pseudonyms import Pseudonymizer
from bot.wiring import build_deliveries
from tests.benchmarks.search import measure_yardstick_ms
from tests.builders import NOON, an_app, an_article, seed_articles
from tests.local_discord.connections import UNLIMITED_WINDOWS, connect, point_discord_py_at

ARTICLES = 100_000
SOURCES = 40
DAYS = 20 * 365
ROUNDS = 20
AT_ONCE = 5_000
LAST_DAY = date(2026, 3, 1)
_SEED = 1935

TYPED = (
    *(("article", "title", typed) for typed in ("", "a", "agree", "agreement contract", "2 mar")),
    ("article", "title", "2 march 2019 courier 7"),
    ("article", "title", "2019-03"),
    ("article", "title", "anthropic openai pentagon 2011"),
    ("article", "title", "courier zyxomma"),
    ("article", "title", "🌊 نهر"),
    ("article", "title", "nothing of the kind"),
    *(("on", "date", typed) for typed in ("", "2 m", "march 2019", "last year")),
    *(("latest", "source", typed) for typed in ("", "courier 1", "nothing")),
)
"""A command, its option, and the text typed into it."""

WHILE_MADE = ("article", "title", "agreement contract")
"""The text typed while the catalogue is rebuilt."""


def make_articles() -> Iterator[Article]:
    """Yield articles with titles of 6 to 14 consecutive words of the seeds."""
    chance = np.random.default_rng(_SEED)
    words = [word for article in seed_articles() for word in article.body.split()]
    for number in range(ARTICLES):
        start = int(chance.integers(len(words) - 14))
        title = " ".join(words[start : start + int(chance.integers(6, 15))])
        yield an_article(
            f"{title}.",
            id=f"article-{number}",
            title=f"{title} 🌊 نهر" if number % 1_000 == 0 else title,
            source=f"The Courier {int(chance.integers(SOURCES))}",
            published_on=LAST_DAY - timedelta(days=int(chance.integers(DAYS))),
        )


@asynccontextmanager
async def open_place(folder: Path) -> AsyncIterator[tuple[LocalDiscord, BotContext]]:
    """Run the bot with its catalogue in a local Discord."""
    async with (
        an_app(folder, DATELINE_LIBRARY__SEEDS="false") as app,
        LocalDiscord.start(windows=UNLIMITED_WINDOWS) as local,
        start_heartbeats(folder, HEARTBEAT_PARTS, NOON) as heartbeats,
    ):
        made = make_articles()
        while batch := list(islice(made, AT_ONCE)):
            await app.articles.put(batch, NOON)
        await app.index.refresh()
        context = BotContext(app.services, Pseudonymizer.from_folder(folder))
        context.catalogue = Catalogue.from_articles(await app.index.get_articles())
        with point_discord_py_at(local):
            async with connect(Client(context, heartbeats, partial(build_deliveries, app)), local):
                yield local, context


async def measure_longest_block_ms(until: asyncio.Event) -> float:
    """Return the longest time in which the event loop did nothing else."""
    longest, before = 0.0, time.perf_counter()
    while not until.is_set():
        await asyncio.sleep(0)
        longest, before = max(longest, time.perf_counter() - before), time.perf_counter()
    return 1000 * longest


async def measure_row(local: LocalDiscord, command: str, option: str, typed: str) -> list[str]:
    """Measure one text, and return the results as cells."""
    times, person, general = [], local.find_person("anna"), local.find_channel("general")
    done = asyncio.Event()
    watching = asyncio.create_task(measure_longest_block_ms(done))
    for _ in range(ROUNDS):
        began = time.perf_counter()
        choices = await person.autocomplete(command, option, typed, channel=general)
        times.append(1000 * (time.perf_counter() - began))
    done.set()
    return [
        *(f"/{command} {option}", typed, str(len(choices))),
        *(f"{ms:.1f}" for ms in (statistics.median(times), max(times), await watching)),
    ]


async def measure_all(folder: Path) -> Table:
    """Return the table of all measurements."""
    head = ("option", "typed", "choices", "median ms", "worst ms", "blocked ms")
    async with open_place(folder) as (local, context):
        began = time.perf_counter()
        catalogue = Catalogue.from_articles(context.catalogue.articles)
        seconds = time.perf_counter() - began
        parts = (catalogue.places, catalogue.days, catalogue.line_starts)
        megabytes = (len(catalogue.lines) + sum(part.nbytes for part in parts)) / 1e6
        title = f"{ARTICLES:,} articles; catalogue of {megabytes:.0f} MB made in {seconds:.1f} s"
        table = Table(*head, title=title)
        for command, option, typed in TYPED:
            table.add_row(*await measure_row(local, command, option, typed))
        making = asyncio.create_task(
            asyncio.to_thread(Catalogue.from_articles, context.catalogue.articles)
        )
        table.add_row(*await measure_row(local, *WHILE_MADE), end_section=True)
        await making
    table.caption = "In the last row the catalogue is rebuilt at the same time."
    return table


def main() -> None:
    """Measure in a temporary folder and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        table = asyncio.run(measure_all(Path(folder)))
    Console(width=100).print(
        table, f"a million additions: {measure_yardstick_ms():.0f} ms", sep="\n"
    )


if __name__ == "__main__":
    main()
