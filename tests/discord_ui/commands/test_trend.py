from io import BytesIO

import pytest
from PIL import Image

from bot.local_discord.terminal.rendering import render_message
from bot.local_discord.world import administration
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.records import Message
from bot.presentation.trend import NO_PICTURE
from tests.discord_ui.conftest import RunningBot
from tests.scenario.starting import read


async def run_trend(bot: RunningBot, terms: str = "river, ferries", **options: int) -> Message:
    action = await bot.anna.run_command("trend", channel=bot.general, terms=terms, **options)
    return await bot.anna.wait_for_answer(action, timeout=15)


async def test_a_trend_is_a_picture_and_its_numbers(bot: RunningBot) -> None:
    answer = await run_trend(bot, weeks=4)

    (file,) = answer.attachments
    assert Image.open(BytesIO(file.data)).format == "PNG"
    assert file.filename == "trend.png"
    assert "river: 5 articles, most in one week: 5 (week of 2 March 2026)" in read(answer)
    assert "\n2 Mar       5        1    5\n" in answer.text
    assert answer.only_for is None


async def test_the_picture_has_a_description(bot: RunningBot) -> None:
    answer = await run_trend(bot)

    shown = render_message(answer, {}, {})

    assert any(
        "[picture: Bar chart of articles per week, 15 December 2025" in line for line in shown
    )


async def test_twelve_weeks_are_shown_unless_one_says(bot: RunningBot) -> None:
    answer = await run_trend(bot)

    assert "The library has 5 articles from these 12 weeks." in read(answer)


async def test_without_the_permission_the_numbers_come_with_why_there_is_no_picture(
    bot: RunningBot,
) -> None:
    administration.deny_permission(bot.local.world, bot.general, Permission.ATTACH_FILES)

    answer = await run_trend(bot)

    assert not answer.attachments
    assert all(exchange.status < 300 for exchange in bot.local.world.exchanges)
    assert "river: 5 articles" in read(answer)
    assert NO_PICTURE.text in read(answer)


@pytest.mark.usefixtures("without_matplotlib")
async def test_without_matplotlib_the_numbers_come_alone(bot: RunningBot) -> None:
    answer = await run_trend(bot)

    assert not answer.attachments
    assert "river: 5 articles" in read(answer)
    assert NO_PICTURE.text not in read(answer)


async def test_a_permission_lost_meanwhile_costs_the_picture_alone(
    bot: RunningBot,
) -> None:
    action = await bot.anna.run_command("trend", channel=bot.general, terms="river")
    administration.deny_permission(bot.local.world, bot.general, Permission.ATTACH_FILES)

    answer = await bot.anna.wait_for_answer(action, timeout=15)

    assert not answer.attachments
    assert NO_PICTURE.text in read(answer)


async def test_another_refusal_is_no_matter_of_the_picture(bot: RunningBot) -> None:
    bot.local.faults.fail_with(403, "PATCH *")

    action = await bot.anna.run_command("trend", channel=bot.general, terms="river")
    await bot.context.wait_until_idle(10)

    sent = [exchange for exchange in bot.local.world.exchanges if exchange.method == "PATCH"]
    assert [exchange.status for exchange in sent] == [403]
    assert bot.local.world.messages[action.original_message_id or 0].is_loading


async def test_a_trend_of_nothing_has_no_picture(bot: RunningBot) -> None:
    answer = await run_trend(bot, "comet")

    assert "No article from these weeks contains this." in read(answer)
    assert not answer.attachments


async def test_too_many_terms_are_reported_to_the_asker(bot: RunningBot) -> None:
    answer = await run_trend(bot, "a1, b2, c3, d4, e5")

    assert "A trend can show at most 4 topics, and this has 5" in read(answer)
    assert answer.only_for == bot.anna.id


async def test_a_trend_comes_in_direct_messages_too(bot: RunningBot) -> None:
    action = await bot.anna.run_command("trend", channel=bot.anna.direct_channel, terms="river")

    assert (await bot.anna.wait_for_answer(action, timeout=15)).attachments
