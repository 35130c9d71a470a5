"""The locks are closed: they contain each requirement of their packages, in every environment.

`make_locks.py` recorded what each package requires; nothing here needs a network.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.make_locks import (
    BUILD_LOCK,
    EXTRAS,
    PLATFORMS,
    PROGRAM_LOCK,
    PROJECT,
    PYTHONS,
    RECORD,
    build_marker_environment,
    list_build_requirements,
)

MAX_DOWNLOAD_BYTES = 80_000_000
"""What the README's first command may download."""

LOCKS = (*EXTRAS, BUILD_LOCK)
ENVIRONMENTS = [(python, platform) for python in PYTHONS for platform in PLATFORMS]


def get_lock_name(lock: Path) -> str:
    """Return the name of a lock as people call it."""
    return lock.relative_to(PROJECT).as_posix()


class Pin:
    """One line of a lock: a package with its extras, its version and its marker."""

    def __init__(self, line: str) -> None:
        requirement = Requirement(line)
        self.name = canonicalize_name(requirement.name)
        self.extras = requirement.extras
        self.version = str(requirement.specifier).removeprefix("==")
        self.marker = requirement.marker


def iter_pins(text: str) -> Iterator[Pin]:
    """Yield the pins of a lock file."""
    for line in text.splitlines():
        if re.match(r"[\w.-]+(\[.*?\])?==", line):
            yield Pin(line.rstrip("\\ "))


def applies(marker: Marker | None, environment: Mapping[str, str], extra: str = "") -> bool:
    """Return whether a requirement with this marker counts there, for one extra or for none."""
    return marker is None or marker.evaluate({**environment, "extra": extra})


@cache
def read_record() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(RECORD.read_text("utf-8"))
    return value


def list_roots(lock: Path) -> list[str]:
    """Return the requirements that a lock is made for."""
    if lock == BUILD_LOCK:
        return list_build_requirements()
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    return [*project["dependencies"], *(name for extra in EXTRAS[lock] for name in optional[extra])]


def find_unmet(
    required: list[str],
    locked: list[Pin],
    requirements: Mapping[str, list[str]],
    environment: Mapping[str, str],
) -> set[str]:
    """Return the requirements, direct and indirect, that the pins do not meet."""
    here = {pin.name: pin for pin in locked if applies(pin.marker, environment)}
    missing: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in required]
    while waiting:
        requirement, extra = waiting.pop()
        if not applies(requirement.marker, environment, extra):
            continue
        pin = here.get(canonicalize_name(requirement.name))
        if pin is None or not (
            requirement.specifier.contains(pin.version, prereleases=True)
            and requirement.extras <= pin.extras
        ):
            missing.add(str(requirement))
            continue
        for wanted in ("", *requirement.extras):
            if (pin.name, wanted) not in seen:
                seen.add((pin.name, wanted))
                texts = requirements[f"{pin.name}=={pin.version}"]
                waiting += [(Requirement(text), wanted) for text in texts]
    return missing


@pytest.mark.parametrize(("python", "platform"), ENVIRONMENTS)
@pytest.mark.parametrize("lock", LOCKS, ids=get_lock_name)
def test_a_lock_pins_all_that_its_packages_require(lock: Path, python: str, platform: str) -> None:
    locked = list(iter_pins(lock.read_text("utf-8")))
    environment = build_marker_environment(python, platform)

    assert not find_unmet(list_roots(lock), locked, read_record()["packages"], environment)


@pytest.mark.parametrize("lock", LOCKS, ids=get_lock_name)
def test_the_record_is_of_the_packages_that_the_locks_pin(lock: Path) -> None:
    locked = {f"{pin.name}=={pin.version}" for pin in iter_pins(lock.read_text("utf-8"))}

    assert locked <= read_record()["packages"].keys()


@pytest.mark.parametrize(
    "environment",
    read_record()["environments"],
    ids=lambda env: f"{env['python']}-{env['platform']}",
)
def test_the_first_command_downloads_under_80_megabytes(environment: dict[str, Any]) -> None:
    sizes = environment["bytes"]["requirements.lock"]
    here = build_marker_environment(environment["python"], environment["platform"])
    locked = {
        f"{pin.name}=={pin.version}"
        for pin in iter_pins(PROGRAM_LOCK.read_text("utf-8"))
        if applies(pin.marker, here)
    }

    assert sizes.keys() == locked
    assert sum(sizes.values()) < MAX_DOWNLOAD_BYTES


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        ("a==1\nb==2", set()),
        ("a==1", {'b>=2; python_version > "3"'}),
        ("a==1\nb==1", {'b>=2; python_version > "3"'}),
        ("a==1\nb==2 ; sys_platform == 'win32'", {'b>=2; python_version > "3"'}),
    ],
    ids=["closed", "missing", "too old", "elsewhere only"],
)
def test_a_requirement_that_is_not_pinned_is_seen(lock: str, expected: set[str]) -> None:
    requirements = {
        "a==1": ["b>=2; python_version > '3'", "c; python_version < '3'", "d; extra == 'more'"],
        "b==2": [],
        "b==1": [],
    }

    found = find_unmet(
        ["a"], list(iter_pins(lock)), requirements, build_marker_environment("3.11", "linux")
    )

    assert found == expected


def test_an_extra_must_be_pinned_with_its_own_requirements() -> None:
    requirements = {"a==1": ["b[x]"], "b==2": ["c; extra == 'x'"], "c==3": []}
    environment = build_marker_environment("3.11", "linux")

    without_extra = find_unmet(
        ["a"], list(iter_pins("a==1\nb==2\nc==3")), requirements, environment
    )
    without_its_own = find_unmet(["a"], list(iter_pins("a==1\nb[x]==2")), requirements, environment)
    closed = find_unmet(["a"], list(iter_pins("a==1\nb[x]==2\nc==3")), requirements, environment)

    assert without_extra == {"b[x]"}
    assert without_its_own == {'c; extra == "x"'}
    assert not closed
