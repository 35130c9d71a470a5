from datetime import date

import pytest

from bot.model.day_range import DayRange
from bot.presentation.wording import (
    count_text,
    extent_text,
    published_text,
    reason_text,
    source_text,
    title_text,
)
from bot.retrieval.answering.abstention import Lack, Reason
from bot.retrieval.question.answer_type import Kind
from bot.retrieval.scoring.results import Extent
from tests.builders import an_article

MARCH_2 = date(2026, 3, 2)
SOFT = {Kind.ANY, Kind.REASON, Kind.WORDS}  # never missed, so without words


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason(lack=Lack.NO_ARTICLES), "The library holds no article published up to now."),
        (
            Reason(lack=Lack.OUT_OF_BOUNDS),
            "Nothing within the dates, the source and the words that you set speaks of this.",
        ),
        (Reason(lack=Lack.UNKNOWN_WORDS, words=("Mars",)), "No article holds “Mars”."),
        (
            Reason(lack=Lack.UNKNOWN_WORDS, words=("Mars", "Venus", "Pluto")),
            "No article holds “Mars”, “Venus” or “Pluto”.",
        ),
        (
            Reason(
                lack=Lack.UNKNOWN_WORDS,
                words=("Antropic",),
                suggestions={"Antropic": ("Anthropic",)},
            ),
            "No article holds “Antropic”. Did you mean “Anthropic”?",
        ),
        (
            Reason(
                lack=Lack.UNKNOWN_WORDS,
                words=("rxver", "Mars"),
                suggestions={"rxver": ("river", "rover")},
            ),
            "No article holds “rxver” or “Mars”. Did you mean “river” or “rover” instead of “rxver”?",
        ),
        (
            Reason(lack=Lack.DATES_OUTSIDE, days=(DayRange(first=MARCH_2, last=MARCH_2),)),
            "Nothing in the library is from the days asked about: 2 March 2026.",
        ),
        (
            Reason(lack=Lack.NOT_TOGETHER, words=("court", "challenge")),
            "No passage speaks of “court” and “challenge” together.",
        ),
        (
            Reason(lack=Lack.NO_SUCH_PHRASE, words=("supply chain", "risk")),
            "No passage holds “supply chain” and “risk” as a phrase.",
        ),
        (
            Reason(lack=Lack.TOO_LONG, words=("The flood",)),
            "What speaks of this in “The flood” is too long to be quoted.",
        ),
        (Reason(lack=Lack.TOO_LITTLE), "No passage says enough of this to be called an answer."),
        (
            Reason(lack=Lack.NO_SUCH_THING, kind=Kind.MONEY),
            "No passage that speaks of this gives an amount of money.",
        ),
    ],
    ids=lambda value: value.lack.value if isinstance(value, Reason) else "",
)
def test_a_reason_is_one_sentence_and_asks_what_was_meant(reason: Reason, expected: str) -> None:
    assert reason_text(reason) == expected


@pytest.mark.parametrize("lack", list(Lack))
def test_every_lack_has_its_sentence(lack: Lack) -> None:
    days = (DayRange(first=MARCH_2, last=MARCH_2),)

    text = reason_text(Reason(lack=lack, words=("word",), kind=Kind.DAY, days=days))

    assert text.endswith(".")


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in SOFT])
def test_every_kind_of_thing_that_may_be_missing_has_its_words(kind: Kind) -> None:
    text = reason_text(Reason(lack=Lack.NO_SUCH_THING, kind=kind))

    assert text.startswith("No passage that speaks of this ")


@pytest.mark.parametrize(
    ("articles", "first", "last", "expected"),
    [
        (1, MARCH_2, MARCH_2, "The library holds 1 article, published 2 March 2026."),
        (
            8701,
            date(2023, 1, 4),
            MARCH_2,
            "The library holds 8,701 articles, published 4 January 2023 to 2 March 2026.",
        ),
        (2, None, None, "The library holds 2 articles."),
    ],
)
def test_the_extent_tells_how_many_articles_from_which_days(
    articles: int, first: date | None, last: date | None, expected: str
) -> None:
    extent = Extent(articles=articles, passages=9, first_date=first, last_date=last)

    assert extent_text(extent) == expected


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 articles"), (1, "1 article"), (1200, "1,200 articles")]
)
def test_only_one_is_singular(count: int, expected: str) -> None:
    assert count_text(count, "article") == expected


def test_a_day_is_written_out() -> None:
    assert published_text(MARCH_2) == "2 March 2026"
    assert published_text(None) == "undated"


def test_an_article_without_a_source_says_so() -> None:
    assert source_text(an_article(source="The Courier")) == "The Courier"
    assert source_text(an_article(source=None)) == "source not given"


def test_a_derived_title_says_so() -> None:
    assert title_text(an_article(title="The flood")) == "The flood"
    assert title_text(an_article(title="The river", title_derived=True)) == (
        "The river (first words)"
    )
