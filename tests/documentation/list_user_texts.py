"""Print every text that users can read, one a line, without its context.

    .venv/bin/python -m tests.documentation.list_user_texts [--places] [PATH …]

Read each line on its own. If it needs a second reading, rewrite it. `--places` prints the file and
the line before each text. PATH is a file or a folder of the code; without one, all of `bot/` is read,
and the comments of `config/dateline.toml`.

A text is a string in the code that contains a space or begins with a capital letter. SQL, regexes,
type annotations and docstrings are left out, except docstrings that are the help of a command. `{}`
stands for a value that is filled in.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]
CODE = PROJECT / "bot"
SETTINGS_FILE = PROJECT / "config" / "dateline.toml"
HELP_PACKAGE = CODE / "cli"
"""The docstrings of its commands are shown as help."""

_CODE = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|WITH|BEGIN)\b|.*\(\?|\n +"
)
"""SQL, which is often indented below the first line, and regexes."""
_CODE_CALLS = frozenset({"compile", "TypeVar", "NewType", "ParamSpec", "cast", "getLogger"})
"""Functions that take strings that nobody reads."""


class UserText(NamedTuple):
    """A text, and the line of the file that it stands on."""

    path: Path
    line: int
    text: str


def main(arguments: list[str]) -> None:
    """Print the texts of the files and folders that the arguments name."""
    names = [argument for argument in arguments if not argument.startswith("--")]
    for path, line, text in find_user_texts([Path(name) for name in names] or [CODE]):
        place = f"{path.resolve().relative_to(PROJECT)}:{line}\t" if "--places" in arguments else ""
        print(f"{place}{text!r}")  # noqa: T201 - its output


def find_user_texts(paths: Iterable[Path]) -> Iterator[UserText]:
    """Yield the texts of each file, in the order of their lines."""
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield from sorted(_find_texts_in_file(file), key=lambda text: text.line)
        if path == CODE:
            yield from _find_comments(SETTINGS_FILE)


def _find_texts_in_file(path: Path) -> Iterator[UserText]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ignored = set(_find_code_strings(tree))
    for node in ast.walk(tree):
        text = _get_text(node)
        if node not in ignored and text and _is_readable(text):
            yield UserText(path, getattr(node, "lineno", 0), text)
    if path.is_relative_to(HELP_PACKAGE):
        yield from _find_help(tree, path)


def _find_code_strings(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the strings that are code, documentation, or a part of another string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from node.values
            yield from (part for value in node.values for part in ast.walk(value))
        elif isinstance(node, ast.Call) and _get_name(node.func) in _CODE_CALLS:
            yield from (part for argument in node.args for part in ast.walk(argument))
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if annotation is not None:
                yield from _find_annotation_strings(annotation)


def _find_annotation_strings(annotation: ast.AST) -> Iterator[ast.AST]:
    """Yield the strings of a type; the arguments of calls in it, such as an option's help, are texts."""
    if isinstance(annotation, ast.Constant):
        yield annotation
    elif not isinstance(annotation, ast.Call):
        for child in ast.iter_child_nodes(annotation):
            yield from _find_annotation_strings(child)


def _get_name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _get_text(node: ast.AST) -> str | None:
    """Return the text of a string, with `{}` for each value that is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_get_text(value) or "{}" for value in node.values)
    return None


def _is_readable(text: str) -> bool:
    stripped = text.strip()
    has_words = re.search(r"[^\W\d_]{2}", stripped) is not None
    looks_like_text = " " in stripped or stripped[:1].isupper()
    return has_words and looks_like_text and not _CODE.match(text)


def _find_help(tree: ast.Module, path: Path) -> Iterator[UserText]:
    """Yield the docstrings of the functions that are commands: they take a `typer.Context`."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and "typer.Context" in ast.unparse(node.args):
            docstring = ast.get_docstring(node)
            if docstring and not node.name.startswith("_"):
                yield UserText(path, node.lineno, docstring)


def _find_comments(path: Path) -> Iterator[UserText]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        _, mark, comment = line.partition("#")
        if mark and comment.strip():
            yield UserText(path, number, comment.strip())


if __name__ == "__main__":
    main(sys.argv[1:])
