import pytest

from bot.lookups.representative import find_representative_sentence, iter_sentence_hits
from bot.retrieval.question.query import parse_query
from bot.retrieval.scoring.results import SearchResult
from tests.builders import PUBLISHED_ON, an_article, an_index, the_analyser, what_is_found
from tests.retrieval.builders import some_weights


def search_topic(topic: str, *bodies: str) -> SearchResult:
    articles = [an_article(body, id=str(number)) for number, body in enumerate(bodies)]
    query = parse_query(topic, today=PUBLISHED_ON, analyser=the_analyser())
    return what_is_found(query, an_index(*articles), weights=some_weights())


def told(topic: str, *bodies: str, max_chars: int = 600) -> str | None:
    citation = find_representative_sentence(search_topic(topic, *bodies), max_chars=max_chars)
    return citation.text if citation else None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "The river rose. The river rose in Erfurt overnight. Erfurt slept.",
            "The river rose in Erfurt overnight.",
            id="the one that holds most",
        ),
        pytest.param(
            "It rose like no river in Erfurt. The river in Erfurt rose.",
            "The river in Erfurt rose.",
            id="one that leans on nothing",
        ),
        pytest.param(
            "Will the river rise in Erfurt? The river rose.", "The river rose.", id="no question"
        ),
        pytest.param("River in Erfurt\nThe river rose.", "The river rose.", id="no caption"),
        pytest.param("Will the river rise?", "Will the river rise?", id="a question if need be"),
        pytest.param(
            "The river in Erfurt rose. The river in Erfurt fell.",
            "The river in Erfurt rose.",
            id="the first of equal ones",
        ),
    ],
)
def test_the_most_representative_sentence_is_chosen(body: str, expected: str) -> None:
    assert told("river Erfurt", body) == expected


def test_of_equal_sentences_that_of_the_better_hit_is_chosen() -> None:
    hits = search_topic(
        "river", "A river is long, and much else is told here.", "River, river."
    ).hits

    assert told("river", "A river is long, and much else is told here.", "River, river.") == (
        hits[0].analysis.article.body
    )


def test_a_sentence_over_the_limit_is_never_chosen() -> None:
    body = "The river in Erfurt rose and rose. The river fell."

    assert told("river Erfurt", body, max_chars=len("The river fell.")) == "The river fell."
    assert told("river Erfurt", body, max_chars=10) is None


def test_without_hits_there_is_no_sentence() -> None:
    assert told("comet", "The river rose.") is None


def test_a_representative_sentence_is_verbatim_with_its_matches() -> None:
    body = "It rained.  The river rose\nand rose."

    citation = find_representative_sentence(search_topic("river", body), max_chars=600)

    assert citation
    assert citation.text == body[citation.span.start : citation.span.end]
    assert [match.extract(body) for match in citation.matches] == ["river"]
    assert citation.answer_span == citation.span


def test_only_counted_terms_affect_coverage() -> None:
    hits = search_topic("river Erfurt", "The river rose. Erfurt slept.")

    texts = [hit.text for hit in iter_sentence_hits(hits, {"erfurt": 1.0}, 600)]

    assert texts == ["Erfurt slept."]
