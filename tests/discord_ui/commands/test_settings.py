from zoneinfo import ZoneInfo

import pytest

from bot.discord_ui.commands.settings import add_channel, change_answers, remove_channel
from bot.discord_ui.commands.tree import UNRESTRICTED_COMMANDS
from bot.local_discord.world import administration
from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Message
from bot.model.guild_preferences import GuildOverrides, GuildPreferences
from bot.presentation.blocks import Line
from bot.presentation.settings_pages import (
    DELETED_CHANNEL,
    NOTHING_CHANGED,
    PERMISSION_NOTE,
    EffectiveSettings,
    build_settings_blocks,
)
from tests.builders import NOON
from tests.discord_ui.conftest import QUESTION, RunningBot, lock_database
from tests.scenario.starting import read

ELSEWHERE = "I don't answer in this channel"


async def change_settings(bot: RunningBot, what: str, **options: object) -> Message:
    """Return the answer to a subcommand of /settings, used by a person with Manage Server."""
    mod = bot.local.find_person("mod")
    action = await mod.run_command(f"settings {what}", channel=bot.general, **options)
    return await mod.wait_for_answer(action)


async def load_overrides(bot: RunningBot) -> GuildOverrides:
    return await bot.app.guilds.get_overrides(str(bot.general.guild_id))


async def ask_in(bot: RunningBot, channel: Channel, by: Person | None = None) -> Message:
    """Return the answer to /ask in the channel."""
    person = by or bot.anna
    return await person.wait_for_answer(
        await person.run_command("ask", channel=channel, question=QUESTION)
    )


def count_receipts(message: Message) -> int:
    return message.text.count("receipt")


async def test_what_is_usual_is_shown_as_such_and_who_may_change_it(bot: RunningBot) -> None:
    shown = await change_settings(bot, "show")

    assert read(shown).splitlines() == [
        "Settings for this server",
        "Excerpts per answer: 3 (default)",
        "Replies to commands: visible to everyone (default)",
        "Channels: all (default)",
        "Time zone: UTC (default)",
        "Local time: 12:00 on 3 March 2026.",
        PERMISSION_NOTE.text,
        "The defaults apply in direct messages and where people have installed the app only for themselves.",
    ]
    assert shown.is_ephemeral
    assert await load_overrides(bot) == GuildOverrides(guild=str(bot.general.guild_id))


async def test_a_changed_setting_is_shown_beside_its_default(bot: RunningBot) -> None:
    await change_settings(bot, "answers", excerpts=1, visible=False)
    await change_settings(bot, "channels add", channel_=bot.general)
    await change_settings(bot, "channels add", channel_=bot.local.find_channel("books"))

    shown = await change_settings(bot, "zone", zone="Pacific/Auckland")

    assert read(shown).splitlines()[1:6] == [
        "Excerpts per answer: 1 (default: 3)",
        "Replies to commands: visible only to the person who used the command (default: visible to everyone)",
        "Channels: #general and #books, with their threads and posts (default: all)",
        "Time zone: Pacific/Auckland (default: UTC)",
        "Local time: 01:00 on 4 March 2026.",
    ]


async def test_one_option_is_changed_and_the_other_stays(bot: RunningBot) -> None:
    await change_settings(bot, "answers", excerpts=2)
    await change_settings(bot, "answers", visible=True)

    assert (await load_overrides(bot)).max_excerpts == 2
    assert (await load_overrides(bot)).is_visible is True


async def test_answers_without_an_option_changes_nothing_and_says_so(bot: RunningBot) -> None:
    answer = await change_settings(bot, "answers")

    assert read(answer) == "Nothing changed. Set excerpts, visible or both."


@pytest.mark.parametrize(
    ("what", "options"),
    [("channels remove", {"channel_": "books"}), ("zone", {"zone": "berlin"}), ("reset", {})],
)
async def test_a_change_without_effect_is_reported_as_that(
    bot: RunningBot, what: str, options: dict[str, str]
) -> None:
    await change_settings(bot, what, **options)

    again = await change_settings(bot, what, **options)

    assert read(again).splitlines()[0] == NOTHING_CHANGED.text


async def test_a_change_waits_for_a_library_that_is_busy_while_discord_knows(
    bot: RunningBot,
) -> None:
    mod = bot.local.find_person("mod")

    async with lock_database(bot.app):
        action = await mod.run_command("settings zone", channel=bot.general, zone="berlin")
    answer = await mod.wait_for_answer(action)

    assert "Time zone: Europe/Berlin" in read(answer)
    assert NOTHING_CHANGED.text not in read(answer)


async def test_reset_sets_all_back(bot: RunningBot) -> None:
    await change_settings(bot, "answers", excerpts=1)
    await change_settings(bot, "channels add", channel_=bot.general)

    answer = await change_settings(bot, "reset")

    assert "Excerpts per answer: 3 (default)" in read(answer)
    assert await load_overrides(bot) == GuildOverrides(guild=str(bot.general.guild_id))


async def test_another_server_keeps_to_its_own_settings(bot: RunningBot) -> None:
    await change_settings(bot, "answers", excerpts=1)

    there = await ask_in(bot, bot.local.find_channel("general", "Lighthouse"))
    here = await ask_in(bot, bot.general)

    assert (count_receipts(there), count_receipts(here)) == (3, 1)


async def test_a_direct_message_is_answered_as_usual(bot: RunningBot) -> None:
    await change_settings(bot, "answers", excerpts=1, visible=False)

    answer = await bot.anna.wait_for_reply(bot.anna.send_direct_message(QUESTION))

    assert count_receipts(answer) == 3


async def test_one_who_installed_the_app_for_themselves_sees_no_settings_of_a_server(
    bot: RunningBot,
) -> None:
    await change_settings(bot, "answers", excerpts=1)
    await change_settings(bot, "channels add", channel_=bot.local.find_channel("books"))
    administration.install_for_user(bot.local.world, bot.anna.user)
    administration.remove_bot(bot.local.world, bot.local.find_guild())

    answer = await ask_in(bot, bot.general)

    assert count_receipts(answer) == 3


async def test_a_mention_has_as_many_excerpts_as_the_server_set(bot: RunningBot) -> None:
    await change_settings(bot, "answers", excerpts=2)

    answer = await bot.mention()

    assert count_receipts(answer) == 2


async def test_more_shows_as_many_excerpts_as_the_server_set(bot: RunningBot) -> None:
    await change_settings(bot, "answers", excerpts=1)

    further = await bot.press(await bot.mention(), "More")

    assert count_receipts(further) == 1


async def test_without_the_dates_as_many_excerpts_are_shown_as_the_server_set(
    bot: RunningBot,
) -> None:
    await change_settings(bot, "answers", excerpts=1)
    answer = await bot.ask(after="1 March 2026")

    undated = await bot.press(answer, "Without these dates")

    assert count_receipts(undated) == 1


@pytest.mark.parametrize(
    ("usual", "chosen", "is_private"),
    [(False, {}, True), (True, {}, False), (False, {"visible": True}, False)],
    ids=["kept to one", "seen by all", "chosen otherwise"],
)
async def test_others_see_an_answer_as_the_server_set_unless_the_asker_chose(
    bot: RunningBot,
    usual: bool,  # noqa: FBT001 - a parameter of the test
    chosen: dict[str, bool],
    is_private: bool,  # noqa: FBT001
) -> None:
    await change_settings(bot, "answers", visible=usual)

    answer = await bot.ask(**chosen)

    assert answer.is_ephemeral is is_private


async def test_today_is_the_day_that_it_is_in_the_zone_of_the_server(bot: RunningBot) -> None:
    await change_settings(bot, "zone", zone="Auckland")

    answer = await bot.ask(after="today", before="today")

    assert "4 March 2026" in read(answer)


@pytest.mark.parametrize("where", ["books", "a-thread"])
async def test_it_answers_in_a_channel_of_the_list_and_in_its_threads(
    bot: RunningBot, where: str
) -> None:
    await change_settings(bot, "channels add", channel_=bot.local.find_channel("books"))
    channel = bot.local.find_channel(where)

    answer = await ask_in(bot, channel)
    mentioned = await bot.anna.wait_for_reply(bot.anna.post(channel, bot.format_mention()))

    assert count_receipts(answer) == count_receipts(mentioned) == 3


async def test_a_post_of_a_forum_counts_with_the_forum(bot: RunningBot) -> None:
    await change_settings(bot, "channels add", channel_=bot.local.find_channel("questions"))

    answer = await ask_in(bot, bot.local.find_channel("a-post"))

    assert count_receipts(answer) == 3


async def test_a_command_in_another_channel_is_answered_privately_with_the_allowed_channels(
    bot: RunningBot,
) -> None:
    await change_settings(bot, "channels add", channel_=bot.local.find_channel("books"))

    answer = await ask_in(bot, bot.local.find_channel("a-post"))

    assert read(answer) == f"{ELSEWHERE}. Ask me in #books."
    assert answer.is_ephemeral


async def test_a_mention_in_another_channel_gets_the_allowed_channels_once_a_minute(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_ui.messages.replies._REFUSAL_SECONDS", 0.2)
    await change_settings(bot, "channels add", channel_=bot.local.find_channel("books"))

    answer = await bot.mention()
    bot.anna.post(bot.general, bot.format_mention())

    assert read(answer) == f"{ELSEWHERE}. Ask me in #books."
    await bot.local.wait_for(lambda: answer.id not in bot.local.world.messages)
    assert await bot.is_silent_in(bot.general)


async def test_a_channel_hidden_from_a_person_is_not_named_to_them(bot: RunningBot) -> None:
    await change_settings(bot, "channels add", channel_=bot.local.find_channel("staff"))

    to_anna = await ask_in(bot, bot.general)
    to_mod = await ask_in(bot, bot.general, bot.local.find_person("mod"))

    assert read(to_anna) == f"{ELSEWHERE}. The people who manage this server chose other channels."
    assert read(to_mod) == f"{ELSEWHERE}. Ask me in #staff."


async def test_options_are_offered_in_every_channel(bot: RunningBot) -> None:
    await change_settings(bot, "channels add", channel_=bot.local.find_channel("books"))
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    choices = await bot.anna.autocomplete("ask", "source", "cour", channel=bot.general)

    assert [choice["value"] for choice in choices] == ["The Courier"]


async def test_settings_do_not_count_as_questions(bot: RunningBot) -> None:
    for _ in range(bot.app.settings.discord.questions_per_minute):
        await change_settings(bot, "show")

    await change_settings(bot, "answers", excerpts=1)

    assert (await load_overrides(bot)).max_excerpts == 1


async def test_what_is_about_the_bot_itself_is_answered_in_every_channel(bot: RunningBot) -> None:
    await change_settings(bot, "channels add", channel_=bot.local.find_channel("books"))

    privacy = await bot.anna.wait_for_answer(
        await bot.anna.run_command("privacy show", channel=bot.general)
    )

    assert ELSEWHERE not in read(privacy)
    assert {"privacy", "settings"} <= UNRESTRICTED_COMMANDS


async def test_a_deleted_channel_of_the_list_counts_until_it_is_removed(
    bot: RunningBot,
) -> None:
    books = bot.local.find_channel("books")
    await change_settings(bot, "channels add", channel_=books)
    administration.delete_channel(bot.local.world, books)

    told = await ask_in(bot, bot.general)
    listed = await change_settings(bot, "channels list")
    mod = bot.local.find_person("mod")
    choices = await mod.autocomplete(
        "settings channels remove", "channel", "del", channel=bot.general
    )
    await change_settings(bot, "channels remove", channel_=choices[0]["value"])
    answer = await ask_in(bot, bot.general)

    assert "The people who manage this server chose other channels" in read(told)
    assert read(listed).splitlines()[1] == DELETED_CHANNEL
    assert count_receipts(answer) == 3


async def test_a_channel_is_on_the_list_once_and_comes_off_it(bot: RunningBot) -> None:
    books = bot.local.find_channel("books")
    await change_settings(bot, "channels add", channel_=books)
    await change_settings(bot, "channels add", channel_=bot.general)

    twice = await change_settings(bot, "channels add", channel_=books)
    both = (await load_overrides(bot)).channels
    off = await change_settings(bot, "channels remove", channel_=str(books.id))

    assert read(twice).splitlines()[2:4] == ["#books", "#general"]
    assert both == (books.id, bot.general.id)
    assert read(off).splitlines()[1:] == ["#general", PERMISSION_NOTE.text]


async def test_the_list_takes_no_more_channels_than_can_be_offered(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_ui.commands.settings.MAX_CHANNELS", 1)
    monkeypatch.setattr("bot.presentation.settings_pages.MAX_CHANNELS", 1)
    await change_settings(bot, "channels add", channel_=bot.general)

    answer = await change_settings(bot, "channels add", channel_=bot.local.find_channel("books"))

    assert read(answer).splitlines()[2] == "#general"
    assert "The list is full." in read(answer)


async def test_the_list_of_channels_is_empty_at_first(bot: RunningBot) -> None:
    listed = await change_settings(bot, "channels list")

    assert read(listed).splitlines() == ["Channels: all (default)", PERMISSION_NOTE.text]


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

    assert texts[2] == f"Channels: {told}, with their threads and posts (default: all)"


async def test_the_removable_channels_are_offered_by_name(bot: RunningBot) -> None:
    mod = bot.local.find_person("mod")
    for name in ("books", "general"):
        await change_settings(bot, "channels add", channel_=bot.local.find_channel(name))

    choices = await mod.autocomplete(
        "settings channels remove", "channel", "#Gen", channel=bot.general
    )

    assert choices == ({"name": "#general", "value": str(bot.general.id)},)


async def test_time_zones_are_offered_by_city_with_the_time_there(bot: RunningBot) -> None:
    mod = bot.local.find_person("mod")

    choices = await mod.autocomplete("settings zone", "zone", "são", channel=bot.general)
    all_of_them = await mod.autocomplete("settings zone", "zone", "", channel=bot.general)

    assert {choice["name"] for choice in choices} == {
        "America/Sao_Paulo (now 09:00)",
        "Africa/Sao_Tome (now 12:00)",
    }
    assert len(all_of_them) == 25


async def test_an_unknown_zone_is_refused_with_the_closest_ones(bot: RunningBot) -> None:
    answer = await change_settings(bot, "zone", zone="Berln")

    assert read(answer).startswith(
        "Unknown or ambiguous time zone “Berln”. Did you mean Europe/Berlin"
    )
    assert (await load_overrides(bot)).zone is None


async def test_the_settings_are_hidden_from_those_who_may_not_manage_the_server(
    bot: RunningBot,
) -> None:
    with pytest.raises(ImpossibleAction):
        await bot.anna.run_command("settings show", channel=bot.general)


async def test_one_whom_the_server_lets_use_it_without_the_permission_is_refused(
    bot: RunningBot,
) -> None:
    show_commands_to_all(bot)
    books = bot.local.find_channel("books")
    await change_settings(bot, "channels add", channel_=books)

    answer = await bot.anna.wait_for_answer(
        await bot.anna.run_command("settings reset", channel=bot.general)
    )
    choices = await bot.anna.autocomplete(
        "settings channels remove", "channel", "", channel=bot.general
    )

    assert read(answer) == "You need the Manage Server permission to use /settings."
    assert choices == ()
    assert (await load_overrides(bot)).channels == (books.id,)


def show_commands_to_all(bot: RunningBot) -> None:
    """Show all commands to everyone, as a server's managers can."""
    world = bot.local.world
    world.commands[None] = tuple(
        {**command, "default_member_permissions": None} for command in world.commands[None]
    )


async def test_settings_are_not_for_direct_messages(bot: RunningBot) -> None:
    mod = bot.local.find_person("mod")

    with pytest.raises(ImpossibleAction):
        await mod.run_command("settings show", channel=mod.direct_channel)


def test_an_option_for_answers_that_is_left_out_stays_as_it_is() -> None:
    overrides = GuildOverrides(guild="1", max_excerpts=2, is_visible=False)

    changed = change_answers(overrides, max_excerpts=5, visible=None)

    assert (changed.max_excerpts, changed.is_visible) == (5, False)


def test_a_channel_is_added_once_and_removed_by_its_id_as_text() -> None:
    overrides = GuildOverrides(guild="1", channels=(7,))

    both = add_channel(add_channel(overrides, channel_id=8), channel_id=8)

    assert both.channels == (7, 8)
    assert remove_channel(both, channel="7").channels == (8,)
    assert remove_channel(both, channel="no id") == both
