"""Digests are delivered once, on time, whatever the clock, the managers and Discord do."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.delivery import digests as delivery
from bot.digest.compose import Digest
from bot.digest.window import DigestWindow
from bot.errors import DeliveryFailed, DeliveryUnknown, EmptyQuery
from bot.model.delivery import Delivery, DeliveryState, DigestClaim
from bot.model.subscription import Subscription, SubscriptionState, WhenEmpty
from bot.services.digest_composer import DECISION_RETENTION
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore
from tests.delivery.channels import BOOKS, GENERAL, NINE, UNREADABLE, Channels, Place, at_work, lost

TODAY = NINE.date()
TOMORROW = TODAY + timedelta(days=1)
UTC = ZoneInfo("UTC")


def windows(place: Place, channel: str = GENERAL) -> list[tuple[datetime, datetime]]:
    """What the messages of a channel cover."""
    digests = [each.digest.window for each in place.channels.in_channel(channel)]
    return [(window.starts_at, window.ends_at) for window in digests]


async def test_a_digest_that_is_due_is_posted_and_recorded(place: Place) -> None:
    digest = await place.add()

    await place.rounds()

    row = await place.on(digest)
    assert row
    assert (row.state, row.message_id) == (DeliveryState.POSTED, "1")
    assert windows(place) == [(digest.begins_at, NINE)]


async def test_nothing_is_posted_before_its_time(place: Place) -> None:
    await place.add()
    place.now = NINE - timedelta(seconds=1)

    await place.rounds()

    assert place.channels.messages == []


async def test_a_digest_is_posted_once_a_day(place: Place) -> None:
    await place.add()

    await place.rounds()
    place.pass_by(hours=23)
    await place.rounds()
    once = len(place.channels.messages)
    place.pass_by(hours=1)
    await place.rounds()

    assert (once, len(place.channels.messages)) == (1, 2)


async def test_nothing_lies_between_two_windows(place: Place) -> None:
    await place.add()

    for _ in range(3):
        await place.rounds()
        place.pass_by(days=1, seconds=2)

    (_, first), (second, third), (fourth, _) = windows(place)
    assert (first, third) == (second, fourth)


async def test_an_empty_digest_is_recorded_and_not_posted(place: Place) -> None:
    digest = await place.add(when_empty=WhenEmpty.SKIP)

    await place.rounds()
    place.pass_by(days=1)
    await place.rounds()

    rows = await place.deliveries.get_history(digest.id, 5)
    assert place.channels.messages == []
    assert [row.state for row in rows] == [DeliveryState.EMPTY, DeliveryState.EMPTY]
    assert rows[0].window_start == rows[1].window_end


async def test_after_an_outage_one_digest_covers_the_gap(place: Place) -> None:
    await place.add()
    await place.rounds()

    place.pass_by(days=3, hours=2)
    place.restart()
    await place.rounds()

    window = place.channels.messages[1].digest.window
    assert len(place.channels.messages) == 2
    assert (window.starts_at, window.ends_at) == (NINE, NINE + timedelta(days=3, hours=2))
    assert window.missed_days == (TOMORROW, TOMORROW + timedelta(days=1))


async def test_after_a_pause_it_begins_where_it_was_resumed(place: Place) -> None:
    digest = await place.add()
    await place.rounds()
    await place.subscriptions.change(
        digest.id, lambda each: replace(each, state=SubscriptionState.PAUSED)
    )
    place.pass_by(days=4, hours=3)
    await place.rounds()

    resumed_at = place.now
    await place.subscriptions.change(
        digest.id,
        lambda each: replace(
            each,
            state=SubscriptionState.ACTIVE,
            begins_at=resumed_at,
            schedule_changed_at=resumed_at,
        ),
    )
    await place.rounds()
    at_once = len(place.channels.messages)
    place.pass_by(hours=21)
    await place.rounds()

    assert at_once == 1
    assert windows(place)[1] == (resumed_at, NINE + timedelta(days=5))


async def test_a_digest_in_a_channel_that_is_gone_is_paused_and_told_of_once(place: Place) -> None:
    digest = await place.add()
    place.channels.closed.add(GENERAL)

    await place.rounds()
    place.pass_by(days=2)
    place.restart()
    await place.rounds()

    row, now = await place.on(digest), await place.subscriptions.find(digest.id)
    assert row
    assert (row.state, row.reason) == (DeliveryState.FAILED, "The channel is gone.")
    assert now
    assert (now.state, now.suspension_reason) == (
        SubscriptionState.SUSPENDED,
        "The channel is gone.",
    )
    assert place.channels.told == ["The channel is gone."]


async def test_a_channel_that_closes_while_a_digest_is_sent_pauses_it(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [DeliveryFailed(GENERAL, "Closed.", is_lasting=True)]

    await place.rounds()

    row, now = await place.on(digest), await place.subscriptions.find(digest.id)
    assert row
    assert (row.state, row.reason) == (DeliveryState.FAILED, "Closed.")
    assert now
    assert now.state is SubscriptionState.SUSPENDED
    assert place.channels.told == ["Closed."]


async def test_one_channels_trouble_touches_no_other(place: Place) -> None:
    place.channels.closed.add(BOOKS)
    for number in range(20):
        await place.add(name=f"News {number}", channel=BOOKS if number % 2 else str(number + 100))

    await place.rounds()

    assert len(place.channels.messages) == 10
    assert len(place.troubles) == 10


async def test_what_is_refused_for_what_it_says_is_not_tried_in_a_loop(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [DeliveryFailed(GENERAL, "Refused.", is_lasting=False)]

    await place.rounds()
    place.restart()
    await place.rounds()
    row, now = await place.on(digest), await place.subscriptions.find(digest.id)
    place.pass_by(days=1)
    place.restart()
    await place.rounds()

    assert row
    assert (row.state, row.reason) == (DeliveryState.FAILED, "Refused.")
    assert now
    assert now.state is SubscriptionState.ACTIVE
    assert windows(place) == [(digest.begins_at, NINE + timedelta(days=1))]
    assert place.channels.told == []


async def test_what_got_no_answer_but_arrived_is_found_and_recorded(place: Place) -> None:
    digest = await place.add()
    place.channels.after = [lost()]

    await place.rounds()

    row = await place.on(digest)
    assert row
    assert (row.state, row.message_id) == (DeliveryState.POSTED, "1")
    assert len(place.channels.messages) == 1
    assert place.troubles == []


async def test_what_got_no_answer_and_did_not_arrive_is_sent_again(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [lost(), lost()]

    await place.rounds()

    row = await place.on(digest)
    assert row
    assert (row.state, row.message_id) == (DeliveryState.POSTED, "1")
    assert place.channels.messages[0].key == row.key


async def test_a_message_is_looked_for_after_what_stood_there_before_it(place: Place) -> None:
    await place.add()
    await place.rounds()
    place.pass_by(days=1)
    place.channels.after = [lost()]

    await place.rounds()

    assert place.channels.looked == ["1"]


async def test_what_is_sent_again_stays_with_its_sender_while_time_goes_on(place: Place) -> None:
    await place.add()
    place.channels.before = [lost(), lost()]

    async def going_on(_seconds: float) -> None:
        place.pass_by(seconds=1)

    place.deliverer._sleep = going_on  # noqa: SLF001 - the moment between two requests
    await place.rounds()

    assert len(place.channels.messages) == 1
    assert place.troubles == []


async def test_a_discord_that_does_not_answer_is_asked_again_later(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [lost() for _ in range(9)]

    await place.rounds()
    row = await place.on(digest)
    place.pass_by(minutes=10)
    for _ in range(3):
        place.restart()
        await place.rounds()
        place.pass_by(minutes=1)

    assert row
    assert row.state is DeliveryState.CLAIMED
    assert len(place.channels.messages) == 1
    assert place.channels.messages[0].key == row.key


async def test_a_digest_that_could_not_be_delivered_rests(place: Place) -> None:
    await place.add()
    place.composing = [OSError("broken"), None]

    await place.rounds()
    await place.rounds()

    assert [str(error) for error in place.troubles] == ["broken"]
    assert place.channels.messages == []


async def test_how_long_a_digest_rests_is_not_remembered_once_it_is_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_REST_SECONDS", 0.0)
    digest = await place.add()
    place.composing = [OSError("broken")]
    await place.deliverer.run_round()
    await asyncio.wait(at_work(place.deliverer))
    await place.subscriptions.remove(digest.id)

    await place.deliverer.run_round()

    assert place.deliverer._rests_until == {}  # noqa: SLF001 - else it grows without an end


async def test_a_claim_is_left_to_who_made_it(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.rounds()

    place.restart()
    place.pass_by(seconds=delivery.LEASE.total_seconds() - 1)
    await place.rounds()
    row = await place.on(digest)

    assert row
    assert row.state is DeliveryState.CLAIMED
    assert place.channels.looked == []


async def test_a_claim_that_is_left_to_who_made_it_is_not_looked_at_each_round(
    place: Place,
) -> None:
    await place.add()
    other = place.started()
    place.pass_by(minutes=-1)
    await place.rounds(place.deliverer, other)
    place.pass_by(minutes=1)
    place.channels.before = [asyncio.CancelledError()]
    await place.rounds()
    await place.rounds(other)

    await other.run_round()

    assert at_work(other) == []


async def test_where_history_cannot_be_read_nothing_is_sent_again(place: Place) -> None:
    digest = await place.add()
    place.channels.after = [asyncio.CancelledError()]
    place.channels.unreadable.add(GENERAL)
    await place.rounds()

    place.restart()
    place.pass_by(hours=1)
    await place.rounds()
    place.pass_by(hours=23)
    await asyncio.sleep(0)
    place.restart()
    await place.rounds()

    first, second = await place.on(digest), await place.on(digest, TOMORROW)
    assert first
    assert (first.state, first.reason) == (
        DeliveryState.UNCERTAIN,
        UNREADABLE,
    )
    assert second
    assert second.state is DeliveryState.POSTED
    assert second.window_start == first.window_end
    assert len(place.channels.messages) == 2


async def test_a_claim_of_a_digest_that_was_paused_meanwhile_is_given_back(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.rounds()
    await place.subscriptions.change(
        digest.id, lambda each: replace(each, state=SubscriptionState.PAUSED)
    )

    place.restart()
    place.pass_by(minutes=1)
    await place.rounds()

    assert await place.on(digest) is None
    assert place.channels.messages == []


async def test_a_posted_claim_of_a_digest_that_was_paused_meanwhile_is_recorded(
    place: Place,
) -> None:
    digest = await place.add()
    place.channels.after = [asyncio.CancelledError()]
    await place.rounds()
    await place.subscriptions.change(
        digest.id, lambda each: replace(each, state=SubscriptionState.PAUSED)
    )

    place.restart()
    place.pass_by(minutes=1)
    await place.rounds()

    row = await place.on(digest)
    assert row
    assert row.state is DeliveryState.POSTED


@pytest.mark.parametrize("is_posted", [True, False])
async def test_a_digest_that_moves_while_its_claim_is_open_is_posted_once(
    place: Place, *, is_posted: bool
) -> None:
    digest = await place.add()
    (place.channels.after if is_posted else place.channels.before).append(asyncio.CancelledError())
    await place.rounds()
    await place.subscriptions.change(digest.id, lambda each: replace(each, channel=BOOKS))

    place.restart()
    place.pass_by(minutes=1)
    await place.rounds()

    where = GENERAL if is_posted else BOOKS
    row = await place.on(digest)
    assert row
    assert row.channel == where
    assert [each.channel for each in place.channels.messages] == [where]


@pytest.mark.parametrize("is_posted", [True, False])
@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Tokyo", "Europe/Berlin"]
)
async def test_a_zone_that_changes_while_a_claim_is_open_shows_nothing_twice_and_leaves_nothing_out(
    place: Place, zone: str, *, is_posted: bool
) -> None:
    digest = await place.add()
    (place.channels.after if is_posted else place.channels.before).append(asyncio.CancelledError())
    await place.rounds()
    changed_at = place.now
    await place.subscriptions.change(
        digest.id, lambda each: replace(each, zone=ZoneInfo(zone), schedule_changed_at=changed_at)
    )

    place.restart()
    place.pass_by(minutes=1)
    await place.rounds()
    count = len(place.channels.messages)
    place.pass_by(days=3)
    place.restart()
    await place.rounds()

    assert count == is_posted
    begins = [first for first, _ in windows(place)]
    ends = [last for _, last in windows(place)]
    assert begins == [digest.begins_at, *ends[:-1]]
    assert len(begins) == count + 1


async def test_a_zone_that_changes_brings_no_digest_of_a_time_that_is_covered(
    place: Place,
) -> None:
    digest = await place.add(zone=ZoneInfo("Asia/Tokyo"), begins_at=NINE - timedelta(days=1))
    place.now = NINE - timedelta(hours=9)  # nine o'clock in Tokyo
    await place.rounds()

    await place.subscriptions.change(
        digest.id, lambda each: replace(each, zone=ZoneInfo("Pacific/Honolulu"))
    )
    place.pass_by(hours=1)
    await place.rounds()

    assert len(place.channels.messages) == 1


async def test_a_time_that_was_set_later_makes_nothing_due_that_is_past(place: Place) -> None:
    digest = await place.add()
    await place.rounds()
    place.pass_by(hours=5)
    changed_at = place.now
    await place.subscriptions.change(
        digest.id, lambda each: replace(each, time_of_day=time(13), schedule_changed_at=changed_at)
    )

    await place.rounds()
    soon = windows(place)
    place.pass_by(hours=23)
    await place.rounds()

    assert len(soon) == 1
    assert windows(place)[1:] == [(NINE, NINE + timedelta(hours=28))]
    assert place.channels.messages[1].digest.window.missed_days == ()


async def test_a_claim_left_for_days_becomes_one_digest_with_what_came_since(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.rounds()
    left = await place.on(digest)

    place.restart()
    place.pass_by(days=3)
    await place.rounds()

    (message,) = place.channels.messages
    window = message.digest.window
    assert (window.starts_at, window.ends_at) == (digest.begins_at, NINE + timedelta(days=3))
    assert window.day == TODAY + timedelta(days=3)
    assert left
    assert message.key == left.key
    assert [each and each.id for each in place.lefts] == [None, left.id]
    assert await place.on(digest) is None


async def test_a_message_is_looked_for_from_where_its_first_claim_was_made(place: Place) -> None:
    digest = await place.add()
    await place.rounds()
    place.pass_by(days=1)
    place.channels.before = [asyncio.CancelledError()]
    await place.rounds()
    (first,) = place.channels.messages
    place.channels.messages.append(replace(first, id="2", key="other"))

    place.restart()
    place.pass_by(minutes=1)
    await place.rounds()

    row = await place.on(digest, TOMORROW)
    assert row
    assert (row.after_message_id, row.message_id) == ("1", "3")


async def test_a_claim_left_for_hours_becomes_a_digest_that_says_that_it_is_late(
    place: Place,
) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.rounds()

    place.restart()
    place.pass_by(hours=3)
    await place.rounds()

    (message,) = place.channels.messages
    window = message.digest.window
    assert (window.starts_at, window.ends_at) == (digest.begins_at, NINE + timedelta(hours=3))
    assert window.due_at == NINE


async def test_a_digest_that_was_refused_before_its_time_comes_when_it_is_due(place: Place) -> None:
    digest = await place.add()
    place.pass_by(hours=-0.5)
    place.channels.closed = {GENERAL}
    with pytest.raises(DeliveryFailed):
        await place.deliverer.deliver_now(digest)
    resumed_at = place.now
    await place.subscriptions.change(
        digest.id,
        lambda each: replace(
            each,
            state=SubscriptionState.ACTIVE,
            suspension_reason=None,
            begins_at=resumed_at,
            schedule_changed_at=resumed_at,
        ),
    )

    place.channels.closed = set()
    place.pass_by(hours=0.5)
    await place.rounds()

    row = await place.on(digest)
    assert row
    assert row.state is DeliveryState.POSTED
    assert len(place.channels.messages) == 1


async def test_what_was_refused_stays_in_the_history_where_nothing_is_new(place: Place) -> None:
    digest = await place.add(when_empty=WhenEmpty.SKIP)
    place.channels.before = [DeliveryFailed(GENERAL, "Refused.", is_lasting=False)]
    await place.subscriptions.change(
        digest.id, lambda each: replace(each, when_empty=WhenEmpty.NOTE)
    )
    await place.rounds()
    refused = await place.on(digest)

    posted = await place.deliverer.deliver_now(digest)

    assert refused
    assert refused.state is DeliveryState.FAILED
    assert posted is None
    assert await place.on(digest) == refused


async def test_a_topic_with_nothing_to_search_for_pauses_the_digest_and_no_other(
    place: Place,
) -> None:
    digests = [await place.add(name=name) for name in ("Morning", "Other")]
    place.composing = [EmptyQuery()]

    await place.rounds()

    kept = [await place.subscriptions.find(each.id) for each in digests]
    troubles = {each.state: each.suspension_reason for each in kept if each}
    assert troubles == {
        SubscriptionState.SUSPENDED: delivery.EMPTY_TOPIC,
        SubscriptionState.ACTIVE: None,
    }
    assert place.channels.told == [delivery.EMPTY_TOPIC]
    assert len(place.channels.messages) == 1


async def test_a_channel_that_is_gone_does_not_pause_a_digest_that_has_moved(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.rounds()
    await place.subscriptions.change(digest.id, lambda each: replace(each, channel=BOOKS))

    place.restart()
    place.channels.closed = {GENERAL}
    place.pass_by(minutes=1)
    await place.rounds()
    place.restart()
    place.pass_by(days=1)
    await place.rounds()

    moved = await place.subscriptions.find(digest.id)
    assert moved
    assert moved.state is SubscriptionState.ACTIVE
    assert place.channels.told == []
    assert [each.channel for each in place.channels.messages] == [BOOKS]


async def test_two_pollers_on_one_database_post_once(place: Place) -> None:
    for number in range(20):
        await place.add(name=f"News {number}", channel=str(100 + number))

    await place.rounds(place.deliverer, place.started())

    assert len(place.channels.messages) == 20
    assert len({each.channel for each in place.channels.messages}) == 20


async def test_what_another_poller_claims_meanwhile_and_cannot_post_is_left_out_of_no_window(
    place: Place,
) -> None:
    digest = await place.add()
    others: list[Delivery] = []

    class Beaten(DeliveryStore):
        """Another poller claims the day when this one reads what was delivered last."""

        async def get_last_id(
            self, subscription_id: int, *, exclude: Delivery | None = None
        ) -> int:
            if not others:
                claim = DigestClaim(
                    subscription=digest,
                    last_id=0,
                    local_day=TODAY,
                    window_start=digest.begins_at,
                    window_end=NINE,
                    key="other",
                    after_message_id=None,
                    decisions=(),
                )
                others.extend(filter(None, [await self.claim(claim, NINE)]))
            return await super().get_last_id(subscription_id, exclude=exclude)

    class Refusing(Channels):
        """The other poller's message is refused before this one's is sent."""

        async def get_latest_message_id(self, channel: str) -> str | None:
            await place.deliveries.record_failed(others[0], "Refused.")
            return await super().get_latest_message_id(channel)

    place.deliveries, place.channels = Beaten(place.database), Refusing()
    place.restart()

    await place.rounds()
    place.pass_by(days=1)
    place.restart()
    await place.rounds()

    assert [first for first, _ in windows(place)] == [digest.begins_at]


async def test_a_message_that_arrives_while_its_claim_is_taken_over_stays_the_only_one(
    place: Place,
) -> None:
    await place.add()
    place.channels.late = [0.05]
    await place.deliverer.run_round()
    (killed,) = at_work(place.deliverer)
    while not place.channels.arriving:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)
    killed.cancel()
    first, second = place.started(), place.started()
    compose = first._compose  # noqa: SLF001 - the moment between looking and claiming

    async def composed_late(
        subscription: Subscription, window: DigestWindow, abandoned: Delivery | None
    ) -> Digest:
        assert place.channels.arriving
        await place.channels.arriving
        await place.rounds(second)
        return await compose(subscription, window, abandoned)

    first._compose = composed_late  # noqa: SLF001
    place.pass_by(seconds=30)
    await place.rounds(first)

    assert len(place.channels.messages) == 1


async def test_a_claim_that_another_poller_takes_over_is_left_to_it(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [lost()]

    async def taken_over(_seconds: float) -> None:
        row = await place.on(digest)
        assert row
        await place.deliveries.renew(row, place.now + timedelta(seconds=1))

    place.deliverer._sleep = taken_over  # noqa: SLF001 - the moment between two requests
    await place.rounds()

    assert place.channels.messages == []
    assert [type(error) for error in place.troubles] == [DeliveryUnknown]


async def test_a_clock_set_forward_and_back_leaves_nothing_out(place: Place) -> None:
    await place.add()
    await place.rounds()

    place.now += timedelta(days=3)
    await place.rounds()
    ahead = windows(place)[1]
    place.now -= timedelta(days=3)
    for _ in range(5):
        place.pass_by(days=1)
        await place.rounds()

    days = [each.digest.window.day for each in place.channels.messages]
    assert ahead == (NINE, NINE + timedelta(days=3))
    assert days == [TODAY + timedelta(days=each) for each in (0, 3, 1, 2, 4, 5)]
    own = [each for each in windows(place) if each != ahead]
    assert [first for first, _ in own[1:]] == [last for _, last in own[:-1]]


async def test_a_clock_set_far_ahead_and_back_brings_no_second_digest(place: Place) -> None:
    await place.add()
    await place.rounds()

    ahead = DECISION_RETENTION + timedelta(days=30)
    place.now += ahead
    await place.rounds()
    await place.deliveries.purge(place.now - DECISION_RETENTION)
    place.now -= ahead
    await place.rounds()

    days = [each.digest.window.day for each in place.channels.messages]
    assert days == [TODAY, TODAY + ahead]


async def test_a_clock_set_back_by_hours_brings_no_second_digest(place: Place) -> None:
    await place.add()
    await place.rounds()

    place.now -= timedelta(hours=2)
    await place.rounds()
    place.pass_by(hours=2)
    await place.rounds()

    assert len(place.channels.messages) == 1


async def test_a_clock_set_back_while_a_claim_is_open_brings_no_second_message(
    place: Place,
) -> None:
    digest = await place.add()
    place.channels.after = [asyncio.CancelledError()]
    await place.rounds()

    place.now -= timedelta(hours=5)
    place.channels.now += timedelta(hours=1)
    place.restart()
    await place.rounds()

    row = await place.on(digest)
    assert row
    assert row.state is DeliveryState.POSTED
    assert len(place.channels.messages) == 1


async def test_a_rule_that_changes_takes_effect_at_the_next_start(place: Place) -> None:
    digest = await place.add(time_of_day=time(10))
    await place.rounds()
    await place.database_set_due(digest.id, NINE + timedelta(days=9))

    place.restart()
    place.pass_by(hours=1)
    await place.rounds()

    assert len(place.channels.messages) == 1


async def test_what_was_planned_by_other_rules_is_not_posted_too_early(place: Place) -> None:
    digest = await place.add(time_of_day=time(10))
    await place.rounds()
    await place.database_set_due(digest.id, NINE)

    await place.rounds()
    early = len(place.channels.messages)
    place.pass_by(hours=1)
    await place.rounds()

    assert (early, len(place.channels.messages)) == (0, 1)


async def test_what_was_planned_by_other_rules_is_planned_anew(place: Place) -> None:
    digest = await place.add(time_of_day=time(10))
    await place.rounds()
    await place.database_set_due(digest.id, NINE)

    await place.rounds()

    assert await place.subscriptions.find_due_ids(place.now, 9) == ()


async def test_no_more_are_delivered_at_the_same_time_than_may_be(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MAX_CONCURRENT", 3)
    for number in range(8):
        await place.add(name=f"News {number}")

    await place.deliverer.run_round()
    at_once = len(at_work(place.deliverer))
    await place.rounds()

    assert at_once == 3
    assert len(place.channels.messages) == 8


async def test_the_order_of_many_differs_from_day_to_day(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MAX_CONCURRENT", 1)
    for number in range(8):
        await place.add(name=str(number))

    await place.rounds()
    place.pass_by(days=1)
    await place.rounds()

    order = [each.digest.subscription.name for each in place.channels.messages]
    assert sorted(order[:8]) == sorted(order[8:])
    assert order[:8] != order[8:]


async def test_now_takes_the_row_of_the_day(place: Place) -> None:
    digest = await place.add()
    place.now = NINE - timedelta(minutes=30)

    row = await place.deliverer.deliver_now(digest)
    place.now = NINE
    await place.rounds()
    place.pass_by(days=1)
    await place.rounds()

    assert row
    assert (row.state, row.local_day) == (DeliveryState.POSTED, TODAY)
    (_, first), (second, _) = windows(place)
    assert first == second == NINE - timedelta(minutes=30)


async def test_now_after_the_timed_one_gives_that(place: Place) -> None:
    digest = await place.add()
    await place.rounds()

    row = await place.deliverer.deliver_now(digest)

    assert row
    assert row.message_id == "1"
    assert len(place.channels.messages) == 1


async def test_now_with_nothing_new_leaves_the_day_to_the_timed_one(place: Place) -> None:
    digest = await place.add(when_empty=WhenEmpty.SKIP)

    row = await place.deliverer.deliver_now(digest)

    assert row is None
    assert await place.on(digest) is None


async def test_now_posts_what_came_after_a_digest_for_which_nothing_was_new(place: Place) -> None:
    digest = await place.add(when_empty=WhenEmpty.SKIP)
    await place.rounds()
    place.pass_by(hours=3)
    noting = await place.subscriptions.change(
        digest.id, lambda each: replace(each, when_empty=WhenEmpty.NOTE)
    )
    assert noting

    row = await place.deliverer.deliver_now(noting)

    assert row
    assert (row.state, row.local_day) == (DeliveryState.POSTED, TODAY)
    assert windows(place) == [(NINE, NINE + timedelta(hours=3))]


async def test_now_says_that_one_of_another_day_may_be_on_its_way(place: Place) -> None:
    digest = await place.add(time_of_day=time(23, 59))
    place.pass_by(hours=14, minutes=59, seconds=50)
    place.channels.before = [asyncio.CancelledError()]
    await place.rounds()
    place.pass_by(seconds=15)

    with pytest.raises(DeliveryUnknown):
        await place.deliverer.deliver_now(digest)

    assert place.channels.messages == []


async def test_now_posts_today_once_it_is_known_what_became_of_yesterday(place: Place) -> None:
    digest = await place.add(time_of_day=time(23, 59))
    place.pass_by(hours=14, minutes=59)
    place.channels.after = [asyncio.CancelledError()]
    await place.rounds()
    place.pass_by(minutes=5)

    row = await place.deliverer.deliver_now(digest)

    assert row
    assert (row.state, row.local_day) == (DeliveryState.POSTED, TOMORROW)
    assert len(place.channels.messages) == 2


async def test_now_tries_again_what_was_refused(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [DeliveryFailed(GENERAL, "Refused.", is_lasting=False)]
    await place.rounds()

    row = await place.deliverer.deliver_now(digest)

    assert row
    assert row.state is DeliveryState.POSTED


async def test_now_says_what_was_refused(place: Place) -> None:
    digest = await place.add()
    place.channels.closed.add(GENERAL)

    with pytest.raises(DeliveryFailed, match="gone"):
        await place.deliverer.deliver_now(digest)


async def test_now_waits_for_the_timed_one_that_is_on_its_way(place: Place) -> None:
    digest = await place.add()
    await place.deliverer.run_round()
    while not await place.on(digest):  # noqa: ASYNC110 - nothing tells of a claim
        await asyncio.sleep(0)

    row = await place.deliverer.deliver_now(digest)

    assert row
    assert row.message_id == "1"
    assert len(place.channels.messages) == 1


async def test_two_who_ask_for_it_now_get_the_same_one(place: Place) -> None:
    digest = await place.add()

    rows = await asyncio.gather(*(place.deliverer.deliver_now(digest) for _ in range(3)))
    row = await place.on(digest)

    assert row
    assert {each.id for each in rows if each} == {row.id}
    assert len(place.channels.messages) == 1


async def test_a_digest_that_is_forgotten_meanwhile_is_not_posted(place: Place) -> None:
    digest = await place.add()
    await place.deliverer.run_round()
    await place.subscriptions.remove(digest.id)

    await place.rounds()

    assert place.channels.messages == []
    assert place.troubles == []


async def test_at_the_end_what_is_on_its_way_is_finished(place: Place) -> None:
    digest = await place.add()
    await place.deliverer.run_round()

    await place.deliverer.finish(5)

    row = await place.on(digest)
    assert row
    assert row.state is DeliveryState.POSTED


async def test_at_the_end_nothing_is_waited_for_too_long(place: Place) -> None:
    await place.add()
    place.channels.takes = lambda: 60.0
    await place.deliverer.run_round()

    await place.deliverer.finish(0.01)

    assert at_work(place.deliverer) == []
    assert place.channels.messages == []


async def test_29_february_has_its_digest(place: Place) -> None:
    begun = datetime(2028, 2, 28, 10, tzinfo=UTC)
    await place.add(begins_at=begun)
    place.now = datetime(2028, 2, 29, 9, tzinfo=UTC)

    await place.rounds()

    assert [each.digest.window.day for each in place.channels.messages] == [date(2028, 2, 29)]


async def test_at_the_end_nothing_is_waited_for_where_nothing_is_on_its_way(place: Place) -> None:
    await place.deliverer.finish(60)

    assert at_work(place.deliverer) == []


async def test_a_digest_that_is_forgotten_while_a_round_begins_is_left_out(place: Place) -> None:
    class Late(SubscriptionStore):
        async def find_due_ids(self, _now: datetime, _most: int) -> tuple[int, ...]:
            return (99,)

    place.subscriptions = Late(place.database)
    place.restart()

    await place.rounds()

    assert place.troubles == []
