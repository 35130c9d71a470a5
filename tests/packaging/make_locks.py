"""Make the lock files, and record the requirements and the size of each package.

Run it from the project folder with `uv` installed; it needs a package index:
`.venv/bin/python -m tests.packaging.make_locks [--upgrade]`. `test_locks.py` reads the record without
a network and shows that the locks are closed, so that they install with `--no-deps`.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from email.parser import HeaderParser
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

PROJECT = Path(__file__).parents[2]
PROGRAM_LOCK = PROJECT / "requirements.lock"
CHARTS_LOCK = PROJECT / "requirements-charts.lock"
TEST_LOCK = PROJECT / "tests" / "requirements.lock"
BUILD_LOCK = PROJECT / "requirements-build.lock"
RECORD = PROJECT / "tests" / "requirements.json"

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = ("linux", "macos", "windows")
EXTRAS = {PROGRAM_LOCK: (), CHARTS_LOCK: ("charts",), TEST_LOCK: ("charts", "test")}

# glibc 2.28 is the default of uv and manylinux; older wheels fit newer systems.
_LINUX = tuple(
    [f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)]
    + ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"]
)
_WHEEL_PLATFORMS = {
    "linux": _LINUX,
    "macos": tuple(mac_platforms((14, 0), "arm64")),
    "windows": ("win_amd64",),
}
_MARKERS = {
    "linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    "macos": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"},
    "windows": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
}
_MACHINES = {"linux": "x86_64", "macos": "arm64", "windows": "AMD64"}


def build_marker_environment(python: str, platform: str) -> dict[str, str]:
    """Return the values that a requirement's marker is evaluated with there."""
    return {
        **_MARKERS[platform],
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "platform_machine": _MACHINES[platform],
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
        "python_full_version": f"{python}.0",
        "python_version": python,
    }


def main(arguments: Sequence[str]) -> None:
    """Resolve everything, and write the locks and the record."""
    constraint: tuple[str, ...] = ()
    for lock in EXTRAS:  # each contains the one before it
        _compile(lock, *_build_extra_options(lock), *constraint, *arguments)
        constraint = ("--constraint", str(lock))
    _compile_build_lock(*constraint)
    packages: dict[str, Any] = {}
    environments = []
    for python, platform in product(PYTHONS, PLATFORMS):
        sizes: dict[str, dict[str, int]] = {}
        for lock in EXTRAS:
            resolved = _resolve(lock, python, platform)
            packages |= resolved
            sizes[lock.relative_to(PROJECT).as_posix()] = {
                pin: _choose_wheel(package, python, platform)["size"]
                for pin, package in resolved.items()
            }
        environments.append({"python": python, "platform": platform, "bytes": sizes})
    requirements = {key: _list_requirements(packages[key]) for key in sorted(packages)}
    record = {"environments": environments, "packages": requirements}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _build_extra_options(lock: Path) -> list[str]:
    return [option for extra in EXTRAS[lock] for option in ("--extra", extra)]


def _compile(output: Path, *options: str, source: str = "pyproject.toml") -> None:
    """Write one lock that serves every environment, extras kept in its pins."""
    fixed = ("--universal", "--no-strip-extras", "--no-emit-index-url", "--no-header")
    python = ("--python-version", PYTHONS[0])
    hashes = "--generate-hashes"
    _run_uv(*fixed, *python, hashes, *options, source, "--output-file", str(output))


def _compile_build_lock(*constraint: str) -> None:
    """Write the lock of what builds the wheel; the tests install the same versions."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "build.in"
        source.write_text("\n".join(list_build_requirements()), encoding="utf-8")
        _compile(BUILD_LOCK, "--no-annotate", *constraint, source=str(source))


def list_build_requirements() -> list[str]:
    """Return what `pyproject.toml` requires to build the project."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    requirements: list[str] = project["build-system"]["requires"]
    return requirements


def _resolve(lock: Path, python: str, platform: str) -> dict[str, dict[str, Any]]:
    """Resolve for one environment within the lock, and return uv's packages by their pins.

    Raises:
        SystemExit: The environment needs a package or a version that the lock does not pin.
    """
    with tempfile.TemporaryDirectory() as folder:
        pins, output = Path(folder) / "pins.txt", Path(folder) / "pylock.toml"
        # Constraints take no extras.
        pins.write_text("\n".join(re.sub(r"\[.*?\]", "", line) for line in _iter_pin_lines(lock)))
        where = ("--python-version", python, "--python-platform", platform)
        constraint = ("--constraint", str(pins))
        _run_uv(
            *where, *_build_extra_options(lock), *constraint, "pyproject.toml", "-o", str(output)
        )
        packages = tomllib.loads(output.read_text("utf-8"))["packages"]
    resolved = {f"{package['name']}=={package['version']}": package for package in packages}
    if unpinned := resolved.keys() - set(_iter_pins_for(lock, python, platform)):
        sys.exit(f"{lock.name} lacks {sorted(unpinned)} for CPython {python} on {platform}")
    return resolved


def _iter_pin_lines(lock: Path) -> Iterator[str]:
    for line in lock.read_text("utf-8").splitlines():
        if re.match(r"[\w.-]+(\[.*?\])?==", line):
            yield line.rstrip("\\ ")


def _iter_pins_for(lock: Path, python: str, platform: str) -> Iterator[str]:
    environment = build_marker_environment(python, platform)
    for line in _iter_pin_lines(lock):
        pin, _, marker = line.partition(" ; ")
        if not marker or Marker(marker).evaluate(environment):
            yield re.sub(r"\[.*?\]", "", pin)


def _run_uv(*options: str) -> None:
    subprocess.run(["uv", "pip", "compile", "--quiet", *options], cwd=PROJECT, check=True)  # noqa: S603, S607 - fixed arguments


def _choose_wheel(package: dict[str, Any], python: str, platform: str) -> dict[str, Any]:
    """Return the wheel that pip would choose there.

    Raises:
        SystemExit: The package has none, so that installing it would need a compiler.
    """
    tags = list(_iter_tags(python, platform))
    ranked = [
        (tags.index(tag), wheel)
        for wheel in package.get("wheels", ())
        for tag in parse_wheel_filename(wheel["url"].rsplit("/", 1)[-1])[3]
        if tag in tags
    ]
    if not ranked:
        sys.exit(f"{package['name']} has no wheel for CPython {python} on {platform}")
    best: dict[str, Any] = min(ranked, key=lambda entry: entry[0])[1]
    return best


def _iter_tags(python: str, platform: str) -> Iterator[Tag]:
    version = tuple(map(int, python.split(".")))
    platforms = _WHEEL_PLATFORMS[platform]
    yield from cpython_tags(version, platforms=platforms)
    yield from compatible_tags(version, f"cp{python.replace('.', '')}", platforms)


def _list_requirements(package: dict[str, Any]) -> list[str]:
    """Return the requirements that the package's smallest wheel declares."""
    smallest = min(package["wheels"], key=lambda wheel: wheel["size"])
    with urllib.request.urlopen(smallest["url"]) as response:  # noqa: S310 - an address that uv gave
        archive = zipfile.ZipFile(BytesIO(response.read()))
    name = next(entry for entry in archive.namelist() if entry.endswith(".dist-info/METADATA"))
    metadata = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    return sorted(metadata.get_all("Requires-Dist", []))


if __name__ == "__main__":
    main(sys.argv[1:])
