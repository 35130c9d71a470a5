from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import repeat

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.retrieval.index.postings import Postings
from bot.retrieval.index.spelling import suggest_words
from tests.builders import the_analyser

DEAL = "On Monday Anthropic said that the deal was off."
# The stemmer removes no ending made of these letters.
WORDS = st.text("abk", min_size=3, max_size=9).map("a".__add__)


def suggest(word: str, *texts: str, is_name: bool = False) -> tuple[str, ...]:
    """Return the suggestions for the word if these are all texts."""
    analyser = the_analyser()
    keys = [analyser.extract_term_texts(text) for text in texts]

    def texts_of(term: str) -> Iterator[str]:
        return (text for text, held in zip(texts, keys, strict=True) if term in held)

    return suggest_words(word, Postings.build(keys), texts_of, analyser, is_name=is_name)


@cache
def slips(one: str, other: str) -> int:
    """Compute the optimal string alignment distance from its definition."""
    if not one or not other:
        return len(one) + len(other)
    least = min(
        slips(one[1:], other) + 1,
        slips(one, other[1:]) + 1,
        slips(one[1:], other[1:]) + (one[0] != other[0]),
    )
    if len(one) > 1 and len(other) > 1 and one[:2] == other[1::-1]:
        least = min(least, slips(one[2:], other[2:]) + 1)
    return least


@pytest.mark.parametrize(
    "typed",
    ["Antropic", "Anthhropic", "Anthropix", "Anhtropic", "Antrophic", "antropic", "Antropic’s"],
    ids=["too few", "too many", "wrong", "swapped", "two slips", "small", "possessive"],
)
def test_a_misspelt_word_is_suggested_as_the_articles_write_it(typed: str) -> None:
    assert suggest(typed, DEAL) == ("Anthropic",)


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("politicl", "The political debate went on.", "political"),
        ("goverments", "Two governments agreed.", "governments"),
        ("Braady", "A bill named after Brady passed.", "Brady"),
        ("Zelenski", "A visit by Zelensky was announced.", "Zelensky"),
        ("Beyonse", "A tour by Beyoncé was announced.", "Beyoncé"),
        ("Anthroopic", "It was Anthropic’s last offer.", "Anthropic"),
    ],
)
def test_a_mistake_may_be_in_an_ending_and_accents_are_ignored(
    typed: str, text: str, expected: str
) -> None:
    assert suggest(typed, text) == (expected,)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("dea", DEAL),
        ("mondai" * 7, f"It was {'mondai' * 7}s."),
        ("deall7", "It was deal7 again."),
        ("20226", "It was in 2022 again."),
        ("NASAA", "The NASA probe landed."),
        ("xnthropic", DEAL),
        ("mnodya", DEAL),
        ("antroqix", DEAL),
        ("Kamala", DEAL),
        ("kovid", "Then kovid19 came."),
    ],
    ids=[
        "too short",
        "too long",
        "with a digit",
        "number",
        "acronym",
        "first letter",
        "two slips in a short word",
        "three slips in a long word",
        "unlike any",
        "part of a name with digits",
    ],
)
def test_nothing_is_suggested_if_nothing_is_likely(typed: str, text: str) -> None:
    assert suggest(typed, text) == ()


def test_an_empty_library_suggests_nothing() -> None:
    assert suggest("Antropic") == ()


@given(typed=WORDS, held=WORDS)
@example(typed="abab", held="aabb")
@example(typed="abkabkab", held="akbakbab")
def test_up_to_seven_letters_allow_one_mistake_and_longer_words_two(typed: str, held: str) -> None:
    allowed = 1 if len(typed) < 8 else 2

    words = suggest(typed, held)

    assert words == ((held,) if slips(typed, held) <= allowed else ())


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a rover"] + 10 * ["a river"], ("river",)),
        (["a rover, a river, a river", *8 * ["a river"]], ("river", "rover")),
        (["a rover", "a river", "a raver"], ()),
    ],
    ids=["clearly", "two", "too many"],
)
def test_the_frequent_word_is_suggested_or_two_equally_likely_ones(
    texts: list[str], expected: tuple[str, ...]
) -> None:
    assert suggest("rxver", *texts) == expected


def test_a_closer_word_is_the_only_suggestion_even_if_rare() -> None:
    assert suggest("antrophic", *5 * [DEAL], "the antrophix") == ("antrophix",)


def test_the_most_frequent_of_a_terms_closest_words_is_suggested() -> None:
    texts = ["the markets", "the market", "the market", *3 * ["the marketed"]]

    assert suggest("markett", *texts) == ("market",)


def test_a_name_is_corrected_to_names_only() -> None:
    text = "The starter fell ill."

    assert suggest("Starmer", text, is_name=True) == ()
    assert suggest("Starmer", text) == ("starter",)


def test_a_word_is_a_name_if_most_articles_capitalise_it() -> None:
    texts = ["In Applle shops", "In Applle shops", "the applle of my eye"]

    assert suggest("Aplle", *texts, is_name=True) == ("Applle",)
    assert suggest("Aplle", *texts[1:], is_name=True) == ()


def test_a_word_in_under_one_of_ten_thousand_passages_is_not_suggested() -> None:
    others = ["rain"] * 9_999

    assert suggest("Antropic", DEAL, *others) == ("Anthropic",)
    assert suggest("Antropic", DEAL, *others, "rain") == ()


def test_only_a_few_texts_of_the_closest_frequent_terms_are_read() -> None:
    alike = [f"riv{letter}r" for letter in "abcdefghijkl"]
    counts = {"riv": 20, "rivx": 13, "kitchen": 1} | {term: n for n, term in enumerate(alike, 1)}
    postings = Postings.build([term] for term, count in counts.items() for _ in range(count))
    read = Counter[str]()

    def texts_of(term: str) -> Iterator[str]:
        for text in repeat(term):
            read[term] += 1
            yield text

    for word in ("rivxr", "kamala"):
        suggest_words(word, postings, texts_of, the_analyser(), is_name=False)

    assert read == dict.fromkeys(["rivx", *alike[-7:]], 10)
