import pytest

from bot.retrieval.text.statements import ends_in_stop, is_question, is_statement


@pytest.mark.parametrize(
    "sentence",
    ["It rained.", "It rained!", "“It rained.”", "It rained … ", "(It rained.)", "It rained.' \""],
)
def test_a_sentence_that_ends_in_a_stop_is_a_statement(sentence: str) -> None:
    assert is_statement(sentence)
    assert ends_in_stop(sentence)
    assert not is_question(sentence)


@pytest.mark.parametrize("sentence", ["Did it rain?", "“Did it rain?” ", "Did it rain?)"])
def test_a_question_is_no_statement_though_it_ends_in_a_stop(sentence: str) -> None:
    assert is_question(sentence)
    assert ends_in_stop(sentence)
    assert not is_statement(sentence)


@pytest.mark.parametrize("line", ["Rain in London", "London, 2 March —", "3.5 mm", "Why? Because"])
def test_a_heading_ends_in_no_stop(line: str) -> None:
    assert not is_statement(line)
    assert not ends_in_stop(line)
    assert not is_question(line)


def test_a_brace_may_close_a_line_but_no_statement() -> None:
    assert ends_in_stop("{It rained.}")
    assert not is_statement("{It rained.}")
