import asyncio

import pytest

from bot.discord_ui.commands.listings import extract_query_line
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Message
from bot.model.article import ArticleId
from bot.presentation.blocks import Action
from tests.builders import NOON, an_article
from tests.discord_ui.commands.test_buttons import key_of, receipts
from tests.discord_ui.conftest import QUESTION, Place

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
async def locks(place: Place) -> Place:
    await place.app.articles.put(MANY, NOON)
    await place.app.index.refresh()
    return place


async def searched(place: Place, terms: str = '"lock gates"', **options: str | bool) -> Message:
    """The answer to /search."""
    acted = await place.anna.run_command("search", channel=place.general, terms=terms, **options)
    return await place.anna.wait_for_answer(acted)


async def turned(place: Place, message: Message, label: str, *, by: Person | None = None) -> str:
    """What the message shows once its page was turned."""
    before = place.local.world.messages[message.id].text
    await (by or place.anna).press(message, label)
    await place.local.wait_for(lambda: place.local.world.messages[message.id].text != before)
    return place.local.world.messages[message.id].text


def labels(message: Message) -> list[str]:
    return [button.label or "" for button in message.buttons]


async def test_the_asker_turns_the_page_in_place(locks: Place) -> None:
    first = await searched(locks)

    second = await turned(locks, first, "Next")
    back = await turned(locks, first, "Previous")

    assert "1 to 5 of 7 passages" in first.text
    assert "6 to 7 of 7 passages" in second
    assert back == first.text


async def test_what_was_typed_stays_above_each_page(locks: Place) -> None:
    first = await searched(locks, '"lock gates" *held* -zeppelin')

    second = await turned(locks, first, "Next")

    assert first.text.splitlines()[0] == second.splitlines()[0]
    assert r"\*held\*" in second.splitlines()[0]


async def test_others_get_the_page_for_themselves_and_turn_it_there(locks: Place) -> None:
    first = await searched(locks)

    theirs = await locks.pressed(first, "Next", by=locks.bo)
    turned_back = await turned(locks, theirs, "Previous", by=locks.bo)

    assert theirs.only_for == locks.bo.id
    assert "6 to 7 of 7 passages" in theirs.text
    assert "1 to 5 of 7 passages" in turned_back
    assert locks.local.world.messages[first.id].text == first.text


async def test_what_only_the_asker_sees_stays_so_when_it_is_turned(locks: Place) -> None:
    first = await searched(locks, visible=False)

    await turned(locks, first, "Next")

    assert locks.local.world.messages[first.id].only_for == locks.anna.id


async def test_what_each_page_quotes_can_be_verified(locks: Place) -> None:
    first = await searched(locks)
    before = await locks.app.receipts.find(receipts(first)[0])

    await turned(locks, first, "Next")

    message = locks.local.world.messages[first.id]
    assert before
    assert all([await locks.app.receipts.find(each) for each in receipts(message)])


async def test_a_page_that_has_expired_says_so_to_who_pressed_and_stays(locks: Place) -> None:
    first = await searched(locks)
    locks.clock.pass_by(days=8)

    await locks.anna.press(first, "Next")
    told = await locks.local.world.changes.wait_until(
        lambda: next(
            (m for m in locks.anna.get_visible_messages(locks.general) if "too old" in m.text), None
        ),
        5,
    )

    assert told.only_for == locks.anna.id
    assert locks.local.world.messages[first.id].text == first.text


async def test_what_breaks_after_a_page_began_to_turn_is_told_to_who_pressed(
    locks: Place,
) -> None:
    first = await searched(locks)
    opened = await locks.pressed(first, "Whole article")
    for article in MANY:
        await locks.app.articles.remove(article.id, "wrong", NOON)

    await locks.anna.press(opened, "Next")
    told = await locks.local.world.changes.wait_until(
        lambda: next(
            (m for m in locks.anna.get_visible_messages(locks.general) if "taken back" in m.text),
            None,
        ),
        5,
    )

    assert told.only_for == locks.anna.id
    assert locks.local.world.messages[opened.id].text == opened.text


async def test_passages_that_were_taken_back_are_left_out_and_the_others_keep_their_buttons(
    locks: Place,
) -> None:
    first = await searched(locks)
    await locks.app.articles.remove(ArticleId("lock-Aalen"), "wrong", NOON)

    second = await turned(locks, first, "Next")
    message = locks.local.world.messages[first.id]
    around = await locks.pressed(message, "In context")

    assert "Taken back since, and left out\\: 1 passage" in second
    assert second.count("lock** **gates") == 2
    assert "Fürth" in around.text


async def test_an_article_opens_at_its_excerpt_for_who_pressed(locks: Place) -> None:
    first = await searched(locks)

    opened = await locks.pressed(first, "Whole article", by=locks.bo)

    assert opened.only_for == locks.bo.id
    assert "paragraphs 2 to" in opened.text
    assert "-# 2\n> \u2068The **lock** **gates** of Aalen held." in opened.text


async def test_an_opened_article_is_read_in_both_directions(locks: Place) -> None:
    first = await searched(locks)
    opened = await locks.pressed(first, "Whole article")

    further = await turned(locks, opened, "Next")
    back = await turned(locks, opened, "Previous")

    assert "of 6\n" in further
    assert back == opened.text


async def test_an_article_opens_from_what_stands_around_an_excerpt(place: Place) -> None:
    answer = await place.mentioned()
    around = await place.pressed(answer, "In context")

    opened = await place.pressed(around, "Whole article")

    assert "### The flood" in opened.text
    assert "paragraphs 2 to 3 of 3" in opened.text


async def test_a_paragraph_of_emoji_fits_into_a_message(place: Place) -> None:
    body = "🌊" * 3_000
    await place.app.articles.put([an_article(body, id="waves", title="🌊" * 200)], NOON)
    await place.client._refresh_library()  # noqa: SLF001 - what its loop does

    acted = await place.anna.run_command("article", channel=place.general, title="waves")
    article = await place.anna.wait_for_answer(acted)

    title, paragraph = article.text.split("\n", 1)
    assert title.count("🌊") == 99
    assert paragraph.count("🌊") == 1_000
    assert "too long" not in article.text


async def test_an_article_that_was_taken_back_does_not_open(locks: Place) -> None:
    first = await searched(locks)
    await locks.app.articles.remove(ArticleId("lock-Aalen"), "wrong", NOON)

    told = await locks.pressed(first, "Whole article")

    assert "has been taken back" in told.text


async def test_without_the_dates_more_is_found_and_the_first_stays(place: Place) -> None:
    dated = await searched(place, "river rose", before="1 March 2026")

    undated = await place.pressed(dated, "Without these dates")

    assert "Dates understood\\: until 1 March 2026" in dated.text
    assert "No passage was found" in dated.text
    assert "Without these dates\\: 5 passages" in dated.text
    assert undated.only_for is None
    assert undated.text.startswith("-# “river rose”\n-# 5 passages.")
    assert place.local.world.messages[dated.id].text == dated.text


async def test_without_the_dates_others_see_it_for_themselves(place: Place) -> None:
    dated = await searched(place, "river rose", before="1 March 2026")

    theirs = await place.pressed(dated, "Without these dates", by=place.bo)

    assert theirs.only_for == place.bo.id


async def test_a_question_is_asked_again_without_its_dates(place: Place) -> None:
    answer = await place.commanded(before="1 March 2026")

    undated = await place.pressed(answer, "Without these dates")
    around = await place.pressed(undated, "In context")

    assert "The articles do not answer this" in answer.text
    assert undated.text.startswith(f"-# “{QUESTION}”\n> ")
    assert len(receipts(undated)) == 3
    assert "Then it was dry." in around.text
    assert "Without these dates" not in labels(undated)


async def test_dates_of_a_mentioned_question_can_be_left_out(place: Place) -> None:
    answer = await place.mentioned(f"{QUESTION} in March 2026")

    undated = await place.pressed(answer, "Without these dates")

    assert "Dates understood" not in undated.text
    assert receipts(undated)


async def test_where_nothing_is_found_without_the_dates_either_it_says_so(place: Place) -> None:
    answer = await place.mentioned("zeppelin in March 2026")

    undated = await place.pressed(answer, "Without these dates")

    assert undated.text == "Without these dates, nothing is found either."


async def test_questions_without_dates_have_no_button_for_them(place: Place) -> None:
    assert "Without these dates" not in labels(await place.mentioned())
    assert "Without these dates" not in labels(await searched(place, "river"))


async def test_a_page_with_more_text_than_a_message_holds_is_shorter(place: Place) -> None:
    articles = [
        an_article(f"{'*_~|' * 120} gannet {number}.", id=f"g{number}") for number in range(6)
    ]
    await place.app.articles.put(articles, NOON)
    await place.app.index.refresh()

    first = await searched(place, "gannet")
    second = await turned(place, first, "Next")

    shown = len(receipts(first))
    assert 1 <= shown < 5
    assert f"1 to {shown} of 6 passages" in first.text
    assert f"{shown + 1} to " in second


async def test_each_message_of_a_listing_carries_one_key(locks: Place) -> None:
    first = await searched(locks)

    row = await locks.app.answers.find(key_of(first), locks.clock.now)

    assert row
    assert row.listing
    assert "gates" not in str(row)
    assert row.guild == str(locks.general.guild_id)


async def test_two_presses_at_once_turn_the_page_once(locks: Place) -> None:
    first = await searched(locks)

    await asyncio.gather(*(locks.anna.press(first, "Next") for _ in range(2)))
    await locks.local.wait_for(lambda: "6 to 7" in locks.local.world.messages[first.id].text)
    await locks.desk.wait_until_idle(2)

    assert "6 to 7 of 7" in locks.local.world.messages[first.id].text


def test_a_message_that_is_gone_says_nothing_of_what_was_typed() -> None:
    assert extract_query_line(None) == ()


@pytest.mark.parametrize("action", [Action.PAGE, Action.UNDATED, Action.ARTICLE])
async def test_no_button_of_a_listing_is_answered_twice(locks: Place, action: Action) -> None:
    label = {
        Action.PAGE: "Next",
        Action.UNDATED: "Without these dates",
        Action.ARTICLE: "Whole article",
    }[action]
    first = await searched(locks, after="1 March 2026")
    before = len(locks.local.get_messages(locks.general))

    await locks.anna.press(first, label)
    await locks.desk.wait_until_idle(2)

    after = len(locks.local.get_messages(locks.general))
    assert after - before == (0 if action is Action.PAGE else 1)
