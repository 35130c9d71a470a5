from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.span import Span
from bot.retrieval.scoring.passage_analysis import PassageAnalysis, Sentence
from bot.retrieval.scoring.relevance_feedback import find_shared_terms
from tests.builders import an_article

KNOWN = ("river", "flood")
WORDS = st.sampled_from(["river", "flood", "snow", "rain", "bridge"])
TEXTS = st.lists(st.tuples(st.lists(WORDS).map(" ".join), st.sampled_from("abc")), max_size=20)


def a_reading(*sentences: str, id: str = "a") -> PassageAnalysis:  # noqa: A002 - an article's
    """Build the analysis of a passage with sentences of these terms."""
    return PassageAnalysis(
        article=an_article(id=id),
        passage=Span(0, 1),
        sentences=tuple(
            Sentence(span=Span(0, 1), term_texts=tuple(text.split()), terms=frozenset())
            for text in sentences
        ),
        previous_sentence=None,
        context_terms=frozenset(),
        title_terms=frozenset(),
    )


def share_terms(
    *readings: PassageAnalysis, rarities: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the shared terms of the passages; terms not in `rarities` have an idf of 1."""
    return dict(find_shared_terms(readings, KNOWN, lambda term: (rarities or {}).get(term, 1.0)))


def twice(*sentences: str) -> tuple[PassageAnalysis, PassageAnalysis]:
    """Build two articles with the same sentences."""
    return a_reading(*sentences, id="one"), a_reading(*sentences, id="other")


def test_shared_terms_weigh_by_rank_length_and_rarity() -> None:
    shared = share_terms(
        a_reading("rain bridge", id="one"),
        a_reading("rain bridge bridge river", id="other"),
        rarities={"rain": 2.0, "bridge": 0.5},
    )

    # Rain has (1/2 / 5 + 1/4 / 6) * 2.0 = 0.283333, bridge (1/2 / 5 + 2/4 / 6) * 0.5 = 0.091667.
    assert shared == {
        "rain": pytest.approx(0.283333 / 0.375, rel=1e-4),
        "bridge": pytest.approx(0.091667 / 0.375, rel=1e-4),
    }


def test_a_passage_is_as_long_as_its_sentences_together() -> None:
    parted = share_terms(*twice("rain bridge", "bridge"))
    whole = share_terms(*twice("rain bridge bridge"))

    assert parted == whole


def test_query_terms_are_not_shared_terms() -> None:
    assert share_terms(*twice("river flood rain")).keys() == {"rain"}


def test_a_term_of_only_one_article_is_not_shared() -> None:
    shared = share_terms(
        a_reading("rain bridge", id="one"),
        a_reading("rain", id="one"),
        a_reading("bridge", id="other"),
    )

    assert shared.keys() == {"bridge"}


def test_passages_beyond_the_fifteenth_share_nothing() -> None:
    first = [a_reading("rain", id=f"{number}") for number in range(14)]

    shared = share_terms(*first, *twice("bridge"))

    assert shared.keys() == {"rain"}


def test_at_most_thirty_terms_are_shared_by_weight_then_by_name() -> None:
    names = [f"term{number:02}" for number in range(40)]

    shared = share_terms(*twice(" ".join(reversed(names))), rarities={"term39": 2.0})

    assert list(shared) == ["term39", *names[:29]]


def test_shared_terms_are_among_the_ninety_most_frequent() -> None:
    frequent = " ".join(f"term{number} term{number}" for number in range(90))

    shared = share_terms(*twice(f"rare {frequent}"), rarities={"rare": 100.0})

    assert "rare" not in shared


def test_no_passages_share_nothing() -> None:
    assert share_terms() == {}


@given(TEXTS)
def test_the_weights_of_shared_terms_add_up_to_1(texts: list[tuple[str, str]]) -> None:
    shared = share_terms(*(a_reading(text, id=id_) for text, id_ in texts))

    assert sum(shared.values()) == pytest.approx(1.0 if shared else 0.0)
    assert all(0 < weight <= 1 + 1e-9 for weight in shared.values())
