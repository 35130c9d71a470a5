import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.alerts import MAX_CONCURRENT, AlertDelivery, AlertSources
from bot.delivery.digests import LEASE
from bot.digest.alert_rules import NOTHING_TO_SEARCH, UNKNOWN_ZONE
from bot.errors import (
    DeliveryError,
    DeliveryFailed,
    DeliveryUnknown,
    HistoryUnreadable,
    StoreError,
    UnusableAlert,
)
from bot.model.alert import Alert, AlertKey, QuietHours
from bot.model.article import Article, ArticleId
from bot.model.delivery import DeliveryState
from bot.model.ids import Pseudonym
from bot.model.shown_answer import ShownAnswer
from bot.model.subscription import SubscriptionState
from bot.presentation.blocks import Block, Heading, Line, Quote
from bot.retrieval.answering.receipts import ReceiptStatus
from bot.retrieval.question.query import Query
from bot.runtime.clock import Clock as ApplicationClock
from bot.wiring import Application
from tests import builders
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import Standing as Clock
from tests.discord_ui.conftest import locked
from tests.retrieval.builders import some_weights

ANNA = Pseudonym("a" * 32)
HARBOUR = "1191168914227200000"
AN_HOUR = timedelta(hours=1)
FLOOD = an_article("The river rose by two metres.", id="flood", title="Flood")
STORM = an_article("A storm came up the river.", id="storm", title="Storm")
COUNCIL = an_article("The council met in the old town hall.", id="council")
LOST = DeliveryUnknown("77")
REFUSED = DeliveryFailed("77", "The channel is gone.", is_lasting=True)
DISLIKED = DeliveryFailed("77", "Discord refused what it says.", is_lasting=False)


@dataclass
class Channel:
    """A channel, and how it fails: each fault meets one call, `None` lets it go well.

    What it takes, it takes once for each key, as Discord does for some minutes.
    """

    posted: dict[str, tuple[Block, ...]] = field(default_factory=dict)
    before: list[Exception | None] = field(default_factory=list)
    after: list[Exception | None] = field(default_factory=list)
    looking: list[Exception | None] = field(default_factory=list)
    anchoring: list[Exception | None] = field(default_factory=list)
    sends: int = 0
    delay: Callable[[], Awaitable[object]] = field(default=lambda: asyncio.sleep(0))

    async def get_latest_message_id(self, channel: str) -> str | None:  # noqa: ARG002 - there is one
        _fail(self.anchoring)
        return None

    async def send(self, channel: str, blocks: Sequence[Block], key: str) -> str:  # noqa: ARG002
        self.sends += 1
        await self.delay()
        _fail(self.before)
        self.posted.setdefault(key, tuple(blocks))
        await self.delay()
        _fail(self.after)
        return f"message of {key}"

    async def find(self, channel: str, key: str, after: str | None) -> str | None:  # noqa: ARG002
        await self.delay()
        _fail(self.looking)
        return f"message of {key}" if key in self.posted else None

    @property
    def titles(self) -> list[list[str]]:
        """For each message the headlines told, as the line below each quote has them."""
        return [
            [_quoted(block) for block in blocks] for blocks in map(_quotes, self.posted.values())
        ]


def _fail(faults: list[Exception | None]) -> None:
    if faults and (fault := faults.pop(0)):
        raise fault


def _quotes(blocks: Sequence[Block]) -> list[Quote]:
    return [block for block in blocks if isinstance(block, Quote)]


def _quoted(quote: Quote) -> str:
    return quote.text


@dataclass
class Bench:
    """An app with a library, a channel, and what tells alerts there."""

    app: Application
    channel: Channel
    clock: Clock
    reported: list[Exception]

    def delivery(self) -> AlertDelivery:
        """What a process that starts now makes."""
        app = self.app
        sources = AlertSources(
            alerts=app.alerts,
            answers=app.answers,
            articles=app.articles,
            index=app.index,
            shown_answers=app.services.shown_answers,
            settings=app.settings,
            weights=app.weights,
            clock=app.clock,
        )
        return AlertDelivery(
            sources,
            messenger=self.channel,
            report=lambda error, _: self.reported.append(error),
        )

    async def add(self, key: str = "own", **changed: object) -> Alert:
        alert = Alert(
            key=AlertKey(key),
            guild=None,
            person=ANNA,
            channel="77",
            query_text="river",
            quiet_hours=None,
            begins_at=self.clock.now,
        )
        alert = replace(alert, **changed)  # type: ignore[arg-type]
        assert await self.app.alerts.add(alert, limit=1_000)
        return alert

    async def come_in(self, *articles: Article) -> None:
        self.clock.pass_by(seconds=1)
        await self.app.articles.put(articles, self.clock.now)
        await self.app.index.refresh()

    async def told(self, delivery: AlertDelivery | None = None) -> list[list[str]]:
        """What the channel holds after one round."""
        delivery = delivery or self.delivery()
        await delivery.run_round()
        await delivery.finish(5)
        return self.channel.titles

    async def states(self) -> list[str]:
        rows = await self.app.alerts._database.fetch(  # noqa: SLF001 - nobody else asks for these
            "SELECT state FROM alert_messages ORDER BY claimed_at, key"
        )
        return [state for (state,) in rows]

    async def execute(self, sql: str) -> None:
        async with self.app.alerts._database.transaction() as transaction:  # noqa: SLF001 - as above
            await transaction.execute(sql)

    async def alert(self, key: str = "own") -> Alert:
        found = await self.app.alerts.find(key)
        assert found
        return found


@asynccontextmanager
async def a_bench(folder: Path) -> AsyncIterator[Bench]:
    clock = Clock()
    async with builders.an_app(folder, weights=some_weights()) as app:
        standing = replace(app, clock=ApplicationClock(lambda: clock.now, app.clock.zone))
        yield Bench(app=standing, channel=Channel(), clock=clock, reported=[])


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with a_bench(tmp_path) as bench:
        yield bench


async def test_a_new_article_that_matches_is_told_once(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD, COUNCIL)
    delivery = bench.delivery()

    await bench.told(delivery)
    bench.clock.pass_by(hours=2)
    await bench.told(delivery)
    told = await bench.told()

    assert told == [[FLOOD.body]]
    assert await bench.states() == [DeliveryState.POSTED]
    assert bench.reported == []


async def test_what_the_library_held_before_is_not_told(bench: Bench) -> None:
    await bench.come_in(FLOOD)
    await bench.add()
    await bench.come_in(replace(FLOOD, body="The river rose by three metres."))

    assert await bench.told() == []


async def test_a_revised_article_is_not_told_again(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    await bench.told()

    bench.clock.pass_by(hours=2)
    await bench.come_in(replace(FLOOD, body="The river rose by three metres."))

    assert await bench.told() == [[FLOOD.body]]


async def test_an_article_that_was_taken_back_and_came_again_is_not_told_again(
    bench: Bench,
) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    await bench.told()

    await bench.app.articles.remove(FLOOD.id, "Wrong.", bench.clock.now)
    bench.clock.pass_by(hours=2)
    await bench.come_in(FLOOD)

    assert await bench.told() == [[FLOOD.body]]


@pytest.mark.parametrize(
    ("days", "is_told"), [(7, True), (8, False)], ids=["as late as may be", "too late"]
)
async def test_an_article_that_comes_in_late_is_told_for_some_days(
    bench: Bench,
    days: int,
    is_told: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    await bench.add()
    published_on = bench.app.clock.today() - timedelta(days=days)
    await bench.come_in(replace(FLOOD, published_on=published_on))

    assert bool(await bench.told()) is is_told


async def test_an_article_dated_in_the_future_waits_for_its_day(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(replace(FLOOD, published_on=bench.app.clock.today() + timedelta(days=1)))
    delivery = bench.delivery()

    early = await bench.told(delivery)
    bench.clock.pass_by(days=1)

    assert early == []
    assert await bench.told(delivery) == [[FLOOD.body]]


async def test_an_article_that_is_dated_in_the_future_before_it_is_told_is_left_out(
    bench: Bench,
) -> None:
    await bench.add(quiet_hours=QuietHours(start=time(11), end=time(13), zone="UTC"))
    await bench.come_in(FLOOD, STORM)
    delivery = bench.delivery()

    quiet = await bench.told(delivery)
    await bench.come_in(replace(FLOOD, published_on=bench.app.clock.today() + timedelta(days=1)))
    bench.clock.pass_by(hours=1)
    later = await bench.told(delivery)

    assert quiet == []
    assert later == [[STORM.body]]


async def test_the_newest_come_first_and_those_too_long_to_quote_are_named(bench: Bench) -> None:
    await bench.add()
    wordy = an_article("The river, " * 80 + "said he.", id="wordy", published_on=date(2026, 3, 1))
    await bench.come_in(wordy, FLOOD)

    await bench.told()

    (blocks,) = bench.channel.posted.values()
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        "2 new articles for your alert",
        "An article without a sentence short enough to be quoted",
    ]


async def test_quotes_stand_word_for_word_and_can_be_verified(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    await bench.told()

    (blocks,) = bench.channel.posted.values()
    texts = [block.text for block in blocks if isinstance(block, Line)]
    receipt = next(text.rpartition(" ")[2] for text in texts if "receipt" in text)
    verified = await bench.app.services.verify.verify(receipt)

    assert verified.status is ReceiptStatus.IDENTICAL
    assert verified.article_id == FLOOD.id


async def test_an_article_is_told_by_what_it_says_of_the_alert(bench: Bench) -> None:
    await bench.add()
    lead = "The council met in the old town hall. " * 20
    await bench.come_in(replace(FLOOD, body=f"{lead}\n\nThen the river rose. {lead}"))

    (quotes,) = await bench.told()

    assert "Then the river rose." in quotes[0]


async def test_what_was_told_is_kept_for_the_buttons_under_the_key_of_the_message(
    bench: Bench,
) -> None:
    await bench.add()
    await bench.add("server", guild=HARBOUR, person=None)
    await bench.come_in(FLOOD)
    await bench.told()

    found = [await bench.app.answers.find(key, bench.clock.now) for key in bench.channel.posted]
    kept: list[ShownAnswer] = [each for each in found if each]

    assert [(each.asker, each.guild) for each in kept] == [(ANNA, None), ("server", HARBOUR)]
    assert [len(each.excerpts) for each in kept] == [1, 1]


async def test_more_than_are_kept_are_counted(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(*(replace(FLOOD, id=ArticleId(f"n{number}")) for number in range(33)))

    await bench.told()

    (blocks,) = bench.channel.posted.values()
    texts = [getattr(block, "text", "") for block in blocks]
    assert "33 new articles for your alert" in texts
    assert "Of these, the newest 30 are shown." in texts


async def test_what_was_taken_back_before_it_was_told_is_left_out(bench: Bench) -> None:
    night = QuietHours(start=time(11), end=time(13), zone="UTC")
    await bench.add(quiet_hours=night)
    await bench.add("other", quiet_hours=night)
    await bench.come_in(FLOOD, STORM)
    delivery = bench.delivery()

    quiet = await bench.told(delivery)
    await bench.app.articles.remove(FLOOD.id, "Wrong.", bench.clock.now)
    await bench.come_in(replace(STORM, body="A storm came up the coast."))
    bench.clock.pass_by(hours=1)
    later = await bench.told(delivery)

    assert quiet == later == []
    assert await bench.states() == [DeliveryState.EMPTY] * 2


async def test_what_matches_in_quiet_hours_is_told_after_them(bench: Bench) -> None:
    await bench.add(quiet_hours=QuietHours(start=time(11), end=time(13), zone="UTC"))
    await bench.come_in(FLOOD)
    delivery = bench.delivery()

    quiet = await bench.told(delivery)
    bench.clock.pass_by(hours=1)

    assert quiet == []
    assert await bench.told(delivery) == [[FLOOD.body]]


async def test_what_matches_within_an_hour_is_told_together(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    delivery = bench.delivery()
    await bench.told(delivery)
    for number in range(3):
        await bench.come_in(replace(STORM, id=ArticleId(f"storm{number}")))
        await bench.told(delivery)

    before = len(bench.channel.posted)
    bench.clock.pass_by(hours=1)
    told = await bench.told(delivery)

    assert before == 1
    assert told == [[FLOOD.body], [STORM.body] * 3]


async def test_an_alert_that_is_added_is_looked_for_though_the_library_stays(bench: Bench) -> None:
    await bench.add(query_text="storm")
    await bench.come_in(STORM)
    delivery = bench.delivery()
    await bench.told(delivery)

    await bench.add("late", begins_at=bench.clock.now - timedelta(milliseconds=1))

    assert await bench.told(delivery) == [[STORM.body]] * 2


async def test_an_unchanged_library_is_looked_through_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    delivery = bench.delivery()
    looked: list[object] = []
    holding = bench.app.index.find_matching_ids

    async def counted(queries: Sequence[Query], *, article_ids: AbstractSet[ArticleId]) -> object:
        looked.append(queries)
        return await holding(queries, article_ids=article_ids)

    monkeypatch.setattr(bench.app.index, "find_matching_ids", counted)
    for _ in range(3):
        await bench.told(delivery)
    await bench.come_in(STORM)
    await bench.told(delivery)

    assert len(looked) == 2


async def test_only_what_is_new_or_revised_is_looked_at_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.add()
    await bench.come_in(FLOOD, COUNCIL)
    delivery = bench.delivery()
    looked: list[tuple[int, set[str]]] = []
    holding = bench.app.index.find_matching_ids

    async def noted(queries: Sequence[Query], *, article_ids: AbstractSet[ArticleId]) -> object:
        looked.append((len(queries), set(article_ids)))
        return await holding(queries, article_ids=article_ids)

    monkeypatch.setattr(bench.app.index, "find_matching_ids", noted)
    await bench.told(delivery)
    await bench.come_in(STORM, replace(COUNCIL, body="The council met again."))
    await bench.told(delivery)
    await bench.add("late", begins_at=bench.clock.now)
    await bench.told(delivery)

    every = {FLOOD.id, STORM.id, COUNCIL.id}
    assert looked == [(1, every - {STORM.id}), (1, every - {FLOOD.id}), (1, every)]


async def test_nothing_is_written_where_nothing_matches(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(COUNCIL)

    async with locked(bench.app):
        told = await bench.told()

    assert told == []


async def test_an_article_that_a_revision_makes_match_is_told(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(COUNCIL)
    delivery = bench.delivery()

    before = await bench.told(delivery)
    await bench.come_in(replace(COUNCIL, body="The council met by the river."))

    assert before == []
    assert await bench.told(delivery) == [["The council met by the river."]]


async def test_what_came_in_while_an_alert_was_paused_is_not_told(bench: Bench) -> None:
    alert = await bench.add()
    delivery = bench.delivery()
    await bench.told(delivery)

    await bench.app.alerts.pause(alert.key)
    await bench.come_in(FLOOD)
    await bench.told(delivery)
    await bench.app.alerts.resume(alert.key, bench.clock.now)
    resumed = await bench.told(delivery)
    await bench.come_in(STORM)

    assert resumed == []
    assert await bench.told(delivery) == [[STORM.body]]


async def test_what_could_not_be_noted_is_looked_for_again(bench: Bench) -> None:
    await bench.add()
    delivery = bench.delivery()
    await bench.told(delivery)
    await bench.come_in(FLOOD)

    await bench.execute(
        "CREATE TRIGGER busy BEFORE INSERT ON alert_articles BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with pytest.raises(StoreError):
        await delivery.run_round()
    await bench.execute("DROP TRIGGER busy")

    assert await bench.told(delivery) == [[FLOOD.body]]


async def test_an_alert_that_looks_for_nothing_any_more_is_paused_and_the_others_go_on(
    bench: Bench,
) -> None:
    await bench.add("common", query_text="the")
    await bench.add()
    await bench.come_in(FLOOD)
    delivery = bench.delivery()

    told = await bench.told(delivery)
    await bench.come_in(COUNCIL)
    await bench.told(delivery)

    common = await bench.alert("common")
    assert told == [[FLOOD.body]]
    assert (common.state, common.suspension_reason) == (
        SubscriptionState.SUSPENDED,
        NOTHING_TO_SEARCH,
    )
    assert [type(error) for error in bench.reported] == [UnusableAlert]


async def test_an_alert_that_two_processes_find_unusable_is_reported_by_one(bench: Bench) -> None:
    await bench.add("common", query_text="the")

    await asyncio.gather(bench.delivery().run_round(), bench.delivery().run_round())

    assert [type(error) for error in bench.reported] == [UnusableAlert]


async def test_an_alert_whose_zone_is_known_no_longer_is_paused_and_the_others_go_on(
    bench: Bench,
) -> None:
    await bench.add(
        "lost", quiet_hours=QuietHours(start=time(22), end=time(7), zone="Europe/Atlantis")
    )
    await bench.add()
    await bench.come_in(FLOOD)
    delivery = bench.delivery()

    told = await bench.told(delivery)
    await bench.told(delivery)

    lost = await bench.alert("lost")
    assert told == [[FLOOD.body]]
    assert (lost.state, lost.suspension_reason) == (SubscriptionState.SUSPENDED, UNKNOWN_ZONE)
    assert [type(error) for error in bench.reported] == [UnusableAlert]


async def test_what_was_left_half_told_is_settled_though_the_zone_is_known_no_longer(
    bench: Bench,
) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    bench.channel.after = [LOST]
    await bench.told()
    await bench.execute(
        "UPDATE alerts SET quiet_from = '22:00', quiet_to = '07:00', quiet_zone = 'Atlantis'"
    )

    await killed(bench)
    paused = await bench.alert()
    await bench.told()

    assert paused.suspension_reason == UNKNOWN_ZONE
    assert await bench.states() == [DeliveryState.POSTED]
    assert bench.channel.titles == [[FLOOD.body]]


async def killed(bench: Bench) -> None:
    """Another process goes on once it can take the claim over."""
    bench.clock.pass_by(seconds=LEASE.total_seconds())
    await bench.told()


@pytest.mark.parametrize("fault", ["before", "after"], ids=["not taken", "taken, answer lost"])
async def test_a_message_of_which_no_answer_came_stands_once(bench: Bench, fault: str) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    setattr(bench.channel, fault, [LOST])

    await bench.told()
    states = await bench.states()
    sends = bench.channel.sends
    await killed(bench)

    assert states == [DeliveryState.CLAIMED]
    assert bench.channel.titles == [[FLOOD.body]]
    assert await bench.states() == [DeliveryState.POSTED]
    assert bench.channel.sends == sends + (fault == "before")


@pytest.mark.parametrize("is_taken", [False, True], ids=["between claim and post", "after post"])
async def test_one_killed_while_it_sends_leaves_one_message(
    bench: Bench,
    is_taken: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    calls = 0

    async def hang() -> None:
        nonlocal calls
        calls += 1
        if calls == 1 + is_taken:
            await asyncio.Event().wait()

    bench.channel.delay = hang
    delivery = bench.delivery()
    await delivery.run_round()
    await delivery.finish(0.05)
    before = list(bench.channel.titles)
    await killed(bench)

    assert before == ([[FLOOD.body]] if is_taken else [])
    assert bench.channel.titles == [[FLOOD.body]]
    assert bench.channel.sends == 2 - is_taken
    assert await bench.states() == [DeliveryState.POSTED]


async def test_the_buttons_of_one_sent_anew_are_of_what_it_shows_then(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD, replace(FLOOD, id=ArticleId("gone"), body=f"{FLOOD.body} All day."))
    bench.channel.before = [LOST]
    await bench.told()
    await bench.app.articles.remove(ArticleId("gone"), "Wrong.", bench.clock.now)
    await bench.app.index.refresh()

    bench.clock.pass_by(seconds=LEASE.total_seconds())
    await bench.told()

    (key,) = bench.channel.posted
    kept = await bench.app.answers.find(key, bench.clock.now)
    assert bench.channel.titles == [[FLOOD.body]]
    assert kept
    assert [each.article_id for each in kept.excerpts] == [FLOOD.id]


async def test_a_claim_is_left_to_who_made_it_for_a_while(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    bench.channel.before = [LOST]
    await bench.told()

    bench.clock.pass_by(seconds=LEASE.total_seconds() - 1)

    assert await bench.told() == []


async def test_a_claim_that_was_left_is_taken_over_by_one_of_two_processes(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    bench.channel.before = [LOST]
    await bench.told()
    bench.clock.pass_by(seconds=LEASE.total_seconds())
    pollers = [bench.delivery(), bench.delivery()]

    await asyncio.gather(*(poller.run_round() for poller in pollers))
    for poller in pollers:
        await poller.finish(5)

    assert bench.channel.titles == [[FLOOD.body]]
    assert bench.channel.sends == 2


async def test_a_claim_of_a_clock_that_was_set_back_is_left_to_nobody(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    bench.channel.before = [LOST]
    await bench.told()

    bench.clock.pass_by(hours=-1)

    assert await bench.told() == [[FLOOD.body]]


async def test_one_process_that_failed_rests_before_it_tries_again(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    bench.channel.anchoring = [LOST]
    delivery = bench.delivery()

    first = await bench.told(delivery)
    second = await bench.told(delivery)
    other = await bench.told()

    assert first == second == []
    assert other == [[FLOOD.body]]
    assert bench.reported == [LOST]


async def test_where_it_can_not_be_seen_nothing_is_sent_again(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    bench.channel.before, bench.channel.looking = (
        [LOST],
        [HistoryUnreadable("77", "I can't see what was posted since.")],
    )

    await bench.told()
    await killed(bench)
    bench.clock.pass_by(hours=2)
    await bench.come_in(STORM)

    assert await bench.told() == [[STORM.body]]
    assert await bench.states() == [DeliveryState.UNCERTAIN, DeliveryState.POSTED]


@pytest.mark.parametrize("at", ["anchoring", "before", "looking"])
async def test_a_channel_that_is_gone_pauses_the_alert_with_its_reason(
    bench: Bench, at: str
) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    bench.channel.before = [LOST] if at == "looking" else []
    setattr(bench.channel, at, [REFUSED])

    await bench.told()
    await killed(bench)

    alert = await bench.alert()
    assert (alert.state, alert.suspension_reason) == (
        SubscriptionState.SUSPENDED,
        "The channel is gone.",
    )
    assert bench.reported[-1] is REFUSED
    assert bench.channel.titles == []
    assert DeliveryState.CLAIMED not in await bench.states()


async def test_an_alert_that_its_owner_paused_meanwhile_keeps_its_pause(bench: Bench) -> None:
    alert = await bench.add()
    await bench.come_in(FLOOD)

    async def paused() -> None:
        await bench.app.alerts.pause(alert.key)

    bench.channel.delay = paused
    bench.channel.before = [REFUSED]
    await bench.told()

    alert = await bench.alert()
    assert (alert.state, alert.suspension_reason) == (SubscriptionState.PAUSED, None)


async def test_a_message_that_was_refused_pauses_nothing(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    bench.channel.before = [DISLIKED]
    await bench.told()

    bench.clock.pass_by(hours=1)
    await bench.come_in(STORM)

    assert await bench.told() == [[STORM.body]]
    assert await bench.states() == [DeliveryState.FAILED, DeliveryState.POSTED]


@pytest.mark.parametrize(
    ("fault", "state"), [("before", DeliveryState.FAILED), ("after", DeliveryState.POSTED)]
)
async def test_what_an_alert_was_telling_when_it_was_paused_is_not_sent_again(
    bench: Bench, fault: str, state: DeliveryState
) -> None:
    alert = await bench.add()
    await bench.come_in(FLOOD)
    setattr(bench.channel, fault, [LOST])
    await bench.told()
    sends = bench.channel.sends

    await bench.app.alerts.pause(alert.key)
    await killed(bench)

    assert bench.channel.sends == sends
    assert await bench.states() == [state]


async def test_an_alert_that_is_paused_while_its_message_is_looked_for_is_not_sent_again(
    bench: Bench,
) -> None:
    alert = await bench.add()
    await bench.come_in(FLOOD)
    bench.channel.before = [LOST]
    await bench.told()

    async def paused() -> None:
        await bench.app.alerts.pause(alert.key)

    bench.channel.delay = paused
    sends = bench.channel.sends
    await killed(bench)

    assert bench.channel.sends == sends
    assert await bench.states() == [DeliveryState.FAILED]


async def test_what_was_left_half_told_before_quiet_hours_is_told_after_them(bench: Bench) -> None:
    await bench.add(quiet_hours=QuietHours(start=time(12, 1), end=time(13), zone="UTC"))
    await bench.come_in(FLOOD)
    bench.channel.before = [LOST]
    await bench.told()

    bench.clock.pass_by(minutes=1)
    quiet = await bench.told()
    bench.clock.pass_by(hours=1)

    assert quiet == []
    assert await bench.told() == [[FLOOD.body]]


async def test_nothing_is_sent_for_an_alert_that_is_removed_at_this_moment(bench: Bench) -> None:
    alert = await bench.add()
    await bench.come_in(FLOOD)
    delivery = bench.delivery()

    async def removed() -> None:
        await bench.app.alerts.remove(alert.key)

    bench.channel.before = [LOST]
    await bench.told(delivery)
    bench.channel.delay = removed
    await killed(bench)

    assert bench.channel.sends == 1
    assert await bench.states() == []


async def test_nothing_is_kept_of_a_person_who_has_all_deleted_while_they_are_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    best_of_each = bench.app.index.find_best_per_article

    async def forgetting(*arguments: Any, **options: Any) -> Any:
        await bench.app.services.privacy.delete_personal_data(ANNA)
        return await best_of_each(*arguments, **options)

    monkeypatch.setattr(bench.app.index, "find_best_per_article", forgetting)
    told = await bench.told()

    assert told == []
    assert (await bench.app.answers.get_retention(ANNA)).count == 0


async def test_the_trouble_of_one_alert_touches_no_other(bench: Bench) -> None:
    for number in range(5):
        await bench.add(f"n{number}")
    await bench.come_in(FLOOD)
    bench.channel.before = [None, REFUSED, None, LOST, None]

    told = await bench.told()

    assert told == [[FLOOD.body]] * 3


async def test_no_more_are_sent_at_once_than_a_few(bench: Bench) -> None:
    for number in range(MAX_CONCURRENT + 1):
        await bench.add(f"n{number}")
    await bench.come_in(FLOOD)
    delivery = bench.delivery()

    first = len(await bench.told(delivery))
    second = len(await bench.told(delivery))

    assert (first, second) == (MAX_CONCURRENT, MAX_CONCURRENT + 1)


async def test_the_end_waits_for_what_is_being_sent(bench: Bench) -> None:
    await bench.add()
    await bench.come_in(FLOOD)
    delivery = bench.delivery()

    await delivery.finish(1)
    await delivery.run_round()
    await delivery.finish(1)

    assert await bench.states() == [DeliveryState.POSTED]


@pytest.mark.parametrize("seed", range(25))
async def test_each_article_is_told_once_whatever_fails_and_whenever_it_is_killed(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's

    def faults() -> list[Exception | None]:
        return [chance.choice([None, LOST]) for _ in range(3)]

    async def some_time() -> None:
        await asyncio.sleep(chance.choice([0, 0.001, 0.003]))

    async with a_bench(tmp_path) as bench:
        await bench.add(begins_at=NOON - timedelta(days=1))
        bench.channel = Channel(
            before=faults(), after=faults(), looking=faults(), anchoring=faults(), delay=some_time
        )
        for number in range(4):
            await bench.come_in(replace(FLOOD, id=ArticleId(f"n{number}"), body=f"River {number}."))
            pollers = [bench.delivery(), bench.delivery()]
            for poller in pollers:
                await poller.run_round()
            for poller in pollers:
                await poller.finish(chance.choice([0, 0.002, 1]))
            bench.clock.pass_by(hours=chance.choice([-0.5, 0.1, 1]))
        bench.channel.delay = Channel().delay
        for _ in range(20):
            bench.clock.pass_by(hours=1)
            await bench.told()
        told = [quote for quotes in bench.channel.titles for quote in quotes]

    assert sorted(told) == [f"River {number}." for number in range(4)]
    assert all(isinstance(error, DeliveryError) for error in bench.reported)
