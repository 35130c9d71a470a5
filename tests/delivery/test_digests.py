"""Digests are delivered once and on time, whatever the clock, managers and Discord do."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.outbox import LEASE
from bot.digest.compose import Digest
from bot.digest.window import DigestWindow
from bot.errors import DeliveryFailed, DeliveryUnknown, EmptyQuery
from bot.model.activity import ActivityState
from bot.model.delivery import Delivery, DeliveryOutcome, DeliveryState, DigestClaim, FailureReason
from bot.model.subscription import Subscription, WhenEmpty
from bot.services.digest_composer import DECISION_RETENTION
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore
from tests.delivery.channels import (
    BOOKS,
    GENERAL,
    NINE,
    Channels,
    Place,
    find_tasks,
    history_unreadable,
    no_answer,
)
from tests.delivery.reasons import describe

TODAY = NINE.date()
TOMORROW = TODAY + timedelta(days=1)
UTC = ZoneInfo("UTC")


def windows(place: Place, channel: str = GENERAL) -> list[tuple[datetime, datetime]]:
    """Return the windows of the messages in a channel."""
    covered = [message.digest.window for message in place.channels.find_in(channel)]
    return [(window.starts_at, window.ends_at) for window in covered]


async def test_a_digest_that_is_due_is_posted_and_recorded(place: Place) -> None:
    digest = await place.add()

    await place.run_rounds()

    row = await place.find_row(digest)
    assert row
    assert (row.state, row.message_id) == (DeliveryState.POSTED, "1")
    assert windows(place) == [(digest.begins_at, NINE)]


async def test_nothing_is_posted_before_its_time(place: Place) -> None:
    await place.add()
    place.now = NINE - timedelta(seconds=1)

    await place.run_rounds()

    assert place.channels.messages == []


async def test_a_digest_is_posted_once_a_day(place: Place) -> None:
    await place.add()

    await place.run_rounds()
    place.pass_by(hours=23)
    await place.run_rounds()
    once = len(place.channels.messages)
    place.pass_by(hours=1)
    await place.run_rounds()

    assert (once, len(place.channels.messages)) == (1, 2)


async def test_nothing_lies_between_two_windows(place: Place) -> None:
    await place.add()

    for _ in range(3):
        await place.run_rounds()
        place.pass_by(days=1, seconds=2)

    (_, first), (second, third), (fourth, _) = windows(place)
    assert (first, third) == (second, fourth)


async def test_an_empty_digest_is_recorded_and_not_posted(place: Place) -> None:
    digest = await place.add(when_empty=WhenEmpty.SKIP)

    await place.run_rounds()
    place.pass_by(days=1)
    await place.run_rounds()

    rows = await place.deliveries.get_history(digest.id, 5)
    assert place.channels.messages == []
    assert [row.state for row in rows] == [DeliveryState.EMPTY, DeliveryState.EMPTY]
    assert rows[0].window_starts_at == rows[1].window_ends_at


async def test_after_an_outage_one_digest_covers_the_gap(place: Place) -> None:
    await place.add()
    await place.run_rounds()

    place.pass_by(days=3, hours=2)
    place.restart()
    await place.run_rounds()

    window = place.channels.messages[1].digest.window
    assert len(place.channels.messages) == 2
    assert (window.starts_at, window.ends_at) == (NINE, NINE + timedelta(days=3, hours=2))
    assert window.missed_days == (TOMORROW, TOMORROW + timedelta(days=1))


async def test_after_a_pause_it_begins_where_it_was_resumed(place: Place) -> None:
    digest = await place.add()
    await place.run_rounds()
    await place.subscriptions.change(
        digest.id, lambda current: replace(current, state=ActivityState.PAUSED)
    )
    place.pass_by(days=4, hours=3)
    await place.run_rounds()

    resumed_at = place.now
    await place.subscriptions.change(
        digest.id,
        lambda current: replace(
            current,
            state=ActivityState.ACTIVE,
            begins_at=resumed_at,
            schedule_changed_at=resumed_at,
        ),
    )
    await place.run_rounds()
    at_once = len(place.channels.messages)
    place.pass_by(hours=21)
    await place.run_rounds()

    assert at_once == 1
    assert windows(place)[1] == (resumed_at, NINE + timedelta(days=5))


async def test_a_digest_in_a_deleted_channel_is_paused_and_reported_once(place: Place) -> None:
    digest = await place.add()
    place.channels.closed.add(GENERAL)

    await place.run_rounds()
    place.pass_by(days=2)
    place.restart()
    await place.run_rounds()

    row, now = await place.find_row(digest), await place.subscriptions.find(digest.id)
    assert row
    assert (row.state, row.reason) == (DeliveryState.FAILED, FailureReason.CHANNEL_GONE)
    assert now
    assert (now.state, now.suspension_reason) == (
        ActivityState.SUSPENDED,
        FailureReason.CHANNEL_GONE,
    )
    assert place.channels.pause_notes == [FailureReason.CHANNEL_GONE]


async def test_a_channel_that_closes_while_a_digest_is_sent_pauses_it(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [DeliveryFailed(GENERAL, "Closed.", is_lasting=True)]

    await place.run_rounds()

    row, now = await place.find_row(digest), await place.subscriptions.find(digest.id)
    assert row
    assert (row.state, row.reason) == (DeliveryState.FAILED, "Closed.")
    assert now
    assert now.state is ActivityState.SUSPENDED
    assert place.channels.pause_notes == ["Closed."]


async def test_one_channels_trouble_touches_no_other(place: Place) -> None:
    place.channels.closed.add(BOOKS)
    for number in range(20):
        await place.add(name=f"News {number}", channel=BOOKS if number % 2 else str(number + 100))

    await place.run_rounds()

    assert len(place.channels.messages) == 10
    assert len(place.reports) == 10


async def test_what_is_refused_for_what_it_says_is_not_tried_in_a_loop(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [DeliveryFailed(GENERAL, "Refused.", is_lasting=False)]

    await place.run_rounds()
    place.restart()
    await place.run_rounds()
    row, now = await place.find_row(digest), await place.subscriptions.find(digest.id)
    place.pass_by(days=1)
    place.restart()
    await place.run_rounds()

    assert row
    assert (row.state, row.reason) == (DeliveryState.FAILED, "Refused.")
    assert now
    assert now.state is ActivityState.ACTIVE
    assert windows(place) == [(digest.begins_at, NINE + timedelta(days=1))]
    assert place.channels.pause_notes == []


async def test_a_stored_message_with_a_lost_response_is_found_and_recorded(place: Place) -> None:
    digest = await place.add()
    place.channels.after = [no_answer()]

    await place.run_rounds()

    row = await place.find_row(digest)
    assert row
    assert (row.state, row.message_id) == (DeliveryState.POSTED, "1")
    assert len(place.channels.messages) == 1
    assert place.reports == []


async def test_a_message_that_did_not_arrive_is_sent_again(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [no_answer(), no_answer()]

    await place.run_rounds()

    row = await place.find_row(digest)
    assert row
    assert (row.state, row.message_id) == (DeliveryState.POSTED, "1")
    assert place.channels.messages[0].key == row.key


async def test_a_message_is_looked_for_after_what_stood_there_before_it(place: Place) -> None:
    await place.add()
    await place.run_rounds()
    place.pass_by(days=1)
    place.channels.after = [no_answer()]

    await place.run_rounds()

    assert place.channels.search_starts == ["1"]


async def test_what_is_sent_again_stays_with_its_sender_while_time_goes_on(place: Place) -> None:
    await place.add()
    place.channels.before = [no_answer(), no_answer()]

    async def going_on(_seconds: float) -> None:
        place.pass_by(seconds=1)

    place.restart(sleep=going_on)
    await place.run_rounds()

    assert len(place.channels.messages) == 1
    assert place.reports == []


async def test_a_discord_that_does_not_answer_is_asked_again_later(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [no_answer() for _ in range(9)]

    await place.run_rounds()
    row = await place.find_row(digest)
    place.pass_by(minutes=10)
    for _ in range(3):
        place.restart()
        await place.run_rounds()
        place.pass_by(minutes=1)

    assert row
    assert row.state is DeliveryState.CLAIMED
    assert len(place.channels.messages) == 1
    assert place.channels.messages[0].key == row.key


async def test_a_digest_that_could_not_be_delivered_rests(place: Place) -> None:
    await place.add()
    place.composing = [OSError("broken"), None]

    await place.run_rounds()
    await place.run_rounds()

    assert [str(error) for error in place.reports] == ["broken"]
    assert place.channels.messages == []


async def test_how_long_a_digest_rests_is_not_remembered_once_it_is_over(place: Place) -> None:
    digest = await place.add()
    place.composing = [OSError("broken")]
    await place.delivery.run_round()
    await asyncio.wait(find_tasks(place.delivery))
    await place.subscriptions.remove(digest.id)
    place.pass_by(minutes=1)

    await place.delivery.run_round()

    rests = place.delivery._tasks._rests_until  # noqa: SLF001 - else it grows without an end
    assert rests == {}


async def test_a_claim_is_left_to_who_made_it(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()

    place.restart()
    place.pass_by(seconds=LEASE.total_seconds() - 1)
    await place.run_rounds()
    row = await place.find_row(digest)

    assert row
    assert row.state is DeliveryState.CLAIMED
    assert place.channels.search_starts == []


async def test_a_claim_that_is_left_to_who_made_it_is_not_looked_at_each_round(
    place: Place,
) -> None:
    await place.add()
    other = place.start_delivery()
    place.pass_by(minutes=-1)
    await place.run_rounds(place.delivery, other)
    place.pass_by(minutes=1)
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()
    await place.run_rounds(other)

    await other.run_round()

    assert find_tasks(other) == []


async def test_nothing_is_sent_again_if_the_history_can_not_be_read(place: Place) -> None:
    digest = await place.add()
    place.channels.after = [asyncio.CancelledError()]
    place.channels.unreadable.add(GENERAL)
    await place.run_rounds()

    place.restart()
    place.pass_by(hours=1)
    await place.run_rounds()
    place.pass_by(hours=23)
    await asyncio.sleep(0)
    place.restart()
    await place.run_rounds()

    first, second = await place.find_row(digest), await place.find_row(digest, TOMORROW)
    assert first
    assert (first.state, first.reason) == (
        DeliveryState.UNCERTAIN,
        describe(history_unreadable()),
    )
    assert second
    assert second.state is DeliveryState.POSTED
    assert second.window_starts_at == first.window_ends_at
    assert len(place.channels.messages) == 2


async def test_a_claim_of_a_digest_that_was_paused_meanwhile_is_given_back(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()
    await place.subscriptions.change(
        digest.id, lambda current: replace(current, state=ActivityState.PAUSED)
    )

    place.restart()
    place.pass_by(minutes=1)
    await place.run_rounds()

    assert await place.find_row(digest) is None
    assert place.channels.messages == []


async def test_a_posted_claim_of_a_digest_that_was_paused_meanwhile_is_recorded(
    place: Place,
) -> None:
    digest = await place.add()
    place.channels.after = [asyncio.CancelledError()]
    await place.run_rounds()
    await place.subscriptions.change(
        digest.id, lambda current: replace(current, state=ActivityState.PAUSED)
    )

    place.restart()
    place.pass_by(minutes=1)
    await place.run_rounds()

    row = await place.find_row(digest)
    assert row
    assert row.state is DeliveryState.POSTED


@pytest.mark.parametrize("is_posted", [True, False])
async def test_a_digest_that_moves_while_its_claim_is_open_is_posted_once(
    place: Place, *, is_posted: bool
) -> None:
    digest = await place.add()
    (place.channels.after if is_posted else place.channels.before).append(asyncio.CancelledError())
    await place.run_rounds()
    await place.subscriptions.change(digest.id, lambda current: replace(current, channel=BOOKS))

    place.restart()
    place.pass_by(minutes=1)
    await place.run_rounds()

    where = GENERAL if is_posted else BOOKS
    row = await place.find_row(digest)
    assert row
    assert row.channel == where
    assert [message.channel for message in place.channels.messages] == [where]


@pytest.mark.parametrize("is_posted", [True, False])
@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Tokyo", "Europe/Berlin"]
)
async def test_a_zone_that_changes_while_a_claim_is_open_shows_nothing_twice_and_leaves_nothing_out(
    place: Place, zone: str, *, is_posted: bool
) -> None:
    digest = await place.add()
    (place.channels.after if is_posted else place.channels.before).append(asyncio.CancelledError())
    await place.run_rounds()
    changed_at = place.now
    await place.subscriptions.change(
        digest.id,
        lambda current: replace(current, zone=ZoneInfo(zone), schedule_changed_at=changed_at),
    )

    place.restart()
    place.pass_by(minutes=1)
    await place.run_rounds()
    count = len(place.channels.messages)
    place.pass_by(days=3)
    place.restart()
    await place.run_rounds()

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
    await place.run_rounds()

    await place.subscriptions.change(
        digest.id, lambda current: replace(current, zone=ZoneInfo("Pacific/Honolulu"))
    )
    place.pass_by(hours=1)
    await place.run_rounds()

    assert len(place.channels.messages) == 1


async def test_a_time_that_was_set_later_makes_nothing_due_that_is_past(place: Place) -> None:
    digest = await place.add()
    await place.run_rounds()
    place.pass_by(hours=5)
    changed_at = place.now
    await place.subscriptions.change(
        digest.id,
        lambda current: replace(current, time_of_day=time(13), schedule_changed_at=changed_at),
    )

    await place.run_rounds()
    soon = windows(place)
    place.pass_by(hours=23)
    await place.run_rounds()

    assert len(soon) == 1
    assert windows(place)[1:] == [(NINE, NINE + timedelta(hours=28))]
    assert place.channels.messages[1].digest.window.missed_days == ()


async def test_a_claim_left_for_days_becomes_one_digest_with_what_came_since(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()
    left = await place.find_row(digest)

    place.restart()
    place.pass_by(days=3)
    await place.run_rounds()

    (message,) = place.channels.messages
    window = message.digest.window
    assert (window.starts_at, window.ends_at) == (digest.begins_at, NINE + timedelta(days=3))
    assert window.day == TODAY + timedelta(days=3)
    assert left
    assert message.key == left.key
    assert [claim and claim.id for claim in place.abandoned] == [None, left.id]
    assert await place.find_row(digest) is None


async def test_a_message_is_looked_for_from_where_its_first_claim_was_made(place: Place) -> None:
    digest = await place.add()
    await place.run_rounds()
    place.pass_by(days=1)
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()
    (first,) = place.channels.messages
    place.channels.messages.append(replace(first, id="2", key="other"))

    place.restart()
    place.pass_by(minutes=1)
    await place.run_rounds()

    row = await place.find_row(digest, TOMORROW)
    assert row
    assert (row.after_message_id, row.message_id) == ("1", "3")


async def test_a_claim_left_for_hours_becomes_a_digest_that_says_that_it_is_late(
    place: Place,
) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()

    place.restart()
    place.pass_by(hours=3)
    await place.run_rounds()

    (message,) = place.channels.messages
    window = message.digest.window
    assert (window.starts_at, window.ends_at) == (digest.begins_at, NINE + timedelta(hours=3))
    assert window.due_at == NINE


async def test_a_digest_that_was_refused_before_its_time_comes_when_it_is_due(place: Place) -> None:
    digest = await place.add()
    place.pass_by(hours=-0.5)
    place.channels.closed = {GENERAL}
    with pytest.raises(DeliveryFailed):
        await place.delivery.deliver_now(digest)
    resumed_at = place.now
    await place.subscriptions.change(
        digest.id,
        lambda current: replace(
            current,
            state=ActivityState.ACTIVE,
            suspension_reason=None,
            begins_at=resumed_at,
            schedule_changed_at=resumed_at,
        ),
    )

    place.channels.closed = set()
    place.pass_by(hours=0.5)
    await place.run_rounds()

    row = await place.find_row(digest)
    assert row
    assert row.state is DeliveryState.POSTED
    assert len(place.channels.messages) == 1


async def test_what_was_refused_stays_in_the_history_where_nothing_is_new(place: Place) -> None:
    digest = await place.add(when_empty=WhenEmpty.SKIP)
    place.channels.before = [DeliveryFailed(GENERAL, "Refused.", is_lasting=False)]
    await place.subscriptions.change(
        digest.id, lambda current: replace(current, when_empty=WhenEmpty.NOTE)
    )
    await place.run_rounds()
    refused = await place.find_row(digest)

    posted = await place.delivery.deliver_now(digest)

    assert refused
    assert refused.state is DeliveryState.FAILED
    assert posted is None
    assert await place.find_row(digest) == refused


async def test_a_topic_with_nothing_to_search_for_pauses_the_digest_and_no_other(
    place: Place,
) -> None:
    digests = [await place.add(name=name) for name in ("Morning", "Other")]
    place.composing = [EmptyQuery()]

    await place.run_rounds()

    kept = [await place.subscriptions.find(digest.id) for digest in digests]
    reasons = {digest.state: digest.suspension_reason for digest in kept if digest}
    assert reasons == {
        ActivityState.SUSPENDED: FailureReason.EMPTY_TOPIC,
        ActivityState.ACTIVE: None,
    }
    assert place.channels.pause_notes == [FailureReason.EMPTY_TOPIC]
    assert len(place.channels.messages) == 1


async def test_a_channel_that_is_gone_does_not_pause_a_digest_that_has_moved(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()
    await place.subscriptions.change(digest.id, lambda current: replace(current, channel=BOOKS))

    place.restart()
    place.channels.closed = {GENERAL}
    place.pass_by(minutes=1)
    await place.run_rounds()
    place.restart()
    place.pass_by(days=1)
    await place.run_rounds()

    moved = await place.subscriptions.find(digest.id)
    assert moved
    assert moved.state is ActivityState.ACTIVE
    assert place.channels.pause_notes == []
    assert [message.channel for message in place.channels.messages] == [BOOKS]


async def test_two_pollers_on_one_database_post_once(place: Place) -> None:
    for number in range(20):
        await place.add(name=f"News {number}", channel=str(100 + number))

    await place.run_rounds(place.delivery, place.start_delivery())

    assert len(place.channels.messages) == 20
    assert len({message.channel for message in place.channels.messages}) == 20


async def test_what_another_poller_claims_meanwhile_and_cannot_post_is_left_out_of_no_window(
    place: Place,
) -> None:
    digest = await place.add()
    others: list[Delivery] = []

    class Beaten(DeliveryStore):
        """Let another process claim the day when this one reads the last delivery."""

        async def get_last_id(
            self, subscription_id: int, *, exclude: Delivery | None = None
        ) -> int:
            if not others:
                claim = DigestClaim(
                    subscription=digest,
                    last_id=0,
                    local_day=TODAY,
                    window_starts_at=digest.begins_at,
                    window_ends_at=NINE,
                    key="other",
                    after_message_id=None,
                    decisions=(),
                )
                others.extend(filter(None, [await self.claim(claim, NINE)]))
            return await super().get_last_id(subscription_id, exclude=exclude)

    class Refusing(Channels):
        """Let the other process's message be refused before this one's is sent."""

        async def get_latest_message_id(self, channel: str) -> str | None:
            await place.deliveries.record(others[0], refused)
            return await super().get_latest_message_id(channel)

    refused = DeliveryOutcome(state=DeliveryState.FAILED, settled_at=NINE, reason="Refused.")

    place.deliveries, place.channels = Beaten(place.database), Refusing()
    place.restart()

    await place.run_rounds()
    place.pass_by(days=1)
    place.restart()
    await place.run_rounds()

    assert [first for first, _ in windows(place)] == [digest.begins_at]


async def test_a_message_that_arrives_while_its_claim_is_taken_over_stays_the_only_one(
    place: Place,
) -> None:
    await place.add()
    place.channels.late = [0.05]
    await place.delivery.run_round()
    (killed,) = find_tasks(place.delivery)
    while not place.channels.arrival:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)
    killed.cancel()
    second = place.start_delivery()

    async def compose_late(
        subscription: Subscription, window: DigestWindow, abandoned: Delivery | None
    ) -> Digest:
        assert place.channels.arrival
        await place.channels.arrival
        await place.run_rounds(second)
        return await place.compose(subscription, window, abandoned)

    place.pass_by(seconds=30)
    await place.run_rounds(place.start_delivery(compose=compose_late))

    assert len(place.channels.messages) == 1


async def test_a_claim_that_another_poller_takes_over_is_left_to_it(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [no_answer()]

    async def taken_over(_seconds: float) -> None:
        row = await place.find_row(digest)
        assert row
        await place.deliveries.renew(row, place.now + timedelta(seconds=1))

    place.restart(sleep=taken_over)
    await place.run_rounds()

    assert place.channels.messages == []
    assert [type(error) for error in place.reports] == [DeliveryUnknown]


async def test_a_clock_set_forward_and_back_leaves_nothing_out(place: Place) -> None:
    await place.add()
    await place.run_rounds()

    place.now += timedelta(days=3)
    await place.run_rounds()
    ahead = windows(place)[1]
    place.now -= timedelta(days=3)
    for _ in range(5):
        place.pass_by(days=1)
        await place.run_rounds()

    days = [message.digest.window.day for message in place.channels.messages]
    assert ahead == (NINE, NINE + timedelta(days=3))
    assert days == [TODAY + timedelta(days=day) for day in (0, 3, 1, 2, 4, 5)]
    own = [window for window in windows(place) if window != ahead]
    assert [first for first, _ in own[1:]] == [last for _, last in own[:-1]]


async def test_a_clock_set_far_ahead_and_back_brings_no_second_digest(place: Place) -> None:
    await place.add()
    await place.run_rounds()

    ahead = DECISION_RETENTION + timedelta(days=30)
    place.now += ahead
    await place.run_rounds()
    await place.deliveries.purge(place.now - DECISION_RETENTION)
    place.now -= ahead
    await place.run_rounds()

    days = [message.digest.window.day for message in place.channels.messages]
    assert days == [TODAY, TODAY + ahead]


async def test_a_clock_set_back_by_hours_brings_no_second_digest(place: Place) -> None:
    await place.add()
    await place.run_rounds()

    place.now -= timedelta(hours=2)
    await place.run_rounds()
    place.pass_by(hours=2)
    await place.run_rounds()

    assert len(place.channels.messages) == 1


async def test_a_clock_set_back_while_a_claim_is_open_brings_no_second_message(
    place: Place,
) -> None:
    digest = await place.add()
    place.channels.after = [asyncio.CancelledError()]
    await place.run_rounds()

    place.now -= timedelta(hours=5)
    place.channels.now += timedelta(hours=1)
    place.restart()
    await place.run_rounds()

    row = await place.find_row(digest)
    assert row
    assert row.state is DeliveryState.POSTED
    assert len(place.channels.messages) == 1


async def test_a_rule_that_changes_takes_effect_at_the_next_start(place: Place) -> None:
    digest = await place.add(time_of_day=time(10))
    await place.run_rounds()
    await place.set_due_time(digest.id, NINE + timedelta(days=9))

    place.restart()
    place.pass_by(hours=1)
    await place.run_rounds()

    assert len(place.channels.messages) == 1


async def test_a_digest_planned_by_other_rules_is_not_posted_too_early(place: Place) -> None:
    digest = await place.add(time_of_day=time(10))
    await place.run_rounds()
    await place.set_due_time(digest.id, NINE)

    await place.run_rounds()
    early = len(place.channels.messages)
    place.pass_by(hours=1)
    await place.run_rounds()

    assert (early, len(place.channels.messages)) == (0, 1)


async def test_digests_planned_by_other_rules_are_planned_again(place: Place) -> None:
    digest = await place.add(time_of_day=time(10))
    await place.run_rounds()
    await place.set_due_time(digest.id, NINE)

    await place.run_rounds()

    assert await place.subscriptions.find_due_ids(place.now, 9) == ()


async def test_no_more_are_delivered_at_the_same_time_than_may_be(
    place: Place,
) -> None:
    place.restart(max_concurrent=3)
    for number in range(8):
        await place.add(name=f"News {number}")

    await place.delivery.run_round()
    at_once = len(find_tasks(place.delivery))
    await place.run_rounds()

    assert at_once == 3
    assert len(place.channels.messages) == 8


async def test_the_order_of_many_differs_from_day_to_day(
    place: Place,
) -> None:
    place.restart(max_concurrent=1)
    for number in range(8):
        await place.add(name=str(number))

    await place.run_rounds()
    place.pass_by(days=1)
    await place.run_rounds()

    order = [message.digest.subscription.name for message in place.channels.messages]
    assert sorted(order[:8]) == sorted(order[8:])
    assert order[:8] != order[8:]


async def test_now_takes_the_row_of_the_day(place: Place) -> None:
    digest = await place.add()
    place.now = NINE - timedelta(minutes=30)

    row = await place.delivery.deliver_now(digest)
    place.now = NINE
    await place.run_rounds()
    place.pass_by(days=1)
    await place.run_rounds()

    assert row
    assert (row.state, row.local_day) == (DeliveryState.POSTED, TODAY)
    (_, first), (second, _) = windows(place)
    assert first == second == NINE - timedelta(minutes=30)


async def test_now_after_the_timed_one_gives_that(place: Place) -> None:
    digest = await place.add()
    await place.run_rounds()

    row = await place.delivery.deliver_now(digest)

    assert row
    assert row.message_id == "1"
    assert len(place.channels.messages) == 1


async def test_now_gives_todays_that_another_process_is_posting(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()
    place.restart()

    row = await place.delivery.deliver_now(digest)

    assert row
    assert row.state is DeliveryState.CLAIMED
    assert place.channels.messages == []


async def test_now_with_nothing_new_gives_back_what_was_abandoned(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()
    place.restart()
    place.pass_by(minutes=1)
    skipping = await place.subscriptions.change(
        digest.id, lambda current: replace(current, when_empty=WhenEmpty.SKIP)
    )
    assert skipping

    row = await place.delivery.deliver_now(skipping)

    assert row is None
    assert await place.find_row(digest) is None


async def test_a_digest_paused_by_its_server_during_a_refusal_notifies_nobody(
    place: Place,
) -> None:
    digest = await place.add()

    class Pausing(Channels):
        async def send(self, digest: Digest, key: str) -> str:  # noqa: ARG002 - it is refused
            await place.subscriptions.change(
                digest.subscription.id,
                lambda current: replace(current, state=ActivityState.PAUSED),
            )
            raise DeliveryFailed(GENERAL, FailureReason.CHANNEL_GONE, is_lasting=True)

    place.channels = Pausing()
    place.restart()
    await place.run_rounds()

    paused = await place.subscriptions.find(digest.id)
    assert paused
    assert (paused.state, paused.suspension_reason) == (ActivityState.PAUSED, None)
    assert place.channels.pause_notes == []


async def test_now_with_nothing_new_leaves_the_day_to_the_timed_one(place: Place) -> None:
    digest = await place.add(when_empty=WhenEmpty.SKIP)

    row = await place.delivery.deliver_now(digest)

    assert row is None
    assert await place.find_row(digest) is None


async def test_now_posts_articles_added_after_a_digest_without_news(place: Place) -> None:
    digest = await place.add(when_empty=WhenEmpty.SKIP)
    await place.run_rounds()
    place.pass_by(hours=3)
    noting = await place.subscriptions.change(
        digest.id, lambda current: replace(current, when_empty=WhenEmpty.NOTE)
    )
    assert noting

    row = await place.delivery.deliver_now(noting)

    assert row
    assert (row.state, row.local_day) == (DeliveryState.POSTED, TODAY)
    assert windows(place) == [(NINE, NINE + timedelta(hours=3))]


async def test_now_says_that_one_of_another_day_may_be_on_its_way(place: Place) -> None:
    digest = await place.add(time_of_day=time(23, 59))
    place.pass_by(hours=14, minutes=59, seconds=50)
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()
    place.pass_by(seconds=15)

    with pytest.raises(DeliveryUnknown):
        await place.delivery.deliver_now(digest)

    assert place.channels.messages == []


async def test_now_posts_today_once_it_is_known_what_became_of_yesterday(place: Place) -> None:
    digest = await place.add(time_of_day=time(23, 59))
    place.pass_by(hours=14, minutes=59)
    place.channels.after = [asyncio.CancelledError()]
    await place.run_rounds()
    place.pass_by(minutes=5)

    row = await place.delivery.deliver_now(digest)

    assert row
    assert (row.state, row.local_day) == (DeliveryState.POSTED, TOMORROW)
    assert len(place.channels.messages) == 2


async def test_now_retries_a_refused_digest(place: Place) -> None:
    digest = await place.add()
    place.channels.before = [DeliveryFailed(GENERAL, "Refused.", is_lasting=False)]
    await place.run_rounds()

    row = await place.delivery.deliver_now(digest)

    assert row
    assert row.state is DeliveryState.POSTED


async def test_now_says_what_was_refused(place: Place) -> None:
    digest = await place.add()
    place.channels.closed.add(GENERAL)

    with pytest.raises(DeliveryFailed, match="channel_gone"):
        await place.delivery.deliver_now(digest)


async def test_now_waits_for_the_timed_one_that_is_on_its_way(place: Place) -> None:
    digest = await place.add()
    await place.delivery.run_round()
    while not await place.find_row(digest):  # noqa: ASYNC110 - nothing tells of a claim
        await asyncio.sleep(0)

    row = await place.delivery.deliver_now(digest)

    assert row
    assert row.message_id == "1"
    assert len(place.channels.messages) == 1


async def test_two_who_ask_for_it_now_get_the_same_one(place: Place) -> None:
    digest = await place.add()

    rows = await asyncio.gather(*(place.delivery.deliver_now(digest) for _ in range(3)))
    row = await place.find_row(digest)

    assert row
    assert {known.id for known in rows if known} == {row.id}
    assert len(place.channels.messages) == 1


async def test_a_digest_that_is_forgotten_meanwhile_is_not_posted(place: Place) -> None:
    digest = await place.add()
    await place.delivery.run_round()
    await place.subscriptions.remove(digest.id)

    await place.run_rounds()

    assert place.channels.messages == []
    assert place.reports == []


async def test_closing_finishes_open_deliveries(place: Place) -> None:
    digest = await place.add()
    await place.delivery.run_round()

    await place.delivery.finish(5)

    row = await place.find_row(digest)
    assert row
    assert row.state is DeliveryState.POSTED


async def test_at_the_end_nothing_is_waited_for_too_long(place: Place) -> None:
    await place.add()
    place.channels.get_delay = lambda: 60.0
    await place.delivery.run_round()

    await place.delivery.finish(0.01)

    assert find_tasks(place.delivery) == []
    assert place.channels.messages == []


async def test_29_february_has_its_digest(place: Place) -> None:
    begun = datetime(2028, 2, 28, 10, tzinfo=UTC)
    await place.add(begins_at=begun)
    place.now = datetime(2028, 2, 29, 9, tzinfo=UTC)

    await place.run_rounds()

    assert [message.digest.window.day for message in place.channels.messages] == [date(2028, 2, 29)]


async def test_closing_does_not_wait_without_open_deliveries(place: Place) -> None:
    await place.delivery.finish(60)

    assert find_tasks(place.delivery) == []


async def test_a_digest_that_is_forgotten_while_a_round_begins_is_left_out(place: Place) -> None:
    class Late(SubscriptionStore):
        async def find_due_ids(self, _now: datetime, _most: int) -> tuple[int, ...]:
            return (99,)

    place.subscriptions = Late(place.database)
    place.restart()

    await place.run_rounds()

    assert place.reports == []
