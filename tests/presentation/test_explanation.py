from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest.decisions import Decision, Revised, Step
from bot.digest.explanation import Explanation
from bot.digest.window import Standing
from bot.model.article import ArticleId
from bot.presentation.blocks import Heading, Line, Table
from bot.presentation.explanation import ONE_ARTICLE, counted_blocks, explanation_blocks
from tests.builders import an_article

FIRST = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
LAST = FIRST + timedelta(days=1)


def decided(step: Step = Step.TAKEN, detail: str = "2") -> Explanation:
    return Explanation(
        article=an_article(),
        came_in_at=FIRST + timedelta(hours=1),
        first=FIRST,
        last=LAST,
        zone=ZoneInfo("Europe/Berlin"),
        decision=Decision(article_id=ArticleId("flood"), step=step, detail=detail),
    )


def steps_of(explanation: Explanation) -> list[str]:
    return [block.text for block in explanation_blocks(explanation)[3:] if isinstance(block, Line)]


def test_an_article_that_was_taken_passed_each_step() -> None:
    assert steps_of(decided()) == [
        "Passed the window: it came in within this time.",
        "Passed the sources: its source is one that the digest takes.",
        "Passed the topics: it tells of what the digest is about.",
        "Passed the duplicates: no entry tells its story in its place.",
        "Passed the limit: there was room for its story.",
        "Taken, as entry 2.",
    ]


def test_what_it_is_when_it_came_in_and_the_window_stand_first() -> None:
    texts = [block.text for block in explanation_blocks(decided())[:3] if isinstance(block, Line)]

    assert texts == [
        "The flood · The Courier",
        "Published on 2 March 2026, came in on 2 March 2026, 09:30.",
        "The digest covers 2 March 2026, 08:30 to 3 March 2026, 08:30, Europe/Berlin.",
    ]


@pytest.mark.parametrize(
    ("step", "detail", "passed", "told"),
    [
        (Step.WINDOW, Standing.WAITS, 0, "window: it is dated in the future, and waits for"),
        (Step.WINDOW, Standing.BEFORE, 0, "window: it came in before, or an earlier digest"),
        (Step.WINDOW, Standing.TOO_OLD, 0, "window: it was published too long before it came in"),
        (Step.SOURCE, "", 1, "sources: its source is not one that"),
        (Step.TOPIC, "", 2, "topics: it tells of nothing that"),
        (Step.OVER_LIMIT, "7", 4, "limit: its story is number 7, which “More” goes on to."),
        (Step.FAR_OVER_LIMIT, "21", 4, "limit: its story is number 21, and “More” goes no further"),
    ],
)
def test_the_step_at_which_an_article_was_left_out_stands_last(
    step: Step, detail: str, passed: int, told: str
) -> None:
    *before, last = steps_of(decided(step, detail))

    assert len(before) == passed
    assert last.startswith(f"Left out at the {told}")


def test_the_article_that_tells_the_same_story_is_named() -> None:
    explanation = decided(Step.DUPLICATE_OF, "erfurt")

    told = steps_of(replace(explanation, told_by=an_article(title="Rain in Erfurt")))[-1]
    gone = steps_of(explanation)[-1]

    assert told == "Left out at the duplicates: its story is told by “Rain in Erfurt”."
    assert gone.endswith("told by an article that was taken back since.")


def test_of_a_digest_that_discord_refused_only_that_is_told() -> None:
    explanation = replace(decided(), decision=None, is_posted=False, is_refused=True)

    assert steps_of(explanation) == [
        "Left out at the permission: the digest as a whole could not be posted."
    ]


def test_of_a_digest_that_may_not_be_posted_it_is_told_what_was_to_be() -> None:
    explanation = replace(decided(), is_posted=False)

    assert steps_of(explanation)[-1] == "Taken, as entry 2 of what was to be posted."


def test_the_articles_that_ended_at_each_step_are_counted() -> None:
    blocks = counted_blocks({Step.WINDOW: 1_200, Step.TAKEN: 5})

    assert blocks == (
        Heading(text="What became of the 1,205 articles looked at"),
        Table(
            head=("What", "Articles"),
            rows=(("shown as an entry", "5"), ("outside its window", "1,200")),
        ),
        ONE_ARTICLE,
    )


def test_where_no_article_was_looked_at_there_is_no_table() -> None:
    assert counted_blocks({})[1:] == (ONE_ARTICLE,)


@pytest.mark.parametrize("step", Step)
def test_every_step_is_counted_under_a_name_of_its_own(step: Step) -> None:
    (table,) = (each for each in counted_blocks({step: 1}) if isinstance(each, Table))

    assert len(table.rows) == 1


@pytest.mark.parametrize("revised", Revised)
def test_of_a_revised_article_it_is_told_what_that_means(revised: Revised) -> None:
    (told,) = steps_of(decided(Step.REVISED, revised))

    assert told.startswith("Revised since it came in: ")


@pytest.mark.parametrize(
    ("came_in_at", "told"),
    [
        (FIRST - timedelta(seconds=1), "it came in before"),
        (FIRST, "published too long before"),
        (LAST, "it came in later"),
    ],
    ids=["before", "within", "after"],
)
def test_an_article_that_was_not_looked_at_is_told_as_the_window_says(
    came_in_at: datetime, told: str
) -> None:
    explanation = replace(decided(), decision=None, came_in_at=came_in_at)

    (step,) = steps_of(explanation)

    assert told in step


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.WITHIN])
def test_every_way_to_stand_beside_a_window_is_told(standing: Standing) -> None:
    assert len(steps_of(decided(Step.WINDOW, standing))) == 1
