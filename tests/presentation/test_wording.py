from datetime import date

import pytest

from bot.model.day_range import DayRange
from bot.presentation.wording import (
    format_extent,
    format_publication_day,
    format_reason,
    format_source,
    format_title,
)
from bot.retrieval.answering.abstention import Reason, ReasonCode
from bot.retrieval.index.extent import Extent
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from tests.builders import an_article

MARCH_2 = date(2026, 3, 2)
SOFT = {
    AnswerTypeKind.ANY,
    AnswerTypeKind.REASON,
    AnswerTypeKind.QUOTATION,
}  # never missed, so without words


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason(code=ReasonCode.NO_ARTICLES), "The library has no published articles yet."),
        (
            Reason(code=ReasonCode.OUT_OF_BOUNDS),
            "No article about this matches the dates, source and words that you set.",
        ),
        (Reason(code=ReasonCode.UNKNOWN_WORDS, words=("Mars",)), "No article contains “Mars”."),
        (
            Reason(code=ReasonCode.UNKNOWN_WORDS, words=("Mars", "Venus", "Pluto")),
            "No article contains “Mars”, “Venus” or “Pluto”.",
        ),
        (
            Reason(
                code=ReasonCode.UNKNOWN_WORDS,
                words=("Antropic",),
                suggestions={"Antropic": ("Anthropic",)},
            ),
            "No article contains “Antropic”. Did you mean “Anthropic”?",
        ),
        (
            Reason(
                code=ReasonCode.UNKNOWN_WORDS,
                words=("rxver", "Mars"),
                suggestions={"rxver": ("river", "rover")},
            ),
            "No article contains “rxver” or “Mars”. Did you mean “river” or “rover” instead of “rxver”?",
        ),
        (
            Reason(
                code=ReasonCode.DATES_NOT_COVERED, days=(DayRange(first=MARCH_2, last=MARCH_2),)
            ),
            "No article is from the days that you asked about: 2 March 2026.",
        ),
        (
            Reason(code=ReasonCode.NOT_TOGETHER, words=("court", "challenge")),
            "No passage mentions “court” and “challenge” together.",
        ),
        (
            Reason(code=ReasonCode.NO_SUCH_PHRASE, words=("supply chain", "risk")),
            "No passage contains the phrases “supply chain” and “risk”.",
        ),
        (
            Reason(code=ReasonCode.TOO_LONG, words=("The flood",)),
            "The sentences about this in “The flood” are too long to quote.",
        ),
        (
            Reason(code=ReasonCode.LOW_CONFIDENCE),
            "No passage answers this with enough confidence.",
        ),
        (
            Reason(code=ReasonCode.NO_SUCH_ANSWER_TYPE, kind=AnswerTypeKind.MONEY),
            "No passage about this gives an amount of money.",
        ),
    ],
    ids=lambda value: value.code.value if isinstance(value, Reason) else "",
)
def test_a_reason_is_a_sentence_with_suggestions(reason: Reason, expected: str) -> None:
    assert format_reason(reason) == expected


@pytest.mark.parametrize("lack", list(ReasonCode))
def test_every_reason_has_a_sentence(lack: ReasonCode) -> None:
    days = (DayRange(first=MARCH_2, last=MARCH_2),)

    text = format_reason(Reason(code=lack, words=("word",), kind=AnswerTypeKind.DATE, days=days))

    assert text.endswith(".")


@pytest.mark.parametrize("kind", [kind for kind in AnswerTypeKind if kind not in SOFT])
def test_every_answer_type_has_a_phrase(kind: AnswerTypeKind) -> None:
    text = format_reason(Reason(code=ReasonCode.NO_SUCH_ANSWER_TYPE, kind=kind))

    assert text.startswith("No passage about this ")


@pytest.mark.parametrize(
    ("articles", "first", "last", "expected"),
    [
        (1, MARCH_2, MARCH_2, "The library has 1 article from 2 March 2026."),
        (
            8701,
            date(2023, 1, 4),
            MARCH_2,
            "The library has 8,701 articles from 4 January 2023 to 2 March 2026.",
        ),
        (2, None, None, "The library has 2 articles."),
    ],
)
def test_the_extent_gives_the_number_of_articles_and_their_days(
    articles: int, first: date | None, last: date | None, expected: str
) -> None:
    extent = Extent(articles=articles, passages=9, first_date=first, last_date=last)

    assert format_extent(extent) == expected


def test_a_day_is_written_out() -> None:
    assert format_publication_day(MARCH_2) == "2 March 2026"
    assert format_publication_day(None) == "undated"


def test_an_article_without_a_source_says_so() -> None:
    assert format_source(an_article(source="The Courier")) == "The Courier"
    assert format_source(an_article(source=None)) == "no source"


def test_a_derived_title_says_so() -> None:
    assert format_title(an_article(title="The flood")) == "The flood"
    assert format_title(an_article(title="The river", has_derived_title=True)) == (
        "The river (first words)"
    )
