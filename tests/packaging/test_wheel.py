"""The wheel and its metadata. `test_dockerfile.py` installs it and runs a question."""

import ast
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
PIP = (sys.executable, "-m", "pip")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    subprocess.run([*PIP, *build, str(PROJECT)], check=True)  # noqa: S603 - fixed arguments
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_the_settings_and_the_seeds(wheel: Path) -> None:
    shipped = [path for folder in ("config", "seeds") for path in (PROJECT / folder).iterdir()]

    with zipfile.ZipFile(wheel) as archive:
        carried = {
            name: archive.read(name)
            for name in archive.namelist()
            if name.startswith("bot/carried/")
        }

    assert carried == {
        f"bot/carried/{path.relative_to(PROJECT).as_posix()}": path.read_bytes() for path in shipped
    }


def test_the_wheel_carries_the_word_lists(wheel: Path) -> None:
    shipped = {
        f"bot/english/{path.name}": path.read_bytes()
        for path in (PROJECT / "bot" / "english").glob("*.toml")
    }

    with zipfile.ZipFile(wheel) as archive:
        carried = {name: archive.read(name) for name in archive.namelist() if ".toml" in name}

    assert shipped
    assert shipped.items() <= carried.items()


def test_the_wheel_holds_nothing_but_the_bot(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0].split("-")[0] for name in archive.namelist()}

    assert tops == {"bot", "dateline_bot"}


def test_the_wheel_declares_every_package_that_it_imports(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        declared = read_requirements(archive.read(metadata).decode("utf-8"))
        sources = [archive.read(name) for name in archive.namelist() if name.endswith(".py")]
    distributions = packages_distributions()

    imported = {
        canonicalize_name(distribution)
        for name in frozenset().union(*map(find_imports, sources)) - sys.stdlib_module_names
        for distribution in distributions.get(name, [name])
        if name != "bot"
    }

    assert imported <= declared
    assert len(imported) > 10


def read_requirements(metadata: str) -> set[str]:
    """Return the packages that a wheel's metadata require, those of its extras too."""
    requirements = HeaderParser().parsestr(metadata).get_all("Requires-Dist", [])
    return {canonicalize_name(Requirement(requirement).name) for requirement in requirements}


def find_imports(source: bytes) -> set[str]:
    """Return the top names of the modules that a source imports."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names
