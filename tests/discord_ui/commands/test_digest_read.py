from dataclasses import replace
from typing import Any

import pytest

from bot.discord_ui.commands.digest_common import NOT_A_MANAGER
from bot.discord_ui.messages.components import parse_custom_id
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.records import Message
from bot.model.article import ArticleId
from bot.model.delivery import DeliveryState, DigestClaim, Outcome
from bot.model.subscription import SubscriptionState
from bot.presentation.blocks import Action
from bot.presentation.digest_pages import NO_DIGESTS, NO_HISTORY, NOTHING_NEW
from tests.builders import an_article
from tests.discord_ui.conftest import TOLD, Place
from tests.discord_ui.digests import digest, digest_set, kept_one, offered
from tests.scenario.starting import read

STORM = an_article(
    "A storm broke the harbour wall at Emden and sank two boats.",
    id="storm",
    title="Storm at Emden",
)


async def came_in(place: Place) -> None:
    """An article comes in a minute from now, and the catalogue knows it."""
    place.clock.pass_by(minutes=1)
    await place.app.articles.put([STORM], place.clock.now)
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop
    place.clock.pass_by(minutes=1)


async def digest_with_news(place: Place, **options: Any) -> None:
    """A digest is set after all articles but one came in."""
    place.clock.pass_by(minutes=1)
    await digest_set(place, **options)
    await came_in(place)


async def delivered(place: Place) -> None:
    """What is due is delivered."""
    await place.client.digest_delivery.run_round()
    await place.client.digest_delivery.finish(5)


def text_of(place: Place, message: Message) -> str:
    """What the message says now."""
    return read(place.local.world.messages[message.id])


def quoted(text: str) -> set[str]:
    """The lines of a text."""
    return set(text.splitlines())


async def posted(place: Place) -> Message:
    """What stands in #books after /digest now, the only thing there."""
    await digest(place, "now")
    (message,) = place.local.get_messages(place.local.find_channel("books"))
    return message


async def verifiable(place: Place, message: Message) -> list[bool]:
    """Which of the excerpts that can be read of a digest count as shown."""
    named = (parse_custom_id(button.custom_id or "") for button in message.buttons)
    key = next(press.key for press in named if press and press.action is Action.PAGE)
    kept = await place.app.services.listings.load(key)
    assert kept
    receipts = place.app.receipts
    return [await receipts.find(each.receipt) is not None for each in kept.listing.entries]


async def test_a_preview_shows_the_digest_as_it_would_be_now_to_who_asks_alone(
    place: Place,
) -> None:
    await digest_with_news(place)

    shown = await digest(place, "preview", by=place.anna)

    assert read(shown).startswith("books: 3 March 2026\nFrom 3 March 2026, 12:01")
    assert STORM.body in read(shown)
    assert shown.only_for == place.anna.id
    assert "Why these?" not in [button.label for button in shown.buttons]
    assert not place.local.get_messages(place.local.find_channel("books"))


async def test_what_a_preview_quotes_can_be_verified(place: Place) -> None:
    await digest_with_news(place)
    shown = await digest(place, "preview", by=place.anna)
    receipt = read(shown).split("receipt ")[1][:16]

    acted = await place.anna.run_command("verify", channel=place.general, receipt=receipt)

    assert STORM.body in read(await place.anna.wait_for_answer(acted))


async def test_a_preview_counts_as_a_question(place: Place) -> None:
    for _ in range(place.app.settings.discord.questions_per_minute):
        await digest(place, "preview", by=place.anna)

    told = await digest(place, "preview", by=place.anna)

    assert "ask again in" in read(told)


async def test_without_a_digest_a_preview_is_of_all_that_is_new_up_to_nine(place: Place) -> None:
    shown = await digest(place, "preview", by=place.anna, date="3 March")

    assert "From 2 March 2026, 09:00 to 3 March 2026, 09:00, UTC." in read(shown)


async def test_a_preview_of_a_past_day_goes_by_the_day_of_publication(place: Place) -> None:
    await digest_set(place)

    told = await digest(place, "preview", by=place.anna, date="2 March 2026")
    before = await digest(place, "preview", by=place.anna, date="28 February 2026")

    assert sum(each in read(told) for each in TOLD.values()) >= 1
    assert "Nothing new came in." in read(before)


async def test_the_rest_of_a_preview_is_a_button_away(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_ui.messages.components.MAX_CHARS", 500)
    await digest_set(place)
    await came_in(place)
    shown = await digest(place, "preview", by=place.anna)

    await place.anna.press(shown, "More")
    await place.local.wait_for(lambda: text_of(place, shown) != read(shown))

    first, further = (
        set(TOLD.values()) & told for told in (quoted(read(shown)), quoted(text_of(place, shown)))
    )
    assert first
    assert further
    assert not first & further


async def test_stories_over_the_limit_of_a_posted_digest_are_read_and_verified_behind_more(
    place: Place,
) -> None:
    await digest_set(place, max_entries=1)
    await came_in(place)
    message = await posted(place)
    assert "over the limit of 1." in read(message)

    further = await place.pressed(message, "More")
    receipt = read(further).split("receipt ")[1][:16]
    acted = await place.anna.run_command("verify", channel=place.general, receipt=receipt)

    assert further.only_for == place.anna.id
    assert "Further stories" in read(further)
    assert not quoted(read(further)) & quoted(read(message)) & {STORM.body, *TOLD.values()}
    assert "word for word" in read(await place.anna.wait_for_answer(acted))


async def test_what_is_behind_more_counts_as_shown_only_once_it_is_read(place: Place) -> None:
    await digest_set(place, max_entries=1)
    await came_in(place)
    message = await posted(place)

    before = await verifiable(place, message)
    await place.pressed(message, "More")

    assert before == [True, *(False for _ in before[1:])]
    assert len(before) > 1
    assert all(await verifiable(place, message))


async def test_what_a_preview_has_behind_more_does_not_count_as_shown(place: Place) -> None:
    await digest_set(place, max_entries=1)
    await came_in(place)

    shown = await digest(place, "preview", by=place.anna)

    first, *further = await verifiable(place, shown)
    assert first
    assert further
    assert not any(further)


async def test_now_posts_the_digest_of_the_day(place: Place) -> None:
    await digest_with_news(place)

    told = await digest(place, "now")

    (message,) = place.local.get_messages(place.local.find_channel("books"))
    assert STORM.body in read(message)
    assert read(told).startswith("3 March 2026: posted on 3 March 2026, 12:03.")
    assert f"/{message.channel_id}/{message.id}" in str(told.components)


async def test_now_says_where_the_digest_of_the_day_was_posted_already(place: Place) -> None:
    await digest_with_news(place)
    message = await posted(place)

    told = await digest(place, "now")

    assert read(told).startswith("The digest of this day was there already. 3 March 2026: posted")
    assert str(message.id) in str(told.components)
    assert len(place.local.get_messages(place.local.find_channel("books"))) == 1


async def test_now_does_not_say_that_what_was_refused_was_there_already(place: Place) -> None:
    await digest_with_news(place, time="12:30")
    channel = place.local.find_channel("books")
    moderation.deny_permission(place.local.world, channel, Permission.SEND_MESSAGES)
    place.clock.pass_by(hours=1)
    await delivered(place)
    moderation.grant_permission(place.local.world, channel, Permission.SEND_MESSAGES)

    told = await digest(place, "now")

    assert read(told).startswith("3 March 2026: posted on 3 March 2026, 13:03.")


async def test_now_takes_the_row_of_the_day_so_that_nothing_is_posted_at_its_time(
    place: Place,
) -> None:
    await digest_with_news(place, time="13:00")
    await posted(place)

    place.clock.pass_by(hours=1)
    await delivered(place)

    assert len(place.local.get_messages(place.local.find_channel("books"))) == 1


async def test_a_day_that_was_taken_before_its_time_is_none_of_the_next(place: Place) -> None:
    await digest_with_news(place, time="13:00")
    await posted(place)

    told = await digest(place, "list")

    assert read(told).splitlines()[-1].startswith("Wednesday, 4 March 2026, 13:00")


async def test_now_posts_nothing_where_nothing_is_new(place: Place) -> None:
    place.clock.pass_by(minutes=1)
    await digest_set(place)

    told = await digest(place, "now")

    assert read(told) == NOTHING_NEW[0].text
    assert not place.local.get_messages(place.local.find_channel("books"))


async def test_now_says_where_the_bot_may_not_post(place: Place) -> None:
    await digest_set(place)
    moderation.deny_permission(
        place.local.world, place.local.find_channel("books"), Permission.SEND_MESSAGES
    )

    told = await digest(place, "now")

    assert read(told) == "I can't post in #books: give me the permission Send Messages there."


async def test_only_managers_post_now(place: Place) -> None:
    await digest_with_news(place)

    told = await digest(place, "now", by=place.anna)

    assert read(told) == NOT_A_MANAGER[0].text
    assert not place.local.get_messages(place.local.find_channel("books"))


async def test_the_list_tells_each_digest_with_its_next_time(place: Place) -> None:
    await digest_set(place, topics="flood, storm")
    await digest_set(place, "announcements", days="weekly on Sunday", timezone="Auckland")

    told = await digest(place, "list", by=place.anna)

    assert read(told).splitlines() == [
        "books",
        "In #books, every day at 08:30, UTC; 2 topics.",
        "Wednesday, 4 March 2026, 08:30 · <t:1772613000:F>",
        "announcements",
        "In #announcements, weekly on Sunday at 08:30, Pacific/Auckland; all that is new.",
        "Sunday, 8 March 2026, 08:30 · <t:1772911800:F>",
    ]
    assert told.only_for == place.anna.id


async def test_the_list_tells_why_one_is_troubled_or_that_it_is_paused(place: Place) -> None:
    await digest_set(place)
    await place.app.subscriptions.suspend(await kept_one(place), "I may not post there.")
    troubled = await digest(place, "list")
    await digest(place, "pause")

    paused = await digest(place, "list")

    assert read(troubled).splitlines()[-1] == (
        "I paused it: I may not post there. /digest resume goes on with it."
    )
    assert read(paused).splitlines()[-1] == "Paused: /digest resume goes on with it."


async def test_a_server_without_digests_is_told_how_to_make_one(place: Place) -> None:
    told = await digest(place, "list", by=place.anna)

    assert read(told) == NO_DIGESTS[0].text


async def test_nobody_is_told_of_a_digest_in_a_channel_that_they_cannot_see(place: Place) -> None:
    staff = moderation.grant_permission(
        place.local.world, place.local.find_channel("staff"), Permission.VIEW_CHANNEL
    )
    await digest_set(place, staff.name)

    to_anna = await digest(place, "list", by=place.anna)
    to_mod = await digest(place, "list")
    history = await digest(place, "history", by=place.anna, digest="staff")

    assert read(to_anna) == NO_DIGESTS[0].text
    assert "#staff" in read(to_mod)
    assert read(history).startswith("There is no digest here yet")
    assert await offered(place, "preview", "digest", "", by=place.anna) == []


async def test_history_tells_what_became_of_each_day(place: Place) -> None:
    await digest_with_news(place, time="13:00")
    message = await posted(place)
    place.clock.pass_by(days=1, hours=1)
    await delivered(place)

    told = await digest(place, "history", by=place.anna)

    assert read(told).splitlines()[:3] == [
        "The digest “books”, day by day",
        "4 March 2026: nothing was new, so nothing was posted.",
        "3 March 2026: posted on 3 March 2026, 12:03.",
    ]
    assert f"/channels/{place.general.guild_id}/{message.channel_id}/{message.id}" in str(
        told.components
    )


async def test_a_digest_that_was_never_posted_has_no_history(place: Place) -> None:
    await digest_set(place)

    told = await digest(place, "history", by=place.anna)

    assert read(told).endswith(NO_HISTORY.text)


async def test_why_tells_the_steps_of_an_article_that_was_taken(place: Place) -> None:
    await digest_with_news(place)
    message = await posted(place)

    told = await digest(place, "why", by=place.anna, article="storm")

    lines = read(told).splitlines()
    assert lines[:2] == ["The digest “books” of 3 March 2026", "Storm at Emden · The Courier"]
    assert lines[-2].startswith("Taken, as entry ")
    assert lines[-1] == "3 March 2026: posted on 3 March 2026, 12:03."
    assert str(message.id) in str(told.components)


async def test_why_tells_the_step_at_which_an_article_was_left_out(place: Place) -> None:
    await digest_set(place, topics="storm")
    await came_in(place)
    await posted(place)

    told = await digest(place, "why", by=place.anna, article="bremen", date="3 March 2026")

    assert read(told).splitlines()[-2] == (
        "Left out at the topics: it tells of nothing that the digest is about."
    )


async def test_why_says_which_article_tells_the_same_story(place: Place) -> None:
    await digest_set(place)
    twin = replace(STORM, id=ArticleId("twin"), title="Storm at sea", source="The Herald")
    await place.app.articles.put([twin], place.clock.now)
    await came_in(place)
    await posted(place)

    answers = [
        read(await digest(place, "why", by=place.anna, article=each)) for each in ("storm", "twin")
    ]

    named = [
        title for title in ("Storm at Emden", "Storm at sea") if f"“{title}”" in "".join(answers)
    ]
    assert len(named) == 1
    assert sum("its story is told by" in each for each in answers) == 1


async def test_why_says_that_an_article_came_in_after_the_digest(place: Place) -> None:
    await digest_with_news(place)
    await posted(place)
    later = replace(STORM, id=ArticleId("later"), title="Boats raised")
    place.clock.pass_by(hours=1)
    await place.app.articles.put([later], place.clock.now)
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop

    told = await digest(place, "why", by=place.anna, article="later")

    assert "Left out at the window: it came in later." in read(told)


async def test_why_says_that_there_is_no_such_article_or_day(place: Place) -> None:
    await digest_with_news(place)

    never = await digest(place, "why", by=place.anna, article="storm")
    day = await digest(place, "why", by=place.anna, article="storm", date="1 March 2026")
    article = await digest(place, "why", by=place.anna, article="zeppelin")

    assert read(never).startswith("There is nothing of the digest “books” yet")
    assert read(day).startswith("There is nothing of the digest “books” of 1 March 2026")
    assert read(article).startswith("No article fits this.")


async def test_why_of_an_article_that_was_taken_back_says_so(place: Place) -> None:
    await digest_with_news(place)
    await posted(place)
    await place.app.articles.remove(STORM.id, "Wrong.", place.clock.now)

    told = await digest(place, "why", by=place.anna, article="storm")

    assert "The library holds no article with the id 'storm'" in read(told)


async def test_why_of_a_digest_that_was_refused_names_the_permission(place: Place) -> None:
    await digest_with_news(place, time="12:30")
    moderation.deny_permission(
        place.local.world, place.local.find_channel("books"), Permission.SEND_MESSAGES
    )
    place.clock.pass_by(hours=1)
    await delivered(place)

    told = await digest(place, "why", article="storm")
    history = await digest(place, "history")

    assert "Left out at the permission: the digest as a whole could not be posted." in read(told)
    assert read(told).splitlines()[-1] == read(history).splitlines()[-1]
    assert read(history).splitlines()[-1].startswith("3 March 2026: it could not be posted. I may")
    assert (await kept_one(place)).state is SubscriptionState.SUSPENDED


async def test_articles_and_days_are_offered(place: Place) -> None:
    await digest_set(place)
    before = await offered(place, "why", "date", "", by=place.anna)
    await came_in(place)
    await posted(place)

    articles = await offered(place, "why", "article", "storm", by=place.anna)
    days = await offered(place, "why", "date", "MAR", by=place.anna)
    others = await offered(place, "why", "date", "april", by=place.anna)

    assert (before, articles, days, others) == ([], ["storm"], ["3 March 2026"], [])


async def test_no_days_are_offered_where_it_is_open_which_digest_is_meant(place: Place) -> None:
    await digest_set(place)
    await digest_set(place, "announcements")

    assert await offered(place, "why", "date", "", by=place.anna) == []


async def test_the_button_of_a_posted_digest_tells_how_its_articles_were_chosen(
    place: Place,
) -> None:
    await digest_set(place, topics="storm")
    await came_in(place)
    message = await posted(place)

    told = await place.pressed(message, "Why these?")

    assert read(told).startswith("What became of the ")
    assert "shown as an entry" in read(told)
    assert told.only_for == place.anna.id


async def test_the_button_of_a_digest_that_is_not_kept_any_more_says_so(place: Place) -> None:
    await digest_with_news(place)
    message = await posted(place)
    await digest(place, "off")

    told = await place.pressed(message, "Why these?")

    assert "too old" in read(told)


async def test_a_delivery_that_is_uncertain_is_named_in_the_history(place: Place) -> None:
    await digest_with_news(place)
    held = await kept_one(place)
    now = place.clock.now
    claim = DigestClaim(
        subscription=held,
        last_id=0,
        local_day=now.date(),
        window_start=held.begins_at,
        window_end=now,
        key="k",
        after_message_id=None,
        decisions=(),
    )
    delivery = await place.app.deliveries.claim(claim, now)
    assert delivery
    claimed = await digest(place, "history")
    outcome = Outcome(state=DeliveryState.UNCERTAIN, at=now, reason="I can't see what was posted.")
    await place.app.deliveries.record(delivery, outcome)

    uncertain = await digest(place, "history")

    assert read(claimed).splitlines()[-1] == "3 March 2026: it is being posted."
    assert read(uncertain).splitlines()[-1] == (
        "3 March 2026: whether it was posted is not known. I can't see what was posted."
    )
