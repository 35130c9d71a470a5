import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.numerals import numbers_to_digits


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("zero", "0"),
        ("three", "3"),
        ("seventeen", "17"),
        ("twenty one", "21"),
        ("twenty seventeen", "20 17"),
        ("hundred", "100"),
        ("two hundred", "200"),
        ("2 hundred", "200"),
        ("one hundred five", "105"),
        ("three hundred and sixty five days", "365 days"),
        ("two thousand twenty two", "2022"),
        ("one thousand and one nights", "1001 nights"),
        ("five hundred thousand", "500000"),
        ("one hundred and five thousand", "105000"),
        ("four million two hundred thousand", "4200000"),
        ("three trillion", "3000000000000"),
        ("million", "1000000"),
        ("1.5 million", "1500000"),
        ("1.5", "1.5"),
        ("1.50", "1.5"),
        ("5.0", "5"),
        ("100", "100"),
        ("007", "7"),
        ("3 5", "3 5"),
        ("two and three", "2 and 3"),
        ("between one hundred and two hundred", "between 100 and 200"),
        ("between one thousand and two thousand", "between 1000 and 2000"),
        ("between two million and three million", "between 2000000 and 3000000"),
        ("two million and five", "2000005"),
        ("one hundred and twenty five", "125"),
        ("thousands of seventeenth tennis", "thousands of seventeenth tennis"),
        ("g7 b2b 5g", "g7 b2b 5g"),
        ("", ""),
    ],
)
def test_numbers_are_converted_to_digits(words: str, expected: str) -> None:
    assert numbers_to_digits(words) == expected


@given(st.integers(min_value=0, max_value=10**12))
def test_digits_stay_as_they_are(number: int) -> None:
    assert numbers_to_digits(str(number)) == str(number)
