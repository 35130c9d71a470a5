import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.errors import PreviewExpired, TooManyAlerts, UnknownAlert
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Message
from bot.local_discord.world.world import World
from bot.model.alert import Alert, AlertKey, QuietHours
from bot.model.article import Article
from bot.model.subscription import SubscriptionState
from bot.presentation.alert_pages import (
    ALERT_GONE,
    BOT_NOT_IN_GUILD,
    CHANNEL_ALERTS_NEED_MANAGER,
    MISSING_PERMISSIONS,
    NO_ALERTS,
    NOT_YOURS,
    STORED_DATA_NOTICE,
)
from bot.presentation.errors import describe_error
from bot.presentation.settings_pages import DELETED_CHANNEL as GONE_CHANNEL
from bot.services.alerts import DRAFT_LIFETIME, AlertDraft, AlertOwner
from tests.builders import an_article
from tests.discord_ui.conftest import Place
from tests.scenario.starting import read

ADD = "Add this alert"
PAUSE = "Pause this alert"
MENDED = "Once that is mended, use /alerts resume."
NEW = an_article(
    "Rain fell on Fulda.\n\nSince Monday the river rose by three metres.\n\nThen it was dry.",
    id="fulda",
    title="Flood in Fulda",
)


async def alerted(
    place: Place, what: str, *, by: str = "mod", channel: Channel | None = None, **options: Any
) -> Message:
    """The answer to /alerts."""
    person = place.local.find_person(by)
    acted = await person.run_command(f"alerts {what}", channel=channel or place.general, **options)
    return await person.wait_for_answer(acted)


async def added(
    place: Place,
    where: str = "me",
    *,
    by: str = "mod",
    channel: Channel | None = None,
    query: str = "river metres",
    **options: Any,
) -> Message:
    """The answer to the button of the preview of an alert."""
    shown = await alerted(place, "add", by=by, channel=channel, query=query, where=where, **options)
    return await place.pressed(shown, ADD, by=place.local.find_person(by))


async def told(place: Place, channel: Channel, *articles: Article, count: int = 1) -> list[Message]:
    """What the bot posted in the channel, once it told of the articles."""
    place.clock.pass_by(minutes=1)
    await place.app.articles.put(articles, place.clock.now)
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop
    await place.client.wait_until_ready()
    await place.client._deliver_alerts()  # noqa: SLF001
    await place.local.wait_for(lambda: len(posted(place, channel)) >= count)
    return posted(place, channel)


def posted(place: Place, channel: Channel) -> list[Message]:
    bot_id = place.local.world.bot.id
    return [
        m
        for m in place.local.get_messages(channel)
        if m.author_id == bot_id and not m.interaction_metadata
    ]


async def kept(place: Place, by: str = "mod", *, guild: bool = False) -> Sequence[Alert]:
    person = place.desk.get_pseudonym(place.local.find_person(by).id)
    owner = AlertOwner(person=person, guild=str(place.general.guild_id) if guild else None)
    return await place.app.services.alerts.list(owner)


async def test_a_preview_tells_how_often_the_alert_would_have_told_and_adds_nothing(
    place: Place,
) -> None:
    shown = await alerted(place, "add", query="river metres", where="me")

    assert read(shown).splitlines() == [
        "An alert, not yet added",
        "“river metres”",
        "In the last 30 days 4 articles matched, of 1 day: 4 messages at most.",
        "It tells you in direct messages, one message an hour at most.",
        STORED_DATA_NOTICE.text,
    ]
    assert [button.label for button in shown.buttons] == [ADD]
    assert shown.is_ephemeral
    assert await kept(place) == ()


async def test_a_preview_names_words_that_no_article_holds(place: Place) -> None:
    shown = await alerted(place, "add", query="zeppelin river", where="this channel")

    assert read(shown).splitlines()[2:5] == [
        "No article holds “zeppelin” up to now.",
        "In the last 30 days no article matched: it would not have told anything.",
        "It tells all in this channel, one message an hour at most.",
    ]


async def test_a_person_s_own_alert_says_what_is_kept_for_it(place: Place) -> None:
    said = await added(place, by="anna")

    assert read(said).splitlines() == [
        "Added: I tell you in direct messages of new articles that match “river metres”.",
        STORED_DATA_NOTICE.text,
    ]
    (alert,) = await kept(place, "anna")
    assert alert == Alert(
        key=alert.key,
        guild=None,
        person=place.desk.get_pseudonym(place.anna.id),
        channel=str(place.anna.direct_channel.id),
        query_text="river metres",
        quiet_hours=None,
        begins_at=place.clock.now,
    )


async def test_an_alert_of_a_channel_is_the_server_s(place: Place) -> None:
    said = await added(place, "this channel", quiet_from="22:00", quiet_to="7:30")

    assert read(said) == "Added: I tell this channel of new articles that match “river metres”."
    (alert,) = await kept(place, guild=True)
    assert (alert.guild, alert.person) == (str(place.general.guild_id), None)
    assert alert.channel == str(place.general.id)
    assert alert.quiet_hours == QuietHours(start=time(22), end=time(7, 30), zone="UTC")


async def test_quiet_hours_are_those_of_the_server_s_zone_unless_another_is_given(
    place: Place,
) -> None:
    hours: dict[str, Any] = {"quiet_from": "22:00", "quiet_to": "07:00"}
    mod = place.local.find_person("mod")
    await mod.wait_for_answer(
        await mod.run_command("settings zone", channel=place.general, zone="Kolkata")
    )

    of_server = await alerted(place, "add", query="river", where="this channel", **hours)
    of_one = await alerted(place, "add", query="river", where="me", zone="são paulo", **hours)

    assert "It is quiet from 22:00 to 07:00 (Asia/Kolkata): what matches" in read(of_server)
    assert "It is quiet from 22:00 to 07:00 (America/Sao_Paulo): what matches" in read(of_one)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"quiet_from": "22:00"}, "Quiet hours begin and end"),
        ({"zone": "Europe/Berlin"}, "Quiet hours begin and end"),
        ({"quiet_from": "8:00", "quiet_to": "8:00"}, "Quiet hours from 08:00 to 08:00"),
        ({"quiet_from": "late", "quiet_to": "8:00"}, "'late' is no time of day"),
        ({"zone": "Berln"}, "I know no single time zone “Berln”. Did you mean Europe/Berlin"),
        ({"query": "-ferry"}, "There is nothing to search for"),
    ],
)
async def test_what_can_not_be_an_alert_is_told(
    place: Place, options: dict[str, Any], said: str
) -> None:
    answer = await alerted(place, "add", **{"query": "river", "where": "me", **options})

    assert said in read(answer)
    assert answer.buttons == ()


async def test_only_managers_add_alerts_for_a_channel(place: Place) -> None:
    refused = await alerted(place, "add", by="anna", query="river", where="this channel")
    direct = await alerted(
        place,
        "add",
        by="anna",
        channel=place.anna.direct_channel,
        query="river",
        where="this channel",
    )

    assert read(refused) == CHANNEL_ALERTS_NEED_MANAGER[0].text
    assert read(direct).splitlines() == [line.text for line in BOT_NOT_IN_GUILD]


@pytest.mark.parametrize("name", ["read-only", "no-history"])
async def test_no_alert_is_added_for_a_channel_in_which_it_could_not_be_told_once(
    place: Place, name: str
) -> None:
    refused = await alerted(
        place, "add", channel=place.local.find_channel(name), query="river", where="this channel"
    )

    assert read(refused) == MISSING_PERMISSIONS[0].text


async def test_a_thread_needs_its_own_permission(place: Place) -> None:
    thread = place.local.find_channel("a-thread")

    fine = await alerted(place, "add", channel=thread, query="river", where="this channel")
    moderation.deny_permission(
        place.local.world, place.local.find_channel("books"), Permission.SEND_MESSAGES_IN_THREADS
    )
    refused = await alerted(place, "add", channel=thread, query="river", where="this channel")

    assert [button.label for button in fine.buttons] == [ADD]
    assert read(refused) == MISSING_PERMISSIONS[0].text


async def test_alerts_are_answered_also_where_questions_are_not(place: Place) -> None:
    mod = place.local.find_person("mod")
    books = place.local.find_channel("books")
    await mod.wait_for_answer(
        await mod.run_command("settings channels add", channel=place.general, channel_=books)
    )

    assert read(await alerted(place, "list")) == NO_ALERTS.text


async def test_a_preview_is_confirmed_once(place: Place) -> None:
    shown = await alerted(place, "add", by="anna", query="river", where="me")

    first, *others = await asyncio.gather(*(place.pressed(shown, ADD) for _ in range(3)))
    later = await place.pressed(shown, ADD)

    assert min(map(read, (first, *others, later))).startswith("Added")
    assert [read(each) for each in (first, *others, later)].count(
        describe_error(PreviewExpired())
    ) == 3
    assert len(await kept(place, "anna")) == 1


async def test_a_preview_is_confirmed_by_its_own_person(place: Place) -> None:
    of_bo = AlertDraft(
        owner=_own(place, place.bo), channel=None, query_text="river", quiet_hours=None
    )
    shown = await alerted(place, "add", by="anna", query="river", where="me")
    drafts = place.desk.drafts._waiting  # noqa: SLF001 - nobody else can press the button
    ((key, (_, put_at)),) = drafts.items()

    drafts[key] = (of_bo, put_at)
    foreign = await place.pressed(shown, ADD)

    assert read(foreign) == describe_error(PreviewExpired())
    assert await kept(place, "anna") == await kept(place, "bo") == ()


def _own(place: Place, person: Person) -> AlertOwner:
    return AlertOwner(person=place.desk.get_pseudonym(person.id))


async def test_a_preview_can_be_confirmed_for_a_while(place: Place) -> None:
    shown = await alerted(place, "add", by="anna", query="river", where="me")
    place.clock.pass_by(seconds=DRAFT_LIFETIME.total_seconds())

    late = await place.pressed(shown, ADD)

    assert read(late) == describe_error(PreviewExpired())
    assert await kept(place, "anna") == ()


async def test_what_was_typed_for_a_preview_is_forgotten_after_a_while(place: Place) -> None:
    await alerted(place, "add", by="anna", query="river", where="me")
    place.clock.pass_by(seconds=DRAFT_LIFETIME.total_seconds())

    await place.client._purge()  # noqa: SLF001 - one round of the loop

    assert place.desk.drafts._waiting == {}  # noqa: SLF001 - nobody is told of it


async def test_the_previews_of_a_person_are_deleted_with_all_else(place: Place) -> None:
    shown = await alerted(place, "add", by="anna", query="river", where="me")
    await place.anna.wait_for_answer(
        await place.anna.run_command("privacy delete", channel=place.general)
    )

    late = await place.pressed(shown, ADD)

    assert read(late) == describe_error(PreviewExpired())
    assert await kept(place, "anna") == ()


async def test_a_preview_can_be_confirmed_again_after_the_database_failed(place: Place) -> None:
    shown = await alerted(place, "add", by="anna", query="river", where="me")

    await executed(
        place, "CREATE TRIGGER f BEFORE INSERT ON alerts BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    failed = await place.pressed(shown, ADD)
    await executed(place, "DROP TRIGGER f")
    again = await place.pressed(shown, ADD)

    assert "I can't get at the library just now" in read(failed)
    assert "Added" in read(again)
    assert len(await kept(place, "anna")) == 1


async def executed(place: Place, sql: str) -> None:
    async with place.app.alerts._database.transaction() as transaction:  # noqa: SLF001 - a fault
        await transaction.execute(sql)


async def test_one_who_may_manage_the_server_no_longer_adds_no_alert_for_it(place: Place) -> None:
    before = place.local.find_guild()
    roles = before.members[place.local.find_person("mod").id]
    managed = replace(before, members={**before.members, place.anna.id: roles})
    place.local.world.guilds[before.id] = managed
    shown = await alerted(place, "add", by="anna", query="river", where="this channel")

    place.local.world.guilds[before.id] = before
    refused = await place.pressed(shown, ADD)

    assert read(refused) == CHANNEL_ALERTS_NEED_MANAGER[0].text
    assert await kept(place, guild=True) == ()


async def test_no_alert_is_added_for_a_channel_in_which_it_can_not_be_told_any_more(
    place: Place,
) -> None:
    mod = place.local.find_person("mod")
    shown = await alerted(place, "add", query="river", where="this channel")
    moderation.deny_permission(place.local.world, place.general, Permission.SEND_MESSAGES)

    refused = await place.pressed(shown, ADD, by=mod)
    before = await kept(place, guild=True)
    moderation.grant_permission(place.local.world, place.general, Permission.SEND_MESSAGES)
    again = await place.pressed(shown, ADD, by=mod)

    assert read(refused) == MISSING_PERMISSIONS[0].text
    assert before == ()
    assert "Added" in read(again)


async def test_a_person_is_told_in_direct_messages_once_with_a_dated_quote(place: Place) -> None:
    await added(place, by="anna")

    (message,) = await told(place, place.anna.direct_channel, NEW)
    await told(place, place.anna.direct_channel)

    assert read(message).splitlines()[:2] == ["1 new article for your alert", "“river metres”"]
    assert "Since Monday the river rose by three metres." in read(message)
    assert read(message).splitlines()[-2:] == [
        "Flood in Fulda · The Courier",
        f"2 March 2026 · paragraph 2 · receipt {_receipt(message)}",
    ]
    assert [button.label for button in message.buttons] == ["In context", "Whole article", PAUSE]
    assert len(posted(place, place.anna.direct_channel)) == 1


def _receipt(message: Message) -> str:
    return read(message).partition("receipt ")[2].split()[0]


@pytest.mark.parametrize("count", [0, 2], ids=["the first message", "after others"])
async def test_a_message_is_looked_for_after_the_last_one_of_the_direct_messages(
    place: Place, count: int
) -> None:
    await added(place, by="anna")
    for _ in range(count):
        await place.anna.wait_for_reply(place.anna.send_direct_message("river"))
    last = [message.id for message in place.local.get_messages(place.anna.direct_channel)][-1:]

    await told(place, place.anna.direct_channel, NEW, count=count + 1)
    rows = await place.app.alerts._database.fetch("SELECT after_message FROM alert_messages")  # noqa: SLF001

    assert rows == [(str(last[0]) if last else None,)]


async def test_a_channel_is_told_of_the_server_s_alert(place: Place) -> None:
    await added(place, "this channel", query="river @everyone")

    (message,) = await told(place, place.general, NEW)

    head = "1 new article for this channel's alert\n“river @everyone”\n"
    assert read(message).startswith(head)
    assert not message.pings.everyone


async def test_what_matches_meanwhile_is_told_together_an_hour_later(place: Place) -> None:
    await added(place, "this channel")
    await told(place, place.general, NEW)

    later = [replace(NEW, id=f"n{number}", title=f"News {number}") for number in range(7)]  # type: ignore[arg-type]
    await told(place, place.general, *later)
    await asyncio.sleep(1.5)
    before = len(posted(place, place.general))
    place.clock.pass_by(hours=1)
    _, second = await told(place, place.general, count=2)

    assert before == 1
    assert read(second).startswith("7 new articles for this channel's alert\n")
    assert read(second).count("receipt") == 5
    further = await place.pressed(second, "More")
    assert read(further).count("receipt") == 2


async def test_the_buttons_below_what_was_told_show_more_of_the_article(place: Place) -> None:
    await added(place, by="anna")
    (message,) = await told(place, place.anna.direct_channel, NEW)

    context = await place.pressed(message, "In context")
    whole = await place.pressed(message, "Whole article")

    assert "Rain fell on Fulda." in read(context)
    assert "Flood in Fulda" in read(whole)


async def test_the_button_below_pauses_for_who_may_manage_the_alert(place: Place) -> None:
    await added(place, "this channel")
    (message,) = await told(place, place.general, NEW)

    refused = await place.pressed(message, PAUSE)
    before = (await kept(place, guild=True))[0].state
    paused = await place.pressed(message, PAUSE, by=place.local.find_person("mod"))
    after = (await kept(place, guild=True))[0]
    await place.app.alerts.remove(after.key)
    gone = await place.pressed(message, PAUSE, by=place.local.find_person("mod"))

    assert read(refused) == NOT_YOURS[0].text
    assert (before, after.state) == (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)
    assert read(paused) == "Paused: “river metres”."
    assert read(gone) == ALERT_GONE[0].text


async def test_an_alert_is_paused_resumed_and_removed_by_what_is_offered(place: Place) -> None:
    await added(place, by="anna")
    states, said = [], []
    for what in ("pause", "resume", "remove"):
        (choice,) = await place.anna.autocomplete(
            f"alerts {what}", "alert", "RIVER", channel=place.general
        )
        answer = await alerted(place, what, by="anna", alert=choice["value"])
        states.append([alert.state for alert in await kept(place, "anna")])
        said.append(read(answer))

    assert states == [[SubscriptionState.PAUSED], [SubscriptionState.ACTIVE], []]
    assert said == [f"{done}: “river metres”." for done in ("Paused", "Resumed", "Removed")]


async def test_nobody_reaches_the_alerts_of_others(place: Place) -> None:
    await added(place)
    await added(place, "this channel")
    own, of_server = *await kept(place), *await kept(place, guild=True)

    answers = [
        await alerted(place, "remove", by="anna", alert=key)
        for key in (own.key, of_server.key, "none")
    ]
    offered = await place.anna.autocomplete("alerts remove", "alert", "", channel=place.general)

    assert {read(answer) for answer in answers} == {describe_error(UnknownAlert())}
    assert offered == ()
    assert read(await alerted(place, "list", by="anna")) == NO_ALERTS.text


async def test_the_list_tells_of_both_kinds_where_and_when_they_tell(place: Place) -> None:
    await added(place, quiet_from="22:00", quiet_to="07:00", zone="Berlin")
    await added(place, "this channel", query="flood")
    await added(place, "this channel", channel=place.local.find_channel("books"), query="storm")
    of_server = await kept(place, guild=True)
    await place.app.alerts.pause(of_server[0].key)
    await place.app.alerts.suspend(of_server[1], "The channel is gone.")
    moderation.delete_channel(place.local.world, place.local.find_channel("books"))

    listed = await alerted(place, "list")

    assert read(listed).splitlines() == [
        "Your alerts",
        "“river metres”",
        "quiet from 22:00 to 07:00 (Europe/Berlin) · on",
        "The alerts of this server",
        "“flood”",
        "#general · paused",
        "“storm”",
        f"{GONE_CHANNEL} · paused by me: The channel is gone. {MENDED}",
    ]


async def test_as_many_alerts_as_there_may_be_fit_into_their_list_and_no_more_are_added(
    place: Place,
) -> None:
    mod = place.local.find_person("mod")
    owners = (
        AlertOwner(person=place.desk.get_pseudonym(mod.id)),
        AlertOwner(person=place.desk.get_pseudonym(mod.id), guild=str(place.general.guild_id)),
    )
    shown = await alerted(place, "add", query="river", where="me")
    of_server = await alerted(place, "add", query="river", where="this channel")
    for owner in owners:
        for number in range(owner.max_alerts):
            alert = Alert(
                key=AlertKey(f"{owner.max_alerts}-{number}"),
                guild=owner.guild,
                person=None if owner.guild else owner.person,
                channel=str(place.general.id),
                query_text=f"{number} " + "*flood* " * 35,
                quiet_hours=QuietHours(start=time(22), end=time(7), zone="Europe/Berlin"),
                begins_at=place.clock.now,
            )
            assert await place.app.alerts.add(alert, limit=owner.max_alerts)

    late = await place.pressed(shown, ADD, by=mod)
    late_of_server = await place.pressed(of_server, ADD, by=mod)
    early = await alerted(place, "add", query="river", where="me")
    listed = await alerted(place, "list")
    offered = await mod.autocomplete("alerts remove", "alert", "", channel=place.general)

    assert read(late) == read(early) == describe_error(TooManyAlerts(10, is_guild=False))
    assert read(late_of_server) == describe_error(TooManyAlerts(25, is_guild=True))
    assert read(listed).count(" · on\n") == 34
    assert len(offered) == 25


async def test_a_button_pressed_while_another_press_pauses_the_alert_says_so_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    await added(place, "this channel")
    (message,) = await told(place, place.general, NEW)
    told_by = place.app.alerts.find_by_message

    async def paused_after(key: str) -> Alert | None:
        alert = await told_by(key)
        assert alert
        await place.app.alerts.pause(alert.key)
        return alert

    monkeypatch.setattr(place.app.alerts, "find_by_message", paused_after)
    said = await place.pressed(message, PAUSE, by=place.local.find_person("mod"))

    assert read(said) == "Paused: “river metres”."


async def test_a_list_with_much_to_say_of_each_alert_names_them_all_the_same(place: Place) -> None:
    for number in range(25):
        alert = Alert(
            key=AlertKey(f"alert-{number}"),
            guild=str(place.general.guild_id),
            person=None,
            channel=str(place.general.id),
            query_text=f"{number} " + "*flood* " * 35,
            quiet_hours=QuietHours(
                start=time(22), end=time(7), zone="America/Argentina/ComodRivadavia"
            ),
            begins_at=place.clock.now,
            state=SubscriptionState.SUSPENDED if number else SubscriptionState.ACTIVE,
            suspension_reason="Direct messages from me are not taken there." if number else None,
        )
        assert await place.app.alerts.add(alert, limit=25)

    listed = read(await alerted(place, "list")).splitlines()

    assert listed[2] == "#general · on"
    assert listed[4::2] == ["#general · paused by me"] * 24
    assert listed[-2].startswith("“24 *flood*")


async def test_alerts_count_as_questions_do(place: Place) -> None:
    shown = await alerted(place, "add", by="anna", query="river", where="me")
    for _ in range(place.app.settings.discord.questions_per_minute - 1):
        await alerted(place, "list", by="anna")

    refused = [
        await alerted(place, "list", by="anna"),
        await alerted(place, "add", by="anna", query="river", where="me"),
        await alerted(place, "pause", by="anna", alert="x"),
        await place.pressed(shown, ADD),
    ]

    assert all("ask again in" in read(answer) for answer in refused)


async def test_a_person_who_takes_no_messages_pauses_their_alert_and_is_told_in_the_list(
    place: Place,
) -> None:
    await added(place, by="anna")
    moderation.close_direct_messages(place.local.world, place.anna.user)
    place.clock.pass_by(minutes=1)
    await place.app.articles.put([NEW], place.clock.now)
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop

    while (await kept(place, "anna"))[0].state is SubscriptionState.ACTIVE:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    listed = await alerted(place, "list", by="anna")

    assert "paused by me: Direct messages from me are not taken there." in read(listed)


async def test_an_alert_of_a_thread_that_was_archived_is_told_and_opens_it(place: Place) -> None:
    thread = place.local.find_channel("a-thread")
    await added(place, "this channel", channel=thread)
    place.local.world.update_channel(thread, archived=True)

    (message,) = await told(place, thread, NEW)

    assert read(message).startswith("1 new article for this channel's alert")
    assert not place.local.find_channel("a-thread").archived


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (moderation.lock_thread, "The thread is closed."),
        (moderation.delete_channel, "The channel is gone."),
    ],
    ids=["locked", "deleted"],
)
async def test_an_alert_of_a_thread_in_which_nothing_can_be_posted_is_paused(
    place: Place, change: Callable[[World, Channel], object], reason: str
) -> None:
    thread = place.local.find_channel("a-thread")
    await added(place, "this channel", channel=thread)
    change(place.local.world, thread)
    place.clock.pass_by(minutes=1)
    await place.app.articles.put([NEW], place.clock.now)
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop

    while (await kept(place, guild=True))[0].state is SubscriptionState.ACTIVE:  # noqa: ASYNC110
        await asyncio.sleep(0.05)

    assert (await kept(place, guild=True))[0].suspension_reason == reason


async def test_one_who_installed_the_app_for_themselves_has_alerts_of_their_own(
    place: Place,
) -> None:
    moderation.install_for_user(place.local.world, place.anna.user)
    moderation.remove_bot(place.local.world, place.local.find_guild())

    refused = await alerted(place, "add", by="anna", query="river", where="this channel")
    said = await added(place, by="anna")

    assert read(refused).startswith(BOT_NOT_IN_GUILD[0].text)
    assert "Added" in read(said)
