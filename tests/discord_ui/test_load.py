"""What people see while the bot is slow or has too much to do."""

import asyncio
import time

import pytest

from bot.discord_ui.context import PRESSES_PER_MINUTE
from bot.errors import TooBusy
from bot.local_discord.world.constants import CallbackType
from bot.local_discord.world.records import Interaction, Message
from bot.presentation.errors import describe_error
from bot.runtime.turns import TurnQueue
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import QUESTION, RunningBot, block_reads, hold_turns
from tests.scenario.starting import read

BUSY = describe_error(TooBusy())
THINKING = CallbackType.DEFERRED_MESSAGE
UNCHANGED = CallbackType.DEFERRED_UPDATE


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let interactions be acknowledged at once if they wait."""
    for module in ("messages.replies", "commands.follow_up"):
        monkeypatch.setattr(f"bot.discord_ui.{module}.ACKNOWLEDGEMENT_SECONDS", 0.01)


async def refuse_all_turns(bot: RunningBot) -> None:
    """Let turns last so long that nobody may wait for one."""
    seconds = 0.0
    bot.context.turns = TurnQueue(clock=lambda: seconds)
    async with hold_turns(bot.context):
        seconds = 1_000.0


async def test_a_command_is_acknowledged_within_a_second_whatever_waits(bot: RunningBot) -> None:
    async with block_reads(bot.app):
        begun = time.monotonic()
        interaction = await bot.anna.run_command("ask", channel=bot.general, question=QUESTION)
        seconds = time.monotonic() - begun
    answer = await bot.anna.wait_for_answer(interaction)

    assert seconds < 1
    assert "metres" in answer.text
    assert answer.only_for == bot.anna.id


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("search", {"terms": "river"}),
        ("article", {"title": "bremen"}),
        ("latest", {}),
        ("status", {}),
        ("verify", {"receipt": "0123456789abcdef"}),
        ("privacy show", {}),
        ("alerts list", {}),
    ],
)
async def test_every_command_is_acknowledged_while_the_database_is_slow(
    bot: RunningBot, name: str, options: dict[str, str]
) -> None:
    async with block_reads(bot.app):
        interaction = await bot.anna.run_command(name, channel=bot.general, **options)
    answer = await bot.anna.wait_for_answer(interaction)

    assert interaction.callback_type is THINKING
    assert answer.text


@pytest.mark.usefixtures("hasty")
async def test_a_refusal_of_a_slow_command_reaches_only_its_user(bot: RunningBot) -> None:
    async with block_reads(bot.app):
        interaction = await bot.anna.run_command("ask", channel=bot.general, question="🙂🙂")
    answer = await bot.anna.wait_for_answer(interaction)

    assert "Emoji" in answer.text
    assert answer.only_for == bot.anna.id


@pytest.mark.usefixtures("hasty")
async def test_a_menu_is_acknowledged_while_the_database_is_slow(bot: RunningBot) -> None:
    message = bot.anna.post(bot.general, "“while markets stayed open”")

    async with block_reads(bot.app):
        interaction = await bot.anna.run_context_menu("Verify quotes", message)
    answer = await bot.anna.wait_for_answer(interaction)

    assert "Found word for word" in answer.text


async def press_slowly(bot: RunningBot, message: Message, label: str) -> Interaction:
    """Press a button while the database is slow, and wait until the bot has finished."""
    async with block_reads(bot.app):
        interaction = await bot.anna.press(message, label)
    await bot.context.wait_until_idle(5)
    return interaction


def get_last_message(bot: RunningBot) -> Message:
    return bot.local.get_messages(bot.general)[-1]


@pytest.mark.usefixtures("hasty")
async def test_more_is_acknowledged_before_it_is_known_who_may_see_it(bot: RunningBot) -> None:
    answer = await bot.mention()

    interaction = await press_slowly(bot, answer, "More")

    assert interaction.callback_type is UNCHANGED
    assert get_last_message(bot).text.startswith("> ")
    assert get_last_message(bot).only_for is None
    assert bot.local.world.messages[answer.id].text == answer.text


@pytest.mark.usefixtures("hasty")
async def test_a_page_that_loads_slowly_is_turned_in_place(bot: RunningBot) -> None:
    articles = [an_article(f"A gannet {number}.", id=f"g{number}") for number in range(7)]
    await bot.app.articles.put(articles, NOON)
    await bot.app.index.refresh()
    action = await bot.anna.run_command("search", channel=bot.general, terms="gannet")
    first = await bot.anna.wait_for_answer(action)

    await press_slowly(bot, first, "Next")

    assert "6 to 7 of 7 passages" in bot.local.world.messages[first.id].text
    assert get_last_message(bot).id == first.id


@pytest.mark.usefixtures("hasty")
async def test_a_slow_press_of_delete_deletes(bot: RunningBot) -> None:
    answer = await bot.mention()

    await press_slowly(bot, answer, "Delete")

    assert answer.id not in bot.local.world.messages


@pytest.mark.usefixtures("hasty")
async def test_a_form_opens_without_its_dates_if_they_load_slowly(bot: RunningBot) -> None:
    answer = await bot.mention(f"{QUESTION} in March 2026")

    async with block_reads(bot.app):
        form = await bot.anna.press(answer, "Follow up")
    sent = await bot.anna.submit_modal(form, {"question": "Bremen river"})

    assert form.callback_type is CallbackType.MODAL
    assert "Dates understood\\: March 2026" in (await bot.anna.wait_for_answer(sent)).text


async def test_questions_wait_for_their_turn_and_are_all_answered(bot: RunningBot) -> None:
    async with hold_turns(bot.context):
        commands = [
            await bot.anna.run_command("ask", channel=bot.general, question=QUESTION)
            for _ in range(5)
        ]
        messages = [bot.bo.send_direct_message(QUESTION) for _ in range(5)]
    answers = await asyncio.gather(
        *(bot.anna.wait_for_answer(command) for command in commands),
        *(bot.bo.wait_for_reply(message) for message in messages),
    )

    assert all("metres" in answer.text for answer in answers)


async def test_a_busy_bot_says_so_at_once_and_only_to_who_used_the_command(
    bot: RunningBot,
) -> None:
    await refuse_all_turns(bot)

    async with hold_turns(bot.context):
        asked = await bot.ask()
        searched = await bot.anna.wait_for_answer(
            await bot.anna.run_command("search", channel=bot.general, terms="river")
        )
    later = await bot.ask()

    assert [read(message) for message in (asked, searched)] == [BUSY, BUSY]
    assert {message.only_for for message in (asked, searched)} == {bot.anna.id}
    assert "metres" in later.text


async def test_a_busy_bot_says_so_in_reply_to_each_message(bot: RunningBot) -> None:
    await refuse_all_turns(bot)

    async with hold_turns(bot.context):
        replies = [await bot.mention() for _ in range(3)]

    assert [read(reply) for reply in replies] == [BUSY] * 3


async def test_a_busy_bot_still_helps_and_shows_what_it_stored(bot: RunningBot) -> None:
    answer = await bot.mention()
    await refuse_all_turns(bot)

    async with hold_turns(bot.context):
        around = await bot.press(answer, "In context")
        for name in ("help", "status", "privacy show"):
            action = await bot.anna.run_command(name, channel=bot.general)
            assert BUSY not in read(await bot.anna.wait_for_answer(action))

    assert "Then it was dry." in around.text


async def test_buttons_and_forms_have_a_pace_of_their_own(bot: RunningBot) -> None:
    answer = await bot.mention()
    form = await bot.anna.press(answer, "Follow up")
    for _ in range(PRESSES_PER_MINUTE - 1):
        await bot.press(answer, "In context")

    refused = [
        await bot.press(answer, "In context"),
        await bot.press(answer, "Follow up"),
        await bot.anna.wait_for_answer(await bot.anna.submit_modal(form, {"question": QUESTION})),
    ]
    question = await bot.ask()
    bot.clock.advance(minutes=1)
    later = await bot.press(answer, "In context")

    sentence = "You used buttons, menus and forms 20 times in the last minute. Try again in"
    assert all(read(message).startswith(sentence) for message in refused)
    assert {message.only_for for message in refused} == {bot.anna.id}
    assert "metres" in question.text
    assert "Then it was dry." in later.text


async def test_forms_do_not_count_as_questions(bot: RunningBot) -> None:
    answer = await bot.mention()
    for _ in range(bot.app.settings.discord.questions_per_minute - 1):
        await bot.ask()

    form = await bot.anna.press(answer, "Follow up")
    sent = await bot.anna.submit_modal(form, {"question": QUESTION})

    assert "metres" in (await bot.anna.wait_for_answer(sent)).text
