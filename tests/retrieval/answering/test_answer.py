from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.article import Article
from bot.retrieval.answering.answer import MAX_CLOSEST, Answer, build_answer
from bot.retrieval.question.query import parse_query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.weights import BM25_ONLY, Caution, Weights
from tests.builders import (
    PUBLISHED_ON,
    an_article,
    an_index,
    the_analyser,
    the_weights,
    what_is_found,
)
from tests.retrieval.builders import some_weights

DAY = timedelta(days=1)
FLOOD = "The river rose by two metres in Lyon on Monday, and the old bridge was closed."
RAIN = "Heavy rain fell on Lyon for two days and filled the streets near the station."
BUDGET = "Parliament passed the budget after a long debate about taxes and pensions."
WORDS = st.sampled_from(["Who", "When", "rose", "Lyon", "bridge", "rain", "comet", "in 2019"])
QUESTIONS = st.lists(WORDS).map(lambda words: " ".join(["river", *words]))
LIBRARIES = st.lists(
    st.sampled_from([FLOOD, RAIN, f"{FLOOD}\n\n{RAIN}", "Old? Bridge?"]), max_size=3
).map(lambda bodies: [an_article(body, id=f"{n}") for n, body in enumerate(bodies)])


def ask(
    question: str,
    *articles: Article,
    limits: AnswerLimits | None = None,
    weights: Weights | None = None,
) -> Answer:
    limits, weights = limits or AnswerLimits(), weights or some_weights()
    query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())
    found = what_is_found(query, an_index(*articles), limits=limits, weights=weights)
    return build_answer(query, found, limits=limits, weights=weights)


def quotes(answer: Answer) -> list[str]:
    return [excerpt.text for excerpt in answer.excerpts]


def test_an_answer_has_only_excerpts_that_answer() -> None:
    answer = ask(
        "Which bridge was closed in Lyon?", an_article(FLOOD), an_article(BUDGET, id="budget")
    )

    assert answer.is_answered
    assert quotes(answer) == [FLOOD]
    assert (answer.reasons, answer.closest_excerpts, answer.total) == ((), (), 1)


def test_an_abstention_has_reasons_and_the_closest_excerpts() -> None:
    answer = ask("Who closed the airport for planes from Lyon?", an_article(FLOOD))

    assert not answer.is_answered
    assert answer.excerpts == ()
    assert answer.reasons
    assert [excerpt.text for excerpt in answer.closest_excerpts] == [FLOOD]


@pytest.mark.parametrize(
    ("question", "is_answered"),
    [("river rose Lyon brigde", True), ("comet brigde bridge", False)],
    ids=["answer", "abstention"],
)
def test_unknown_words_come_with_suggestions(question: str, *, is_answered: bool) -> None:
    answer = ask(question, an_article(FLOOD))

    assert answer.is_answered is is_answered
    assert answer.unknown_words is not None
    assert answer.unknown_words.suggestions == {"brigde": ("bridge",)}
    assert (answer.unknown_words in answer.reasons) is not is_answered


def test_an_answer_without_unknown_words_has_none() -> None:
    assert ask("Which bridge was closed in Lyon?", an_article(FLOOD)).unknown_words is None


def test_the_better_excerpt_comes_first() -> None:
    partly = an_article(f"{BUDGET} In Lyon the river rose so much on Tuesday.", id="partly")
    wholly = an_article("On Monday the bridge over the river in Lyon was closed.", id="wholly")

    answer = ask("river bridge closed in Lyon", partly, wholly, weights=BM25_ONLY)

    assert [excerpt.article for excerpt in answer.excerpts] == [wholly, partly]
    assert answer.excerpts[0].score > answer.excerpts[1].score


FALLS = [
    "On Monday the bridge fell in the storm, and two ships sank near the port.",
    "After years without repair the bridge fell, as engineers had long expected.",
    "Nobody was on the road when the bridge fell at four in the morning.",
    "A video shows how the bridge fell while a train was close to its end.",
    "The mayor resigned because the bridge fell although she had been warned.",
]


@pytest.mark.parametrize(("most", "shown"), [(1, 1), (3, 3), (10, 5)])
def test_no_more_excerpts_are_shown_than_the_limit(most: int, shown: int) -> None:
    articles = [an_article(text, id=f"{n}") for n, text in enumerate(FALLS)]

    answer = ask("bridge fell", *articles, limits=AnswerLimits(max_excerpts=most))

    assert len(answer.excerpts) == shown
    assert answer.total == 5


def test_no_more_closest_excerpts_are_shown_than_three() -> None:
    articles = [an_article(text, id=f"{n}") for n, text in enumerate(FALLS)]

    answer = ask("Who is the architect of the old bridge in Cologne?", *articles)

    assert len(answer.closest_excerpts) == MAX_CLOSEST == 3


def test_near_duplicate_articles_are_shown_once() -> None:
    newer = FLOOD.replace("closed", "shut")

    answer = ask(
        "river in Lyon",
        an_article(FLOOD, id="one"),
        an_article(newer, id="two", published_on=PUBLISHED_ON + DAY),
        an_article(f"{RAIN} The river in Lyon is full.", id="other"),
    )

    assert {excerpt.article.id for excerpt in answer.excerpts} == {"two", "other"}


def test_articles_that_share_half_their_words_are_both_shown() -> None:
    other = "The river rose by three feet in Paris on Monday, and an old road was flooded."

    answer = ask("river rose", an_article(FLOOD, id="one"), an_article(other, id="two"))

    assert len(answer.excerpts) == 2


def test_overlapping_excerpts_are_shown_once() -> None:
    offered = "OpenAI has offered more details on a new partnership with the military."
    announced = "The company announced that partnership on Friday, though it was rushed."

    answer = ask("partnership", an_article(f"{BUDGET}\n\n{offered}\n\n{announced}"))

    spans = sorted(excerpt.span for excerpt in answer.excerpts)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_the_same_span_in_two_articles_is_no_overlap() -> None:
    answer = ask("bridge fell", *(an_article(text, id=text[:9]) for text in FALLS[:2]))

    assert len(answer.excerpts) == 2


def test_a_sentence_that_only_repeats_the_question_is_no_answer() -> None:
    question = "Why did the old bridge in Lyon fall?"
    asking = an_article(f"As a report noted, that raises a question: {question}")

    answer = ask(question, asking)

    assert not answer.is_answered
    assert [excerpt.is_question for excerpt in answer.closest_excerpts] == [True]


@given(question=QUESTIONS, articles=LIBRARIES, max_chars=st.sampled_from([60, 600]))
def test_an_abstention_has_a_reason(question: str, articles: list[Article], max_chars: int) -> None:
    limits = AnswerLimits(max_excerpt_chars=max_chars)

    answer = ask(question, *articles, limits=limits, weights=the_weights())

    assert answer.is_answered == bool(answer.excerpts) != bool(answer.reasons)
    assert not (answer.is_answered and answer.closest_excerpts)


@given(question=QUESTIONS, articles=LIBRARIES)
def test_with_bm25_only_every_hit_answers_in_bm25_order(
    question: str, articles: list[Article]
) -> None:
    answer = ask(question, *articles, weights=BM25_ONLY)

    found = (*answer.excerpts, *answer.further_excerpts)
    assert answer.is_answered is bool(answer.total)
    assert answer.answering_count == len(found)
    assert all(
        sum(one.term_shares.values()) >= sum(other.term_shares.values())
        for one, other in pairwise(found)
    )


def test_with_bm25_only_there_is_no_confidence() -> None:
    assert ask("river", an_article(FLOOD), weights=BM25_ONLY).confidence is None
    assert ask("comet", an_article(FLOOD), weights=BM25_ONLY).confidence is None


@given(question=QUESTIONS, articles=LIBRARIES)
def test_less_caution_answers_at_least_as_many_questions(
    question: str, articles: list[Article]
) -> None:
    careful, balanced, eager = (
        ask(question, *articles, limits=AnswerLimits(caution=caution), weights=the_weights())
        for caution in (Caution.CAREFUL, Caution.BALANCED, Caution.EAGER)
    )

    assert careful.is_answered <= balanced.is_answered <= eager.is_answered
    assert careful.answering_count <= balanced.answering_count <= eager.answering_count
    assert careful.confidence == balanced.confidence == eager.confidence


def test_an_answer_has_the_confidence_of_its_first_excerpt() -> None:
    wholly = ask("river in Lyon", an_article(FLOOD))
    partly = ask("river comet in Lyon", an_article(FLOOD))

    assert wholly.confidence == pytest.approx(0.9933, abs=1e-4)  # 1 / (1 + exp(5 - 10 * 1))
    assert partly.confidence == pytest.approx(0.8411, abs=1e-4)  # 1 / (1 + exp(5 - 10 * 2/3))


def test_an_abstention_has_the_confidence_of_its_closest_excerpt() -> None:
    answer = ask("comet meteor moon in Lyon", an_article(FLOOD))

    assert not answer.is_answered
    assert answer.confidence == pytest.approx(0.0759, abs=1e-4)  # 1 / (1 + exp(5 - 10 * 1/4))


def test_without_hits_the_confidence_is_0() -> None:
    assert ask("comet", an_article(FLOOD)).confidence == 0.0
