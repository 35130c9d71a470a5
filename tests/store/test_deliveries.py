from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.model.activity import ActivityState
from bot.model.article import ArticleId
from bot.model.delivery import (
    Delivery,
    DeliveryOutcome,
    DeliveryState,
    DigestClaim,
    HighWaterMark,
    RecordedDecision,
)
from bot.model.subscription import DueTime, Subscription
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore
from tests.builders import NOON
from tests.store.test_subscriptions import PLAIN

TODAY = NOON.date()
ONE_DAY = timedelta(days=1)
TAKEN = RecordedDecision(ArticleId("bremen"), "taken", "1")
LEFT = RecordedDecision(ArticleId("cologne"), "over_limit", "2")
POSTED = DeliveryOutcome(state=DeliveryState.POSTED, settled_at=NOON, message_id="77")
FAILED = DeliveryOutcome(state=DeliveryState.FAILED, settled_at=NOON, reason="why")


@pytest.fixture
def store(database: Database) -> DeliveryStore:
    return DeliveryStore(database)


@pytest.fixture
async def digest(database: Database) -> Subscription:
    kept = await SubscriptionStore(database).add(PLAIN, limit=10)
    assert kept
    return kept


def a_claim(digest: Subscription, day: date = TODAY, **others: Any) -> DigestClaim:
    end = datetime.combine(day, NOON.timetz())
    usual: dict[str, Any] = {
        "subscription": digest,
        "last_id": 0,
        "local_day": day,
        "window_starts_at": end - ONE_DAY,
        "window_ends_at": end,
        "key": f"key-{day}",
        "after_message_id": "4",
        "decisions": (TAKEN, LEFT),
    }
    return DigestClaim(**usual | others)


async def claimed(store: DeliveryStore, claim: DigestClaim, now: datetime = NOON) -> Delivery:
    delivery = await store.claim(claim, now)
    assert delivery
    return delivery


async def test_a_claim_comes_back_as_it_was_made(
    store: DeliveryStore, digest: Subscription
) -> None:
    delivery = await claimed(store, a_claim(digest))

    assert delivery == Delivery(
        id=delivery.id,
        subscription_id=digest.id,
        channel=digest.channel,
        local_day=TODAY,
        state=DeliveryState.CLAIMED,
        window_starts_at=NOON - ONE_DAY,
        window_ends_at=NOON,
        key=f"key-{TODAY}",
        claimed_at=NOON,
        after_message_id="4",
        message_id=None,
        posted_at=None,
        reason=None,
    )
    assert await store.find_by_day(digest.id, TODAY) == delivery
    assert await store.find_by_key(delivery.key) == delivery
    assert await store.find_open_claims() == (delivery,)
    assert await store.find_open_claim(digest.id) == delivery


async def test_a_day_is_claimed_once(store: DeliveryStore, digest: Subscription) -> None:
    first = await claimed(store, a_claim(digest))

    again = await store.claim(a_claim(digest, key="other", last_id=first.id), NOON)

    assert again is None


async def test_another_day_is_claimed_after_the_last_delivery_that_was_read(
    store: DeliveryStore, digest: Subscription
) -> None:
    first = await claimed(store, a_claim(digest))

    early = await store.claim(a_claim(digest, TODAY + ONE_DAY), NOON)
    second = await store.claim(a_claim(digest, TODAY + ONE_DAY, last_id=first.id), NOON)

    assert early is None
    assert second
    assert await store.get_last_id(digest.id) == second.id


@pytest.mark.parametrize(
    "changed",
    [{"channel": "9"}, {"begins_at": NOON + ONE_DAY}, {"state": ActivityState.PAUSED}],
    ids=lambda changed: next(iter(changed)),
)
async def test_a_digest_that_was_changed_meanwhile_is_not_claimed(
    store: DeliveryStore, digest: Subscription, database: Database, changed: dict[str, Any]
) -> None:
    await SubscriptionStore(database).change(digest.id, lambda each: replace(each, **changed))

    assert await store.claim(a_claim(digest), NOON) is None


async def test_a_digest_that_was_removed_is_not_claimed(
    store: DeliveryStore, digest: Subscription, database: Database
) -> None:
    await SubscriptionStore(database).remove(digest.id)

    assert await store.claim(a_claim(digest), NOON) is None


async def test_a_posted_delivery_has_its_message(
    store: DeliveryStore, digest: Subscription
) -> None:
    delivery = await claimed(store, a_claim(digest))

    recorded = await store.record(delivery, replace(POSTED, settled_at=NOON + timedelta(seconds=1)))

    posted = replace(
        delivery,
        state=DeliveryState.POSTED,
        message_id="77",
        posted_at=NOON + timedelta(seconds=1),
    )
    assert recorded
    assert await store.find_by_day(digest.id, TODAY) == posted
    assert await store.find_open_claims() == ()


@pytest.mark.parametrize("state", [DeliveryState.UNCERTAIN, DeliveryState.FAILED])
async def test_a_claim_is_settled_once(
    store: DeliveryStore, digest: Subscription, state: DeliveryState
) -> None:
    delivery = await claimed(store, a_claim(digest))
    outcome = DeliveryOutcome(state=state, settled_at=NOON, reason="why")

    first, second = [await store.record(delivery, outcome) for _ in range(2)]
    late = await store.record(delivery, POSTED)

    assert (first, second, late) == (True, False, False)
    assert await store.find_by_day(digest.id, TODAY) == replace(delivery, state=state, reason="why")


async def test_a_number_that_was_given_back_is_never_used_again(
    store: DeliveryStore, digest: Subscription
) -> None:
    first = await claimed(store, a_claim(digest))

    await store.release(first)
    second = await claimed(store, a_claim(digest))

    assert second.id > first.id


async def test_a_day_may_be_settled_as_it_is_claimed(
    store: DeliveryStore, digest: Subscription
) -> None:
    empty = await claimed(store, a_claim(digest, state=DeliveryState.EMPTY))
    failed = await claimed(
        store,
        a_claim(
            digest, TODAY + ONE_DAY, last_id=empty.id, state=DeliveryState.FAILED, reason="why"
        ),
    )

    assert await store.find_open_claims() == ()
    assert (failed.state, failed.reason) == (DeliveryState.FAILED, "why")


async def test_a_settled_digest_is_planned_again(
    store: DeliveryStore, digest: Subscription, database: Database
) -> None:
    subscriptions = SubscriptionStore(database)
    await subscriptions.set_due_times([DueTime(digest, NOON, 1)])
    delivery = await claimed(store, a_claim(digest))
    before = await subscriptions.find_without_due_time(5)

    await store.record(delivery, POSTED)

    assert before == ()
    assert await subscriptions.find_without_due_time(5) == (digest,)


async def test_a_claim_is_taken_over_once(store: DeliveryStore, digest: Subscription) -> None:
    delivery, later = await claimed(store, a_claim(digest)), NOON + timedelta(minutes=1)

    renewed = await store.renew(delivery, later)
    again = await store.renew(delivery, later)

    assert renewed == replace(delivery, claimed_at=later)
    assert again is None


async def test_a_settled_claim_is_not_taken_over(
    store: DeliveryStore, digest: Subscription
) -> None:
    delivery = await claimed(store, a_claim(digest))
    await store.record(delivery, POSTED)

    assert await store.renew(delivery, NOON) is None


async def test_a_claim_that_is_given_back_leaves_the_day_free(
    store: DeliveryStore, digest: Subscription
) -> None:
    delivery = await claimed(store, a_claim(digest))

    await store.release(delivery)

    assert await store.find_by_day(digest.id, TODAY) is None
    assert await store.claim(a_claim(digest), NOON)


async def test_a_posted_claim_is_not_given_back(store: DeliveryStore, digest: Subscription) -> None:
    delivery = await claimed(store, a_claim(digest))
    await store.record(delivery, POSTED)

    await store.release(delivery)

    assert await store.find_by_day(digest.id, TODAY)


async def test_a_claim_that_somebody_took_over_is_not_given_back(
    store: DeliveryStore, digest: Subscription
) -> None:
    delivery = await claimed(store, a_claim(digest))
    renewed = await store.renew(delivery, NOON + timedelta(seconds=9))

    assert renewed
    assert not await store.release(delivery)
    assert await store.find_by_day(digest.id, TODAY) == renewed
    assert await store.release(renewed)


@pytest.mark.parametrize("day", [TODAY, TODAY + ONE_DAY])
async def test_a_claim_takes_the_place_of_one_that_was_left(
    store: DeliveryStore, digest: Subscription, day: date
) -> None:
    left = await claimed(store, a_claim(digest))

    delivery = await claimed(store, a_claim(digest, day, abandoned=left, key=left.key))

    assert delivery.id > left.id
    assert await store.get_history(digest.id, 9) == (delivery,)
    assert await store.find_open_claim(digest.id) == delivery


async def test_a_claim_that_somebody_took_over_keeps_its_place(
    store: DeliveryStore, digest: Subscription
) -> None:
    left = await claimed(store, a_claim(digest))
    renewed = await store.renew(left, NOON + timedelta(seconds=9))

    claim = a_claim(digest, TODAY + ONE_DAY, abandoned=left, key=left.key)

    assert await store.claim(claim, NOON) is None
    assert await store.get_history(digest.id, 9) == (renewed,)


async def test_what_is_left_counts_for_nothing(store: DeliveryStore, digest: Subscription) -> None:
    left = await claimed(store, a_claim(digest))

    assert await store.get_last_id(digest.id) == left.id
    assert await store.get_last_id(digest.id, exclude=left) == 0
    assert await store.get_high_water_mark(digest.id, NOON) == (TODAY, left.window_ends_at)
    assert await store.get_high_water_mark(digest.id, NOON, exclude=left) is None


async def test_a_day_that_failed_is_claimed_again_in_its_place(
    store: DeliveryStore, digest: Subscription, database: Database
) -> None:
    failed = await claimed(store, a_claim(digest))
    await store.record(failed, FAILED)
    again = replace(a_claim(digest, last_id=failed.id), key="again", decisions=())

    delivery = await claimed(store, again)

    assert (delivery.state, delivery.key) == (DeliveryState.CLAIMED, "again")
    assert (delivery.reason, delivery.message_id) == (None, None)
    assert await database.fetch("SELECT * FROM delivery_articles") == []
    assert await store.get_history(digest.id, 9) == (delivery,)
    assert await store.claim(replace(again, last_id=delivery.id), NOON) is None


async def test_a_day_on_which_nothing_was_new_is_claimed_again_in_its_place(
    store: DeliveryStore, digest: Subscription
) -> None:
    empty = await claimed(store, a_claim(digest, state=DeliveryState.EMPTY))

    delivery = await claimed(store, a_claim(digest, last_id=empty.id, key="again"))

    assert await store.get_history(digest.id, 9) == (delivery,)


async def test_what_was_read_before_a_failed_day_was_claimed_again_is_past(
    store: DeliveryStore, digest: Subscription
) -> None:
    failed = await claimed(store, a_claim(digest))
    await store.record(failed, FAILED)
    again = await claimed(store, a_claim(digest, last_id=failed.id, key="again"))

    tomorrow = await store.claim(a_claim(digest, TODAY + ONE_DAY, last_id=failed.id), NOON)

    assert tomorrow is None
    assert await store.get_last_id(digest.id) == again.id


async def test_a_day_that_is_claimed_again_after_others_is_the_last(
    store: DeliveryStore, digest: Subscription
) -> None:
    failed = await claimed(store, a_claim(digest))
    await store.record(failed, FAILED)
    other = await claimed(store, a_claim(digest, TODAY - ONE_DAY, last_id=failed.id))

    await claimed(store, a_claim(digest, last_id=other.id, key="again"))

    assert await store.get_high_water_mark(digest.id, NOON) == HighWaterMark(TODAY, NOON)


async def test_the_history_begins_with_the_latest_day(
    store: DeliveryStore, digest: Subscription
) -> None:
    last_id = 0
    for day in (0, 2, 1):
        delivery = await claimed(store, a_claim(digest, TODAY + day * ONE_DAY, last_id=last_id))
        last_id = delivery.id

    days = [each.local_day for each in await store.get_history(digest.id, 2)]

    assert days == [TODAY + 2 * ONE_DAY, TODAY + ONE_DAY]


async def test_the_next_window_begins_where_the_last_one_ended(
    store: DeliveryStore, digest: Subscription
) -> None:
    nothing = await store.get_high_water_mark(digest.id, NOON)
    first = await claimed(store, a_claim(digest))
    open_claim = await store.get_high_water_mark(digest.id, NOON + ONE_DAY)
    await store.record(first, POSTED)
    failed = await claimed(store, a_claim(digest, TODAY + ONE_DAY, last_id=first.id))
    await store.record(failed, FAILED)

    assert nothing is None
    assert open_claim == HighWaterMark(TODAY, NOON)
    assert await store.get_high_water_mark(digest.id, NOON + 2 * ONE_DAY) == open_claim


async def test_a_window_of_a_clock_that_went_wrong_does_not_count_yet(
    store: DeliveryStore, digest: Subscription
) -> None:
    right = await claimed(store, a_claim(digest))
    wrong = await claimed(store, a_claim(digest, TODAY + 3 * ONE_DAY, last_id=right.id))
    next_day = await store.get_high_water_mark(digest.id, NOON + ONE_DAY)
    await claimed(store, a_claim(digest, TODAY + ONE_DAY, last_id=wrong.id))

    assert next_day == HighWaterMark(TODAY, NOON)
    assert await store.get_high_water_mark(digest.id, NOON + 4 * ONE_DAY) == HighWaterMark(
        TODAY + ONE_DAY, NOON + ONE_DAY
    )


async def test_the_result_of_each_article_is_stored(
    store: DeliveryStore, digest: Subscription
) -> None:
    delivery = await claimed(store, a_claim(digest))

    assert await store.get_decisions(delivery.id) == (TAKEN, LEFT)
    assert await store.find_decision(delivery.id, LEFT.article_id) == LEFT
    assert await store.find_decision(delivery.id, ArticleId("dresden")) is None


async def test_what_a_digest_took_is_known_later(
    store: DeliveryStore, digest: Subscription
) -> None:
    first = await claimed(store, a_claim(digest))
    other = RecordedDecision(ArticleId("dresden"), "taken", "1")
    await claimed(store, a_claim(digest, TODAY + ONE_DAY, last_id=first.id, decisions=(other,)))

    both = await store.find_article_ids_at_steps(digest.id, {"taken"})
    with_left = await store.find_article_ids_at_steps(digest.id, {"taken", "over_limit"})
    await store.record(first, FAILED)

    assert both == {"bremen", "dresden"}
    assert with_left == {"bremen", "cologne", "dresden"}
    assert await store.find_article_ids_at_steps(digest.id, {"taken"}) == {"dresden"}


async def test_old_deliveries_are_deleted_but_for_the_last_two_and_those_still_open(
    store: DeliveryStore, digest: Subscription, database: Database
) -> None:
    posted = [0]
    for day in range(4):
        claim = a_claim(digest, TODAY + day * ONE_DAY, last_id=posted[-1])
        delivery = await claimed(store, claim)
        await store.record(delivery, POSTED)
        posted.append(delivery.id)
    failed = await claimed(store, a_claim(digest, TODAY + 4 * ONE_DAY, last_id=posted[-1]))
    await store.record(failed, FAILED)
    other = await SubscriptionStore(database).add(replace(PLAIN, name="Other"), limit=10)
    assert other
    await claimed(store, a_claim(other, key="open"))

    none = await store.purge(NOON)
    deleted = await store.purge(NOON + timedelta(seconds=1))

    assert (none, deleted) == (0, 3)
    assert [each.id for each in await store.get_history(digest.id, 5)] == [posted[4], posted[3]]
    assert await store.find_open_claim(other.id)


async def test_a_moment_is_the_time_at_which_nobody_writes(store: DeliveryStore) -> None:
    assert await store.read_clock_between_writes(lambda: NOON) == NOON
