"""Everything that people see in Discord, as readable transcripts.

Lines that begin with `$` are entered, as in `dateline local-discord`. Further inputs: `[Label]` presses
the button of the last message that has it, `? /command option:te` shows the choices for its last
option, `>> text` posts a block quote, and `wait 8 days` advances the clock. `take-in`, `withdraw`,
`revise` and `feedback-to` act as an operator; `hear-of` adds articles and delivers the alerts that
they match. All other lines are output. To update the transcripts, run with UPDATE_TRANSCRIPTS=1, and
read the difference.
"""

import os
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.records import Json
from tests.snapshots.stage import open_stage, run_lines

FOLDER = Path(__file__).parent
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
TYPED = "$ "
SLASH, SUBCOMMANDS = 1, {1, 2}


def read_lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(TYPED) for line in lines if line.startswith(TYPED)]


def update_transcript(path: Path, seen: str) -> str:
    """Return the transcript on file; with UPDATE_TRANSCRIPTS, write `seen` to it first."""
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        path.write_text(seen, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def find_malformed(local: LocalDiscord) -> list[str]:
    """Return the requests of the bot that Discord refused as malformed."""
    return [
        f"{exchange.method} {exchange.path}"
        for exchange in local.world.exchanges
        if exchange.status == HTTPStatus.BAD_REQUEST
    ]


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
async def test_people_see_what_the_transcript_says(path: Path, tmp_path: Path) -> None:
    async with open_stage(tmp_path) as (typist, local):
        seen = await run_lines(typist, read_lines(path))

    assert seen == update_transcript(path, seen)
    assert not find_malformed(local)


async def test_every_command_and_every_menu_is_used_in_a_transcript(tmp_path: Path) -> None:
    typed = [line for path in TRANSCRIPTS for line in read_lines(path)]

    async with open_stage(tmp_path) as (_, local):
        uses = [use for command in local.world.commands[None] for use in iter_uses(command)]

    assert len(uses) > len(local.world.commands[None])
    assert not [use for use in uses if not any(line.startswith(use) for line in typed)]


async def test_every_option_that_offers_something_does_so_in_a_transcript(tmp_path: Path) -> None:
    typed = [line for path in TRANSCRIPTS for line in read_lines(path)]

    async with open_stage(tmp_path) as (_, local):
        offers = [
            offer for command in local.world.commands[None] for offer in iter_options(command)
        ]

    assert offers
    assert not [
        (use, option)
        for use, option in offers
        if not any(line.startswith(f"? {use} ") and f" {option}:" in line for line in typed)
    ]


def iter_options(command: Json, name: str = "/") -> Iterator[tuple[str, str]]:
    """Yield the command and the name of each option with autocomplete."""
    use = f"{name}{command['name']}"
    for option in command.get("options", ()):
        if option["type"] in SUBCOMMANDS:
            yield from iter_options(option, f"{use} ")
        elif option.get("autocomplete"):
            yield use, option["name"]


def iter_uses(command: Json) -> Iterator[str]:
    """Yield the line that uses a command, or a line for each of its subcommands."""
    if command["type"] != SLASH:
        yield f"! {command['name']}"
        return
    inner = [option for option in command["options"] if option["type"] in SUBCOMMANDS]
    for option in inner:
        yield from (
            f"/{command['name']} {use[1:]}"
            for use in iter_uses({"options": [], **option, "type": SLASH})
        )
    if not inner:
        yield f"/{command['name']}"
