from dataclasses import replace

import pytest

from bot.local_discord.world.records import Message
from tests.builders import NOON
from tests.discord_ui.conftest import ARTICLE_SENTENCES, ARTICLES, RunningBot
from tests.scenario.starting import read

BREMEN = replace(ARTICLES[0], url="https://courier.example/bremen")


async def verify(bot: RunningBot, receipt: str) -> Message:
    action = await bot.anna.run_command("verify", channel=bot.general, receipt=receipt)
    return await bot.anna.wait_for_answer(action)


async def show_receipt(bot: RunningBot) -> str:
    """Show an excerpt about Bremen, and return its receipt."""
    await bot.app.articles.put([BREMEN], NOON)
    await bot.app.index.refresh()
    answer = await bot.mention("river rose Bremen markets")
    lines = answer.text.splitlines()
    return next(line.rpartition(" ")[2] for line in lines if " receipt " in line)


async def test_a_quote_that_stands_is_shown_with_its_article(bot: RunningBot) -> None:
    answer = await verify(bot, f" {(await show_receipt(bot)).upper()} ")

    assert "The article still contains this quote, word for word" in answer.text
    assert ARTICLE_SENTENCES["bremen"] in read(answer)
    assert "The flood · The Courier\n2 March 2026 · paragraphs 1 to 3 · revision 2" in read(answer)
    assert [button.url for button in answer.buttons] == [BREMEN.url]


async def test_a_moved_quote_is_shown_with_its_new_place(bot: RunningBot) -> None:
    receipt = await show_receipt(bot)
    await bot.app.articles.put([replace(BREMEN, body=f"It rained.\n\n{BREMEN.body}")], NOON)

    answer = await verify(bot, receipt)

    assert "in another place" in answer.text
    assert (
        "The quote is now in paragraphs 2 to 4 of revision 3 of 3 March 2026, dated 2 March 2026"
        in answer.text
    )


async def test_a_revised_quote_is_shown_with_what_stands_there_since_which_day(
    bot: RunningBot,
) -> None:
    receipt = await show_receipt(bot)
    await bot.app.articles.put([replace(BREMEN, body="It fell.\n\nDry.")], NOON)

    answer = await verify(bot, receipt)

    assert "The article was revised and no longer" in answer.text
    assert "In the same place, revision 3 of 3 March 2026 says:\nIt fell.\n" in read(answer)


async def test_a_withdrawn_quote_is_shown_with_day_and_reason(bot: RunningBot) -> None:
    receipt = await show_receipt(bot)
    await bot.app.articles.withdraw(BREMEN.id, "Published in *error*.", NOON)

    answer = await verify(bot, receipt)

    assert "The article was withdrawn and its text was deleted" in answer.text
    assert "withdrawn on 3 March 2026. Reason: Published in *error*." in read(answer)


async def test_a_receipt_never_shown_is_unknown(bot: RunningBot) -> None:
    answer = await verify(bot, "0123456789abcdef")

    assert "No excerpt was ever shown with this receipt" in answer.text


async def test_the_answer_is_for_all_and_an_invalid_receipt_is_reported_to_the_asker(
    bot: RunningBot,
) -> None:
    known = await verify(bot, "0123456789abcdef")
    malformed = await verify(bot, "not a receipt")

    assert known.only_for is None
    assert "is not a receipt" in malformed.text
    assert malformed.only_for == bot.anna.id


async def test_what_a_server_has_set_holds(bot: RunningBot) -> None:
    receipt = await show_receipt(bot)
    bot.clock.advance(hours=11, minutes=30)
    await bot.app.articles.put([replace(BREMEN, body="It fell.")], bot.clock.now)
    mod = bot.local.find_person("mod")
    await mod.run_command("settings answers", channel=bot.general, visible=False)
    await mod.run_command("settings zone", channel=bot.general, zone="Europe/Berlin")
    await bot.context.wait_until_idle(1)

    answer = await verify(bot, receipt)

    assert answer.only_for == bot.anna.id
    assert "revision 3 of 4 March 2026" in read(answer)


async def test_verifying_counts_as_asking(bot: RunningBot) -> None:
    for _ in range(10):
        await verify(bot, "0123456789abcdef")

    assert "You sent 10 requests in the last minute" in (await verify(bot, "0123456789abcdef")).text


@pytest.mark.parametrize("direct", [False, True], ids=["in a server", "in direct messages"])
async def test_the_command_is_there_in_servers_and_direct_messages(
    bot: RunningBot,
    direct: bool,  # noqa: FBT001 - a case
) -> None:
    channel = bot.anna.direct_channel if direct else bot.general

    action = await bot.anna.run_command("verify", channel=channel, receipt="0123456789abcdef")

    assert "No excerpt" in (await bot.anna.wait_for_answer(action)).text
