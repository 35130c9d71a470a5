from zoneinfo import ZoneInfo

import pytest

from bot.discord_ui.client import UNRESTRICTED_COMMANDS
from bot.discord_ui.commands import settings as module
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Message
from bot.model.guild_preferences import GuildOverrides, GuildPreferences
from bot.presentation.blocks import Line
from bot.presentation.settings_pages import (
    DELETED_CHANNEL,
    PERMISSION_NOTE,
    UNCHANGED,
    EffectiveSettings,
    build_settings_blocks,
)
from tests.builders import NOON
from tests.discord_ui.conftest import QUESTION, Place, locked
from tests.scenario.starting import read

ELSEWHERE = "I don't answer in this channel"


async def set_by_mod(place: Place, what: str, **options: object) -> Message:
    """The answer to /settings of one who may manage the server."""
    mod = place.local.find_person("mod")
    acted = await mod.run_command(f"settings {what}", channel=place.general, **options)
    return await mod.wait_for_answer(acted)


async def kept(place: Place) -> GuildOverrides:
    return await place.app.guilds.get_overrides(str(place.general.guild_id))


async def asked_in(place: Place, channel: Channel, by: Person | None = None) -> Message:
    """The answer to /ask."""
    person = by or place.anna
    return await person.wait_for_answer(
        await person.run_command("ask", channel=channel, question=QUESTION)
    )


def quotes(message: Message) -> int:
    return message.text.count("receipt")


async def test_what_is_usual_is_shown_as_such_and_who_may_change_it(place: Place) -> None:
    shown = await set_by_mod(place, "show")

    assert read(shown).splitlines() == [
        "How I answer in this server",
        "Excerpts per answer: 3 (usual)",
        "Answers to commands: all see them (usual)",
        "Channels: all (usual)",
        "Time zone: UTC (usual)",
        "It is 12:00 there now, on 3 March 2026.",
        PERMISSION_NOTE.text,
        "In direct messages, and where people have installed me for themselves, the usual holds.",
    ]
    assert shown.is_ephemeral
    assert await kept(place) == GuildOverrides(guild=str(place.general.guild_id))


async def test_what_was_set_is_shown_beside_what_is_usual(place: Place) -> None:
    await set_by_mod(place, "answers", excerpts=1, visible=False)
    await set_by_mod(place, "channels add", channel_=place.general)
    await set_by_mod(place, "channels add", channel_=place.local.find_channel("books"))

    shown = await set_by_mod(place, "zone", zone="Pacific/Auckland")

    assert read(shown).splitlines()[1:6] == [
        "Excerpts per answer: 1 (usual: 3)",
        "Answers to commands: only who asks sees them (usual: all see them)",
        "Channels: #general and #books, with their threads and posts (usual: all)",
        "Time zone: Pacific/Auckland (usual: UTC)",
        "It is 01:00 there now, on 4 March 2026.",
    ]


async def test_one_option_is_changed_and_the_other_stays(place: Place) -> None:
    await set_by_mod(place, "answers", excerpts=2)
    await set_by_mod(place, "answers", visible=True)

    assert (await kept(place)).max_excerpts == 2
    assert (await kept(place)).visible is True


async def test_answers_without_an_option_changes_nothing_and_says_so(place: Place) -> None:
    told = await set_by_mod(place, "answers")

    assert read(told) == "Nothing was changed: give excerpts, or visible, or both."


@pytest.mark.parametrize(
    ("what", "options"),
    [("channels remove", {"channel_": "books"}), ("zone", {"zone": "berlin"}), ("reset", {})],
)
async def test_what_is_as_it_was_is_told_so(
    place: Place, what: str, options: dict[str, str]
) -> None:
    await set_by_mod(place, what, **options)

    again = await set_by_mod(place, what, **options)

    assert read(again).splitlines()[0] == UNCHANGED.text


async def test_a_change_waits_for_a_library_that_is_busy_while_discord_knows(place: Place) -> None:
    mod = place.local.find_person("mod")

    async with locked(place.app):
        acted = await mod.run_command("settings zone", channel=place.general, zone="berlin")
    told = await mod.wait_for_answer(acted)

    assert "Time zone: Europe/Berlin" in read(told)
    assert UNCHANGED.text not in read(told)


async def test_reset_sets_all_back(place: Place) -> None:
    await set_by_mod(place, "answers", excerpts=1)
    await set_by_mod(place, "channels add", channel_=place.general)

    told = await set_by_mod(place, "reset")

    assert "Excerpts per answer: 3 (usual)" in read(told)
    assert await kept(place) == GuildOverrides(guild=str(place.general.guild_id))


async def test_another_server_keeps_to_its_own_settings(place: Place) -> None:
    await set_by_mod(place, "answers", excerpts=1)

    there = await asked_in(place, place.local.find_channel("general", "Lighthouse"))
    here = await asked_in(place, place.general)

    assert (quotes(there), quotes(here)) == (3, 1)


async def test_a_direct_message_is_answered_as_usual(place: Place) -> None:
    await set_by_mod(place, "answers", excerpts=1, visible=False)

    answer = await place.anna.wait_for_reply(place.anna.send_direct_message(QUESTION))

    assert quotes(answer) == 3


async def test_one_who_installed_the_app_for_themselves_sees_no_settings_of_a_server(
    place: Place,
) -> None:
    await set_by_mod(place, "answers", excerpts=1)
    await set_by_mod(place, "channels add", channel_=place.local.find_channel("books"))
    moderation.install_for_user(place.local.world, place.anna.user)
    moderation.remove_bot(place.local.world, place.local.find_guild())

    answer = await asked_in(place, place.general)

    assert quotes(answer) == 3


async def test_a_mention_has_as_many_excerpts_as_the_server_set(place: Place) -> None:
    await set_by_mod(place, "answers", excerpts=2)

    answer = await place.mentioned()

    assert quotes(answer) == 2


async def test_more_shows_as_many_excerpts_as_the_server_set(place: Place) -> None:
    await set_by_mod(place, "answers", excerpts=1)

    further = await place.pressed(await place.mentioned(), "More")

    assert quotes(further) == 1


async def test_without_the_dates_as_many_excerpts_are_shown_as_the_server_set(
    place: Place,
) -> None:
    await set_by_mod(place, "answers", excerpts=1)
    answer = await place.commanded(after="1 March 2026")

    undated = await place.pressed(answer, "Without these dates")

    assert quotes(undated) == 1


@pytest.mark.parametrize(
    ("usual", "chosen", "is_private"),
    [(False, {}, True), (True, {}, False), (False, {"visible": True}, False)],
    ids=["kept to one", "seen by all", "chosen otherwise"],
)
async def test_others_see_an_answer_as_the_server_set_unless_the_asker_chose(
    place: Place,
    usual: bool,  # noqa: FBT001 - a parameter of the test
    chosen: dict[str, bool],
    is_private: bool,  # noqa: FBT001
) -> None:
    await set_by_mod(place, "answers", visible=usual)

    answer = await place.commanded(**chosen)

    assert answer.is_ephemeral is is_private


async def test_today_is_the_day_that_it_is_in_the_zone_of_the_server(place: Place) -> None:
    await set_by_mod(place, "zone", zone="Auckland")

    answer = await place.commanded(after="today", before="today")

    assert "4 March 2026" in read(answer)


@pytest.mark.parametrize("where", ["books", "a-thread"])
async def test_it_answers_in_a_channel_of_the_list_and_in_its_threads(
    place: Place, where: str
) -> None:
    await set_by_mod(place, "channels add", channel_=place.local.find_channel("books"))
    channel = place.local.find_channel(where)

    commanded = await asked_in(place, channel)
    mentioned = await place.anna.wait_for_reply(place.anna.post(channel, place.mentioning()))

    assert quotes(commanded) == quotes(mentioned) == 3


async def test_a_post_of_a_forum_counts_with_the_forum(place: Place) -> None:
    await set_by_mod(place, "channels add", channel_=place.local.find_channel("questions"))

    answer = await asked_in(place, place.local.find_channel("a-post"))

    assert quotes(answer) == 3


async def test_a_command_in_another_channel_is_told_privately_where_to_ask(place: Place) -> None:
    await set_by_mod(place, "channels add", channel_=place.local.find_channel("books"))

    told = await asked_in(place, place.local.find_channel("a-post"))

    assert read(told) == f"{ELSEWHERE}: ask me in #books."
    assert told.is_ephemeral


async def test_a_mention_in_another_channel_is_told_where_to_ask_once_a_minute(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_ui.messages.replies._REFUSAL_SECONDS", 0.2)
    await set_by_mod(place, "channels add", channel_=place.local.find_channel("books"))

    told = await place.mentioned()
    place.anna.post(place.general, place.mentioning())

    assert read(told) == f"{ELSEWHERE}: ask me in #books."
    await place.local.wait_for(lambda: told.id not in place.local.world.messages)
    assert await place.silent_in(place.general)


async def test_nobody_is_told_of_a_channel_that_they_cannot_see(place: Place) -> None:
    await set_by_mod(place, "channels add", channel_=place.local.find_channel("staff"))

    to_anna = await asked_in(place, place.general)
    to_mod = await asked_in(place, place.general, place.local.find_person("mod"))

    assert read(to_anna) == f"{ELSEWHERE}: whoever manages this server chose others."
    assert read(to_mod) == f"{ELSEWHERE}: ask me in #staff."


async def test_options_are_offered_in_every_channel(place: Place) -> None:
    await set_by_mod(place, "channels add", channel_=place.local.find_channel("books"))
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop

    offered = await place.anna.autocomplete("ask", "source", "cour", channel=place.general)

    assert [choice["value"] for choice in offered] == ["The Courier"]


async def test_settings_count_as_questions_do(place: Place) -> None:
    for _ in range(place.app.settings.discord.questions_per_minute):
        await set_by_mod(place, "show")

    told = await set_by_mod(place, "answers", excerpts=1)

    assert "ask again in" in read(told)
    assert (await kept(place)).max_excerpts is None


async def test_what_is_about_the_bot_itself_is_answered_in_every_channel(place: Place) -> None:
    await set_by_mod(place, "channels add", channel_=place.local.find_channel("books"))

    privacy = await place.anna.wait_for_answer(
        await place.anna.run_command("privacy show", channel=place.general)
    )

    assert ELSEWHERE not in read(privacy)
    assert {"privacy", "settings"} <= UNRESTRICTED_COMMANDS


async def test_a_channel_of_the_list_that_was_deleted_still_counts_until_it_is_taken_off(
    place: Place,
) -> None:
    books = place.local.find_channel("books")
    await set_by_mod(place, "channels add", channel_=books)
    moderation.delete_channel(place.local.world, books)

    told = await asked_in(place, place.general)
    listed = await set_by_mod(place, "channels list")
    mod = place.local.find_person("mod")
    offered = await mod.autocomplete(
        "settings channels remove", "channel", "del", channel=place.general
    )
    await set_by_mod(place, "channels remove", channel_=offered[0]["value"])
    answer = await asked_in(place, place.general)

    assert "whoever manages this server chose others" in read(told)
    assert read(listed).splitlines()[1] == DELETED_CHANNEL
    assert quotes(answer) == 3


async def test_a_channel_is_on_the_list_once_and_comes_off_it(place: Place) -> None:
    books = place.local.find_channel("books")
    await set_by_mod(place, "channels add", channel_=books)
    await set_by_mod(place, "channels add", channel_=place.general)

    twice = await set_by_mod(place, "channels add", channel_=books)
    both = (await kept(place)).channels
    off = await set_by_mod(place, "channels remove", channel_=str(books.id))

    assert read(twice).splitlines()[2:4] == ["#books", "#general"]
    assert both == (books.id, place.general.id)
    assert read(off).splitlines()[1:] == ["#general", PERMISSION_NOTE.text]


async def test_the_list_takes_no_more_channels_than_can_be_offered(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_CHANNELS", 1)
    monkeypatch.setattr("bot.presentation.settings_pages.MAX_CHANNELS", 1)
    await set_by_mod(place, "channels add", channel_=place.general)

    told = await set_by_mod(place, "channels add", channel_=place.local.find_channel("books"))

    assert read(told).splitlines()[2] == "#general"
    assert "There are no more than 1." in read(told)


async def test_the_list_of_channels_is_empty_at_first(place: Place) -> None:
    listed = await set_by_mod(place, "channels list")

    assert read(listed).splitlines() == ["Channels: all (usual)", PERMISSION_NOTE.text]


@pytest.mark.parametrize(
    ("count", "told"),
    [(5, "#0, #1, #2, #3 and #4"), (7, "#0, #1, #2, #3, #4 and 2 more")],
)
def test_many_channels_stand_among_the_settings_as_a_few_and_a_number(
    count: int, told: str
) -> None:
    held = EffectiveSettings(
        overrides=GuildOverrides(guild="1"),
        defaults=GuildPreferences(zone=ZoneInfo("UTC"), max_excerpts=3),
        channel_names=tuple(f"#{number}" for number in range(count)),
        now=NOON,
    )

    texts = [block.text for block in build_settings_blocks(held) if isinstance(block, Line)]

    assert texts[2] == f"Channels: {told}, with their threads and posts (usual: all)"


async def test_the_channels_that_can_be_taken_off_are_offered_by_name(place: Place) -> None:
    mod = place.local.find_person("mod")
    for name in ("books", "general"):
        await set_by_mod(place, "channels add", channel_=place.local.find_channel(name))

    offered = await mod.autocomplete(
        "settings channels remove", "channel", "#Gen", channel=place.general
    )

    assert offered == ({"name": "#general", "value": str(place.general.id)},)


async def test_time_zones_are_offered_by_city_with_the_time_there(place: Place) -> None:
    mod = place.local.find_person("mod")

    offered = await mod.autocomplete("settings zone", "zone", "são", channel=place.general)
    all_of_them = await mod.autocomplete("settings zone", "zone", "", channel=place.general)

    assert {choice["name"] for choice in offered} == {
        "America/Sao_Paulo (now 09:00)",
        "Africa/Sao_Tome (now 12:00)",
    }
    assert len(all_of_them) == 25


async def test_a_zone_that_is_none_is_told_with_the_nearest(place: Place) -> None:
    told = await set_by_mod(place, "zone", zone="Berln")

    assert read(told).startswith("I know no single time zone “Berln”. Did you mean Europe/Berlin")
    assert (await kept(place)).zone is None


async def test_the_settings_are_hidden_from_those_who_may_not_manage_the_server(
    place: Place,
) -> None:
    with pytest.raises(ImpossibleAction):
        await place.anna.run_command("settings show", channel=place.general)


async def test_one_whom_the_server_lets_use_it_without_the_permission_is_refused(
    place: Place,
) -> None:
    shown_to_all(place)
    books = place.local.find_channel("books")
    await set_by_mod(place, "channels add", channel_=books)

    told = await place.anna.wait_for_answer(
        await place.anna.run_command("settings reset", channel=place.general)
    )
    offered = await place.anna.autocomplete(
        "settings channels remove", "channel", "", channel=place.general
    )

    assert read(told) == "Only people with the permission Manage Server can use /settings."
    assert offered == ()
    assert (await kept(place)).channels == (books.id,)


def shown_to_all(place: Place) -> None:
    """The commands as a server's managers may show them to everyone."""
    world = place.local.world
    world.commands[None] = tuple(
        {**command, "default_member_permissions": None} for command in world.commands[None]
    )


async def test_settings_are_not_for_direct_messages(place: Place) -> None:
    mod = place.local.find_person("mod")

    with pytest.raises(ImpossibleAction):
        await mod.run_command("settings show", channel=mod.direct_channel)
