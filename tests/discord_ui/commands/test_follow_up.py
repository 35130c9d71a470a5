from datetime import date

import pytest

from bot.discord_ui.commands.follow_up import extract_typed_text, format_kept_dates
from bot.local_discord.world import interactions
from bot.local_discord.world.constants import InteractionType
from bot.model.day_range import DayRange
from tests.discord_ui.conftest import QUESTION, RunningBot

MARCH = DayRange(first=date(2026, 3, 1), last=date(2026, 3, 31))


@pytest.mark.parametrize(
    ("components", "typed"),
    [
        ([{"type": 18, "component": {"type": 4, "value": "why?"}}], "why?"),
        ([{"type": 1, "components": [{"type": 4, "value": "why?"}]}], "why?"),
        ([{"type": 10}, {"type": 18, "component": {"type": 4, "value": "why?"}}], "why?"),
        ([], ""),
    ],
    ids=["label", "row", "second", "empty"],
)
def test_the_form_contains_the_entered_question(components: list[object], typed: str) -> None:
    assert extract_typed_text(components) == typed


def test_the_form_says_which_dates_are_kept_as_long_as_there_is_room() -> None:
    assert format_kept_dates(()) is None
    assert format_kept_dates([MARCH]) == "Uses the same dates: March 2026"
    assert format_kept_dates([MARCH] * 9) == "Uses the same dates as the answer"


async def test_a_follow_up_keeps_the_dates(bot: RunningBot) -> None:
    first = await bot.mention(f"{QUESTION} in March 2026")
    opened = await bot.anna.press(first, "Follow up")

    second = await bot.anna.wait_for_answer(
        await bot.anna.submit_modal(opened, {"question": "Bremen river"})
    )

    assert "Dates understood\\: March 2026" in second.text
    assert "“Bremen river”" in second.text
    assert second.only_for is None


async def test_a_follow_up_on_a_private_answer_stays_private(bot: RunningBot) -> None:
    first = await bot.mention()
    others = await bot.press(first, "More", by=bot.bo)
    opened = await bot.bo.press(others, "Follow up")

    second = await bot.bo.wait_for_answer(await bot.bo.submit_modal(opened, {"question": QUESTION}))

    assert second.only_for == bot.bo.id


async def test_a_form_sent_after_the_answer_expired_is_refused_to_who_sent_it_alone(
    bot: RunningBot,
) -> None:
    first = await bot.mention(f"{QUESTION} in March 2026")
    opened = await bot.anna.press(first, "Follow up")
    bot.clock.advance(days=7)

    answer = await bot.anna.wait_for_answer(
        await bot.anna.submit_modal(opened, {"question": QUESTION})
    )

    assert "This result has expired" in answer.text
    assert answer.only_for == bot.anna.id


async def test_an_unusable_question_is_reported_to_the_asker_alone(bot: RunningBot) -> None:
    first = await bot.mention()
    opened = await bot.anna.press(first, "Follow up")

    answer = await bot.anna.wait_for_answer(
        await bot.anna.submit_modal(opened, {"question": "🙂🙂"})
    )

    assert "Emoji" in answer.text
    assert answer.only_for == bot.anna.id


async def test_a_form_of_another_version_says_how_to_ask(bot: RunningBot) -> None:
    action = interactions.create_interaction(
        bot.local.world,
        InteractionType.MODAL_SUBMIT,
        bot.anna.user,
        bot.general,
        {"custom_id": "other", "components": []},
    )

    answer = await bot.anna.wait_for_answer(action)

    assert "This form no longer works" in answer.text
