"""Matching of quotes with known answers, independent of spelling conventions."""

import re
import unicodedata
from collections.abc import Iterable

from bot.evaluation.numerals import numbers_to_digits
from bot.retrieval.text.punctuation import APOSTROPHES

_STRAIGHT_APOSTROPHES = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
# Initials lose their dots and spaces: "U.S." and "US", "J. K. Rowling" and "JK Rowling" are equal.
_LETTER = r"[^\W\d_]"
_INITIALS = re.compile(
    rf"(?<![^\W_])(?:(?:{_LETTER}\.)+{_LETTER}(?![^\W_])\.?|(?:{_LETTER}\. ?){{2,}})"
)
_NUMBER = (
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<magnitude>bn|mn|tn|[kmb])?(?![^\W_])"
)
_TOKEN = re.compile(rf"{_NUMBER}|(?P<word>[^\W_]+(?:'[^\W_]+)*)|(?P<sign>[$€£¥₹%&])")
# "$ 5" becomes "5 $", as "5 dollars" does.
_PRICE = re.compile(r"(?<!\S)([$€£¥₹]) (\d\S*)")

_MAGNITUDES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
}
_WORDS = {
    "a": "",
    "an": "",
    "the": "",
    "dollars": "$",
    "dollar": "$",
    "euros": "€",
    "euro": "€",
    "pounds": "£",
    "pound": "£",
    "&": "and",
    "percent": "%",
}


def contains_answer(quote: str, answers: Iterable[str]) -> bool:
    """Return whether the quote contains the words of one of the answers side by side.

    Case, accents, punctuation, articles (a, an, the), possessive `'s` and the spelling of numbers,
    prices and per cents are ignored. An answer with nothing else is never contained.
    """
    words = f" {normalise(quote)} "
    return any(answer and f" {answer} " in words for answer in map(normalise, answers))


def normalise(text: str) -> str:
    """Return the words of a text in one spelling, separated by single spaces."""
    decomposed = unicodedata.normalize("NFKD", text).translate(_STRAIGHT_APOSTROPHES).casefold()
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    joined = _INITIALS.sub(lambda match: re.sub(r"[. ]", "", match[0]) + " ", plain)
    tokens = " ".join(filter(None, map(_normalise_token, _TOKEN.finditer(joined))))
    words = numbers_to_digits(re.sub(r"(?<!\S)per cent(?!\S)", "%", tokens))
    return _PRICE.sub(r"\2 \1", words)


def _normalise_token(token: re.Match[str]) -> str:
    if token["number"]:
        digits = token["number"].replace(",", "")
        return f"{digits} {_MAGNITUDES[token['magnitude']]}" if token["magnitude"] else digits
    word = token[0].removesuffix("'s").replace("'", "")
    return _WORDS.get(word, word)
