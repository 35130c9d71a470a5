from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.model.activity import ActivityState
from bot.model.subscription import EVERY_DAY, WEEKDAYS, DigestTopic, Subscription, WhenEmpty
from bot.presentation.blocks import Heading, Line, Moment
from bot.presentation.subscription import (
    PAUSED,
    build_moment,
    build_subscription_blocks,
    format_schedule,
    format_topic,
)
from tests.digest.builders import a_subscription

BERLIN = ZoneInfo("Europe/Berlin")


def at_half_past_eight(**others: Any) -> Subscription:
    return a_subscription(**{"name": "news", "time_of_day": time(8, 30), "zone": BERLIN, **others})


def list_lines(subscription: Subscription, role: str | None = None) -> list[str]:
    blocks = build_subscription_blocks(subscription, channel="#news", role=role, times=())
    return [block.text for block in blocks if isinstance(block, Line)]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (EVERY_DAY, "every day"),
        (WEEKDAYS, "weekdays"),
        (frozenset([6]), "weekly on Sunday"),
    ],
    ids=["daily", "weekdays", "weekly"],
)
def test_the_schedule_shows_its_days_time_and_zone(days: frozenset[int], told: str) -> None:
    assert format_schedule(at_half_past_eight(days=days)) == f"{told} at 08:30, Europe/Berlin"


def test_a_topic_is_shown_as_entered() -> None:
    assert format_topic(DigestTopic(heading="AI", query_text="OpenAI")) == "AI: OpenAI"
    assert format_topic(DigestTopic(heading="", query_text="OpenAI")) == "OpenAI"


def test_a_moment_is_shown_in_the_zone_of_the_digest() -> None:
    at = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)

    assert build_moment(at, BERLIN) == Moment(text="Wednesday, 4 March 2026, 00:30", at=at)


def test_a_digest_with_default_settings_is_shown_in_few_lines() -> None:
    assert list_lines(at_half_past_eight())[:4] == [
        "Posted in #news, every day at 08:30, Europe/Berlin.",
        "Covers all new articles.",
        "Sources: all. Stories: at most 5.",
        "Mentions nobody. Days without new articles are skipped.",
    ]


def test_all_changed_settings_are_shown() -> None:
    subscription = at_half_past_eight(
        topics=(
            DigestTopic(heading="AI", query_text="OpenAI"),
            DigestTopic(heading="", query_text="flood"),
        ),
        sources=("The Courier", "The Herald"),
        when_empty=WhenEmpty.NOTE,
    )

    assert list_lines(subscription, role="@readers")[1:5] == [
        "Topic: AI: OpenAI",
        "Topic: flood",
        "Sources: The Courier and The Herald. Stories: at most 5.",
        "Mentions @readers. Days without new articles get a short note.",
    ]


def test_the_next_times_stand_last() -> None:
    times = [datetime(2026, 3, day, 7, 30, tzinfo=UTC) for day in (4, 5)]

    blocks = build_subscription_blocks(
        at_half_past_eight(), channel="#news", role=None, times=times
    )

    assert blocks[0] == Heading(text="Digest “news”")
    assert blocks[-2:] == tuple(build_moment(at, BERLIN) for at in times)


@pytest.mark.parametrize("state", [ActivityState.PAUSED, ActivityState.SUSPENDED])
def test_one_that_is_paused_has_no_next_times(state: ActivityState) -> None:
    times = [datetime(2026, 3, 4, 7, 30, tzinfo=UTC)]

    blocks = build_subscription_blocks(
        at_half_past_eight(state=state), channel="#news", role=None, times=times
    )

    assert blocks[-1] == Line(text=PAUSED)
