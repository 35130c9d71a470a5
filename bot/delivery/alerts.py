"""Delivering alerts: each matching article is reported once.

New articles are matched with the alerts. The unreported articles of an alert are claimed for one
message, which is posted with its key in a button and then recorded.
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
from bot.model.activity import ActivityState
from bot.model.alert import Alert, AlertClaim, AlertKey, MessageKey
from bot.model.delivery import DeliveryState
from bot.model.ids import Pseudonym, generate_key
from bot.runtime.clock import Clock
from bot.services.shown_answers import ShownAnswerService
from bot.store.alerts import AlertStore

_REST_SECONDS = LEASE.total_seconds()
"""How long an alert waits after a failed delivery before the next attempt."""

_GUILD_ASKER = Pseudonym("server")
"""The asker of a server's alert: everyone in the channel can use its buttons."""

ReportAlert = Callable[[Exception, Alert], None]
"""Reports the error of an alert to the operator."""


class AlertDelivery:
    """Delivers alerts concurrently; the failure of one does not affect others."""

    def __init__(  # noqa: PLR0913 - the parts that delivering needs
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
        """Create the delivery; nothing is posted before `run_round`.

        Args:
            alerts: The alerts, and the status of their messages.
            matcher: Stores the matching articles of each alert.
            composer: Composes the messages.
            shown_answers: Stores the data behind their buttons.
            messenger: Posts the messages and finds them again.
            clock: The current time.
            describe: Returns the sentence that is stored for an error.
            report: Called with the error of one alert.
            time: A monotonic clock in seconds; None for the event loop's.
            max_concurrent: The maximum number of messages sent at the same time.
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
        """Store new matches, then start to send messages and to settle abandoned claims."""
        await self._matcher.note_matches(self._pause)
        now = self._clock.now()
        held_back = self._tasks.find_held_back()
        for claim in await self._outbox.find_abandoned(now):
            alert = claim.alert
            # The claim of a paused alert is only closed, so it need not wait for quiet hours to end.
            is_paused = alert.state is not ActivityState.ACTIVE
            if alert.key not in held_back and (is_paused or await self._is_awake(alert)):
                self._tasks.start(alert.key, alert, partial(self._settle, claim))
        for alert in await self._alerts.find_pending(now, COOLDOWN):
            if alert.key not in held_back and await self._is_awake(alert):
                self._tasks.start(alert.key, alert, partial(self._notify, alert))

    async def finish(self, seconds: float) -> None:
        """Wait up to `seconds` for running deliveries, then cancel them."""
        await self._tasks.finish(seconds)

    async def _is_awake(self, alert: Alert) -> bool:
        """Return whether an alert is outside its quiet hours; suspend it if that is unknown."""
        try:
            return not is_quiet(alert.quiet_hours, self._clock.now())
        except UnusableAlert as error:
            await self._pause(alert, error)
            return False

    async def _pause(self, alert: Alert, error: UnusableAlert) -> None:
        if await self._alerts.suspend(alert, self._describe(error)):
            self._report(error, alert)

    async def _notify(self, alert: Alert) -> None:
        """Claim and post the unreported articles of an alert, unless another process does."""
        async with self._suspending(alert):
            # If the response is lost, the message is searched for after this one.
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
        """Settle an abandoned claim: find its message, or post it if there is none."""
        async with self._suspending(claim.alert):
            renewed = await self._outbox.take_over(claim)
            if renewed and not await self._outbox.settle(renewed):
                await self._post(renewed)

    async def _post(self, claim: AlertClaim) -> None:
        """Post the message of a claim, unless the alert was paused or removed meanwhile."""
        alert = await self._alerts.find(claim.alert.key)
        if alert is None or alert.state is not ActivityState.ACTIVE:
            await self._outbox.record(claim, DeliveryState.FAILED)
            return
        notice = await self._composer.compose(claim)
        if notice is None:
            await self._outbox.record(claim, DeliveryState.EMPTY)
        elif await self._store_notice(claim, notice):
            await self._outbox.post(claim, notice)

    async def _store_notice(self, claim: AlertClaim, notice: AlertNotice) -> bool:
        """Store what the quotes and buttons need; return whether the alert still exists."""
        await self._shown_answers.store_citations(
            notice.citations,
            key=claim.key,
            asker=claim.alert.person or _GUILD_ASKER,
            guild=claim.alert.guild,
        )
        if await self._alerts.find(claim.alert.key):
            return True
        # Its owner may just have deleted all of their data.
        await self._shown_answers.remove(claim.key)
        return False

    def _suspending(self, alert: Alert) -> AbstractAsyncContextManager[None]:
        return suspend_on_refusal(alert.channel, partial(self._suspend, alert))

    async def _suspend(self, alert: Alert, error: DeliveryFailed) -> None:
        await self._alerts.suspend(alert, self._describe(error))
