import pytest

from bot.discord_ui.messages.reply_tracker import MAX_TRACKED_QUESTIONS, ReplyTracker
from bot.errors import StoreError
from bot.local_discord.world.records import Channel, Message
from tests.discord_ui.conftest import QUESTION, RunningBot

DELETIONS = "DELETE /channels/*/messages/*"


async def fetch_stored(bot: RunningBot) -> list[tuple[str | None, str | None]]:
    """Return the ids of question and reply of each stored answer."""
    rows = await bot.app.answers._database.fetch(  # noqa: SLF001 - no method shows them
        "SELECT question_id, reply_id FROM answers_shown ORDER BY shown_at"
    )
    return [(question, reply) for question, reply in rows]


def list_bot_messages(bot: RunningBot, channel: Channel | None = None) -> list[Message]:
    messages = bot.local.get_messages(channel or bot.general)
    return [message for message in messages if message.author_id == bot.local.world.bot.id]


async def wait_until_silent(bot: RunningBot) -> None:
    """Wait until the bot has handled all events so far."""
    cleo = bot.local.find_person("cleo")
    await cleo.wait_for_reply(cleo.send_direct_message(QUESTION))
    await bot.context.wait_until_idle(5)


async def is_deleted(bot: RunningBot, message: Message) -> bool:
    await bot.local.wait_for(lambda: message.id not in bot.local.world.messages)
    return True


async def test_the_answer_to_a_deleted_message_is_deleted_with_what_is_stored(
    bot: RunningBot,
) -> None:
    question = bot.anna.post(bot.general, bot.format_mention())
    answer = await bot.anna.wait_for_reply(question)
    await bot.context.wait_until_idle(5)
    stored = await fetch_stored(bot)

    bot.anna.delete(question)

    assert await is_deleted(bot, answer)
    assert stored == [(str(question.id), str(answer.id))]
    assert not await fetch_stored(bot)


async def test_the_answer_to_a_deleted_direct_message_is_deleted(bot: RunningBot) -> None:
    question = bot.anna.send_direct_message(QUESTION)
    answer = await bot.anna.wait_for_reply(question)

    bot.anna.delete(question)

    assert await is_deleted(bot, answer)


async def test_the_answers_to_messages_that_are_deleted_together_are_deleted(
    bot: RunningBot,
) -> None:
    questions = [bot.anna.post(bot.general, bot.format_mention()) for _ in range(3)]
    answers = [await bot.anna.wait_for_reply(question) for question in questions]
    await bot.context.wait_until_idle(5)
    (session,) = bot.local.gateway.connected_sessions

    session.dispatch(
        "MESSAGE_DELETE_BULK",
        {
            "ids": [str(message.id) for message in (questions[0], questions[2])],
            "channel_id": str(bot.general.id),
            "guild_id": str(bot.general.guild_id),
        },
    )

    assert await is_deleted(bot, answers[0])
    assert await is_deleted(bot, answers[2])
    await wait_until_silent(bot)
    assert list_bot_messages(bot) == [answers[1]]


async def test_only_the_answer_to_the_deleted_message_is_deleted(bot: RunningBot) -> None:
    first = bot.anna.post(bot.general, bot.format_mention())
    first_answer = await bot.anna.wait_for_reply(first)
    follow_up = bot.anna.post(bot.general, bot.format_mention(), reply_to=first_answer)
    second_answer = await bot.anna.wait_for_reply(follow_up)
    chat = bot.anna.post(bot.general, "by the way")
    await bot.context.wait_until_idle(5)

    bot.anna.delete(chat)
    bot.anna.delete(follow_up)

    assert await is_deleted(bot, second_answer)
    await wait_until_silent(bot)
    assert list_bot_messages(bot) == [first_answer]


async def test_a_refusal_is_deleted_with_the_message_that_it_refuses(bot: RunningBot) -> None:
    question = bot.anna.post(bot.general, bot.format_mention(""))
    refusal = await bot.anna.wait_for_reply(question)
    await bot.context.wait_until_idle(5)

    bot.anna.delete(question)

    assert await is_deleted(bot, refusal)


async def test_a_message_that_is_deleted_before_it_is_answered_gets_no_answer(
    bot: RunningBot,
) -> None:
    bot.anna.delete(bot.anna.post(bot.general, bot.format_mention()))

    await wait_until_silent(bot)

    path = f"/channels/{bot.general.id}/messages"
    assert not [
        made for made in bot.local.world.exchanges if (made.method, made.path) == ("POST", path)
    ]
    assert len(await fetch_stored(bot)) == 1  # that of the question in `wait_until_silent`


@pytest.mark.parametrize("text", [QUESTION, ""], ids=["answer", "refusal"])
async def test_an_answer_that_is_sent_while_its_question_is_deleted_does_not_stay(
    bot: RunningBot, text: str
) -> None:
    posts = "POST /channels/*/messages"
    bot.local.faults.delay(0.1, posts)
    question = bot.anna.post(bot.general, bot.format_mention(text))
    await bot.local.wait_for(lambda: not bot.local.faults.pending)

    bot.anna.delete(question)
    await bot.context.wait_until_idle(5)
    await wait_until_silent(bot)

    assert not list_bot_messages(bot)


@pytest.mark.parametrize(
    ("status", "code", "line_count"), [(403, 50013, 1), (400, 50083, 1), (404, 10008, 0)]
)
async def test_a_deletion_that_discord_refuses_is_logged_in_one_line(
    bot: RunningBot, status: int, code: int, line_count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    question = bot.anna.post(bot.general, bot.format_mention())
    await bot.anna.wait_for_reply(question)
    await bot.context.wait_until_idle(5)
    bot.local.faults.fail_with(status, DELETIONS, code=code)

    bot.anna.delete(question)
    await bot.local.wait_for(lambda: not bot.local.faults.pending)
    await wait_until_silent(bot)

    log = capsys.readouterr().out
    assert log.count("Reply to a deleted message stays: refused by Discord") == line_count
    assert "Traceback" not in log
    assert "failed" not in log


async def test_an_answer_that_can_not_be_recorded_is_no_error_for_the_asker(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise StoreError(bot.app.settings.data_dir, "it is locked")

    monkeypatch.setattr(bot.app.services.shown_answers, "record_reply", fail)

    answer = await bot.mention()
    await bot.context.wait_until_idle(5)

    assert "river" in answer.text
    assert list_bot_messages(bot) == [answer]
    assert "Reply not recorded" in capsys.readouterr().out


@pytest.mark.parametrize("text", [QUESTION, ""], ids=["answer", "refusal"])
async def test_a_reply_is_deleted_with_its_message_although_the_database_fails(
    bot: RunningBot, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise StoreError(bot.app.settings.data_dir, "it is locked")

    monkeypatch.setattr(bot.app.services.shown_answers, "record_reply", fail)
    monkeypatch.setattr(bot.app.services.shown_answers, "remove_by_questions", fail)
    question = bot.anna.post(bot.general, bot.format_mention(text))
    reply = await bot.anna.wait_for_reply(question)
    await bot.context.wait_until_idle(5)

    bot.anna.delete(question)

    assert await is_deleted(bot, reply)


def test_a_tracked_message_is_deleted_once_it_is_taken_out() -> None:
    tracker = ReplyTracker()

    with tracker.track(1):
        before = tracker.is_deleted(1)
        tracker.pop(1)
        after = tracker.is_deleted(1)

    assert (before, after) == (False, True)


def test_the_reply_to_a_tracked_message_is_remembered_until_it_is_deleted() -> None:
    tracker = ReplyTracker()

    with tracker.track(1):
        tracker.keep(1, 11)
    with tracker.track(2):
        pass

    assert [tracker.pop(question_id) for question_id in (1, 1, 2)] == [11, None, None]


def test_the_tracker_is_bounded() -> None:
    tracker = ReplyTracker()

    for question_id in range(MAX_TRACKED_QUESTIONS + 1):
        with tracker.track(question_id):
            tracker.keep(question_id, question_id + 1)

    assert tracker.pop(0) is None
    assert tracker.pop(1) == 2
