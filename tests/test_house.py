"""Rules for every file of the project."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
LOCKS = (
    "requirements-build.lock",
    "requirements.lock",
    "requirements-charts.lock",
    "tests/requirements.lock",
)
MACHINE_PATH = re.compile(r"(?<![\w.:-])/(?:work|root|home|Users|opt/wheels)/\w+")


def list_project_files() -> list[Path]:
    """Return every file that git tracks or would add."""
    git = shutil.which("git")
    if git is None or not (PROJECT / ".git").exists():
        pytest.skip("only a git checkout knows which files are the project's")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True).stdout  # noqa: S603 - fixed arguments
    return [path for name in listed.decode().split("\0") if (path := PROJECT / name).is_file()]


def read_pins(lock: str) -> dict[str, str]:
    """Return the version of each package of a lock file, by `name ; marker`."""
    text = (PROJECT / lock).read_text(encoding="utf-8")
    lines = re.findall(r"^([\w.-]+)(?:\[.*?\])?==([^\s;]+)(.*?)\s*\\$", text, re.MULTILINE)
    return {name + marker: version for name, version, marker in lines}


def get_requirement_name(requirement: str) -> str:
    """Return the name in a requirement, in the spelling of lock files."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ;]", requirement)[0]).lower()


def test_no_file_names_a_folder_of_the_machine_it_was_made_on() -> None:
    found = {
        path: match[0]
        for path in list_project_files()
        if (match := MACHINE_PATH.search(path.read_text(encoding="utf-8", errors="replace")))
    }

    assert not found


@pytest.mark.parametrize("text", ["see /{}/main", "'/{}/x'", "file:///{}/me/notes"])
def test_a_folder_of_a_machine_is_recognised(text: str) -> None:
    assert MACHINE_PATH.search(text.format("home"))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_folder(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"(^|\s)-[if]\b|--(extra-)?index|--find-links", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_its_hashes(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")

    packages = re.findall(r"^[\w.-]+(?:\[.*?\])?==.*\n +(\S+)=", text, re.MULTILINE)

    assert len(packages) == len(re.findall(r"^[\w.-]+.*==", text, re.MULTILINE)) > 0
    assert set(packages) == {"--hash"}


def test_the_tests_run_with_the_versions_that_the_program_runs_with() -> None:
    build, program, charts, tests = (read_pins(lock) for lock in LOCKS)

    assert program.items() <= charts.items() <= tests.items()
    assert build.items() <= tests.items()


def test_the_locks_hold_every_dependency() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    _, program, charts, tests = (
        {get_requirement_name(package) for package in read_pins(lock)} for lock in LOCKS
    )

    assert {get_requirement_name(needed) for needed in project["dependencies"]} <= program
    assert {
        get_requirement_name(needed) for needed in project["optional-dependencies"]["charts"]
    } <= charts
    assert {
        get_requirement_name(needed) for needed in project["optional-dependencies"]["test"]
    } <= tests
