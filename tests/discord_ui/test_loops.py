import asyncio
from pathlib import Path

import pytest

from bot.discord_ui.loops import repeat
from bot.runtime.heartbeats import check_health, start_heartbeats
from bot.runtime.run_lock import hold_run_lock
from tests.builders import NOON
from tests.discord_ui.conftest import FrozenClock

ALIVE, SILENT, FAULT = True, False, OSError("broken")
CUT_OFF = asyncio.CancelledError()


async def is_healthy_after(folder: Path, *outcomes: bool | BaseException) -> bool:
    """Return whether the part is healthy after rounds of 40 s with these outcomes."""
    clock, left, done = FrozenClock(), list(outcomes), asyncio.Event()

    async def work() -> bool:
        if not left:
            done.set()
            await asyncio.Event().wait()
        clock.advance(seconds=40)
        outcome = left.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    async with start_heartbeats(folder, ["part"], NOON) as heartbeats:
        looping = asyncio.create_task(
            repeat("part", work, pause_seconds=0, heartbeats=heartbeats, clock=lambda: clock.now)
        )
        await done.wait()
        looping.cancel()
        await asyncio.wait([looping])
        with hold_run_lock(folder):
            return check_health(folder, clock.now).is_healthy


async def test_a_part_that_works_shows_that_it_is_alive(tmp_path: Path) -> None:
    assert await is_healthy_after(tmp_path, ALIVE, ALIVE)


async def test_a_part_that_does_not_work_shows_no_life(tmp_path: Path) -> None:
    assert not await is_healthy_after(tmp_path, SILENT, SILENT)
    assert not await is_healthy_after(tmp_path, FAULT, FAULT)


async def test_a_part_that_failed_goes_on(tmp_path: Path) -> None:
    assert await is_healthy_after(tmp_path, FAULT, FAULT, ALIVE)


async def test_a_round_that_is_cut_off_shows_no_life_and_the_part_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off = await is_healthy_after(tmp_path, CUT_OFF, CUT_OFF)
    mended = await is_healthy_after(tmp_path, CUT_OFF, CUT_OFF, ALIVE)

    assert (cut_off, mended) == (False, True)
    assert capsys.readouterr().out.count("Background loop failed, retrying") == 2


async def test_a_fault_is_logged_once_until_all_went_well_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await is_healthy_after(tmp_path, FAULT, FAULT, ALIVE, FAULT)

    assert capsys.readouterr().out.count("Background loop failed, retrying") == 2
