from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.discord_ui.commands.digest_common import NOT_A_MANAGER
from bot.local_discord.world import administration
from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.records import Role
from bot.model.activity import ActivityState
from bot.model.subscription import EVERY_DAY, WEEKDAYS, DigestTopic, Subscription, WhenEmpty
from bot.presentation.subscription import PAUSED
from bot.services.digests import MAX_DIGESTS
from tests.builders import NOON
from tests.discord_ui.conftest import RunningBot
from tests.discord_ui.digests import (
    list_choices,
    load_subscription,
    load_subscriptions,
    run_digest_command,
    set_digest,
)
from tests.scenario.starting import read

MANAGED: dict[str, dict[str, Any]] = {
    "topics add": {"terms": "flood"},
    "topics remove": {"topic": "flood"},
    "pause": {},
    "resume": {},
    "off": {},
    "now": {},
}


def find_role(bot: RunningBot, name: str) -> Role:
    return next(role for role in bot.local.find_guild().roles if role.name == name)


async def test_a_digest_is_set_with_a_channel_and_a_time_and_shows_its_next_times(
    bot: RunningBot,
) -> None:
    answer = await set_digest(bot)

    assert read(answer).splitlines() == [
        "Digest “books”",
        "Posted in #books, every day at 08:30, UTC.",
        "Covers all new articles.",
        "Sources: all. Stories: at most 5.",
        "Mentions nobody. Days without new articles are skipped.",
        "Next posts, also in your time zone:",
        "Wednesday, 4 March 2026, 08:30 · <t:1772613000:F>",
        "Thursday, 5 March 2026, 08:30 · <t:1772699400:F>",
        "Friday, 6 March 2026, 08:30 · <t:1772785800:F>",
    ]
    assert answer.is_ephemeral


async def test_omitted_options_have_their_defaults(bot: RunningBot) -> None:
    await set_digest(bot)

    assert await load_subscription(bot) == Subscription(
        id=1,
        guild=str(bot.general.guild_id),
        channel=str(bot.local.find_channel("books").id),
        name="books",
        time_of_day=time(8, 30),
        zone=ZoneInfo("UTC"),
        days=EVERY_DAY,
        topics=(),
        sources=(),
        max_entries=5,
        when_empty=WhenEmpty.SKIP,
        mention_role=None,
        state=ActivityState.ACTIVE,
        suspension_reason=None,
        begins_at=NOON,
        schedule_changed_at=NOON,
    )


async def test_all_that_can_be_said_is_kept(bot: RunningBot) -> None:
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    answer = await set_digest(
        bot,
        timezone="Auckland",
        days="weekdays",
        topics='AI: OpenAI, "the flood" river',
        sources="the courier",
        max_entries=3,
        when_empty="note",
        mention_role=find_role(bot, "Moderators"),
        name="Morning  news",
    )

    held = await load_subscription(bot)
    assert (held.zone.key, held.days, held.name) == ("Pacific/Auckland", WEEKDAYS, "Morning news")
    assert held.topics == (
        DigestTopic(heading="AI", query_text="OpenAI"),
        DigestTopic(heading="", query_text='"the flood" river'),
    )
    assert (held.sources, held.max_entries, held.when_empty) == (("The Courier",), 3, "note")
    assert held.mention_role == str(find_role(bot, "Moderators").id)
    assert "Mentions @Moderators" in read(answer)


async def test_the_zone_of_the_server_is_that_of_a_new_digest(bot: RunningBot) -> None:
    mod = bot.local.find_person("mod")
    action = await mod.run_command("settings zone", channel=bot.general, zone="Europe/Berlin")
    await mod.wait_for_answer(action)

    await set_digest(bot)

    assert (await load_subscription(bot)).zone.key == "Europe/Berlin"


async def test_an_invisible_name_counts_as_no_name(bot: RunningBot) -> None:
    await set_digest(bot, name="\u200b")

    assert (await load_subscription(bot)).name == "books"


async def test_omitted_options_of_an_existing_digest_stay(bot: RunningBot) -> None:
    await set_digest(
        bot,
        timezone="Auckland",
        days="weekdays",
        topics="flood",
        max_entries=3,
        when_empty="note",
        mention_role=find_role(bot, "Moderators"),
    )
    before = await load_subscription(bot)
    bot.clock.advance(hours=1)

    await set_digest(bot, "announcements", time="9:15", name="BOOKS")

    announcements = str(bot.local.find_channel("announcements").id)
    assert await load_subscription(bot) == replace(
        before, channel=announcements, time_of_day=time(9, 15), schedule_changed_at=bot.clock.now
    )


async def test_options_can_be_reset(bot: RunningBot) -> None:
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop
    await set_digest(
        bot,
        topics="flood",
        sources="The Courier",
        mention_role=find_role(bot, "Moderators"),
    )

    await set_digest(bot, topics="all", sources="all", mention_role=find_role(bot, "@everyone"))

    held = await load_subscription(bot)
    assert (held.topics, held.sources, held.mention_role) == ((), (), None)


async def test_a_server_has_a_digest_for_each_channel_or_name(bot: RunningBot) -> None:
    await set_digest(bot)
    await set_digest(bot, "announcements")
    await set_digest(bot, name="evening", time="18:00")

    assert [subscription.name for subscription in await load_subscriptions(bot)] == [
        "books",
        "announcements",
        "evening",
    ]


async def test_a_digest_is_named_after_its_channel_in_forty_characters_at_most(
    bot: RunningBot,
) -> None:
    world = bot.local.world
    renamed = world.update_channel(bot.local.find_channel("books"), name="b" * 60)
    administration.grant_permission(world, renamed, Permission.VIEW_CHANNEL)

    await set_digest(bot, renamed.name)

    assert (await load_subscription(bot)).name == f"{'b' * 39}…"


async def test_a_server_has_no_more_digests_than_a_list_holds(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.digests.MAX_DIGESTS", 1)
    await set_digest(bot)

    answer = await set_digest(bot, name="another")

    assert read(answer) == "A server can have at most 1 digests. Delete one with /digest off first."
    assert len(await load_subscriptions(bot)) == 1 < MAX_DIGESTS


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"time": "25:00"}, "“25:00” is not a time of day. Enter it as HH:MM"),
        (
            {"timezone": "Berln"},
            "Unknown or ambiguous time zone “Berln”. Did you mean Europe/Berlin",
        ),
        ({"topics": "flood, the"}, "There is nothing to search for in the topic “the”"),
        ({"topics": ",".join("abcdefghijk")}, "A digest can have at most 10 topics"),
        ({"sources": "Courir"}, "Unknown source “Courir”. Did you mean “The Cour"),
    ],
    ids=["time", "zone", "empty topic", "too many topics", "source"],
)
async def test_bad_input_is_refused_in_one_sentence_and_sets_nothing(
    bot: RunningBot, options: dict[str, str], told: str
) -> None:
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    answer = await set_digest(bot, **options)

    assert read(answer).startswith(told)
    assert len(read(answer).splitlines()) == 1
    assert not await load_subscriptions(bot)


@pytest.mark.parametrize(
    ("channel", "lacking"),
    [
        ("staff", "View Channel and Send Messages permissions"),
        ("read-only", "Send Messages permission"),
    ],
)
async def test_a_channel_that_the_bot_can_not_post_in_is_refused_with_the_permission(
    bot: RunningBot, channel: str, lacking: str
) -> None:
    answer = await set_digest(bot, channel)

    assert read(answer) == f"I can't post in #{channel}. Give me the {lacking} there."
    assert not await load_subscriptions(bot)


async def test_a_channel_with_an_unreadable_history_gets_a_warning(
    bot: RunningBot,
) -> None:
    answer = await set_digest(bot, "no-history")

    last = read(answer).splitlines()[-1]
    assert last.startswith("I can't read the message history of #no-history")
    assert (await load_subscription(bot)).state is ActivityState.ACTIVE


async def test_a_role_that_the_bot_may_not_notify_is_refused(bot: RunningBot) -> None:
    books = administration.deny_permission(
        bot.local.world, bot.local.find_channel("books"), Permission.MENTION_EVERYONE
    )

    answer = await set_digest(bot, mention_role=find_role(bot, "Moderators"))
    nobody = await set_digest(bot, mention_role=find_role(bot, "@everyone"))

    assert read(answer).startswith(f"I can't notify @Moderators in #{books.name}. Allow anyone")
    assert "Mentions nobody" in read(nobody)


async def test_a_role_that_the_manager_may_not_notify_is_refused(bot: RunningBot) -> None:
    world, guild = bot.local.world, bot.local.find_guild()
    everyone, *others = guild.roles
    editors = Role(id=world.ids.next(), name="Editors", permissions=Permission.MANAGE_GUILD)
    quiet = replace(everyone, permissions=everyone.permissions & ~Permission.MENTION_EVERYONE)
    world.guilds[guild.id] = replace(
        guild,
        roles=(quiet, *others, editors),
        members={**guild.members, bot.bo.id: (editors.id,)},
    )
    administration.grant_permission(
        world, bot.local.find_channel("books"), Permission.MENTION_EVERYONE
    )
    administration.start_outage(world, guild)  # the bot learns of the roles at its end
    administration.end_outage(world, world.guilds[guild.id])

    answer = await set_digest(bot, mention_role=find_role(bot, "Moderators"), by=bot.bo)
    by_owner = await set_digest(bot, mention_role=find_role(bot, "Moderators"))

    assert read(answer).startswith("You can't notify @Moderators in #books.")
    assert "Mentions @Moderators" in read(by_owner)


async def test_a_role_that_all_may_mention_needs_no_permission(bot: RunningBot) -> None:
    world, moderators = bot.local.world, find_role(bot, "Moderators")
    administration.deny_permission(
        world, bot.local.find_channel("books"), Permission.MENTION_EVERYONE
    )

    answer = await set_digest(bot, mention_role=replace(moderators, is_mentionable=True))

    assert "Mentions @Moderators" in read(answer)


async def test_a_digest_is_set_in_text_channels_only(bot: RunningBot) -> None:
    with pytest.raises(ImpossibleAction, match="does not take this type of channel"):
        await set_digest(bot, "lounge")


async def test_topics_are_added_one_by_one_with_headings(bot: RunningBot) -> None:
    await set_digest(bot)

    await run_digest_command(bot, "topics add", terms="OpenAI  Anthropic", heading="AI")
    answer = await run_digest_command(bot, "topics add", terms="flood")

    assert "Topic: AI: OpenAI Anthropic\nTopic: flood" in read(answer)
    assert len((await load_subscription(bot)).topics) == 2


async def test_a_topic_that_there_is_gets_another_heading(bot: RunningBot) -> None:
    await set_digest(bot, topics="flood")

    await run_digest_command(bot, "topics add", terms="Flood", heading="Water")

    assert (await load_subscription(bot)).topics == (
        DigestTopic(heading="Water", query_text="Flood"),
    )


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ("the", "There is nothing to search for"),
        ("one more", "A digest can have at most 10 topics"),
    ],
)
async def test_a_topic_that_can_not_be_added_is_refused(
    bot: RunningBot, terms: str, told: str
) -> None:
    await set_digest(bot, topics=",".join(f"flood{number}" for number in range(10)))

    answer = await run_digest_command(bot, "topics add", terms=terms)

    assert read(answer).startswith(told)
    assert len((await load_subscription(bot)).topics) == 10


async def test_a_topic_is_removed_by_its_heading_or_its_words(bot: RunningBot) -> None:
    await set_digest(bot, topics="AI: OpenAI, flood, storm")

    await run_digest_command(bot, "topics remove", topic="ai")
    await run_digest_command(bot, "topics remove", topic="Flood")
    answer = await run_digest_command(bot, "topics remove", topic="rain")

    assert (await load_subscription(bot)).topics == (DigestTopic(heading="", query_text="storm"),)
    assert read(answer) == "This digest has no topic “rain”. Choose “storm”."


async def test_topics_are_offered_by_heading_of_the_digest_that_is_meant(bot: RunningBot) -> None:
    await set_digest(bot, topics="AI: OpenAI, flood")
    await set_digest(bot, "announcements", topics="storm")

    of_all = await list_choices(bot, "topics remove", "topic", "")
    of_one = await list_choices(bot, "topics remove", "topic", "S", digest="announcements")

    assert of_all == ["AI", "flood", "storm"]
    assert of_one == ["storm"]


async def test_a_paused_digest_has_no_next_times_and_goes_on_from_when_it_is_resumed(
    bot: RunningBot,
) -> None:
    await set_digest(bot)
    paused = await run_digest_command(bot, "pause")
    bot.clock.advance(days=2)

    resumed = await run_digest_command(bot, "resume")

    held = await load_subscription(bot)
    assert read(paused).endswith(PAUSED)
    assert "Friday, 6 March 2026, 08:30" in read(resumed)
    assert (held.state, held.begins_at) == (ActivityState.ACTIVE, bot.clock.now)


async def test_one_that_was_not_paused_goes_on_as_it_did(bot: RunningBot) -> None:
    await set_digest(bot)
    bot.clock.advance(days=2)

    await run_digest_command(bot, "resume")

    assert (await load_subscription(bot)).begins_at == NOON


async def test_a_digest_that_i_paused_is_resumed_once_i_may_post_there(bot: RunningBot) -> None:
    await set_digest(bot)
    books = bot.local.find_channel("books")
    await bot.app.subscriptions.suspend(await load_subscription(bot), "I can't post there.")
    administration.deny_permission(bot.local.world, books, Permission.SEND_MESSAGES)

    refusal = await run_digest_command(bot, "resume")
    still = await load_subscription(bot)
    administration.grant_permission(bot.local.world, books, Permission.SEND_MESSAGES)
    await run_digest_command(bot, "resume")

    assert read(refusal) == "I can't post in #books. Give me the Send Messages permission there."
    assert still.state is ActivityState.SUSPENDED
    assert (await load_subscription(bot)).state is ActivityState.ACTIVE


async def test_a_digest_of_a_deleted_channel_is_set_again_by_its_name(
    bot: RunningBot,
) -> None:
    await set_digest(bot, topics="flood")
    await bot.app.subscriptions.suspend(
        await load_subscription(bot), "The channel no longer exists."
    )
    administration.delete_channel(bot.local.world, bot.local.find_channel("books"))
    bot.clock.advance(days=1)

    resumed = await run_digest_command(bot, "resume")
    answer = await set_digest(bot, "announcements", name="books")

    held = await load_subscription(bot)
    assert read(resumed) == "I can't post there. The channel was deleted."
    assert "Posted in #announcements" in read(answer)
    assert (held.state, held.suspension_reason, held.begins_at) == (
        ActivityState.ACTIVE,
        None,
        bot.clock.now,
    )
    assert held.topics


async def test_a_digest_that_is_off_is_gone(bot: RunningBot) -> None:
    await set_digest(bot)

    answer = await run_digest_command(bot, "off")
    again = await run_digest_command(bot, "off")

    assert read(answer) == "The digest “books” and its history were deleted."
    assert read(again).startswith("This server has no digest yet")
    assert not await load_subscriptions(bot)


async def test_of_several_digests_the_one_that_is_named_is_meant(bot: RunningBot) -> None:
    await set_digest(bot)
    await set_digest(bot, "announcements")

    unnamed = await run_digest_command(bot, "pause")
    strange = await run_digest_command(bot, "pause", digest="noon")
    await run_digest_command(bot, "pause", digest="Announcements")

    assert read(unnamed) == "There are several digests here. Choose “books” or “announcements”."
    assert read(strange) == "There is no digest called “noon”. Choose “books” or “announcements”."
    assert [subscription.state for subscription in await load_subscriptions(bot)] == [
        ActivityState.ACTIVE,
        ActivityState.PAUSED,
    ]


async def test_digests_are_offered_by_name(bot: RunningBot) -> None:
    await set_digest(bot)
    await set_digest(bot, "announcements")

    assert await list_choices(bot, "pause", "digest", "") == ["books", "announcements"]
    assert await list_choices(bot, "set", "name", "ANN") == ["announcements"]


async def test_zones_and_sources_are_offered(bot: RunningBot) -> None:
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    zones = await list_choices(bot, "set", "timezone", "berl")
    one = await list_choices(bot, "set", "sources", "cour")
    second = await list_choices(bot, "set", "sources", "The Courier, cour")

    assert zones == ["Europe/Berlin"]
    assert (one, second) == (["The Courier"], ["The Courier, The Courier"])


async def test_no_source_is_offered_that_would_make_a_choice_too_long(bot: RunningBot) -> None:
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    fits = await list_choices(bot, "set", "sources", f"{'x' * 87}, cour")
    too_long = await list_choices(bot, "set", "sources", f"{'x' * 88}, cour")

    assert [len(choice) for choice in fits] == [100]
    assert too_long == []


@pytest.mark.parametrize("what", MANAGED)
async def test_only_managers_change_anything(bot: RunningBot, what: str) -> None:
    await set_digest(bot, topics="flood")
    before = await load_subscriptions(bot)

    answer = await run_digest_command(bot, what, by=bot.anna, **MANAGED[what])

    assert read(answer) == NOT_A_MANAGER[0].text
    assert await load_subscriptions(bot) == before


async def test_digest_commands_count_toward_the_rate_limit(bot: RunningBot) -> None:
    for _ in range(bot.app.settings.discord.questions_per_minute):
        await set_digest(bot)

    answer = await run_digest_command(bot, "off")

    assert "Try again in" in read(answer)
    assert await load_subscriptions(bot)


async def test_only_managers_set_a_digest(bot: RunningBot) -> None:
    action = await bot.anna.run_command(
        "digest set", channel=bot.general, channel_=bot.general, time="08:30"
    )

    assert read(await bot.anna.wait_for_answer(action)) == NOT_A_MANAGER[0].text
    assert not await load_subscriptions(bot)


async def test_a_digest_that_was_removed_meanwhile_does_not_exist(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_digest(bot)
    held = await load_subscriptions(bot)
    await run_digest_command(bot, "off")

    async def before(_guild: str) -> list[Subscription]:
        return held

    monkeypatch.setattr(bot.app.subscriptions, "find_by_guild", before)
    answer = await run_digest_command(bot, "pause")

    assert read(answer).startswith("This server has no digest yet")


async def test_a_deleted_role_is_shown_as_deleted(bot: RunningBot) -> None:
    await set_digest(bot, mention_role=find_role(bot, "Moderators"))
    held = await load_subscription(bot)
    await bot.app.subscriptions.change(
        held.id, lambda subscription: replace(subscription, mention_role="5")
    )

    answer = await run_digest_command(bot, "pause")

    assert "Mentions a deleted role" in read(answer)
