from datetime import date
from pathlib import Path

import pytest

from bot.errors import (
    BotError,
    EmojiOnly,
    EmptyQuery,
    EmptyQuestion,
    ForeignScript,
    QuestionTooLong,
    QuestionTooShort,
    ReversedBounds,
    UnknownDate,
)
from bot.model.day_range import DayRange
from bot.retrieval.answering.abstention import ReasonCode
from bot.retrieval.answering.answer import Answer
from bot.wiring import Application
from tests.builders import an_article, ask
from tests.services.river_library import QUESTION, an_app, hold, shown


async def test_a_question_typed_is_answered(app: Application) -> None:
    answer = await ask(app, f"  {QUESTION}\n")

    assert answer.is_answered
    assert len(answer.excerpts) == 3


async def test_bounds_are_taken_as_they_are_typed(app: Application) -> None:
    answer = await ask(app, QUESTION, after="1 March", before="2026-03-02", source="the courier")
    other = await ask(app, QUESTION, source="The Herald")

    assert answer.is_answered
    assert [reason.code for reason in other.reasons] == [ReasonCode.OUT_OF_BOUNDS]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", EmptyQuestion),
        ("🙂🙂", EmojiOnly),
        ("x", QuestionTooShort),
        ("x" * 301, QuestionTooLong),
        ("what is it?", EmptyQuery),
        ("кто подписал договор?", ForeignScript),
        ("谁签署了协议", ForeignScript),
        ("по-русски", ForeignScript),
    ],
)
async def test_each_unusable_question_is_refused_with_its_own_error(
    app: Application, typed: str, error: type[BotError]
) -> None:
    with pytest.raises(error):
        await ask(app, typed)


async def test_wrong_dates_are_refused(app: Application) -> None:
    with pytest.raises(UnknownDate):
        await ask(app, QUESTION, after="sometime")
    with pytest.raises(ReversedBounds):
        await ask(app, QUESTION, after="2 March", before="1 March")


async def test_a_foreign_script_is_answered_where_an_article_holds_a_word_of_it(
    app: Application,
) -> None:
    await hold(app, an_article("Вот договор.", id="wall"))

    answer = await ask(app, "договор")

    assert answer.is_answered


async def test_a_foreign_script_with_a_known_name_in_it_is_no_error(app: Application) -> None:
    answer = await ask(app, "кто подписал договор в Bremen")

    assert not answer.is_answered


async def test_latin_words_that_no_article_holds_are_a_reason_and_no_error(
    app: Application,
) -> None:
    answer = await ask(app, "zanzibar xylophones")

    assert [reason.code for reason in answer.reasons] == [ReasonCode.UNKNOWN_WORDS]


async def test_an_empty_library_says_so_whatever_the_script(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        answer = await ask(app, "кто подписал договор?")

    assert [reason.code for reason in answer.reasons] == [ReasonCode.NO_ARTICLES]


FEBRUARY = DayRange(first=date(2026, 2, 1), last=date(2026, 2, 28))


def days_of(answer: Answer) -> list[DayRange]:
    return [mention.days for mention in answer.query.dates]


async def test_a_question_that_follows_up_keeps_the_dates_where_it_names_none(
    app: Application,
) -> None:
    answer = await ask(app, QUESTION, dates=[FEBRUARY])

    assert days_of(answer) == [FEBRUARY]


async def test_a_question_that_names_dates_keeps_no_others(app: Application) -> None:
    answer = await ask(app, f"{QUESTION} on 2 March 2026", dates=[FEBRUARY])

    assert days_of(answer) == [DayRange(first=date(2026, 3, 2), last=date(2026, 3, 2))]


async def test_the_dates_of_an_answer_can_be_kept(app: Application) -> None:
    key, _ = await shown(app, f"{QUESTION} in February 2026")

    assert await app.services.shown_answers.load_dates(key) == (FEBRUARY,)
