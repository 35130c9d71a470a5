from dataclasses import replace

import pytest

from bot.discord_ui.context import PRESSES_PER_MINUTE
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Message
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import ARTICLE_SENTENCES, RunningBot
from tests.scenario.starting import read

ABSENT = "A quotation that is not found here can still be genuine"


async def run_menu(
    bot: RunningBot, menu: str, text: str | Message, *, by: Person | None = None
) -> Message:
    """Use a message menu on a message or a new text, and return the answer."""
    person = by or bot.anna
    message = bot.bo.post(bot.general, text) if isinstance(text, str) else text
    return await person.wait_for_answer(await person.run_context_menu(menu, message))


async def test_evidence_is_shown_only_to_who_looks_for_it(bot: RunningBot) -> None:
    answer = await run_menu(bot, "Find evidence", "Was ist mit Bremen? The river rose, I hear.")

    assert answer.only_for == bot.anna.id
    assert ARTICLE_SENTENCES["bremen"].split()[2] in answer.text
    assert "Judge for yourself" in answer.text


async def test_evidence_is_turned_page_by_page(bot: RunningBot) -> None:
    answer = await run_menu(bot, "Find evidence", "The river rose metres")

    action = await bot.anna.press(answer, "Next")
    await bot.context.wait_until_idle(1)

    after = bot.local.world.messages[answer.id]
    assert action.callback_type is not None
    assert "4 to 5 of 5 passages" in after.text


async def test_a_message_that_no_passage_matches_gets_that_answer(bot: RunningBot) -> None:
    answer = await run_menu(bot, "Find evidence", "Zeppelins over Lisbon")

    assert "No passage covers the content of this message" in answer.text


async def test_a_long_message_is_searched_by_its_most_informative_words(bot: RunningBot) -> None:
    filler = " ".join(f"word{number}" for number in range(150))

    answer = await run_menu(bot, "Find evidence", f"{filler} Dresden museum guards {filler}")

    assert "Dresden" in answer.text


@pytest.mark.parametrize("menu", ["Find evidence", "Verify quotes"])
async def test_a_message_without_words_is_refused(bot: RunningBot, menu: str) -> None:
    answer = await run_menu(bot, menu, "<:smile:5>")

    assert answer.only_for == bot.anna.id
    assert "no text" in answer.text or "no quotation" in answer.text


async def test_a_quotation_is_shown_in_its_place(bot: RunningBot) -> None:
    answer = await run_menu(bot, "Verify quotes", 'He said "while markets stayed open all night."')

    assert answer.only_for == bot.anna.id
    assert ARTICLE_SENTENCES["bremen"] in read(answer)
    assert "**markets** **stayed**" in answer.text
    assert "Found word for word in “The flood” · The Courier, 2 March 2026, paragraph 2" in read(
        answer
    )
    assert ABSENT not in answer.text


async def test_what_is_shown_can_be_verified(bot: RunningBot) -> None:
    answer = await run_menu(bot, "Verify quotes", "“while markets stayed open”")
    receipt = next(line for line in answer.text.splitlines() if "receipt" in line).split()[-1]

    action = await bot.anna.run_command("verify", channel=bot.general, receipt=receipt)

    assert "still contains this quote" in (await bot.anna.wait_for_answer(action)).text


async def test_an_altered_quotation_is_not_found(bot: RunningBot) -> None:
    answer = await run_menu(bot, "Verify quotes", "> while markets stayed closed all night")

    assert "Not found in any article" in answer.text
    assert ABSENT in answer.text
    assert "The library has 5 articles" in answer.text


async def test_a_quotation_with_other_capitals_is_reported(bot: RunningBot) -> None:
    answer = await run_menu(bot, "Verify quotes", "“WHILE MARKETS STAYED OPEN”")

    assert "Found with different capital letters" in answer.text


async def test_a_message_that_quotes_nothing_says_what_is_looked_for(bot: RunningBot) -> None:
    answer = await run_menu(bot, "Verify quotes", "The river rose.")

    assert "There is no quotation of at least 3 words in this" in answer.text


async def test_what_the_bot_itself_quoted_is_checked_too(bot: RunningBot) -> None:
    answer = await bot.mention("river rose Bremen markets")

    told = await run_menu(bot, "Verify quotes", answer, by=bot.bo)

    assert "Found word for word" in told.text


async def test_of_many_quotations_each_is_judged_though_not_every_text_has_room(
    bot: RunningBot,
) -> None:
    sentences = [
        f"{'Long winded talk about the harbour and its many ships. ' * 9}Case {number} ends here."
        for number in range(12)
    ]
    article = an_article("\n\n".join(sentences), id="long", url="https://courier.example/long")
    wordy = replace(article, body=article.body.replace(". ", ", "))
    await bot.app.articles.put([wordy], NOON)
    await bot.app.index.refresh()
    quoted = " ".join(f"“Case {number} ends here”" for number in range(12))

    answer = await run_menu(bot, "Verify quotes", quoted)

    assert "Only the first 10 of 12 quotations were checked" in answer.text
    assert answer.text.count("Found word for word") == 10
    assert 0 < answer.text.count("> ") < 10


async def test_menus_count_as_buttons_do_and_not_as_questions(bot: RunningBot) -> None:
    for _ in range(PRESSES_PER_MINUTE):
        await run_menu(bot, "Verify quotes", "“one two three”")

    refused = await run_menu(bot, "Find evidence", "Bremen")
    answer = await bot.ask()

    assert "You used buttons, menus and forms 20 times in the last minute" in refused.text
    assert "metres" in answer.text


async def test_the_menus_are_there_in_direct_messages(bot: RunningBot) -> None:
    message = bot.anna.send_direct_message("“while markets stayed open”")
    await bot.anna.wait_for_reply(message)

    answer = await run_menu(bot, "Verify quotes", message)

    assert "Found word for word" in answer.text
