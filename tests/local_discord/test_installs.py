"""Installs for a guild and for a user, and who gets which commands."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world import administration, client_payloads
from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.local_discord.world.constants import ChannelType, IntegrationType, Permission
from bot.local_discord.world.records import Channel, Json
from tests.local_discord.sample_bot import SampleBot

HERE = Channel(id=5, type=ChannelType.TEXT, name="books", guild_id=1)
DIRECT = Channel(id=6, type=ChannelType.DM, recipient_id=7)


def build_command(**fields: object) -> Json:
    return {"id": "1", "name": "ask", "type": 1, **fields}


@pytest.mark.parametrize(
    ("integration_types", "owners"),
    [
        (None, {IntegrationType.GUILD_INSTALL: "1"}),
        ([0], {IntegrationType.GUILD_INSTALL: "1"}),
        ([1], {IntegrationType.USER_INSTALL: "2"}),
        ([0, 1], {IntegrationType.GUILD_INSTALL: "1", IntegrationType.USER_INSTALL: "2"}),
    ],
)
def test_a_command_is_there_by_the_installs_that_it_is_for(
    integration_types: Sequence[int] | None, owners: dict[IntegrationType, str]
) -> None:
    owners_of_both = {IntegrationType.GUILD_INSTALL: "1", IntegrationType.USER_INSTALL: "2"}

    assert (
        client_payloads.filter_owners(
            build_command(integration_types=integration_types), owners_of_both
        )
        == owners
    )


def test_a_command_is_not_there_where_nobody_installed_the_application_for_it() -> None:
    with pytest.raises(ImpossibleAction):
        client_payloads.filter_owners(
            build_command(integration_types=[0]), {IntegrationType.USER_INSTALL: "2"}
        )


@pytest.mark.parametrize(
    ("needed", "channel", "permissions"),
    [
        (None, HERE, Permission.NONE),
        ("32", HERE, Permission.MANAGE_GUILD | Permission.SEND_MESSAGES),
        ("32", HERE, Permission.ADMINISTRATOR),
        ("0", HERE, Permission.ADMINISTRATOR),
        ("32", DIRECT, Permission.NONE),
    ],
    ids=["for all", "held", "administrator", "for administrators", "direct"],
)
def test_a_command_is_shown_to_those_who_may_use_it(
    needed: str | None, channel: Channel, permissions: Permission
) -> None:
    client_payloads.require_member_permissions(
        build_command(default_member_permissions=needed), channel, permissions
    )


@pytest.mark.parametrize(
    ("needed", "permissions"),
    [
        ("32", Permission.SEND_MESSAGES),
        ("2080", Permission.MANAGE_GUILD),
        ("0", Permission.MANAGE_GUILD),
    ],
    ids=["another", "one of two", "for administrators"],
)
def test_a_command_is_hidden_from_those_who_may_not_use_it(
    needed: str, permissions: Permission
) -> None:
    with pytest.raises(ImpossibleAction):
        client_payloads.require_member_permissions(
            build_command(default_member_permissions=needed), HERE, permissions
        )


def test_a_channel_option_takes_only_channels_of_its_types() -> None:
    option = {"name": "where", "type": 7, "channel_types": [0, 5]}
    command = build_command(options=[option])
    voice = Channel(id=8, type=ChannelType.VOICE, name="lounge", guild_id=1)

    data = client_payloads.build_command_data(command, (), {"where": HERE})
    with pytest.raises(ImpossibleAction):
        client_payloads.build_command_data(command, (), {"where": voice})

    assert data["options"][0]["value"] == "5"


@pytest.fixture
def received_interactions(local: LocalDiscord) -> list[Json]:
    """Return the interactions that the gateway sent to the bot."""
    interactions: list[Json] = []
    local.world.listeners.append(
        lambda event: (
            interactions.append(event.data or {}) if event.name == "INTERACTION_CREATE" else None
        )
    )
    return interactions


@pytest.mark.usefixtures("bot")
async def test_the_bot_is_told_by_whom_it_is_there(
    local: LocalDiscord, received_interactions: list[Json]
) -> None:
    anna, general = local.find_person("anna"), local.find_channel("general")
    make_commands_installable_by_both(local)

    await anna.run_command("ask", channel=general, question="why")
    await anna.run_command("ask", channel=anna.direct_channel, question="why")
    administration.install_for_user(local.world, anna.user)
    await anna.run_command("ask", channel=general, question="why")
    administration.remove_bot(local.world, local.find_guild())
    await anna.run_command("ask", channel=general, question="why")

    by_guild, by_user = {"0": str(general.guild_id)}, {"1": str(anna.id)}
    assert [
        interaction["authorizing_integration_owners"] for interaction in received_interactions
    ] == [
        by_guild,
        {"0": "0"},
        by_guild | by_user,
        by_user,
    ]


@pytest.mark.usefixtures("bot")
async def test_an_answer_says_by_whom_the_bot_was_there(
    local: LocalDiscord, received_interactions: list[Json]
) -> None:
    anna, general = local.find_person("anna"), local.find_channel("general")
    answer = await anna.wait_for_answer(
        await anna.run_command("ask", channel=general, question="why")
    )

    await anna.press(answer, "More")

    metadata: Any = received_interactions[-1]["message"]["interaction_metadata"]
    assert metadata["authorizing_integration_owners"] == {"0": str(general.guild_id)}


@pytest.mark.usefixtures("bot")
async def test_a_person_finds_no_command_where_neither_they_nor_the_guild_installed_it(
    local: LocalDiscord,
) -> None:
    administration.remove_bot(local.world, local.find_guild())

    with pytest.raises(ImpossibleAction):
        await local.find_person("anna").run_command(
            "ask", channel=local.find_channel("general"), question="why"
        )


@pytest.mark.usefixtures("bot")
async def test_a_command_that_needs_a_permission_is_found_by_those_who_have_it(
    local: LocalDiscord,
) -> None:
    general = local.find_channel("general")
    local.world.commands[None] = tuple(
        {**command, "default_member_permissions": "32"} for command in local.world.commands[None]
    )

    interaction = await local.find_person("mod").run_command("ask", channel=general, question="why")
    with pytest.raises(ImpossibleAction):
        await local.find_person("anna").run_command("ask", channel=general, question="why")

    assert interaction.callback_type


def make_commands_installable_by_both(local: LocalDiscord) -> None:
    """Let guilds and people install the commands."""
    local.world.commands[None] = tuple(
        {**command, "integration_types": [0, 1]} for command in local.world.commands[None]
    )


async def test_a_guild_that_cannot_be_reached_is_named_to_a_bot_that_comes_and_told_later(
    local: LocalDiscord, bot: SampleBot
) -> None:
    harbour = local.find_guild()
    administration.start_outage(local.world, harbour)
    identify_count = local.gateway.identify_count

    local.gateway.invalidate_sessions()
    await local.wait_for(lambda: local.gateway.identify_count > identify_count)
    await bot.wait_until_ready()
    await local.wait_for(
        lambda: is_down(bot, harbour.id) and not is_down_elsewhere(bot, harbour.id)
    )
    administration.end_outage(local.world, harbour)
    local.find_person("anna").post(local.find_channel("general"), "hello")
    await local.wait_for(lambda: bot.received_messages)

    assert not is_down(bot, harbour.id)


def is_down(bot: SampleBot, guild_id: int) -> bool:
    guild = bot.get_guild(guild_id)
    return bool(guild and guild.unavailable)


def is_down_elsewhere(bot: SampleBot, guild_id: int) -> bool:
    return any(guild.unavailable for guild in bot.guilds if guild.id != guild_id)
