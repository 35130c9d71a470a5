"""Normalisation of numbers in words or digits, so that texts can be compared.

"three", "twenty-one", "one hundred and five" and "1.5 million" become 3, 21, 105 and 1500000.
"""

import re
from decimal import Decimal

from bot.dates.number_words import ONES, TEENS, TENS
from bot.english.word_lists import ENGLISH

_SMALL = ("zero", *ONES, *TEENS)
_VALUES = {word: Decimal(value) for value, word in enumerate(_SMALL)}
_VALUES |= {word: Decimal(10 * value) for value, word in enumerate(TENS, start=2)}
_MAGNITUDES = {
    word: Decimal(1000**power)
    for power, word in enumerate(ENGLISH.get_words("magnitudes"), start=1)
}

_DIGITS = r"\d+(?:\.\d+)?"
_BELOW_100 = (
    rf"(?:(?:{'|'.join(TENS)})(?: (?:{'|'.join(ONES)})(?!\S))?|(?:{'|'.join(_SMALL)}))(?!\S)"
)
# "between one hundred and two hundred" contains two numbers.
_HUNDREDS = rf"(?:{_BELOW_100} )?hundred(?: (?:and )?{_BELOW_100}(?! hundred))?(?!\S)"
_GROUP = rf"(?:{_HUNDREDS}|{_BELOW_100})"
_MAGNITUDE = rf"(?:{'|'.join(_MAGNITUDES)})(?!\S)"
_BIG = rf"(?:{_GROUP} )?{_MAGNITUDE}(?: {_GROUP} {_MAGNITUDE})*"
# So does "between one thousand and two thousand".
_REST = rf"(?: {_GROUP}| and {_BELOW_100}(?! hundred| {_MAGNITUDE}))?"
_NUMBER = re.compile(
    rf"(?<!\S)(?:{_DIGITS}(?: hundred)?(?: {_MAGNITUDE})?|{_BIG}{_REST}|{_GROUP})(?!\S)"
)


def numbers_to_digits(words: str) -> str:
    """Return a text of lower-case words, separated by single spaces, with each number in digits."""
    return _NUMBER.sub(lambda match: _number_to_digits(match[0]), words)


def _number_to_digits(number: str) -> str:
    total = group = Decimal(0)
    for word in number.split():
        if word in _MAGNITUDES:
            total += (group or Decimal(1)) * _MAGNITUDES[word]
            group = Decimal(0)
        elif word == "hundred":
            group = 100 * (group or Decimal(1))
        elif word != "and":
            group += _VALUES[word] if word in _VALUES else Decimal(word)
    text = f"{total + group:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
