from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.model.shown_answer import AnswerRetention
from bot.model.vote import VoteCounts
from bot.services.privacy import DeletionCounts, PersonalData
from bot.wiring import Application
from tests.builders import NOON
from tests.services.river_library import (
    ANNA,
    BEN,
    an_app,
    shown,
    with_alert,
)


async def test_the_data_stored_about_a_person_is_counted(app: Application) -> None:
    _, found = await shown(app)
    await shown(app)
    await app.services.votes.vote(found[0].receipt, ANNA, is_upvote=True)

    alert = await with_alert(app, ANNA)

    kept = await app.services.privacy.load_personal_data(ANNA)

    days = timedelta(days=app.settings.discord.answer_days)
    assert kept == PersonalData(
        answers=AnswerRetention(count=2, expires_at=NOON + days), vote_count=1, alerts=(alert,)
    )
    assert await app.services.privacy.load_personal_data(BEN) == PersonalData(
        answers=AnswerRetention(count=0, expires_at=None), vote_count=0
    )


@pytest.mark.parametrize("days", [30, 0])
async def test_a_server_is_forgotten_so_many_days_after_it_was_left_as_the_settings_say(
    tmp_path: Path, days: int
) -> None:
    opened = partial(an_app, tmp_path, DATELINE_PRIVACY__LEFT_SERVER_DAYS=str(days))
    async with opened() as app:
        await app.guilds.change("1", lambda before: replace(before, is_visible=False))
        await app.guilds.update_presence(lambda _: False, NOON)

    async with opened(now=NOON + timedelta(days=days, microseconds=-1)) as app:
        early = await app.services.privacy.purge_left_guilds(lambda _: False)
    async with opened(now=NOON + timedelta(days=days)) as app:
        due = await app.services.privacy.purge_left_guilds(lambda _: False)

    assert (early, due) == (0, 1)


async def test_the_data_of_a_server_that_the_bot_rejoined_is_not_deleted(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        await app.guilds.change("1", lambda before: replace(before, is_visible=False))
        await app.guilds.update_presence(lambda _: False, NOON)
    async with an_app(tmp_path, now=NOON + timedelta(days=400)) as app:
        forgotten = await app.services.privacy.purge_left_guilds(lambda guild: guild == "1")
        kept = await app.guilds.get_overrides("1")

    assert forgotten == 0
    assert kept.is_visible is False


async def test_a_person_can_be_forgotten(app: Application) -> None:
    key, found = await shown(app)
    await app.services.votes.vote(found[0].receipt, ANNA, is_upvote=True)
    await with_alert(app, ANNA)
    await with_alert(app, BEN)

    forgotten = await app.services.privacy.delete_personal_data(ANNA)

    assert forgotten == DeletionCounts(answers=1, votes=1, alerts=1)
    assert await app.answers.find(key, NOON) is None
    assert await app.votes.count_by_receipt(found[0].receipt) == VoteCounts(up=0, down=0)
    assert [alert.person for alert in await app.alerts.find_active()] == [BEN]
