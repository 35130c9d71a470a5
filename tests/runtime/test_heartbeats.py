import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.runtime.heartbeats import (
    HEARTBEATS_FILE,
    Health,
    check_health,
    find_silent_parts,
    start_heartbeats,
)
from bot.runtime.run_lock import hold_run_lock

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
MINUTE = timedelta(seconds=60)
MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("beats", "expected"),
    [
        ({}, ()),
        ({"gateway": NOON - MINUTE}, ()),
        ({"gateway": NOON - MINUTE - MOMENT}, ("gateway",)),
        ({"gateway": NOON + MINUTE}, ()),
        ({"gateway": NOON + MINUTE + MOMENT}, ("gateway",)),
        (
            {"purge": NOON - 2 * MINUTE, "corpus": NOON, "beat": NOON - 3 * MINUTE},
            ("beat", "purge"),
        ),
    ],
    ids=["none", "just in time", "late", "clock a little back", "clock far back", "some"],
)
def test_a_part_is_late_a_minute_after_its_last_beat(
    beats: dict[str, datetime], expected: tuple[str, ...]
) -> None:
    assert find_silent_parts(beats, NOON) == expected


async def test_a_bot_that_just_started_is_well_until_a_minute_has_passed(tmp_path: Path) -> None:
    with hold_run_lock(tmp_path):
        async with start_heartbeats(tmp_path, ["gateway", "corpus"], NOON):
            at_first = check_health(tmp_path, NOON + MINUTE)
            silent = check_health(tmp_path, NOON + MINUTE + MOMENT)

    assert at_first.is_healthy
    assert silent == Health(is_running=True, silent_parts=("corpus", "gateway"))
    assert not silent.is_healthy


async def test_a_part_that_beats_is_not_late_while_another_is(tmp_path: Path) -> None:
    with hold_run_lock(tmp_path):
        async with start_heartbeats(tmp_path, ["gateway", "corpus"], NOON) as heartbeats:
            await heartbeats.beat("gateway", NOON + MINUTE)

            assert check_health(tmp_path, NOON + 2 * MINUTE).silent_parts == ("corpus",)


async def test_beats_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    names = [str(number) for number in range(20)]
    with hold_run_lock(tmp_path):
        async with start_heartbeats(tmp_path, names, NOON) as heartbeats:
            await asyncio.gather(*(heartbeats.beat(name, NOON + MINUTE) for name in names))

            assert check_health(tmp_path, NOON + 2 * MINUTE).is_healthy


async def test_a_bot_that_ended_does_not_run(tmp_path: Path) -> None:
    with hold_run_lock(tmp_path):
        async with start_heartbeats(tmp_path, ["gateway"], NOON):
            pass

        assert check_health(tmp_path, NOON) == Health(is_running=False)
        assert not check_health(tmp_path, NOON).is_healthy
        assert not (tmp_path / HEARTBEATS_FILE).exists()


@pytest.mark.parametrize("ran", [True, False], ids=["killed", "never locked"])
async def test_heartbeats_without_a_lock_tell_of_no_bot_at_once(
    tmp_path: Path, *, ran: bool
) -> None:
    if ran:
        with hold_run_lock(tmp_path):
            pass

    async with start_heartbeats(tmp_path, ["gateway"], NOON):
        found = [check_health(tmp_path, now) for now in (NOON, NOON + 2 * MINUTE)]

    assert found == [Health(is_running=False)] * 2


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"gateway": 1}', '{"gateway": "noon"}', '{"gateway": "2026-03-03T12:00:00"}'],
    ids=["empty", "a list", "a number", "no instant", "no zone"],
)
def test_a_damaged_file_tells_of_no_bot(tmp_path: Path, content: str) -> None:
    (tmp_path / HEARTBEATS_FILE).write_text(content, encoding="utf-8")

    with hold_run_lock(tmp_path):
        assert check_health(tmp_path, NOON) == Health(is_running=False)


async def test_the_file_holds_nothing_but_names_and_instants(tmp_path: Path) -> None:
    async with start_heartbeats(tmp_path, ["gateway"], NOON):
        written = json.loads((tmp_path / HEARTBEATS_FILE).read_text(encoding="utf-8"))

    assert written == {"gateway": "2026-03-03T12:00:00+00:00"}


async def test_a_part_that_does_not_work_is_late_at_once_until_it_beats(tmp_path: Path) -> None:
    with hold_run_lock(tmp_path):
        async with start_heartbeats(tmp_path, ["gateway", "corpus"], NOON) as heartbeats:
            await heartbeats.miss("gateway")
            missed = check_health(tmp_path, NOON)
            await heartbeats.beat("gateway", NOON)
            again = check_health(tmp_path, NOON)

    assert missed.silent_parts == ("gateway",)
    assert missed.is_only_disconnected
    assert again.is_healthy
