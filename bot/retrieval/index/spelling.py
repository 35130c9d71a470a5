"""Words that the articles hold, for a word that none of them does: "did you mean".

A vocabulary holds stems, and a slip may stand in an ending that they lack. So the beginnings of the
typed word are compared with all stems at once, then the whole word with what the articles write for
the nearest of these. No library measures the distance from beginnings.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.index.postings import Postings, Vocabulary
from bot.retrieval.text.terms import Analyser

TextsOf = Callable[[str], Iterable[str]]
"""Gives the texts that hold a term."""

_TYPED = re.compile(r"([^\W\d_]{4,40})(?:['’]s)?")
"""Shorter words are near to too many others, and a number is no slip for another one."""

_LONG = 8
"""The letters from which on a word may hold two slips."""

_MIN_SHARE = 1e-4
"""The least share of the passages that hold a term worth offering: rare ones resemble new names."""

_CLEARLY = 10
"""How many times more passages hold a term that leaves no doubt."""

_MAX_OFFERED = 2
_MAX_STEMS = 8
_MAX_TEXTS = 10
"""How many texts are read, each, of how many stems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A word that may be meant.

    Attributes:
        word: As the articles write it.
        distance: The slips between it and the word typed.
        frequency: How many passages hold its term.
    """

    word: str
    distance: int
    frequency: int


def suggestions(
    word: str, postings: Postings, texts_of: TextsOf, analyser: Analyser, *, is_name: bool
) -> tuple[str, ...]:
    """The words that may be meant by one that no article holds: at most two, the likelier first.

    A slip is a letter too many, one too few, a wrong one, or two that changed places; the first
    letter is taken to be right. Nothing is offered for acronyms and short words, nor where more
    than two words are about as likely.

    Args:
        word: The word typed.
        postings: Those of all terms.
        texts_of: Gives the texts from which words may be offered.
        analyser: Made the terms.
        is_name: Whether the word was typed as a name, so that only a name can be meant.
    """
    found = _TYPED.fullmatch(word)
    if found is None or not word[1:].islower():
        return ()
    typed = _folded(found[1])
    most = 2 if len(typed) >= _LONG else 1
    like = _like(typed, most)
    written = {}
    for number in _nearest(typed, postings, most).tolist():
        term = postings.vocabulary[number]
        words = [
            each
            for text in islice(texts_of(term), _MAX_TEXTS)
            for each in like.findall(text)
            if analyser.keys(each) == [term]
        ]
        written[number] = _names(words) if is_name else words
    return _likeliest(_candidates(typed, written, postings, most))


def _folded(word: str) -> str:
    """The letters by which words are compared."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _nearest(typed: str, postings: Postings, most: int) -> NDArray[np.intp]:
    """The numbers of the stems nearest to a beginning of the word; of equals the frequent ones.

    Each letter that the beginning leaves out counts as one that differs.
    """
    vocabulary = postings.vocabulary
    first = bisect_left(vocabulary, typed[0])
    last = bisect_left(vocabulary, chr(ord(typed[0]) + 1))
    sizes = np.diff(vocabulary.starts[first : last + 1])
    frequencies = np.diff(postings.starts[first : last + 1])
    fits = (sizes <= len(typed.encode()) + most) & (
        frequencies >= _MIN_SHARE * len(postings.lengths)
    )
    numbers = first + np.flatnonzero(fits)
    distances = _distances(typed, vocabulary, numbers, most)
    nearest = distances.min(axis=0)
    left_out = distances[::-1].argmin(axis=0)
    order = np.lexsort((-frequencies[fits], nearest + left_out))
    found: NDArray[np.intp] = numbers[order[nearest[order] <= most][:_MAX_STEMS]]
    return found


def _like(typed: str, most: int) -> re.Pattern[str]:
    """Finds the words that may be near, by their first letter and their length."""
    first, others = typed[0], len(typed) - 1
    return re.compile(rf"\b[{first}{first.upper()}][^\W\d_]{{{others - most},{others + most}}}\b")


def _names(words: Sequence[str]) -> list[str]:
    """Those with a capital, where most have one."""
    names = [word for word in words if word[0].isupper()]
    return names if 2 * len(names) > len(words) else []


def _candidates(
    typed: str, written: Mapping[int, Sequence[str]], postings: Postings, most: int
) -> Iterator[_Candidate]:
    """For each term what is written for it most often of what is nearest to the word typed."""
    words = Vocabulary.of(map(_folded, chain.from_iterable(written.values())))
    distances = iter(_distances(typed, words, np.arange(len(words)), most)[-1].tolist())
    for number, own in written.items():
        slips = dict(zip(own, distances, strict=False))
        nearest = min(slips.values(), default=most + 1)
        if nearest <= most:
            [(word, _)] = Counter(each for each in own if slips[each] == nearest).most_common(1)
            frequency = int(postings.starts[number + 1] - postings.starts[number])
            yield _Candidate(word=word, distance=nearest, frequency=frequency)


def _likeliest(candidates: Iterable[_Candidate]) -> tuple[str, ...]:
    """Of the nearest words the frequent ones; none where these are too many to choose from."""
    ordered = sorted(candidates, key=lambda each: (each.distance, -each.frequency))
    likely = [
        each
        for each in ordered
        if each.distance == ordered[0].distance and each.frequency * _CLEARLY > ordered[0].frequency
    ]
    return tuple(each.word for each in likely) if len(likely) <= _MAX_OFFERED else ()


def _distances(
    typed: str, vocabulary: Vocabulary, numbers: NDArray[np.intp], most: int
) -> NDArray[np.int8]:
    """How far each beginning of the word, from none of it to all, is from each of these terms.

    The optimal string alignment distance in UTF-8 (Boytsov 2011, "Indexing Methods for Approximate
    Dictionary Searching"), where it is at most `most`; else a larger number. A y is as
    good as an i, since stems have i for some.

    Returns:
        A row a beginning, a column a term.
    """
    letters, sizes = _letters(vocabulary, numbers)
    word = typed.encode().replace(b"y", b"i")
    shape = (len(word) + 1, len(letters) + 1, len(numbers))
    table = np.full(shape, most + 1, dtype=np.int8)
    table[0] = np.minimum(np.arange(shape[1]), most + 1)[:, None]
    for row in range(1, shape[0]):
        table[row, 0] = min(row, most + 1)
        for column in range(max(1, row - most), min(shape[1], row + most + 1)):
            same = letters[column - 1] == word[row - 1]
            slip = np.minimum(table[row - 1, column], table[row, column - 1]) + 1
            cell = np.minimum(table[row - 1, column - 1] + ~same, slip)
            if row > 1 and column > 1:
                swapped = letters[column - 1] == word[row - 2]
                swapped &= letters[column - 2] == word[row - 1]
                cell = np.where(swapped, np.minimum(cell, table[row - 2, column - 2] + 1), cell)
            table[row, column] = np.minimum(cell, most + 1)
    distances: NDArray[np.int8] = table[:, sizes, np.arange(len(numbers))]
    return distances


def _letters(
    vocabulary: Vocabulary, numbers: NDArray[np.intp]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The first letters of the terms, then the second, and so on; and the terms' sizes.

    What stands beyond a term's own letters is of other terms.
    """
    starts = vocabulary.starts[numbers]
    sizes = vocabulary.starts[numbers + 1] - starts
    places = np.arange(sizes.max(initial=0))[:, None] + starts
    letters = vocabulary.text[np.minimum(places, len(vocabulary.text) - 1)]
    letters[letters == ord("y")] = ord("i")
    return letters, sizes
