from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from threading import Barrier, get_ident

import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.text.terms import Analyser, Term

STOP_WORDS_FILE = Path(__file__).parents[3] / "config" / "stop_words.txt"
STOP_WORDS = frozenset(
    line for line in STOP_WORDS_FILE.read_text("utf-8").splitlines() if line and line[0] != "#"
)
ANALYSER = Analyser(STOP_WORDS)

KEYS = {
    "case": ("Anthropic anthropic", "anthrop anthrop"),
    "stems": ("agreement agreed reaching", "agreement agre reach"),
    "stop words": ("What did the company say, and why not?", "compani say"),
    "contractions": ("can't don’t we’ll what's let's", ""),
    "stop word with possessive": ("other's", ""),
    "may and Will": ("In May, Will may vote", "may may vote"),
    "full-width letters": ("\uff21\uff29 in \uff12\uff10", "ai 20"),
    "ligature": ("ﬁnance", "financ"),
    "accents": ("Café naïve São", "cafe naiv sao"),
    "combining accents": ("Cafe\u0301 nai\u0308ve", "cafe naiv"),
    "letters with strokes": ("Bjørn Wałęsa Æsir ß", "bjorn walesa aesir ss"),
    "soft hyphen": ("co\u00adoperate", "cooper"),
    "zero-width characters": ("sanc\u200btions\ufeff war", "sanction war"),
    "possessive": ("Anthropic’s Anthropic's Anthropic", "anthrop anthrop anthrop"),
    "plural possessive": ("companies’ companies' company's", "compani compani compani"),
    "name with an apostrophe": ("O’Brien O'Brien OBrien", "obrien obrien obrien"),
    "typographic quotes": ("“agreed” ‘agreed’", "agre agre"),
    "US with dots": ("the U.S. Department", "US depart"),
    "US without the last dot": ("in the U.S now", "US"),
    "US in capitals": ("tell us of the US", "tell US"),
    "US with possessive": ("the U.S.’s and US's", "US US"),
    "US with dots in lower case": ("the u.s. army", "US armi"),
    "US before a hyphen": ("U.S.-led", "usl US led"),
    "WHO and IT": ("who asked the WHO about its IT?", "ask WHO IT"),
    "long stop word in capitals": ("deals BECAUSE", "deal"),
    "capitals with stop words in all capitals": ("TELL US WHO WON", "tell won"),
    "dots in all capitals": ("WON IN THE U.S.", "won US"),
    "other acronyms": ("U.K. UK uk A.I. AI ai", "uk uk uk ai ai ai"),
    "initials": ("J.K. Rowling", "jk rowl"),
    "dots between words": ("said.Then OpenAI.com e.Google", "said openai com e googl"),
    "dotted is not stemmed": ("A.C.E.D.", "aced"),
    "hyphen": ("multi-layered", "multilay multi layer"),
    "typographic hyphens": ("multi\u2010layered multi\u2011layered", "multilay multi layer " * 2),
    "joined": ("multilayered", "multilay"),
    "hyphenated stop words": ("state-of-the-art", "stateoftheart state art"),
    "joined stop word": ("in-to", ""),
    "hyphenated possessive": ("vice-president's", "vicepresid vice presid"),
    "em-dash": ("that—rival firms—deals", "rival firm deal"),
    "en-dash": ("Anglo–American", "anglo american"),
    "double hyphen": ("deals--made", "deal made"),
    "ampersand": ("AT&T’s Q&A", "att AT t qa q"),
    "underscore": ("_deals_ made_up", "deal made"),
    "range with en-dash": ("10–15", "10 15"),
    "range with hyphen": ("10-15", "10-15 10 15"),
    "thousands": ("1,000 1000 12,345,678.5", "1000 1000 12345678.5"),
    "comma without thousands": ("1,2 1,0005", "1 2 1 0005"),
    "decimals": ("3.5 3.5.1", "3.5 3.5.1"),
    "number before a full stop": ("in 2026.", "2026"),
    "slashes": ("9/11 3/2/2026", "9/11 3/2/2026"),
    "time": ("10:30", "10:30"),
    "ISO day": ("2026-03-02", "2026-03-02"),
    "billions": ("$1.5 billion $1.5bn $1.5 B $1.5-billion", "$1.5bn " * 4),
    "millions": ("£10m £10 million £10 Million £10mn", "£10mn " * 4),
    "thousands of money": ("€5k €5 thousand €5,000", "€5k €5k €5000"),
    "trillions": ("$2 trillion $2tn", "$2tn $2tn"),
    "currency in words": ("44 billion dollars 20 euros $20", "$44bn €20 $20"),
    "millions of people": ("10 million people, 10m deep", "10mn peopl 10m deep"),
    "money of a country": ("US$5bn are due", "US $5bn due"),
    "lone currency": ("$ or €", ""),
    "per cent": ("50% 50 percent 50 per cent 50-percent 50 %", "50% " * 5),
    "percentage points": ("50 percentage points", "50 percentag point"),
    "ordinals": ("27th 27 1st 2nd 3rd 1,000th", "27 27 1 2 3 1000"),
    "number in a compound": ("COVID-19", "covid19 covid 19"),
    "age": ("20-year-old", "20yearold 20 year old"),
    "ordinal in a compound": ("21st-century", "21century 21 centuri"),
    "digits are not stemmed": ("1990s 4x4s", "1990s 4x4s"),
    "feet and inches": ("5'10", "5 10"),
}


@pytest.mark.parametrize(("text", "keys"), KEYS.values(), ids=KEYS.keys())
def test_text_becomes_keys(text: str, keys: str) -> None:
    assert ANALYSER.extract_term_texts(text) == keys.split()


def test_a_joined_form_comes_before_its_parts_with_their_offsets() -> None:
    text = "A multi-layered approach"

    terms = ANALYSER.extract_terms(text)

    assert terms == [
        Term("multilay", 2, 15),
        Term("multi", 2, 7),
        Term("layer", 8, 15),
        Term("approach", 16, 24),
    ]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("ﬁne Cafe\u0301 sells", ["ﬁne", "Cafe\u0301", "sells"]),
        ("for $1.5 billion today", ["$1.5 billion", "today"]),
        ("the U.S. army", ["U.S.", "army"]),
        ("Anthropic’s deal", ["Anthropic’s", "deal"]),
        ("İSTANBUL İZMİR", ["İSTANBUL", "İZMİR"]),
    ],
    ids=["ligature and accent", "money", "dotted", "possessive", "longer in lower case"],
)
def test_offsets_point_into_the_text_as_given(text: str, marked: list[str]) -> None:
    terms = ANALYSER.extract_terms(text)

    assert [text[term.start : term.end] for term in terms] == marked


def test_stop_words_are_folded_like_the_text() -> None:
    analyser = Analyser(["Don’t", "ÜBER"])

    assert analyser.extract_term_texts("don't uber deal") == ["deal"]
    assert analyser.stop_words == {"don't", "uber"}


def test_without_stop_words_every_word_is_a_term() -> None:
    assert Analyser(()).extract_term_texts("the US") == ["the", "us"]


@pytest.mark.parametrize("word", ["us", "it", "who", "can't", "what", "why"])
def test_common_words_are_in_the_stop_words_file(word: str) -> None:
    assert word in STOP_WORDS


@pytest.mark.parametrize("word", ["may", "said", "war", "new"])
def test_words_of_content_are_not_in_the_stop_words_file(word: str) -> None:
    assert word not in STOP_WORDS


STEMMER = Stemmer.Stemmer


class OneThreadStemmer:
    """A stemmer that fails if another thread than the one that made it uses it."""

    def __init__(self, language: str, _cache_size: int) -> None:
        self.real = STEMMER(language, 0)
        self.owner = get_ident()

    def stemWord(self, word: str) -> str:  # noqa: N802 - the library's name
        assert get_ident() == self.owner
        stem: str = self.real.stemWord(word)
        return stem


def test_each_thread_has_a_stemmer_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stemmer, "Stemmer", OneThreadStemmer)
    analyser = Analyser(())
    analyser.extract_term_texts("deals")
    barrier = Barrier(2)

    def keys_of(text: str) -> list[str]:
        barrier.wait(timeout=5)
        return analyser.extract_term_texts(text)

    with ThreadPoolExecutor(2) as pool:
        keys = list(pool.map(keys_of, ["sanctions", "agreements"]))

    assert keys == [["sanction"], ["agreement"]]


def starts(terms: Iterable[Term]) -> list[int]:
    return [term.start for term in terms]


TEXTS = st.text() | st.lists(
    st.sampled_from("aBUSs1٣.,-–—'’&$€%/: \n\u00ad\u200b\u0301\u2011İß½ﷺⅣ中")
    | st.sampled_from(
        ["us", "U.S.", "million", " billion", "per cent", "th", "1,000", "2026-03-02"]
    )
).map("".join)


@given(TEXTS)
def test_offsets_are_inside_the_text_and_in_order(text: str) -> None:
    terms = ANALYSER.extract_terms(text)

    assert all(0 <= term.start < term.end <= len(text) for term in terms)
    assert all(one <= other for one, other in pairwise(starts(terms)))


@given(TEXTS)
def test_keys_are_the_texts_of_the_terms_and_never_empty(text: str) -> None:
    keys = ANALYSER.extract_term_texts(text)

    assert keys == [term.text for term in ANALYSER.extract_terms(text)]
    assert all(keys)


@given(TEXTS)
def test_each_term_stands_first_where_no_other_of_its_text_stands_before(text: str) -> None:
    firsts = ANALYSER.find_first_terms(text)

    terms = ANALYSER.extract_terms(text)
    texts = [term.text for term in terms]
    assert firsts == {term: terms[texts.index(term)] for term in texts}


@given(st.from_regex(r"[a-zà-öø-ÿ]{2,12}", fullmatch=True))
def test_a_lower_case_word_equals_its_title_case(word: str) -> None:
    assert ANALYSER.extract_term_texts(word.title()) == ANALYSER.extract_term_texts(word)


@given(st.lists(st.from_regex(r"[a-z]{2,12}", fullmatch=True), min_size=1))
def test_a_text_in_capitals_reads_like_its_lower_case(words: list[str]) -> None:
    text = " ".join(words)

    assert ANALYSER.extract_term_texts(text.upper()) == ANALYSER.extract_term_texts(text)
