"""The clocks of interactions, and which answer is taken when."""

import json
from functools import partial
from typing import Any

import aiohttp
import discord
import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world import administration as moderation
from bot.local_discord.world import interactions
from bot.local_discord.world.constants import InteractionType, MessageType, Permission
from bot.local_discord.world.records import Interaction, Json
from tests.local_discord.sample_bot import SampleBot
from tests.local_discord.starting import asked

HELLO: Json = {"content": "hello"}
ANSWER: Json = {"type": 4, "data": HELLO}
EPHEMERAL = 64


def begun(
    local: LocalDiscord, kind: InteractionType = InteractionType.APPLICATION_COMMAND, **data: Any
) -> Interaction:
    anna = local.find_person("anna")
    return interactions.create_interaction(
        local.world, kind, anna.user, local.find_channel("general"), data
    )


async def called_back(
    local: LocalDiscord, interaction: Interaction, body: Json, query: str = "?with_response=1"
) -> tuple[int, Any]:
    path = f"/interactions/{interaction.id}/{interaction.token}/callback{query}"
    return await asked(local, "POST", path, headers={}, json=body)


def webhook(local: LocalDiscord, interaction: Interaction, rest: str = "") -> str:
    return f"/webhooks/{local.world.application_id}/{interaction.token}{rest}"


async def test_a_callback_tells_of_its_message_only_when_asked(local: LocalDiscord) -> None:
    loud = await called_back(local, begun(local), ANSWER)
    quiet = await called_back(local, begun(local), ANSWER, query="")

    assert loud[0] == 200
    assert loud[1]["resource"]["message"]["content"] == "hello"
    assert quiet == (204, None)


async def test_an_answer_after_three_seconds_is_late(local: LocalDiscord) -> None:
    interaction = begun(local)
    local.clock.advance(3.1)

    status, told = await called_back(local, interaction, ANSWER)

    assert (status, told["code"]) == (404, 10062)


async def test_a_second_first_answer_is_refused(local: LocalDiscord) -> None:
    interaction = begun(local)
    await called_back(local, interaction, {"type": 5})

    status, told = await called_back(local, interaction, ANSWER)

    assert (status, told["code"]) == (400, 40060)


async def test_discord_py_hears_that_it_was_late(local: LocalDiscord, bot: SampleBot) -> None:
    bot.hold = 0.02
    interaction = begun(
        local,
        id=local.world.commands[None][0]["id"],
        name="ask",
        type=1,
        options=[{"name": "question", "type": 3, "value": "why"}],
    )
    local.clock.advance(3.1)

    failure = await bot.failed.get()

    assert isinstance(failure, discord.app_commands.CommandInvokeError)
    assert isinstance(failure.original, discord.NotFound)
    assert failure.original.code == 10062
    assert interaction.callback_type is None


async def test_a_token_lasts_fifteen_minutes(local: LocalDiscord) -> None:
    interaction = begun(local)
    await called_back(local, interaction, ANSWER)
    local.clock.advance(14 * 60)
    before = await asked(local, "POST", webhook(local, interaction), json=HELLO)
    local.clock.advance(2 * 60)

    after = await asked(local, "POST", webhook(local, interaction), json=HELLO)
    original = await asked(local, "GET", webhook(local, interaction, "/messages/@original"))

    assert before[0] == 200
    assert (after[0], after[1]["code"]) == (404, 10015)
    assert (original[0], original[1]["code"]) == (404, 10015)


async def test_nothing_follows_up_what_was_not_answered(local: LocalDiscord) -> None:
    status, told = await asked(local, "POST", webhook(local, begun(local)), json=HELLO)

    assert (status, told["code"]) == (404, 10015)


async def test_the_first_follow_up_takes_the_place_of_the_thinking(local: LocalDiscord) -> None:
    interaction = begun(local)
    await called_back(local, interaction, {"type": 5, "data": {"flags": EPHEMERAL}})
    thinking = local.world.messages[interaction.original_message_id or 0]

    await asked(local, "POST", webhook(local, interaction), json=HELLO)
    await asked(local, "POST", webhook(local, interaction), json=HELLO)

    first, second = local.get_messages(local.find_channel("general"))
    assert thinking.is_loading
    assert (first.id, first.content, first.is_loading) == (thinking.id, "hello", False)
    assert (first.is_ephemeral, second.is_ephemeral) == (True, False)
    assert (second.type, second.reply_to) == (MessageType.REPLY, first.id)


async def test_answers_are_read_edited_and_deleted_by_their_names(local: LocalDiscord) -> None:
    interaction = begun(local)
    await called_back(local, interaction, ANSWER)
    _, follow_up = await asked(local, "POST", webhook(local, interaction), json=HELLO)
    original = webhook(local, interaction, "/messages/@original")
    second = webhook(local, interaction, f"/messages/{follow_up['id']}")

    await asked(local, "PATCH", second, json={"content": "changed"})
    read = await asked(local, "GET", second)
    deleted = await asked(local, "DELETE", original)
    gone = await asked(local, "PATCH", original, json=HELLO)

    assert read[1]["content"] == "changed"
    assert read[1]["edited_timestamp"] is not None
    assert deleted == (204, None)
    assert (gone[0], gone[1]["code"]) == (404, 10008)


def with_a_file(body: Json) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    form.add_field("files[0]", b"points", filename="chart.png", content_type="image/png")
    return form


@pytest.mark.parametrize("may_attach", [True, False])
@pytest.mark.parametrize("way", ["first answer", "follow-up", "edit"])
async def test_an_answer_has_files_where_the_bot_may_attach_them(
    local: LocalDiscord, way: str, *, may_attach: bool
) -> None:
    interaction = begun(local)
    callback = f"/interactions/{interaction.id}/{interaction.token}/callback"
    if way != "first answer":
        await called_back(local, interaction, {"type": 5})
    if not may_attach:
        moderation.deny_permission(
            local.world, local.find_channel("general"), Permission.ATTACH_FILES
        )

    status, told = await {
        "first answer": partial(asked, method="POST", path=callback, data=with_a_file(ANSWER)),
        "follow-up": partial(
            asked, method="POST", path=webhook(local, interaction), data=with_a_file(HELLO)
        ),
        "edit": partial(
            asked,
            method="PATCH",
            path=webhook(local, interaction, "/messages/@original"),
            data=with_a_file(HELLO),
        ),
    }[way](local)

    files = [
        each.filename
        for message in local.get_messages(local.find_channel("general"))
        for each in message.attachments
    ]
    if may_attach:
        assert (status < 300, files) == (True, ["chart.png"])
    else:
        assert (status, told["code"], files) == (403, 50013, [])


@pytest.mark.parametrize("name", ["7", "nothing"])
async def test_a_token_opens_only_its_own_messages(local: LocalDiscord, name: str) -> None:
    interaction = begun(local)
    await called_back(local, interaction, ANSWER)

    status, told = await asked(local, "GET", webhook(local, interaction, f"/messages/{name}"))

    assert (status, told["code"]) == (404, 10008)


async def test_an_ephemeral_answer_is_only_with_the_one_who_asked(local: LocalDiscord) -> None:
    general = local.find_channel("general")
    interaction = begun(local)

    _, told = await called_back(local, interaction, {"type": 4, "data": {**HELLO, "flags": 64}})
    message_id = told["interaction"]["response_message_id"]
    single = await asked(local, "GET", f"/channels/{general.id}/messages/{message_id}")
    page = await asked(local, "GET", f"/channels/{general.id}/messages")

    assert told["interaction"]["response_message_ephemeral"]
    assert len(local.find_person("anna").get_visible_messages(general)) == 1
    assert local.find_person("bo").get_visible_messages(general) == ()
    assert (single[0], single[1]["code"]) == (404, 10008)
    assert page[1] == []


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (InteractionType.APPLICATION_COMMAND, 6),
        (InteractionType.APPLICATION_COMMAND, 8),
        (InteractionType.AUTOCOMPLETE, 5),
        (InteractionType.MODAL_SUBMIT, 9),
        (InteractionType.MODAL_SUBMIT, 7),
        (InteractionType.MESSAGE_COMPONENT, 1),
    ],
)
async def test_an_answer_of_the_wrong_kind_is_refused(
    local: LocalDiscord, kind: InteractionType, answer: int
) -> None:
    status, told = await called_back(local, begun(local, kind), {"type": answer})

    assert (status, told["code"]) == (400, 50035)
    assert told["errors"]["type"]["_errors"][0]["code"] == "BASE_TYPE_CHOICES"


@pytest.mark.parametrize(
    ("kind", "body", "path"),
    [
        (
            InteractionType.APPLICATION_COMMAND,
            {"type": 4, "data": {"content": "x" * 2001}},
            ["content"],
        ),
        (
            InteractionType.APPLICATION_COMMAND,
            {"type": 9, "data": {"custom_id": "a", "title": "x" * 46, "components": []}},
            ["title"],
        ),
        (
            InteractionType.AUTOCOMPLETE,
            {"type": 8, "data": {"choices": [{"name": "x" * 101, "value": "x"}]}},
            ["choices", "0", "name"],
        ),
    ],
)
async def test_what_is_beyond_a_limit_is_refused_and_may_be_tried_again(
    local: LocalDiscord, kind: InteractionType, body: Json, path: list[str]
) -> None:
    interaction = begun(local, kind)

    status, told = await called_back(local, interaction, body)

    place = told["errors"]["data"]
    for part in path:
        place = place[part]
    assert (status, told["code"]) == (400, 50035)
    assert place["_errors"]
    assert interaction.callback_type is None


async def test_a_message_that_is_gone_is_not_updated(local: LocalDiscord) -> None:
    anna = local.find_person("anna")
    message = anna.post(local.find_channel("general"), "here")
    interaction = interactions.create_interaction(
        local.world,
        InteractionType.MESSAGE_COMPONENT,
        anna.user,
        local.find_channel("general"),
        {"custom_id": "x", "component_type": 2},
        message=message,
    )
    anna.delete(message)

    status, told = await called_back(local, interaction, {"type": 7, "data": HELLO})

    assert (status, told["code"]) == (404, 10008)


async def test_an_unknown_token_is_unknown(local: LocalDiscord) -> None:
    interaction = begun(local)
    path = f"/interactions/{interaction.id + 1}/{interaction.token}/callback"

    status, told = await asked(local, "POST", path, json=ANSWER)

    assert (status, told["code"]) == (404, 10062)
