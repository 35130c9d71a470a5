from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.span import Span
from bot.retrieval.index.bm25 import BM25Ranking
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.answer_type import AnswerType
from bot.retrieval.question.query import Query
from bot.retrieval.scoring import features
from bot.retrieval.scoring.features import (
    FEATURE_NAMES,
    FIRST_STAGE_FEATURES,
    MAX_SENTENCES,
    MAX_WINDOW_CHARS,
    SENTENCE_FEATURES,
    FeatureContext,
    SentenceWindow,
)
from bot.retrieval.scoring.passage_analysis import PassageAnalysis, Sentence
from bot.retrieval.scoring.pmi import Association
from bot.retrieval.scoring.relevance_feedback import find_shared_terms
from tests.builders import an_article

RARITIES = {"river": 3.0, "flood": 1.0}
PARKS = BM25Ranking([*[["elk", "park"]] * 9, *[["tax"]] * 90, *[["vote"]] * 9])
WORDS = st.sampled_from(["river", "flood", "Elk", "Vote", "park", "rain"])
SENTENCES = st.lists(
    st.tuples(st.lists(WORDS, min_size=1).map(" ".join), st.integers(1, 400), st.booleans()),
    min_size=1,
    max_size=8,
)
FULL = pytest.approx(1.0)


def a_sentence(  # noqa: PLR0913 - a sentence's attributes
    text: str = "rain",
    *,
    start: int = 0,
    chars: int = 10,
    holds_kind: bool = False,
    names_day: bool = False,
    asks: bool = False,
) -> Sentence:
    """Build a sentence of these terms; the capitalised ones are possible answers."""
    words = text.split()
    keys = tuple(map(str.lower, words))
    return Sentence(
        span=Span(start, start + chars),
        term_texts=keys,
        terms=frozenset(keys) & RARITIES.keys(),
        candidate_positions=tuple(place for place, word in enumerate(words) if word.istitle()),
        has_answer_type=holds_kind,
        names_day=names_day,
        is_question=asks,
    )


def a_view(
    *,
    wanted: AnswerType | None = None,
    shared: Mapping[str, float] | None = None,
    asked: Mapping[str, float] = RARITIES,
    noun: tuple[str, ...] = (),
) -> FeatureContext:
    query = Query(terms=tuple(RARITIES), words=tuple(RARITIES), answer_type=wanted or AnswerType())
    return FeatureContext(
        query=query,
        idfs=RARITIES,
        asked_idfs=asked,
        shared_term_weights=shared or {},
        association=Association(noun, PARKS),
    )


def a_reading(*sentences: Sentence, context: str = "", title: str = "") -> PassageAnalysis:
    return PassageAnalysis(
        article=an_article(),
        passage=Span(0, sentences[-1].span.end),
        sentences=sentences,
        previous_sentence=None,
        context_terms=frozenset(context.split()),
        title_terms=frozenset(title.split()),
    )


def in_a_row(sentences: list[tuple[str, int, bool]]) -> list[Sentence]:
    """Build consecutive sentences of these terms and lengths, one space apart."""
    row: list[Sentence] = []
    for text, chars, asks in sentences:
        start = row[-1].span.end + 1 if row else 0
        row.append(a_sentence(text, start=start, chars=chars, asks=asks))
    return row


def windows(
    reading: PassageAnalysis, *, view: FeatureContext | None = None, max_chars: int = 600
) -> list[SentenceWindow]:
    return list(features.build_windows(reading, view or a_view(), max_chars=max_chars))


def values_of(
    *sentences: Sentence, view: FeatureContext | None = None, context: str = "", title: str = ""
) -> Mapping[str, float]:
    """Return the feature values of the only window of short sentences."""
    (window,) = windows(a_reading(*sentences, context=context, title=title), view=view)
    return window.feature_values


def lengths(reading: PassageAnalysis, max_chars: int = 600) -> list[tuple[int, int]]:
    """Return the indices of the first and last sentence of each window."""
    place = {sentence.span: number for number, sentence in enumerate(reading.sentences)}
    return [
        (place[window.sentences[0].span], place[window.sentences[-1].span])
        for window in windows(reading, max_chars=max_chars)
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (AnswerTypeKind.PERSON, 1.0),
        (AnswerTypeKind.PLACE, 1.0),
        (AnswerTypeKind.DATE, 1.0),
        (AnswerTypeKind.REASON, 0.0),
        (AnswerTypeKind.NAME, 0.0),
    ],
)
def test_an_expected_answer_counts_if_its_type_is_detectable(
    kind: AnswerTypeKind, value: float
) -> None:
    view = a_view(wanted=AnswerType(kind=kind))

    assert features.score_answer_type(a_sentence(holds_kind=True), view) == value
    assert features.score_answer_type(a_sentence(holds_kind=False), view) == 0.0


def test_the_strongest_association_of_a_possible_answer_counts() -> None:
    view = a_view(noun=("park",))

    assert (
        features.score_association(a_sentence("Vote Elk tax"), view)
        == view.association.measure("elk")
        > 0
    )
    assert features.score_association(a_sentence("Vote"), view) == 0.0
    assert features.score_association(a_sentence("elk"), view) == 0.0


@pytest.mark.parametrize(
    ("text", "names_day", "value"), [("river", True, 1.0), ("rain", True, 0.0), ("river", False, 0)]
)
def test_a_named_day_counts_only_with_a_query_term(
    text: str,
    names_day: bool,  # noqa: FBT001 - the sentence's attribute
    value: float,
) -> None:
    assert features.score_named_day(a_sentence(text, names_day=names_day), a_view()) == value


def test_a_window_has_the_maximum_of_its_sentences() -> None:
    view = a_view(wanted=AnswerType(kind=AnswerTypeKind.PERSON), noun=("park",))
    rows = in_a_row([("Vote", 10, False), ("Elk", 10, False), ("rain", 10, False)])
    rows[2] = replace(rows[2], has_answer_type=True)

    values = values_of(*rows, view=view)

    assert (values["associated"], values["kind"]) == (view.association.measure("elk"), 1.0)


def test_a_question_has_no_features() -> None:
    asking = a_sentence("river Elk", holds_kind=True, names_day=True, asks=True)
    view = a_view(
        wanted=AnswerType(kind=AnswerTypeKind.PERSON, head="river"),
        noun=("park",),
    )

    values = values_of(asking, view=view)

    assert {
        name: values[name] for name in (*SENTENCE_FEATURES, "asked", "covered")
    } == dict.fromkeys((*SENTENCE_FEATURES, "asked", "covered"), 0.0)
    assert all(
        values_of(replace(asking, is_question=False), view=view)[name] for name in SENTENCE_FEATURES
    )


@pytest.mark.parametrize(
    ("asks", "value"), [((True, True), 1.0), ((True, False), 0.0), ((False, False), 0.0)]
)
def test_a_window_asks_if_all_its_sentences_are_questions(
    asks: tuple[bool, bool], value: float
) -> None:
    rows = in_a_row([("rain", 10, is_question) for is_question in asks])

    assert values_of(*rows)["asks"] == value


def test_asked_is_the_coverage_of_the_asking_terms() -> None:
    view = a_view(asked={"flood": 1.0, "rain": 3.0})

    assert values_of(a_sentence("flood"), view=view, context="rain")["asked"] == 0.25
    assert values_of(a_sentence("river"), view=view)["asked"] == 0.0


def test_covered_is_the_coverage_of_the_query_with_the_context() -> None:
    told, asking = in_a_row([("flood", 10, False), ("river", 10, True)])

    assert values_of(told)["covered"] == 0.25
    assert values_of(told, asking)["covered"] == 0.25
    assert values_of(told, context="river")["covered"] == FULL


def test_shared_is_the_weight_of_the_shared_terms() -> None:
    view = a_view(shared={"rain": 0.5, "elk": 0.25, "vote": 0.25})
    rows = in_a_row([("rain rain river", 10, False), ("Elk", 10, True)])

    assert values_of(*rows, view=view)["shared"] == 0.75


def test_title_is_the_share_of_the_other_title_terms_in_the_window() -> None:
    rows = in_a_row([("rain river", 10, False), ("Elk", 10, False)])

    assert values_of(*rows, title="rain elk vote park")["title"] == 0.5
    assert values_of(*rows)["title"] == 0.0


def test_the_terms_of_a_window_include_those_of_its_questions() -> None:
    rows = in_a_row([("river rain", 10, False), ("flood", 10, True)])

    (window,) = windows(a_reading(*rows))

    assert window.terms == {"river", "flood"}


def test_a_window_spans_its_first_to_its_last_sentence() -> None:
    rows = [a_sentence(start=5, chars=10), a_sentence(start=20, chars=7)]

    (window,) = windows(a_reading(*rows))

    assert window.span == Span(5, 27)


@pytest.mark.parametrize(
    ("chars", "expected"),
    [
        ([100], [(0, 0)]),
        ([100, 100], [(0, 1)]),
        ([100] * 4, [(0, 2), (1, 3)]),
        ([200, 239, 200], [(0, 1), (1, 2)]),
        ([200, 240, 200], [(0, 0), (1, 1), (2, 2)]),
        ([10, 10, 420, 10], [(0, 1), (1, 2), (2, 3)]),
        ([500, 10], [(0, 0), (1, 1)]),
        ([10, 600, 10], [(0, 0), (1, 1), (2, 2)]),
        ([10, 601, 10], [(0, 0), (2, 2)]),
        ([601], []),
    ],
    ids=[
        "one sentence",
        "two that fit",
        "three at most",
        "as much as fits",
        "one character too many",
        "what an earlier one has begins no other",
        "a long one stands alone",
        "the longest that may be shown",
        "one that is too long",
        "nothing",
    ],
)
def test_a_window_contains_as_many_sentences_as_fit(
    chars: list[int], expected: list[tuple[int, int]]
) -> None:
    rows = in_a_row([("rain", count, False) for count in chars])

    assert lengths(a_reading(*rows)) == expected


def test_a_window_is_no_longer_than_an_excerpt_may_be() -> None:
    rows = in_a_row([("rain", 50, False)] * 3)

    assert lengths(a_reading(*rows), max_chars=100) == [(0, 0), (1, 1), (2, 2)]
    assert lengths(a_reading(*rows), max_chars=101) == [(0, 1), (1, 2)]


@given(sentences=SENTENCES, max_chars=st.integers(1, 600))
def test_windows_are_runs_of_whole_sentences_within_the_limits(
    sentences: list[tuple[str, int, bool]], max_chars: int
) -> None:
    reading = a_reading(*in_a_row(sentences))

    for window in windows(reading, max_chars=max_chars):
        first = reading.sentences.index(window.sentences[0])
        size = len(window.sentences)
        assert reading.sentences[first : first + size] == window.sentences
        assert 1 <= size <= MAX_SENTENCES
        chars = window.span.end - window.span.start
        assert chars <= max_chars
        assert chars <= MAX_WINDOW_CHARS or size == 1


@given(sentences=SENTENCES, max_chars=st.integers(1, 600))
def test_every_short_sentence_is_in_a_window_and_no_window_in_another(
    sentences: list[tuple[str, int, bool]], max_chars: int
) -> None:
    reading = a_reading(*in_a_row(sentences))

    found = windows(reading, max_chars=max_chars)

    short = [
        sentence
        for sentence in reading.sentences
        if sentence.span.end - sentence.span.start <= max_chars
    ]
    assert {sentence.span for window in found for sentence in window.sentences} == {
        sentence.span for sentence in short
    }
    for window, later in pairwise(found):
        assert window.span.start < later.span.start
        assert window.span.end < later.span.end


def test_a_window_has_every_feature_except_first_stage_ones() -> None:
    assert set(values_of(a_sentence())) == set(FEATURE_NAMES) - set(FIRST_STAGE_FEATURES)


def test_feature_names_are_unique() -> None:
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES)


@given(sentences=SENTENCES, context=st.lists(WORDS), title=st.lists(WORDS), data=st.data())
def test_a_feature_of_a_window_lies_between_0_and_1(
    sentences: list[tuple[str, int, bool]],
    context: list[str],
    title: list[str],
    data: st.DataObject,
) -> None:
    reading = a_reading(
        *in_a_row(sentences),
        context=" ".join(set(context) & RARITIES.keys()),
        title=" ".join(title).lower(),
    )
    shared = find_shared_terms(
        [reading, replace(reading, article=an_article(id="other"))], RARITIES, PARKS.compute_idf
    )
    asked = data.draw(st.sampled_from([{}, RARITIES, {"flood": 1.0}]))
    view = a_view(wanted=AnswerType(head="park"), shared=shared, asked=asked, noun=("park",))

    for window in windows(reading, view=view):
        assert all(0 <= value <= 1 + 1e-9 for value in window.feature_values.values())
