import json

import pytest

from bot.evaluation.judged import JudgedCollection, JudgedQuestion, Judgement
from bot.evaluation.outcome import QuestionOutcome
from bot.evaluation.report import Report, build_report, format_report, report_to_json
from tests.builders import an_article
from tests.evaluation.builders import a_judgement, an_outcome

RIGHT = an_outcome("The river rose.", confidence=0.75, ranking=["flood"])
WRONG = an_outcome("Nobody came.", confidence=0.25, elapsed_ms=15)
KNOWN = a_judgement("river", grades={"flood": 1})


def a_report(
    *outcomes: QuestionOutcome,
    against: dict[str, QuestionOutcome] | None = None,
    judgement: Judgement = KNOWN,
) -> Report:
    ids = [f"q{number}" for number in range(len(outcomes))]
    judged = JudgedCollection(
        articles=(an_article(),),
        questions=tuple(
            JudgedQuestion(id=question_id, text="What rose?", asked_on=None) for question_id in ids
        ),
        judgements=dict.fromkeys(ids, judgement),
    )
    return build_report(judged, dict(zip(ids, outcomes, strict=True)), against)


def test_a_report_has_the_measures_that_judgements_allow() -> None:
    report = a_report(RIGHT, WRONG)

    figures = {result.measure.name: result for result in report.results}
    assert "recall of no" not in figures
    assert (figures["answer@1"].value, figures["answer@1"].count) == (0.5, 2)
    assert figures["answer@1"].interval == (0, 1)
    assert (report.articles, report.questions) == (1, 2)


def test_a_report_is_a_table_of_aligned_lines() -> None:
    lines = list(format_report(a_report(RIGHT, WRONG)))

    assert lines[0] == "2 questions, 1 article"
    assert lines[2:6] == [
        "                          value   95 % interval  questions",
        "nDCG@10                   0.500  0.000 to 1.000          2",
        "R@100                     0.500  0.000 to 1.000          2",
        "MRR@10                    0.500  0.000 to 1.000          2",
    ]
    assert "quote length                 14        12 to 15          2" in lines
    assert "p50 ms                     10.0     5.0 to 15.0          2" in lines
    assert lines[-3:] == [
        "confidence  accuracy  questions",
        "     0.250     0.000          1",
        "     0.750     1.000          1",
    ]


def test_a_report_without_confidences_has_no_reliability_table() -> None:
    report = a_report(an_outcome("The river rose."))

    assert report.reliability == ()
    assert not any("accuracy" in line for line in format_report(report))


def test_a_report_compares_runs_and_names_mismatches() -> None:
    before = {f"q{number}": an_outcome("Dry.", "The river.", ranking=None) for number in (0, 5)}

    lines = list(format_report(a_report(RIGHT, WRONG, against=before)))

    start = lines.index("Compared with the earlier run, over 1 question in both runs:")
    assert lines[start + 1 : start + 5] == [
        "Questions only in this run: 1 (q1)",
        "Questions only in the earlier run: 1 (q5)",
        (
            "Measures that only one of the runs has: 5"
            " (nDCG@10, R@100, MRR@10, risk saved by confidence, calibration error)"
        ),
        "",
    ]
    cells = [line.split() for line in lines[start + 5 :]]
    assert cells[0][:4] == ["now", "before", "difference", "95"]
    assert " ".join(cells[1]) == "answer@1 1.000 0.000 +1.000 1.000 to 1.000 1.0000 1"


def test_a_report_counts_correct_questions_that_are_still_answered() -> None:
    refused = an_outcome("The river rose.", answered=False)
    before = {"q0": RIGHT, "q1": RIGHT, "q2": WRONG}

    lines = list(format_report(a_report(RIGHT, refused, WRONG, against=before)))

    assert (
        lines[-1]
        == "The earlier run gave a correct first quote for 2 questions. This run answers 1 of them (0.500)."
    )


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (5, "Questions only in the earlier run: 5 (old0, old1, old2, old3, old4)"),
        (6, "Questions only in the earlier run: 6 (old0, old1, old2, old3, old4, …)"),
    ],
)
def test_at_most_five_unmatched_questions_are_named(count: int, expected: str) -> None:
    before = {f"old{number}": RIGHT for number in range(count)}

    assert expected in list(format_report(a_report(RIGHT, against=before)))


def test_a_tiny_difference_has_no_minus_sign() -> None:
    now, before = an_outcome(elapsed_ms=5.0), an_outcome(elapsed_ms=5.001)

    lines = list(format_report(a_report(now, against={"q0": before})))

    assert any(line.startswith("p50 ms") and " +0.0 " in line for line in lines)


def test_a_report_is_a_json_object() -> None:
    value = json.loads(json.dumps(report_to_json(a_report(RIGHT, WRONG, against={"q0": WRONG}))))

    assert (value["articles"], value["questions"]) == (1, 2)
    assert value["measures"]["answer@1"] == {
        "figure": 0.5,
        "low": 0,
        "high": 1,
        "questions": 2,
    }
    assert value["reliability"][1] == {"confidence": 0.75, "right": 1, "questions": 1}
    assert value["against"]["only_now"] == ["q1"]
    assert value["against"]["measures"]["answer@1"] == {
        "figure": 1,
        "before": 0,
        "difference": 1,
        "low": 1,
        "high": 1,
        "p": 1,
        "questions": 1,
    }


def test_a_report_without_another_run_has_null_in_json() -> None:
    assert report_to_json(a_report(RIGHT))["against"] is None


def test_without_questions_the_report_is_empty() -> None:
    report = a_report()

    assert report.results == ()
    assert next(format_report(report)) == "0 questions, 1 article"
