"""Repeated delivery of digests by real processes under faults.

Run it with `python -m tests.soak.digests [RUNS]`. Each run has its own data folder, a Discord on
loopback and DIGESTS digests due at the same moment, and meets one fault at random times. Clocks
jump ahead between two starts, often by more than the minutes for which Discord remembers a nonce.
At the end each digest must have been posted exactly once.
"""

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.local_discord.world.default_world import add_channel
from bot.local_discord.world.records import Channel
from bot.store.database import DATABASE_FILE, Database
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore
from tests.builders import an_article
from tests.digest.builders import a_subscription
from tests.scenario.starting import Program, prepare_program

DIGESTS = 20
RUNS = 5
MESSAGES = "POST /channels/*/messages"
NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
NEWS = an_article(
    "The lighthouse of Brest was repainted in one night by forty volunteers from the harbour.",
    id="brest",
    published_on=date(2026, 3, 3),
)
SETTLED_SECONDS = 60.0


@dataclass
class Life:
    """The bot in one run.

    Attributes:
        program: The bot's process.
        channels: The channels, with one digest each.
        chance: The random numbers of this run.
        now: The bot's clock at its next start.
        others: Further processes on the same database.
    """

    program: Program
    channels: Sequence[Channel]
    chance: random.Random
    now: datetime = NINE - timedelta(seconds=4)
    others: list[Program] = field(default_factory=list)

    async def start(self, program: Program | None = None) -> None:
        await (program or self.program).start("--as-of", self.now.isoformat())

    async def kill(self) -> None:
        await self.program.kill()
        self.now = max(self.now, NINE)

    async def restart(self) -> None:
        """Start the bot again after 20 seconds to 30 minutes by all clocks, without faults."""
        passed = self.chance.choice((20, 120, 900)) * self.chance.uniform(1, 2)
        self.now += timedelta(seconds=passed)
        self.program.discord.clock.advance(passed)
        self.program.discord.faults.clear()
        await self.start()

    async def wait_for_messages(self, count: int, seconds: float = SETTLED_SECONDS) -> None:
        """Wait until `count` messages have been posted in all channels together."""
        discord = self.program.discord
        await discord.wait_for(lambda: sum(self.count_messages()) >= count or None, seconds)

    def count_messages(self) -> list[int]:
        """Return the number of messages in each channel."""
        return [len(self.program.discord.get_messages(channel)) for channel in self.channels]

    async def count_states(self) -> Counter[str]:
        """Return how many digests are in each delivery state."""
        async with Database.open(self.program.data_dir / DATABASE_FILE) as database:
            deliveries, found = DeliveryStore(database), Counter[str]()
            for digest in await SubscriptionStore(database).find_by_guild(self.guild):
                row = await deliveries.find_by_day(digest.id, NINE.date())
                found[row.state if row else "none"] += 1
        return found

    @property
    def guild(self) -> str:
        return str(self.program.discord.find_guild().id)

    async def settle(self) -> None:
        """Wait until no delivery is open any more."""
        for _ in range(int(SETTLED_SECONDS)):
            states = await self.count_states()
            if not states["none"] + states["claimed"]:
                break
            await asyncio.sleep(1)
        await asyncio.sleep(2)


async def killed_before_the_claim(life: Life) -> None:
    await life.start()
    await asyncio.sleep(life.chance.uniform(0, 2))
    await life.kill()
    await life.restart()


async def killed_between_claim_and_post(life: Life) -> None:
    life.program.discord.faults.fail_with(503, MESSAGES, times=1000)
    await life.start()
    await asyncio.sleep(life.chance.uniform(4.5, 6.5))
    await life.kill()
    await life.restart()


async def killed_between_post_and_record(life: Life) -> None:
    life.program.discord.faults.fail_after_executing(503, MESSAGES, times=1000)
    await life.start()
    await life.wait_for_messages(life.chance.randint(1, DIGESTS))
    await life.kill()
    await life.restart()


async def killed_after_the_record(life: Life) -> None:
    await life.start()
    await life.settle()
    await life.kill()
    await life.restart()


async def killed_at_any_moment(life: Life) -> None:
    await life.start()
    for _ in range(3):
        await life.wait_for_messages(life.chance.randint(0, DIGESTS))
        await asyncio.sleep(life.chance.uniform(0, 0.3))
        await life.kill()
        await life.restart()


async def a_500_after_the_message_was_stored(life: Life) -> None:
    life.program.discord.faults.fail_after_executing(
        500, MESSAGES, times=life.chance.randint(5, 40)
    )
    await life.start()


async def answers_that_are_lost(life: Life) -> None:
    life.program.discord.faults.drop_response(MESSAGES, times=life.chance.randint(5, 40))
    await life.start()


async def a_timeout(life: Life) -> None:
    for channel in life.channels:
        posting = f"POST /channels/{channel.id}/messages"
        life.program.discord.faults.delay(life.chance.uniform(5, 14), posting)
    await life.start()


async def a_dropped_gateway(life: Life) -> None:
    await life.start()
    for _ in range(8):
        await asyncio.sleep(life.chance.uniform(0, 1.2))
        life.program.discord.gateway.drop_connections()


async def two_pollers(life: Life) -> None:
    life.others.append(start_beside(life.program))
    life.program.discord.faults.fail_after_executing(
        503, MESSAGES, times=life.chance.randint(0, 10)
    )
    await asyncio.gather(life.start(), life.start(life.others[0]))


async def two_pollers_of_which_one_is_killed(life: Life) -> None:
    life.others.append(start_beside(life.program))
    await asyncio.gather(life.start(), life.start(life.others[0]))
    await life.wait_for_messages(life.chance.randint(0, DIGESTS))
    await life.others[0].kill()


async def the_clock_set_back_and_forward(life: Life) -> None:
    await life.start()
    for hours in (-5, 3, -1, 10):
        with suppress(TimeoutError):  # before nine by its clock, none is due
            await life.wait_for_messages(life.chance.randint(0, DIGESTS), seconds=8)
        await life.program.kill()
        life.now = NINE + timedelta(hours=hours * life.chance.random(), seconds=20)
        life.program.discord.clock.advance(400)
        await life.start()
        await asyncio.sleep(life.chance.uniform(3, 6))
    await life.program.kill()
    life.now = NINE + timedelta(hours=12)
    await life.start()


FAULTS: tuple[Callable[[Life], Awaitable[None]], ...] = (
    killed_before_the_claim,
    killed_between_claim_and_post,
    killed_between_post_and_record,
    killed_after_the_record,
    killed_at_any_moment,
    a_500_after_the_message_was_stored,
    answers_that_are_lost,
    a_timeout,
    a_dropped_gateway,
    two_pollers,
    two_pollers_of_which_one_is_killed,
    the_clock_set_back_and_forward,
)


def start_beside(program: Program) -> Program:
    """Return another bot with the same database but its own run lock."""
    folder = program.data_dir.parent / "beside"
    other = Program(program.discord, folder, {})
    other.data_dir.mkdir(parents=True)
    (other.data_dir / DATABASE_FILE).symlink_to(program.data_dir / DATABASE_FILE)
    return other


async def run_fault(fault: Callable[[Life], Awaitable[None]], run: int) -> Counter[str]:
    """Run the bot once with a fault, and return the counts of its table row."""
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as ends, prepare_program(Path(folder), [NEWS]) as program:
            channels = await subscribe(program)
            life = Life(program, channels, random.Random(run))  # noqa: S311 - no secret
            ends.push_async_callback(close_others, life)
            await fault(life)
            await life.settle()
            counts, states = life.count_messages(), await life.count_states()
    return Counter(
        digests=len(counts),
        messages=sum(counts),
        twice=sum(count > 1 for count in counts),
        missing=sum(count == 0 for count in counts),
        unrecorded=len(counts) - states["posted"],
    )


async def close_others(life: Life) -> None:
    for other in life.others:
        await other.close()


async def subscribe(program: Program) -> list[Channel]:
    """Create channels with one digest each."""
    world, guild = program.discord.world, program.discord.find_guild()
    channels = [add_channel(world, guild, f"news-{number}") for number in range(DIGESTS)]
    async with Database.open(program.data_dir / DATABASE_FILE) as database:
        for channel in channels:
            digest = a_subscription(
                guild=str(guild.id),
                channel=str(channel.id),
                name=channel.name,
                begins_at=NINE - timedelta(hours=22),
            )
            await SubscriptionStore(database).add(digest, limit=DIGESTS)
    return channels


async def main(runs: int) -> None:
    """Run each fault `runs` times and print the counts."""
    columns = ("digests", "messages", "twice", "missing", "unrecorded")
    table = Table("fault", "runs", *columns, title="Each digest must be posted once")
    for fault in FAULTS:
        total = Counter[str]()
        for run in range(runs):
            total.update(await run_fault(fault, run))
        name = fault.__name__.replace("_", " ")
        Console().print(name, {column: total[column] for column in columns})
        table.add_row(name, str(runs), *(str(total[column]) for column in columns))
    Console().print(table)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
