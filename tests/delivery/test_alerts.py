"""Alerts report each new article once, whatever fails and whenever the process is killed."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.alert_composer import AlertNotice
from bot.delivery.alerts import AlertDelivery
from bot.delivery.outbox import LEASE, MAX_CONCURRENT
from bot.digest.alert_rules import NOTHING_TO_SEARCH, UNKNOWN_ZONE
from bot.errors import (
    DeliveryError,
    DeliveryFailed,
    DeliveryUnknown,
    StoreError,
    UnusableAlert,
)
from bot.model.activity import ActivityState
from bot.model.alert import Alert, AlertKey, QuietHours
from bot.model.article import Article, ArticleId
from bot.model.delivery import DeliveryState, FailureReason
from bot.model.ids import Pseudonym
from bot.retrieval.answering.receipts import ReceiptStatus
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.results import SearchResult
from bot.search.embedded import EmbeddedSearch
from bot.wiring import Application, build_alert_delivery
from tests import builders
from tests.builders import NOON, an_article
from tests.delivery.channels import history_unreadable
from tests.discord_ui.conftest import lock_database
from tests.retrieval.builders import some_weights

ANNA = Pseudonym("a" * 32)
HARBOUR = "1191168914227200000"
FLOOD = an_article("The river rose by two metres.", id="flood", title="Flood")
STORM = an_article("A storm came up the river.", id="storm", title="Storm")
COUNCIL = an_article("The council met in the old town hall.", id="council")
LOST = DeliveryUnknown("77")
REFUSED = DeliveryFailed("77", FailureReason.CHANNEL_GONE, is_lasting=True)
DISLIKED = DeliveryFailed("77", FailureReason.CONTENT_REFUSED, is_lasting=False)


@dataclass
class Channel:
    """A channel and its faults: each meets one call, and `None` lets the call succeed.

    A message with a known key is not posted again, as in Discord for some minutes.
    """

    posted: dict[str, AlertNotice] = field(default_factory=dict)
    before: list[Exception | None] = field(default_factory=list)
    after: list[Exception | None] = field(default_factory=list)
    finding: list[Exception | None] = field(default_factory=list)
    anchoring: list[Exception | None] = field(default_factory=list)
    send_count: int = 0
    delay: Callable[[], Awaitable[object]] = field(default=lambda: asyncio.sleep(0))

    async def get_latest_message_id(self, channel: str) -> str | None:  # noqa: ARG002 - there is one
        _fail(self.anchoring)
        return None

    async def send(self, notice: AlertNotice, key: str) -> str:
        self.send_count += 1
        await self.delay()
        _fail(self.before)
        self.posted.setdefault(key, notice)
        await self.delay()
        _fail(self.after)
        return f"message of {key}"

    async def find(self, channel: str, key: str, after: str | None) -> str | None:  # noqa: ARG002
        await self.delay()
        _fail(self.finding)
        return f"message of {key}" if key in self.posted else None

    @property
    def quotes(self) -> list[list[str]]:
        """Return the quotes of each message."""
        return [[citation.text for citation in notice.citations] for notice in self.posted.values()]

    @property
    def notice(self) -> AlertNotice:
        """Return the only message."""
        (notice,) = self.posted.values()
        return notice


def _fail(faults: list[Exception | None]) -> None:
    if faults and (fault := faults.pop(0)):
        raise fault


@dataclass
class Bench:
    """A library with alerts, a channel, and the delivery to it."""

    app: Application
    channel: Channel
    now: datetime
    reports: list[Exception] = field(default_factory=list)

    def start_delivery(self) -> AlertDelivery:
        """Return the delivery of a new process."""
        return build_alert_delivery(
            self.app,
            self.channel,
            report=lambda error, _: self.reports.append(error),
        )

    def pass_by(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    async def add(self, key: str = "own", **changes: object) -> Alert:
        alert = Alert(
            key=AlertKey(key),
            guild=None,
            person=ANNA,
            channel="77",
            query_text="river",
            quiet_hours=None,
            begins_at=self.now,
        )
        alert = replace(alert, **changes)  # type: ignore[arg-type]
        assert await self.app.alerts.add(alert, limit=1_000)
        return alert

    async def ingest(self, *articles: Article) -> None:
        self.pass_by(seconds=1)
        await self.app.articles.put(articles, self.now)
        await self.app.index.refresh()

    async def deliver(self, delivery: AlertDelivery | None = None) -> list[list[str]]:
        """Run one round and return the quotes in the channel."""
        delivery = delivery or self.start_delivery()
        await delivery.run_round()
        await delivery.finish(5)
        return self.channel.quotes

    async def take_over(self) -> None:
        """Let another process continue as soon as it can take the claim over."""
        self.pass_by(seconds=LEASE.total_seconds())
        await self.deliver()

    async def list_states(self) -> list[str]:
        rows = await self.app.alerts._database.fetch(  # noqa: SLF001 - nobody else asks for these
            "SELECT state FROM alert_messages ORDER BY claimed_at, key"
        )
        return [state for (state,) in rows]

    async def execute(self, sql: str) -> None:
        async with self.app.alerts._database.transaction() as transaction:  # noqa: SLF001 - as above
            await transaction.execute(sql)

    async def get_alert(self, key: str = "own") -> Alert:
        alert = await self.app.alerts.find(key)
        assert alert
        return alert


@asynccontextmanager
async def open_bench(folder: Path) -> AsyncIterator[Bench]:
    async with builders.an_app(folder, weights=some_weights()) as app:
        bench = Bench(app=app, channel=Channel(), now=NOON)
        bench.app = replace(app, clock=replace(app.clock, read=lambda: bench.now))
        yield bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path) as bench:
        yield bench


async def test_a_new_matching_article_is_reported_once(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD, COUNCIL)
    delivery = bench.start_delivery()

    await bench.deliver(delivery)
    bench.pass_by(hours=2)
    await bench.deliver(delivery)
    quotes = await bench.deliver()

    assert quotes == [[FLOOD.body]]
    assert await bench.list_states() == [DeliveryState.POSTED]
    assert bench.reports == []


async def test_articles_from_before_the_alert_are_not_reported(bench: Bench) -> None:
    await bench.ingest(FLOOD)
    await bench.add()
    await bench.ingest(replace(FLOOD, body="The river rose by three metres."))

    assert await bench.deliver() == []


async def test_a_revised_article_is_not_reported_again(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    await bench.deliver()

    bench.pass_by(hours=2)
    await bench.ingest(replace(FLOOD, body="The river rose by three metres."))

    assert await bench.deliver() == [[FLOOD.body]]


async def test_an_article_that_was_withdrawn_and_added_again_is_not_reported_again(
    bench: Bench,
) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    await bench.deliver()

    await bench.app.articles.withdraw(FLOOD.id, "Wrong.", bench.now)
    bench.pass_by(hours=2)
    await bench.ingest(FLOOD)

    assert await bench.deliver() == [[FLOOD.body]]


@pytest.mark.parametrize(
    ("days", "is_told"), [(7, True), (8, False)], ids=["as late as may be", "too late"]
)
async def test_a_late_article_is_reported_for_some_days(
    bench: Bench,
    days: int,
    is_told: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    await bench.add()
    published_on = bench.app.clock.today() - timedelta(days=days)
    await bench.ingest(replace(FLOOD, published_on=published_on))

    assert bool(await bench.deliver()) is is_told


async def test_an_article_dated_in_the_future_waits_for_its_day(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(replace(FLOOD, published_on=bench.app.clock.today() + timedelta(days=1)))
    delivery = bench.start_delivery()

    early = await bench.deliver(delivery)
    bench.pass_by(days=1)

    assert early == []
    assert await bench.deliver(delivery) == [[FLOOD.body]]


async def test_an_article_redated_to_the_future_before_its_report_is_left_out(
    bench: Bench,
) -> None:
    await bench.add(quiet_hours=QuietHours(start=time(11), end=time(13), zone="UTC"))
    await bench.ingest(FLOOD, STORM)
    delivery = bench.start_delivery()

    quiet = await bench.deliver(delivery)
    await bench.ingest(replace(FLOOD, published_on=bench.app.clock.today() + timedelta(days=1)))
    bench.pass_by(hours=1)
    later = await bench.deliver(delivery)

    assert quiet == []
    assert later == [[STORM.body]]


async def test_the_newest_come_first_and_those_too_long_to_quote_last(bench: Bench) -> None:
    await bench.add()
    wordy = an_article("The river, " * 80 + "said he.", id="wordy", published_on=date(2026, 3, 1))
    await bench.ingest(wordy, FLOOD)

    await bench.deliver()

    citations = bench.channel.notice.citations
    assert [citation.article.id for citation in citations] == [FLOOD.id, wordy.id]


async def test_quotes_stand_word_for_word_and_can_be_verified(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    await bench.deliver()

    (citation,) = bench.channel.notice.citations
    verified = await bench.app.services.verify.verify(citation.receipt)

    assert verified.status is ReceiptStatus.IDENTICAL
    assert verified.article_id == FLOOD.id


async def test_an_article_is_quoted_by_its_passage_about_the_alert(bench: Bench) -> None:
    await bench.add()
    lead = "The council met in the old town hall. " * 20
    await bench.ingest(replace(FLOOD, body=f"{lead}\n\nThen the river rose. {lead}"))

    (quotes,) = await bench.deliver()

    assert "Then the river rose." in quotes[0]


async def test_posted_excerpts_are_stored_for_the_buttons_under_the_key_of_the_message(
    bench: Bench,
) -> None:
    await bench.add()
    await bench.add("server", guild=HARBOUR, person=None)
    await bench.ingest(FLOOD)
    await bench.deliver()

    found = [await bench.app.answers.find(key, bench.now) for key in bench.channel.posted]
    kept = [shown_answer for shown_answer in found if shown_answer]

    # Both are sent at the same time, in either order.
    assert {(answer.asker, answer.guild) for answer in kept} == {(ANNA, None), ("server", HARBOUR)}
    assert [len(answer.excerpts) for answer in kept] == [1, 1]


async def test_more_than_are_kept_are_counted(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(*(replace(FLOOD, id=ArticleId(f"n{number}")) for number in range(33)))

    await bench.deliver()

    notice = bench.channel.notice
    assert (len(notice.citations), notice.omitted_count) == (30, 3)


async def test_an_article_withdrawn_before_its_report_is_left_out(bench: Bench) -> None:
    night = QuietHours(start=time(11), end=time(13), zone="UTC")
    await bench.add(quiet_hours=night)
    await bench.add("other", quiet_hours=night)
    await bench.ingest(FLOOD, STORM)
    delivery = bench.start_delivery()

    quiet = await bench.deliver(delivery)
    await bench.app.articles.withdraw(FLOOD.id, "Wrong.", bench.now)
    await bench.ingest(replace(STORM, body="A storm came up the coast."))
    bench.pass_by(hours=1)
    later = await bench.deliver(delivery)

    assert quiet == later == []
    assert await bench.list_states() == [DeliveryState.EMPTY] * 2


async def test_matches_in_quiet_hours_are_reported_after_them(bench: Bench) -> None:
    await bench.add(quiet_hours=QuietHours(start=time(11), end=time(13), zone="UTC"))
    await bench.ingest(FLOOD)
    delivery = bench.start_delivery()

    quiet = await bench.deliver(delivery)
    bench.pass_by(hours=1)

    assert quiet == []
    assert await bench.deliver(delivery) == [[FLOOD.body]]


async def test_matches_within_an_hour_are_reported_together(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    delivery = bench.start_delivery()
    await bench.deliver(delivery)
    for number in range(3):
        await bench.ingest(replace(STORM, id=ArticleId(f"storm{number}")))
        await bench.deliver(delivery)

    before = len(bench.channel.posted)
    bench.pass_by(hours=1)
    quotes = await bench.deliver(delivery)

    assert before == 1
    assert quotes == [[FLOOD.body], [STORM.body] * 3]


async def test_an_alert_that_is_added_is_looked_for_though_the_library_stays(bench: Bench) -> None:
    await bench.add(query_text="storm")
    await bench.ingest(STORM)
    delivery = bench.start_delivery()
    await bench.deliver(delivery)

    await bench.add("late", begins_at=bench.now - timedelta(milliseconds=1))

    assert await bench.deliver(delivery) == [[STORM.body]] * 2


async def test_an_unchanged_library_is_looked_through_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    delivery = bench.start_delivery()
    searches: list[object] = []
    find_matching_ids = bench.app.index.find_matching_ids

    async def count_search(
        queries: Sequence[Query], *, article_ids: AbstractSet[ArticleId]
    ) -> object:
        searches.append(queries)
        return await find_matching_ids(queries, article_ids=article_ids)

    monkeypatch.setattr(bench.app.index, "find_matching_ids", count_search)
    for _ in range(3):
        await bench.deliver(delivery)
    await bench.ingest(STORM)
    await bench.deliver(delivery)

    assert len(searches) == 2


async def test_only_what_is_new_or_revised_is_looked_at_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.add()
    await bench.ingest(FLOOD, COUNCIL)
    delivery = bench.start_delivery()
    searches: list[tuple[int, set[str]]] = []
    find_matching_ids = bench.app.index.find_matching_ids

    async def note_search(
        queries: Sequence[Query], *, article_ids: AbstractSet[ArticleId]
    ) -> object:
        searches.append((len(queries), set(article_ids)))
        return await find_matching_ids(queries, article_ids=article_ids)

    monkeypatch.setattr(bench.app.index, "find_matching_ids", note_search)
    await bench.deliver(delivery)
    await bench.ingest(STORM, replace(COUNCIL, body="The council met again."))
    await bench.deliver(delivery)
    await bench.add("late", begins_at=bench.now)
    await bench.deliver(delivery)

    every = {FLOOD.id, STORM.id, COUNCIL.id}
    assert searches == [(1, every - {STORM.id}), (1, every - {FLOOD.id}), (1, every)]


async def test_nothing_is_written_if_nothing_matches(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(COUNCIL)

    async with lock_database(bench.app):
        quotes = await bench.deliver()

    assert quotes == []


async def test_an_article_that_matches_after_a_revision_is_reported(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(COUNCIL)
    delivery = bench.start_delivery()

    before = await bench.deliver(delivery)
    await bench.ingest(replace(COUNCIL, body="The council met by the river."))

    assert before == []
    assert await bench.deliver(delivery) == [["The council met by the river."]]


async def test_articles_added_during_a_pause_are_not_reported(bench: Bench) -> None:
    alert = await bench.add()
    delivery = bench.start_delivery()
    await bench.deliver(delivery)

    await bench.app.alerts.pause(alert.key)
    await bench.ingest(FLOOD)
    await bench.deliver(delivery)
    await bench.app.alerts.resume(alert.key, bench.now)
    resumed = await bench.deliver(delivery)
    await bench.ingest(STORM)

    assert resumed == []
    assert await bench.deliver(delivery) == [[STORM.body]]


async def test_what_could_not_be_noted_is_looked_for_again(bench: Bench) -> None:
    await bench.add()
    delivery = bench.start_delivery()
    await bench.deliver(delivery)
    await bench.ingest(FLOOD)

    await bench.execute(
        "CREATE TRIGGER busy BEFORE INSERT ON alert_articles BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with pytest.raises(StoreError):
        await delivery.run_round()
    await bench.execute("DROP TRIGGER busy")

    assert await bench.deliver(delivery) == [[FLOOD.body]]


async def test_an_alert_that_looks_for_nothing_any_more_is_paused_and_the_others_go_on(
    bench: Bench,
) -> None:
    await bench.add("common", query_text="the")
    await bench.add()
    await bench.ingest(FLOOD)
    delivery = bench.start_delivery()

    quotes = await bench.deliver(delivery)
    await bench.ingest(COUNCIL)
    await bench.deliver(delivery)

    common = await bench.get_alert("common")
    assert quotes == [[FLOOD.body]]
    assert (common.state, common.suspension_reason) == (
        ActivityState.SUSPENDED,
        NOTHING_TO_SEARCH,
    )
    assert [type(error) for error in bench.reports] == [UnusableAlert]


async def test_an_alert_that_two_processes_find_unusable_is_reported_by_one(bench: Bench) -> None:
    await bench.add("common", query_text="the")

    await asyncio.gather(bench.start_delivery().run_round(), bench.start_delivery().run_round())

    assert [type(error) for error in bench.reports] == [UnusableAlert]


async def test_an_alert_with_a_removed_zone_is_paused_and_the_others_go_on(
    bench: Bench,
) -> None:
    await bench.add(
        "lost", quiet_hours=QuietHours(start=time(22), end=time(7), zone="Europe/Atlantis")
    )
    await bench.add()
    await bench.ingest(FLOOD)
    delivery = bench.start_delivery()

    quotes = await bench.deliver(delivery)
    await bench.deliver(delivery)

    lost = await bench.get_alert("lost")
    assert quotes == [[FLOOD.body]]
    assert (lost.state, lost.suspension_reason) == (ActivityState.SUSPENDED, UNKNOWN_ZONE)
    assert [type(error) for error in bench.reports] == [UnusableAlert]


async def test_an_open_claim_is_settled_although_the_zone_is_no_longer_known(
    bench: Bench,
) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    bench.channel.after = [LOST]
    await bench.deliver()
    await bench.execute(
        "UPDATE alerts SET quiet_from = '22:00', quiet_to = '07:00', quiet_zone = 'Atlantis'"
    )

    await bench.take_over()
    paused = await bench.get_alert()
    await bench.deliver()

    assert paused.suspension_reason == UNKNOWN_ZONE
    assert await bench.list_states() == [DeliveryState.POSTED]
    assert bench.channel.quotes == [[FLOOD.body]]


@pytest.mark.parametrize("fault", ["before", "after"], ids=["not taken", "taken, answer lost"])
async def test_a_message_without_a_response_is_posted_once(bench: Bench, fault: str) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    setattr(bench.channel, fault, [LOST])

    await bench.deliver()
    states = await bench.list_states()
    send_count = bench.channel.send_count
    await bench.take_over()

    assert states == [DeliveryState.CLAIMED]
    assert bench.channel.quotes == [[FLOOD.body]]
    assert await bench.list_states() == [DeliveryState.POSTED]
    assert bench.channel.send_count == send_count + (fault == "before")


@pytest.mark.parametrize("is_taken", [False, True], ids=["between claim and post", "after post"])
async def test_one_killed_while_it_sends_leaves_one_message(
    bench: Bench,
    is_taken: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    calls = 0

    async def hang() -> None:
        nonlocal calls
        calls += 1
        if calls == 1 + is_taken:
            await asyncio.Event().wait()

    bench.channel.delay = hang
    delivery = bench.start_delivery()
    await delivery.run_round()
    await delivery.finish(0.05)
    before = list(bench.channel.quotes)
    await bench.take_over()

    assert before == ([[FLOOD.body]] if is_taken else [])
    assert bench.channel.quotes == [[FLOOD.body]]
    assert bench.channel.send_count == 2 - is_taken
    assert await bench.list_states() == [DeliveryState.POSTED]


async def test_the_buttons_of_a_message_sent_again_match_its_new_content(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD, replace(FLOOD, id=ArticleId("gone"), body=f"{FLOOD.body} All day."))
    bench.channel.before = [LOST]
    await bench.deliver()
    await bench.app.articles.withdraw(ArticleId("gone"), "Wrong.", bench.now)
    await bench.app.index.refresh()

    bench.pass_by(seconds=LEASE.total_seconds())
    await bench.deliver()

    (key,) = bench.channel.posted
    kept = await bench.app.answers.find(key, bench.now)
    assert bench.channel.quotes == [[FLOOD.body]]
    assert kept
    assert [excerpt.article_id for excerpt in kept.excerpts] == [FLOOD.id]


async def test_a_claim_is_left_to_who_made_it_for_a_while(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    bench.channel.before = [LOST]
    await bench.deliver()

    bench.pass_by(seconds=LEASE.total_seconds() - 1)

    assert await bench.deliver() == []


async def test_a_claim_that_was_left_is_taken_over_by_one_of_two_processes(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    bench.channel.before = [LOST]
    await bench.deliver()
    bench.pass_by(seconds=LEASE.total_seconds())
    pollers = [bench.start_delivery(), bench.start_delivery()]

    await asyncio.gather(*(poller.run_round() for poller in pollers))
    for poller in pollers:
        await poller.finish(5)

    assert bench.channel.quotes == [[FLOOD.body]]
    assert bench.channel.send_count == 2


async def test_a_claim_of_a_clock_that_was_set_back_is_left_to_nobody(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    bench.channel.before = [LOST]
    await bench.deliver()

    bench.pass_by(hours=-1)

    assert await bench.deliver() == [[FLOOD.body]]


async def test_one_process_that_failed_rests_before_it_tries_again(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    bench.channel.anchoring = [LOST]
    delivery = bench.start_delivery()

    first = await bench.deliver(delivery)
    second = await bench.deliver(delivery)
    other = await bench.deliver()

    assert first == second == []
    assert other == [[FLOOD.body]]
    assert bench.reports == [LOST]


async def test_where_it_can_not_be_seen_nothing_is_sent_again(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    bench.channel.before, bench.channel.finding = [LOST], [history_unreadable("77")]

    await bench.deliver()
    await bench.take_over()
    bench.pass_by(hours=2)
    await bench.ingest(STORM)

    assert await bench.deliver() == [[STORM.body]]
    assert await bench.list_states() == [DeliveryState.UNCERTAIN, DeliveryState.POSTED]


@pytest.mark.parametrize("at", ["anchoring", "before", "finding"])
async def test_a_channel_that_is_gone_pauses_the_alert_with_its_reason(
    bench: Bench, at: str
) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    bench.channel.before = [LOST] if at == "finding" else []
    setattr(bench.channel, at, [REFUSED])

    await bench.deliver()
    await bench.take_over()

    alert = await bench.get_alert()
    assert (alert.state, alert.suspension_reason) == (
        ActivityState.SUSPENDED,
        "The channel no longer exists.",
    )
    assert bench.reports[-1] is REFUSED
    assert bench.channel.quotes == []
    assert DeliveryState.CLAIMED not in await bench.list_states()


async def test_an_alert_that_its_owner_paused_meanwhile_keeps_its_pause(bench: Bench) -> None:
    alert = await bench.add()
    await bench.ingest(FLOOD)

    async def pause() -> None:
        await bench.app.alerts.pause(alert.key)

    bench.channel.delay = pause
    bench.channel.before = [REFUSED]
    await bench.deliver()

    alert = await bench.get_alert()
    assert (alert.state, alert.suspension_reason) == (ActivityState.PAUSED, None)


async def test_a_message_that_was_refused_pauses_nothing(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    bench.channel.before = [DISLIKED]
    await bench.deliver()

    bench.pass_by(hours=1)
    await bench.ingest(STORM)

    assert await bench.deliver() == [[STORM.body]]
    assert await bench.list_states() == [DeliveryState.FAILED, DeliveryState.POSTED]


@pytest.mark.parametrize(
    ("fault", "state"), [("before", DeliveryState.FAILED), ("after", DeliveryState.POSTED)]
)
async def test_an_open_message_of_a_paused_alert_is_not_sent_again(
    bench: Bench, fault: str, state: DeliveryState
) -> None:
    alert = await bench.add()
    await bench.ingest(FLOOD)
    setattr(bench.channel, fault, [LOST])
    await bench.deliver()
    send_count = bench.channel.send_count

    await bench.app.alerts.pause(alert.key)
    await bench.take_over()

    assert bench.channel.send_count == send_count
    assert await bench.list_states() == [state]


async def test_an_alert_that_is_paused_while_its_message_is_looked_for_is_not_sent_again(
    bench: Bench,
) -> None:
    alert = await bench.add()
    await bench.ingest(FLOOD)
    bench.channel.before = [LOST]
    await bench.deliver()

    async def pause() -> None:
        await bench.app.alerts.pause(alert.key)

    bench.channel.delay = pause
    send_count = bench.channel.send_count
    await bench.take_over()

    assert bench.channel.send_count == send_count
    assert await bench.list_states() == [DeliveryState.FAILED]


async def test_a_claim_left_open_before_quiet_hours_is_posted_after_them(bench: Bench) -> None:
    await bench.add(quiet_hours=QuietHours(start=time(12, 1), end=time(13), zone="UTC"))
    await bench.ingest(FLOOD)
    bench.channel.before = [LOST]
    await bench.deliver()

    bench.pass_by(minutes=1)
    quiet = await bench.deliver()
    bench.pass_by(hours=1)

    assert quiet == []
    assert await bench.deliver() == [[FLOOD.body]]


async def test_nothing_is_sent_for_an_alert_that_is_removed_at_this_moment(bench: Bench) -> None:
    alert = await bench.add()
    await bench.ingest(FLOOD)
    delivery = bench.start_delivery()

    async def remove() -> None:
        await bench.app.alerts.remove(alert.key)

    bench.channel.before = [LOST]
    await bench.deliver(delivery)
    bench.channel.delay = remove
    await bench.take_over()

    assert bench.channel.send_count == 1
    assert await bench.list_states() == []


async def test_nothing_is_stored_about_a_person_who_deletes_all_during_a_delivery(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    find_best_per_article = bench.app.index.find_best_per_article

    async def forget_and_find(*arguments: Any, **options: Any) -> Any:
        await bench.app.services.privacy.delete_personal_data(ANNA)
        return await find_best_per_article(*arguments, **options)

    monkeypatch.setattr(bench.app.index, "find_best_per_article", forget_and_find)
    quotes = await bench.deliver()

    assert quotes == []
    assert (await bench.app.answers.get_retention(ANNA)).count == 0


async def test_the_trouble_of_one_alert_touches_no_other(bench: Bench) -> None:
    for number in range(5):
        await bench.add(f"n{number}")
    await bench.ingest(FLOOD)
    bench.channel.before = [None, REFUSED, None, LOST, None]

    quotes = await bench.deliver()

    assert quotes == [[FLOOD.body]] * 3


class CountingSearch(EmbeddedSearch):
    """A search that counts how many messages are composed at the same time."""

    running_count = most_at_once = 0

    async def find_best_per_article(self, *arguments: Any, **limits: Any) -> SearchResult:
        self.running_count += 1
        self.most_at_once = max(self.most_at_once, self.running_count)
        try:
            return await super().find_best_per_article(*arguments, **limits)
        finally:
            self.running_count -= 1


async def test_messages_are_composed_one_at_a_time(bench: Bench) -> None:
    database = bench.app.alerts._database  # noqa: SLF001 - for another index on it
    search = CountingSearch(database, bench.app.index.analyser, bench.app.settings.data_dir)
    bench.app = replace(bench.app, index=search)
    for number in range(10):
        await bench.add(f"alert {number}")
    await bench.ingest(FLOOD)

    await bench.deliver()

    assert len(bench.channel.posted) == 10
    assert search.most_at_once == 1


async def test_no_more_are_sent_at_once_than_a_few(bench: Bench) -> None:
    for number in range(MAX_CONCURRENT + 1):
        await bench.add(f"n{number}")
    await bench.ingest(FLOOD)
    delivery = bench.start_delivery()

    first = len(await bench.deliver(delivery))
    second = len(await bench.deliver(delivery))

    assert (first, second) == (MAX_CONCURRENT, MAX_CONCURRENT + 1)


async def test_the_end_waits_for_what_is_being_sent(bench: Bench) -> None:
    await bench.add()
    await bench.ingest(FLOOD)
    delivery = bench.start_delivery()

    await delivery.finish(1)
    await delivery.run_round()
    await delivery.finish(1)

    assert await bench.list_states() == [DeliveryState.POSTED]


@pytest.mark.parametrize("seed", range(25))
async def test_each_article_is_reported_once_despite_failures_and_kills(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's

    def faults() -> list[Exception | None]:
        return [chance.choice([None, LOST]) for _ in range(3)]

    async def some_time() -> None:
        await asyncio.sleep(chance.choice([0, 0.001, 0.003]))

    async with open_bench(tmp_path) as bench:
        await bench.add(begins_at=NOON - timedelta(days=1))
        bench.channel = Channel(
            before=faults(), after=faults(), finding=faults(), anchoring=faults(), delay=some_time
        )
        for number in range(4):
            await bench.ingest(replace(FLOOD, id=ArticleId(f"n{number}"), body=f"River {number}."))
            pollers = [bench.start_delivery(), bench.start_delivery()]
            for poller in pollers:
                await poller.run_round()
            for poller in pollers:
                await poller.finish(chance.choice([0, 0.002, 1]))
            bench.pass_by(hours=chance.choice([-0.5, 0.1, 1]))
        bench.channel.delay = Channel().delay
        for _ in range(20):
            bench.pass_by(hours=1)
            await bench.deliver()
        quotes = [quote for message in bench.channel.quotes for quote in message]

    assert sorted(quotes) == [f"River {number}." for number in range(4)]
    assert all(isinstance(error, DeliveryError) for error in bench.reports)
