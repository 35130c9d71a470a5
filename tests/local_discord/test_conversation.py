"""A real discord.py program and people, through every way of talking."""

import discord
import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.local_discord.world.constants import MessageFlag, MessageType
from bot.local_discord.world.person import NoResponse
from tests.local_discord.sample_bot import SampleBot


async def test_a_mention_reaches_the_bot_with_its_words(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")

    question = anna.post(local.find_channel("general"), f"<@{local.world.bot.id}> why?")
    reply = await anna.wait_for_reply(question)

    assert reply.content == f"echo <@{local.world.bot.id}> why?"
    assert reply.type is MessageType.REPLY
    assert bot.received_messages[0].author.id == anna.id


async def test_words_between_people_are_blank_to_the_bot(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")

    question = anna.post(local.find_channel("general"), "between us")
    reply = await anna.wait_for_reply(question)

    assert reply.content == "echo "
    assert bot.received_messages[0].content == ""


async def test_a_reply_that_pings_carries_its_words(local: LocalDiscord, bot: SampleBot) -> None:
    anna = local.find_person("anna")
    general = local.find_channel("general")
    answer = await anna.wait_for_reply(anna.post(general, f"<@{local.world.bot.id}> one"))

    reply = await anna.wait_for_reply(anna.post(general, "two", reply_to=answer))
    silent = await anna.wait_for_reply(
        anna.post(general, "three", reply_to=answer, mention_author=False)
    )

    assert (reply.content, silent.content) == ("echo two", "echo ")
    assert bot.received_messages[-2].reference is not None


async def test_direct_messages_go_both_ways(local: LocalDiscord, bot: SampleBot) -> None:
    anna = local.find_person("anna")

    reply = await anna.wait_for_reply(anna.send_direct_message("psst"))
    again = await anna.wait_for_reply(anna.send_direct_message("and", reply_to=reply))

    assert reply.content == "echo psst"
    assert again.content == "echo and"
    assert bot.received_messages[0].guild is None
    assert local.find_person("bo").get_visible_messages(anna.direct_channel) == ()


async def test_the_bot_opens_direct_messages_by_itself(local: LocalDiscord, bot: SampleBot) -> None:
    anna = local.find_person("anna")

    user = await bot.fetch_user(anna.id)
    await user.send("hello")

    assert [message.content for message in anna.get_visible_messages(anna.direct_channel)] == [
        "hello"
    ]


async def test_the_bots_messages_ping_nobody_unless_allowed(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")
    general = bot.get_partial_messageable(local.find_channel("general").id)
    text = f"{anna.mention} @everyone"

    quiet = await general.send(text)
    loud = await general.send(text, allowed_mentions=discord.AllowedMentions.all())

    assert not local.world.messages[quiet.id].pings
    pings = local.world.messages[loud.id].pings
    assert (pings.users, pings.includes_everyone) == ((anna.id,), True)


async def test_a_slash_command_is_deferred_edited_and_followed_up(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna, bo = local.find_person("anna"), local.find_person("bo")
    general = local.find_channel("general")

    interaction = await anna.run_command(
        "ask", channel=general, question="why now?", source="Reuters"
    )
    answer = await anna.wait_for_answer(interaction)
    last = await local.wait_for(lambda: anna.get_visible_messages(general)[1:])

    assert answer.text == "answer 1"
    assert (answer.type, MessageFlag.COMPONENTS_V2 in answer.flags) == (
        MessageType.CHAT_INPUT_COMMAND,
        True,
    )
    assert [message.content for message in last] == ["why now? Reuters"]
    assert [message.text for message in bo.get_visible_messages(general)] == ["answer 1"]
    assert bot.errors.empty()


async def test_a_slash_command_is_answered_in_direct_messages(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")

    interaction = await anna.run_command("ask", channel=anna.direct_channel, question="why now?")

    assert (await anna.wait_for_answer(interaction)).text == "answer 1"
    assert bot.errors.empty()


async def test_a_command_in_a_group_takes_channels_and_numbers(
    local: LocalDiscord, bot: SampleBot
) -> None:
    books = local.find_channel("books")

    interaction = await local.find_person("anna").run_command(
        "digest here", channel=local.find_channel("general"), channel_=books, hour=6.5
    )

    assert local.world.messages[interaction.original_message_id or 0].content == "books at 6.5"
    assert bot.errors.empty()


@pytest.mark.usefixtures("bot")
async def test_options_are_offered_while_a_person_types(local: LocalDiscord) -> None:
    choices = await local.find_person("anna").autocomplete(
        "ask", "source", "Re", channel=local.find_channel("general")
    )

    assert [choice["name"] for choice in choices] == ["Reuters", "Reading Post"]


@pytest.mark.usefixtures("bot")
async def test_a_button_answers_only_the_one_who_pressed_it(local: LocalDiscord) -> None:
    anna, bo = local.find_person("anna"), local.find_person("bo")
    general = local.find_channel("general")
    answer = await anna.wait_for_answer(
        await anna.run_command("ask", channel=general, question="why")
    )

    pressed = await bo.press(answer, "More")

    response = await bo.wait_for_answer(pressed)
    assert (response.content, response.only_for) == ("pressed 1", bo.id)
    assert response not in anna.get_visible_messages(general)


@pytest.mark.parametrize(("label", "text"), [("Next", "answer 2"), ("later:1", "answer 11")])
@pytest.mark.usefixtures("bot")
async def test_a_button_changes_the_message_it_stands_in(
    local: LocalDiscord, label: str, text: str
) -> None:
    anna = local.find_person("anna")
    answer = await anna.wait_for_answer(
        await anna.run_command("ask", channel=local.find_channel("general"), question="why")
    )

    await anna.press(answer, label)

    await local.wait_for(lambda: local.world.messages[answer.id].text == text)


@pytest.mark.usefixtures("bot")
async def test_a_button_deletes_the_message_it_stands_in(local: LocalDiscord) -> None:
    anna = local.find_person("anna")
    answer = await anna.wait_for_answer(
        await anna.run_command("ask", channel=local.find_channel("general"), question="why")
    )

    await anna.press(answer, "Gone")

    await local.wait_for(lambda: answer.id not in local.world.messages)
    with pytest.raises(ImpossibleAction, match="can't see"):
        await anna.press(answer, "More")


@pytest.mark.usefixtures("bot")
async def test_a_modal_is_opened_filled_in_and_answered(local: LocalDiscord) -> None:
    anna = local.find_person("anna")
    answer = await anna.wait_for_answer(
        await anna.run_command("ask", channel=local.find_channel("general"), question="why")
    )

    opened = await anna.press(answer, "Form")
    sent = await anna.submit_modal(opened, {"Your question": "and then?", "A note": "n"})

    assert (await anna.wait_for_answer(sent)).content == "asked and then? n"


async def test_a_context_menu_shows_the_bot_the_words_of_any_message(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")
    message = anna.post(local.find_channel("general"), "between us")

    interaction = await local.find_person("bo").run_context_menu("Quote", message)

    assert (await anna.wait_for_answer(interaction)).content == "> between us"
    assert bot.received_messages[0].content == ""


@pytest.mark.usefixtures("bot")
async def test_only_who_sees_a_message_chooses_in_its_menu(local: LocalDiscord) -> None:
    mod, bo = local.find_person("mod"), local.find_person("bo")
    hidden = mod.post(local.find_channel("staff"), "behind the door")
    gone = mod.post(local.find_channel("general"), "never mind")
    mod.delete(gone)

    with pytest.raises(ImpossibleAction, match="lacks the permission"):
        await bo.run_context_menu("Quote", hidden)
    with pytest.raises(ImpossibleAction, match="can't see"):
        await bo.run_context_menu("Quote", gone)


@pytest.mark.usefixtures("bot")
async def test_what_discord_would_not_let_a_person_do_is_impossible(local: LocalDiscord) -> None:
    anna, general = local.find_person("anna"), local.find_channel("general")
    answer = await anna.wait_for_answer(
        await anna.run_command("ask", channel=general, question="why")
    )
    opened = await anna.press(answer, "Form")

    with pytest.raises(ImpossibleAction, match="lacks the permission"):
        anna.post(local.find_channel("read-only"), "hello")
    with pytest.raises(ImpossibleAction, match="lacks the permission"):
        anna.post(local.find_channel("locked-thread"), "hello")
    with pytest.raises(ImpossibleAction, match="no command"):
        await anna.run_command("nothing", channel=general)
    with pytest.raises(ImpossibleAction, match="not offered"):
        await anna.run_command("digest here", channel=anna.direct_channel)
    with pytest.raises(ImpossibleAction, match="can't be pressed"):
        await anna.press(answer, "Read")
    with pytest.raises(ImpossibleAction, match="no form"):
        await local.find_person("bo").submit_modal(opened, {})
    with pytest.raises(ImpossibleAction, match="author"):
        anna.delete(answer)


async def test_a_bot_that_says_nothing_did_not_respond(local: LocalDiscord, bot: SampleBot) -> None:
    local.world.initial_response_seconds = 0.05
    bot.delay_seconds = 0.2

    with pytest.raises(NoResponse, match="did not respond"):
        await local.find_person("anna").run_command(
            "ask", channel=local.find_channel("general"), question="why"
        )


async def test_a_question_deleted_meanwhile_can_not_be_replied_to(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")
    local.faults.delay(0.05, "POST /channels/*/messages")

    anna.delete(anna.post(local.find_channel("general"), "never mind"))
    failure = await bot.errors.get()

    assert "Unknown message" in str(failure)
