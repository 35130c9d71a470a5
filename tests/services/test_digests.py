from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.errors import (
    EmptyTopic,
    NoDigest,
    TooManyDigests,
    UnknownDigest,
    UnknownTime,
    UnknownTopic,
)
from bot.model.activity import ActivityState
from bot.model.subscription import WEEKDAYS, DigestTopic, Subscription, WhenEmpty
from bot.runtime.clock import Clock
from bot.services.digests import (
    NO_ROLE,
    DigestOptions,
    find_subscription,
    get_subscription,
)
from bot.wiring import Application
from tests.builders import NOON, an_app

UTC = ZoneInfo("UTC")
SERVER = "10"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as opened:
        yield opened


async def made(app: Application, name: str = "news", **wishes: Any) -> Subscription:
    wished = DigestOptions(**{"name": name, "channel": "20", "time_of_day": "08:30", **wishes})
    return await app.services.digests.save(SERVER, wished, zone=UTC, sources=("The Courier",))


async def test_a_new_digest_is_as_usual_but_for_what_is_wished(app: Application) -> None:
    digest = await made(app, days="weekdays", when_empty=WhenEmpty.NOTE, mention_role="5")

    assert digest == replace(
        app.services.digests.build_default(SERVER, UTC),
        id=digest.id,
        name="news",
        channel="20",
        time_of_day=time(8, 30),
        days=WEEKDAYS,
        when_empty=WhenEmpty.NOTE,
        mention_role="5",
    )


async def test_names_that_look_alike_are_one(app: Application) -> None:
    before = await made(app, "bo\u200boks")

    assert (await made(app, "\uff22OO\uff2bS", channel="21")).id == before.id


async def test_a_digest_has_so_many_entries_as_the_operator_set(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_DIGEST__MAX_ENTRIES="7") as app:
        digest = await made(app)

    assert digest.max_entries == 7


async def test_what_is_not_wished_stays_and_nobody_takes_the_role_away(app: Application) -> None:
    before = await made(app, topics="flood", sources="the courier", mention_role="5")

    changed = await made(app, "NEWS", time_of_day="9:00", mention_role=NO_ROLE)

    assert changed == replace(before, time_of_day=time(9), mention_role=None)


async def test_a_heading_with_nothing_to_search_for_is_named(app: Application) -> None:
    with pytest.raises(EmptyTopic, match="AI"):
        await made(app, topics="AI: , flood")


async def test_a_wish_that_can_not_be_read_changes_nothing(app: Application) -> None:
    before = await made(app)

    with pytest.raises(UnknownTime):
        await made(app, channel="21", time_of_day="25:00")

    assert await app.subscriptions.find_by_guild(SERVER) == (before,)


async def test_a_server_has_ten_digests_at_most(app: Application) -> None:
    for number in range(10):
        await made(app, f"digest {number}")

    with pytest.raises(TooManyDigests):
        await made(app, "one more")


async def test_setting_a_suspended_digest_makes_it_active_from_then_on(app: Application) -> None:
    before = await made(app)
    await app.subscriptions.suspend(before, "The channel no longer exists.")
    later = replace(app, clock=Clock(lambda: NOON.replace(hour=13), app.clock.zone))

    digest = await made(later)

    assert (digest.state, digest.suspension_reason) == (ActivityState.ACTIVE, None)
    assert digest.begins_at == NOON.replace(hour=13)


@pytest.mark.parametrize(
    ("wished", "hour"),
    [
        ({"channel": "21", "topics": "flood"}, 12),
        ({"time_of_day": "9:15"}, 13),
        ({"zone": ZoneInfo("Asia/Tokyo")}, 13),
        ({"days": "weekdays"}, 13),
    ],
)
async def test_a_digest_is_due_by_a_schedule_from_when_that_was_set(
    app: Application, wished: Mapping[str, Any], hour: int
) -> None:
    before = await made(app)
    later = replace(app, clock=Clock(lambda: NOON.replace(hour=13), app.clock.zone))

    digest = await made(later, **wished)

    assert (digest.begins_at, digest.schedule_changed_at) == (
        before.begins_at,
        NOON.replace(hour=hour),
    )


async def test_a_digest_that_a_manager_paused_stays_so_when_it_is_set(app: Application) -> None:
    await app.services.digests.pause(await made(app))

    assert (await made(app)).state is ActivityState.PAUSED


async def test_changes_build_on_what_the_digest_is_by_then(app: Application) -> None:
    read_before = await made(app)

    await app.services.digests.add_topic(read_before, query_text="flood", heading=None)
    digest = await app.services.digests.add_topic(
        read_before, query_text=" the  storm ", heading=" A  b "
    )

    assert digest.topics == (
        DigestTopic(heading="", query_text="flood"),
        DigestTopic(heading="A b", query_text="the storm"),
    )


async def test_a_topic_without_a_heading_is_removed_by_its_words_alone(app: Application) -> None:
    digest = await made(app, topics="flood, AI: OpenAI")

    with pytest.raises(UnknownTopic) as caught:
        await app.services.digests.remove_topic(digest, " ")
    assert caught.value.headings == ("flood", "AI")
    kept = await app.services.digests.remove_topic(digest, "openai")

    assert kept.topics == (DigestTopic(heading="", query_text="flood"),)


async def test_a_removed_digest_can_not_be_changed(app: Application) -> None:
    digest = await made(app)
    await app.services.digests.remove(digest)

    with pytest.raises(NoDigest):
        await app.services.digests.resume(digest)


async def test_the_only_digest_is_the_default(app: Application) -> None:
    one, other = await made(app), await made(app, "Evening news")

    assert get_subscription([one], None) is one
    assert get_subscription([one, other], "evening  NEWS") is other
    assert find_subscription([one, other], "noon") is None


@pytest.mark.parametrize("name", [None, "noon"])
async def test_with_several_digests_a_name_is_required(app: Application, name: str | None) -> None:
    digests = [await made(app), await made(app, "evening")]

    with pytest.raises(UnknownDigest) as caught:
        get_subscription(digests, name)

    assert (caught.value.text, caught.value.names) == (name, ("news", "evening"))


def test_where_there_is_no_digest_none_is_meant() -> None:
    with pytest.raises(NoDigest):
        get_subscription([], "news")
