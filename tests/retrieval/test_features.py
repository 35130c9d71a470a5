from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval import features
from bot.retrieval.features import FEATURES, WEIGHTS, View, shares
from bot.retrieval.passage import passages
from bot.retrieval.query import parse
from bot.retrieval.reading import Reader
from tests.builders import PUBLISHED_ON, an_article, the_analyser

PLAIN = "News of the day from the capital and from all the provinces of the land."
FULL = pytest.approx(1.0)


def view_of(  # noqa: PLR0913 - a passage, its article and the query
    question: str,
    passage: str,
    *,
    before: str = PLAIN,
    title: str = "News",
    published_on: date | None = PUBLISHED_ON,
    today: date = PUBLISHED_ON,
) -> View:
    """The view of the passage, which stands behind the paragraph `before`; all terms weigh 1."""
    query = parse(question, today=today, analyser=the_analyser())
    article = an_article(f"{before}\n\n{passage}", title=title, published_on=published_on)
    previous, span = passages(article.body)
    reading = Reader(query, the_analyser()).read(article, span, previous)
    return View(
        query=query, reading=reading, rarities=dict.fromkeys(query.terms, 1.0), steer_days=14
    )


FLOOD = "The river rose in Lyon on Monday evening, and the bridge there was closed at noon."
SPREAD = "The river rose on Monday. Nobody in the town was hurt by it. Lyon has a bridge."


def test_together_is_what_one_sentence_holds() -> None:
    assert features.together(view_of("river bridge Lyon", FLOOD)) == FULL
    assert features.together(view_of("river bridge Lyon", SPREAD)) == pytest.approx(2 / 3)


def test_together_counts_what_a_sentence_leans_on() -> None:
    leaning = "The river rose in Lyon. It damaged a bridge in the old town by the evening."
    standing = "The river rose in Lyon. Ice damaged a bridge in the old town by the evening."
    question = "river bridge"

    assert features.together(view_of(question, leaning)) > features.together(
        view_of(question, standing)
    )


def test_together_counts_the_sentence_before_the_passage_that_leans_on_it() -> None:
    before = "In the night of Sunday to Monday the river rose by as much as two metres."
    leaning = "It damaged a bridge in the old town, and the market was closed by the evening."
    question = "river bridge"

    assert features.together(view_of(question, leaning, before=f"{PLAIN} {before}")) > (
        features.together(view_of(question, leaning))
    )


def test_a_question_holds_nothing_together() -> None:
    asking = "Why did the river rise over the bridge in Lyon on the evening of that Monday?"

    assert features.together(view_of("river bridge Lyon", asking)) == 0.0
    assert features.nearness(view_of("river bridge Lyon", asking)) == 0.0


def test_context_is_what_title_and_first_sentence_hold() -> None:
    assert features.context(view_of("river Lyon", FLOOD, title="Lyon and its river")) == FULL
    assert features.context(view_of("river Lyon", FLOOD, title="Lyon")) == pytest.approx(0.5)
    assert features.context(view_of("river Lyon", FLOOD)) == 0.0


def test_kind_is_how_well_a_sentence_supports_that_holds_the_thing_wanted() -> None:
    apart = "The river rose over the bridge quickly. On Monday they sang a song and left the town."

    assert features.kind(view_of("When did the river close the bridge?", FLOOD)) == FULL
    assert features.kind(view_of("When did the river reach the bridge?", apart)) == 0.0
    assert features.kind(view_of("How old is the river?", FLOOD)) == 0.0


def test_nearness_is_more_where_matches_stand_close() -> None:
    close = "Nobody knows for certain how or when or why the river bridge fell into the water."
    far = "The river, as nobody knows for certain how or when or why, broke at last the bridge."
    question = "river bridge"

    assert (
        0 < features.nearness(view_of(question, far)) < features.nearness(view_of(question, close))
    )


def test_nothing_is_near_where_nothing_matches() -> None:
    assert features.nearness(view_of("comet", FLOOD)) == 0.0


@pytest.mark.parametrize(
    ("published_on", "expected"),
    [
        (date(2026, 2, 20), 0.0),
        (date(2026, 2, 21), 1.0),
        (date(2026, 2, 28), 1.0),
        (date(2026, 3, 14), 1.0),
        (date(2026, 3, 15), 0.0),
        (None, 0.0),
    ],
)
def test_published_is_from_the_first_day_to_some_days_after_the_last(
    published_on: date | None, expected: float
) -> None:
    view = view_of(
        "river in late February 2026", FLOOD, published_on=published_on, today=date(2026, 4, 1)
    )

    assert features.published(view) == expected


def test_without_dates_in_the_question_no_day_is_preferred() -> None:
    view = view_of("river", FLOOD)

    assert (features.published(view), features.names_day(view)) == (0.0, 0.0)


def test_a_sentence_with_a_term_may_name_the_day() -> None:
    apart = "The river rose over the bridge quickly. On Monday they sang a song and left the town."
    question = "river on 2 March 2026"

    assert features.names_day(view_of(question, FLOOD)) == 1.0
    assert features.names_day(view_of(question, apart)) == 0.0


def test_a_passage_repeats_that_asks_more_than_it_tells() -> None:
    question = "Why did the river rise over the bridge?"
    only_asks = "As a report noted, that raises a question: Why did the river rise over the bridge?"
    tells = f"{only_asks} Engineers say that the river did rise over the bridge in the storm."

    assert features.repeats(view_of(question, only_asks)) == FULL
    assert features.repeats(view_of(question, tells)) == 0.0
    assert features.repeats(view_of(question, FLOOD)) == 0.0


def test_every_feature_has_a_weight() -> None:
    assert WEIGHTS.keys() == FEATURES.keys()


def test_only_repeating_the_question_takes_away() -> None:
    assert {name for name, weight in WEIGHTS.items() if weight < 0} == {"repeats"}


def test_a_share_is_value_times_weight_times_the_weight_of_the_query() -> None:
    view = view_of("river bridge", FLOOD)

    share = shares(view)["together"]

    assert share == pytest.approx(features.together(view) * WEIGHTS["together"] * 2.0)


@pytest.mark.parametrize("feature", FEATURES.values(), ids=FEATURES)
@given(question=st.lists(st.sampled_from(FLOOD.split()), min_size=3).map(" ".join))
def test_a_feature_lies_between_0_and_1(feature: Callable[[View], float], question: str) -> None:
    view = view_of(f"When did the river {question}", FLOOD)

    assert 0.0 <= feature(view) <= 1.0


@pytest.mark.parametrize("feature", FEATURES.values(), ids=FEATURES)
def test_without_weight_in_the_query_a_feature_adds_nothing(
    feature: Callable[[View], float],
) -> None:
    view = replace(view_of("river bridge", FLOOD), rarities={})

    assert feature(view) == 0.0
