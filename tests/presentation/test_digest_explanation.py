from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest.decisions import Decision, DecisionStep, RevisionOutcome
from bot.digest.explanation import DigestExplanation
from bot.digest.window import WindowPosition
from bot.model.article import ArticleId
from bot.presentation.blocks import Heading, Line, Table
from bot.presentation.digest_explanation import (
    ONE_ARTICLE,
    build_explanation_blocks,
    build_step_count_blocks,
)
from tests.builders import an_article

FIRST = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
LAST = FIRST + timedelta(days=1)


def an_explanation(step: DecisionStep = DecisionStep.TAKEN, detail: str = "2") -> DigestExplanation:
    return DigestExplanation(
        article=an_article(),
        arrived_at=FIRST + timedelta(hours=1),
        window_starts_at=FIRST,
        window_ends_at=LAST,
        zone=ZoneInfo("Europe/Berlin"),
        decision=Decision(article_id=ArticleId("flood"), step=step, detail=detail),
    )


def list_steps(explanation: DigestExplanation) -> list[str]:
    return [
        block.text for block in build_explanation_blocks(explanation)[3:] if isinstance(block, Line)
    ]


def test_an_included_article_passed_each_step() -> None:
    assert list_steps(an_explanation()) == [
        "Time window: passed. It was added in this period.",
        "Sources: passed. Its source is among the digest's sources.",
        "Topics: passed. The digest covers its topic.",
        "Duplicates: passed. No other article in the digest reports its story.",
        "Limit: passed. There was room for its story.",
        "Included as story 2.",
    ]


def test_what_it_is_when_it_came_in_and_the_window_stand_first() -> None:
    texts = [
        block.text
        for block in build_explanation_blocks(an_explanation())[:3]
        if isinstance(block, Line)
    ]

    assert texts == [
        "The flood · The Courier",
        "Published on 2 March 2026, added on 2 March 2026, 09:30.",
        "The digest covers 2 March 2026, 08:30 to 3 March 2026, 08:30, Europe/Berlin.",
    ]


@pytest.mark.parametrize(
    ("step", "detail", "passed", "told"),
    [
        (
            DecisionStep.WINDOW,
            WindowPosition.WAITS,
            0,
            "Time window: not included. Its date is in the future, so it waits for",
        ),
        (
            DecisionStep.WINDOW,
            WindowPosition.BEFORE,
            0,
            "Time window: not included. It was added earlier, or an earlier digest",
        ),
        (
            DecisionStep.WINDOW,
            WindowPosition.TOO_OLD,
            0,
            "Time window: not included. It was published too long before it was added",
        ),
        (DecisionStep.SOURCE, "", 1, "Sources: not included. Its source is not among"),
        (DecisionStep.TOPIC, "", 2, "Topics: not included. The digest does not cover"),
        (
            DecisionStep.OVER_LIMIT,
            "7",
            4,
            "Limit: not included. Its story is number 7, which “More” shows.",
        ),
        (
            DecisionStep.FAR_OVER_LIMIT,
            "21",
            4,
            "Limit: not included. Its story is number 21, and “More” shows only",
        ),
    ],
)
def test_the_step_at_which_an_article_was_left_out_stands_last(
    step: DecisionStep, detail: str, passed: int, told: str
) -> None:
    *before, last = list_steps(an_explanation(step, detail))

    assert len(before) == passed
    assert last.startswith(told)


def test_the_article_with_the_same_story_is_named() -> None:
    explanation = an_explanation(DecisionStep.DUPLICATE_OF, "erfurt")

    told = list_steps(replace(explanation, duplicate_of=an_article(title="Rain in Erfurt")))[-1]
    gone = list_steps(explanation)[-1]

    assert told == "Duplicates: not included. Its story is reported by “Rain in Erfurt”."
    assert gone.endswith("reported by an article that has been withdrawn.")


def test_a_refused_digest_is_reported_as_refused_only() -> None:
    explanation = replace(an_explanation(), decision=None, is_posted=False, is_refused=True)

    assert list_steps(explanation) == ["Not included: the whole digest could not be posted."]


def test_the_explanation_of_an_unposted_digest_says_planned() -> None:
    explanation = replace(an_explanation(), is_posted=False)

    assert list_steps(explanation)[-1] == "Included as story 2 of the planned digest."


def test_the_articles_that_ended_at_each_step_are_counted() -> None:
    blocks = build_step_count_blocks({DecisionStep.WINDOW: 1_200, DecisionStep.TAKEN: 5})

    assert blocks == (
        Heading(text="Results for the 1,205 articles considered"),
        Table(
            header=("Result", "Articles"),
            rows=(("included as a story", "5"), ("outside the time window", "1,200")),
        ),
        ONE_ARTICLE,
    )


def test_without_considered_articles_there_is_no_table() -> None:
    assert build_step_count_blocks({})[1:] == (ONE_ARTICLE,)


@pytest.mark.parametrize("step", DecisionStep)
def test_every_step_is_counted_under_a_name_of_its_own(step: DecisionStep) -> None:
    (table,) = (block for block in build_step_count_blocks({step: 1}) if isinstance(block, Table))

    assert len(table.rows) == 1


@pytest.mark.parametrize("revised", RevisionOutcome)
def test_the_result_of_a_revised_article_is_explained(revised: RevisionOutcome) -> None:
    (told,) = list_steps(an_explanation(DecisionStep.REVISED, revised))

    assert told.startswith("Revised after it was added. ")


@pytest.mark.parametrize(
    ("came_in_at", "told"),
    [
        (FIRST - timedelta(seconds=1), "It was added earlier"),
        (FIRST, "published too long before"),
        (LAST, "It was added later"),
    ],
    ids=["before", "within", "after"],
)
def test_an_article_that_was_not_considered_is_explained_by_the_window(
    came_in_at: datetime, told: str
) -> None:
    explanation = replace(an_explanation(), decision=None, arrived_at=came_in_at)

    (step,) = list_steps(explanation)

    assert told in step


@pytest.mark.parametrize(
    "standing", [position for position in WindowPosition if position is not WindowPosition.WITHIN]
)
def test_every_window_position_is_explained(standing: WindowPosition) -> None:
    assert len(list_steps(an_explanation(DecisionStep.WINDOW, standing))) == 1
