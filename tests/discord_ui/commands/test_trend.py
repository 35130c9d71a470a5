from io import BytesIO

import pytest
from PIL import Image

from bot.local_discord.terminal.rendering import render_message
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.records import Message
from bot.presentation.trend import NO_PICTURE
from tests.discord_ui.conftest import Place
from tests.scenario.starting import read


async def trend_of(place: Place, terms: str = "river, ferries", **options: int) -> Message:
    acted = await place.anna.run_command("trend", channel=place.general, terms=terms, **options)
    return await place.anna.wait_for_answer(acted, timeout=15)


async def test_a_trend_is_a_picture_and_its_numbers(place: Place) -> None:
    told = await trend_of(place, weeks=4)

    (file,) = told.attachments
    assert Image.open(BytesIO(file.data)).format == "PNG"
    assert file.filename == "trend.png"
    assert "river: 5 articles, at most 5 a week (in that of 2 March 2026)" in read(told)
    assert "\n2 Mar       5        1    5\n" in told.text
    assert told.only_for is None


async def test_the_picture_is_told_in_words(place: Place) -> None:
    told = await trend_of(place)

    shown = render_message(told, {}, {})

    assert any("[picture: Bar chart of articles a week, 15 December 2025" in line for line in shown)


async def test_twelve_weeks_are_shown_unless_one_says(place: Place) -> None:
    told = await trend_of(place)

    assert "Of these 12 weeks the library has 5 articles." in read(told)


async def test_without_the_permission_the_numbers_come_with_why_there_is_no_picture(
    place: Place,
) -> None:
    moderation.deny_permission(place.local.world, place.general, Permission.ATTACH_FILES)

    told = await trend_of(place)

    assert not told.attachments
    assert all(each.status < 300 for each in place.local.world.exchanges)
    assert "river: 5 articles" in read(told)
    assert NO_PICTURE.text in read(told)


@pytest.mark.usefixtures("without_matplotlib")
async def test_without_matplotlib_the_numbers_come_alone(place: Place) -> None:
    told = await trend_of(place)

    assert not told.attachments
    assert "river: 5 articles" in read(told)
    assert NO_PICTURE.text not in read(told)


async def test_a_permission_that_is_taken_meanwhile_costs_the_picture_alone(place: Place) -> None:
    acted = await place.anna.run_command("trend", channel=place.general, terms="river")
    moderation.deny_permission(place.local.world, place.general, Permission.ATTACH_FILES)

    told = await place.anna.wait_for_answer(acted, timeout=15)

    assert not told.attachments
    assert NO_PICTURE.text in read(told)


async def test_another_refusal_is_no_matter_of_the_picture(place: Place) -> None:
    place.local.faults.fail_with(403, "PATCH *")

    acted = await place.anna.run_command("trend", channel=place.general, terms="river")
    await place.desk.wait_until_idle(10)

    sent = [each for each in place.local.world.exchanges if each.method == "PATCH"]
    assert [each.status for each in sent] == [403]
    assert place.local.world.messages[acted.original_message_id or 0].is_loading


async def test_a_trend_of_nothing_has_no_picture(place: Place) -> None:
    told = await trend_of(place, "comet")

    assert "No article of these weeks holds this." in read(told)
    assert not told.attachments


async def test_too_many_terms_are_told_to_who_typed_them(place: Place) -> None:
    told = await trend_of(place, "a1, b2, c3, d4, e5")

    assert "That makes 5 terms, and a trend shows 4 at most" in read(told)
    assert told.only_for == place.anna.id


async def test_a_trend_comes_in_direct_messages_too(place: Place) -> None:
    acted = await place.anna.run_command("trend", channel=place.anna.direct_channel, terms="river")

    assert (await place.anna.wait_for_answer(acted, timeout=15)).attachments
