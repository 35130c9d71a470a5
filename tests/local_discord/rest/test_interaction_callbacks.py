"""The time limits of interactions, and the responses that each of them accepts."""

import json
from functools import partial
from typing import Any

import aiohttp
import discord
import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world import administration, interactions
from bot.local_discord.world.constants import InteractionType, MessageType, Permission
from bot.local_discord.world.records import Interaction, Json
from tests.local_discord.connections import send_request
from tests.local_discord.sample_bot import SampleBot

HELLO: Json = {"content": "hello"}
ANSWER: Json = {"type": 4, "data": HELLO}
EPHEMERAL = 64


def begin_interaction(
    local: LocalDiscord,
    interaction_type: InteractionType = InteractionType.APPLICATION_COMMAND,
    **data: Any,
) -> Interaction:
    anna = local.find_person("anna")
    return interactions.create_interaction(
        local.world, interaction_type, anna.user, local.find_channel("general"), data
    )


async def send_callback(
    local: LocalDiscord, interaction: Interaction, body: Json, query: str = "?with_response=1"
) -> tuple[int, Any]:
    path = f"/interactions/{interaction.id}/{interaction.token}/callback{query}"
    return await send_request(local, "POST", path, headers={}, json=body)


def get_webhook_path(local: LocalDiscord, interaction: Interaction, rest: str = "") -> str:
    return f"/webhooks/{local.world.application_id}/{interaction.token}{rest}"


async def test_a_callback_tells_of_its_message_only_when_asked(local: LocalDiscord) -> None:
    loud = await send_callback(local, begin_interaction(local), ANSWER)
    quiet = await send_callback(local, begin_interaction(local), ANSWER, query="")

    assert loud[0] == 200
    assert loud[1]["resource"]["message"]["content"] == "hello"
    assert quiet == (204, None)


async def test_an_answer_after_three_seconds_is_late(local: LocalDiscord) -> None:
    interaction = begin_interaction(local)
    local.clock.advance(3.1)

    status, payload = await send_callback(local, interaction, ANSWER)

    assert (status, payload["code"]) == (404, 10062)


async def test_a_second_first_answer_is_refused(local: LocalDiscord) -> None:
    interaction = begin_interaction(local)
    await send_callback(local, interaction, {"type": 5})

    status, payload = await send_callback(local, interaction, ANSWER)

    assert (status, payload["code"]) == (400, 40060)


async def test_discord_py_hears_that_it_was_late(local: LocalDiscord, bot: SampleBot) -> None:
    bot.delay_seconds = 0.02
    interaction = begin_interaction(
        local,
        id=local.world.commands[None][0]["id"],
        name="ask",
        type=1,
        options=[{"name": "question", "type": 3, "value": "why"}],
    )
    local.clock.advance(3.1)

    failure = await bot.errors.get()

    assert isinstance(failure, discord.app_commands.CommandInvokeError)
    assert isinstance(failure.original, discord.NotFound)
    assert failure.original.code == 10062
    assert interaction.callback_type is None


async def test_a_token_lasts_fifteen_minutes(local: LocalDiscord) -> None:
    interaction = begin_interaction(local)
    await send_callback(local, interaction, ANSWER)
    local.clock.advance(14 * 60)
    before = await send_request(local, "POST", get_webhook_path(local, interaction), json=HELLO)
    local.clock.advance(2 * 60)

    after = await send_request(local, "POST", get_webhook_path(local, interaction), json=HELLO)
    original = await send_request(
        local, "GET", get_webhook_path(local, interaction, "/messages/@original")
    )

    assert before[0] == 200
    assert (after[0], after[1]["code"]) == (404, 10015)
    assert (original[0], original[1]["code"]) == (404, 10015)


async def test_nothing_follows_up_what_was_not_answered(local: LocalDiscord) -> None:
    status, payload = await send_request(
        local, "POST", get_webhook_path(local, begin_interaction(local)), json=HELLO
    )

    assert (status, payload["code"]) == (404, 10015)


async def test_the_first_follow_up_takes_the_place_of_the_thinking(local: LocalDiscord) -> None:
    interaction = begin_interaction(local)
    await send_callback(local, interaction, {"type": 5, "data": {"flags": EPHEMERAL}})
    thinking = local.world.messages[interaction.original_message_id or 0]

    await send_request(local, "POST", get_webhook_path(local, interaction), json=HELLO)
    await send_request(local, "POST", get_webhook_path(local, interaction), json=HELLO)

    first, second = local.get_messages(local.find_channel("general"))
    assert thinking.is_loading
    assert (first.id, first.content, first.is_loading) == (thinking.id, "hello", False)
    assert (first.is_ephemeral, second.is_ephemeral) == (True, False)
    assert (second.type, second.reply_to_id) == (MessageType.REPLY, first.id)


async def test_answers_are_read_edited_and_deleted_by_their_names(local: LocalDiscord) -> None:
    interaction = begin_interaction(local)
    await send_callback(local, interaction, ANSWER)
    _, follow_up = await send_request(
        local, "POST", get_webhook_path(local, interaction), json=HELLO
    )
    original = get_webhook_path(local, interaction, "/messages/@original")
    second = get_webhook_path(local, interaction, f"/messages/{follow_up['id']}")

    await send_request(local, "PATCH", second, json={"content": "changed"})
    read = await send_request(local, "GET", second)
    deleted = await send_request(local, "DELETE", original)
    gone = await send_request(local, "PATCH", original, json=HELLO)

    assert read[1]["content"] == "changed"
    assert read[1]["edited_timestamp"] is not None
    assert deleted == (204, None)
    assert (gone[0], gone[1]["code"]) == (404, 10008)


def build_form_with_file(body: Json) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    form.add_field("files[0]", b"points", filename="chart.png", content_type="image/png")
    return form


@pytest.mark.parametrize("may_attach", [True, False])
@pytest.mark.parametrize("entry_point", ["first answer", "follow-up", "edit"])
async def test_an_answer_has_files_where_the_bot_may_attach_them(
    local: LocalDiscord, entry_point: str, *, may_attach: bool
) -> None:
    interaction = begin_interaction(local)
    callback = f"/interactions/{interaction.id}/{interaction.token}/callback"
    if entry_point != "first answer":
        await send_callback(local, interaction, {"type": 5})
    if not may_attach:
        administration.deny_permission(
            local.world, local.find_channel("general"), Permission.ATTACH_FILES
        )

    status, payload = await {
        "first answer": partial(
            send_request, method="POST", path=callback, data=build_form_with_file(ANSWER)
        ),
        "follow-up": partial(
            send_request,
            method="POST",
            path=get_webhook_path(local, interaction),
            data=build_form_with_file(HELLO),
        ),
        "edit": partial(
            send_request,
            method="PATCH",
            path=get_webhook_path(local, interaction, "/messages/@original"),
            data=build_form_with_file(HELLO),
        ),
    }[entry_point](local)

    filenames = [
        attachment.filename
        for message in local.get_messages(local.find_channel("general"))
        for attachment in message.attachments
    ]
    if may_attach:
        assert (status < 300, filenames) == (True, ["chart.png"])
    else:
        assert (status, payload["code"], filenames) == (403, 50013, [])


@pytest.mark.parametrize("name", ["7", "nothing"])
async def test_a_token_opens_only_its_own_messages(local: LocalDiscord, name: str) -> None:
    interaction = begin_interaction(local)
    await send_callback(local, interaction, ANSWER)

    status, payload = await send_request(
        local, "GET", get_webhook_path(local, interaction, f"/messages/{name}")
    )

    assert (status, payload["code"]) == (404, 10008)


async def test_an_ephemeral_answer_is_only_with_the_one_who_asked(local: LocalDiscord) -> None:
    general = local.find_channel("general")
    interaction = begin_interaction(local)

    _, payload = await send_callback(
        local, interaction, {"type": 4, "data": {**HELLO, "flags": 64}}
    )
    message_id = payload["interaction"]["response_message_id"]
    single = await send_request(local, "GET", f"/channels/{general.id}/messages/{message_id}")
    page = await send_request(local, "GET", f"/channels/{general.id}/messages")

    assert payload["interaction"]["response_message_ephemeral"]
    assert len(local.find_person("anna").get_visible_messages(general)) == 1
    assert local.find_person("bo").get_visible_messages(general) == ()
    assert (single[0], single[1]["code"]) == (404, 10008)
    assert page[1] == []


@pytest.mark.parametrize(
    ("interaction_type", "answer"),
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
    local: LocalDiscord, interaction_type: InteractionType, answer: int
) -> None:
    status, payload = await send_callback(
        local, begin_interaction(local, interaction_type), {"type": answer}
    )

    assert (status, payload["code"]) == (400, 50035)
    assert payload["errors"]["type"]["_errors"][0]["code"] == "BASE_TYPE_CHOICES"


@pytest.mark.parametrize(
    ("interaction_type", "body", "path"),
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
    local: LocalDiscord, interaction_type: InteractionType, body: Json, path: list[str]
) -> None:
    interaction = begin_interaction(local, interaction_type)

    status, payload = await send_callback(local, interaction, body)

    errors = payload["errors"]["data"]
    for part in path:
        errors = errors[part]
    assert (status, payload["code"]) == (400, 50035)
    assert errors["_errors"]
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

    status, payload = await send_callback(local, interaction, {"type": 7, "data": HELLO})

    assert (status, payload["code"]) == (404, 10008)


async def test_an_unknown_token_is_unknown(local: LocalDiscord) -> None:
    interaction = begin_interaction(local)
    path = f"/interactions/{interaction.id + 1}/{interaction.token}/callback"

    status, payload = await send_request(local, "POST", path, json=ANSWER)

    assert (status, payload["code"]) == (404, 10062)
