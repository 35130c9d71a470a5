"""Analysis of text into terms. Passages and queries are analysed in the same way.

Case, accents and typographic marks are folded for matching only: offsets always refer to the text
as it was given. A surface is one match of `_SURFACE` in that text: a word with its hyphens, a number
or a quantity.
"""

import re
import threading
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import Stemmer

from bot.english.word_lists import ENGLISH, join_words
from bot.retrieval.text.long_texts import find_all, iter_matches
from bot.retrieval.text.punctuation import APOSTROPHES, HYPHENS


def _index_by_word(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the name of the list that each word of a table is in."""
    return {word: name for name, words in table.items() for word in words}


_CACHED_SURFACES = 1 << 16
_MAX_SURFACES_AT_ONCE = 1 << 14
_MAX_ACRONYM_CHARS = 5

_HYPHENS = re.escape(f"{HYPHENS}\uff0d")
_UNITS_BY_SPELLING = _index_by_word(ENGLISH.get_table("unit_spellings"))
_SIGNS_BY_CURRENCY_WORD = _index_by_word(ENGLISH.get_table("currency_words"))
_CURRENCY_WORD = join_words(_SIGNS_BY_CURRENCY_WORD)
_CURRENCIES = "$€£¥₹"
# Accents, the soft hyphen and zero-width characters occur inside words. Folding removes them.
_INVISIBLE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_GAP = "[ \u00a0\u2009\u202f-]?"

_WORD = rf"[^\W_]+(?:[{_INVISIBLE}][^\W_]*)*"
_DOTTED = r"[^\W\d_](?:\.[^\W\d_])+\.?(?![^\W_])"
_NUMBER = r"(?:\d{4}-\d\d-\d\d(?!\d)|\d+(?:,\d{3}(?!\d)|[./:]\d+)*)"
_MAGNITUDE = join_words(ENGLISH.get_words("magnitudes", "short_magnitudes"))
_QUANTITY = (
    rf"[{_CURRENCIES}]{_NUMBER}(?:{_GAP}(?i:{_MAGNITUDE}|[kmb])\b)?"
    rf"|{_NUMBER}{_GAP}(?:%|(?i:(?:{_MAGNITUDE}{_GAP})?{_CURRENCY_WORD}|{_MAGNITUDE}|per ?cent)\b)"
)
_ATOM = rf"(?:{_DOTTED}|{_NUMBER}(?:{_WORD})?|{_WORD})(?:[{APOSTROPHES}](?=[^\W\d_]){_WORD})*"
# The first branch matches nearly all words of English text, several times faster than the others.
_PLAIN = rf"[A-Za-z]{{2,}}+(?![^\W_]|[{_INVISIBLE}{APOSTROPHES}{_HYPHENS}&])"

_QUANTITIES = re.compile(_QUANTITY)
_ATOMS = re.compile(_ATOM)
_SURFACE = re.compile(rf"{_PLAIN}|{_QUANTITY}|{_ATOM}(?:[{_HYPHENS}&]{_ATOM})*")
_FIRST_NUMBER = re.compile(f"({_NUMBER})")
_UNITS = re.compile("[a-z]+|%")
_ORDINAL_ENDING = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")

_FOLDS = str.maketrans(
    dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff")
    | dict.fromkeys(APOSTROPHES, "'")
    | {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
)


class Term(NamedTuple):
    """A normalised token with the half-open offsets of its text."""

    text: str
    start: int
    end: int


class _ThreadLocalStemmer(threading.local):
    """Snowball's English stemmer, one for each thread: a Stemmer must not be shared."""

    def __init__(self) -> None:
        # The stemmer needs no cache of its own, since the Analyser caches whole surfaces.
        self.stemmer = Stemmer.Stemmer("english", 0)

    def stem(self, word: str) -> str:
        stem: str = self.stemmer.stemWord(word)
        return stem


class Analyser:
    """An analyser that extracts terms from text. Several threads may use it at once.

    If an acronym is spelled like a stop word ("US", "WHO"), its term keeps the capitals, so that it
    never equals that word. Capitals mean nothing in a text that has no lower-case letters.

    Attributes:
        stop_words: Words that give no terms, folded.
    """

    def __init__(self, stop_words: Collection[str]) -> None:
        self.stop_words = frozenset(_fold_characters(word).casefold() for word in stop_words)
        self._stemmer = _ThreadLocalStemmer()
        self._analyse_surface_cached = lru_cache(_CACHED_SURFACES)(self._analyse_surface)
        self._normalise_atom_cached = lru_cache(_CACHED_SURFACES)(self._normalise_atom)
        self._extract_surface_texts_cached = lru_cache(_CACHED_SURFACES)(
            self._extract_surface_texts
        )

    def extract_terms(self, text: str) -> list[Term]:
        """Return the terms in the order of their start, a compound ("multi-layered") before its parts."""
        return [
            Term(term.text, surface.start() + term.start, surface.start() + term.end)
            for surface in iter_matches(_SURFACE, _lower_if_all_capitals(text))
            for term in self._analyse_surface_cached(surface.group())
        ]

    def find_first_terms(self, text: str) -> dict[str, Term]:
        """Return the first occurrence of each term, by its text."""
        return {term.text: term for term in reversed(self.extract_terms(text))}

    def iter_surfaces(self, text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
        """Yield the start, the text and the terms' texts of each surface that has terms."""
        for match in iter_matches(_SURFACE, _lower_if_all_capitals(text)):
            surface = match.group()
            term_texts = self._extract_surface_texts_cached(surface)
            if term_texts:
                yield match.start(), surface, term_texts

    def extract_surface_terms(self, surface: str, start: int) -> list[Term]:
        """Return the terms of one surface that starts at the offset `start`."""
        return [
            Term(term.text, start + term.start, start + term.end)
            for term in self._analyse_surface_cached(surface)
        ]

    def extract_term_texts(self, text: str) -> list[str]:
        """Return the texts of `extract_terms(text)` in a fraction of the time."""
        surfaces = find_all(_SURFACE, _lower_if_all_capitals(text))
        if len(surfaces) <= _MAX_SURFACES_AT_ONCE:
            return list(chain.from_iterable(map(self._extract_surface_texts_cached, surfaces)))
        # Slower, but other threads get their turns.
        extract_texts = self._extract_surface_texts_cached
        return [term_text for surface in surfaces for term_text in extract_texts(surface)]

    def _extract_surface_texts(self, surface: str) -> tuple[str, ...]:
        return tuple(term.text for term in self._analyse_surface(surface))

    def _analyse_surface(self, surface: str) -> tuple[Term, ...]:
        """Return the terms of one surface, with offsets in it."""
        if _QUANTITIES.fullmatch(surface):
            return (Term(_normalise_quantity(surface), 0, len(surface)),)
        atoms = list(_ATOMS.finditer(surface))
        terms = [Term(self._normalise_atom_cached(atom.group()), *atom.span()) for atom in atoms]
        if len(atoms) > 1:
            joined = self._join_cores([_fold_word(atom.group()) for atom in atoms])
            terms.insert(0, Term(joined, 0, len(surface)))
        return tuple(term for term in terms if term.text)

    def _normalise_atom(self, atom: str) -> str:
        """Return the term of a word or number without hyphens, or an empty text for a stop word."""
        plain = _fold_characters(atom)
        core = _normalise_word(plain)
        if core in self.stop_words and _is_acronym(plain):
            return core.upper()
        if plain.casefold() in self.stop_words:
            return ""
        return core if _is_dotted(plain) else self._stem(core)

    def _join_cores(self, cores: Sequence[str]) -> str:
        # Numbers keep their hyphens: "2-1" must not become "21".
        has_letters = any(char.isalpha() for core in cores for char in core)
        return self._stem(("" if has_letters else "-").join(cores))

    def _stem(self, core: str) -> str:
        if core in self.stop_words:
            return ""
        return core if any(map(str.isdigit, core)) else self._stemmer.stem(core)


def _lower_if_all_capitals(text: str) -> str:
    """Return the text, in lower case if it is all capitals. Offsets stay the same."""
    # "İ" is the only capital with a lower case of two characters, which would shift all offsets.
    return text.replace("İ", "I").lower() if text.isupper() else text


def _fold_characters(surface: str) -> str:
    """Return the surface without accents, hidden marks and typographic variants of letters."""
    decomposed = unicodedata.normalize("NFKD", surface).translate(_FOLDS)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).strip()


@lru_cache(_CACHED_SURFACES)
def _fold_word(word: str) -> str:
    return _normalise_word(_fold_characters(word))


def _normalise_word(plain: str) -> str:
    """Return the form before stemming: "us" for "U.S.'s", "1000" for "1,000th"."""
    core = plain.casefold().removesuffix("'s").replace("'", "")
    if core[:1].isdigit():
        return _ORDINAL_ENDING.sub("", core.replace(",", ""))
    return core.replace(".", "")


def _is_dotted(plain: str) -> bool:
    return "." in plain and not plain[0].isdigit()


def _is_acronym(plain: str) -> bool:
    name = plain.removesuffix("'s")
    is_uppercase = name.isalpha() and name.isupper() and 1 < len(name) <= _MAX_ACRONYM_CHARS
    return is_uppercase or _is_dotted(name)


def _normalise_quantity(surface: str) -> str:
    """Return the short form of a quantity: "$1.5bn" for "$1.5 billion", "50%" for "50 per cent"."""
    sign, number, rest = _FIRST_NUMBER.split(_fold_characters(surface).casefold(), maxsplit=1)
    units = _UNITS.findall(rest)
    sign = sign or "".join(_SIGNS_BY_CURRENCY_WORD.get(unit, "") for unit in units)
    return (
        sign + number.replace(",", "") + "".join(_UNITS_BY_SPELLING.get(unit, "") for unit in units)
    )
