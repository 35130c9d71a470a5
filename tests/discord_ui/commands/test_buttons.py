import asyncio

import pytest

from bot.discord_ui.messages.components import build_custom_id, parse_custom_id
from bot.local_discord.world import interactions
from bot.local_discord.world.constants import ComponentType, InteractionType
from bot.local_discord.world.person import NoResponse
from bot.local_discord.world.records import Message
from bot.model.vote import VoteCounts
from bot.presentation.blocks import Action
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import QUESTION, Place

EVERY_BUTTON = ("More", "In context", "Why this?", "👍", "👎", "Follow up", "Delete")


def receipts(message: Message) -> list[str]:
    """The receipts that the message shows, in order."""
    lines = message.text.splitlines()
    return [line.rpartition(" ")[2] for line in lines if " receipt " in line]


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("rank", [None, 1, 30])
def test_a_button_says_what_it_is_pressed_for(action: Action, rank: int | None) -> None:
    press = parse_custom_id(build_custom_id(action, "Ab-_9", rank))

    assert press is not None
    assert (press.action, press.key, press.rank) == (action, "Ab-_9", rank or 1)


@pytest.mark.parametrize("name", ["", "x", "d:more", "d:fly:key", "d:more:key:0", "d:more:k k"])
def test_a_foreign_custom_id_is_no_press(name: str) -> None:
    assert parse_custom_id(name) is None


async def test_more_shows_the_next_excerpts_and_keeps_the_first(place: Place) -> None:
    answer = await place.mentioned()

    more = await place.pressed(answer, "More")

    assert len(receipts(answer)) == 3
    assert receipts(more)
    assert not set(receipts(more)) & set(receipts(answer))
    assert receipts(place.local.world.messages[answer.id]) == receipts(answer)


async def test_the_next_excerpts_are_shown_to_all_only_where_the_asker_wants_them(
    place: Place,
) -> None:
    answer = await place.mentioned()

    own = await place.pressed(answer, "More")
    others = await place.pressed(answer, "More", by=place.bo)

    assert own.only_for is None
    assert others.only_for == place.bo.id


async def test_the_buttons_of_a_page_are_about_its_own_excerpts(place: Place) -> None:
    answer = await place.mentioned()
    more = await place.pressed(answer, "More")

    around = await place.pressed(more, build_custom_id(Action.IN_CONTEXT, key_of(answer), 4))

    assert "Dresden" in more.text
    assert "Dresden" in around.text
    assert "Then it was dry." in around.text


def key_of(message: Message) -> str:
    presses = [parse_custom_id(button.custom_id or "") for button in message.buttons]
    return next(press.key for press in presses if press)


async def test_two_people_who_press_at_once_get_each_their_own(place: Place) -> None:
    answer = await place.mentioned()

    anna, bo = await asyncio.gather(
        place.pressed(answer, "More"), place.pressed(answer, "More", by=place.bo)
    )

    assert receipts(anna) == receipts(bo)
    assert anna.id != bo.id


async def test_what_stands_around_is_shown_only_to_who_pressed(place: Place) -> None:
    answer = await place.mentioned()

    around = await place.pressed(answer, "In context", by=place.bo)

    assert around.only_for == place.bo.id
    assert "paragraphs 1 to 3" in around.text


async def test_why_is_told_in_a_sentence_and_a_sum_only_to_who_pressed(place: Place) -> None:
    answer = await place.mentioned("RIVERS rising by metres")

    told = await place.pressed(answer, "Why this?", by=place.bo)

    sentence, _, rest = told.text.partition("\n```\n")
    rows, _, origin = rest.partition("\n```\n")
    *numbers, _, total = [line.split()[0] for line in rows.splitlines()]
    assert told.only_for == place.bo.id
    assert sentence.startswith("It was chosen because its passage holds “")
    assert "“river”" in sentence
    assert sum(map(float, numbers)) == pytest.approx(float(total), abs=0.05)
    assert origin == "-# The flood · The Courier\n-# 2 March 2026 · paragraph 2"


async def test_a_vote_counts_once_a_person_and_is_taken_back_by_the_same_again(
    place: Place,
) -> None:
    answer = await place.mentioned()
    up = await place.pressed(answer, "👍")
    await place.pressed(answer, "👎", by=place.bo)

    back = await place.pressed(answer, "👍")

    assert up.only_for == place.anna.id
    assert "noted" in up.text
    assert "taken back" in back.text
    assert await place.app.votes.count_by_receipt(receipts(answer)[0]) == VoteCounts(up=0, down=1)


async def test_only_the_asker_deletes(place: Place) -> None:
    answer = await place.mentioned()

    refused = await place.pressed(answer, "Delete", by=place.bo)
    stood = answer.id in place.local.world.messages
    await place.anna.press(answer, "Delete")
    await place.local.wait_for(lambda: answer.id not in place.local.world.messages)

    assert "Only the person who asked" in refused.text
    assert refused.only_for == place.bo.id
    assert stood


async def test_what_one_person_alone_sees_they_may_delete(place: Place) -> None:
    answer = await place.mentioned()
    others = await place.pressed(answer, "More", by=place.bo)

    await place.bo.press(others, "Delete")

    await place.local.wait_for(lambda: others.id not in place.local.world.messages)


async def test_deleting_twice_at_once_is_no_fault(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await place.mentioned()

    presses = [place.anna.press(answer, "Delete") for _ in range(2)]
    pressed = await asyncio.gather(*presses, return_exceptions=True)
    await place.desk.wait_until_idle(2)

    # The one that comes second may find no message left that it could be answered at.
    unanswered = [each for each in pressed if isinstance(each, BaseException)]
    assert [type(each) for each in unanswered] in ([], [NoResponse])
    assert answer.id not in place.local.world.messages
    assert "error" not in capsys.readouterr().out


@pytest.mark.parametrize("label", EVERY_BUTTON)
async def test_every_button_of_an_expired_answer_says_so_to_who_pressed(
    place: Place, label: str
) -> None:
    answer = await place.mentioned()
    place.clock.pass_by(days=7)

    told = await place.pressed(answer, label)

    assert "too old to go on from" in told.text
    assert "To ask me" in told.text
    assert told.only_for == place.anna.id


@pytest.mark.parametrize("label", ["In context", "Why this?", "👍"])
async def test_an_excerpt_whose_article_was_taken_back_is_told_as_that(
    place: Place, label: str
) -> None:
    answer = await place.mentioned("Bremen river rose")
    await place.app.articles.remove(an_article(id="bremen").id, "wrong", NOON)

    told = await place.pressed(answer, label)

    assert "has been taken back" in told.text


async def test_a_button_of_another_version_says_how_to_ask(place: Place) -> None:
    answer = await place.mentioned()
    acted = interactions.create_interaction(
        place.local.world,
        InteractionType.MESSAGE_COMPONENT,
        place.anna.user,
        place.general,
        {"custom_id": "d:fly:key", "component_type": ComponentType.BUTTON, "id": 3},
        message=answer,
    )

    told = await place.anna.wait_for_answer(acted)

    assert "I don't know this button any more" in told.text
    assert told.only_for == place.anna.id


async def test_what_breaks_in_a_button_is_told_with_the_id_that_stands_in_the_log(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await place.mentioned()
    beyond = build_custom_id(Action.IN_CONTEXT, key_of(answer), 999)
    acted = interactions.create_interaction(
        place.local.world,
        InteractionType.MESSAGE_COMPONENT,
        place.anna.user,
        place.general,
        {"custom_id": beyond, "component_type": ComponentType.BUTTON, "id": 3},
        message=answer,
    )

    told = await place.anna.wait_for_answer(acted)

    error_id = told.text.rstrip("\\.").rpartition(" ")[2]
    assert "Something went wrong on my side" in told.text
    assert error_id in capsys.readouterr().out


async def test_buttons_in_direct_messages_work_as_anywhere(place: Place) -> None:
    answer = await place.anna.wait_for_reply(place.anna.send_direct_message(QUESTION))

    around = await place.pressed(answer, "In context")
    more = await place.pressed(answer, "More")

    assert "Then it was dry." in around.text
    assert receipts(more)


async def test_an_answer_to_a_button_that_got_lost_is_given_all_the_same(place: Place) -> None:
    answer = await place.mentioned()
    place.local.faults.drop_response("POST /interactions/*")
    place.local.faults.drop_response("PATCH /webhooks/*")

    around = await place.pressed(answer, "In context")

    assert "Then it was dry." in around.text
