from dataclasses import replace
from typing import Any

import pytest

from bot.discord_ui.commands.digest_common import NOT_A_MANAGER
from bot.discord_ui.messages.components import parse_custom_id
from bot.local_discord.world import administration
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.records import Message
from bot.model.activity import ActivityState
from bot.model.article import ArticleId
from bot.model.delivery import DeliveryOutcome, DeliveryState, DigestClaim
from bot.presentation.blocks import Action
from bot.presentation.digest_pages import NO_DIGESTS, NO_HISTORY, NOTHING_NEW
from tests.builders import an_article
from tests.discord_ui.conftest import ARTICLE_SENTENCES, RunningBot
from tests.discord_ui.digests import list_choices, load_subscription, run_digest_command, set_digest
from tests.scenario.starting import read

STORM = an_article(
    "A storm broke the harbour wall at Emden and sank two boats.",
    id="storm",
    title="Storm at Emden",
)


async def add_storm(bot: RunningBot) -> None:
    """Add the article STORM a minute from now, and refresh the catalogue."""
    bot.clock.advance(minutes=1)
    await bot.app.articles.put([STORM], bot.clock.now)
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop
    bot.clock.advance(minutes=1)


async def set_digest_before_news(bot: RunningBot, **options: Any) -> None:
    """Set a digest, then add the article STORM."""
    bot.clock.advance(minutes=1)
    await set_digest(bot, **options)
    await add_storm(bot)


async def deliver_due(bot: RunningBot) -> None:
    """Deliver all digests that are due."""
    await bot.client.digest_delivery.run_round()
    await bot.client.digest_delivery.finish(5)


def read_current(bot: RunningBot, message: Message) -> str:
    """Return the current text of the message."""
    return read(bot.local.world.messages[message.id])


def split_lines(text: str) -> set[str]:
    """Return the distinct lines of a text."""
    return set(text.splitlines())


async def post_now(bot: RunningBot) -> Message:
    """Run /digest now, and return the only message in #books."""
    await run_digest_command(bot, "now")
    (message,) = bot.local.get_messages(bot.local.find_channel("books"))
    return message


async def list_verifiable(bot: RunningBot, message: Message) -> list[bool]:
    """Return for each entry of the digest whether its receipt is stored as shown."""
    named = (parse_custom_id(button.custom_id or "") for button in message.buttons)
    key = next(press.key for press in named if press and press.action is Action.PAGE)
    kept = await bot.app.services.listings.load(key)
    assert kept
    receipts = bot.app.receipts
    return [await receipts.find(entry.receipt) is not None for entry in kept.listing.entries]


async def test_a_preview_shows_the_digest_as_it_would_be_now_to_who_asks_alone(
    bot: RunningBot,
) -> None:
    await set_digest_before_news(bot)

    shown = await run_digest_command(bot, "preview", by=bot.anna)

    assert read(shown).startswith("books: 3 March 2026\nFrom 3 March 2026, 12:01")
    assert STORM.body in read(shown)
    assert shown.only_for == bot.anna.id
    assert "Why these?" not in [button.label for button in shown.buttons]
    assert not bot.local.get_messages(bot.local.find_channel("books"))


async def test_the_quotes_of_a_preview_can_be_verified(bot: RunningBot) -> None:
    await set_digest_before_news(bot)
    shown = await run_digest_command(bot, "preview", by=bot.anna)
    receipt = read(shown).split("receipt ")[1][:16]

    action = await bot.anna.run_command("verify", channel=bot.general, receipt=receipt)

    assert STORM.body in read(await bot.anna.wait_for_answer(action))


async def test_a_preview_counts_as_a_question(bot: RunningBot) -> None:
    for _ in range(bot.app.settings.discord.questions_per_minute):
        await run_digest_command(bot, "preview", by=bot.anna)

    answer = await run_digest_command(bot, "preview", by=bot.anna)

    assert "Try again in" in read(answer)


async def test_without_a_digest_a_preview_is_of_all_that_is_new_up_to_nine(
    bot: RunningBot,
) -> None:
    shown = await run_digest_command(bot, "preview", by=bot.anna, date="3 March")

    assert "From 2 March 2026, 09:00 to 3 March 2026, 09:00, UTC." in read(shown)


async def test_a_preview_of_a_past_day_goes_by_the_day_of_publication(bot: RunningBot) -> None:
    await set_digest(bot)

    answer = await run_digest_command(bot, "preview", by=bot.anna, date="2 March 2026")
    before = await run_digest_command(bot, "preview", by=bot.anna, date="28 February 2026")

    assert sum(sentence in read(answer) for sentence in ARTICLE_SENTENCES.values()) >= 1
    assert "No new articles." in read(before)


async def test_the_rest_of_a_preview_is_a_button_away(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_ui.messages.components.MAX_CHARS", 500)
    await set_digest(bot)
    await add_storm(bot)
    shown = await run_digest_command(bot, "preview", by=bot.anna)

    await bot.anna.press(shown, "More")
    await bot.local.wait_for(lambda: read_current(bot, shown) != read(shown))

    first, further = (
        set(ARTICLE_SENTENCES.values()) & answer
        for answer in (split_lines(read(shown)), split_lines(read_current(bot, shown)))
    )
    assert first
    assert further
    assert not first & further


async def test_stories_over_the_limit_of_a_posted_digest_are_read_and_verified_behind_more(
    bot: RunningBot,
) -> None:
    await set_digest(bot, max_entries=1)
    await add_storm(bot)
    message = await post_now(bot)
    assert "over the limit of 1." in read(message)

    further = await bot.press(message, "More")
    receipt = read(further).split("receipt ")[1][:16]
    action = await bot.anna.run_command("verify", channel=bot.general, receipt=receipt)

    assert further.only_for == bot.anna.id
    assert "Further stories" in read(further)
    assert (
        not split_lines(read(further))
        & split_lines(read(message))
        & {STORM.body, *ARTICLE_SENTENCES.values()}
    )
    assert "word for word" in read(await bot.anna.wait_for_answer(action))


async def test_entries_behind_more_count_as_shown_only_once_they_are_read(bot: RunningBot) -> None:
    await set_digest(bot, max_entries=1)
    await add_storm(bot)
    message = await post_now(bot)

    before = await list_verifiable(bot, message)
    await bot.press(message, "More")

    assert before == [True, *(False for _ in before[1:])]
    assert len(before) > 1
    assert all(await list_verifiable(bot, message))


async def test_entries_behind_more_of_a_preview_do_not_count_as_shown(bot: RunningBot) -> None:
    await set_digest(bot, max_entries=1)
    await add_storm(bot)

    shown = await run_digest_command(bot, "preview", by=bot.anna)

    first, *further = await list_verifiable(bot, shown)
    assert first
    assert further
    assert not any(further)


async def test_now_posts_the_digest_of_the_day(bot: RunningBot) -> None:
    await set_digest_before_news(bot)

    answer = await run_digest_command(bot, "now")

    (message,) = bot.local.get_messages(bot.local.find_channel("books"))
    assert STORM.body in read(message)
    assert read(answer).startswith("3 March 2026: posted on 3 March 2026, 12:03.")
    assert f"/{message.channel_id}/{message.id}" in str(answer.components)


async def test_now_says_where_the_digest_of_the_day_was_posted_already(bot: RunningBot) -> None:
    await set_digest_before_news(bot)
    message = await post_now(bot)

    answer = await run_digest_command(bot, "now")

    assert read(answer).startswith("This day already has a digest. 3 March 2026: posted")
    assert str(message.id) in str(answer.components)
    assert len(bot.local.get_messages(bot.local.find_channel("books"))) == 1


async def test_now_does_not_say_that_what_was_refused_was_there_already(bot: RunningBot) -> None:
    await set_digest_before_news(bot, time="12:30")
    channel = bot.local.find_channel("books")
    administration.deny_permission(bot.local.world, channel, Permission.SEND_MESSAGES)
    bot.clock.advance(hours=1)
    await deliver_due(bot)
    administration.grant_permission(bot.local.world, channel, Permission.SEND_MESSAGES)

    answer = await run_digest_command(bot, "now")

    assert read(answer).startswith("3 March 2026: posted on 3 March 2026, 13:03.")


async def test_now_takes_the_row_of_the_day_so_that_nothing_is_posted_at_its_time(
    bot: RunningBot,
) -> None:
    await set_digest_before_news(bot, time="13:00")
    await post_now(bot)

    bot.clock.advance(hours=1)
    await deliver_due(bot)

    assert len(bot.local.get_messages(bot.local.find_channel("books"))) == 1


async def test_a_day_that_was_taken_before_its_time_is_none_of_the_next(bot: RunningBot) -> None:
    await set_digest_before_news(bot, time="13:00")
    await post_now(bot)

    answer = await run_digest_command(bot, "list")

    assert read(answer).splitlines()[-1].startswith("Wednesday, 4 March 2026, 13:00")


async def test_now_posts_nothing_if_nothing_is_new(bot: RunningBot) -> None:
    bot.clock.advance(minutes=1)
    await set_digest(bot)

    answer = await run_digest_command(bot, "now")

    assert read(answer) == NOTHING_NEW[0].text
    assert not bot.local.get_messages(bot.local.find_channel("books"))


async def test_now_names_the_channel_that_the_bot_can_not_post_in(bot: RunningBot) -> None:
    await set_digest(bot)
    administration.deny_permission(
        bot.local.world, bot.local.find_channel("books"), Permission.SEND_MESSAGES
    )

    answer = await run_digest_command(bot, "now")

    assert read(answer) == "I can't post in #books. Give me the Send Messages permission there."


async def test_only_managers_post_now(bot: RunningBot) -> None:
    await set_digest_before_news(bot)

    answer = await run_digest_command(bot, "now", by=bot.anna)

    assert read(answer) == NOT_A_MANAGER[0].text
    assert not bot.local.get_messages(bot.local.find_channel("books"))


async def test_the_list_shows_each_digest_with_its_next_time(bot: RunningBot) -> None:
    await set_digest(bot, topics="flood, storm")
    await set_digest(bot, "announcements", days="weekly on Sunday", timezone="Auckland")

    answer = await run_digest_command(bot, "list", by=bot.anna)

    assert read(answer).splitlines() == [
        "books",
        "In #books, every day at 08:30, UTC. Covers 2 topics.",
        "Wednesday, 4 March 2026, 08:30 · <t:1772613000:F>",
        "announcements",
        "In #announcements, weekly on Sunday at 08:30, Pacific/Auckland. Covers all new articles.",
        "Sunday, 8 March 2026, 08:30 · <t:1772911800:F>",
    ]
    assert answer.only_for == bot.anna.id


async def test_the_list_tells_why_one_is_troubled_or_that_it_is_paused(bot: RunningBot) -> None:
    await set_digest(bot)
    await bot.app.subscriptions.suspend(await load_subscription(bot), "I can't post there.")
    troubled = await run_digest_command(bot, "list")
    await run_digest_command(bot, "pause")

    paused = await run_digest_command(bot, "list")

    assert read(troubled).splitlines()[-1] == (
        "I paused this digest. I can't post there. After fixing this, run /digest resume."
    )
    assert read(paused).splitlines()[-1] == "Paused. To continue, run /digest resume."


async def test_a_server_without_digests_learns_how_to_set_one(bot: RunningBot) -> None:
    answer = await run_digest_command(bot, "list", by=bot.anna)

    assert read(answer) == NO_DIGESTS[0].text


async def test_a_digest_in_a_channel_hidden_from_a_person_is_not_shown_to_them(
    bot: RunningBot,
) -> None:
    staff = administration.grant_permission(
        bot.local.world, bot.local.find_channel("staff"), Permission.VIEW_CHANNEL
    )
    await set_digest(bot, staff.name)

    to_anna = await run_digest_command(bot, "list", by=bot.anna)
    to_mod = await run_digest_command(bot, "list")
    history = await run_digest_command(bot, "history", by=bot.anna, digest="staff")

    assert read(to_anna) == NO_DIGESTS[0].text
    assert "#staff" in read(to_mod)
    assert read(history).startswith("This server has no digest yet")
    assert await list_choices(bot, "preview", "digest", "", by=bot.anna) == []


async def test_history_shows_the_result_of_each_day(bot: RunningBot) -> None:
    await set_digest_before_news(bot, time="13:00")
    message = await post_now(bot)
    bot.clock.advance(days=1, hours=1)
    await deliver_due(bot)

    answer = await run_digest_command(bot, "history", by=bot.anna)

    assert read(answer).splitlines()[:3] == [
        "History of the digest “books”",
        "4 March 2026: skipped, no new articles.",
        "3 March 2026: posted on 3 March 2026, 12:03.",
    ]
    assert f"/channels/{bot.general.guild_id}/{message.channel_id}/{message.id}" in str(
        answer.components
    )


async def test_a_digest_that_was_never_posted_has_no_history(bot: RunningBot) -> None:
    await set_digest(bot)

    answer = await run_digest_command(bot, "history", by=bot.anna)

    assert read(answer).endswith(NO_HISTORY.text)


async def test_why_shows_the_steps_of_an_included_article(bot: RunningBot) -> None:
    await set_digest_before_news(bot)
    message = await post_now(bot)

    answer = await run_digest_command(bot, "why", by=bot.anna, article="storm")

    lines = read(answer).splitlines()
    assert lines[:2] == ["Digest “books” of 3 March 2026", "Storm at Emden · The Courier"]
    assert lines[-2].startswith("Included as story ")
    assert lines[-1] == "3 March 2026: posted on 3 March 2026, 12:03."
    assert str(message.id) in str(answer.components)


async def test_why_shows_the_step_that_skipped_an_article(bot: RunningBot) -> None:
    await set_digest(bot, topics="storm")
    await add_storm(bot)
    await post_now(bot)

    answer = await run_digest_command(
        bot, "why", by=bot.anna, article="bremen", date="3 March 2026"
    )

    assert read(answer).splitlines()[-2] == (
        "Topics: not included. The digest does not cover its topic."
    )


async def test_why_names_the_article_with_the_same_story(bot: RunningBot) -> None:
    await set_digest(bot)
    twin = replace(STORM, id=ArticleId("twin"), title="Storm at sea", source="The Herald")
    await bot.app.articles.put([twin], bot.clock.now)
    await add_storm(bot)
    await post_now(bot)

    answers = [
        read(await run_digest_command(bot, "why", by=bot.anna, article=article_id))
        for article_id in ("storm", "twin")
    ]

    named = [
        title for title in ("Storm at Emden", "Storm at sea") if f"“{title}”" in "".join(answers)
    ]
    assert len(named) == 1
    assert sum("Its story is reported by" in text for text in answers) == 1


async def test_why_says_that_an_article_came_in_after_the_digest(bot: RunningBot) -> None:
    await set_digest_before_news(bot)
    await post_now(bot)
    later = replace(STORM, id=ArticleId("later"), title="Boats raised")
    bot.clock.advance(hours=1)
    await bot.app.articles.put([later], bot.clock.now)
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    answer = await run_digest_command(bot, "why", by=bot.anna, article="later")

    assert "Time window: not included. It was added later." in read(answer)


async def test_why_says_that_there_is_no_such_article_or_day(bot: RunningBot) -> None:
    await set_digest_before_news(bot)

    never = await run_digest_command(bot, "why", by=bot.anna, article="storm")
    day = await run_digest_command(bot, "why", by=bot.anna, article="storm", date="1 March 2026")
    article = await run_digest_command(bot, "why", by=bot.anna, article="zeppelin")

    assert read(never).startswith("The digest “books” has not been posted yet")
    assert read(day).startswith("The digest “books” has nothing for 1 March 2026")
    assert read(article).startswith("No article matches this.")


async def test_why_of_a_withdrawn_article_says_so(bot: RunningBot) -> None:
    await set_digest_before_news(bot)
    await post_now(bot)
    await bot.app.articles.withdraw(STORM.id, "Wrong.", bot.clock.now)

    answer = await run_digest_command(bot, "why", by=bot.anna, article="storm")

    assert "There is no article with the ID “storm”" in read(answer)


async def test_why_of_a_digest_that_was_refused_names_the_permission(bot: RunningBot) -> None:
    await set_digest_before_news(bot, time="12:30")
    administration.deny_permission(
        bot.local.world, bot.local.find_channel("books"), Permission.SEND_MESSAGES
    )
    bot.clock.advance(hours=1)
    await deliver_due(bot)

    answer = await run_digest_command(bot, "why", article="storm")
    history = await run_digest_command(bot, "history")

    assert "Not included: the whole digest could not be posted." in read(answer)
    assert read(answer).splitlines()[-1] == read(history).splitlines()[-1]
    assert read(history).splitlines()[-1].startswith("3 March 2026: not posted. Missing permission")
    assert (await load_subscription(bot)).state is ActivityState.SUSPENDED


async def test_articles_and_days_are_offered(bot: RunningBot) -> None:
    await set_digest(bot)
    before = await list_choices(bot, "why", "date", "", by=bot.anna)
    await add_storm(bot)
    await post_now(bot)

    articles = await list_choices(bot, "why", "article", "storm", by=bot.anna)
    days = await list_choices(bot, "why", "date", "MAR", by=bot.anna)
    others = await list_choices(bot, "why", "date", "april", by=bot.anna)

    assert (before, articles, days, others) == ([], ["storm"], ["3 March 2026"], [])


async def test_no_days_are_offered_if_the_digest_is_ambiguous(
    bot: RunningBot,
) -> None:
    await set_digest(bot)
    await set_digest(bot, "announcements")

    assert await list_choices(bot, "why", "date", "", by=bot.anna) == []


async def test_the_button_of_a_posted_digest_explains_the_choice_of_articles(
    bot: RunningBot,
) -> None:
    await set_digest(bot, topics="storm")
    await add_storm(bot)
    message = await post_now(bot)

    answer = await bot.press(message, "Why these?")

    assert read(answer).startswith("Results for the ")
    assert "included as a story" in read(answer)
    assert answer.only_for == bot.anna.id


async def test_the_button_of_a_digest_that_is_not_kept_any_more_says_so(bot: RunningBot) -> None:
    await set_digest_before_news(bot)
    message = await post_now(bot)
    await run_digest_command(bot, "off")

    answer = await bot.press(message, "Why these?")

    assert "has expired" in read(answer)


async def test_a_delivery_that_is_uncertain_is_named_in_the_history(bot: RunningBot) -> None:
    await set_digest_before_news(bot)
    held = await load_subscription(bot)
    now = bot.clock.now
    claim = DigestClaim(
        subscription=held,
        last_id=0,
        local_day=now.date(),
        window_starts_at=held.begins_at,
        window_ends_at=now,
        key="k",
        after_message_id=None,
        decisions=(),
    )
    delivery = await bot.app.deliveries.claim(claim, now)
    assert delivery
    claimed = await run_digest_command(bot, "history")
    outcome = DeliveryOutcome(
        state=DeliveryState.UNCERTAIN, settled_at=now, reason="I can't see what was posted."
    )
    await bot.app.deliveries.record(delivery, outcome)

    uncertain = await run_digest_command(bot, "history")

    assert read(claimed).splitlines()[-1] == "3 March 2026: being posted."
    assert read(uncertain).splitlines()[-1] == (
        "3 March 2026: not known whether it was posted. I can't see what was posted."
    )
