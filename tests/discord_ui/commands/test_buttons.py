import asyncio

import pytest

from bot.discord_ui.messages.components import build_custom_id, parse_custom_id
from bot.local_discord.world import interactions
from bot.local_discord.world.constants import ComponentType, InteractionType
from bot.local_discord.world.person import NoResponse
from bot.local_discord.world.records import Message
from bot.local_discord.world.world import Event
from bot.model.vote import VoteCounts
from bot.presentation.blocks import Action
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import QUESTION, RunningBot
from tests.scenario.starting import read

EVERY_BUTTON = ("More", "In context", "Why this?", "👍", "👎", "Follow up", "Delete")


def extract_receipts(message: Message) -> list[str]:
    """Return the receipts in the message, in order."""
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


async def test_more_shows_the_next_excerpts_and_keeps_the_first(bot: RunningBot) -> None:
    answer = await bot.mention()

    more = await bot.press(answer, "More")

    assert len(extract_receipts(answer)) == 3
    assert extract_receipts(more)
    assert not set(extract_receipts(more)) & set(extract_receipts(answer))
    assert extract_receipts(bot.local.world.messages[answer.id]) == extract_receipts(answer)


async def test_the_next_excerpts_are_shown_to_all_only_if_the_asker_wants_that(
    bot: RunningBot,
) -> None:
    answer = await bot.mention()

    own = await bot.press(answer, "More")
    others = await bot.press(answer, "More", by=bot.bo)

    assert own.only_for is None
    assert others.only_for == bot.bo.id


async def test_the_buttons_of_a_page_are_about_its_own_excerpts(bot: RunningBot) -> None:
    answer = await bot.mention()
    more = await bot.press(answer, "More")

    around = await bot.press(more, build_custom_id(Action.IN_CONTEXT, find_key(answer), 4))

    assert "Dresden" in more.text
    assert "Dresden" in around.text
    assert "Then it was dry." in around.text


def find_key(message: Message) -> str:
    presses = [parse_custom_id(button.custom_id or "") for button in message.buttons]
    return next(press.key for press in presses if press)


async def test_two_people_who_press_at_once_get_each_their_own(bot: RunningBot) -> None:
    answer = await bot.mention()

    anna, bo = await asyncio.gather(bot.press(answer, "More"), bot.press(answer, "More", by=bot.bo))

    assert extract_receipts(anna) == extract_receipts(bo)
    assert anna.id != bo.id


async def test_the_context_is_shown_to_the_presser_alone(bot: RunningBot) -> None:
    answer = await bot.mention()

    around = await bot.press(answer, "In context", by=bot.bo)

    assert around.only_for == bot.bo.id
    assert "paragraphs 1 to 3" in around.text


async def test_why_shows_a_sentence_and_a_sum_to_the_presser_alone(bot: RunningBot) -> None:
    answer = await bot.mention("RIVERS rising by metres")

    told = await bot.press(answer, "Why this?", by=bot.bo)

    sentence, _, rest = told.text.partition("\n```\n")
    rows, _, origin = rest.partition("\n```\n")
    *numbers, _, total = [line.split()[0] for line in rows.splitlines()]
    assert told.only_for == bot.bo.id
    assert sentence.startswith("This excerpt was chosen because its passage contains “")
    assert "“river”" in sentence
    assert sum(map(float, numbers)) == pytest.approx(float(total), abs=0.05)
    assert origin == "-# The flood · The Courier\n-# 2 March 2026 · paragraph 2"


async def test_a_vote_counts_once_a_person_and_is_withdrawn_by_a_second_press(
    bot: RunningBot,
) -> None:
    answer = await bot.mention()
    up = await bot.press(answer, "👍")
    await bot.press(answer, "👎", by=bot.bo)

    back = await bot.press(answer, "👍")

    assert up.only_for == bot.anna.id
    assert "Thank you for voting" in up.text
    assert "was removed" in back.text
    assert await bot.app.votes.count_by_receipt(extract_receipts(answer)[0]) == VoteCounts(
        up=0, down=1
    )


async def test_only_the_asker_deletes(bot: RunningBot) -> None:
    answer = await bot.mention()

    refusal = await bot.press(answer, "Delete", by=bot.bo)
    stood = answer.id in bot.local.world.messages
    await bot.anna.press(answer, "Delete")
    await bot.local.wait_for(lambda: answer.id not in bot.local.world.messages)

    assert "Only the person who asked" in refusal.text
    assert refusal.only_for == bot.bo.id
    assert stood


async def test_a_person_can_delete_an_answer_that_they_alone_see(bot: RunningBot) -> None:
    answer = await bot.mention()
    others = await bot.press(answer, "More", by=bot.bo)

    await bot.bo.press(others, "Delete")

    await bot.local.wait_for(lambda: others.id not in bot.local.world.messages)


async def test_deleting_twice_at_once_is_no_fault(
    bot: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await bot.mention()

    presses = [bot.anna.press(answer, "Delete") for _ in range(2)]
    pressed = await asyncio.gather(*presses, return_exceptions=True)
    await bot.context.wait_until_idle(2)

    # The one that comes second may find no message left that it could be answered at.
    unanswered = [outcome for outcome in pressed if isinstance(outcome, BaseException)]
    assert [type(outcome) for outcome in unanswered] in ([], [NoResponse])
    assert answer.id not in bot.local.world.messages
    assert "error" not in capsys.readouterr().out


@pytest.mark.parametrize("label", EVERY_BUTTON)
async def test_every_button_of_an_expired_answer_says_so_to_who_pressed(
    bot: RunningBot, label: str
) -> None:
    answer = await bot.mention()
    bot.clock.advance(days=7)

    told = await bot.press(answer, label)

    assert "This result has expired" in told.text
    assert "To ask me" in told.text
    assert told.only_for == bot.anna.id


@pytest.mark.parametrize("label", ["In context", "Why this?", "👍"])
async def test_an_excerpt_of_a_withdrawn_article_is_reported_as_withdrawn(
    bot: RunningBot, label: str
) -> None:
    answer = await bot.mention("Bremen river rose")
    await bot.app.articles.withdraw(an_article(id="bremen").id, "wrong", NOON)

    told = await bot.press(answer, label)

    assert "has been withdrawn" in told.text


async def test_a_button_of_another_version_says_how_to_ask(bot: RunningBot) -> None:
    answer = await bot.mention()
    action = interactions.create_interaction(
        bot.local.world,
        InteractionType.MESSAGE_COMPONENT,
        bot.anna.user,
        bot.general,
        {"custom_id": "d:fly:key", "component_type": ComponentType.BUTTON, "id": 3},
        message=answer,
    )

    told = await bot.anna.wait_for_answer(action)

    assert "This button no longer works" in told.text
    assert told.only_for == bot.anna.id


@pytest.mark.parametrize(
    "action",
    [Action.MORE, Action.IN_CONTEXT, Action.WHY, Action.VOTE_UP, Action.ARTICLE, Action.PAGE],
)
async def test_a_forged_rank_is_of_no_button(
    bot: RunningBot, action: Action, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await bot.mention()
    interactions.create_interaction(
        bot.local.world,
        InteractionType.MESSAGE_COMPONENT,
        bot.anna.user,
        bot.general,
        {
            "custom_id": build_custom_id(action, find_key(answer), 999_999),
            "component_type": ComponentType.BUTTON,
            "id": 3,
        },
        message=answer,
    )

    await bot.local.wait_for(
        lambda: any(
            "This button no longer works" in message.text
            for message in bot.local.get_messages(bot.general)
        )
    )
    assert "Traceback" not in capsys.readouterr().out


async def test_a_press_that_is_delivered_twice_counts_once(bot: RunningBot) -> None:
    answer = await bot.mention()
    events: list[Event] = []
    bot.local.world.listeners.append(events.append)

    await bot.press(answer, "👍")
    bot.local.world.emit(next(event for event in events if event.name == "INTERACTION_CREATE"))
    second = await bot.press(answer, "👍", by=bot.bo)

    assert "Votes: 2 👍, 0 👎." in read(second)


async def test_a_failing_button_shows_the_error_id_of_the_log(
    bot: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await bot.mention()
    async with bot.app.alerts._database.transaction() as transaction:  # noqa: SLF001 - a fault
        await transaction.execute("UPDATE answers_shown SET excerpts = '[[]]'")
    custom_id = build_custom_id(Action.IN_CONTEXT, find_key(answer), 1)
    action = interactions.create_interaction(
        bot.local.world,
        InteractionType.MESSAGE_COMPONENT,
        bot.anna.user,
        bot.general,
        {"custom_id": custom_id, "component_type": ComponentType.BUTTON, "id": 3},
        message=answer,
    )

    told = await bot.anna.wait_for_answer(action)

    error_id = told.text.rstrip("\\.").rpartition(" ")[2]
    assert "Something went wrong on my side" in told.text
    assert error_id in capsys.readouterr().out


async def test_buttons_in_direct_messages_work_as_anywhere(bot: RunningBot) -> None:
    answer = await bot.anna.wait_for_reply(bot.anna.send_direct_message(QUESTION))

    around = await bot.press(answer, "In context")
    more = await bot.press(answer, "More")

    assert "Then it was dry." in around.text
    assert extract_receipts(more)


async def test_an_answer_to_a_button_that_got_lost_is_given_all_the_same(bot: RunningBot) -> None:
    answer = await bot.mention()
    bot.local.faults.drop_response("POST /interactions/*")
    bot.local.faults.drop_response("PATCH /webhooks/*")

    around = await bot.press(answer, "In context")

    assert "Then it was dry." in around.text


async def test_a_press_that_another_process_has_answered_is_left_to_it(
    bot: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await bot.mention()
    bot.local.faults.fail_with(400, "POST /interactions/*", times=9, code=40060)
    exchanges = bot.local.world.exchanges
    capsys.readouterr()

    interactions.create_interaction(
        bot.local.world,
        InteractionType.MESSAGE_COMPONENT,
        bot.anna.user,
        bot.general,
        {
            "custom_id": build_custom_id(Action.IN_CONTEXT, find_key(answer), 1),
            "component_type": ComponentType.BUTTON,
            "id": 3,
        },
        message=answer,
    )
    await bot.local.wait_for(lambda: exchanges[-1].path.startswith("/interactions/"))
    await bot.context.wait_until_idle(5)

    log = capsys.readouterr().out
    assert "another bot process with this token has answered" in log
    assert "Traceback" not in log
    assert "error_id" not in log
    assert not [made for made in exchanges if made.path.startswith("/webhooks/")]


async def test_a_response_that_discord_took_but_reported_as_failed_is_no_foreign_answer(
    bot: RunningBot,
) -> None:
    answer = await bot.mention()
    bot.local.faults.fail_after_executing(500, "POST /interactions/*")

    around = await bot.press(answer, "In context")

    assert "Then it was dry." in around.text
