from typing import Any

import pytest

from bot.retrieval.question.answer_type import AnswerType
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.weights import BM25_ONLY, Caution, Weights
from tests.builders import an_article, an_index, what_is_found

TABLES: dict[str, Any] = {
    "candidates": {"article": 1},
    "features": {"article": 2.5, "asks": -1.0},
    "statement": {"article": 1.5},
    "evidence": {"intercept": -5.0},
    "least": {"careful": 0.5, "balanced": 0.3, "eager": 0.1},
}


def test_weights_are_those_of_the_tables() -> None:
    weights = Weights.from_tables(TABLES)

    assert weights == Weights(
        candidates={"article": 1.0},
        features={"article": 2.5, "asks": -1.0},
        statement={"article": 1.5},
        evidence={"intercept": -5.0},
        min_confidences={Caution.CAREFUL: 0.5, Caution.BALANCED: 0.3, Caution.EAGER: 0.1},
    )


def test_weights_do_not_change_with_their_tables() -> None:
    features = {"article": 2.5}
    weights = Weights.from_tables({**TABLES, "features": features})

    features["article"] = 9.0

    assert weights.features == {"article": 2.5}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_needed(table: str) -> None:
    tables = {name: values for name, values in TABLES.items() if name != table}

    with pytest.raises(ValueError, match=table):
        Weights.from_tables(tables)


@pytest.mark.parametrize("caution", Caution)
def test_every_caution_needs_a_minimum_confidence(caution: Caution) -> None:
    least = {name: number for name, number in TABLES["least"].items() if name != caution}

    with pytest.raises(ValueError, match=caution):
        Weights.from_tables({**TABLES, "least": least})


@pytest.mark.parametrize("table", ["candidates", "features", "statement", "evidence"])
@pytest.mark.parametrize("values", [1.0, {"article": "much"}, {"article": []}])
def test_a_table_holds_numbers(table: str, values: object) -> None:
    with pytest.raises(ValueError, match=r"number|float"):
        Weights.from_tables({**TABLES, table: values})


@pytest.mark.parametrize("least", [0.3, "0.3", {**TABLES["least"], "eager": []}])
def test_minimum_confidences_are_numbers(least: object) -> None:
    with pytest.raises(ValueError, match="number"):
        Weights.from_tables({**TABLES, "least": least})


@pytest.mark.parametrize(
    ("asks", "expected"), [(True, {"article": 2.5, "asks": -1.0}), (False, {"article": 1.5})]
)
def test_text_that_is_no_question_has_its_own_weights(
    asks: bool,  # noqa: FBT001 - what is wanted
    expected: dict[str, float],
) -> None:
    query = Query(terms=("river",), words=("river",), answer_type=AnswerType(is_question=asks))

    assert Weights.from_tables(TABLES).get_feature_weights(query) == expected


def test_bm25_only_weights_refuse_nothing() -> None:
    query = Query(terms=("river", "metr"), words=("river", "metres"))

    (hit,) = what_is_found(query, an_index(an_article()), weights=BM25_ONLY).hits

    assert hit.score == hit.bm25 > 0
    assert set(BM25_ONLY.min_confidences.values()) == {0.0}
