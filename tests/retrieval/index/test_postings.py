import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.index.postings import Postings, Vocabulary

PASSAGES = st.lists(st.lists(st.text(alphabet="aé€😀\n", max_size=2), max_size=6), max_size=6)


def assert_same(found: Postings, expected: Postings) -> None:
    for name, values in expected.arrays().items():
        np.testing.assert_array_equal(found.arrays()[name], values, err_msg=name)


def postings_of(postings: Postings, term: str) -> list[tuple[int, int]]:
    passages, frequencies = postings.of(term)
    return list(zip(passages.tolist(), frequencies.tolist(), strict=True))


def test_a_term_gives_its_passages_in_order_with_its_frequencies() -> None:
    postings = Postings.built([["rate", "cut"], ["vote"], ["cut", "rate", "cut"]])

    found = postings_of(postings, "cut")

    assert found == [(0, 1), (2, 2)]


@pytest.mark.parametrize("term", ["", "a", "cute", "zoo"], ids=["empty", "first", "amid", "last"])
def test_an_unknown_term_has_no_postings(term: str) -> None:
    postings = Postings.built([["cut"], ["vote"]])

    found = postings_of(postings, term)

    assert found == []


def test_passages_are_read_once() -> None:
    postings = Postings.built(iter([["cut"], [], ["vote", "vote"]]))

    assert postings.lengths.tolist() == [1, 0, 2]


@given(corpus=PASSAGES)
def test_every_term_of_every_passage_is_counted(corpus: list[list[str]]) -> None:
    postings = Postings.built(corpus)

    for term in set(itertools.chain(*corpus)):
        expected = [(n, terms.count(term)) for n, terms in enumerate(corpus) if term in terms]
        assert postings_of(postings, term) == expected


@given(terms=st.sets(st.text(alphabet=st.characters(), max_size=3), min_size=1))
def test_a_vocabulary_numbers_any_terms_in_their_order(terms: set[str]) -> None:
    vocabulary = Vocabulary.of(sorted(terms))

    numbers = [vocabulary.number_of(term) for term in sorted(terms)]

    assert list(vocabulary) == sorted(terms)
    assert numbers == list(range(len(terms)))


def test_half_of_a_surrogate_pair_is_a_term_like_any_other() -> None:
    postings = Postings.built([["\ud83d", "vote"]])

    assert postings_of(postings, "\ud83d") == [(0, 1)]
    assert list(postings.vocabulary) == ["vote", "\ud83d"]


@given(corpus=PASSAGES, later=PASSAGES)
def test_passages_that_follow_give_the_same_as_all_at_once(
    corpus: list[list[str]], later: list[list[str]]
) -> None:
    postings = Postings.built(corpus)

    grown = postings.followed_by(Postings.built(later))

    assert_same(grown, Postings.built(corpus + later))


@given(corpus=st.lists(st.tuples(st.lists(st.sampled_from("abcd"), max_size=5), st.booleans())))
def test_kept_passages_give_the_same_as_if_alone(corpus: list[tuple[list[str], bool]]) -> None:
    postings = Postings.built(terms for terms, _ in corpus)

    kept = postings.kept(np.array([keep for _, keep in corpus], dtype=np.bool_))

    assert_same(kept, Postings.built(terms for terms, keep in corpus if keep))


def test_a_term_that_no_kept_passage_holds_is_forgotten() -> None:
    postings = Postings.built([["cut"], ["vote"]])

    kept = postings.kept(np.array([False, True]))

    assert list(kept.vocabulary) == ["vote"]


@pytest.mark.parametrize("frequency", [255, 256, 65_536])
def test_frequencies_are_exact(frequency: int) -> None:
    postings = Postings.built([["cut"]]).followed_by(Postings.built([["cut"] * frequency]))

    found = postings_of(postings, "cut")

    assert found == [(0, 1), (1, frequency)]


def test_small_frequencies_take_one_byte() -> None:
    postings = Postings.built([["cut"] * 255])

    assert postings.frequencies.dtype == np.uint8


def test_change_leaves_the_old_postings_as_they_were() -> None:
    postings = Postings.built([["cut", "rate"], ["vote"]])

    postings.kept(np.array([True, False])).followed_by(Postings.built([["cut", "tax"]]))

    assert_same(postings, Postings.built([["cut", "rate"], ["vote"]]))


@given(corpus=PASSAGES)
def test_stored_arrays_give_the_same_postings(corpus: list[list[str]]) -> None:
    postings = Postings.built(corpus)

    loaded = Postings.from_arrays({name: a.copy() for name, a in postings.arrays().items()})

    assert_same(loaded, postings)
