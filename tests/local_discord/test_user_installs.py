"""The bot where only a person has installed it: in a group, and in a guild that it is not in."""

from typing import Any

import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world import administration
from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.local_discord.world.constants import IntegrationType, InteractionType, Permission
from bot.local_discord.world.default_world import add_channel
from bot.local_discord.world.interactions import create_interaction
from bot.local_discord.world.records import Channel, Json, Message
from tests.local_discord.connections import send_request
from tests.local_discord.sample_bot import SampleBot

BY_USER = {IntegrationType.USER_INSTALL: "7"}
BY_BOTH = {IntegrationType.GUILD_INSTALL: "1", IntegrationType.USER_INSTALL: "7"}


@pytest.fixture
async def installed(local: LocalDiscord, bot: SampleBot) -> LocalDiscord:
    """Return the Discord once Anna has installed the bot, whose commands are for people, too."""
    local.world.commands[None] = tuple(
        {**command, "integration_types": [0, 1]} for command in local.world.commands[None]
    )
    administration.install_for_user(local.world, local.find_person("anna").user)
    bot.received_messages.clear()
    return local


@pytest.fixture
def received(local: LocalDiscord) -> list[Json]:
    """Return the interactions that the gateway sent to the bot."""
    interactions: list[Json] = []
    local.world.listeners.append(
        lambda event: (
            interactions.append(event.data or {}) if event.name == "INTERACTION_CREATE" else None
        )
    )
    return interactions


async def ask(local: LocalDiscord, channel: Channel) -> Message:
    anna = local.find_person("anna")
    return await anna.wait_for_answer(
        await anna.run_command("ask", channel=channel, question="why")
    )


async def test_a_command_in_a_group_is_answered_to_all_its_members(
    installed: LocalDiscord, received: list[Json]
) -> None:
    group = installed.world.find_group("picnic")

    answer = await ask(installed, group)

    anna, bo, cleo = (installed.find_person(name) for name in ("anna", "bo", "cleo"))
    assert answer in bo.get_visible_messages(group)
    assert cleo.get_visible_messages(group) == ()
    assert (received[0]["context"], received[0]["channel"]["type"]) == (2, 3)
    assert [user["id"] for user in received[0]["channel"]["recipients"]] == [
        str(anna.id),
        str(bo.id),
    ]
    assert received[0]["authorizing_integration_owners"] == {"1": str(anna.id)}
    assert "member" not in received[0]
    assert received[0]["user"]["id"] == str(anna.id)


async def test_a_button_and_a_menu_work_in_a_group(installed: LocalDiscord) -> None:
    anna, group = installed.find_person("anna"), installed.world.find_group("picnic")
    answer = await ask(installed, group)

    pressed = await anna.wait_for_answer(await anna.press(answer, "More"))
    quoted = await anna.wait_for_answer(
        await anna.run_context_menu("Quote", anna.post(group, "hello"))
    )

    assert (pressed.content, pressed.only_for) == ("pressed 1", anna.id)
    assert quoted.content == "> hello"


async def test_the_bot_neither_reads_nor_writes_in_a_group_by_itself(
    installed: LocalDiscord, bot: SampleBot
) -> None:
    anna, group = installed.find_person("anna"), installed.world.find_group("picnic")

    anna.post(group, f"<@{installed.world.bot.id}> hello")
    await anna.wait_for_reply(anna.send_direct_message("psst"))
    posted = await send_request(
        installed, "POST", f"/channels/{group.id}/messages", json={"content": "hello"}
    )

    assert {message.channel.id for message in bot.received_messages} == {anna.direct_channel.id}
    assert (posted[0], posted[1]["code"]) == (403, 50001)


async def test_a_group_offers_only_the_commands_that_a_person_installed_for_groups(
    installed: LocalDiscord,
) -> None:
    anna, bo = installed.find_person("anna"), installed.find_person("bo")
    group = installed.world.find_group("picnic")

    with pytest.raises(ImpossibleAction, match="not installed here"):
        await bo.run_command("ask", channel=group, question="why")
    installed.world.commands[None] = tuple(
        {**command, "contexts": [0, 1]} for command in installed.world.commands[None]
    )
    with pytest.raises(ImpossibleAction, match="not offered in group messages"):
        await anna.run_command("ask", channel=group, question="why")


@pytest.mark.parametrize(
    ("guild", "name", "is_ephemeral"),
    [("Quay", "no-apps", True), ("Quay", "pier", False), ("Harbour", "no-apps", False)],
    ids=["without the permission", "with it", "installed by the guild"],
)
async def test_without_use_external_apps_only_the_person_sees_the_answers(
    installed: LocalDiscord, guild: str, name: str, *, is_ephemeral: bool
) -> None:
    harbour = installed.find_guild("Harbour")
    add_channel(installed.world, harbour, "no-apps", deny=Permission.USE_EXTERNAL_APPS)
    channel, anna = installed.find_channel(name, guild), installed.find_person("anna")

    answer = await ask(installed, channel)
    await installed.wait_for(lambda: anna.get_visible_messages(channel)[1:])

    assert answer.is_ephemeral is is_ephemeral
    assert answer.text == "answer 1"


async def test_another_member_may_press_a_button_of_what_one_person_installed(
    installed: LocalDiscord, received: list[Json]
) -> None:
    bo, pier = installed.find_person("bo"), installed.find_channel("pier", "Quay")
    answer = await ask(installed, pier)

    await bo.press(answer, "More")

    anna_id = str(installed.find_person("anna").id)
    assert received[-1]["authorizing_integration_owners"] == {"1": anna_id}


@pytest.mark.parametrize(
    ("owners", "statuses"),
    [(BY_USER, [200] * 5 + [400]), (BY_BOTH, [200] * 6)],
    ids=["user", "both"],
)
async def test_a_user_install_follows_up_five_times(
    local: LocalDiscord, owners: dict[IntegrationType, str], statuses: list[int]
) -> None:
    interaction = create_interaction(
        local.world,
        InteractionType.APPLICATION_COMMAND,
        local.find_person("anna").user,
        local.find_channel("general"),
        {},
        integration_owners=owners,
    )
    callback = f"/interactions/{interaction.id}/{interaction.token}/callback"
    await send_request(local, "POST", callback, json={"type": 4, "data": {"content": "hello"}})
    path = f"/webhooks/{local.world.application_id}/{interaction.token}"

    responses: list[tuple[int, Any]] = [
        await send_request(local, "POST", path, json={"content": "more"}) for _ in statuses
    ]

    assert [status for status, _ in responses] == statuses
    assert {payload["code"] for status, payload in responses if status == 400} <= {40094}
