import fcntl
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import AlreadyRunning
from bot.runtime.run_lock import RUN_LOCK_FILE, hold_run_lock, is_locked

PROJECT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from bot.runtime.run_lock import hold_run_lock
with hold_run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_on_the_same_folder_is_refused_and_names_it(tmp_path: Path) -> None:
    with hold_run_lock(tmp_path), pytest.raises(AlreadyRunning) as caught, hold_run_lock(tmp_path):
        pass

    assert caught.value.folder == tmp_path
    assert str(tmp_path) in str(caught.value)


def test_the_folder_is_free_after_a_run(tmp_path: Path) -> None:
    with hold_run_lock(tmp_path):
        pass

    with hold_run_lock(tmp_path):
        pass


def test_a_run_that_fails_lets_the_folder_go(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), hold_run_lock(tmp_path):
        raise RuntimeError

    with hold_run_lock(tmp_path):
        pass


def test_a_folder_is_locked_for_as_long_as_a_run_lasts(tmp_path: Path) -> None:
    with hold_run_lock(tmp_path):
        during = is_locked(tmp_path)

    assert during
    assert not is_locked(tmp_path)


def test_those_who_look_do_not_see_each_other(tmp_path: Path) -> None:
    with hold_run_lock(tmp_path):
        pass

    with (tmp_path / RUN_LOCK_FILE).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)

        assert not is_locked(tmp_path)


def test_a_folder_that_was_never_run_has_no_lock(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        is_locked(tmp_path)


def test_two_folders_may_be_run_at_once(tmp_path: Path) -> None:
    with hold_run_lock(tmp_path / "one"), hold_run_lock(tmp_path / "two"):
        pass


def test_the_folder_of_a_run_that_was_killed_is_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as holder:  # noqa: S603 - our own program
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning), hold_run_lock(tmp_path):
            pass

        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=10)

        with hold_run_lock(tmp_path):
            pass
