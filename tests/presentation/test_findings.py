from bot.presentation.findings import findings_to_json, format_findings, has_no_problem
from bot.services.finding import Finding, FindingState

RIGHT = Finding(part="disk", state=FindingState.OK, text="It is there.")
NOTE = Finding(part="index", state=FindingState.NOTE, text="None.")
WRONG = Finding(part="clock", state=FindingState.PROBLEM, text="It is slow. Set it.")


def test_each_part_has_a_line_and_the_last_one_counts_what_is_wrong() -> None:
    assert list(format_findings([RIGHT, NOTE, WRONG])) == [
        "✓ disk   It is there.",
        "· index  None.",
        "✗ clock  It is slow. Set it.",
        "",
        "1 of 3 checks found a problem.",
    ]


def test_findings_without_problems_say_so() -> None:
    assert list(format_findings([RIGHT, NOTE]))[-1] == "No problems found."


def test_all_is_well_unless_something_is_wrong() -> None:
    assert has_no_problem([RIGHT, NOTE])
    assert not has_no_problem([RIGHT, WRONG])


def test_the_object_holds_each_finding() -> None:
    assert findings_to_json([NOTE, WRONG]) == {
        "well": False,
        "findings": [
            {"part": "index", "state": "note", "text": "None."},
            {"part": "clock", "state": "wrong", "text": "It is slow. Set it."},
        ],
    }
