from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retrieval.answer import MAX_CLOSEST, Answer, Lack, Limits, Reason, compose
from bot.retrieval.article import Article
from bot.retrieval.corpus import Bounds
from bot.retrieval.dates import DayRange
from bot.retrieval.query import parse
from bot.retrieval.wanted import Kind
from tests.builders import PUBLISHED_ON, a_corpus, an_article, the_analyser

DAY = timedelta(days=1)
FLOOD = "The river rose by two metres in Lyon on Monday, and the old bridge was closed."
RAIN = "Heavy rain fell on Lyon for two days and filled the streets near the station."
BUDGET = "Parliament passed the budget after a long debate about taxes and pensions."
APART = [an_article(text, id=text[:9]) for text in (FLOOD, RAIN, BUDGET)]
WORDS = "Who When river rose Lyon bridge rain comet in 2019 “old bridge”"
LIMITS = Limits()


def asked(
    question: str,
    *articles: Article,
    bounds: Bounds | None = None,
    limits: Limits = LIMITS,
    today: date = PUBLISHED_ON,
) -> Answer:
    query = parse(question, today=today, analyser=the_analyser())
    found = a_corpus(*articles).search(
        query, bounds=bounds or Bounds(), until=None, steer_days=limits.steer_days
    )
    return compose(query, found, limits=limits)


def quotes(answer: Answer) -> list[str]:
    return [excerpt.text for excerpt in answer.excerpts]


def lacks(answer: Answer) -> list[Lack]:
    return [reason.lack for reason in answer.reasons]


def test_an_answer_has_the_excerpts_that_answer_and_nothing_else() -> None:
    answer = asked("Which bridge was closed in Lyon?", an_article(f"{FLOOD}\n\n{BUDGET}"))

    assert answer.answered
    assert quotes(answer) == [FLOOD]
    assert (answer.reasons, answer.closest, answer.total) == ((), (), 1)


def test_an_abstention_has_reasons_and_the_closest_excerpts() -> None:
    answer = asked("Who closed the airport in Lyon?", an_article(f"{FLOOD}\n\n{BUDGET}"))

    assert not answer.answered
    assert answer.excerpts == ()
    assert answer.reasons
    assert [excerpt.text for excerpt in answer.closest] == [FLOOD]


def test_the_better_excerpt_comes_first() -> None:
    partly = an_article(f"{BUDGET} In Lyon the river rose so much on Tuesday.", id="partly")
    wholly = an_article("On Monday the bridge over the river in Lyon was closed.", id="wholly")

    answer = asked("river bridge closed in Lyon", partly, wholly)

    assert answer.excerpts[0].article == wholly
    assert [each.score for each in answer.excerpts] == sorted(
        (each.score for each in answer.excerpts), reverse=True
    )


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

    answer = asked("bridge fell", *articles, limits=Limits(max_excerpts=most))

    assert len(answer.excerpts) == shown
    assert answer.total == 5


def test_no_more_closest_excerpts_are_shown_than_three() -> None:
    articles = [an_article(text, id=f"{n}") for n, text in enumerate(FALLS)]

    answer = asked("Who is the architect of the bridge that fell in Cologne?", *articles)

    assert len(answer.closest) == MAX_CLOSEST == 3


def test_articles_that_say_nearly_the_same_are_told_once() -> None:
    newer = FLOOD.replace("closed", "shut")

    answer = asked(
        "river in Lyon",
        an_article(FLOOD, id="one"),
        an_article(newer, id="two", published_on=PUBLISHED_ON + DAY),
        an_article(f"{RAIN} The river in Lyon is full.", id="other"),
    )

    assert len(answer.excerpts) == 2
    assert answer.excerpts[0].article.id == "two"


def test_excerpts_that_overlap_are_told_once() -> None:
    offered = "OpenAI has offered more details on a new partnership with the military."
    announced = "The company announced that partnership on Friday, though it was rushed."

    answer = asked("partnership", an_article(f"{BUDGET}\n\n{offered}\n\n{announced}"))

    spans = sorted(excerpt.span for excerpt in answer.excerpts)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_the_same_place_in_two_articles_is_no_overlap() -> None:
    answer = asked("bridge fell", *(an_article(text, id=text[:9]) for text in FALLS[:2]))

    assert len(answer.excerpts) == 2


def test_a_sentence_that_only_repeats_the_question_is_no_answer() -> None:
    question = "Why did the old bridge in Lyon fall?"
    asking = an_article(f"As a report noted, that raises a question: {question}")

    answer = asked(question, asking)

    assert not answer.answered
    assert [excerpt.asks for excerpt in answer.closest] == [True]


def test_an_empty_library_is_the_only_reason_there_is() -> None:
    answer = asked("What did Altman say in May 2019?")

    assert answer.reasons == (Reason(lack=Lack.NO_ARTICLES),)
    assert answer.closest == ()


def test_words_that_no_article_holds_are_a_reason_as_they_were_typed() -> None:
    answer = asked("Was it Comets or meteors over Lyon?", an_article(RAIN))

    assert answer.reasons[0] == Reason(lack=Lack.UNKNOWN_WORDS, words=("Comets", "meteors"))


def test_nothing_within_the_bounds_is_a_reason() -> None:
    answer = asked("river in Lyon", an_article(FLOOD), bounds=Bounds(source="Nobody"))

    assert answer.reasons == (Reason(lack=Lack.OUT_OF_BOUNDS),)


def test_days_that_the_library_does_not_cover_are_a_reason() -> None:
    answer = asked("Was there a river in Lyon in May 2019?", an_article(FLOOD))

    days = DayRange(first=date(2019, 5, 1), last=date(2019, 5, 31))
    assert answer.reasons == (Reason(lack=Lack.DATES_OUTSIDE, days=(days,)),)
    assert answer.closest


@pytest.mark.parametrize(
    ("day", "is_answered"),
    [
        (date(2026, 2, 15), False),
        (date(2026, 2, 16), True),
        (date(2026, 3, 2), True),
        (date(2026, 3, 3), False),
    ],
)
def test_articles_cover_the_days_of_which_they_speak(
    day: date,
    is_answered: bool,  # noqa: FBT001 - an expected value
) -> None:
    text = "The river rose by two metres in Lyon, and the old bridge was closed."

    answer = asked(f"Was there a river in Lyon on {day}?", an_article(text))

    assert answer.answered is is_answered
    assert (Lack.DATES_OUTSIDE in lacks(answer)) is not is_answered


def test_an_excerpt_that_names_a_day_outside_answers_for_it() -> None:
    told = "In May 2019 the river rose by two metres in Lyon, and the old bridge was closed."

    answer = asked("Was there a river in Lyon in May 2019?", an_article(told))

    assert quotes(answer) == [told]


def test_the_first_day_of_the_calendar_is_a_day_like_any_other() -> None:
    answer = asked("river in Lyon in 2019", an_article(FLOOD, published_on=date.min))

    assert lacks(answer) == [Lack.DATES_OUTSIDE]


def test_undated_articles_cover_no_days_and_lack_none() -> None:
    answer = asked("Was there a river in Lyon in May 2019?", an_article(FLOOD, published_on=None))

    assert answer.answered


def test_a_phrase_that_no_passage_holds_is_a_reason() -> None:
    answer = asked("the “closed bridge” in Lyon", an_article(FLOOD))

    assert answer.reasons == (Reason(lack=Lack.NO_SUCH_PHRASE, words=("closed bridge",)),)


def test_words_that_do_not_stand_together_are_a_reason() -> None:
    answer = asked("river metres budget taxes station streets", *APART)

    words = ("river", "metres", "budget", "taxes", "station", "streets")
    assert answer.reasons == (Reason(lack=Lack.NOT_TOGETHER, words=words),)


def test_words_that_only_a_question_holds_say_too_little() -> None:
    asking = "As a report noted, people ask: Why did the old bridge in Lyon fall?"

    answer = asked("Why did the bridge fall?", an_article(asking))

    assert answer.reasons == (Reason(lack=Lack.TOO_LITTLE),)


def test_a_passage_without_the_thing_wanted_is_a_reason() -> None:
    answer = asked(
        "How much money did the bridge in Lyon cost?",
        an_article("The bridge in Lyon cost so much money that the town is in debt."),
    )

    assert answer.reasons == (Reason(lack=Lack.NO_SUCH_THING, kind=Kind.MONEY),)


def test_a_title_that_no_article_knows_is_held_by_none() -> None:
    told = "Mayor Ann Lee closed the old bridge over the river in Lyon."

    answer = asked("Which judge closed the old bridge over the river in Lyon?", an_article(told))

    assert lacks(answer) == [Lack.UNKNOWN_WORDS, Lack.NO_SUCH_THING]


def test_a_passage_of_sentences_too_long_to_quote_still_gives_a_reason() -> None:
    answer = asked(
        "river in Lyon", an_article(FLOOD), limits=Limits(max_excerpt_chars=len(FLOOD) - 1)
    )

    assert answer.reasons == (Reason(lack=Lack.TOO_LONG, words=("The flood",)),)
    assert answer.closest == ()


def test_every_lack_can_be_met() -> None:
    met = {
        *lacks(asked("river")),
        *lacks(asked("river", an_article(FLOOD), bounds=Bounds(source="Nobody"))),
        *lacks(asked("comet in 2019", an_article(FLOOD))),
        *lacks(asked("“rose river”", an_article(FLOOD))),
        *lacks(asked("river metres budget taxes station streets", *APART)),
        *lacks(asked("How old is the river in Lyon?", an_article(FLOOD))),
        *lacks(asked("river in Lyon", an_article(FLOOD), limits=Limits(max_excerpt_chars=20))),
        *lacks(asked("Why did the river rise?", an_article("Why did the river rise?"))),
    }

    assert met == set(Lack)


def test_a_name_that_the_excerpt_and_its_article_lack_keeps_it_from_answering() -> None:
    question = "What did Ann Lee say about the old bridge that was closed on Monday?"
    said = "The old bridge was closed on Monday, Bob Ray said at the town hall."
    named = an_article(said, id="named", title="Bob Ray on the bridge and Ann Lee")
    unnamed = an_article(said, id="unnamed", title="Bob Ray on the bridge")

    assert asked(question, named, an_article(f"Ann Lee spoke. {BUDGET}", id="b")).answered
    assert not asked(question, unnamed, an_article(f"Ann Lee spoke. {BUDGET}", id="b")).answered


def test_a_part_of_a_name_will_do() -> None:
    said = an_article("The deal was rushed and looked bad, Altman said on Friday.", title="AI")
    others = [an_article(f"Sam Smith spoke. {BUDGET}", id=f"{n}") for n in range(4)]

    answer = asked("Was the deal of Sam Altman rushed?", said, *others)

    assert answer.excerpts[0].article == said


def test_the_noun_asked_for_need_not_be_repeated() -> None:
    told = "Claude did win against Ann Lee and Bob Ray in Lyon and Paris."
    question = (
        "Which AI language model did win finals against Ann Lee and Bob Ray in Lyon and Paris?"
    )

    answer = asked(question, an_article(told))

    assert quotes(answer) == [told]


@given(
    question=st.lists(
        st.sampled_from(WORDS.split()),
        min_size=1,
    ).map(" ".join),
    bodies=st.lists(
        st.sampled_from([FLOOD, RAIN, f"{FLOOD}\n\n{RAIN}", "Old? Bridge?"]), max_size=3
    ),
    limits=st.builds(Limits, max_excerpt_chars=st.sampled_from([60, 600])),
)
@settings(deadline=None)
def test_what_is_not_answered_has_a_reason(
    question: str, bodies: list[str], limits: Limits
) -> None:
    articles = [an_article(body, id=f"{n}") for n, body in enumerate(bodies)]

    answer = asked(f"river {question}", *articles, limits=limits)

    assert answer.answered == bool(answer.excerpts) != bool(answer.reasons)
    assert not (answer.answered and answer.closest)
