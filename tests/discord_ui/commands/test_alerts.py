import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.errors import PreviewExpired, TooManyAlerts, UnknownAlert
from bot.local_discord.world import administration
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Message
from bot.local_discord.world.world import World
from bot.model.activity import ActivityState
from bot.model.alert import Alert, AlertKey, QuietHours
from bot.model.article import Article
from bot.presentation.alert_pages import (
    ALERT_GONE,
    BOT_NOT_IN_GUILD,
    CHANNEL_ALERTS_NEED_MANAGER,
    MISSING_PERMISSIONS,
    NO_ALERTS,
    NOT_ALERT_MANAGER,
    STORED_DATA_NOTICE,
)
from bot.presentation.errors import describe_error
from bot.presentation.settings_pages import DELETED_CHANNEL
from bot.services.alerts import DRAFT_LIFETIME, AlertDraft, AlertOwner
from tests.builders import an_article
from tests.discord_ui.conftest import RunningBot
from tests.scenario.starting import read

ADD = "Add this alert"
PAUSE = "Pause this alert"
RESUME_HINT = "After fixing this, run /alerts resume."
NEW = an_article(
    "Rain fell on Fulda.\n\nSince Monday the river rose by three metres.\n\nThen it was dry.",
    id="fulda",
    title="Flood in Fulda",
)


async def run_alerts_command(
    bot: RunningBot, what: str, *, by: str = "mod", channel: Channel | None = None, **options: Any
) -> Message:
    """Return the answer to a subcommand of /alerts."""
    person = bot.local.find_person(by)
    action = await person.run_command(f"alerts {what}", channel=channel or bot.general, **options)
    return await person.wait_for_answer(action)


async def add_alert(
    bot: RunningBot,
    where: str = "me",
    *,
    by: str = "mod",
    channel: Channel | None = None,
    query: str = "river metres",
    **options: Any,
) -> Message:
    """Preview an alert, press the button that adds it, and return the answer."""
    shown = await run_alerts_command(
        bot, "add", by=by, channel=channel, query=query, where=where, **options
    )
    return await bot.press(shown, ADD, by=bot.local.find_person(by))


async def wait_for_posts(
    bot: RunningBot, channel: Channel, *articles: Article, count: int = 1
) -> list[Message]:
    """Add the articles, wait for `count` posts of the bot in the channel, and return its posts."""
    bot.clock.advance(minutes=1)
    await bot.app.articles.put(articles, bot.clock.now)
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop
    await bot.client.wait_until_ready()
    await bot.client._deliver_alerts()  # noqa: SLF001
    await bot.local.wait_for(lambda: len(list_posts(bot, channel)) >= count)
    return list_posts(bot, channel)


def list_posts(bot: RunningBot, channel: Channel) -> list[Message]:
    bot_id = bot.local.world.bot.id
    return [
        message
        for message in bot.local.get_messages(channel)
        if message.author_id == bot_id and not message.interaction_metadata
    ]


async def load_alerts(bot: RunningBot, by: str = "mod", *, guild: bool = False) -> Sequence[Alert]:
    person = bot.context.get_pseudonym(bot.local.find_person(by).id)
    owner = AlertOwner(person=person, guild=str(bot.general.guild_id) if guild else None)
    return await bot.app.services.alerts.list(owner)


async def test_a_preview_shows_how_often_the_alert_would_have_fired_and_adds_nothing(
    bot: RunningBot,
) -> None:
    shown = await run_alerts_command(bot, "add", query="river metres", where="me")

    assert read(shown).splitlines() == [
        "Alert preview (not added yet)",
        "“river metres”",
        "In the last 30 days 4 articles from 1 day matched. That means at most 4 messages.",
        "It notifies you in direct messages, at most once an hour.",
        STORED_DATA_NOTICE.text,
    ]
    assert [button.label for button in shown.buttons] == [ADD]
    assert shown.is_ephemeral
    assert await load_alerts(bot) == ()


async def test_a_preview_names_words_that_no_article_holds(bot: RunningBot) -> None:
    shown = await run_alerts_command(bot, "add", query="zeppelin river", where="this channel")

    assert read(shown).splitlines()[2:5] == [
        "No article contains “zeppelin” so far.",
        "In the last 30 days no article matched, so the alert would not have fired.",
        "It posts in this channel, at most once an hour.",
    ]


async def test_a_person_s_own_alert_says_what_is_kept_for_it(bot: RunningBot) -> None:
    answer = await add_alert(bot, by="anna")

    assert read(answer).splitlines() == [
        "Alert added. I will notify you in direct messages about new articles that match “river metres”.",
        STORED_DATA_NOTICE.text,
    ]
    (alert,) = await load_alerts(bot, "anna")
    assert alert == Alert(
        key=alert.key,
        guild=None,
        person=bot.context.get_pseudonym(bot.anna.id),
        channel=str(bot.anna.direct_channel.id),
        query_text="river metres",
        quiet_hours=None,
        begins_at=bot.clock.now,
    )


async def test_an_alert_of_a_channel_is_the_server_s(bot: RunningBot) -> None:
    answer = await add_alert(bot, "this channel", quiet_from="22:00", quiet_to="7:30")

    assert (
        read(answer)
        == "Alert added. I will post in this channel about new articles that match “river metres”."
    )
    (alert,) = await load_alerts(bot, guild=True)
    assert (alert.guild, alert.person) == (str(bot.general.guild_id), None)
    assert alert.channel == str(bot.general.id)
    assert alert.quiet_hours == QuietHours(start=time(22), end=time(7, 30), zone="UTC")


async def test_quiet_hours_are_those_of_the_server_s_zone_unless_another_is_given(
    bot: RunningBot,
) -> None:
    hours: dict[str, Any] = {"quiet_from": "22:00", "quiet_to": "07:00"}
    mod = bot.local.find_person("mod")
    await mod.wait_for_answer(
        await mod.run_command("settings zone", channel=bot.general, zone="Kolkata")
    )

    of_server = await run_alerts_command(bot, "add", query="river", where="this channel", **hours)
    of_one = await run_alerts_command(
        bot, "add", query="river", where="me", zone="são paulo", **hours
    )

    assert "It is quiet from 22:00 to 07:00 (Asia/Kolkata). Articles that match" in read(of_server)
    assert "It is quiet from 22:00 to 07:00 (America/Sao_Paulo). Articles that match" in read(
        of_one
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"quiet_from": "22:00"}, "Quiet hours need a start and an end"),
        ({"zone": "Europe/Berlin"}, "Quiet hours need a start and an end"),
        ({"quiet_from": "8:00", "quiet_to": "8:00"}, "start and end at the same time (08:00)"),
        ({"quiet_from": "late", "quiet_to": "8:00"}, "“late” is not a time of day"),
        ({"zone": "Berln"}, "Unknown or ambiguous time zone “Berln”. Did you mean Europe/Berlin"),
        ({"query": "-ferry"}, "There is nothing to search for"),
    ],
)
async def test_unusable_alerts_are_refused_with_a_reason(
    bot: RunningBot, options: dict[str, Any], said: str
) -> None:
    answer = await run_alerts_command(bot, "add", **{"query": "river", "where": "me", **options})

    assert said in read(answer)
    assert answer.buttons == ()


async def test_only_managers_add_alerts_for_a_channel(bot: RunningBot) -> None:
    refusal = await run_alerts_command(bot, "add", by="anna", query="river", where="this channel")
    direct = await run_alerts_command(
        bot,
        "add",
        by="anna",
        channel=bot.anna.direct_channel,
        query="river",
        where="this channel",
    )

    assert read(refusal) == CHANNEL_ALERTS_NEED_MANAGER[0].text
    assert read(direct).splitlines() == [line.text for line in BOT_NOT_IN_GUILD]


@pytest.mark.parametrize("name", ["read-only", "no-history"])
async def test_no_alert_is_added_for_a_channel_that_the_bot_can_not_post_in(
    bot: RunningBot, name: str
) -> None:
    refusal = await run_alerts_command(
        bot, "add", channel=bot.local.find_channel(name), query="river", where="this channel"
    )

    assert read(refusal) == MISSING_PERMISSIONS[0].text


async def test_a_thread_needs_its_own_permission(bot: RunningBot) -> None:
    thread = bot.local.find_channel("a-thread")

    fine = await run_alerts_command(bot, "add", channel=thread, query="river", where="this channel")
    administration.deny_permission(
        bot.local.world, bot.local.find_channel("books"), Permission.SEND_MESSAGES_IN_THREADS
    )
    refusal = await run_alerts_command(
        bot, "add", channel=thread, query="river", where="this channel"
    )

    assert [button.label for button in fine.buttons] == [ADD]
    assert read(refusal) == MISSING_PERMISSIONS[0].text


async def test_alerts_are_answered_also_where_questions_are_not(bot: RunningBot) -> None:
    mod = bot.local.find_person("mod")
    books = bot.local.find_channel("books")
    await mod.wait_for_answer(
        await mod.run_command("settings channels add", channel=bot.general, channel_=books)
    )

    assert read(await run_alerts_command(bot, "list")) == NO_ALERTS.text


async def test_a_preview_is_confirmed_once(bot: RunningBot) -> None:
    shown = await run_alerts_command(bot, "add", by="anna", query="river", where="me")

    first, *others = await asyncio.gather(*(bot.press(shown, ADD) for _ in range(3)))
    later = await bot.press(shown, ADD)

    assert min(map(read, (first, *others, later))).startswith("Alert added")
    assert [read(message) for message in (first, *others, later)].count(
        describe_error(PreviewExpired())
    ) == 3
    assert len(await load_alerts(bot, "anna")) == 1


async def test_a_preview_is_confirmed_by_its_own_person(bot: RunningBot) -> None:
    of_bo = AlertDraft(
        owner=build_owner(bot, bot.bo), channel=None, query_text="river", quiet_hours=None
    )
    shown = await run_alerts_command(bot, "add", by="anna", query="river", where="me")
    drafts = bot.context.drafts._drafts  # noqa: SLF001 - nobody else can press the button
    ((key, (_, put_at)),) = drafts.items()

    drafts[key] = (of_bo, put_at)
    foreign = await bot.press(shown, ADD)

    assert read(foreign) == describe_error(PreviewExpired())
    assert await load_alerts(bot, "anna") == await load_alerts(bot, "bo") == ()


def build_owner(bot: RunningBot, person: Person) -> AlertOwner:
    return AlertOwner(person=bot.context.get_pseudonym(person.id))


async def test_a_preview_can_be_confirmed_for_a_while(bot: RunningBot) -> None:
    shown = await run_alerts_command(bot, "add", by="anna", query="river", where="me")
    bot.clock.advance(seconds=DRAFT_LIFETIME.total_seconds())

    late = await bot.press(shown, ADD)

    assert read(late) == describe_error(PreviewExpired())
    assert await load_alerts(bot, "anna") == ()


async def test_the_input_of_a_preview_is_deleted_after_a_while(bot: RunningBot) -> None:
    await run_alerts_command(bot, "add", by="anna", query="river", where="me")
    bot.clock.advance(seconds=DRAFT_LIFETIME.total_seconds())

    await bot.client._purge()  # noqa: SLF001 - one round of the loop

    assert bot.context.drafts._drafts == {}  # noqa: SLF001 - the expiry shows nowhere else


async def test_the_previews_of_a_person_are_deleted_with_all_else(bot: RunningBot) -> None:
    shown = await run_alerts_command(bot, "add", by="anna", query="river", where="me")
    await bot.anna.wait_for_answer(
        await bot.anna.run_command("privacy delete", channel=bot.general)
    )

    late = await bot.press(shown, ADD)

    assert read(late) == describe_error(PreviewExpired())
    assert await load_alerts(bot, "anna") == ()


async def test_a_preview_can_be_confirmed_again_after_the_database_failed(
    bot: RunningBot,
) -> None:
    shown = await run_alerts_command(bot, "add", by="anna", query="river", where="me")

    await execute_sql(
        bot, "CREATE TRIGGER f BEFORE INSERT ON alerts BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    failed = await bot.press(shown, ADD)
    await execute_sql(bot, "DROP TRIGGER f")
    again = await bot.press(shown, ADD)

    assert "I can't read the library right now" in read(failed)
    assert "Alert added" in read(again)
    assert len(await load_alerts(bot, "anna")) == 1


async def execute_sql(bot: RunningBot, sql: str) -> None:
    async with bot.app.alerts._database.transaction() as transaction:  # noqa: SLF001 - a fault
        await transaction.execute(sql)


async def test_one_who_may_manage_the_server_no_longer_adds_no_alert_for_it(
    bot: RunningBot,
) -> None:
    before = bot.local.find_guild()
    roles = before.members[bot.local.find_person("mod").id]
    managed = replace(before, members={**before.members, bot.anna.id: roles})
    bot.local.world.guilds[before.id] = managed
    shown = await run_alerts_command(bot, "add", by="anna", query="river", where="this channel")

    bot.local.world.guilds[before.id] = before
    refusal = await bot.press(shown, ADD)

    assert read(refusal) == CHANNEL_ALERTS_NEED_MANAGER[0].text
    assert await load_alerts(bot, guild=True) == ()


async def test_no_alert_is_added_if_the_bot_lost_its_permission_since_the_preview(
    bot: RunningBot,
) -> None:
    mod = bot.local.find_person("mod")
    shown = await run_alerts_command(bot, "add", query="river", where="this channel")
    administration.deny_permission(bot.local.world, bot.general, Permission.SEND_MESSAGES)

    refusal = await bot.press(shown, ADD, by=mod)
    before = await load_alerts(bot, guild=True)
    administration.grant_permission(bot.local.world, bot.general, Permission.SEND_MESSAGES)
    again = await bot.press(shown, ADD, by=mod)

    assert read(refusal) == MISSING_PERMISSIONS[0].text
    assert before == ()
    assert "Alert added" in read(again)


async def test_a_person_is_notified_once_by_direct_message_with_a_dated_quote(
    bot: RunningBot,
) -> None:
    await add_alert(bot, by="anna")

    (message,) = await wait_for_posts(bot, bot.anna.direct_channel, NEW)
    await wait_for_posts(bot, bot.anna.direct_channel)

    assert read(message).splitlines()[:2] == ["1 new article for your alert", "“river metres”"]
    assert "Since Monday the river rose by three metres." in read(message)
    assert read(message).splitlines()[-2:] == [
        "Flood in Fulda · The Courier",
        f"2 March 2026 · paragraph 2 · receipt {extract_receipt(message)}",
    ]
    assert [button.label for button in message.buttons] == ["In context", "Whole article", PAUSE]
    assert len(list_posts(bot, bot.anna.direct_channel)) == 1


def extract_receipt(message: Message) -> str:
    return read(message).partition("receipt ")[2].split()[0]


@pytest.mark.parametrize("count", [0, 2], ids=["the first message", "after others"])
async def test_a_message_is_looked_for_after_the_last_one_of_the_direct_messages(
    bot: RunningBot, count: int
) -> None:
    await add_alert(bot, by="anna")
    for _ in range(count):
        await bot.anna.wait_for_reply(bot.anna.send_direct_message("river"))
    last = [message.id for message in bot.local.get_messages(bot.anna.direct_channel)][-1:]

    await wait_for_posts(bot, bot.anna.direct_channel, NEW, count=count + 1)
    rows = await bot.app.alerts._database.fetch("SELECT after_message FROM alert_messages")  # noqa: SLF001

    assert rows == [(str(last[0]) if last else None,)]


async def test_an_alert_of_the_server_is_posted_in_its_channel(bot: RunningBot) -> None:
    await add_alert(bot, "this channel", query="river @everyone")

    (message,) = await wait_for_posts(bot, bot.general, NEW)

    head = "1 new article for this channel's alert\n“river @everyone”\n"
    assert read(message).startswith(head)
    assert not message.pings.includes_everyone


async def test_later_matches_are_posted_together_after_an_hour(bot: RunningBot) -> None:
    await add_alert(bot, "this channel")
    await wait_for_posts(bot, bot.general, NEW)

    later = [replace(NEW, id=f"n{number}", title=f"News {number}") for number in range(7)]  # type: ignore[arg-type]
    await wait_for_posts(bot, bot.general, *later)
    await asyncio.sleep(1.5)
    before = len(list_posts(bot, bot.general))
    bot.clock.advance(hours=1)
    _, second = await wait_for_posts(bot, bot.general, count=2)

    assert before == 1
    assert read(second).startswith("7 new articles for this channel's alert\n")
    assert read(second).count("receipt") == 5
    further = await bot.press(second, "More")
    assert read(further).count("receipt") == 2


async def test_the_buttons_of_an_alert_show_more_of_the_article(bot: RunningBot) -> None:
    await add_alert(bot, by="anna")
    (message,) = await wait_for_posts(bot, bot.anna.direct_channel, NEW)

    context = await bot.press(message, "In context")
    whole = await bot.press(message, "Whole article")

    assert "Rain fell on Fulda." in read(context)
    assert "Flood in Fulda" in read(whole)


async def test_the_button_below_pauses_for_who_may_manage_the_alert(bot: RunningBot) -> None:
    await add_alert(bot, "this channel")
    (message,) = await wait_for_posts(bot, bot.general, NEW)

    refusal = await bot.press(message, PAUSE)
    before = (await load_alerts(bot, guild=True))[0].state
    paused = await bot.press(message, PAUSE, by=bot.local.find_person("mod"))
    after = (await load_alerts(bot, guild=True))[0]
    await bot.app.alerts.remove(after.key)
    gone = await bot.press(message, PAUSE, by=bot.local.find_person("mod"))

    assert read(refusal) == NOT_ALERT_MANAGER[0].text
    assert (before, after.state) == (ActivityState.ACTIVE, ActivityState.PAUSED)
    assert read(paused) == "Paused: “river metres”."
    assert read(gone) == ALERT_GONE[0].text


async def test_an_alert_is_paused_resumed_and_removed_by_what_is_offered(bot: RunningBot) -> None:
    await add_alert(bot, by="anna")
    states, said = [], []
    for what in ("pause", "resume", "remove"):
        (choice,) = await bot.anna.autocomplete(
            f"alerts {what}", "alert", "RIVER", channel=bot.general
        )
        answer = await run_alerts_command(bot, what, by="anna", alert=choice["value"])
        states.append([alert.state for alert in await load_alerts(bot, "anna")])
        said.append(read(answer))

    assert states == [[ActivityState.PAUSED], [ActivityState.ACTIVE], []]
    assert said == [f"{done}: “river metres”." for done in ("Paused", "Resumed", "Removed")]


async def test_nobody_reaches_the_alerts_of_others(bot: RunningBot) -> None:
    await add_alert(bot)
    await add_alert(bot, "this channel")
    own, of_server = *await load_alerts(bot), *await load_alerts(bot, guild=True)

    answers = [
        await run_alerts_command(bot, "remove", by="anna", alert=key)
        for key in (own.key, of_server.key, "none")
    ]
    choices = await bot.anna.autocomplete("alerts remove", "alert", "", channel=bot.general)

    assert {read(answer) for answer in answers} == {describe_error(UnknownAlert())}
    assert choices == ()
    assert read(await run_alerts_command(bot, "list", by="anna")) == NO_ALERTS.text


async def test_the_list_shows_the_place_and_the_times_of_both_kinds(bot: RunningBot) -> None:
    await add_alert(bot, quiet_from="22:00", quiet_to="07:00", zone="Berlin")
    await add_alert(bot, "this channel", query="flood")
    await add_alert(bot, "this channel", channel=bot.local.find_channel("books"), query="storm")
    of_server = await load_alerts(bot, guild=True)
    await bot.app.alerts.pause(of_server[0].key)
    await bot.app.alerts.suspend(of_server[1], "The channel no longer exists.")
    administration.delete_channel(bot.local.world, bot.local.find_channel("books"))

    listed = await run_alerts_command(bot, "list")

    assert read(listed).splitlines() == [
        "Your alerts",
        "“river metres”",
        "quiet from 22:00 to 07:00 (Europe/Berlin) · on",
        "This server's alerts",
        "“flood”",
        "#general · paused",
        "“storm”",
        f"{DELETED_CHANNEL} · paused by the bot. The channel no longer exists. {RESUME_HINT}",
    ]


async def test_as_many_alerts_as_there_may_be_fit_into_their_list_and_no_more_are_added(
    bot: RunningBot,
) -> None:
    mod = bot.local.find_person("mod")
    owners = (
        AlertOwner(person=bot.context.get_pseudonym(mod.id)),
        AlertOwner(person=bot.context.get_pseudonym(mod.id), guild=str(bot.general.guild_id)),
    )
    shown = await run_alerts_command(bot, "add", query="river", where="me")
    of_server = await run_alerts_command(bot, "add", query="river", where="this channel")
    for owner in owners:
        for number in range(owner.max_alerts):
            alert = Alert(
                key=AlertKey(f"{owner.max_alerts}-{number}"),
                guild=owner.guild,
                person=None if owner.guild else owner.person,
                channel=str(bot.general.id),
                query_text=f"{number} " + "*flood* " * 35,
                quiet_hours=QuietHours(start=time(22), end=time(7), zone="Europe/Berlin"),
                begins_at=bot.clock.now,
            )
            assert await bot.app.alerts.add(alert, limit=owner.max_alerts)

    late = await bot.press(shown, ADD, by=mod)
    late_of_server = await bot.press(of_server, ADD, by=mod)
    early = await run_alerts_command(bot, "add", query="river", where="me")
    listed = await run_alerts_command(bot, "list")
    choices = await mod.autocomplete("alerts remove", "alert", "", channel=bot.general)

    assert read(late) == read(early) == describe_error(TooManyAlerts(10, is_guild=False))
    assert read(late_of_server) == describe_error(TooManyAlerts(25, is_guild=True))
    assert read(listed).count(" · on\n") == 34
    assert len(choices) == 25


async def test_a_button_pressed_while_another_press_pauses_the_alert_says_so_too(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_alert(bot, "this channel")
    (message,) = await wait_for_posts(bot, bot.general, NEW)
    told_by = bot.app.alerts.find_by_message

    async def paused_after(key: str) -> Alert | None:
        alert = await told_by(key)
        assert alert
        await bot.app.alerts.pause(alert.key)
        return alert

    monkeypatch.setattr(bot.app.alerts, "find_by_message", paused_after)
    answer = await bot.press(message, PAUSE, by=bot.local.find_person("mod"))

    assert read(answer) == "Paused: “river metres”."


async def test_a_list_with_much_to_say_of_each_alert_names_them_all_the_same(
    bot: RunningBot,
) -> None:
    for number in range(25):
        alert = Alert(
            key=AlertKey(f"alert-{number}"),
            guild=str(bot.general.guild_id),
            person=None,
            channel=str(bot.general.id),
            query_text=f"{number} " + "*flood* " * 35,
            quiet_hours=QuietHours(
                start=time(22), end=time(7), zone="America/Argentina/ComodRivadavia"
            ),
            begins_at=bot.clock.now,
            state=ActivityState.SUSPENDED if number else ActivityState.ACTIVE,
            suspension_reason="Direct messages from me are blocked." if number else None,
        )
        assert await bot.app.alerts.add(alert, limit=25)

    listed = read(await run_alerts_command(bot, "list")).splitlines()

    assert listed[2] == "#general · on"
    assert listed[4::2] == ["#general · paused by the bot"] * 24
    assert listed[-2].startswith("“24 *flood*")


async def test_alerts_count_as_questions_do(bot: RunningBot) -> None:
    for _ in range(bot.app.settings.discord.questions_per_minute):
        await run_alerts_command(bot, "list", by="anna")

    refusal = [
        await run_alerts_command(bot, "list", by="anna"),
        await run_alerts_command(bot, "add", by="anna", query="river", where="me"),
        await run_alerts_command(bot, "pause", by="anna", alert="x"),
    ]

    assert all("Try again in" in read(answer) for answer in refusal)


async def test_closed_direct_messages_pause_an_alert_and_the_list_says_so(
    bot: RunningBot,
) -> None:
    await add_alert(bot, by="anna")
    administration.close_direct_messages(bot.local.world, bot.anna.user)
    bot.clock.advance(minutes=1)
    await bot.app.articles.put([NEW], bot.clock.now)
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    while (await load_alerts(bot, "anna"))[0].state is ActivityState.ACTIVE:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    listed = await run_alerts_command(bot, "list", by="anna")

    assert "paused by the bot. Direct messages from me are blocked." in read(listed)


async def test_an_alert_is_posted_in_an_archived_thread_and_opens_it(
    bot: RunningBot,
) -> None:
    thread = bot.local.find_channel("a-thread")
    await add_alert(bot, "this channel", channel=thread)
    bot.local.world.update_channel(thread, is_archived=True)

    (message,) = await wait_for_posts(bot, thread, NEW)

    assert read(message).startswith("1 new article for this channel's alert")
    assert not bot.local.find_channel("a-thread").is_archived


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (administration.lock_thread, "The thread is closed."),
        (administration.delete_channel, "The channel no longer exists."),
    ],
    ids=["locked", "deleted"],
)
async def test_an_alert_is_paused_if_nothing_can_be_posted_in_its_thread(
    bot: RunningBot, change: Callable[[World, Channel], object], reason: str
) -> None:
    thread = bot.local.find_channel("a-thread")
    await add_alert(bot, "this channel", channel=thread)
    change(bot.local.world, thread)
    bot.clock.advance(minutes=1)
    await bot.app.articles.put([NEW], bot.clock.now)
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    while (await load_alerts(bot, guild=True))[0].state is ActivityState.ACTIVE:  # noqa: ASYNC110
        await asyncio.sleep(0.05)

    assert (await load_alerts(bot, guild=True))[0].suspension_reason == reason


async def test_one_who_installed_the_app_for_themselves_has_alerts_of_their_own(
    bot: RunningBot,
) -> None:
    administration.install_for_user(bot.local.world, bot.anna.user)
    administration.remove_bot(bot.local.world, bot.local.find_guild())

    refusal = await run_alerts_command(bot, "add", by="anna", query="river", where="this channel")
    answer = await add_alert(bot, by="anna")

    assert read(refusal).startswith(BOT_NOT_IN_GUILD[0].text)
    assert "Alert added" in read(answer)
