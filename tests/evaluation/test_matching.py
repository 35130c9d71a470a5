import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.matching import contains_answer, normalise


@pytest.mark.parametrize(
    ("answer", "quote"),
    [
        pytest.param("ne zha 2", "“Ne Zha 2” has dethroned it.", id="case"),
        pytest.param("Zurich", "It rained in Zürich.", id="accents"),
        pytest.param("the Senate", "A Senate vote is due.", id="articles"),
        pytest.param("Thor: Love and Thunder", "In Thor, love & thunder meet.", id="punctuation"),
        pytest.param("Mar-a-Lago", "Agents searched Mar a Lago.", id="hyphens"),
        pytest.param("Domino's", "Domino’s Pizza has left Italy.", id="apostrophes"),
        pytest.param("Trump", "It was Trump’s plan.", id="possessive"),
        pytest.param("the students'", "The students stayed.", id="possessive of many"),
        pytest.param("US", "The U.S. left.", id="full stops of an acronym"),
        pytest.param("J.K. Rowling", "J. K. Rowling wrote it.", id="initials"),
        pytest.param("three", "It has 3 legs.", id="a number in digits"),
        pytest.param("21", "It took twenty-one years.", id="a number in words"),
        pytest.param("1,000", "One thousand came.", id="thousands in words"),
        pytest.param("1000", "More than 1,000 came.", id="a comma for thousands"),
        pytest.param("1.5 million", "A sum of 1,500,000 people.", id="a magnitude"),
        pytest.param("a million", "He won 1 million.", id="one left out"),
        pytest.param("2.4 million customers", "It has 2.4m customers.", id="a short magnitude"),
        pytest.param("$1.5 billion", "It cost 1.5bn dollars.", id="a currency in words"),
        pytest.param("1.5 billion", "It cost $1.5 billion.", id="a currency left out"),
        pytest.param("£5", "It cost five pounds.", id="a price in words"),
        pytest.param("$5-million", "A $5 million house.", id="a price with a hyphen"),
        pytest.param("38%", "About 38 percent agree.", id="percent"),
        pytest.param("38 per cent", "About 38% agree.", id="per cent"),
        pytest.param("104.5 F", "It was 104.5 F in the shade.", id="decimals"),
    ],
)
def test_an_answer_is_recognised_however_it_is_written(answer: str, quote: str) -> None:
    assert contains_answer(quote, [answer])


@pytest.mark.parametrize(
    ("answer", "quote"),
    [
        pytest.param("Iran", "The Iranian foreign minister spoke.", id="part of a word"),
        pytest.param("7", "The G7 met.", id="part of a word with digits"),
        pytest.param("5", "The 5G network failed.", id="digits before a letter"),
        pytest.param("00", "1,000 came.", id="part of a number"),
        pytest.param("Sam Altman", "Sam and Altman met.", id="words between"),
        pytest.param("Altman Sam", "Sam Altman spoke.", id="another order"),
        pytest.param("$5", "5 people came.", id="a currency that is not there"),
        pytest.param("3", "It lasted 3.5 hours.", id="more decimals"),
        pytest.param("vitamin ca", "It holds vitamin C. A study says so.", id="over a full stop"),
        pytest.param("5 million", "Between two million and three million.", id="two numbers"),
        pytest.param("", "Anything at all.", id="nothing"),
        pytest.param("The", "The same.", id="an article alone"),
        pytest.param("…", "Wait…", id="punctuation alone"),
    ],
)
def test_a_missing_answer_is_not_recognised(answer: str, quote: str) -> None:
    assert not contains_answer(quote, [answer])


def test_one_of_several_wordings_is_enough() -> None:
    quote = "The World Meteorological Organization warned."

    assert contains_answer(quote, ["WMO", "World Meteorological Organization"])
    assert not contains_answer(quote, ["WMO", "WHO"])
    assert not contains_answer(quote, [])


@given(st.text(alphabet="aAbc12,.-$%' "))
def test_a_text_contains_itself_unless_it_is_empty(text: str) -> None:
    assert contains_answer(text, [text]) == bool(normalise(text))


@given(st.text())
def test_normalised_words_are_one_space_apart(text: str) -> None:
    words = normalise(text)

    assert words == " ".join(words.split())
