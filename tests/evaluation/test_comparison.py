import pytest

from bot.evaluation.comparison import Difference, compare_runs
from bot.evaluation.outcome import QuestionOutcome
from tests.evaluation.builders import a_judgement, an_outcome

RIGHT, WRONG = an_outcome("The river rose."), an_outcome("Nobody came.")
REFUSED = an_outcome("The river rose.", answered=False)
JUDGEMENTS = {f"q{number}": a_judgement("river") for number in range(8)}


def differences(now: list[QuestionOutcome], before: list[QuestionOutcome]) -> dict[str, Difference]:
    found = compare_runs(by_id(now), by_id(before), JUDGEMENTS)
    return {difference.measure.name: difference for difference in found.differences}


def by_id(outcomes: list[QuestionOutcome]) -> dict[str, QuestionOutcome]:
    return dict(zip(JUDGEMENTS, outcomes, strict=False))


def test_a_measure_is_compared_question_by_question() -> None:
    found = differences([RIGHT] * 7 + [WRONG], [WRONG] * 8)["answer@1"]

    assert (found.now, found.before, found.count) == (7 / 8, 0, 8)
    assert found.interval.low <= 7 / 8 <= found.interval.high
    # Of the 128 signs of seven differences two are as extreme.
    assert found.p == pytest.approx(2 / 128, abs=0.005)


def test_a_run_against_itself_does_not_differ() -> None:
    found = differences([RIGHT, WRONG, REFUSED], [RIGHT, WRONG, REFUSED])

    assert all(difference.interval == (0, 0) for difference in found.values())
    assert {found[name].p for name in ("answer@1", "found@3", "wrong among answered")} == {1}


def test_values_that_are_no_means_have_no_p_value() -> None:
    found = differences([RIGHT, WRONG], [WRONG, RIGHT])

    assert found["quote length"].p is None
    assert found["risk-coverage"].p is None


def test_measures_of_other_questions_in_each_run_have_no_p_value() -> None:
    found = differences([RIGHT, REFUSED, WRONG], [RIGHT, WRONG, REFUSED])["wrong among answered"]

    assert (found.now, found.before, found.count) == (1 / 2, 1 / 2, 3)
    assert found.p is None


def test_rankings_that_were_not_saved_are_not_compared() -> None:
    ranked = an_outcome("The river rose.", ranking=["flood"])
    unranked = an_outcome("The river rose.", ranking=None)
    judgements = {"q0": a_judgement("river", grades={"flood": 1})}

    found = compare_runs({"q0": ranked}, {"q0": unranked}, judgements)

    assert found.not_compared == ("nDCG@10", "R@100", "MRR@10")
    assert "nDCG@10" not in {difference.measure.name for difference in found.differences}


def test_only_questions_with_the_same_text_in_both_runs_are_compared() -> None:
    now = {"q0": RIGHT, "q1": RIGHT, "q2": RIGHT}
    before = {"q1": an_outcome("The river rose.", text="What fell?"), "q2": RIGHT, "q3": RIGHT}

    found = compare_runs(now, before, JUDGEMENTS)

    assert found.count == 1
    assert found.only_now == ("q0",)
    assert found.only_before == ("q3",)
    assert found.reworded == ("q1",)


def test_runs_without_a_common_question_have_no_differences() -> None:
    found = compare_runs({"q0": RIGHT}, {"q1": RIGHT}, JUDGEMENTS)

    assert (found.count, found.differences, found.not_compared) == (0, (), ())


def test_correct_questions_of_the_earlier_run_are_counted_if_still_answered() -> None:
    now = by_id([RIGHT, REFUSED, WRONG, REFUSED])
    before = by_id([RIGHT, RIGHT, REFUSED, WRONG])

    found = compare_runs(now, before, JUDGEMENTS)

    assert (found.correct_before, found.still_answered) == (3, 2)
