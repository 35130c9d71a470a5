"""How errors are printed."""

import pytest

from bot.cli.failure import print_failure


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("The disk is full.", "error: the disk is full."),
        ("Stopped. Start it again.", "error: stopped. Start it again."),
        ("A topic is blank.", "error: a topic is blank."),
        ("Discord can't be reached.", "error: Discord can't be reached."),
        ("DISCORD_TOKEN is not set.", "error: DISCORD_TOKEN is not set."),
        ("“Flood” is unknown.", "error: “Flood” is unknown."),
        ("Notes.txt: it is empty.", "error: Notes.txt: it is empty."),
    ],
)
def test_a_sentence_starts_in_lower_case_unless_it_starts_with_a_name(
    capsys: pytest.CaptureFixture[str], sentence: str, line: str
) -> None:
    print_failure(sentence)

    assert capsys.readouterr().err == f"{line}\n"
