"""Running the command that the arguments name."""

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
        (["nonsense"], "no such command 'nonsense'. See 'dateline --help'"),
        (["vrify"], "no such command 'vrify'. Did you mean 'verify'?"),
        (["ask"], "missing argument 'QUESTION'. See 'dateline ask --help'"),
        (["ask", "river", "--colour"], "no such option '--colour'"),
        (["ask", "river", "--befor", "2026"], "no such option '--befor'. Did you mean --before?"),
        (["latest", "river"], "unexpected argument 'river'. See 'dateline latest --help'"),
        (
            ["ask", "river", "--limit", "0"],
            "value for '--limit'. It should be greater than or equal to 1",
        ),
        (["ask", "river", "--limit", "many"], "value for '--limit'. It should be a valid integer"),
        (["latest", "--count"], "'--count' requires an argument. See 'dateline latest --help'"),
        (["search", "river", "--sort", "up"], "'up' is not one of 'best', 'newest', 'oldest'"),
        (["ask", "river", "--as-of"], "option '--as-of' requires an argument"),
        (["remove", "flood"], "missing option '--reason'"),
        (["remove", "flood", "--reason", " "], "See 'dateline remove --help'"),
        (["ask", ""], "question is empty"),
        (["ask", "🙂🙂"], "moji can't be searched for"),
        (["ask", "the of and"], "nothing to search for"),
        (["ask", "river", "--after", "someday"], "“someday” is not a date"),
        (["ask", "river", "--before", "2026-02-30"], "“2026-02-30” is not a date"),
        (["ask", "river", "--after", ""], "“” is not a date"),
        (["ask", "river", "--after", "3/2"], "“2 March 2026” or “3 February 2026”"),
        (
            ["ask", "river", "--after", "2026-03-05", "--before", "2026-03-01"],
            "he first day, 5 March 2026, is later than the last day, 1 March 2026",
        ),
        (["ask", "river", "--as-of", "someday"], "“someday” is not a date"),
        (["ask", "river", "--config", "missing.toml"], "t can't be read"),
        (["ask", "river", "--config", "a\nb\x1b.toml"], "a\ufffdb\ufffd.toml"),
        (["verify", "0123"], "“0123” is not a receipt"),
        (["verify", "xyzxyzxyzxyzxyzx"], "is not a receipt"),
        (["remove", "nothing", "--reason", "x"], "no article with the ID “nothing”"),
        (["remove", "a\nb\x1b[31m", "--reason", "x"], r"“a\nb\x1b[31m”"),
    ],
    ids=lambda value: (
        " ".join(value)[:40].encode("unicode_escape").decode() if isinstance(value, list) else ""
    ),
)
def test_wrong_input_prints_one_line_and_ends_with_2(
    run: RunCommand, arguments: list[str], sentence: str
) -> None:
    result = run(*arguments)

    assert (result.code, result.out) == (2, "")
    assert re.fullmatch(r"error: [^\n]+\n", result.err)
    assert result.err[:-1].isprintable()
    assert sentence in result.err


def test_an_argument_of_other_bytes_than_utf8_is_refused(run: RunCommand) -> None:
    result = run("remove", "\udcff", "--reason", "x")

    assert (result.code, result.out) == (2, "")
