import os
import socket
from pathlib import Path

from bot.errors import ArticleError
from bot.library.files import find_files


def make_file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("date 2026-03-02 A text.", encoding="utf-8")
    return path


def find_only_error(paths: list[Path]) -> ArticleError:
    (error,) = find_files(paths)
    assert isinstance(error, ArticleError)
    return error


def test_paths_are_read_in_the_given_order(tmp_path: Path) -> None:
    second, first = make_file(tmp_path / "a.txt"), make_file(tmp_path / "b.txt")

    found = list(find_files([first, second]))

    assert found == [first, second]


def test_a_folder_stands_for_all_below_it_in_sorted_order(tmp_path: Path) -> None:
    files = [
        make_file(tmp_path / name) for name in ("a.txt", "b/1.txt", "b/c/2.txt", "b/d.txt", "e")
    ]

    found = list(find_files([tmp_path]))

    assert found == files


def test_hidden_files_and_folders_below_a_folder_are_skipped(tmp_path: Path) -> None:
    seen = make_file(tmp_path / "seen.txt")
    make_file(tmp_path / ".hidden.txt")
    make_file(tmp_path / ".hidden" / "below.txt")

    found = list(find_files([tmp_path]))

    assert found == [seen]


def test_a_hidden_file_that_is_named_is_read(tmp_path: Path) -> None:
    hidden = make_file(tmp_path / ".hidden.txt")

    found = list(find_files([hidden]))

    assert found == [hidden]


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    file = make_file(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to(file)

    found = list(find_files([file, tmp_path, tmp_path / "." / "a.txt"]))

    assert found == [file]


def test_a_file_reached_through_links_and_dots_is_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    file = folder / "a.txt"
    file.touch()
    (tmp_path / "folder-link").symlink_to(folder)
    (tmp_path / "file-link.txt").symlink_to(file)
    others = ("folder-link", "folder-link/a.txt", "file-link.txt", "in/../in/a.txt")

    assert list(find_files([file, *(tmp_path / other for other in others)])) == [file]


def test_a_link_to_a_folder_above_is_followed_once(tmp_path: Path) -> None:
    file = make_file(tmp_path / "below" / "a.txt")
    (tmp_path / "below" / "loop").symlink_to(tmp_path)

    found = list(find_files([tmp_path]))

    assert found == [file]


def test_a_link_to_itself_is_an_error(tmp_path: Path) -> None:
    link = tmp_path / "loop"
    link.symlink_to(link)

    error = find_only_error([tmp_path])

    assert (error.path, error.line) == (link, None)
    assert "can't be read" in error.reason


def test_a_missing_path_is_an_error_and_the_others_are_found(tmp_path: Path) -> None:
    file = make_file(tmp_path / "a.txt")
    missing = tmp_path / "missing"

    error, found = find_files([missing, file])

    assert isinstance(error, ArticleError)
    assert (error.path, error.reason) == (
        missing,
        "it can't be read (No such file or directory). Check the path and its permissions.",
    )
    assert found == file


def test_a_pipe_is_an_error_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")

    error = find_only_error([tmp_path])

    assert error.path == tmp_path / "pipe.txt"
    assert "neither a file nor a folder" in error.reason


def test_a_socket_is_an_error(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(tmp_path / "s"))

        error = find_only_error([tmp_path / "s"])

    assert "neither a file nor a folder" in error.reason
