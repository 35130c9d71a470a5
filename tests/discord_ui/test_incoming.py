import asyncio

import pytest

from bot.discord_ui.messages.message_text import strip_mentions
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.posting import post
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import QUESTION, Place

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
async def test_a_mention_is_answered_wherever_people_write(place: Place, name: str) -> None:
    asked = place.anna.post(place.local.find_channel(name), place.mentioning())

    answer = await place.anna.wait_for_reply(asked)

    assert "river" in answer.text
    assert not answer.pings
    assert answer.nonce == str(asked.id)


async def test_a_direct_message_is_a_question_without_any_mention(place: Place) -> None:
    answer = await place.anna.wait_for_reply(place.anna.send_direct_message(QUESTION))

    assert "metres" in answer.text


async def test_typing_shows_that_an_answer_is_on_its_way(place: Place) -> None:
    await place.mentioned()

    assert place.local.world.typing_channel_ids == [place.general.id]


async def test_what_does_not_speak_to_the_bot_is_left_alone(place: Place) -> None:
    place.anna.post(place.general, QUESTION)
    place.anna.post(place.general, f"@everyone {QUESTION}")

    assert await place.silent_in(place.general)


async def test_other_bots_are_left_alone(place: Place) -> None:
    place.local.find_person("beep").post(place.general, place.mentioning())

    assert await place.silent_in(place.general)


async def test_a_reply_is_a_new_question_that_keeps_the_dates(place: Place) -> None:
    first = await place.mentioned(f"{QUESTION} in March 2026")
    second = await place.anna.wait_for_reply(
        place.anna.post(place.general, QUESTION, reply_to=first)
    )

    third = await place.anna.wait_for_reply(
        place.anna.post(place.general, f"{QUESTION} in February 2026", reply_to=second)
    )

    assert "March 2026" in second.text.partition(">")[0]
    assert "February 2026" in third.text.partition(">")[0]
    assert "March 2026" not in third.text.partition(">")[0]


async def test_a_reply_to_an_answer_that_has_expired_is_answered_without_its_dates(
    place: Place,
) -> None:
    first = await place.mentioned(f"{QUESTION} in March 2026")
    place.clock.pass_by(days=7)

    second = await place.anna.wait_for_reply(
        place.anna.post(place.general, QUESTION, reply_to=first)
    )

    assert "river" in second.text
    assert "Dates understood" not in second.text


async def test_a_reply_that_the_bot_may_not_read_is_told_how_to_ask(place: Place) -> None:
    first = await place.mentioned()
    hidden = place.anna.post(place.general, QUESTION, reply_to=first, mention_author=False)

    answer = await place.anna.wait_for_reply(hidden)

    assert "Discord does not show me" in answer.text
    assert "To ask me" in answer.text


async def test_a_mention_alone_is_told_how_to_ask(place: Place) -> None:
    answer = await place.mentioned("")

    assert "This holds no question" in answer.text
    assert "To ask me" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("🙂🙂", "Emoji can't be searched for"),
        ("x" * 301, "This question has 301 characters"),
        ("кто подписал договор?", "in the language of the articles"),
        ("what is it?", "There is nothing to search for"),
    ],
    ids=["emoji", "too long", "foreign script", "common words"],
)
async def test_what_can_not_be_asked_is_told_why(place: Place, typed: str, said: str) -> None:
    answer = await place.mentioned(typed)

    assert said in answer.text


async def test_more_questions_than_a_person_may_ask_are_refused_to_that_person(
    place: Place,
) -> None:
    for _ in range(10):
        await place.mentioned()

    refused = await place.mentioned()
    other = await place.mentioned(by=place.bo)

    assert "You have asked 10 questions within a minute" in refused.text
    assert "river" in other.text


async def test_in_a_channel_a_person_is_refused_once_a_minute_and_ignored_from_then_on(
    place: Place,
) -> None:
    answer = (await asyncio.gather(*(place.mentioned() for _ in range(10))))[0]
    first = await place.mentioned()

    place.anna.post(place.general, place.mentioning())
    place.anna.post(place.general, place.mentioning(""))
    place.anna.post(place.general, QUESTION, reply_to=answer)
    place.anna.post(place.general, QUESTION, reply_to=answer, mention_author=False)

    assert "You have asked 10 questions" in first.text
    assert await place.silent_in(place.general)


async def test_a_person_is_refused_again_once_a_minute_has_passed(place: Place) -> None:
    for _ in range(2):
        place.clock.pass_by(minutes=1)
        await asyncio.gather(*(place.mentioned() for _ in range(10)))
        refused = await place.mentioned()

        assert "You have asked 10 questions" in refused.text


async def test_alone_with_the_bot_a_person_is_refused_each_time(place: Place) -> None:
    await asyncio.gather(*(place.mentioned() for _ in range(10)))

    direct = [
        await place.anna.wait_for_reply(place.anna.send_direct_message(QUESTION)) for _ in range(2)
    ]
    commanded = [await place.commanded() for _ in range(2)]

    assert all("You have asked 10 questions" in each.text for each in (*direct, *commanded))


async def test_without_the_history_the_answer_is_no_reply(place: Place) -> None:
    channel = place.local.find_channel("no-history")
    place.anna.post(channel, place.mentioning())

    answer = await place.local.wait_for(
        lambda: next((m for m in place.local.get_messages(channel) if m.buttons), None)
    )

    assert answer.reply_to is None


@pytest.mark.parametrize("name", ["read-only", "no-threads"])
async def test_where_the_bot_may_not_write_it_is_silent_and_logs_that_once(
    place: Place, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = place.local.find_channel(name)
    world = place.local.world
    if name == "no-threads":
        everyone = channel.overwrites[0]
        overwrites = (type(everyone)(id=everyone.id, deny=Permission.SEND_MESSAGES),)
        channel = world.update_channel(channel, overwrites=overwrites)
    body = {"content": place.mentioning()}
    for _ in range(2):
        post(world, channel, place.anna.id, body)

    assert await place.silent_in(channel)
    assert capsys.readouterr().out.count("The bot may not answer here") == 1


async def test_an_answer_that_got_lost_on_its_way_is_sent_once(place: Place) -> None:
    place.local.faults.drop_response("POST /channels/*/messages")

    await place.mentioned()
    await place.desk.wait_until_idle(3)

    assert len(place.local.get_messages(place.general)) == 2


async def test_an_answer_that_discord_was_too_busy_for_is_sent_again(place: Place) -> None:
    place.local.faults.fail_with(503, "POST /channels/*/messages")

    answer = await place.mentioned()

    assert "river" in answer.text


async def test_typing_that_discord_puts_off_holds_up_nothing_for_long(place: Place) -> None:
    place.local.faults.fail_with(429, "POST /channels/*/typing", retry_after=1.0)

    first = await place.mentioned()
    second = await place.mentioned()

    assert "river" in first.text
    assert "river" in second.text


async def test_a_crowd_in_one_channel_is_typed_to_once_at_a_time(place: Place) -> None:
    place.local.faults.delay(0.3, "POST /channels/*/typing")
    asked = [place.anna.post(place.general, place.mentioning()) for _ in range(5)]

    await asyncio.gather(*(place.anna.wait_for_reply(each) for each in asked))

    assert place.local.world.typing_channel_ids == [place.general.id]


async def test_typing_that_fails_keeps_nobody_from_an_answer(place: Place) -> None:
    place.local.faults.fail_with(500, "POST /channels/*/typing", times=9)

    answer = await place.mentioned()

    assert "river" in answer.text


async def test_an_answer_after_its_question_was_deleted_stands_alone(place: Place) -> None:
    place.local.faults.delay(0.2, "POST /channels/*/messages")
    asked = place.anna.post(place.general, place.mentioning())
    place.anna.delete(asked)

    answer = await place.local.wait_for(
        lambda: next(iter(place.local.get_messages(place.general)), None)
    )

    assert "river" in answer.text


async def test_an_article_taken_in_meanwhile_is_found(place: Place) -> None:
    await place.app.articles.put([an_article("Owls nest in the tower.", id="owls")], NOON)
    await place.app.index.refresh()

    answer = await place.mentioned("owls nest tower")

    assert "tower" in answer.text
