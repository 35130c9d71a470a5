import asyncio

import pytest

from bot.discord_ui.commands.listings import extract_query_line
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Message
from bot.model.article import ArticleId
from bot.presentation.blocks import Action
from tests.builders import NOON, an_article
from tests.discord_ui.commands.test_buttons import extract_receipts, find_key
from tests.discord_ui.conftest import QUESTION, RunningBot

LONG = "The water stood still. " * 40
MANY = [
    an_article(
        f"{LONG}\n\nThe lock gates of {name} held.\n\n{LONG}\n\n{LONG}\n\n{LONG}\n\n{LONG}",
        id=f"lock-{name}",
        title=f"Locks of {name}",
    )
    for name in ("Aalen", "Bonn", "Celle", "Düren", "Emden", "Fürth", "Gotha")
]


@pytest.fixture
async def locks(bot: RunningBot) -> RunningBot:
    await bot.app.articles.put(MANY, NOON)
    await bot.app.index.refresh()
    return bot


async def search(bot: RunningBot, terms: str = '"lock gates"', **options: str | bool) -> Message:
    """Return the answer to /search."""
    action = await bot.anna.run_command("search", channel=bot.general, terms=terms, **options)
    return await bot.anna.wait_for_answer(action)


async def turn_page(
    bot: RunningBot, message: Message, label: str, *, by: Person | None = None
) -> str:
    """Press the button, wait until the message changes, and return its new text."""
    before = bot.local.world.messages[message.id].text
    await (by or bot.anna).press(message, label)
    await bot.local.wait_for(lambda: bot.local.world.messages[message.id].text != before)
    return bot.local.world.messages[message.id].text


def list_labels(message: Message) -> list[str]:
    return [button.label or "" for button in message.buttons]


async def test_the_asker_turns_the_page_in_place(locks: RunningBot) -> None:
    first = await search(locks)

    second = await turn_page(locks, first, "Next")
    back = await turn_page(locks, first, "Previous")

    assert "1 to 5 of 7 passages" in first.text
    assert "6 to 7 of 7 passages" in second
    assert back == first.text


async def test_the_entered_terms_stay_above_each_page(locks: RunningBot) -> None:
    first = await search(locks, '"lock gates" *held* -zeppelin')

    second = await turn_page(locks, first, "Next")

    assert first.text.splitlines()[0] == second.splitlines()[0]
    assert r"\*held\*" in second.splitlines()[0]


async def test_others_get_the_page_for_themselves_and_turn_it_there(locks: RunningBot) -> None:
    first = await search(locks)

    theirs = await locks.press(first, "Next", by=locks.bo)
    turned_back = await turn_page(locks, theirs, "Previous", by=locks.bo)

    assert theirs.only_for == locks.bo.id
    assert "6 to 7 of 7 passages" in theirs.text
    assert "1 to 5 of 7 passages" in turned_back
    assert locks.local.world.messages[first.id].text == first.text


async def test_a_private_answer_stays_private_when_its_page_turns(locks: RunningBot) -> None:
    first = await search(locks, visible=False)

    await turn_page(locks, first, "Next")

    assert locks.local.world.messages[first.id].only_for == locks.anna.id


async def test_the_quotes_of_each_page_can_be_verified(locks: RunningBot) -> None:
    first = await search(locks)
    before = await locks.app.receipts.find(extract_receipts(first)[0])

    await turn_page(locks, first, "Next")

    message = locks.local.world.messages[first.id]
    assert before
    assert all([await locks.app.receipts.find(receipt) for receipt in extract_receipts(message)])


async def test_a_page_that_has_expired_says_so_to_who_pressed_and_stays(locks: RunningBot) -> None:
    first = await search(locks)
    locks.clock.advance(days=8)

    await locks.anna.press(first, "Next")
    answer = await locks.local.world.changes.wait_until(
        lambda: next(
            (
                message
                for message in locks.anna.get_visible_messages(locks.general)
                if "has expired" in message.text
            ),
            None,
        ),
        5,
    )

    assert answer.only_for == locks.anna.id
    assert locks.local.world.messages[first.id].text == first.text


async def test_a_failure_while_a_page_turns_is_reported_to_the_presser(
    locks: RunningBot,
) -> None:
    first = await search(locks)
    opened = await locks.press(first, "Whole article")
    for article in MANY:
        await locks.app.articles.withdraw(article.id, "wrong", NOON)

    await locks.anna.press(opened, "Next")
    answer = await locks.local.world.changes.wait_until(
        lambda: next(
            (
                message
                for message in locks.anna.get_visible_messages(locks.general)
                if "has been withdrawn" in message.text
            ),
            None,
        ),
        5,
    )

    assert answer.only_for == locks.anna.id
    assert locks.local.world.messages[opened.id].text == opened.text


async def test_withdrawn_passages_are_left_out_and_the_others_keep_their_buttons(
    locks: RunningBot,
) -> None:
    first = await search(locks)
    await locks.app.articles.withdraw(ArticleId("lock-Aalen"), "wrong", NOON)

    second = await turn_page(locks, first, "Next")
    message = locks.local.world.messages[first.id]
    around = await locks.press(message, "In context")

    assert "Withdrawn and not shown\\: 1 passage" in second
    assert second.count("lock** **gates") == 2
    assert "Fürth" in around.text


async def test_an_article_opens_at_its_excerpt_for_who_pressed(locks: RunningBot) -> None:
    first = await search(locks)

    opened = await locks.press(first, "Whole article", by=locks.bo)

    assert opened.only_for == locks.bo.id
    assert "paragraphs 2 to" in opened.text
    assert "-# 2\n> \u2068The **lock** **gates** of Aalen held." in opened.text


async def count_rows(bot: RunningBot, person: Person) -> int:
    """Return the number of answers that are stored for a person."""
    data = await bot.app.services.privacy.load_personal_data(bot.context.get_pseudonym(person.id))
    return data.answers.count


async def test_an_article_that_is_opened_again_is_stored_once_for_longer(
    locks: RunningBot,
) -> None:
    first = await search(locks)
    opened = await locks.press(first, "Whole article")
    rows = await count_rows(locks, locks.anna)

    locks.clock.advance(days=1)
    again = [await locks.press(first, "Whole article") for _ in range(5)]
    locks.clock.advance(days=6.5)

    assert {message.text for message in again} == {opened.text}
    assert await count_rows(locks, locks.anna) == rows
    assert "has expired" not in (await locks.press(opened, "Next")).text


async def test_an_article_that_another_person_opens_is_stored_for_them(locks: RunningBot) -> None:
    first = await search(locks)
    await locks.press(first, "Whole article")

    await locks.press(first, "Whole article", by=locks.bo)

    assert await count_rows(locks, locks.bo) == 1


async def test_results_without_dates_that_are_shown_again_are_stored_once(bot: RunningBot) -> None:
    first = await search(bot, "river rose", before="1 March 2026")
    await bot.press(first, "Without these dates")
    rows = await count_rows(bot, bot.anna)

    await bot.press(first, "Without these dates")

    assert await count_rows(bot, bot.anna) == rows


async def test_an_opened_article_is_read_in_both_directions(locks: RunningBot) -> None:
    first = await search(locks)
    opened = await locks.press(first, "Whole article")

    further = await turn_page(locks, opened, "Next")
    back = await turn_page(locks, opened, "Previous")

    assert "of 6\n" in further
    assert back == opened.text


async def test_an_article_opens_from_the_context_of_an_excerpt(bot: RunningBot) -> None:
    answer = await bot.mention()
    around = await bot.press(answer, "In context")

    opened = await bot.press(around, "Whole article")

    assert "### The flood" in opened.text
    assert "paragraphs 2 to 3 of 3" in opened.text


async def test_a_paragraph_of_emoji_fits_into_a_message(bot: RunningBot) -> None:
    body = "🌊" * 3_000
    await bot.app.articles.put([an_article(body, id="waves", title="🌊" * 200)], NOON)
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    action = await bot.anna.run_command("article", channel=bot.general, title="waves")
    article = await bot.anna.wait_for_answer(action)

    title, paragraph = article.text.split("\n", 1)
    assert title.count("🌊") == 99
    assert paragraph.count("🌊") == 1_000
    assert "too long" not in article.text


async def test_a_withdrawn_article_does_not_open(locks: RunningBot) -> None:
    first = await search(locks)
    await locks.app.articles.withdraw(ArticleId("lock-Aalen"), "wrong", NOON)

    answer = await locks.press(first, "Whole article")

    assert "has been withdrawn" in answer.text


async def test_without_the_dates_more_is_found_and_the_first_stays(bot: RunningBot) -> None:
    dated = await search(bot, "river rose", before="1 March 2026")

    undated = await bot.press(dated, "Without these dates")

    assert "Dates understood\\: until 1 March 2026" in dated.text
    assert "No passages found" in dated.text
    assert "Without these dates\\: 5 passages" in dated.text
    assert undated.only_for is None
    assert undated.text.startswith("-# “river rose”\n-# 5 passages.")
    assert bot.local.world.messages[dated.id].text == dated.text


async def test_without_the_dates_others_see_it_for_themselves(bot: RunningBot) -> None:
    dated = await search(bot, "river rose", before="1 March 2026")

    theirs = await bot.press(dated, "Without these dates", by=bot.bo)

    assert theirs.only_for == bot.bo.id


async def test_a_question_is_asked_again_without_its_dates(bot: RunningBot) -> None:
    answer = await bot.ask(before="1 March 2026")

    undated = await bot.press(answer, "Without these dates")
    around = await bot.press(undated, "In context")

    assert "The articles do not answer this" in answer.text
    assert undated.text.startswith(f"-# “{QUESTION}”\n> ")
    assert len(extract_receipts(undated)) == 3
    assert "Then it was dry." in around.text
    assert "Without these dates" not in list_labels(undated)


async def test_dates_of_a_mentioned_question_can_be_left_out(bot: RunningBot) -> None:
    answer = await bot.mention(f"{QUESTION} in March 2026")

    undated = await bot.press(answer, "Without these dates")

    assert "Dates understood" not in undated.text
    assert extract_receipts(undated)


async def test_a_search_without_results_even_without_the_dates_says_so(
    bot: RunningBot,
) -> None:
    answer = await bot.mention("zeppelin in March 2026")

    undated = await bot.press(answer, "Without these dates")

    assert undated.text == "Nothing was found without these dates either."


async def test_questions_without_dates_have_no_button_for_them(bot: RunningBot) -> None:
    assert "Without these dates" not in list_labels(await bot.mention())
    assert "Without these dates" not in list_labels(await search(bot, "river"))


async def test_a_page_with_more_text_than_a_message_holds_is_shorter(bot: RunningBot) -> None:
    articles = [
        an_article(f"{'*_~|' * 120} gannet {number}.", id=f"g{number}") for number in range(6)
    ]
    await bot.app.articles.put(articles, NOON)
    await bot.app.index.refresh()

    first = await search(bot, "gannet")
    second = await turn_page(bot, first, "Next")

    shown = len(extract_receipts(first))
    assert 1 <= shown < 5
    assert f"1 to {shown} of 6 passages" in first.text
    assert f"{shown + 1} to " in second


async def test_each_message_of_a_listing_carries_one_key(locks: RunningBot) -> None:
    first = await search(locks)

    row = await locks.app.answers.find(find_key(first), locks.clock.now)

    assert row
    assert row.listing
    assert "gates" not in str(row)
    assert row.guild == str(locks.general.guild_id)


async def test_two_presses_at_once_turn_the_page_once(locks: RunningBot) -> None:
    first = await search(locks)

    await asyncio.gather(*(locks.anna.press(first, "Next") for _ in range(2)))
    await locks.local.wait_for(lambda: "6 to 7" in locks.local.world.messages[first.id].text)
    await locks.context.wait_until_idle(2)

    assert "6 to 7 of 7" in locks.local.world.messages[first.id].text


def test_a_message_that_is_gone_says_nothing_of_what_was_typed() -> None:
    assert extract_query_line(None) == ()


@pytest.mark.parametrize("action", [Action.PAGE, Action.UNDATED, Action.ARTICLE])
async def test_no_button_of_a_listing_is_answered_twice(locks: RunningBot, action: Action) -> None:
    label = {
        Action.PAGE: "Next",
        Action.UNDATED: "Without these dates",
        Action.ARTICLE: "Whole article",
    }[action]
    first = await search(locks, after="1 March 2026")
    before = len(locks.local.get_messages(locks.general))

    await locks.anna.press(first, label)
    await locks.context.wait_until_idle(2)

    after = len(locks.local.get_messages(locks.general))
    assert after - before == (0 if action is Action.PAGE else 1)
