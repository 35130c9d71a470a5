import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.index.bm25 import BM25Ranking
from bot.retrieval.scoring.pmi import Association

TERMS = st.sampled_from(["park", "nation", "elk", "tax", "vote"])
PASSAGES = st.lists(st.lists(TERMS, max_size=6), max_size=40)


def of_passages(*passages: str) -> BM25Ranking:
    return BM25Ranking(passage.split() for passage in passages)


def a_library(*, together: int, alone: int, parks: int, others: int = 100) -> BM25Ranking:
    """Build passages with elk and park, with elk, with park, and with neither."""
    return of_passages(
        *["elk park"] * together, *["elk"] * alone, *["park"] * parks, *["tax"] * others
    )


def test_an_association_is_the_scaled_logarithm_of_the_ratio() -> None:
    association = Association(["park"], a_library(together=4, alone=2, parks=6))

    # 112 passages, 10 with a park: P(park) = 10 / 112; of 6 with elk 4 have one:
    # P(park | elk) = (4 + 0.5) / (6 + 10); ln(0.28125 / 0.0892857) / 6 = ln(3.15) / 6
    assert association.measure("elk") == pytest.approx(math.log(3.15) / 6)


def test_terms_that_meet_by_chance_are_not_associated() -> None:
    association = Association(["park"], a_library(together=1, alone=99, parks=50))

    assert association.measure("elk") == 0.0


def test_an_association_is_1_at_most() -> None:
    association = Association(["park"], a_library(together=30, alone=0, parks=0, others=30_000))

    assert association.measure("elk") == 1.0


@pytest.mark.parametrize(("together", "is_known"), [(2, False), (3, True)])
def test_a_rare_term_is_not_associated(
    together: int,
    is_known: bool,  # noqa: FBT001 - an expected value
) -> None:
    association = Association(["park"], a_library(together=together, alone=0, parks=5))

    assert (association.measure("elk") > 0) is is_known


@pytest.mark.parametrize(("parks", "is_known"), [(4, False), (5, True)])
def test_a_rare_noun_has_no_associations(
    parks: int,
    is_known: bool,  # noqa: FBT001 - an expected value
) -> None:
    association = Association(["park"], a_library(together=parks, alone=0, parks=0))

    assert (association.measure("elk") > 0) is is_known


def test_without_a_noun_nothing_is_associated() -> None:
    association = Association([], a_library(together=9, alone=0, parks=0))

    assert association.measure("elk") == 0.0


def test_an_unknown_term_is_not_associated() -> None:
    association = Association(["park"], a_library(together=9, alone=0, parks=0))

    assert association.measure("comet") == 0.0


def test_a_frequent_term_is_sampled_evenly() -> None:
    library = a_library(together=6_000, alone=6_000, parks=0, others=36_000)

    # Every third of the 12 000 passages with elk, 4 000, of which 2 000 have a park: their share is
    # (2000 + 0.5) / (4000 + 10), and that of all passages 1 / 8.
    expected = math.log(2000.5 / 4010 * 8) / 6
    assert Association(["park"], library).measure("elk") == pytest.approx(expected)


def test_an_association_is_the_mean_over_all_terms_of_the_noun() -> None:
    ranking = a_library(together=4, alone=2, parks=6)

    both = Association(["park", "nation"], ranking)

    assert both.measure("elk") == pytest.approx(Association(["park"], ranking).measure("elk") / 2)


@given(passages=PASSAGES, noun=st.sets(TERMS), term=TERMS)
def test_an_association_lies_between_0_and_1(
    passages: list[list[str]], noun: set[str], term: str
) -> None:
    assert 0.0 <= Association(noun, BM25Ranking(passages)).measure(term) <= 1.0


def test_the_order_of_the_noun_terms_does_not_matter() -> None:
    ranking = of_passages(
        *["elk park nation forest"] * 5,
        *["elk park nation"] * 2,
        *["elk park"] * 4,
        *["nation"] * 7,
        *["tax"] * 90,
    )

    values = {
        Association(noun, ranking).measure("elk")
        for noun in permutations(["park", "nation", "forest"])
    }

    assert len(values) == 1
