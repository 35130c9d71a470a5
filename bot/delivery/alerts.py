"""Telling of new articles that match an alert, each of them once.

What came in is matched with the alerts. The articles of an alert are claimed for one message, which
is posted with its key in a button, and recorded.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

from bot.delivery.alert_composer import AlertComposer, AlertNotice
from bot.delivery.alert_matcher import AlertMatcher
from bot.delivery.outbox import (
    LEASE,
    MAX_CONCURRENT,
    DeliveryTasks,
    Describe,
    Messenger,
    Outbox,
    suspend_on_refusal,
)
from bot.digest.alert_rules import COOLDOWN, is_quiet
from bot.errors import DeliveryFailed, UnusableAlert
from bot.model.alert import Alert, AlertClaim, AlertKey, MessageKey
from bot.model.delivery import DeliveryState
from bot.model.ids import Pseudonym, generate_key
from bot.model.subscription import SubscriptionState
from bot.runtime.clock import Clock
from bot.services.shown_answers import ShownAnswerService
from bot.store.alerts import AlertStore

_REST_SECONDS = LEASE.total_seconds()
"""How long an alert rests whose message could not be posted, and may be later."""

_GUILD_ASKER = Pseudonym("server")
"""Stands for the asker of a server's alert, which is for everyone in its channel."""

ReportAlert = Callable[[Exception, Alert], None]
"""Tells the operator what went wrong with an alert."""


class AlertDelivery:
    """Tells of what came in, many alerts beside each other; one's trouble touches no other."""

    def __init__(  # noqa: PLR0913 - what delivering needs
        self,
        *,
        alerts: AlertStore,
        matcher: AlertMatcher,
        composer: AlertComposer,
        shown_answers: ShownAnswerService,
        messenger: Messenger[AlertNotice],
        clock: Clock,
        describe: Describe,
        report: ReportAlert,
        time: Callable[[], float] | None = None,
        max_concurrent: int = MAX_CONCURRENT,
    ) -> None:
        """Tell nothing yet.

        Args:
            alerts: The alerts, and what became of their messages.
            matcher: Notes which articles each alert is to tell of.
            composer: Composes the messages.
            shown_answers: Keeps what their buttons need.
            messenger: Posts them.
            clock: The time.
            describe: Returns the reason that is stored for an error.
            report: Takes what went wrong with one of the alerts.
            time: A clock in seconds that never goes back; None for that of the event loop.
            max_concurrent: The most messages that are sent at the same time.
        """
        self._alerts = alerts
        self._matcher = matcher
        self._composer = composer
        self._shown_answers = shown_answers
        self._messenger = messenger
        self._clock = clock
        self._describe = describe
        self._report = report
        self._outbox: Outbox[AlertClaim, AlertNotice] = Outbox(
            claims=alerts, messenger=messenger, clock=clock, describe=describe
        )
        self._tasks: DeliveryTasks[AlertKey, Alert] = DeliveryTasks(
            report=report, rest_seconds=_REST_SECONDS, max_concurrent=max_concurrent, time=time
        )

    async def run_round(self) -> None:
        """Note what matches, and begin to tell it, and to settle what was abandoned."""
        await self._matcher.note_matches(self._pause)
        now = self._clock.now()
        held_back = self._tasks.find_held_back()
        for claim in await self._outbox.find_abandoned(now):
            alert = claim.alert
            is_paused = alert.state is not SubscriptionState.ACTIVE
            if alert.key not in held_back and (is_paused or await self._is_awake(alert)):
                self._tasks.start(alert.key, alert, partial(self._settle, claim))
        for alert in await self._alerts.find_pending(now, COOLDOWN):
            if alert.key not in held_back and await self._is_awake(alert):
                self._tasks.start(alert.key, alert, partial(self._tell, alert))

    async def finish(self, seconds: float) -> None:
        """Wait until what is being sent is done, for so long at most; then end it."""
        await self._tasks.finish(seconds)

    async def _is_awake(self, alert: Alert) -> bool:
        """Return whether an alert may tell at this hour; pause it if that can't be known."""
        try:
            return not is_quiet(alert.quiet_hours, self._clock.now())
        except UnusableAlert as error:
            await self._pause(alert, error)
            return False

    async def _pause(self, alert: Alert, error: UnusableAlert) -> None:
        if await self._alerts.suspend(alert, self._describe(error)):
            self._report(error, alert)

    async def _tell(self, alert: Alert) -> None:
        """Claim and post what an alert has to tell, unless another process does."""
        async with self._suspending(alert):
            anchor = await self._messenger.get_latest_message_id(alert.channel)
            claim = AlertClaim(
                key=MessageKey(generate_key()),
                alert=alert,
                claimed_at=self._clock.now(),
                after_message_id=anchor,
            )
            if await self._alerts.claim(claim, COOLDOWN):
                await self._post(claim)

    async def _settle(self, claim: AlertClaim) -> None:
        """Complete a message that was abandoned: it is looked for, and posted if it is missing."""
        async with self._suspending(claim.alert):
            renewed = await self._outbox.take_over(claim)
            if renewed and not await self._outbox.settle(renewed):
                await self._post(renewed)

    async def _post(self, claim: AlertClaim) -> None:
        """Post the message of a claim, unless the alert was paused or removed since."""
        alert = await self._alerts.find(claim.alert.key)
        if alert is None or alert.state is not SubscriptionState.ACTIVE:
            await self._outbox.record(claim, DeliveryState.FAILED)
            return
        notice = await self._composer.compose(claim)
        if notice is None:
            await self._outbox.record(claim, DeliveryState.EMPTY)
        elif await self._store_notice(claim, notice):
            await self._outbox.post(claim, notice)

    async def _store_notice(self, claim: AlertClaim, notice: AlertNotice) -> bool:
        """Make the quotes verifiable and the buttons work; return whether the alert is still there."""
        await self._shown_answers.store_citations(
            notice.citations,
            key=claim.key,
            asker=claim.alert.person or _GUILD_ASKER,
            guild=claim.alert.guild,
        )
        if await self._alerts.find(claim.alert.key):
            return True
        await self._shown_answers.remove(claim.key)  # its owner may have had all data deleted
        return False

    def _suspending(self, alert: Alert) -> AbstractAsyncContextManager[None]:
        return suspend_on_refusal(alert.channel, partial(self._suspend, alert))

    async def _suspend(self, alert: Alert, error: DeliveryFailed) -> None:
        await self._alerts.suspend(alert, self._describe(error))
