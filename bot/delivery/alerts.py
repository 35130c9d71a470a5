"""Telling of new articles for which there is an alert, each time once.

The way: what came in -> what matches -> the articles of an alert claimed for one message -> sent with
the message's key in a button -> recorded. A claim of which nobody noted what became is looked for by
its key in the channel before anything is sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

from bot.delivery.digests import LEASE, is_abandoned
from bot.digest.alert_rules import (
    COOLDOWN,
    build_alert_query,
    find_watched_revisions,
    is_quiet,
    select_new_matches,
)
from bot.errors import DeliveryFailed, HistoryUnreadable, UnusableAlert
from bot.lookups.leading import find_lead_sentence
from bot.model.alert import Alert, AlertClaim, AlertKey, MessageKey
from bot.model.article import ArticleId
from bot.model.delivery import DeliveryState
from bot.model.ids import Pseudonym, generate_key
from bot.model.shown_answer import MAX_EXCERPTS, ShownAnswer
from bot.model.subscription import SubscriptionState
from bot.presentation.alerts import build_alert_blocks
from bot.presentation.blocks import Block
from bot.retrieval.answering.answer import extract_excerpts
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.weights import Weights
from bot.runtime.clock import Clock
from bot.services.limits import build_answer_limits
from bot.services.shown_answers import ShownAnswerService
from bot.settings.settings import Settings
from bot.store.alerts import AlertStore
from bot.store.answers import AnswerStore
from bot.store.articles import ArticleStore

MAX_CONCURRENT = 100
"""The messages that are being sent at the same time at most."""

_REST_SECONDS = LEASE.total_seconds()
"""How long an alert rests of which a message could not be sent, and may be later."""

_OF_A_SERVER = Pseudonym("server")
"""Stands for who asked where nobody did: a server's alert is for all in its channel."""


class Messenger(Protocol):
    """Puts what alerts tell into channels, direct messages among them, in its own time."""

    async def get_latest_message_id(self, channel: str) -> str | None:
        """A message that stands in the channel by now; None where there is none.

        Raises:
            DeliveryFailed: There is no such channel for the bot.
            DeliveryUnknown: There was no answer.
        """

    async def send(self, channel: str, blocks: Sequence[Block], key: str) -> str:
        """Sends the blocks with their key, once however often within minutes; gives the message.

        Raises:
            DeliveryFailed: They were refused.
            DeliveryUnknown: There was no answer, or not in time; they may have been sent.
        """

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """The message with that key among those after another; None where there is none.

        Raises:
            DeliveryFailed: There is no such channel for the bot.
            DeliveryUnknown: There was no answer.
            HistoryUnreadable: It can't be seen whether there is one.
        """


Report = Callable[[Exception, Alert], None]
"""Tells the operator what went wrong with one alert."""


class Look(NamedTuple):
    """An alert as it was when it was looked for, and what that was."""

    alert: Alert
    query: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSources:
    """What alerts are matched against and kept in.

    Attributes:
        alerts: The alerts.
        answers: What was shown, for the buttons.
        articles: The library.
        index: What searches run on.
        shown_answers: Makes quotes verifiable.
        settings: The settings.
        weights: How much each feature counts.
        clock: The time.
    """

    alerts: AlertStore
    answers: AnswerStore
    articles: ArticleStore
    index: LibrarySearch
    shown_answers: ShownAnswerService
    settings: Settings
    weights: Weights
    clock: Clock


class AlertDelivery:
    """Tells of what came in, many alerts beside each other; one's trouble touches no other."""

    def __init__(self, app: AlertSources, *, messenger: Messenger, report: Report) -> None:
        """Tells nothing yet.

        Args:
            app: The app.
            messenger: Sends the messages.
            report: Takes what went wrong with one of the alerts.
        """
        self._app = app
        self._messenger = messenger
        self._report = report
        self._seen: tuple[ArticleTable, date, object] | None = None
        self._looks: Mapping[AlertKey, Look] = {}
        self._looked_through: Mapping[ArticleId, int] = {}
        self._at_work: dict[AlertKey, asyncio.Task[None]] = {}
        self._rests_until: dict[AlertKey, float] = {}

    async def run_round(self) -> None:
        """Notes what matches, and begins to tell it, and to settle what was left half done.

        Raises:
            StoreError: The database can't be used.
        """
        await self._match()
        now = self._app.clock.now()
        for claim in await self._app.alerts.find_open_claims():
            is_paused = claim.alert.state is not SubscriptionState.ACTIVE
            if is_abandoned(claim.claimed_at, now) and (
                is_paused or await self._is_awake(claim.alert)
            ):
                self._begin(claim.alert, self._settle(claim))
        for alert in await self._app.alerts.find_pending(now, COOLDOWN):
            if await self._is_awake(alert):
                self._begin(alert, self._tell(alert))

    async def finish(self, seconds: float) -> None:
        """Waits until what is being sent is done, for so long at most; then ends it."""
        tasks = [*self._at_work.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _match(self) -> None:
        """Notes what matches, where the library, the day or the alerts have changed."""
        app = self._app
        articles, today, stand = (
            await app.index.get_articles(),
            app.clock.today(),
            await app.alerts.get_change_token(),
        )
        if self._seen and self._seen[0] is articles and self._seen[1:] == (today, stand):
            return
        revisions = find_watched_revisions(articles, today, app.settings.digest.late_days)
        looks = await self._looks_of(await app.alerts.find_active())
        await self._look_through(revisions, looks)
        self._seen, self._looks, self._looked_through = (articles, today, stand), looks, revisions

    async def _looks_of(self, alerts: Sequence[Alert]) -> Mapping[AlertKey, Look]:
        """What each alert looks for; one that looks for nothing any more is paused."""
        looks = {}
        for alert in alerts:
            known = self._looks.get(alert.key)
            try:
                query = known.query if known else await self._query_of(alert)
            except UnusableAlert as error:
                await self._pause(alert, error)
            else:
                looks[alert.key] = Look(alert, query)
        return looks

    async def _query_of(self, alert: Alert) -> Query:
        return await asyncio.to_thread(build_alert_query, alert, self._app.index.analyser)

    async def _look_through(
        self, revisions: Mapping[ArticleId, int], looks: Mapping[AlertKey, Look]
    ) -> None:
        """Looks for new alerts in all these articles, for the others in those new or revised."""
        before = self._looked_through
        new = {each for each, revision in revisions.items() if before.get(each) != revision}
        begun = {key: look.alert.begins_at for key, look in self._looks.items()}
        added = [look for key, look in looks.items() if begun.get(key) != look.alert.begins_at]
        others = [look for key, look in looks.items() if begun.get(key) == look.alert.begins_at]
        await self._note_matches(added, revisions.keys())
        await self._note_matches(others, new)

    async def _note_matches(self, looks: Sequence[Look], among: AbstractSet[ArticleId]) -> None:
        if not (looks and among):
            return
        app = self._app
        held = await app.index.find_matching_ids([look.query for look in looks], article_ids=among)
        came_in_at = await app.articles.get_arrival_times([*{each for ids in held for each in ids}])
        matching = {
            look.alert.key: articles
            for look, ids in zip(looks, held, strict=True)
            if (articles := select_new_matches(ids, came_in_at, look.alert.begins_at))
        }
        if matching:
            await app.alerts.add_matches(matching)

    async def _is_awake(self, alert: Alert) -> bool:
        """Whether it may tell at this hour; one of which that can't be known any more is paused."""
        try:
            return not is_quiet(alert.quiet_hours, self._app.clock.now())
        except UnusableAlert as error:
            await self._pause(alert, error)
            return False

    async def _pause(self, alert: Alert, error: UnusableAlert) -> None:
        if await self._app.alerts.suspend(alert, error.reason):
            self._report(error, alert)

    def _begin(self, alert: Alert, work: Coroutine[Any, Any, None]) -> None:
        """Begins to work for an alert, unless that goes on already, or it rests."""
        time = asyncio.get_running_loop().time()
        rests = self._rests_until.get(alert.key, time) > time
        if alert.key in self._at_work or rests or len(self._at_work) >= MAX_CONCURRENT:
            work.close()
            return
        self._rests_until.pop(alert.key, None)
        self._at_work[alert.key] = asyncio.create_task(self._guarded(alert, work))

    async def _guarded(self, alert: Alert, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the guard of each alert: others go on
            self._report(error, alert)
            time = asyncio.get_running_loop().time()
            self._rests_until[alert.key] = time + _REST_SECONDS
        finally:
            del self._at_work[alert.key]

    async def _tell(self, alert: Alert) -> None:
        """Sends what an alert has to tell, where nobody else does."""
        try:
            after = await self._messenger.get_latest_message_id(alert.channel)
        except DeliveryFailed as error:
            await self._note_trouble(alert, error)
            raise
        claim = AlertClaim(
            key=MessageKey(generate_key()),
            alert=alert,
            claimed_at=self._app.clock.now(),
            after_message_id=after,
        )
        if await self._app.alerts.claim(claim, COOLDOWN):
            await self._send(claim)

    async def _settle(self, claim: AlertClaim) -> None:
        """Completes a message that was left half done: it is looked for, and sent where it lacks."""
        if not await self._app.alerts.renew(claim, self._app.clock.now()):
            return
        try:
            found = await self._messenger.find(
                claim.alert.channel, claim.key, claim.after_message_id
            )
        except HistoryUnreadable:
            await self._app.alerts.record(claim.key, DeliveryState.UNCERTAIN)
            raise
        except DeliveryFailed as error:
            await self._note_failed(claim, error)
            raise
        if found:
            await self._app.alerts.record(claim.key, DeliveryState.POSTED, found)
        else:
            await self._send(claim)

    async def _send(self, claim: AlertClaim) -> None:
        """Sends the message of a claim, unless the alert was paused or removed since."""
        alert = await self._app.alerts.find(claim.alert.key)
        if alert is None or alert.state is not SubscriptionState.ACTIVE:
            await self._app.alerts.record(claim.key, DeliveryState.FAILED)
            return
        citations, left_out = await self._citations(claim)
        if not citations:
            await self._app.alerts.record(claim.key, DeliveryState.EMPTY)
            return
        await self._keep(claim, citations)
        if await self._app.alerts.find(claim.alert.key) is None:
            await self._app.answers.remove(claim.key)  # whose it was may have had all deleted
            return
        blocks = build_alert_blocks(
            claim.alert.query_text,
            citations,
            max_chars=self._app.settings.answers.max_excerpt_chars,
            omitted_count=left_out,
            is_own=claim.alert.guild is None,
        )
        try:
            message = await self._messenger.send(claim.alert.channel, blocks, claim.key)
        except DeliveryFailed as error:
            await self._note_failed(claim, error)
            raise
        await self._app.alerts.record(claim.key, DeliveryState.POSTED, message)

    async def _citations(self, claim: AlertClaim) -> tuple[tuple[Citation, ...], int]:
        """The newest articles of a claim, each by what it says, and how many more there are.

        Those that were taken back since, or dated in the future, or no longer hold what is looked
        for, are none of them.
        """
        app = self._app
        taken = await app.alerts.get_article_ids(claim.key, app.clock.today())
        articles = await app.articles.find_many(taken[:MAX_EXCERPTS])
        query, limits = (
            build_alert_query(claim.alert, app.index.analyser),
            build_answer_limits(app.settings),
        )
        found = await app.index.find_best_per_article(
            query, articles, limits=limits, weights=app.weights
        )
        quoted = {excerpt.article.id: excerpt for excerpt in extract_excerpts(found, limits)}
        held = (hit.analysis.article for hit in found.hits)
        citations = tuple(
            quoted.get(each.id) or find_lead_sentence(each, max_chars=limits.max_excerpt_chars)
            for each in held
        )
        return citations, max(0, len(taken) - MAX_EXCERPTS)

    async def _keep(self, claim: AlertClaim, citations: Sequence[Citation]) -> None:
        """Makes sure that the quotes can be verified, and that their buttons work."""
        app, now = self._app, self._app.clock.now()
        await app.shown_answers.record_receipts(citations)
        shown = ShownAnswer(
            key=claim.key,
            excerpts=app.shown_answers.build_excerpts(citations),
            answering_count=len(citations),
            total=len(citations),
            dates=(),
            asker=claim.alert.person or _OF_A_SERVER,
            shown_at=now,
            expires_at=now + timedelta(days=app.settings.discord.answer_days),
            guild=claim.alert.guild,
        )
        await app.answers.add(shown)

    async def _note_failed(self, claim: AlertClaim, error: DeliveryFailed) -> None:
        await self._app.alerts.record(claim.key, DeliveryState.FAILED)
        await self._note_trouble(claim.alert, error)

    async def _note_trouble(self, alert: Alert, error: DeliveryFailed) -> None:
        """Pauses an alert that can't be told, with the reason."""
        if error.is_lasting:
            await self._app.alerts.suspend(alert, error.reason)
