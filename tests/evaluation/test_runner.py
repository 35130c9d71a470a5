from datetime import date

import pytest

from bot.dates.calendar import range_text
from bot.errors import QueryError
from bot.evaluation.judged import JudgedQuestion
from bot.evaluation.runner import MAX_RANKED, EvaluatedQuestion, ask_all, build_index
from bot.model.article import Article
from bot.retrieval.answering.answer import Answer
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.search_index import MAX_HITS
from tests.builders import PUBLISHED_ON, an_answer, an_article, the_analyser
from tests.retrieval.builders import some_weights

WEIGHTS = some_weights()
FLOOD = an_article("The river rose by two metres in Linz.")

RISE = "How many metres did the river rise in Linz?"
TOLD = an_article(
    "Officials said on Monday evening that in Linz, where it had rained for several days, "
    "the river had risen and the rise was two metres by noon.",
    id="told",
)
LISTED = an_article("River. Linz.\nMetres? River rise, river: Linz.", id="listed")
"""BM25 alone prefers LISTED, the features prefer TOLD."""


def asked(
    text: str,
    *articles: Article,
    asked_on: date | None = None,
    weights: Weights | None = WEIGHTS,
    by_date: bool = True,
) -> EvaluatedQuestion:
    index = build_index(articles, the_analyser())
    question = JudgedQuestion(id="q1", text=text, asked_on=asked_on)
    (found,) = ask_all([question], index, weights=weights, by_date=by_date)
    return found


def list_days(one: EvaluatedQuestion) -> list[str]:
    assert isinstance(one.answer, Answer)
    return [range_text(mention.days) for mention in one.answer.query.dates]


def test_a_question_is_answered_as_a_reader_sees_it() -> None:
    question = "How far did the river rise in Linz?"

    outcome = asked(question, FLOOD).outcome

    answer = an_answer(question, FLOOD, weights=WEIGHTS)
    assert outcome.text == question
    assert outcome.is_answered
    assert outcome.quotes == tuple(excerpt.text for excerpt in answer.excerpts)
    assert outcome.score == answer.excerpts[0].score
    assert outcome.confidence == answer.confidence
    assert answer.confidence
    assert outcome.elapsed_ms > 0
    assert outcome.ranking == ("flood",)


def test_an_abstention_has_its_closest_passages() -> None:
    one = asked("Which minister paid for the river boats in Lisbon?", FLOOD)

    assert not one.outcome.is_answered
    assert one.outcome.quotes == (FLOOD.body,)


@pytest.mark.parametrize("question", ["When?", "x", "river " * 80], ids=["empty", "short", "long"])
def test_an_unsearchable_question_is_an_abstention(question: str) -> None:
    one = asked(question, FLOOD)

    assert isinstance(one.answer, QueryError)
    assert not one.outcome.is_answered
    assert (one.outcome.quotes, one.outcome.score, one.outcome.ranking) == ((), None, ())
    assert one.outcome.elapsed_ms >= 0


def test_the_day_of_a_question_is_its_clock() -> None:
    one = asked("What rose yesterday in Linz?", FLOOD, asked_on=date(2026, 3, 3))

    assert list_days(one) == ["2 March 2026"]


@pytest.mark.parametrize(
    ("asked_on", "by_date"),
    [
        pytest.param(None, True, id="question without a day"),
        pytest.param(date(2026, 5, 5), False, id="without days"),
    ],
)
def test_without_a_day_the_clock_is_the_last_day_of_the_index(
    asked_on: date | None, *, by_date: bool
) -> None:
    later = an_article(id="later", published_on=date(2026, 3, 9))

    one = asked("What rose yesterday?", FLOOD, later, asked_on=asked_on, by_date=by_date)

    assert list_days(one) == ["8 March 2026"]


@pytest.mark.parametrize(("days_after", "is_seen"), [(2, True), (3, False)])
def test_articles_more_than_two_days_later_are_hidden(days_after: int, *, is_seen: bool) -> None:
    asked_on = date.fromordinal(PUBLISHED_ON.toordinal() - days_after)

    one = asked("What rose in Linz?", FLOOD, asked_on=asked_on)

    assert one.outcome.ranking == (("flood",) if is_seen else ())
    assert bool(one.outcome.quotes) is is_seen


def test_without_days_no_article_is_hidden() -> None:
    one = asked("What rose in Linz?", FLOOD, asked_on=date(2020, 1, 1), by_date=False)

    assert one.outcome.ranking == ("flood",)


def test_undated_articles_are_never_hidden() -> None:
    undated = an_article(FLOOD.body, published_on=None)

    one = asked("What rose in Linz?", undated, asked_on=date(2020, 1, 1))

    assert one.outcome.ranking == ("flood",)


def test_dates_are_plain_words_if_no_article_is_dated() -> None:
    undated = an_article("In 1975 the mill was built in Linz.", published_on=None)

    one = asked("What was built in 1975?", undated, asked_on=date(2020, 1, 1))

    assert list_days(one) == []
    assert isinstance(one.answer, Answer)
    assert "1975" in one.answer.query.terms


def test_without_articles_there_is_no_answer() -> None:
    one = asked("What rose in Linz?")

    assert not one.outcome.is_answered
    assert one.outcome.ranking == ()


def test_without_weights_only_bm25_counts() -> None:
    question = "How far did the river rise in Linz?"

    plain, with_features = asked(question, FLOOD, weights=None), asked(question, FLOOD)

    assert plain.outcome.score is not None
    assert with_features.outcome.score is not None
    assert plain.outcome.score < with_features.outcome.score
    assert plain.outcome.confidence is None


def test_an_answer_uses_as_many_hits_as_a_reader_gets() -> None:
    articles = [
        an_article(
            f"In Linz the river rise was {number} metres, gauge{number} and scale{number} said "
            f"on day{number} of month{number} in year{number} to paper{number}.",
            id=f"flood-{number}",
        )
        for number in range(2, 42)
    ]

    answer = asked(RISE, *articles).answer

    assert isinstance(answer, Answer)
    assert len(answer.excerpts + answer.further_excerpts) == MAX_HITS
    assert answer == an_answer(RISE, *articles, weights=WEIGHTS)


def test_articles_are_ranked_once_by_their_best_hit() -> None:
    ranking = asked(RISE, LISTED, TOLD, an_article("The rise of Linz.", id="short")).outcome.ranking

    assert ranking == ("told", "listed", "short")


def test_without_weights_articles_are_ranked_by_bm25() -> None:
    assert asked(RISE, LISTED, TOLD, weights=None).outcome.ranking == ("listed", "told")


def test_hits_beyond_those_of_the_answer_rank_articles_too() -> None:
    repeated = "\n\n".join(
        f"In Linz the river rise was two metres, as the gauge showed on day {day}."
        for day in range(160)
    )

    ranking = asked(RISE, LISTED, TOLD, an_article(repeated, id="long")).outcome.ranking

    assert ranking is not None
    assert ranking.index("told") < ranking.index("listed")


def test_articles_beyond_all_hits_are_ranked_by_bm25() -> None:
    repeated = "\n\n".join(f"{TOLD.body} So it was on day {day}." for day in range(300))
    short = an_article("The rise of Linz, in the view of its inhabitants and others.", id="short")

    assert asked(RISE, an_article(repeated, id="long"), short).outcome.ranking == ("long", "short")


def test_at_most_a_hundred_articles_are_ranked() -> None:
    articles = [an_article(f"A river {number}.", id=f"{number}") for number in range(102)]

    ranking = asked(RISE, *articles).outcome.ranking

    assert ranking is not None
    assert len(set(ranking)) == len(ranking) == MAX_RANKED


def test_building_an_index_reports_progress() -> None:
    articles = [an_article(id=str(number)) for number in range(501)]
    told: list[tuple[int, int]] = []

    index = build_index(articles, the_analyser(), lambda done, whole: told.append((done, whole)))

    assert told == [(500, 501), (501, 501)]
    assert len(index.articles) == 501


def test_asking_reports_progress_after_each_question() -> None:
    questions = [
        JudgedQuestion(id=question_id, text="What rose?", asked_on=None)
        for question_id in ("q1", "q2")
    ]
    told: list[tuple[int, int]] = []

    asked = ask_all(
        questions,
        build_index([FLOOD], the_analyser()),
        weights=WEIGHTS,
        by_date=True,
        progress=lambda done, whole: told.append((done, whole)),
    )

    assert [question.question.id for question in asked] == ["q1", "q2"]
    assert told == [(1, 2), (2, 2)]
