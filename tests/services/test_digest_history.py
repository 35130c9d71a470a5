from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.digest.decisions import Decision, DecisionStep
from bot.errors import AnswerExpired, NoDelivery, UnknownArticle
from bot.model.article import ArticleId
from bot.model.delivery import (
    Delivery,
    DeliveryOutcome,
    DeliveryState,
    DigestClaim,
    RecordedDecision,
)
from bot.model.subscription import Subscription
from bot.runtime.clock import Clock
from bot.services import digest_history
from bot.wiring import Application
from tests.builders import NOON, an_app, an_article

HOUR = timedelta(hours=1)
TODAY = NOON.date()
FLOOD, TWIN = ArticleId("flood"), ArticleId("twin")


@dataclass
class Told:
    """An app with a server's digest, and articles added at NOON."""

    app: Application
    digest: Subscription

    async def delivered(
        self, *decisions: RecordedDecision, day: date = TODAY, last_id: int = 0
    ) -> Delivery:
        claim = DigestClaim(
            subscription=self.digest,
            last_id=last_id,
            local_day=day,
            window_starts_at=NOON - HOUR,
            window_ends_at=NOON + HOUR,
            key=f"k{last_id}",
            after_message_id=None,
            decisions=decisions,
        )
        delivery = await self.app.deliveries.claim(claim, NOON + HOUR)
        assert delivery
        return delivery


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Told]:
    async with an_app(tmp_path) as app:
        await app.articles.put([an_article(), an_article(id="twin", title="Twin")], NOON)
        new = replace(
            app.services.digests.build_default("10", app.settings.dates.zone),
            name="news",
            channel="20",
            begins_at=NOON - HOUR,
        )
        digest = await app.subscriptions.add(new, limit=1)
        assert digest
        yield Told(replace(app, clock=Clock(lambda: NOON + HOUR, app.clock.zone)), digest)


async def test_an_article_is_explained_for_the_last_delivery_or_for_a_day(
    told: Told,
) -> None:
    first = await told.delivered(RecordedDecision(FLOOD, "taken", "1"), day=date(2026, 3, 2))
    last = await told.delivered(RecordedDecision(FLOOD, "window", "before"), last_id=first.id)

    latest, explanation = await told.app.services.digest_history.explain_decision(
        told.digest, FLOOD, None
    )
    of_day, earlier = await told.app.services.digest_history.explain_decision(
        told.digest, FLOOD, date(2026, 3, 2)
    )

    assert (latest, of_day) == (last, first)
    assert explanation.decision == Decision(
        article_id=FLOOD, step=DecisionStep.WINDOW, detail="before"
    )
    assert earlier.decision == Decision(article_id=FLOOD, step=DecisionStep.TAKEN, detail="1")
    assert (explanation.arrived_at, explanation.window_starts_at, explanation.window_ends_at) == (
        NOON,
        NOON - HOUR,
        NOON + HOUR,
    )


async def test_the_article_that_tells_the_story_is_found(told: Told) -> None:
    await told.delivered(RecordedDecision(FLOOD, "duplicate_of", TWIN))

    _, explanation = await told.app.services.digest_history.explain_decision(
        told.digest, FLOOD, None
    )

    assert explanation.duplicate_of
    assert explanation.duplicate_of.title == "Twin"


@pytest.mark.parametrize(
    ("state", "is_posted", "is_refused"),
    [
        (DeliveryState.CLAIMED, False, False),
        (DeliveryState.POSTED, True, False),
        (DeliveryState.UNCERTAIN, False, False),
        (DeliveryState.FAILED, False, True),
    ],
)
async def test_the_history_shows_whether_the_digest_was_posted_or_refused(
    told: Told,
    state: DeliveryState,
    is_posted: bool,  # noqa: FBT001 - a row of the table
    is_refused: bool,  # noqa: FBT001
) -> None:
    delivery = await told.delivered()
    message_id, reason = ("9", None) if state is DeliveryState.POSTED else (None, "Why.")
    outcome = DeliveryOutcome(state=state, settled_at=NOON, message_id=message_id, reason=reason)
    if state is not DeliveryState.CLAIMED:
        await told.app.deliveries.record(delivery, outcome)

    known, explanation = await told.app.services.digest_history.explain_decision(
        told.digest, FLOOD, TODAY
    )

    assert known.state is state
    assert (explanation.is_posted, explanation.is_refused) == (is_posted, is_refused)


async def test_there_is_nothing_to_tell_of_a_day_or_an_article_that_there_is_not(
    told: Told,
) -> None:
    with pytest.raises(NoDelivery, match="day=None"):
        await told.app.services.digest_history.explain_decision(told.digest, FLOOD, None)
    await told.delivered()
    with pytest.raises(NoDelivery, match="day=2026-03-01"):
        await told.app.services.digest_history.explain_decision(
            told.digest, FLOOD, date(2026, 3, 1)
        )
    with pytest.raises(UnknownArticle):
        await told.app.services.digest_history.explain_decision(
            told.digest, ArticleId("zeppelin"), None
        )


async def test_the_steps_of_a_delivery_are_counted_by_its_key(told: Told) -> None:
    delivery = await told.delivered(
        RecordedDecision(FLOOD, "taken", "1"), RecordedDecision(TWIN, "duplicate_of", FLOOD)
    )

    assert await told.app.services.digest_history.count_decisions_by_step(delivery.key) == {
        DecisionStep.TAKEN: 1,
        DecisionStep.DUPLICATE_OF: 1,
    }
    with pytest.raises(AnswerExpired):
        await told.app.services.digest_history.count_decisions_by_step("other")


async def test_the_history_has_the_latest_days(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest_history, "MAX_HISTORY_DAYS", 1)
    first = await told.delivered(day=date(2026, 3, 2))
    last = await told.delivered(last_id=first.id)

    assert await told.app.services.digest_history.list_history(told.digest) == (last,)


async def test_a_preview_goes_on_where_the_last_delivery_ended(told: Told) -> None:
    whole = await told.app.services.digest_history.preview(told.digest, None)
    await told.delivered()
    later = replace(told.app, clock=Clock(lambda: NOON + 2 * HOUR, told.app.clock.zone))

    rest = await later.services.digest_history.preview(told.digest, None)

    assert {each.article_id for each in whole.decisions} == {FLOOD, TWIN}
    assert (whole.window.starts_at, whole.window.ends_at) == (NOON - HOUR, NOON + HOUR)
    assert (rest.window.starts_at, rest.window.ends_at) == (NOON + HOUR, NOON + 2 * HOUR)
    assert rest.is_empty


async def test_a_preview_of_a_day_goes_by_the_day_of_publication(told: Told) -> None:
    digest = await told.app.services.digest_history.preview(told.digest, date(2026, 3, 2))

    assert digest.local_day == date(2026, 3, 2)
    assert digest.window.ends_at - digest.window.starts_at == timedelta(days=1)
    assert not digest.is_empty


async def test_without_a_digest_a_preview_is_of_today(told: Told) -> None:
    unset = told.app.services.digests.build_default("10", told.digest.zone)

    digest = await told.app.services.digest_history.preview(unset, None)

    assert digest.window.ends_at == NOON.replace(hour=9)


async def test_a_day_that_was_taken_before_its_time_is_none_of_the_next(told: Told) -> None:
    early = replace(told.app, clock=Clock(lambda: NOON.replace(hour=8), told.app.clock.zone))
    today, tomorrow = NOON.replace(hour=9), NOON.replace(hour=9) + timedelta(days=1)

    before = await early.services.digest_history.list_upcoming(told.digest, 1)
    await told.delivered()
    after = await early.services.digest_history.list_upcoming(told.digest, 2)

    assert before == (today,)
    assert after == (tomorrow, tomorrow + timedelta(days=1))


async def test_no_day_that_was_taken_in_another_zone_is_one_of_the_next(told: Told) -> None:
    await told.delivered(day=TODAY + timedelta(days=1))

    coming = await told.app.services.digest_history.list_upcoming(told.digest, 1)

    assert coming == (NOON.replace(hour=9) + timedelta(days=2),)
