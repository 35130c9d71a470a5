from dataclasses import replace

import pytest

from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Message
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import TOLD, Place
from tests.scenario.starting import read

ABSENT = "What is not found here may have been said all the same"


async def chosen(
    place: Place, menu: str, text: str | Message, *, by: Person | None = None
) -> Message:
    """What the menu of a message answers."""
    person = by or place.anna
    message = place.bo.post(place.general, text) if isinstance(text, str) else text
    return await person.wait_for_answer(await person.run_context_menu(menu, message))


async def test_evidence_is_shown_only_to_who_looks_for_it(place: Place) -> None:
    told = await chosen(place, "Find evidence", "Was ist mit Bremen? The river rose, I hear.")

    assert told.only_for == place.anna.id
    assert TOLD["bremen"].split()[2] in told.text
    assert "for you to judge" in told.text


async def test_evidence_is_turned_page_by_page(place: Place) -> None:
    told = await chosen(place, "Find evidence", "The river rose metres")

    acted = await place.anna.press(told, "Next")
    await place.desk.wait_until_idle(1)

    after = place.local.world.messages[told.id]
    assert acted.callback_type is not None
    assert "4 to 5 of 5 passages" in after.text


async def test_what_no_passage_speaks_of_is_told_as_that(place: Place) -> None:
    told = await chosen(place, "Find evidence", "Zeppelins over Lisbon")

    assert "No passage speaks of what this message says" in told.text


async def test_a_long_message_is_searched_for_by_what_it_tells_most(place: Place) -> None:
    filler = " ".join(f"word{number}" for number in range(150))

    told = await chosen(place, "Find evidence", f"{filler} Dresden museum guards {filler}")

    assert "Dresden" in told.text


@pytest.mark.parametrize("menu", ["Find evidence", "Verify quotes"])
async def test_a_message_without_words_is_told_as_that(place: Place, menu: str) -> None:
    told = await chosen(place, menu, "<:smile:5>")

    assert told.only_for == place.anna.id
    assert "no text" in told.text or "no quotation" in told.text


async def test_a_quotation_is_shown_where_it_stands(place: Place) -> None:
    told = await chosen(place, "Verify quotes", 'He said "while markets stayed open all night."')

    assert told.only_for == place.anna.id
    assert TOLD["bremen"] in read(told)
    assert "**markets** **stayed**" in told.text
    assert "Found word for word in The flood · The Courier, 2 March 2026, paragraph 2" in read(told)
    assert ABSENT not in told.text


async def test_what_is_shown_can_be_verified(place: Place) -> None:
    told = await chosen(place, "Verify quotes", "“while markets stayed open”")
    receipt = next(line for line in told.text.splitlines() if "receipt" in line).split()[-1]

    acted = await place.anna.run_command("verify", channel=place.general, receipt=receipt)

    assert "The quote stands" in (await place.anna.wait_for_answer(acted)).text


async def test_an_altered_quotation_is_not_found(place: Place) -> None:
    told = await chosen(place, "Verify quotes", "> while markets stayed closed all night")

    assert "Not found in any article" in told.text
    assert ABSENT in told.text
    assert "The library holds 5 articles" in told.text


async def test_other_capitals_are_told(place: Place) -> None:
    told = await chosen(place, "Verify quotes", "“WHILE MARKETS STAYED OPEN”")

    assert "Found but for its capitals" in told.text


async def test_a_message_that_quotes_nothing_says_what_is_looked_for(place: Place) -> None:
    told = await chosen(place, "Verify quotes", "The river rose.")

    assert "There is no quotation of at least 3 words in this" in told.text


async def test_what_the_bot_itself_quoted_is_checked_too(place: Place) -> None:
    answer = await place.mentioned("river rose Bremen markets")

    told = await chosen(place, "Verify quotes", answer, by=place.bo)

    assert "Found word for word" in told.text


async def test_of_many_quotations_each_is_judged_though_not_every_text_has_room(
    place: Place,
) -> None:
    sentences = [
        f"{'Long winded talk about the harbour and its many ships. ' * 9}Case {number} ends here."
        for number in range(12)
    ]
    article = an_article("\n\n".join(sentences), id="long", url="https://courier.example/long")
    wordy = replace(article, body=article.body.replace(". ", ", "))
    await place.app.articles.put([wordy], NOON)
    await place.app.index.refresh()
    quoted = " ".join(f"“Case {number} ends here”" for number in range(12))

    told = await chosen(place, "Verify quotes", quoted)

    assert "The first 10 of 12 quotations are checked" in told.text
    assert told.text.count("Found word for word") == 10
    assert 0 < told.text.count("> ") < 10


async def test_choosing_counts_as_asking(place: Place) -> None:
    for _ in range(10):
        await chosen(place, "Verify quotes", "“one two three”")

    told = await chosen(place, "Find evidence", "Bremen")

    assert "You have asked 10 questions within a minute" in told.text


async def test_the_menus_are_there_in_direct_messages(place: Place) -> None:
    message = place.anna.send_direct_message("“while markets stayed open”")
    await place.anna.wait_for_reply(message)

    told = await chosen(place, "Verify quotes", message)

    assert "Found word for word" in told.text
