"""The wheel, built and installed as a user would, and asked from an empty folder."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
QUESTION = "Why did OpenAI reach an agreement where Anthropic could not?"
PIP = (sys.executable, "-m", "pip")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    subprocess.run([*PIP, *build, str(PROJECT)], check=True)  # noqa: S603 - fixed arguments
    return next(folder.glob("*.whl"))


def install(wheel: Path, venv: Path) -> None:
    """Installs what the wheel declares that it needs, in the versions of the lock."""
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    versions = venv.with_suffix(".versions")
    versions.write_text("\n".join(re.findall(r"^([\w.-]+==.+?) *\\$", lock, re.MULTILINE)))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)  # noqa: S603
    into = ("--python", str(venv / "bin" / "python"), "install", "--quiet")
    subprocess.run([*PIP, *into, "--constraint", versions, wheel], check=True)  # noqa: S603


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


def test_the_wheel_holds_nothing_but_the_bot(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0].split("-")[0] for name in archive.namelist()}

    assert tops == {"bot", "dateline_bot"}


@pytest.mark.usefixtures("package_index")
def test_an_installed_wheel_answers_from_an_empty_folder(
    wheel: Path, tmp_path: Path, bare_environment: dict[str, str]
) -> None:
    folder = tmp_path / "empty folder"
    folder.mkdir()
    install(wheel, tmp_path / "venv")

    asked = subprocess.run(  # noqa: S603 - fixed arguments
        [tmp_path / "venv" / "bin" / "dateline", "ask", QUESTION],
        cwd=folder,
        env=bare_environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert asked.returncode == 0, asked.stderr
    assert "2 March 2026" in asked.stdout
    assert list(folder.iterdir()) == []
