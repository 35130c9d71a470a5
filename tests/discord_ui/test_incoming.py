import asyncio
from unittest.mock import Mock

import discord
import pytest

from bot.discord_ui.incoming import is_addressed_to_bot, is_content_hidden
from bot.discord_ui.messages.message_text import strip_mentions
from bot.local_discord.world.constants import MessageFlag, Permission
from bot.local_discord.world.posting import post
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import QUESTION, RunningBot

PLACES = ("general", "announcements", "a-thread", "a-post", "old-thread", "lounge", "stage")


@pytest.mark.parametrize(
    ("content", "question"),
    [
        ("<@12> why?", "why?"),
        ("<@!12> why <#34> now, <@&5>?", "why now, ?"),
        ("why?\n\nnow", "why? now"),
        ("<@12>", ""),
        ("1 < 2 @12 <12>", "1 < 2 @12 <12>"),
    ],
)
def test_a_question_is_what_was_typed_without_mentions(content: str, question: str) -> None:
    assert strip_mentions(content) == question


@pytest.mark.parametrize("name", PLACES)
async def test_a_mention_is_answered_wherever_people_write(bot: RunningBot, name: str) -> None:
    asked = bot.anna.post(bot.local.find_channel(name), bot.format_mention())

    answer = await bot.anna.wait_for_reply(asked)

    assert "river" in answer.text
    assert not answer.pings
    assert answer.nonce == str(asked.id)


def test_a_mention_of_the_role_of_the_bot_is_a_question_if_discord_shows_its_text() -> None:
    role = Mock(spec=discord.Role)
    message = Mock(
        spec=discord.Message,
        author=Mock(bot=False, system=False),
        channel=Mock(spec=discord.TextChannel),
        content=f"<@&5> {QUESTION}",
        guild=Mock(self_role=role),
        mentions=[],
        reference=None,
        role_mentions=[role],
        type=discord.MessageType.default,
        webhook_id=None,
    )

    assert is_addressed_to_bot(message, 1)
    assert not is_content_hidden(message, 1)


async def test_a_mention_of_the_role_of_the_bot_with_hidden_text_says_how_to_ask(
    bot: RunningBot,
) -> None:
    (role,) = (role for role in bot.local.find_guild().roles if role.bot_id)
    asked = bot.anna.post(bot.general, f"<@&{role.id}> {QUESTION}")

    answer = await bot.anna.wait_for_reply(asked)

    assert "I can't read your message." in answer.text


async def test_a_mention_of_another_role_is_left_alone(bot: RunningBot) -> None:
    (role,) = (role for role in bot.local.find_guild().roles if role.name == "Moderators")
    bot.anna.post(bot.general, f"<@&{role.id}> {QUESTION}")

    assert await bot.is_silent_in(bot.general)


async def test_a_direct_message_is_a_question_without_any_mention(bot: RunningBot) -> None:
    answer = await bot.anna.wait_for_reply(bot.anna.send_direct_message(QUESTION))

    assert "metres" in answer.text


async def test_typing_shows_that_an_answer_is_on_its_way(bot: RunningBot) -> None:
    await bot.mention()

    assert bot.local.world.typing_channel_ids == [bot.general.id]


async def test_messages_to_others_are_ignored(bot: RunningBot) -> None:
    bot.anna.post(bot.general, QUESTION)
    bot.anna.post(bot.general, f"@everyone {QUESTION}")

    assert await bot.is_silent_in(bot.general)


async def test_other_bots_are_left_alone(bot: RunningBot) -> None:
    bot.local.find_person("beep").post(bot.general, bot.format_mention())

    assert await bot.is_silent_in(bot.general)


async def test_a_reply_is_a_new_question_that_keeps_the_dates(bot: RunningBot) -> None:
    first = await bot.mention(f"{QUESTION} in March 2026")
    second = await bot.anna.wait_for_reply(bot.anna.post(bot.general, QUESTION, reply_to=first))

    third = await bot.anna.wait_for_reply(
        bot.anna.post(bot.general, f"{QUESTION} in February 2026", reply_to=second)
    )

    assert "March 2026" in second.text.partition(">")[0]
    assert "February 2026" in third.text.partition(">")[0]
    assert "March 2026" not in third.text.partition(">")[0]


async def test_a_reply_to_an_answer_that_has_expired_is_answered_without_its_dates(
    bot: RunningBot,
) -> None:
    first = await bot.mention(f"{QUESTION} in March 2026")
    bot.clock.advance(days=7)

    second = await bot.anna.wait_for_reply(bot.anna.post(bot.general, QUESTION, reply_to=first))

    assert "river" in second.text
    assert "Dates understood" not in second.text


async def test_an_unreadable_reply_is_answered_with_how_to_ask(bot: RunningBot) -> None:
    first = await bot.mention()
    hidden = bot.anna.post(bot.general, QUESTION, reply_to=first, mention_author=False)

    answer = await bot.anna.wait_for_reply(hidden)

    assert "I can't read your message" in answer.text
    assert "To ask me" in answer.text


async def test_a_mention_alone_is_answered_with_how_to_ask(bot: RunningBot) -> None:
    answer = await bot.mention("")

    assert "The question is empty" in answer.text
    assert "To ask me" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("🙂🙂", "Emoji can't be searched for"),
        ("x" * 301, "This question has 301 characters"),
        ("кто подписал договор?", "the language of the articles"),
        ("what is it?", "There is nothing to search for"),
    ],
    ids=["emoji", "too long", "foreign script", "common words"],
)
async def test_an_unusable_question_is_refused_with_the_reason(
    bot: RunningBot, typed: str, said: str
) -> None:
    answer = await bot.mention(typed)

    assert said in answer.text


async def test_more_questions_than_a_person_may_ask_are_refused_to_that_person(
    bot: RunningBot,
) -> None:
    for _ in range(10):
        await bot.mention()

    refusal = await bot.mention()
    other = await bot.mention(by=bot.bo)

    assert "You sent 10 requests in the last minute" in refusal.text
    assert "river" in other.text


async def test_in_a_channel_a_person_is_refused_once_a_minute_and_ignored_from_then_on(
    bot: RunningBot,
) -> None:
    answer = (await asyncio.gather(*(bot.mention() for _ in range(10))))[0]
    first = await bot.mention()

    bot.anna.post(bot.general, bot.format_mention())
    bot.anna.post(bot.general, bot.format_mention(""))
    bot.anna.post(bot.general, QUESTION, reply_to=answer)
    bot.anna.post(bot.general, QUESTION, reply_to=answer, mention_author=False)

    assert "You sent 10 requests" in first.text
    assert await bot.is_silent_in(bot.general)


async def test_a_person_is_refused_again_once_a_minute_has_passed(bot: RunningBot) -> None:
    for _ in range(2):
        bot.clock.advance(minutes=1)
        await asyncio.gather(*(bot.mention() for _ in range(10)))
        refusal = await bot.mention()

        assert "You sent 10 requests" in refusal.text


async def test_alone_with_the_bot_a_person_is_refused_each_time(bot: RunningBot) -> None:
    await asyncio.gather(*(bot.mention() for _ in range(10)))

    direct = [
        await bot.anna.wait_for_reply(bot.anna.send_direct_message(QUESTION)) for _ in range(2)
    ]
    answers = [await bot.ask() for _ in range(2)]

    assert all("You sent 10 requests" in message.text for message in (*direct, *answers))


async def test_without_the_history_the_answer_is_no_reply(bot: RunningBot) -> None:
    channel = bot.local.find_channel("no-history")
    bot.anna.post(channel, bot.format_mention())

    answer = await bot.local.wait_for(
        lambda: next(
            (message for message in bot.local.get_messages(channel) if message.buttons), None
        )
    )

    assert answer.reply_to_id is None


@pytest.mark.parametrize("name", ["read-only", "no-threads"])
async def test_without_permission_to_post_the_bot_is_silent_and_logs_that_once(
    bot: RunningBot, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = bot.local.find_channel(name)
    world = bot.local.world
    if name == "no-threads":
        everyone = channel.overwrites[0]
        overwrites = (type(everyone)(id=everyone.id, deny=Permission.SEND_MESSAGES),)
        channel = world.update_channel(channel, overwrites=overwrites)
    body = {"content": bot.format_mention()}
    for _ in range(2):
        post(world, channel, bot.anna.id, body)

    assert await bot.is_silent_in(channel)
    assert capsys.readouterr().out.count("Reply not sent: refused by Discord") == 1


async def test_an_answer_that_got_lost_on_its_way_is_sent_once(bot: RunningBot) -> None:
    bot.local.faults.drop_response("POST /channels/*/messages")

    await bot.mention()
    await bot.context.wait_until_idle(3)

    assert len(bot.local.get_messages(bot.general)) == 2


async def test_an_answer_that_discord_was_too_busy_for_is_sent_again(bot: RunningBot) -> None:
    bot.local.faults.fail_with(503, "POST /channels/*/messages")

    answer = await bot.mention()

    assert "river" in answer.text


async def test_typing_that_discord_puts_off_holds_up_nothing_for_long(bot: RunningBot) -> None:
    bot.local.faults.fail_with(429, "POST /channels/*/typing", retry_after=1.0)

    first = await bot.mention()
    second = await bot.mention()

    assert "river" in first.text
    assert "river" in second.text


async def test_a_crowd_in_one_channel_is_typed_to_once_at_a_time(bot: RunningBot) -> None:
    bot.local.faults.delay(0.3, "POST /channels/*/typing")
    asked = [bot.anna.post(bot.general, bot.format_mention()) for _ in range(5)]

    await asyncio.gather(*(bot.anna.wait_for_reply(message) for message in asked))

    assert bot.local.world.typing_channel_ids == [bot.general.id]


async def test_typing_that_fails_keeps_nobody_from_an_answer(bot: RunningBot) -> None:
    bot.local.faults.fail_with(500, "POST /channels/*/typing", times=9)

    answer = await bot.mention()

    assert "river" in answer.text


async def test_every_message_is_made_of_components_so_that_no_link_unfurls(
    bot: RunningBot,
) -> None:
    body = "Ferries to https://example.org/ferries stopped when the tower fell."
    await bot.app.articles.put([an_article(body, id="link", url="https://example.org/link")], NOON)
    await bot.app.index.refresh()

    answer = await bot.mention("ferries tower fell")
    await bot.press(answer, "In context")
    await bot.mention("")
    await bot.anna.wait_for_reply(bot.anna.send_direct_message("ferries tower fell"))
    await bot.ask(question="ferries tower fell")
    await bot.ask(question="ferries tower fell", visible=False)

    world = bot.local.world
    sent = [message for message in world.messages.values() if message.author_id == world.bot.id]
    assert "example.org" in answer.text
    assert "https://example.org" not in answer.text  # escaped, so that it is no link either
    assert len(sent) == 6
    assert all(MessageFlag.COMPONENTS_V2 in message.flags for message in sent)


async def test_an_article_added_meanwhile_is_found(bot: RunningBot) -> None:
    await bot.app.articles.put([an_article("Owls nest in the tower.", id="owls")], NOON)
    await bot.app.index.refresh()

    answer = await bot.mention("owls nest tower")

    assert "tower" in answer.text
