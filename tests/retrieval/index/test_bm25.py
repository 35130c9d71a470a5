import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from bot.retrieval.index.bm25 import BM25Ranking, GroupRanking
from bot.retrieval.index.postings import Postings

TERMS = st.sampled_from(["cut", "rate", "tax", "vote", "war"])
PASSAGES = st.lists(st.lists(TERMS, max_size=8), max_size=8)
SCORABLE = PASSAGES.filter(any)
QUERY = st.lists(TERMS | st.just("unknown"), max_size=6)
COURT = [["court", "judge"], ["court", "court", "appeal", "ruling"], ["budget", "vote", "tax"]]


def share_by_the_formula(
    corpus: Sequence[Sequence[str]], query: Sequence[str], number: int, k1: float, b: float
) -> float:
    avgdl = sum(map(len, corpus)) / len(corpus)
    length = len(corpus[number]) / avgdl
    share = 0.0
    for term in query:
        df = sum(term in passage for passage in corpus)
        f = corpus[number].count(term)
        if f > 0:
            idf = math.log((len(corpus) + 1) / df)
            share += idf * f * (k1 + 1) / (f + k1 * (1 - b + b * length))
    return share


def test_a_score_is_what_the_formula_gives_by_hand() -> None:
    ranking = BM25Ranking(COURT)

    scores = ranking.get_scores(["court"])

    # N = 3, df = 2: idf = ln(4 / 2) = 0.693147; avgdl = (2 + 4 + 3) / 3 = 3
    # passage 0: f = 1, length 2: 1.5 * (0.25 + 0.75 * 2 / 3) = 1.125
    #            0.693147 * (1 + 1 * 2.5 / (1.125 + 1)) = 0.693147 * 2.176471 = 1.508614
    # passage 1: f = 2, length 4: 1.5 * (0.25 + 0.75 * 4 / 3) = 1.875
    #            0.693147 * (1 + 2 * 2.5 / (1.875 + 2)) = 0.693147 * 2.290323 = 1.587531
    # passage 2: f = 0: 0.693147 * 1 = 0.693147
    assert scores.round(4).tolist() == [1.5086, 1.5875, 0.6931]


@given(
    corpus=SCORABLE,
    query=QUERY,
    k1=st.floats(0.1, 3),
    b=st.floats(0, 0.99),
    delta=st.just(0.0) | st.floats(1e-6, 2),  # below lie numbers that floats cannot tell apart
)
@example(corpus=[["cut"]], query=["cut"], k1=1.5, b=0.75, delta=1)
@example(corpus=[["cut"], ["cut", "tax"]], query=["cut"], k1=1.5, b=0.75, delta=1)
@example(corpus=[["cut", "tax"], ["tax", "cut"]], query=["tax"], k1=1.5, b=0.75, delta=1)
@example(corpus=[["cut"], []], query=["cut", "cut", "unknown"], k1=1.5, b=0.75, delta=1)
@example(corpus=[["cut"]], query=[], k1=1.5, b=0.75, delta=1)
def test_scores_equal_those_of_the_parent(
    corpus: list[list[str]], query: list[str], k1: float, b: float, delta: float
) -> None:
    parent = BM25Plus(corpus, k1=k1, b=b, delta=delta)

    ranking = BM25Ranking(corpus, k1=k1, b=b, delta=delta)

    np.testing.assert_allclose(ranking.get_scores(query), parent.get_scores(query), rtol=1e-9)


@given(corpus=SCORABLE, query=QUERY, data=st.data())
def test_batch_scores_equal_those_of_the_parent(
    corpus: list[list[str]], query: list[str], data: st.DataObject
) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(corpus) - 1)))

    scores = BM25Ranking(corpus).get_batch_scores(query, numbers)

    expected = BM25Plus(corpus).get_batch_scores(query, numbers)
    np.testing.assert_allclose(scores, expected, rtol=1e-9)


def test_the_best_passages_are_those_of_the_parent() -> None:
    ranking = BM25Ranking(COURT)

    best = ranking.get_top_n(["court"], ["lower", "appeals", "budget"], n=2)

    assert best == ["appeals", "lower"]


def test_parameters_have_the_order_of_the_parent() -> None:
    ranking = BM25Ranking(COURT, None, 1.2, 0.5, 0)

    scores = ranking.get_scores(["court"])

    np.testing.assert_allclose(scores, BM25Plus(COURT, None, 1.2, 0.5, 0).get_scores(["court"]))


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]], ids=["empty", "one", "several"])
def test_without_terms_scores_are_zero_and_nothing_matches(corpus: list[list[str]]) -> None:
    ranking = BM25Ranking(corpus)

    passages, shares = ranking.score_matches(["court"])

    assert ranking.get_scores(["court"]).tolist() == [0.0] * len(corpus)
    assert (passages.tolist(), shares.tolist()) == ([], [])


@given(corpus=SCORABLE, query=QUERY)
def test_passages_match_if_they_contain_a_query_term(
    corpus: list[list[str]], query: list[str]
) -> None:
    ranking = BM25Ranking(corpus)

    passages, _ = ranking.score_matches(query)

    assert passages.tolist() == [n for n, terms in enumerate(corpus) if set(terms) & set(query)]


@given(corpus=SCORABLE, query=QUERY, k1=st.floats(0.1, 3), b=st.floats(0, 1))
def test_shares_follow_the_formula(
    corpus: list[list[str]], query: list[str], k1: float, b: float
) -> None:
    ranking = BM25Ranking(corpus, k1=k1, b=b)

    passages, shares = ranking.score_matches(query)

    expected = [share_by_the_formula(corpus, query, n, k1, b) for n in passages]
    np.testing.assert_allclose(shares, expected, rtol=1e-9)


@given(corpus=SCORABLE, query=QUERY, k1=st.floats(0.1, 3), b=st.floats(0, 1))
def test_the_shares_of_the_terms_add_up_to_the_share_of_the_passage(
    corpus: list[list[str]], query: list[str], k1: float, b: float
) -> None:
    ranking = BM25Ranking(corpus, k1=k1, b=b)
    passages, shares = ranking.score_matches(query)

    term_shares = ranking.compute_term_shares(query, passages)

    np.testing.assert_allclose(term_shares.sum(axis=0), shares, rtol=0, atol=1e-9)


@given(corpus=SCORABLE, query=QUERY, data=st.data())
def test_a_term_has_a_share_only_in_passages_that_contain_it(
    corpus: list[list[str]], query: list[str], data: st.DataObject
) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(corpus) - 1)))

    shares = BM25Ranking(corpus).compute_term_shares(query, np.array(numbers, dtype=np.intp))

    assert (shares > 0).tolist() == [[term in corpus[n] for n in numbers] for term in query]


@given(corpus=SCORABLE, query=QUERY)
def test_a_share_is_the_score_minus_idf_times_delta(
    corpus: list[list[str]], query: list[str]
) -> None:
    ranking = BM25Ranking(corpus, delta=0.5)

    passages, shares = ranking.score_matches(query)

    held = {term for passage in corpus for term in passage}
    constant = sum(0.5 * ranking.compute_idf(term) for term in query if term in held)
    np.testing.assert_allclose(shares + constant, ranking.get_scores(query)[passages], rtol=1e-9)


@given(corpus=SCORABLE, query=QUERY)
def test_an_unrelated_passage_changes_no_match(corpus: list[list[str]], query: list[str]) -> None:
    before, _ = BM25Ranking(corpus).score_matches(query)

    after, _ = BM25Ranking([*corpus, ["weather"]]).score_matches(query)

    assert after.tolist() == before.tolist()


@pytest.mark.parametrize(
    ("term", "df"), [("court", 2), ("vote", 1), ("unknown", 1)], ids=["two", "one", "unknown"]
)
def test_idf_is_higher_for_a_term_in_fewer_passages(term: str, df: int) -> None:
    ranking = BM25Ranking(COURT)

    rarity = ranking.compute_idf(term)

    assert rarity == pytest.approx(math.log(4 / df))


@given(corpus=SCORABLE, added=PASSAGES, query=QUERY, data=st.data())
def test_a_changed_ranking_equals_a_newly_built_one(
    corpus: list[list[str]], added: list[list[str]], query: list[str], data: st.DataObject
) -> None:
    keep = data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus)))
    ranking = BM25Ranking(corpus, k1=1.2, b=0.5, delta=0.5)

    changed = ranking.with_changes(np.array(keep), added)

    kept = [terms for terms, stays in zip(corpus, keep, strict=True) if stays]
    built = BM25Ranking(kept + added, k1=1.2, b=0.5, delta=0.5)
    np.testing.assert_array_equal(changed.get_scores(query), built.get_scores(query))
    np.testing.assert_array_equal(changed.score_matches(query), built.score_matches(query))


def test_a_change_does_not_modify_the_old_ranking() -> None:
    ranking = BM25Ranking(COURT)
    before = ranking.get_scores(["court", "tax"])

    ranking.with_changes(np.array([True, False, True]), [["court", "fine"]])

    assert ranking.get_scores(["court", "tax"]).tolist() == before.tolist()


def test_stored_postings_give_the_same_ranking() -> None:
    ranking = BM25Ranking(COURT)

    loaded = BM25Ranking(Postings.from_arrays(ranking.postings.to_arrays()))

    assert loaded.get_scores(["court"]).tolist() == ranking.get_scores(["court"]).tolist()


@st.composite
def grouped_passages(draw: st.DrawFn) -> tuple[list[list[str]], list[int]]:
    """Draw passages, of which some contain a term, and the group of each."""
    corpus = draw(SCORABLE)
    return corpus, draw(st.lists(st.integers(0, 3), min_size=len(corpus), max_size=len(corpus)))


def join_groups(corpus: list[list[str]], groups: list[int], count: int) -> list[list[str]]:
    """Return the passages of each group joined into one."""
    return [
        [
            term
            for passage, own in zip(corpus, groups, strict=True)
            if own == group
            for term in passage
        ]
        for group in range(count)
    ]


@given(passages=grouped_passages(), query=QUERY, k1=st.floats(0.1, 3), b=st.floats(0, 0.99))
@example(passages=([["cut"], ["tax"], ["cut"]], [0, 0, 0]), query=["cut"], k1=1.2, b=0.75)
@example(passages=([["cut"], ["cut", "tax"]], [3, 1]), query=["cut", "cut"], k1=1.2, b=0.75)
def test_a_group_has_the_share_of_its_joined_passages(
    passages: tuple[list[list[str]], list[int]], query: list[str], k1: float, b: float
) -> None:
    corpus, groups = passages
    oracle = BM25Plus(join_groups(corpus, groups, 5), k1=k1, b=b, delta=0)

    ranking = GroupRanking(BM25Ranking(corpus, k1=k1, b=b), np.array(groups, np.int32), 5)

    np.testing.assert_allclose(
        ranking.compute_shares(query)[0], oracle.get_scores(query), rtol=1e-9
    )


def test_the_share_of_a_group_follows_the_formula() -> None:
    ranking = GroupRanking(BM25Ranking(COURT), np.array([0, 1, 0], np.int32), 2)

    shares, _ = ranking.compute_shares(["court", "tax"])

    # Two groups of (2 + 3) and 4 terms: avgdl = 4.5.
    # Both contain "court": idf = ln(3 / 2) = 0.405465. One contains "tax": ln(3 / 1) = 1.098612.
    # Group 0 has f = 1 for both: 1.5 * (0.25 + 0.75 * 5 / 4.5) = 1.625
    #            (0.405465 + 1.098612) * 2.5 / (1.625 + 1) = 1.504077 * 0.952381 = 1.432455
    # Group 1 has f = 2 for "court": 1.5 * (0.25 + 0.75 * 4 / 4.5) = 1.375
    #            0.405465 * 2 * 2.5 / (1.375 + 2) = 0.405465 * 1.481481 = 0.600689
    assert shares.round(4).tolist() == [1.4325, 0.6007]


@given(corpus=SCORABLE, query=QUERY)
def test_groups_of_one_passage_have_the_share_of_the_passage(
    corpus: list[list[str]], query: list[str]
) -> None:
    ranking = BM25Ranking(corpus, delta=0)

    groups = GroupRanking(ranking, np.arange(len(corpus), dtype=np.int32), len(corpus))

    np.testing.assert_allclose(
        groups.compute_shares(query)[0], ranking.get_scores(query), rtol=1e-9
    )


@pytest.mark.parametrize("count", [0, 2])
def test_groups_without_terms_have_no_shares(count: int) -> None:
    ranking = GroupRanking(BM25Ranking([[]] * count), np.arange(count, dtype=np.int32), count)

    shares, most = ranking.compute_shares(["court"])

    assert shares.tolist() == [0.0] * count
    assert most == 0.0


def test_no_group_reaches_the_upper_bound() -> None:
    ranking = GroupRanking(BM25Ranking([["court"] * 500, ["tax"]]), np.array([0, 1], np.int32), 2)

    shares, most = ranking.compute_shares(["court"])

    assert 0.98 * most < shares.max() < most
