"""Time to deliver 10 000 digests that are due in the same minute.

Usage: `python -m tests.benchmarks.deliveries`.

The bot runs in a process of its own; Discord, with its limits enabled, and people who ask meanwhile
run in another. The program prints when the last digest was posted, the highest number of requests
in any second, the number of 429 responses, and the response times of answers before and during the
delivery.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.default_world import add_channel, add_guild
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel
from bot.model.article import Article
from bot.model.subscription import DigestTopic, Subscription
from bot.store.database import DATABASE_FILE, Database
from bot.store.subscriptions import SubscriptionStore
from tests.benchmarks.search import make_articles
from tests.builders import a_json_lines_file, an_app, an_article
from tests.digest.builders import a_subscription
from tests.scenario.starting import Program

DIGESTS = 10_000
CHANNELS_A_GUILD = 100
PEOPLE = 400
ASKED_A_SECOND = 5
QUIET_SECONDS = 20.0
NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
STARTING_SECONDS = 10.0
STARTS_AT = NINE - timedelta(seconds=STARTING_SECONDS + QUIET_SECONDS + 10)
LONGEST_SECONDS = 600.0
ARCHIVE = 1_000
TOWNS = [f"{first}{last}" for first in ("Ober", "Nieder", "Neu", "Alt") for last in (
    "burg", "dorf", "stadt", "heim", "hausen", "feld", "bach", "wald", "berg", "tal",
)]  # fmt: skip


def iter_news() -> Iterator[Article]:
    """Yield the articles added the day before."""
    for number, town in enumerate(TOWNS):
        yield an_article(
            f"In {town} the council voted by {number + 3} to {number} for a new {town.lower()}bridge. "
            f"Building begins in {number + 2} weeks.\n\nIt rained on {town} all day.",
            id=town,
            title=f"{town} gets a bridge",
            source="The Courier",
            published_on=date(2026, 3, 3),
        )


def choose_topics(number: int) -> tuple[DigestTopic, ...]:
    """Return no topic for every third digest, otherwise one or two."""
    chosen = (TOWNS[number % len(TOWNS)], TOWNS[number // 7 % len(TOWNS)])
    return tuple(
        DigestTopic(heading="", query_text=f"{town} bridge") for town in chosen[: number % 3]
    )


def iter_digests(channels: Sequence[Channel]) -> Iterator[Subscription]:
    """Yield a digest for each channel, all due within one minute."""
    for number, channel in enumerate(channels):
        yield a_subscription(
            guild=str(channel.guild_id),
            channel=str(channel.id),
            name=channel.name,
            time_of_day=time_of_day(9, 0, number % 60),
            topics=choose_topics(number),
            begins_at=NINE - timedelta(hours=22),
        )


def add_channels(discord: LocalDiscord, count: int) -> list[Channel]:
    """Add channels in new guilds."""
    channels: list[Channel] = []
    for place in range(0, count, CHANNELS_A_GUILD):
        guild = add_guild(discord.world, f"Guild {place}", owner=discord.world.add_user("owner"))
        names = range(min(CHANNELS_A_GUILD, count - place))
        channels += [add_channel(discord.world, guild, f"news-{name}") for name in names]
    return channels


def add_people(discord: LocalDiscord) -> list[Person]:
    """Add people to one guild, who ask in turn."""
    world = discord.world
    users = [world.add_user(f"asker-{number}") for number in range(PEOPLE)]
    discord.find_guild().members.update({user.id: () for user in users})  # type: ignore[attr-defined]
    return [Person(world, user) for user in users]


@asynccontextmanager
async def fill(folder: Path, count: int) -> AsyncIterator[tuple[Program, list[Channel]]]:
    """Create the program with a library and digests, and a Discord with limits."""
    made = [article for article, _ in zip(make_articles(), range(ARCHIVE), strict=False)]
    path = a_json_lines_file(folder / "articles.jsonl", [*made, *iter_news()])
    async with an_app(folder / "data") as app:
        await app.services.library.add_articles([path])
        await app.services.library.refresh_and_save_index()
    async with LocalDiscord.start(shard_count=1) as discord:
        channels = add_channels(discord, count)
        async with Database.open(folder / "data" / DATABASE_FILE) as database:
            store = SubscriptionStore(database)
            for digest in iter_digests(channels):
                await store.add(digest, limit=CHANNELS_A_GUILD)
        program = Program(discord, folder, {})
        try:
            yield program, channels
        finally:
            await program.close()


async def measure_answer(person: Person, channel: Channel) -> float:
    """Return the time of an answer to /ask, from the command to the answer's text."""
    begun = time.perf_counter()
    acted = await person.run_command(
        "ask", channel=channel, question="Which council voted for a bridge?"
    )
    await person.wait_for_answer(acted, timeout=30)
    return time.perf_counter() - begun


async def keep_asking(discord: LocalDiscord, people: deque[Person], seconds: list[float]) -> None:
    """Let people ask ASKED_A_SECOND questions per second, until cancelled."""
    general = discord.find_channel("general")
    at_work: set[asyncio.Task[None]] = set()

    async def ask() -> None:
        people.rotate(1)
        seconds.append(await measure_answer(people[0], general))

    while True:
        task = asyncio.create_task(ask())
        at_work.add(task)
        task.add_done_callback(at_work.discard)
        await asyncio.sleep(1 / ASKED_A_SECOND)


def find_peak_rate(times: Sequence[float]) -> int:
    """Return the highest number of these instants within any second."""
    most, window = 0, deque[float]()
    for at in sorted(times):
        window.append(at)
        while at - window[0] >= 1:
            window.popleft()
        most = max(most, len(window))
    return most


def format_times(name: str, seconds: Sequence[float]) -> str:
    """Return the median, the 99th percentile and the maximum of the times as text."""
    cuts = statistics.quantiles(seconds, n=100)
    return (
        f"{name}: {len(seconds)} answers, median {cuts[49] * 1000:.0f} ms, "
        f"p99 {cuts[98] * 1000:.0f} ms, maximum {max(seconds) * 1000:.0f} ms"
    )


async def find_last_posted(program: Program) -> tuple[int, float]:
    """Return the number of posted digests, and the seconds from nine o'clock to the last."""
    async with Database.open(program.data_dir / DATABASE_FILE) as database:
        ((count, last),) = await database.fetch(
            "SELECT count(*), max(posted_at) FROM deliveries WHERE state = 'posted'"
        )
    return count, (datetime.fromisoformat(last) - NINE).total_seconds() if last else 0.0


async def main(count: int) -> None:
    """Run the benchmark and print the results."""
    with tempfile.TemporaryDirectory() as folder:
        async with fill(Path(folder), count) as (program, channels):
            discord = program.discord
            people, there = deque(add_people(discord)), {channel.id for channel in channels}
            await program.start("--as-of", STARTS_AT.isoformat())
            await asyncio.sleep(STARTING_SECONDS)
            before = await ask_during(discord, people, asyncio.sleep(QUIET_SECONDS))
            all_posted = discord.wait_for(lambda: is_full(discord, there) or None, LONGEST_SECONDS)
            meanwhile = await ask_during(discord, people, all_posted)
            await asyncio.sleep(2)
            print_outcome(program, channels, await find_last_posted(program))
            Console().print(format_times("before", before))
            Console().print(format_times("during the delivery", meanwhile))


async def ask_during(
    discord: LocalDiscord, people: deque[Person], lasts: Awaitable[object]
) -> list[float]:
    """Return the response times of answers while something lasts."""
    seconds: list[float] = []
    task = asyncio.create_task(keep_asking(discord, people, seconds))
    await lasts
    task.cancel()
    return seconds


def is_full(discord: LocalDiscord, channels: set[int]) -> bool:
    """Return whether each of the channels has a message."""
    return len(channels & discord.world.last_message_ids.keys()) == len(channels)


def print_outcome(
    program: Program,
    channels: Sequence[Channel],
    posted: tuple[int, float],
) -> None:
    """Print the results of the delivery."""
    world = program.discord.world
    there = {channel.id for channel in channels}
    sent = [message.sent_at for message in world.messages.values() if message.channel_id in there]
    table = Table("measure", "value")
    table.add_row("digests posted", f"{posted[0]:,}")
    table.add_row("messages", f"{len(sent):,}")
    table.add_row("seconds from nine to the last digest", f"{posted[1]:.1f}")
    table.add_row("most messages within a second", str(find_peak_rate(sent)))
    table.add_row("429 responses", str(sum(exchange.status == 429 for exchange in world.exchanges)))
    Console().print(table)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else DIGESTS))
