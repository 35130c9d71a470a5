from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.discord_ui.commands.digest_common import NOT_A_MANAGER
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.records import Role
from bot.model.subscription import (
    EVERY_DAY,
    WEEKDAYS,
    DigestTopic,
    Subscription,
    SubscriptionState,
    WhenEmpty,
)
from bot.presentation.subscription import PAUSED
from bot.services.digests import MAX_DIGESTS
from tests.builders import NOON
from tests.discord_ui.conftest import Place
from tests.discord_ui.digests import digest, digest_set, kept, kept_one, offered
from tests.scenario.starting import read

MANAGED: dict[str, dict[str, Any]] = {
    "topics add": {"terms": "flood"},
    "topics remove": {"topic": "flood"},
    "pause": {},
    "resume": {},
    "off": {},
    "now": {},
}


def role_of(place: Place, name: str) -> Role:
    return next(role for role in place.local.find_guild().roles if role.name == name)


async def test_a_digest_is_set_with_a_channel_and_a_time_and_its_next_times_are_told(
    place: Place,
) -> None:
    told = await digest_set(place)

    assert read(told).splitlines() == [
        "The digest “books”",
        "Posted in #books, every day at 08:30, UTC.",
        "About all that is new.",
        "Sources: all. Entries: 5 at most.",
        "It mentions nobody, and a day on which nothing is new is skipped.",
        "Next, and as your own time:",
        "Wednesday, 4 March 2026, 08:30 · <t:1772613000:F>",
        "Thursday, 5 March 2026, 08:30 · <t:1772699400:F>",
        "Friday, 6 March 2026, 08:30 · <t:1772785800:F>",
    ]
    assert told.is_ephemeral


async def test_what_is_not_said_is_as_usual(place: Place) -> None:
    await digest_set(place)

    assert await kept_one(place) == Subscription(
        id=1,
        guild=str(place.general.guild_id),
        channel=str(place.local.find_channel("books").id),
        name="books",
        time_of_day=time(8, 30),
        zone=ZoneInfo("UTC"),
        days=EVERY_DAY,
        topics=(),
        sources=(),
        max_entries=5,
        when_empty=WhenEmpty.SKIP,
        mention_role=None,
        state=SubscriptionState.ACTIVE,
        suspension_reason=None,
        begins_at=NOON,
        schedule_changed_at=NOON,
    )


async def test_all_that_can_be_said_is_kept(place: Place) -> None:
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop

    told = await digest_set(
        place,
        timezone="Auckland",
        days="weekdays",
        topics='AI: OpenAI, "the flood" river',
        sources="the courier",
        max_entries=3,
        when_empty="note",
        mention_role=role_of(place, "Moderators"),
        name="Morning  news",
    )

    held = await kept_one(place)
    assert (held.zone.key, held.days, held.name) == ("Pacific/Auckland", WEEKDAYS, "Morning news")
    assert held.topics == (
        DigestTopic(heading="AI", query_text="OpenAI"),
        DigestTopic(heading="", query_text='"the flood" river'),
    )
    assert (held.sources, held.max_entries, held.when_empty) == (("The Courier",), 3, "note")
    assert held.mention_role == str(role_of(place, "Moderators").id)
    assert "It mentions @Moderators" in read(told)


async def test_the_zone_of_the_server_is_that_of_a_new_digest(place: Place) -> None:
    mod = place.local.find_person("mod")
    acted = await mod.run_command("settings zone", channel=place.general, zone="Europe/Berlin")
    await mod.wait_for_answer(acted)

    await digest_set(place)

    assert (await kept_one(place)).zone.key == "Europe/Berlin"


async def test_a_name_of_which_nothing_is_seen_is_none(place: Place) -> None:
    await digest_set(place, name="\u200b")

    assert (await kept_one(place)).name == "books"


async def test_of_a_digest_that_there_is_what_is_left_out_stays(place: Place) -> None:
    await digest_set(
        place,
        timezone="Auckland",
        days="weekdays",
        topics="flood",
        max_entries=3,
        when_empty="note",
        mention_role=role_of(place, "Moderators"),
    )
    before = await kept_one(place)
    place.clock.pass_by(hours=1)

    await digest_set(place, "announcements", time="9:15", name="BOOKS")

    announcements = str(place.local.find_channel("announcements").id)
    assert await kept_one(place) == replace(
        before, channel=announcements, time_of_day=time(9, 15), schedule_changed_at=place.clock.now
    )


async def test_what_was_set_can_be_taken_back(place: Place) -> None:
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop
    await digest_set(
        place,
        topics="flood",
        sources="The Courier",
        mention_role=role_of(place, "Moderators"),
    )

    await digest_set(place, topics="all", sources="all", mention_role=role_of(place, "@everyone"))

    held = await kept_one(place)
    assert (held.topics, held.sources, held.mention_role) == ((), (), None)


async def test_a_server_has_a_digest_for_each_channel_or_name(place: Place) -> None:
    await digest_set(place)
    await digest_set(place, "announcements")
    await digest_set(place, name="evening", time="18:00")

    assert [each.name for each in await kept(place)] == ["books", "announcements", "evening"]


async def test_a_digest_is_named_after_its_channel_in_forty_characters_at_most(
    place: Place,
) -> None:
    world = place.local.world
    renamed = world.update_channel(place.local.find_channel("books"), name="b" * 60)
    moderation.grant_permission(world, renamed, Permission.VIEW_CHANNEL)

    await digest_set(place, renamed.name)

    assert (await kept_one(place)).name == f"{'b' * 39}…"


async def test_a_server_has_no_more_digests_than_a_list_holds(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.digests.MAX_DIGESTS", 1)
    await digest_set(place)

    told = await digest_set(place, name="another")

    assert read(told) == "A server has 1 digests at most: end one with /digest off first."
    assert len(await kept(place)) == 1 < MAX_DIGESTS


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"time": "25:00"}, "'25:00' is no time of day: write it as HH:MM"),
        ({"timezone": "Berln"}, "I know no single time zone “Berln”. Did you mean Europe/Berlin"),
        ({"topics": "flood, the"}, "There is nothing to search for in the topic 'the'"),
        ({"topics": ",".join("abcdefghijk")}, "A digest has 10 topics at most"),
        ({"sources": "Courir"}, "No article is of the source 'Courir': did you mean “The Cour"),
    ],
    ids=["time", "zone", "empty topic", "too many topics", "source"],
)
async def test_bad_input_is_told_in_one_sentence_and_sets_nothing(
    place: Place, options: dict[str, str], told: str
) -> None:
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop

    answer = await digest_set(place, **options)

    assert read(answer).startswith(told)
    assert len(read(answer).splitlines()) == 1
    assert not await kept(place)


@pytest.mark.parametrize(
    ("channel", "lacking"),
    [
        ("staff", "the permissions View Channel and Send Messages"),
        ("read-only", "the permission Send Messages"),
    ],
)
async def test_where_the_bot_may_not_post_it_is_told_what_it_lacks(
    place: Place, channel: str, lacking: str
) -> None:
    told = await digest_set(place, channel)

    assert read(told) == f"I can't post in #{channel}: give me {lacking} there."
    assert not await kept(place)


async def test_where_the_history_can_not_be_read_it_is_told_what_that_means(place: Place) -> None:
    told = await digest_set(place, "no-history")

    last = read(told).splitlines()[-1]
    assert last.startswith("I lack the permission Read Message History in #no-history")
    assert (await kept_one(place)).state is SubscriptionState.ACTIVE


async def test_a_role_that_the_bot_may_not_notify_is_refused(place: Place) -> None:
    books = moderation.deny_permission(
        place.local.world, place.local.find_channel("books"), Permission.MENTION_EVERYONE
    )

    told = await digest_set(place, mention_role=role_of(place, "Moderators"))
    nobody = await digest_set(place, mention_role=role_of(place, "@everyone"))

    assert read(told).startswith(f"I can't notify @Moderators in #{books.name}: let anyone")
    assert "It mentions nobody" in read(nobody)


async def test_a_role_that_all_may_mention_needs_no_permission(place: Place) -> None:
    world, moderators = place.local.world, role_of(place, "Moderators")
    moderation.deny_permission(
        world, place.local.find_channel("books"), Permission.MENTION_EVERYONE
    )

    told = await digest_set(place, mention_role=replace(moderators, mentionable=True))

    assert "It mentions @Moderators" in read(told)


async def test_a_digest_is_set_in_text_channels_only(place: Place) -> None:
    with pytest.raises(ImpossibleAction, match="takes no such channel"):
        await digest_set(place, "lounge")


async def test_topics_are_added_one_by_one_with_headings(place: Place) -> None:
    await digest_set(place)

    await digest(place, "topics add", terms="OpenAI  Anthropic", heading="AI")
    told = await digest(place, "topics add", terms="flood")

    assert "Topic: AI: OpenAI Anthropic\nTopic: flood" in read(told)
    assert len((await kept_one(place)).topics) == 2


async def test_a_topic_that_there_is_gets_another_heading(place: Place) -> None:
    await digest_set(place, topics="flood")

    await digest(place, "topics add", terms="Flood", heading="Water")

    assert (await kept_one(place)).topics == (DigestTopic(heading="Water", query_text="Flood"),)


@pytest.mark.parametrize(
    ("terms", "told"),
    [("the", "There is nothing to search for"), ("one more", "A digest has 10 topics at most")],
)
async def test_a_topic_that_can_not_be_added_is_refused(
    place: Place, terms: str, told: str
) -> None:
    await digest_set(place, topics=",".join(f"flood{number}" for number in range(10)))

    answer = await digest(place, "topics add", terms=terms)

    assert read(answer).startswith(told)
    assert len((await kept_one(place)).topics) == 10


async def test_a_topic_is_removed_by_its_heading_or_its_words(place: Place) -> None:
    await digest_set(place, topics="AI: OpenAI, flood, storm")

    await digest(place, "topics remove", topic="ai")
    await digest(place, "topics remove", topic="Flood")
    told = await digest(place, "topics remove", topic="rain")

    assert (await kept_one(place)).topics == (DigestTopic(heading="", query_text="storm"),)
    assert read(told) == "This digest has no topic 'rain': choose “storm”."


async def test_topics_are_offered_by_heading_of_the_digest_that_is_meant(place: Place) -> None:
    await digest_set(place, topics="AI: OpenAI, flood")
    await digest_set(place, "announcements", topics="storm")

    of_all = await offered(place, "topics remove", "topic", "")
    of_one = await offered(place, "topics remove", "topic", "S", digest="announcements")

    assert of_all == ["AI", "flood", "storm"]
    assert of_one == ["storm"]


async def test_a_paused_digest_has_no_next_times_and_goes_on_from_when_it_is_resumed(
    place: Place,
) -> None:
    await digest_set(place)
    paused = await digest(place, "pause")
    place.clock.pass_by(days=2)

    resumed = await digest(place, "resume")

    held = await kept_one(place)
    assert read(paused).endswith(PAUSED.text)
    assert "Friday, 6 March 2026, 08:30" in read(resumed)
    assert (held.state, held.begins_at) == (SubscriptionState.ACTIVE, place.clock.now)


async def test_one_that_was_not_paused_goes_on_as_it_did(place: Place) -> None:
    await digest_set(place)
    place.clock.pass_by(days=2)

    await digest(place, "resume")

    assert (await kept_one(place)).begins_at == NOON


async def test_a_digest_that_i_paused_is_resumed_once_i_may_post_there(place: Place) -> None:
    await digest_set(place)
    books = place.local.find_channel("books")
    await place.app.subscriptions.suspend(await kept_one(place), "I may not post there.")
    moderation.deny_permission(place.local.world, books, Permission.SEND_MESSAGES)

    refused = await digest(place, "resume")
    still = await kept_one(place)
    moderation.grant_permission(place.local.world, books, Permission.SEND_MESSAGES)
    await digest(place, "resume")

    assert read(refused) == "I can't post in #books: give me the permission Send Messages there."
    assert still.state is SubscriptionState.SUSPENDED
    assert (await kept_one(place)).state is SubscriptionState.ACTIVE


async def test_a_digest_whose_channel_was_deleted_is_set_anew_by_its_name(place: Place) -> None:
    await digest_set(place, topics="flood")
    await place.app.subscriptions.suspend(await kept_one(place), "The channel is gone.")
    moderation.delete_channel(place.local.world, place.local.find_channel("books"))
    place.clock.pass_by(days=1)

    resumed = await digest(place, "resume")
    told = await digest_set(place, "announcements", name="books")

    held = await kept_one(place)
    assert read(resumed) == "I can't post there: the channel was deleted."
    assert "Posted in #announcements" in read(told)
    assert (held.state, held.suspension_reason, held.begins_at) == (
        SubscriptionState.ACTIVE,
        None,
        place.clock.now,
    )
    assert held.topics


async def test_a_digest_that_is_off_is_gone(place: Place) -> None:
    await digest_set(place)

    told = await digest(place, "off")
    again = await digest(place, "off")

    assert read(told) == "The digest “books” is off, and its history is deleted."
    assert read(again).startswith("There is no digest here yet")
    assert not await kept(place)


async def test_of_several_digests_the_one_that_is_named_is_meant(place: Place) -> None:
    await digest_set(place)
    await digest_set(place, "announcements")

    unnamed = await digest(place, "pause")
    strange = await digest(place, "pause", digest="noon")
    await digest(place, "pause", digest="Announcements")

    assert read(unnamed) == "Several digests are posted here: choose “books” or “announcements”."
    assert read(strange) == "No digest is called 'noon': choose “books” or “announcements”."
    assert [each.state for each in await kept(place)] == [
        SubscriptionState.ACTIVE,
        SubscriptionState.PAUSED,
    ]


async def test_digests_are_offered_by_name(place: Place) -> None:
    await digest_set(place)
    await digest_set(place, "announcements")

    assert await offered(place, "pause", "digest", "") == ["books", "announcements"]
    assert await offered(place, "set", "name", "ANN") == ["announcements"]


async def test_zones_and_sources_are_offered(place: Place) -> None:
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop

    zones = await offered(place, "set", "timezone", "berl")
    one = await offered(place, "set", "sources", "cour")
    second = await offered(place, "set", "sources", "The Courier, cour")

    assert zones == ["Europe/Berlin"]
    assert (one, second) == (["The Courier"], ["The Courier, The Courier"])


async def test_no_source_is_offered_that_would_make_a_choice_too_long(place: Place) -> None:
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop

    fits = await offered(place, "set", "sources", f"{'x' * 87}, cour")
    too_long = await offered(place, "set", "sources", f"{'x' * 88}, cour")

    assert [len(each) for each in fits] == [100]
    assert too_long == []


@pytest.mark.parametrize("what", MANAGED)
async def test_only_managers_change_anything(place: Place, what: str) -> None:
    await digest_set(place, topics="flood")
    before = await kept(place)

    told = await digest(place, what, by=place.anna, **MANAGED[what])

    assert read(told) == NOT_A_MANAGER[0].text
    assert await kept(place) == before


async def test_what_is_done_with_digests_counts_as_questions_do(place: Place) -> None:
    for _ in range(place.app.settings.discord.questions_per_minute):
        await digest_set(place)

    told = await digest(place, "off")

    assert "ask again in" in read(told)
    assert await kept(place)


async def test_only_managers_set_a_digest(place: Place) -> None:
    acted = await place.anna.run_command(
        "digest set", channel=place.general, channel_=place.general, time="08:30"
    )

    assert read(await place.anna.wait_for_answer(acted)) == NOT_A_MANAGER[0].text
    assert not await kept(place)


async def test_a_digest_that_was_ended_meanwhile_is_told_as_none(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    await digest_set(place)
    held = await kept(place)
    await digest(place, "off")

    async def before(_guild: str) -> list[Subscription]:
        return held

    monkeypatch.setattr(place.app.subscriptions, "find_by_guild", before)
    told = await digest(place, "pause")

    assert read(told).startswith("There is no digest here yet")


async def test_a_role_that_was_deleted_is_told_as_such(place: Place) -> None:
    await digest_set(place, mention_role=role_of(place, "Moderators"))
    held = await kept_one(place)
    await place.app.subscriptions.change(held.id, lambda each: replace(each, mention_role="5"))

    told = await digest(place, "pause")

    assert "It mentions a role that was deleted" in read(told)
