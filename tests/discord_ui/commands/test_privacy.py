from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.discord_ui.commands.privacy import (
    ALERTS_INTRO,
    DELETION_NOTE,
    NOTHING_STORED,
    NOTHING_TO_DELETE,
    PSEUDONYM_NOTE,
    build_deletion_blocks,
    build_stored_data_blocks,
)
from bot.discord_ui.context import PRESSES_PER_MINUTE
from bot.discord_ui.messages.components import is_sendable
from bot.local_discord.world import administration
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Message
from bot.model.alert import Alert, AlertKey, QuietHours
from bot.model.ids import Pseudonym
from bot.model.shown_answer import AnswerRetention
from bot.presentation.blocks import Line, Table
from bot.services.privacy import DeletionCounts, PersonalData
from tests.discord_ui.conftest import RunningBot, lock_database
from tests.scenario.starting import read

LATE = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
DELETE = "Delete everything"
QUIET = QuietHours(start=time(22), end=time(7), zone="UTC")


async def run_privacy_command(
    bot: RunningBot, what: str, channel: Channel, by: Person | None = None
) -> Message:
    """Return the answer to a subcommand of /privacy."""
    person = by or bot.anna
    return await person.wait_for_answer(
        await person.run_command(f"privacy {what}", channel=channel)
    )


async def add_vote(bot: RunningBot) -> None:
    """Answer a question of anna's, and have her vote on the answer."""
    await bot.press(await bot.mention(), "👍")


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", "9 March 2026"), ("Europe/Berlin", "10 March 2026")],
)
def test_what_is_kept_is_a_table_with_days_of_the_zone(zone: str, day: str) -> None:
    kept = PersonalData(answers=AnswerRetention(count=1_234, expires_at=LATE), vote_count=2)

    blocks = build_stored_data_blocks(kept, ZoneInfo(zone))

    assert blocks[1] == Table(
        header=("Data", "Count", "Stored until"),
        rows=(("Answers", "1,234", day), ("Votes", "2", "you delete them")),
    )
    assert {PSEUDONYM_NOTE, DELETION_NOTE} <= set(blocks)


def test_the_search_words_of_alerts_are_shown_and_cut_if_there_are_many() -> None:
    alerts = [build_alert("river"), build_alert("x" * 300, QUIET), *[build_alert("y" * 300)] * 8]
    kept = PersonalData(
        answers=AnswerRetention(count=0, expires_at=None), vote_count=0, alerts=tuple(alerts)
    )

    blocks = build_stored_data_blocks(kept, ZoneInfo("UTC"))

    assert isinstance(blocks[1], Table)
    assert blocks[1].rows[-1] == ("Alerts", "10", "you remove them")
    assert blocks[3:6] == (
        ALERTS_INTRO,
        Line(text="“river”", is_subtle=True),
        Line(text=f"“{'x' * 99}…” · quiet from 22:00 to 07:00 (UTC)", is_subtle=True),
    )
    assert is_sendable(blocks, "own")


def build_alert(typed: str, quiet: QuietHours | None = None) -> Alert:
    return Alert(
        key=AlertKey("own"),
        guild=None,
        person=Pseudonym("a" * 32),
        channel="77",
        query_text=typed,
        quiet_hours=quiet,
        begins_at=LATE,
    )


def test_after_the_answers_expire_only_votes_are_stored() -> None:
    kept = PersonalData(answers=AnswerRetention(count=0, expires_at=None), vote_count=1)

    blocks = build_stored_data_blocks(kept, ZoneInfo("UTC"))

    assert isinstance(blocks[1], Table)
    assert blocks[1].rows[0] == ("Answers", "0", "-")


@pytest.mark.parametrize(
    ("forgotten", "said"),
    [
        (DeletionCounts(answers=2, votes=1), "Deleted: 2 answers and 1 vote."),
        (DeletionCounts(answers=1, votes=0), "Deleted: 1 answer."),
        (DeletionCounts(answers=2, votes=1, alerts=3), "Deleted: 2 answers, 1 vote and 3 alerts."),
    ],
)
def test_deleted_data_is_counted(forgotten: DeletionCounts, said: str) -> None:
    assert said in str(build_deletion_blocks(forgotten)[0])


def test_a_person_without_stored_data_learns_that() -> None:
    assert build_deletion_blocks(DeletionCounts(answers=0, votes=0)) == (NOTHING_TO_DELETE,)


async def test_the_table_is_for_the_one_person(bot: RunningBot) -> None:
    await add_vote(bot)

    shown = await run_privacy_command(bot, "show", bot.general)

    assert "What is stored about you" in read(shown)
    assert shown.only_for == bot.anna.id
    assert [button.label for button in shown.buttons] == [DELETE]


async def test_one_of_whom_nothing_is_kept_has_nothing_to_press(bot: RunningBot) -> None:
    shown = await run_privacy_command(bot, "show", bot.general)

    assert read(shown) == NOTHING_STORED.text
    assert shown.buttons == ()


async def test_the_button_deletes_the_data_of_its_presser_at_once(bot: RunningBot) -> None:
    await add_vote(bot)
    await bot.mention(by=bot.bo)
    shown = await run_privacy_command(bot, "show", bot.general)

    answer = await bot.press(shown, DELETE)

    assert "Deleted: 1 answer and 1 vote." in read(answer)
    assert answer.only_for == bot.anna.id
    assert read(await run_privacy_command(bot, "show", bot.general)) == NOTHING_STORED.text
    assert "What is stored" in read(await run_privacy_command(bot, "show", bot.general, bot.bo))


async def test_looking_and_deleting_are_never_refused(bot: RunningBot) -> None:
    await add_vote(bot)
    person, now = bot.context.get_pseudonym(bot.anna.id), bot.clock.now
    for _ in range(bot.app.settings.discord.questions_per_minute - 1):
        bot.context.rate_limiter.admit(person, now)
    for _ in range(PRESSES_PER_MINUTE - 1):
        bot.context.press_limiter.admit(person, now)

    looked = await run_privacy_command(bot, "show", bot.general)
    answer = await bot.press(looked, DELETE)

    assert "What is stored about you" in read(looked)
    assert "Deleted: 1 answer and 1 vote." in read(answer)


async def test_deleting_waits_for_a_library_that_is_busy_while_discord_knows(
    bot: RunningBot,
) -> None:
    await add_vote(bot)

    async with lock_database(bot.app):
        action = await bot.anna.run_command("privacy delete", channel=bot.general)
    answer = await bot.anna.wait_for_answer(action)

    assert "Deleted: 1 answer and 1 vote." in read(answer)
    assert answer.only_for == bot.anna.id


async def test_it_works_in_direct_messages(bot: RunningBot) -> None:
    await add_vote(bot)
    channel = bot.anna.direct_channel

    shown = await run_privacy_command(bot, "show", channel)
    answer = await run_privacy_command(bot, "delete", channel)
    again = await run_privacy_command(bot, "delete", channel)

    assert "What is stored about you" in read(shown)
    assert "Deleted: 1 answer and 1 vote." in read(answer)
    assert read(again) == NOTHING_TO_DELETE.text


async def test_it_works_for_one_who_installed_the_app_for_themselves(bot: RunningBot) -> None:
    await add_vote(bot)
    administration.install_for_user(bot.local.world, bot.anna.user)
    administration.remove_bot(bot.local.world, bot.local.find_guild())

    answer = await run_privacy_command(bot, "delete", bot.general)

    assert "1 vote" in read(answer)


async def test_the_buttons_of_an_answer_that_was_deleted_say_that_it_is_gone(
    bot: RunningBot,
) -> None:
    answer = await bot.mention()
    await run_privacy_command(bot, "delete", bot.general)

    told = await bot.press(answer, "In context")

    assert "This result has expired" in read(told)
