"""Composing digests from a library: arrivals are read once and reported once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.digest.compose import Digest, DigestLimits
from bot.digest.decisions import Decision, DecisionStep
from bot.digest.window import DigestWindow
from bot.model.arrival import Arrival
from bot.model.article import ArticleId
from bot.model.delivery import Delivery, DigestClaim, RecordedDecision
from bot.model.subscription import Subscription
from bot.services.digest_composer import DigestComposer
from bot.store.articles import ArticleStore
from bot.wiring import Application
from tests.builders import NOON, an_app, an_article
from tests.digest.builders import a_subscription

ONE_DAY = timedelta(days=1)
MORNING = NOON - timedelta(hours=3)
TODAY = DigestWindow(day=NOON.date(), starts_at=NOON - ONE_DAY, ends_at=NOON)
YESTERDAY = DigestWindow(
    day=TODAY.day - ONE_DAY, starts_at=TODAY.starts_at - ONE_DAY, ends_at=TODAY.starts_at
)
SENTENCE = "The river {name} rose by two metres overnight and flooded the old town of {name}."


class Counting(ArticleStore):
    """A library that counts the queries for arrivals."""

    asked = 0

    async def find_arrivals(
        self, window_start: datetime, window_end: datetime, since: date
    ) -> tuple[Arrival, ...]:
        self.asked += 1
        return await super().find_arrivals(window_start, window_end, since)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        yield app


@pytest.fixture
async def digest(app: Application) -> Subscription:
    added = await app.subscriptions.add(a_subscription(begins_at=NOON - 9 * ONE_DAY), limit=9)
    assert added
    return added


async def comes_in(app: Application, name: str, at: datetime = MORNING) -> None:
    body = SENTENCE.format(name=name)
    await app.articles.put(
        [an_article(body, id=name, title=f"Flood in {name}", published_on=at.date())], at
    )
    await app.index.refresh()


async def is_corrected(app: Application, name: str) -> None:
    body = SENTENCE.format(name=name).replace("two", "three")
    day = (MORNING - ONE_DAY).date()
    await app.articles.put(
        [an_article(body, id=name, title=f"Flood in {name}", published_on=day)], MORNING
    )


def composer(app: Application, articles: ArticleStore | None = None) -> DigestComposer:
    return DigestComposer(articles or app.articles, app.deliveries, app.index, DigestLimits())


async def posted(app: Application, digest: Subscription, composed: Digest) -> Delivery:
    """Compose and claim a digest."""
    window = composed.window
    claim = DigestClaim(
        subscription=digest,
        last_id=await app.deliveries.get_last_id(digest.id),
        local_day=window.day,
        window_starts_at=window.starts_at,
        window_ends_at=window.ends_at,
        key=str(window.day),
        after_message_id=None,
        decisions=tuple(
            RecordedDecision(each.article_id, each.step, each.detail) for each in composed.decisions
        ),
    )
    delivery = await app.deliveries.claim(claim, window.ends_at)
    assert delivery
    return delivery


def told(digest: Digest) -> list[str]:
    return [entry.citation.article.id for entry in digest.entries]


async def test_a_digest_includes_new_articles(app: Application, digest: Subscription) -> None:
    await comes_in(app, "Fulda")
    await comes_in(app, "Weser", MORNING - ONE_DAY)

    composed = await composer(app).compose(digest, TODAY)

    assert told(composed) == ["Fulda"]


async def test_windows_with_the_same_articles_share_their_reading(
    app: Application, digest: Subscription
) -> None:
    await comes_in(app, "Fulda")
    articles = Counting(app.articles._database)  # noqa: SLF001 - the same library, counted
    compose = composer(app, articles)

    for seconds in range(3):
        first, last = (at + timedelta(seconds=seconds) for at in (TODAY.starts_at, TODAY.ends_at))
        window = DigestWindow(day=TODAY.day, starts_at=first, ends_at=last)
        assert told(await compose.compose(digest, window)) == ["Fulda"]

    assert articles.asked == 1


async def test_what_comes_in_meanwhile_is_read(app: Application, digest: Subscription) -> None:
    await comes_in(app, "Fulda")
    compose = composer(app)
    before = await compose.compose(digest, TODAY)

    await comes_in(app, "Weser")
    after = await compose.compose(digest, TODAY)

    assert told(before) == ["Fulda"]
    assert sorted(told(after)) == ["Fulda", "Weser"]


async def test_reported_articles_are_not_reported_again(
    app: Application, digest: Subscription
) -> None:
    await comes_in(app, "Fulda")
    compose = composer(app)
    await posted(app, digest, await compose.compose(digest, TODAY))

    again = await compose.compose(digest, TODAY)

    assert told(again) == []
    assert [each.step for each in again.decisions] == [DecisionStep.WINDOW]


async def test_the_articles_of_an_abandoned_claim_are_included_again(
    app: Application, digest: Subscription
) -> None:
    await comes_in(app, "Fulda")
    compose = composer(app)
    first = await compose.compose(digest, TODAY)
    left = await posted(app, digest, first)

    again = await compose.compose(digest, TODAY, left)

    assert again == first


async def test_what_was_named_below_an_entry_or_behind_more_is_corrected_too(
    app: Application, digest: Subscription
) -> None:
    names = {
        "Fulda": DecisionStep.TAKEN,
        "Weser": DecisionStep.DUPLICATE_OF,
        "Havel": DecisionStep.OVER_LIMIT,
    }
    others = {"Elbe": DecisionStep.FAR_OVER_LIMIT, "Oder": DecisionStep.TOPIC}
    for name in names | others:
        await comes_in(app, name, MORNING - ONE_DAY)
    earlier = replace(
        await composer(app).compose(digest, YESTERDAY),
        decisions=tuple(
            Decision(article_id=ArticleId(name), step=step)
            for name, step in (names | others).items()
        ),
    )
    await posted(app, digest, earlier)
    for name in names | others:
        await is_corrected(app, name)

    composed = await composer(app).compose(digest, TODAY)

    assert {each.after.article.id for each in composed.corrections if each.after} == names.keys()
