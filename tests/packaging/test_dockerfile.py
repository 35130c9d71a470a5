"""The Dockerfile's steps, run in order in a folder that stands for the image's root.

No container engine is needed: COPY, ENV, WORKDIR and the RUN steps that use pip or venv are
carried out with each absolute path moved into that folder. A stage that ends is set aside, and
the next one starts in an empty folder at the same place, so that paths kept in scripts stay true.
"""

import json
import os
import re
import shlex
import shutil
import string
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
NO_BYTECODE = {"PIP_COMPILE": "0"}
"""The image has bytecode, so that Dateline starts sooner; making all of it takes long."""

LOCAL_FILES = {".", "dist/*.whl"}
QUESTION = "Why did OpenAI reach an agreement where Anthropic could not?"


def iter_instructions() -> Iterator[tuple[str, str]]:
    """Yield each instruction and its argument, with continued lines joined."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    for line in filter(str.strip, text.splitlines()):
        word, argument = line.split(maxsplit=1)
        yield word, argument


class Image:
    """An image in the making: its root folder, and the steps that fill it."""

    def __init__(self, folder: Path, index_url: str) -> None:
        self.folder = folder
        self.index_url = index_url
        self.root = folder / "image"
        self.stage = ""
        # Outside the image, and only of what is imported.
        self.bytecode = {
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        }

    def build(self) -> None:
        """Run every step that is possible without a container engine."""
        for word, argument in iter_instructions():
            step = getattr(self, f"_{word.lower()}", None)
            if step is not None:
                step(argument)

    def inside(self, text: str) -> str:
        """Return the text with its absolute paths moved into the root folder."""
        return re.sub(r"(?<![\w.}/-])/(?=\w)", f"{self.root}/", text)

    def files(self) -> set[Path]:
        """Return all files and folders of the image, except the data folder."""
        inside = {path.relative_to(self.root) for path in self.root.rglob("*")}
        return {path for path in inside if path.parts[0] != "data"}

    def _from(self, argument: str) -> None:
        if self.root.exists():
            self.root.rename(self.folder / self.stage)
        base, _, stage = argument.partition(" AS ")
        self.stage = stage or "final"
        if (self.folder / base).is_dir():
            shutil.copytree(self.folder / base, self.root, symlinks=True)
        else:
            self.root.mkdir()
        self.workdir = self.root
        self.environment = {"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"}

    def _workdir(self, argument: str) -> None:
        self.workdir = Path(self.inside(argument))
        self.workdir.mkdir(parents=True, exist_ok=True)

    def _env(self, argument: str) -> None:
        for assignment in shlex.split(argument):
            name, _, value = assignment.partition("=")
            moved = string.Template(self.inside(value))
            self.environment[name] = moved.substitute(self.environment)

    def _copy(self, argument: str) -> None:
        *sources, target = argument.split()
        stage = ""
        if sources[0].startswith("--from="):
            stage = sources.pop(0).removeprefix("--from=")
        origin = self.folder / stage if stage else PROJECT
        into = self.workdir / self.inside(target)
        for source in sources:
            copy(
                origin / source.lstrip("/"),
                into / Path(source).name if target.endswith("/") else into,
                copy_file=os.link if stage else shutil.copy2,
            )

    def _run(self, argument: str) -> None:
        if re.search(r"\b(pip|venv)\b", argument):
            # Only a step that checks hashes may download.
            may_download = "--require-hashes" in argument
            index = {"PIP_INDEX_URL": self.index_url} if may_download else {"PIP_NO_INDEX": "1"}
            subprocess.run(  # noqa: S602 - the steps of our own Dockerfile
                self.inside(argument),
                shell=True,
                check=True,
                cwd=self.workdir,
                env=os.environ | NO_BYTECODE | index | self.environment,
            )


def copy(source: Path, target: Path, copy_file: Callable[[str, str], object]) -> None:
    """Copy a file, or the contents of a folder, as COPY does."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        no_bytecode = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, target, symlinks=True, ignore=no_bytecode, copy_function=copy_file)
    else:
        copy_file(str(source), str(target))


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, package_index: str) -> Image:
    built = Image(tmp_path_factory.mktemp("docker"), package_index)
    built.build()
    return built


def dateline(
    image: Image, bare_environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run the image's entry point with these arguments, else with its own."""
    settings = dict(iter_instructions())
    command = [*json.loads(settings["ENTRYPOINT"]), *(arguments or json.loads(settings["CMD"]))]
    environment = bare_environment | image.environment | image.bytecode
    program = shutil.which(command[0], path=environment["PATH"])
    assert program
    return run([program, *command[1:]], image.root, environment)


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, in the environment of the tests by default."""
    return subprocess.run(  # noqa: S603 - our own arguments
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_image_without_arguments_runs_the_bot(
    image: Image, bare_environment: dict[str, str]
) -> None:
    ended = dateline(image, bare_environment)

    assert ended.returncode == 2
    assert "the environment variable DISCORD_TOKEN" in ended.stderr


def test_the_image_answers_and_writes_into_its_data_folder_only(
    image: Image, bare_environment: dict[str, str]
) -> None:
    before = image.files()

    asked = dateline(image, bare_environment, "ask", QUESTION)

    assert asked.returncode == 0, asked.stderr
    assert "2 March 2026" in asked.stdout
    assert image.files() == before
    assert list((image.root / "data").iterdir())
    assert list(Path(bare_environment["HOME"]).iterdir()) == []


def test_what_is_installed_has_all_that_it_requires_and_answers_from_an_empty_folder(
    image: Image, bare_environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "empty folder"
    folder.mkdir()
    scripts = image.root / "opt" / "venv" / "bin"

    checked = run([sys.executable, "-m", "pip", "--python", scripts / "python", "check"], folder)
    environment = bare_environment | image.bytecode
    asked = run([scripts / "dateline", "ask", QUESTION], folder, environment)

    assert checked.returncode == 0, checked.stdout
    assert asked.returncode == 0, asked.stderr
    assert "2 March 2026" in asked.stdout
    assert list(folder.iterdir()) == []


def test_the_base_image_is_given_by_its_digest() -> None:
    images = [argument.split()[0] for word, argument in iter_instructions() if word == "FROM"]
    stages = re.findall(r"^FROM .* AS (\w+)$", DOCKERFILE, re.MULTILINE)

    external = [image for image in images if image not in stages]

    assert len(external) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+@sha256:[0-9a-f]{64}", external[0])


def test_the_build_downloads_only_what_a_lock_names() -> None:
    commands = [argument.split() for word, argument in iter_instructions() if word == "RUN"]
    pip_commands = [command for command in commands if command[0] == "pip"]

    for command in pip_commands:
        assert "--no-deps" in command
        assert {"--require-hashes", "--only-binary"} <= set(command) or command[-1] in LOCAL_FILES
        assert "wheel" not in command or "--no-build-isolation" in command
    assert {command[0] for command in commands} == {"python", "pip", "install"}
    assert len(pip_commands) == 4


def test_every_file_that_is_copied_passes_the_dockerignore() -> None:
    lines = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    passing = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copies = [argument.split()[:-1] for word, argument in iter_instructions() if word == "COPY"]

    copied = {name for names in copies for name in names if not names[0].startswith("--from")}

    assert copied == passing


def test_the_image_runs_as_a_user_without_rights_and_stops_on_sigterm() -> None:
    settings = dict(iter_instructions())

    assert int(settings["USER"].split(":")[0]) >= 10_000
    assert settings["STOPSIGNAL"] == "SIGTERM"
    assert settings["VOLUME"] == "/data"
