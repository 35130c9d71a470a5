from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.model.article import Article
from bot.model.day_range import DayRange
from bot.retrieval.answering.abstention import (
    Reason,
    ReasonCode,
    explain_abstention,
    explain_unknown_words,
)
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.scoring.limits import AnswerLimits
from tests.builders import an_article
from tests.retrieval.builders import a_case

FLOOD = "The river rose by two metres in Lyon on Monday, and the old bridge was closed."
RAIN = "Heavy rain fell on Lyon for two days and filled the streets near the station."
BUDGET = "Parliament passed the budget after a long debate about taxes and pensions."
APART = [an_article(text, id=text[:9]) for text in (FLOOD, RAIN, BUDGET)]
WORDS = st.sampled_from(
    ["Who", "When", "rose", "Lyon", "bridge", "rain", "comet", "in 2019", "“old bridge”", "-bridge"]
)
APART_WORDS = "river metres budget taxes station streets"


def reasons_of(
    question: str,
    *articles: Article,
    bounds: Bounds | None = None,
    limits: AnswerLimits | None = None,
) -> tuple[Reason, ...]:
    """Return the reasons for an abstention, assuming that nothing answers."""
    case, excerpts = a_case(question, *articles, bounds=bounds, limits=limits)
    return tuple(explain_abstention(case, excerpts))


def lacks(given: tuple[Reason, ...]) -> list[ReasonCode]:
    return [reason.code for reason in given]


def test_an_empty_library_is_the_only_reason() -> None:
    given = reasons_of("What did Altman say in May 2019?")

    assert given == (Reason(code=ReasonCode.NO_ARTICLES),)


def test_unknown_words_are_the_first_reason_as_entered() -> None:
    given = reasons_of("Was it Comets or meteors over Lyon in 2019?", an_article(RAIN))

    assert given[0] == Reason(code=ReasonCode.UNKNOWN_WORDS, words=("Comets", "meteors"))
    assert lacks(given) == [ReasonCode.UNKNOWN_WORDS, ReasonCode.DATES_NOT_COVERED]


def test_a_reason_of_unknown_words_has_suggestions() -> None:
    case, _ = a_case("comet over the brigde", an_article(FLOOD))

    assert explain_unknown_words(case.query, case.result) == Reason(
        code=ReasonCode.UNKNOWN_WORDS,
        words=("comet", "brigde"),
        suggestions={"brigde": ("bridge",)},
    )


def test_known_words_are_no_reason() -> None:
    case, _ = a_case("bridge in Lyon", an_article(FLOOD))

    assert explain_unknown_words(case.query, case.result) is None


def test_nothing_within_the_bounds_is_a_reason() -> None:
    given = reasons_of("river in Lyon", an_article(FLOOD), bounds=Bounds(source="Nobody"))

    assert given == (Reason(code=ReasonCode.OUT_OF_BOUNDS),)


def test_with_an_unknown_word_bounds_are_no_reason() -> None:
    given = reasons_of("comet in Lyon", an_article(FLOOD), bounds=Bounds(source="Nobody"))

    assert lacks(given) == [ReasonCode.UNKNOWN_WORDS]


def test_days_that_the_library_does_not_cover_are_a_reason() -> None:
    given = reasons_of("Was there a river in Lyon in May 2019?", an_article(FLOOD))

    days = DayRange(first=date(2019, 5, 1), last=date(2019, 5, 31))
    assert given == (Reason(code=ReasonCode.DATES_NOT_COVERED, days=(days,)),)


def test_an_unknown_phrase_is_a_reason() -> None:
    given = reasons_of("the “closed bridge” in Lyon", an_article(FLOOD))

    assert given == (Reason(code=ReasonCode.NO_SUCH_PHRASE, words=("closed bridge",)),)


def test_a_phrase_with_excluded_words_may_be_out_of_bounds() -> None:
    given = reasons_of("the “old bridge” in Lyon -river", an_article(FLOOD))

    assert given == (Reason(code=ReasonCode.OUT_OF_BOUNDS),)


def test_words_that_never_occur_together_are_a_reason() -> None:
    given = reasons_of(APART_WORDS, *APART)

    assert given == (Reason(code=ReasonCode.NOT_TOGETHER, words=tuple(APART_WORDS.split())),)


def test_words_anywhere_in_one_passage_occur_together() -> None:
    far = f"{FLOOD} {'Nobody knows. ' * 40}{BUDGET} {RAIN}"

    given = reasons_of(APART_WORDS, an_article(far, id="far"))

    assert given == (Reason(code=ReasonCode.LOW_CONFIDENCE),)


def test_unknown_words_need_not_occur_together_with_others() -> None:
    given = reasons_of(f"{APART_WORDS} comet", *APART)

    assert lacks(given) == [ReasonCode.UNKNOWN_WORDS, ReasonCode.NOT_TOGETHER]
    assert given[1].words == tuple(APART_WORDS.split())


def test_words_in_a_question_only_give_low_confidence() -> None:
    asking = "As a report noted, people ask: Why did the old bridge in Lyon fall?"

    given = reasons_of("Why did the bridge fall?", an_article(asking))

    assert given == (Reason(code=ReasonCode.LOW_CONFIDENCE),)


def test_a_missing_answer_type_is_a_reason() -> None:
    given = reasons_of(
        "How much money did the bridge in Lyon cost?",
        an_article("The bridge in Lyon cost so much money that the town is in debt."),
    )

    assert given == (Reason(code=ReasonCode.NO_SUCH_ANSWER_TYPE, kind=AnswerTypeKind.MONEY),)


def test_without_an_excerpt_on_topic_no_answer_type_is_missing() -> None:
    asking = "Did anyone ever ask how much money the bridge in Lyon did cost?"

    given = reasons_of("How much money did the bridge in Lyon cost?", an_article(asking))

    assert given == (Reason(code=ReasonCode.LOW_CONFIDENCE),)


def test_an_answer_type_in_one_passage_is_not_missing() -> None:
    given = reasons_of(
        "How much money did the bridge in Lyon cost?",
        an_article("The bridge in Lyon cost so much money.", id="unsaid"),
        an_article("The bridge in Lyon cost $20 of money.", id="said"),
    )

    assert given == (Reason(code=ReasonCode.LOW_CONFIDENCE),)


def test_an_unknown_title_is_a_missing_answer_type() -> None:
    told = "Mayor Ann Lee closed the old bridge over the river in Lyon."

    given = reasons_of(
        "Which judge closed the old bridge over the river in Lyon?", an_article(told)
    )

    assert lacks(given) == [ReasonCode.UNKNOWN_WORDS, ReasonCode.NO_SUCH_ANSWER_TYPE]


def test_a_reason_of_too_long_sentences_names_the_article() -> None:
    limits = AnswerLimits(max_excerpt_chars=len(FLOOD) - 1)

    given = reasons_of("river in Lyon", an_article(FLOOD), limits=limits)

    assert given == (Reason(code=ReasonCode.TOO_LONG, words=("The flood",)),)


def test_every_reason_can_occur() -> None:
    met = {
        *lacks(reasons_of("river")),
        *lacks(reasons_of("river", an_article(FLOOD), bounds=Bounds(source="Nobody"))),
        *lacks(reasons_of("comet in 2019", an_article(FLOOD))),
        *lacks(reasons_of("“rose river”", an_article(FLOOD))),
        *lacks(reasons_of(APART_WORDS, *APART)),
        *lacks(reasons_of("How old is the river in Lyon?", an_article(FLOOD))),
        *lacks(reasons_of("river", an_article(FLOOD), limits=AnswerLimits(max_excerpt_chars=20))),
        *lacks(reasons_of("Why did the river rise?", an_article("Why did the river rise?"))),
    }

    assert met == set(ReasonCode)


@given(
    words=st.lists(WORDS),
    bodies=st.lists(
        st.sampled_from([FLOOD, RAIN, f"{FLOOD}\n\n{RAIN}", "Old? Bridge?"]), max_size=3
    ),
    limits=st.builds(AnswerLimits, max_excerpt_chars=st.sampled_from([60, 600])),
    source=st.sampled_from([None, "Nobody"]),
)
def test_there_is_always_a_reason(
    words: list[str], bodies: list[str], limits: AnswerLimits, source: str | None
) -> None:
    articles = [an_article(body, id=f"{n}") for n, body in enumerate(bodies)]
    question = " ".join(["river", *words])

    given = reasons_of(question, *articles, limits=limits, bounds=Bounds(source=source))

    assert given
    assert len(set(lacks(given))) == len(given)
