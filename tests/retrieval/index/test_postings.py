import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.index.postings import Postings, Vocabulary

PASSAGES = st.lists(st.lists(st.text(alphabet="aé€😀\n", max_size=2), max_size=6), max_size=6)


def assert_same(found: Postings, expected: Postings) -> None:
    for name, values in expected.to_arrays().items():
        np.testing.assert_array_equal(found.to_arrays()[name], values, err_msg=name)


def postings_of(postings: Postings, term: str) -> list[tuple[int, int]]:
    passages, frequencies = postings.get_postings(term)
    return list(zip(passages.tolist(), frequencies.tolist(), strict=True))


def test_postings_are_ordered_passages_with_frequencies() -> None:
    postings = Postings.build([["rate", "cut"], ["vote"], ["cut", "rate", "cut"]])

    found = postings_of(postings, "cut")

    assert found == [(0, 1), (2, 2)]


@pytest.mark.parametrize("term", ["", "a", "cute", "zoo"], ids=["empty", "first", "amid", "last"])
def test_an_unknown_term_has_no_postings(term: str) -> None:
    postings = Postings.build([["cut"], ["vote"]])

    found = postings_of(postings, term)

    assert found == []


def test_passages_are_read_once() -> None:
    postings = Postings.build(iter([["cut"], [], ["vote", "vote"]]))

    assert postings.lengths.tolist() == [1, 0, 2]


@given(corpus=PASSAGES)
def test_every_term_of_every_passage_is_counted(corpus: list[list[str]]) -> None:
    postings = Postings.build(corpus)

    for term in set(itertools.chain(*corpus)):
        expected = [(n, terms.count(term)) for n, terms in enumerate(corpus) if term in terms]
        assert postings_of(postings, term) == expected


@given(terms=st.sets(st.text(alphabet=st.characters(), max_size=3), min_size=1))
def test_a_vocabulary_numbers_terms_in_sorted_order(terms: set[str]) -> None:
    vocabulary = Vocabulary.from_terms(sorted(terms))

    numbers = [vocabulary.find_number(term) for term in sorted(terms)]

    assert list(vocabulary) == sorted(terms)
    assert numbers == list(range(len(terms)))


def test_half_of_a_surrogate_pair_can_be_a_term() -> None:
    postings = Postings.build([["\ud83d", "vote"]])

    assert postings_of(postings, "\ud83d") == [(0, 1)]
    assert list(postings.vocabulary) == ["vote", "\ud83d"]


@given(corpus=PASSAGES, later=PASSAGES)
def test_concatenated_postings_equal_those_built_at_once(
    corpus: list[list[str]], later: list[list[str]]
) -> None:
    postings = Postings.build(corpus)

    grown = postings.concatenate(Postings.build(later))

    assert_same(grown, Postings.build(corpus + later))


@given(corpus=st.lists(st.tuples(st.lists(st.sampled_from("abcd"), max_size=5), st.booleans())))
def test_selected_postings_equal_those_built_alone(corpus: list[tuple[list[str], bool]]) -> None:
    postings = Postings.build(terms for terms, _ in corpus)

    kept = postings.select(np.array([keep for _, keep in corpus], dtype=np.bool_))

    assert_same(kept, Postings.build(terms for terms, keep in corpus if keep))


def test_a_term_without_selected_passages_is_dropped() -> None:
    postings = Postings.build([["cut"], ["vote"]])

    kept = postings.select(np.array([False, True]))

    assert list(kept.vocabulary) == ["vote"]


@pytest.mark.parametrize("frequency", [255, 256, 65_536])
def test_frequencies_are_exact(frequency: int) -> None:
    postings = Postings.build([["cut"]]).concatenate(Postings.build([["cut"] * frequency]))

    found = postings_of(postings, "cut")

    assert found == [(0, 1), (1, frequency)]


def test_small_frequencies_take_one_byte() -> None:
    postings = Postings.build([["cut"] * 255])

    assert postings.frequencies.dtype == np.uint8


def test_a_change_does_not_modify_the_old_postings() -> None:
    postings = Postings.build([["cut", "rate"], ["vote"]])

    postings.select(np.array([True, False])).concatenate(Postings.build([["cut", "tax"]]))

    assert_same(postings, Postings.build([["cut", "rate"], ["vote"]]))


@given(corpus=PASSAGES)
def test_stored_arrays_give_the_same_postings(corpus: list[list[str]]) -> None:
    postings = Postings.build(corpus)

    loaded = Postings.from_arrays({name: a.copy() for name, a in postings.to_arrays().items()})

    assert_same(loaded, postings)


def find_phrase_in_lists(corpus: list[list[str]], phrase: list[str]) -> list[int]:
    return [
        number
        for number, terms in enumerate(corpus)
        if any(terms[at : at + len(phrase)] == phrase for at in range(len(terms)))
    ]


@given(corpus=PASSAGES, phrase=st.lists(st.sampled_from("aé€"), min_size=1, max_size=3))
def test_a_phrase_stands_where_its_terms_are_side_by_side(
    corpus: list[list[str]], phrase: list[str]
) -> None:
    found = Postings.build(corpus).find_phrase(phrase)

    assert found.tolist() == find_phrase_in_lists(corpus, phrase)


@given(data=st.data(), corpus=PASSAGES, later=PASSAGES)
def test_phrases_are_found_after_changes(
    data: st.DataObject, corpus: list[list[str]], later: list[list[str]]
) -> None:
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus))))
    kept = [terms for terms, is_kept in zip(corpus, mask, strict=True) if is_kept]

    changed = (
        Postings.build(corpus).select(mask.astype(np.bool_)).concatenate(Postings.build(later))
    )

    assert changed.find_phrase(["a", "a"]).tolist() == find_phrase_in_lists(
        kept + later, ["a", "a"]
    )
