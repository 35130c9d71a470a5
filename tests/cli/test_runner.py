"""How arguments become the run of a command."""

import re

import pytest

from bot.cli.runner import hoist_global_options
from tests.commands import RunCommand


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["ask", "x"], ["ask", "x"]),
        (["ask", "x", "--as-of", "d"], ["--as-of", "d", "ask", "x"]),
        (
            ["ask", "--data-dir=f", "x", "--config", "c"],
            ["--data-dir=f", "--config", "c", "ask", "x"],
        ),
        (["ask", "--", "--as-of", "d"], ["ask", "--", "--as-of", "d"]),
        (["ask", "x", "--as-of"], ["--as-of"]),
        (["ask", "x", "--version"], ["--version", "ask", "x"]),
        (["ask", "x", "--as-offering"], ["ask", "x", "--as-offering"]),
    ],
)
def test_global_options_are_put_first(arguments: list[str], expected: list[str]) -> None:
    assert hoist_global_options(arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["ask"], "Missing argument 'QUESTION'"),
        (["ask", "river", "--colour"], "No such option: --colour"),
        (["ask", "river", "--limit", "0"], "Invalid value for '--limit'"),
        (["ask", "river", "--limit", "many"], "Invalid value for '--limit'"),
        (["ask", "river", "--as-of"], "Option '--as-of' requires an argument"),
        (["remove", "flood"], "Missing option '--reason'"),
        (["ask", ""], "holds no question"),
        (["ask", "🙂🙂"], "Emoji"),
        (["ask", "the of and"], "nothing to search for"),
        (["ask", "river", "--after", "someday"], "'someday' is not a date"),
        (["ask", "river", "--before", "2026-02-30"], "'2026-02-30' is not a date"),
        (["ask", "river", "--after", ""], "'' is not a date"),
        (["ask", "river", "--after", "3/2"], "write “2 March 2026” or “3 February 2026”"),
        (
            ["ask", "river", "--after", "2026-03-05", "--before", "2026-03-01"],
            "No day lies between 5 March 2026 and 1 March 2026",
        ),
        (["ask", "river", "--as-of", "someday"], "'someday' is not a date"),
        (["ask", "river", "--config", "missing.toml"], "it can't be read"),
        (["ask", "river", "--config", "a\nb\x1b.toml"], "a\ufffdb\ufffd.toml: "),
        (["verify", "0123"], "'0123' is no receipt"),
        (["verify", "xyzxyzxyzxyzxyzx"], "is no receipt"),
        (["remove", "nothing", "--reason", "x"], "no article with the id 'nothing'"),
        (["remove", "a\nb\x1b[31m", "--reason", "x"], r"'a\nb\x1b[31m'"),
    ],
    ids=lambda value: (
        " ".join(value)[:40].encode("unicode_escape").decode() if isinstance(value, list) else ""
    ),
)
def test_wrong_input_is_told_in_one_line_and_ends_with_2(
    run: RunCommand, arguments: list[str], sentence: str
) -> None:
    result = run(*arguments)

    assert (result.code, result.out) == (2, "")
    assert re.fullmatch(r"dateline: [^\n]+\n", result.err)
    assert result.err[:-1].isprintable()
    assert sentence in result.err


def test_an_argument_of_other_bytes_than_utf8_is_refused(run: RunCommand) -> None:
    result = run("remove", "\udcff", "--reason", "x")

    assert (result.code, result.out) == (2, "")
