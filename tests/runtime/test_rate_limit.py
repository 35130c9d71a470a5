from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import TooManyPresses, TooManyQuestions
from bot.model.ids import Pseudonym
from bot.runtime.rate_limit import MINUTE, RateLimiter

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ANNA = Pseudonym("a")
BEN = Pseudonym("b")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_questions_up_to_the_limit_are_admitted_and_the_next_gets_the_waiting_time() -> None:
    limit = RateLimiter(2)
    limit.admit(ANNA, NOON)
    limit.admit(ANNA, NOON + seconds(20))

    with pytest.raises(TooManyQuestions) as caught:
        limit.admit(ANNA, NOON + seconds(45))

    assert (caught.value.limit, caught.value.wait) == (2, seconds(15))


def test_a_limit_refuses_with_its_own_error() -> None:
    limit = RateLimiter(1, refusal=TooManyPresses)
    limit.admit(ANNA, NOON)

    with pytest.raises(TooManyPresses):
        limit.admit(ANNA, NOON)


def test_the_window_slides_with_the_questions() -> None:
    limit = RateLimiter(2)
    limit.admit(ANNA, NOON)
    limit.admit(ANNA, NOON + seconds(20))
    limit.admit(ANNA, NOON + MINUTE)

    with pytest.raises(TooManyQuestions) as caught:
        limit.admit(ANNA, NOON + MINUTE)

    assert caught.value.wait == seconds(20)


def test_a_question_refused_does_not_count() -> None:
    limit = RateLimiter(1)
    limit.admit(ANNA, NOON)
    with pytest.raises(TooManyQuestions):
        limit.admit(ANNA, NOON + seconds(59))

    limit.admit(ANNA, NOON + MINUTE)


def test_people_do_not_share_their_questions() -> None:
    limit = RateLimiter(1)
    limit.admit(ANNA, NOON)

    limit.admit(BEN, NOON)


def test_who_has_not_asked_for_a_minute_is_forgotten() -> None:
    limit = RateLimiter(2)
    limit.admit(ANNA, NOON)
    limit.admit(BEN, NOON + seconds(1))

    limit.admit(BEN, NOON + MINUTE)

    assert limit.person_count == 1


def test_who_asked_first_but_again_since_is_remembered_longer_than_others() -> None:
    limit = RateLimiter(2)
    limit.admit(ANNA, NOON)
    limit.admit(BEN, NOON)
    limit.admit(ANNA, NOON + seconds(30))

    limit.admit(ANNA, NOON + MINUTE)

    assert limit.person_count == 1
    with pytest.raises(TooManyQuestions):
        limit.admit(ANNA, NOON + MINUTE)


def test_of_too_many_people_those_who_asked_longest_ago_are_forgotten() -> None:
    limit = RateLimiter(1, max_people=3)

    for number in range(10):
        limit.admit(Pseudonym(str(number)), NOON)

    assert limit.person_count == 3
    with pytest.raises(TooManyQuestions):
        limit.admit(Pseudonym("9"), NOON)


@given(st.lists(st.integers(min_value=0, max_value=30), max_size=40), st.integers(1, 4))
def test_no_minute_has_more_questions_than_allowed_and_the_waiting_time_is_enough(
    gaps: list[int], per_minute: int
) -> None:
    limit = RateLimiter(per_minute)
    admitted: list[datetime] = []
    now = NOON

    for gap in gaps:
        now += seconds(gap)
        try:
            limit.admit(ANNA, now)
        except TooManyQuestions as refusal:
            now += refusal.wait
            limit.admit(ANNA, now)
        admitted.append(now)

    later = admitted[per_minute:]
    assert all(two - one >= MINUTE for one, two in zip(admitted, later, strict=False))
