from dataclasses import replace
from pathlib import Path

import pytest

from bot.local_discord.world.records import Channel, Message, Pings
from tests.discord_ui.conftest import Place
from tests.scenario.starting import read


async def given(place: Place, text: str = "The title is wrong.", **options: bool) -> Message:
    """What the person reads who gave feedback."""
    acted = await place.anna.run_command("feedback", channel=place.general, text=text, **options)
    return await place.anna.wait_for_answer(acted)


def all_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def goes_to(place: Place, channel_id: int) -> None:
    settings = place.app.settings
    discord = settings.discord.model_copy(update={"feedback_channel": channel_id})
    application = replace(place.app, settings=settings.model_copy(update={"discord": discord}))
    place.desk.services = application.services


@pytest.fixture
def books(place: Place) -> Channel:
    """The channel that feedback goes to."""
    channel = place.local.find_channel("books")
    goes_to(place, channel.id)
    return channel


async def test_the_operator_reads_the_text_and_not_who_wrote_it(
    place: Place, books: Channel
) -> None:
    told = await given(place, "The *title* of <@1> is wrong, @everyone.")

    (report,) = place.local.get_messages(books)
    assert "> The *title* of <@1> is wrong, @everyone." in f"> {read(report).splitlines()[1]}"
    assert str(place.anna.id) not in report.text
    assert "anna" not in report.text
    assert report.pings == Pings()
    assert "Whoever runs me has your report" in told.text
    assert told.only_for == place.anna.id


async def test_who_wants_to_be_named_is(place: Place, books: Channel) -> None:
    await given(place, name_me=True)

    (report,) = place.local.get_messages(books)
    assert f"From anna (id {place.anna.id})." in read(report)


async def test_without_a_channel_it_says_that_nothing_is_passed_on(place: Place) -> None:
    told = await given(place)

    assert "has not said where reports go" in told.text
    assert told.only_for == place.anna.id


@pytest.mark.parametrize("name", ["read-only", "staff", "questions", None])
async def test_what_does_not_get_through_is_told_with_the_id_that_stands_in_the_log(
    place: Place, name: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    goes_to(place, place.local.find_channel(name).id if name else 1)

    told = await given(place)

    assert "did not get through" in told.text
    assert read(told).rstrip(".").rpartition(" ")[2] in capsys.readouterr().out


async def test_a_word_of_discord_that_got_lost_makes_no_second_report(
    place: Place, books: Channel
) -> None:
    place.local.faults.drop_response("POST /channels/*/messages")

    await given(place)

    assert len(place.local.get_messages(books)) == 1


async def test_the_third_report_within_a_minute_has_to_wait(place: Place, books: Channel) -> None:
    await given(place)
    await given(place)

    told = await given(place)
    place.clock.pass_by(minutes=1)
    later = await given(place)

    assert "You have sent 2 reports within a minute: send this one in 60 s." in read(told)
    assert "has your report" in later.text
    assert len(place.local.get_messages(books)) == 3


async def test_nothing_of_it_is_stored(place: Place, books: Channel, tmp_path: Path) -> None:
    await given(place, "zebra crossing", name_me=True)

    stored = all_in(tmp_path)
    assert place.local.get_messages(books)
    assert b"zebra" not in stored
    assert str(place.anna.id).encode() not in stored
