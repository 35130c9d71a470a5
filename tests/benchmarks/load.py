"""Response times and lost answers while many people ask at the same time.

Usage: `python -m tests.benchmarks.load DATA QUESTIONS [--rates 2 5 10 20] [--seconds 20] [--cpus 1]`.

DATA is a data folder that `dateline ingest` of this version has filled; the bot works on a copy.
QUESTIONS is a JSON Lines file with a `text` in each line. The bot runs in a process of its own;
Discord, with its limits enabled, and the people run in another. Questions are asked with /ask and by
direct message in turn, and every fifth person who got an answer to /ask presses a button below it.

With `--cpus 0.3` the bot's process is stopped 70 of each 100 ms, as a container with that limit is. A
loop of plain additions is timed before each rate, to compare machines and to see how busy this one
is. The bot's processor time per answer, refusals included, depends less on that.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.person import NoResponse, Person
from bot.local_discord.world.records import Message
from tests.benchmarks.search import measure_yardstick_ms
from tests.scenario.starting import Program, add_member

PEOPLE = 400
"""So many that nobody reaches the limit of questions per minute."""
ANSWER_SECONDS = 60.0
LATE_SECONDS = 1.0
PRESS_EVERY = 5
PAUSE_SECONDS = 5.0
PERIOD_SECONDS = 0.1
BUSY = "busy right now"
HEAD = (
    *("asked a second", "asked", "answered", "busy", "lost", "answered a second", "CPU ms each"),
    *("answer p50 ms", "p99 ms", "acknowledged p50 ms", "p99 ms", "late", "never"),
    *("a million additions ms", "load"),
)


@dataclass
class Outcome:
    """What happened to the questions and interactions of one rate.

    Attributes:
        counts: The number of questions by what became of them: answered, busy or lost.
        answer_seconds: The times from asking to the answer.
        acknowledgement_seconds: The times from an interaction to its acknowledgement.
        unacknowledged_count: The number of interactions that were never acknowledged.
    """

    counts: Counter[str] = field(default_factory=Counter)
    answer_seconds: list[float] = field(default_factory=list)
    acknowledgement_seconds: list[float] = field(default_factory=list)
    unacknowledged_count: int = 0

    def add(self, seconds: float, text: str) -> None:
        """Add a reply to a question."""
        if BUSY in text:
            self.counts["busy"] += 1
        else:
            self.counts["answered"] += 1
            self.answer_seconds.append(seconds)


class Crowd:
    """People who ask by turns."""

    def __init__(self, discord: LocalDiscord, questions: Iterator[str]) -> None:
        self._general = discord.find_channel("general")
        self._people = cycle([add_member(discord) for _ in range(PEOPLE)])
        self._questions = questions
        self._number = 0

    async def ask(self, outcome: Outcome) -> None:
        """Have the next person ask."""
        self._number += 1
        person, question, begun = next(self._people), next(self._questions), time.perf_counter()
        try:
            if self._number % 2:
                message = await self._ask_directly(person, question)
            else:
                message = await self._ask_by_command(person, question, outcome)
        except NoResponse:
            outcome.unacknowledged_count += 1
            outcome.counts["lost"] += 1
        except TimeoutError:
            outcome.counts["lost"] += 1
        else:
            outcome.add(time.perf_counter() - begun, message.text)
            if self._number % (2 * PRESS_EVERY) == 0:
                await self._press(person, message, outcome)

    async def _ask_directly(self, person: Person, question: str) -> Message:
        message = person.send_direct_message(question)
        return await person.wait_for_reply(message, timeout=ANSWER_SECONDS)

    async def _ask_by_command(self, person: Person, question: str, outcome: Outcome) -> Message:
        begun = time.perf_counter()
        interaction = await person.run_command(
            "ask", channel=self._general, question=question, visible=False
        )
        outcome.acknowledgement_seconds.append(time.perf_counter() - begun)
        return await person.wait_for_answer(interaction, timeout=ANSWER_SECONDS)

    async def _press(self, person: Person, message: Message, outcome: Outcome) -> None:
        button = next((item for item in message.buttons if item.label == "In context"), None)
        if button is None:
            return
        begun = time.perf_counter()
        try:
            await person.press(message, button.custom_id or "")
        except NoResponse:
            outcome.unacknowledged_count += 1
        else:
            outcome.acknowledgement_seconds.append(time.perf_counter() - begun)


async def ask_at_rate(crowd: Crowd, per_second: float, seconds: float) -> Outcome:
    """Ask at an even rate whatever waits, and return what became of all questions."""
    outcome, loop = Outcome(), asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.TaskGroup() as tasks:
        for number in range(int(per_second * seconds)):
            await asyncio.sleep(max(0.0, begun + number / per_second - loop.time()))
            tasks.create_task(crowd.ask(outcome))
    return outcome


async def limit_cpus(program: Program, cpus: float) -> None:
    """Stop the bot for a part of each period, until cancelled."""
    try:
        while True:
            program.send(signal.SIGSTOP)
            await asyncio.sleep(PERIOD_SECONDS * (1 - cpus))
            program.send(signal.SIGCONT)
            await asyncio.sleep(PERIOD_SECONDS * cpus)
    finally:
        program.send(signal.SIGCONT)


@asynccontextmanager
async def start_bot(data: Path, cpus: float) -> AsyncIterator[Program]:
    """Start the bot on a copy of the data folder."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(data, Path(folder, "data"))
        async with LocalDiscord.start() as discord:
            program = Program(discord, Path(folder), {"DATELINE_LIBRARY__SEEDS": "false"})
            try:
                await program.start()
                await program.wait_until_ready()
                limiting = asyncio.create_task(limit_cpus(program, cpus)) if cpus < 1 else None
                yield program
                if limiting:
                    limiting.cancel()
            finally:
                await program.close()


def read_cpu_seconds(program: Program) -> float:
    """Return the processor time that the bot has used; Linux only."""
    fields = (
        Path(f"/proc/{program.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    )
    user_ticks, system_ticks = fields[11:13]
    return (int(user_ticks) + int(system_ticks)) / os.sysconf("SC_CLK_TCK")


def build_row(
    per_second: float, outcome: Outcome, seconds: float, cpu_seconds: float, yardstick: float
) -> list[str]:
    """Return the cells of one rate."""
    asked = sum(outcome.counts.values())
    late = sum(at > LATE_SECONDS for at in outcome.acknowledgement_seconds)
    return [
        *(f"{per_second:g}", f"{asked}"),
        *(f"{outcome.counts[name]}" for name in ("answered", "busy", "lost")),
        f"{outcome.counts['answered'] / seconds:.1f}",
        f"{1000 * cpu_seconds / max(1, outcome.counts['answered']):.0f}",
        *format_percentiles(outcome.answer_seconds),
        *format_percentiles(outcome.acknowledgement_seconds),
        *(f"{late}", f"{outcome.unacknowledged_count}"),
        *(f"{yardstick:.0f}", f"{os.getloadavg()[0]:.1f}"),
    ]


def format_percentiles(seconds: list[float]) -> tuple[str, str]:
    """Return the median and the 99th percentile in milliseconds."""
    if len(seconds) < 2:
        return "-", "-"
    percentiles = statistics.quantiles(seconds, n=100, method="inclusive")
    return f"{1000 * percentiles[49]:.0f}", f"{1000 * percentiles[98]:.0f}"


def load_questions(path: Path) -> Iterator[str]:
    """Return the questions of a file, over and over."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return cycle([json.loads(line)["text"] for line in lines])


async def measure(arguments: argparse.Namespace) -> Table:
    """Return the table of all rates."""
    table = Table(*HEAD, title=f"{arguments.cpus:g} CPUs")
    async with start_bot(arguments.data, arguments.cpus) as program:
        crowd = Crowd(program.discord, load_questions(arguments.questions))
        await ask_at_rate(crowd, 1, 3)
        for rate in arguments.rates:
            await asyncio.sleep(PAUSE_SECONDS)
            yardstick, begun = measure_yardstick_ms(), time.perf_counter()
            cpu_before = read_cpu_seconds(program)
            outcome = await ask_at_rate(crowd, rate, arguments.seconds)
            seconds = time.perf_counter() - begun
            cpu_seconds = read_cpu_seconds(program) - cpu_before
            table.add_row(*build_row(rate, outcome, seconds, cpu_seconds, yardstick))
    return table


def main() -> None:
    """Measure all rates, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--rates", type=float, nargs="+", default=[2, 5, 10, 20])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--cpus", type=float, default=1)
    Console(width=180).print(asyncio.run(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
