from dataclasses import replace

import pytest

from bot.local_discord.world.records import Message
from tests.builders import NOON
from tests.discord_ui.conftest import ARTICLES, TOLD, Place
from tests.scenario.starting import read

BREMEN = replace(ARTICLES[0], url="https://courier.example/bremen")


async def verified(place: Place, receipt: str) -> Message:
    acted = await place.anna.run_command("verify", channel=place.general, receipt=receipt)
    return await place.anna.wait_for_answer(acted)


async def shown(place: Place) -> str:
    """The receipt of the excerpt that is shown about Bremen."""
    await place.app.articles.put([BREMEN], NOON)
    await place.app.index.refresh()
    answer = await place.mentioned("river rose Bremen markets")
    lines = answer.text.splitlines()
    return next(line.rpartition(" ")[2] for line in lines if " receipt " in line)


async def test_a_quote_that_stands_is_shown_with_its_article(place: Place) -> None:
    told = await verified(place, f" {(await shown(place)).upper()} ")

    assert "The quote stands, word for word" in told.text
    assert TOLD["bremen"] in read(told)
    assert "The flood · The Courier\n2 March 2026 · paragraphs 1 to 3 · revision 2" in read(told)
    assert [button.url for button in told.buttons] == [BREMEN.url]


async def test_a_quote_that_moved_is_told_with_its_place_now(place: Place) -> None:
    receipt = await shown(place)
    await place.app.articles.put([replace(BREMEN, body=f"It rained.\n\n{BREMEN.body}")], NOON)

    told = await verified(place, receipt)

    assert "in another place of the article" in told.text
    assert "Now in paragraphs 2 to 4 of revision 3 of 3 March 2026, dated 2 March 2026" in told.text


async def test_a_revised_quote_is_shown_with_what_stands_there_since_which_day(
    place: Place,
) -> None:
    receipt = await shown(place)
    await place.app.articles.put([replace(BREMEN, body="It fell.\n\nDry.")], NOON)

    told = await verified(place, receipt)

    assert "The article was revised since" in told.text
    assert "In its place, revision 3 of 3 March 2026 reads:\nIt fell.\n" in read(told)


async def test_a_withdrawn_quote_is_told_with_day_and_reason(place: Place) -> None:
    receipt = await shown(place)
    await place.app.articles.remove(BREMEN.id, "Published in *error*.", NOON)

    told = await verified(place, receipt)

    assert "The article was withdrawn; its text is deleted" in told.text
    assert "withdrawn on 3 March 2026: Published in *error*." in read(told)


async def test_a_receipt_never_shown_is_unknown(place: Place) -> None:
    told = await verified(place, "0123456789abcdef")

    assert "No excerpt was ever shown under this receipt" in told.text


async def test_the_answer_is_for_all_and_what_is_no_receipt_is_told_to_one(place: Place) -> None:
    known = await verified(place, "0123456789abcdef")
    malformed = await verified(place, "not a receipt")

    assert known.only_for is None
    assert "is no receipt" in malformed.text
    assert malformed.only_for == place.anna.id


async def test_what_a_server_has_set_holds(place: Place) -> None:
    receipt = await shown(place)
    place.clock.pass_by(hours=11, minutes=30)
    await place.app.articles.put([replace(BREMEN, body="It fell.")], place.clock.now)
    mod = place.local.find_person("mod")
    await mod.run_command("settings answers", channel=place.general, visible=False)
    await mod.run_command("settings zone", channel=place.general, zone="Europe/Berlin")
    await place.desk.wait_until_idle(1)

    told = await verified(place, receipt)

    assert told.only_for == place.anna.id
    assert "revision 3 of 4 March 2026" in read(told)


async def test_verifying_counts_as_asking(place: Place) -> None:
    for _ in range(10):
        await verified(place, "0123456789abcdef")

    assert (
        "You have asked 10 questions within a minute"
        in (await verified(place, "0123456789abcdef")).text
    )


@pytest.mark.parametrize("direct", [False, True], ids=["in a server", "in direct messages"])
async def test_the_command_is_there_in_servers_and_direct_messages(
    place: Place,
    direct: bool,  # noqa: FBT001 - a case
) -> None:
    channel = place.anna.direct_channel if direct else place.general

    acted = await place.anna.run_command("verify", channel=channel, receipt="0123456789abcdef")

    assert "No excerpt" in (await place.anna.wait_for_answer(acted)).text
