from bot.presentation.findings import all_is_well, finding_lines, finding_object
from bot.services.finding import Finding, State

RIGHT = Finding(part="disk", state=State.RIGHT, text="it is there.")
NOTE = Finding(part="index", state=State.NOTE, text="none.")
WRONG = Finding(part="clock", state=State.WRONG, text="it is slow: set it.")


def test_each_part_has_a_line_and_the_last_one_counts_what_is_wrong() -> None:
    assert list(finding_lines([RIGHT, NOTE, WRONG])) == [
        "✓ disk   it is there.",
        "· index  none.",
        "✗ clock  it is slow: set it.",
        "",
        "1 of 3 parts want something done.",
    ]


def test_where_nothing_is_wrong_that_is_said() -> None:
    assert list(finding_lines([RIGHT, NOTE]))[-1] == "Nothing is wrong."


def test_all_is_well_unless_something_is_wrong() -> None:
    assert all_is_well([RIGHT, NOTE])
    assert not all_is_well([RIGHT, WRONG])


def test_the_object_holds_each_finding() -> None:
    assert finding_object([NOTE, WRONG]) == {
        "well": False,
        "findings": [
            {"part": "index", "state": "note", "text": "none."},
            {"part": "clock", "state": "wrong", "text": "it is slow: set it."},
        ],
    }
