"""Folders and files that only their owner can use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.runtime.atomic_files import create_private_file, replace_file
from bot.runtime.private_files import (
    create_empty_file,
    create_private_folder,
    is_open_to_others,
    open_private_file,
)
from bot.runtime.run_lock import RUN_LOCK_FILE, hold_run_lock


@pytest.fixture(params=[0, 0o022, 0o277], ids=["open umask", "usual umask", "strict umask"])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def get_mode(path: Path) -> str:
    return f"{path.stat().st_mode & 0o777:o}"


@pytest.mark.usefixtures("_umask")
def test_every_folder_that_is_created_is_private(tmp_path: Path) -> None:
    create_private_folder(tmp_path / "above" / "data")

    assert get_mode(tmp_path / "above") == "700"
    assert get_mode(tmp_path / "above" / "data") == "700"


@pytest.mark.usefixtures("_umask")
def test_every_file_that_is_created_is_private(tmp_path: Path) -> None:
    os.close(open_private_file(tmp_path / "opened", os.O_RDWR))
    create_empty_file(tmp_path / "empty")
    create_private_file(tmp_path / "secret", b"key")
    with replace_file(tmp_path / "corpus.npz") as file:
        temporary = {get_mode(path) for path in tmp_path.glob("corpus.*")}
        file.write(b"index")
    with hold_run_lock(tmp_path):
        modes = {path.name: get_mode(path) for path in tmp_path.iterdir()}

    assert temporary == {"600"}
    assert modes == dict.fromkeys(("opened", "empty", "secret", "corpus.npz", RUN_LOCK_FILE), "600")


def test_existing_folders_and_files_keep_their_modes_and_contents(tmp_path: Path) -> None:
    folder, file = tmp_path / "data", tmp_path / "file"
    folder.mkdir()
    file.write_text("kept", encoding="utf-8")
    folder.chmod(0o755)
    file.chmod(0o644)

    create_private_folder(folder)
    os.close(open_private_file(file, os.O_RDWR))

    assert (get_mode(folder), get_mode(file)) == ("755", "644")
    assert file.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    ("mode", "is_open"), [(0o700, False), (0o710, True), (0o701, True), (0o755, True)]
)
def test_a_folder_is_private_if_only_its_owner_has_permissions(
    tmp_path: Path, mode: int, *, is_open: bool
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(mode)

    assert is_open_to_others(tmp_path / "data") is is_open
