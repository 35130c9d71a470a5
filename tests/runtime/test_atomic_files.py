import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.runtime.atomic_files import create_private_file, replace_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "corpus.npz"


def write_half(path: Path) -> None:
    with replace_file(path) as file:
        file.write(b"af")
        raise RuntimeError


def test_a_file_is_replaced_by_what_was_written(path: Path) -> None:
    path.write_bytes(b"before")

    with replace_file(path) as file:
        file.write(b"after")

    assert path.read_bytes() == b"after"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_fails_half_way_leaves_the_one_before(path: Path) -> None:
    path.write_bytes(b"before")

    with pytest.raises(RuntimeError):
        write_half(path)

    assert path.read_bytes() == b"before"
    assert list(path.parent.iterdir()) == [path]


def test_replacing_a_file_removes_what_a_killed_process_left(path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    leftover = path.with_suffix(f".{ended.pid}")
    file_of_running = path.with_suffix(f".{os.getppid()}")
    leftover.write_bytes(b"half")
    file_of_running.write_bytes(b"half")

    with replace_file(path):
        pass

    assert sorted(path.parent.iterdir()) == sorted([path, file_of_running])


@pytest.mark.parametrize("name", ["corpus.1x", f"corpus.{10**30}"], ids=["no number", "too large"])
def test_replacing_a_file_leaves_names_that_are_no_process(path: Path, name: str) -> None:
    foreign = path.with_name(name)
    foreign.write_bytes(b"other")

    with replace_file(path):
        pass

    assert foreign.exists()


def test_a_private_file_is_for_its_owner_alone_in_a_folder_that_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"

    create_private_file(path, b"key")

    assert path.read_bytes() == b"key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_private_file_that_another_process_made_at_the_same_time_stays(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"theirs")

    create_private_file(path, b"ours")

    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]
