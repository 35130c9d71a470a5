from dataclasses import replace
from pathlib import Path

import pytest

from bot.local_discord.world.records import Channel, Message, Pings
from tests.discord_ui.conftest import RunningBot
from tests.scenario.starting import read


async def give_feedback(
    bot: RunningBot, text: str = "The title is wrong.", **options: bool
) -> Message:
    """Send feedback as anna, and return the answer."""
    action = await bot.anna.run_command("feedback", channel=bot.general, text=text, **options)
    return await bot.anna.wait_for_answer(action)


def read_folder(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def send_feedback_to(bot: RunningBot, channel_id: int) -> None:
    settings = bot.app.settings
    discord = settings.discord.model_copy(update={"feedback_channel": channel_id})
    application = replace(bot.app, settings=settings.model_copy(update={"discord": discord}))
    bot.context.services = application.services


@pytest.fixture
def books(bot: RunningBot) -> Channel:
    """Return #books, after making it the channel that receives feedback."""
    channel = bot.local.find_channel("books")
    send_feedback_to(bot, channel.id)
    return channel


async def test_the_operator_reads_the_text_and_not_who_wrote_it(
    bot: RunningBot, books: Channel
) -> None:
    answer = await give_feedback(bot, "The *title* of <@1> is wrong, @everyone.")

    (report,) = bot.local.get_messages(books)
    assert "> The *title* of <@1> is wrong, @everyone." in f"> {read(report).splitlines()[1]}"
    assert str(bot.anna.id) not in report.text
    assert "anna" not in report.text
    assert report.pings == Pings()
    assert "I sent your feedback to the bot's operator" in answer.text
    assert answer.only_for == bot.anna.id


async def test_who_wants_to_be_named_is(bot: RunningBot, books: Channel) -> None:
    await give_feedback(bot, name_me=True)

    (report,) = bot.local.get_messages(books)
    assert f"From anna (user ID {bot.anna.id})." in read(report)


async def test_without_a_channel_it_says_that_nothing_is_passed_on(bot: RunningBot) -> None:
    answer = await give_feedback(bot)

    assert "has not chosen a channel for it" in answer.text
    assert answer.only_for == bot.anna.id


@pytest.mark.parametrize("name", ["read-only", "staff", "questions", None])
async def test_feedback_that_can_not_be_posted_shows_the_error_id_of_the_log(
    bot: RunningBot, name: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    send_feedback_to(bot, bot.local.find_channel(name).id if name else 1)

    answer = await give_feedback(bot)

    assert "was not delivered" in answer.text
    assert read(answer).rstrip(".").rpartition(" ")[2] in capsys.readouterr().out


async def test_a_word_of_discord_that_got_lost_makes_no_second_report(
    bot: RunningBot, books: Channel
) -> None:
    bot.local.faults.drop_response("POST /channels/*/messages")

    await give_feedback(bot)

    assert len(bot.local.get_messages(books)) == 1


async def test_the_third_report_within_a_minute_has_to_wait(
    bot: RunningBot, books: Channel
) -> None:
    await give_feedback(bot)
    await give_feedback(bot)

    answer = await give_feedback(bot)
    bot.clock.advance(minutes=1)
    later = await give_feedback(bot)

    assert "You sent feedback 2 times in the last minute. Try again in 60 seconds." in read(answer)
    assert "I sent your feedback" in later.text
    assert len(bot.local.get_messages(books)) == 3


async def test_nothing_of_it_is_stored(bot: RunningBot, books: Channel, tmp_path: Path) -> None:
    await give_feedback(bot, "zebra crossing", name_me=True)

    stored = read_folder(tmp_path)
    assert bot.local.get_messages(books)
    assert b"zebra" not in stored
    assert str(bot.anna.id).encode() not in stored
