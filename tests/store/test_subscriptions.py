from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import StoreError
from bot.model.activity import ActivityState
from bot.model.delivery import DeliveryState, DigestClaim
from bot.model.subscription import DigestTopic, DueTime, Subscription, WhenEmpty
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from bot.store.guilds import GuildStore
from bot.store.subscriptions import SubscriptionStore
from tests.builders import NOON

HARBOUR, LIGHTHOUSE = "1191168914227200000", "1191168914231394304"
PLAIN = Subscription(
    id=0,
    guild=HARBOUR,
    channel="7",
    name="News",
    time_of_day=time(9),
    zone=ZoneInfo("UTC"),
    days=frozenset(range(7)),
    topics=(),
    sources=(),
    max_entries=5,
    when_empty=WhenEmpty.SKIP,
    mention_role=None,
    state=ActivityState.ACTIVE,
    suspension_reason=None,
    begins_at=NOON,
    schedule_changed_at=NOON,
)
FULL = replace(
    PLAIN,
    channel="8",
    name="Rivers",
    time_of_day=time(23, 59),
    zone=ZoneInfo("Australia/Lord_Howe"),
    days=frozenset({0, 6}),
    topics=(
        DigestTopic(heading="Floods", query_text='river "rose by"'),
        DigestTopic(heading="", query_text="ferry"),
    ),
    sources=("The Courier", "Der Bote, Bonn"),
    max_entries=3,
    when_empty=WhenEmpty.NOTE,
    mention_role="99",
    state=ActivityState.SUSPENDED,
    suspension_reason="The channel no longer exists.",
    begins_at=NOON + timedelta(microseconds=7),
    schedule_changed_at=NOON + timedelta(microseconds=8),
)


@pytest.fixture
def store(database: Database) -> SubscriptionStore:
    return SubscriptionStore(database)


async def added(store: SubscriptionStore, subscription: Subscription) -> Subscription:
    kept = await store.add(subscription, limit=10)
    assert kept
    return kept


async def due(store: SubscriptionStore, now: datetime = NOON + timedelta(days=9)) -> list[int]:
    return [*await store.find_due_ids(now, 10)]


async def test_a_digest_comes_back_as_it_was_kept(store: SubscriptionStore) -> None:
    plain, full = await added(store, PLAIN), await added(store, FULL)

    assert plain == replace(PLAIN, id=plain.id)
    assert await store.find(full.id) == replace(FULL, id=full.id)
    assert await store.find_by_guild(HARBOUR) == (plain, full)


async def test_a_server_has_no_more_digests_than_it_may(store: SubscriptionStore) -> None:
    await store.add(PLAIN, limit=1)

    refused = await store.add(FULL, limit=1)
    elsewhere = await store.add(replace(FULL, guild=LIGHTHOUSE), limit=1)

    assert refused is None
    assert elsewhere
    assert len(await store.find_by_guild(HARBOUR)) == 1


async def test_two_digests_of_a_server_have_two_names(store: SubscriptionStore) -> None:
    await added(store, PLAIN)
    rivers = await added(store, FULL)

    with pytest.raises(StoreError):
        await store.add(PLAIN, limit=10)
    with pytest.raises(StoreError):
        await store.change(rivers.id, lambda each: replace(each, name="News"))

    elsewhere = await store.add(replace(PLAIN, guild=LIGHTHOUSE), limit=10)
    assert elsewhere


async def test_a_digest_is_changed_from_what_it_is(store: SubscriptionStore) -> None:
    plain = await added(store, PLAIN)
    await store.change(plain.id, lambda each: replace(each, channel="9"))

    changed = await store.change(plain.id, lambda each: replace(each, max_entries=2))

    assert changed == replace(plain, channel="9", max_entries=2)
    assert await store.find(plain.id) == changed


async def test_what_is_not_there_is_not_changed(store: SubscriptionStore) -> None:
    assert await store.change(5, lambda each: each) is None
    assert await store.find(5) is None
    assert not await store.remove(5)


async def test_a_digest_that_is_removed_takes_its_deliveries_along(
    store: SubscriptionStore, database: Database
) -> None:
    plain = await added(store, PLAIN)
    deliveries = DeliveryStore(database)
    await deliveries.claim(a_claim(plain), NOON)

    removed = await store.remove(plain.id)

    assert removed
    assert await deliveries.get_history(plain.id, 5) == ()
    assert await database.fetch("SELECT * FROM delivery_articles") == []


async def test_a_server_that_is_forgotten_takes_all_along(
    store: SubscriptionStore, database: Database
) -> None:
    plain = await added(store, PLAIN)
    other = await added(store, replace(PLAIN, guild=LIGHTHOUSE))
    await DeliveryStore(database).claim(a_claim(plain), NOON)

    await GuildStore(database).forget(HARBOUR)

    assert await store.find_by_guild(HARBOUR) == ()
    assert await store.find_by_guild(LIGHTHOUSE) == (other,)
    assert await database.fetch("SELECT * FROM deliveries") == []


async def test_a_new_digest_waits_to_be_planned(store: SubscriptionStore) -> None:
    plain = await added(store, PLAIN)
    await added(store, FULL)  # paused by the bot

    unplanned = await store.find_without_due_time(10)
    await store.set_due_times([DueTime(plain, NOON, 1)])

    assert unplanned == (plain,)
    assert await store.find_without_due_time(10) == ()
    assert await due(store) == [plain.id]


async def test_no_more_are_given_to_be_planned_than_asked_for(store: SubscriptionStore) -> None:
    for number in range(3):
        await added(store, replace(PLAIN, name=str(number)))

    assert len(await store.find_without_due_time(2)) == 2


async def test_a_digest_is_due_from_its_instant_on(store: SubscriptionStore) -> None:
    plain = await added(store, PLAIN)
    await store.set_due_times([DueTime(plain, NOON, 1)])

    assert await due(store, NOON - timedelta(microseconds=1)) == []
    assert await due(store, NOON) == [plain.id]


async def test_what_is_due_stands_in_the_order_of_its_time_and_then_of_its_place(
    store: SubscriptionStore,
) -> None:
    plans = [(1, 3), (0, 9), (1, 1), (1, 2)]
    digests = [await added(store, replace(PLAIN, name=str(number))) for number in range(4)]

    await store.set_due_times(
        DueTime(digest, NOON + timedelta(minutes=minutes), place)
        for digest, (minutes, place) in zip(digests, plans, strict=True)
    )

    order = [digests[number].id for number in (1, 2, 3, 0)]
    assert await due(store) == order
    assert await store.find_due_ids(NOON + timedelta(hours=1), 2) == tuple(order[:2])


@pytest.mark.parametrize(
    "changed",
    [
        {"time_of_day": time(10)},
        {"zone": ZoneInfo("Asia/Tokyo")},
        {"days": frozenset({1})},
        {"schedule_changed_at": NOON + timedelta(days=1)},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_a_plan_for_what_was_changed_meanwhile_is_not_taken(
    store: SubscriptionStore, changed: dict[str, object]
) -> None:
    plain = await added(store, PLAIN)
    now = replace(plain, **changed)  # type: ignore[arg-type]  # one field's type each
    await store.change(plain.id, lambda _: now)

    await store.set_due_times([DueTime(plain, NOON, 1)])

    assert await due(store) == []
    assert await store.find_without_due_time(10) == (now,)


async def test_a_changed_digest_is_planned_again(store: SubscriptionStore) -> None:
    plain = await added(store, PLAIN)
    await store.set_due_times([DueTime(plain, NOON, 1)])

    changed = await store.change(plain.id, lambda each: replace(each, time_of_day=time(8)))

    assert await store.find_without_due_time(10) == (changed,)


async def test_one_or_all_digests_are_planned_again(store: SubscriptionStore) -> None:
    first = await added(store, PLAIN)
    second = await added(store, replace(PLAIN, name="Other"))
    await store.set_due_times([DueTime(first, NOON, 1), DueTime(second, NOON, 2)])

    await store.clear_due_times(first.id)
    one = await store.find_without_due_time(10)
    await store.clear_due_times()

    assert one == (first,)
    assert await store.find_without_due_time(10) == (first, second)


async def test_a_paused_digest_is_not_due(store: SubscriptionStore) -> None:
    plain = await added(store, PLAIN)
    await store.set_due_times([DueTime(plain, NOON, 1)])

    await store.change(plain.id, lambda each: replace(each, state=ActivityState.PAUSED))

    assert await due(store) == []
    assert await store.find_without_due_time(10) == ()


async def test_trouble_pauses_a_digest_once(store: SubscriptionStore) -> None:
    plain = await added(store, PLAIN)

    first, second = await store.suspend(plain, "Gone."), await store.suspend(plain, "Gone.")

    assert (first, second) == (True, False)
    assert await store.find(plain.id) == replace(
        plain, state=ActivityState.SUSPENDED, suspension_reason="Gone."
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"channel": "9"},
        {"begins_at": NOON + timedelta(days=1)},
        {"state": ActivityState.PAUSED},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_trouble_with_what_was_changed_meanwhile_is_past(
    store: SubscriptionStore, changed: dict[str, object]
) -> None:
    plain = await added(store, PLAIN)
    now = replace(plain, **changed)  # type: ignore[arg-type]  # one field's type each
    await store.change(plain.id, lambda _: now)

    assert not await store.suspend(plain, "Gone.")
    assert await store.find(plain.id) == now


async def test_a_beginning_in_another_zone_than_utc_is_refused(store: SubscriptionStore) -> None:
    elsewhere = NOON.astimezone(ZoneInfo("Asia/Tokyo"))

    with pytest.raises(ValueError, match="UTC"):
        await store.add(replace(PLAIN, begins_at=elsewhere), limit=10)


def a_claim(subscription: Subscription) -> DigestClaim:
    return DigestClaim(
        subscription=subscription,
        last_id=0,
        local_day=NOON.date(),
        window_starts_at=NOON,
        window_ends_at=NOON,
        key="key",
        after_message_id=None,
        decisions=(),
        state=DeliveryState.CLAIMED,
    )
