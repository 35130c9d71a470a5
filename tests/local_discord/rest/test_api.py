"""The answers of the REST API, also to wrong requests."""

import io
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world import administration
from bot.local_discord.world.constants import ChannelType, Permission
from bot.local_discord.world.default_world import EVERYONE_PERMISSIONS, add_channel
from bot.local_discord.world.permissions import ALL_PERMISSIONS
from tests.local_discord.connections import send_request
from tests.local_discord.sample_bot import SampleBot

HELLO = {"content": "hello"}


def fill_in_ids(path: str, local: LocalDiscord) -> str:
    """Return a path with ids for its placeholders, such as `<general>` and `{app}`."""
    channels = {channel.name: channel.id for channel in local.world.channels.values()}
    for name, channel_id in channels.items():
        path = path.replace(f"<{name}>", str(channel_id))
    return path.format(
        app=local.world.application_id, guild=local.find_guild().id, bot=local.world.bot.id
    )


async def test_json_is_labelled_as_discord_labels_it(local: LocalDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.get(local.api_url + "/x") as response:
        assert response.headers["Content-Type"] == "application/json"


async def test_a_request_without_the_token_is_unauthorized(local: LocalDiscord) -> None:
    status, payload = await send_request(local, "GET", "/users/@me", headers={})

    assert (status, payload) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_an_application_tells_who_can_install_it_and_which_intents_it_was_given(
    local: LocalDiscord,
) -> None:
    local.world.integration_types = (1,)
    local.world.privileged_intents = 1 << 1 | 1 << 15

    _, payload = await send_request(local, "GET", "/applications/@me")

    assert payload["integration_types_config"] == {"1": {}}
    assert payload["flags"] == 1 << 15 | 1 << 19


async def test_the_bot_is_told_of_its_guilds_and_what_its_roles_allow_there(
    local: LocalDiscord,
) -> None:
    harbour = local.find_guild()
    members = {**harbour.members, local.world.bot.id: (harbour.roles[1].id,)}
    local.world.guilds[harbour.id] = replace(harbour, members=members)
    lighthouse = local.find_guild("Lighthouse")
    alone = {
        user: roles for user, roles in lighthouse.members.items() if user != local.world.bot.id
    }
    local.world.guilds[lighthouse.id] = replace(lighthouse, members=alone)

    _, (guild,) = await send_request(local, "GET", "/users/@me/guilds")

    assert (guild["id"], guild["name"]) == (str(harbour.id), "Harbour")
    assert guild["permissions"] == str(int(ALL_PERMISSIONS))


async def test_a_plain_role_allows_what_it_says(local: LocalDiscord) -> None:
    _, payload = await send_request(local, "GET", "/users/@me/guilds")

    assert {guild["permissions"] for guild in payload} == {str(int(EVERYONE_PERMISSIONS))}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nothing", None, 404, 0),
        ("DELETE", "/users/@me", None, 405, 0),
        ("GET", "/users/7", None, 404, 10013),
        ("GET", "/channels/7", None, 404, 10003),
        ("GET", "/channels/x", None, 400, 50035),
        ("GET", "/guilds/7", None, 404, 10004),
        ("GET", "/guilds/{guild}/members/7", None, 404, 10007),
        ("GET", "/channels/<staff>", None, 403, 50001),
        ("GET", "/channels/<general>/messages/7", None, 404, 10008),
        ("GET", "/channels/<general>/messages?limit=0", None, 400, 50035),
        ("GET", "/channels/<no-history>/messages/7", None, 403, 50013),
        ("POST", "/channels/<staff>/messages", HELLO, 403, 50001),
        ("POST", "/channels/<staff>/typing", None, 403, 50001),
        ("POST", "/channels/<read-only>/messages", HELLO, 403, 50013),
        ("POST", "/channels/<read-only>/typing", None, 403, 50013),
        ("POST", "/channels/<locked-thread>/messages", HELLO, 403, 50083),
        ("POST", "/channels/<questions>/messages", HELLO, 400, 50008),
        ("POST", "/channels/<Reading>/messages", HELLO, 400, 50008),
        ("POST", "/channels/<general>/messages", {"content": ""}, 400, 50006),
        ("POST", "/channels/<general>/messages", {"content": "x" * 2001}, 400, 50035),
        (
            "POST",
            "/channels/<no-history>/messages",
            {**HELLO, "message_reference": {"message_id": 7}},
            403,
            160002,
        ),
        (
            "POST",
            "/channels/<general>/messages",
            {**HELLO, "message_reference": {"message_id": 7}},
            400,
            50035,
        ),
        ("POST", "/users/@me/channels", {"recipient_id": 7}, 404, 10013),
        ("POST", "/users/@me/channels", {"recipient_id": "{bot}"}, 404, 10013),
        ("POST", "/channels/<general>/threads", {"name": ""}, 400, 50035),
        ("PUT", "/applications/7/commands", [], 403, 50001),
        ("PUT", "/applications/{app}/commands", [{"name": "A b"}], 400, 50035),
        ("PUT", "/applications/{app}/guilds/7/commands", [], 404, 10004),
        ("POST", "/interactions/7/token/callback", {"type": 5}, 404, 10062),
        ("POST", "/webhooks/7/token", HELLO, 404, 10015),
        ("POST", "/webhooks/{app}/token", HELLO, 404, 10015),
    ],
)
async def test_a_wrong_request_is_refused_with_discords_code(  # noqa: PLR0913, PLR0917 - a row
    local: LocalDiscord, method: str, path: str, body: Any, status: int, code: int
) -> None:
    if isinstance(body, dict) and body.get("recipient_id") == "{bot}":
        body = {"recipient_id": local.world.bot.id}

    answered_status, payload = await send_request(
        local, method, fill_in_ids(path, local), json=body
    )

    assert (answered_status, payload["code"]) == (status, code)


async def test_refused_fields_are_named_where_they_stand(local: LocalDiscord) -> None:
    path = fill_in_ids("/channels/<general>/messages", local)

    _, payload = await send_request(local, "POST", path, json={"content": "x" * 2001})

    assert payload["errors"]["content"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"


async def test_a_body_that_is_no_json_is_refused(local: LocalDiscord) -> None:
    path = fill_in_ids("/channels/<general>/messages", local)

    status, payload = await send_request(local, "POST", path, data=b"{")

    assert (status, payload["code"]) == (400, 50109)


async def test_a_message_is_sent_read_edited_and_deleted(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")
    general = local.find_channel("general")
    channel = bot.get_partial_messageable(general.id)

    sent = await channel.send("first")
    edited = await (await channel.fetch_message(sent.id)).edit(content="second")
    seen = [message.content for message in anna.get_visible_messages(general)]
    await edited.delete()

    assert seen == ["second"]
    assert edited.edited_at is not None
    assert anna.get_visible_messages(general) == ()


async def test_only_its_author_edits_a_message_and_moderators_delete_it(
    local: LocalDiscord, bot: SampleBot
) -> None:
    message = local.find_person("anna").post(local.find_channel("general"), "mine")
    theirs = bot.get_partial_messageable(local.find_channel("general").id).get_partial_message(
        message.id
    )

    with pytest.raises(discord.Forbidden) as editing:
        await theirs.edit(content="yours")
    with pytest.raises(discord.Forbidden) as deleting:
        await theirs.delete()
    administration.grant_permission(
        local.world, local.find_channel("general"), Permission.MANAGE_MESSAGES
    )
    await theirs.delete()

    assert (editing.value.code, deleting.value.code) == (50005, 50013)
    assert message not in local.get_messages(local.find_channel("general"))


async def test_an_edit_that_leaves_nothing_is_refused(local: LocalDiscord, bot: SampleBot) -> None:
    channel = bot.get_partial_messageable(local.find_channel("general").id)
    sent = await channel.send("first")

    with pytest.raises(discord.HTTPException) as refused:
        await sent.edit(content=None)

    assert refused.value.code == 50006


async def test_history_is_newest_first_and_pages_both_ways(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")
    general = local.find_channel("general")
    ids = [anna.post(general, str(number)).id for number in range(5)]
    path = f"/channels/{general.id}/messages"

    async def page(query: str) -> list[int]:
        _, payload = await send_request(local, "GET", path + query)
        return [ids.index(int(message["id"])) for message in payload if int(message["id"]) in ids]

    assert bot.user is not None
    assert (await page("?limit=100"))[0] == 4
    assert await page(f"?before={ids[3]}&limit=2") == [2, 1]
    assert await page(f"?after={ids[1]}&limit=2") == [3, 2]


async def test_history_without_its_permission_is_empty(local: LocalDiscord) -> None:
    channel = local.find_channel("no-history")
    local.find_person("anna").post(channel, f"<@{local.world.bot.id}>")

    _, payload = await send_request(local, "GET", f"/channels/{channel.id}/messages")

    assert payload == []


async def test_a_nonce_sent_again_gives_the_stored_message(
    local: LocalDiscord, bot: SampleBot
) -> None:
    channel = bot.get_partial_messageable(local.find_channel("general").id)

    first = await channel.send("once", nonce="n1")
    again = await channel.send("once", nonce="n1")
    local.clock.advance(301)
    later = await channel.send("once", nonce="n1")

    assert again.id == first.id != later.id
    assert first.nonce == "n1"
    assert [message.nonce async for message in channel.history()] == [None, None]


async def test_a_nonce_of_a_deleted_message_answers_that_it_is_unknown(
    local: LocalDiscord, bot: SampleBot
) -> None:
    channel = bot.get_partial_messageable(local.find_channel("general").id)
    await (await channel.send("once", nonce="n1")).delete()

    with pytest.raises(discord.NotFound) as refused:
        await channel.send("once", nonce="n1")

    assert refused.value.code == 10008


async def test_files_come_beside_the_message(local: LocalDiscord, bot: SampleBot) -> None:
    channel = bot.get_partial_messageable(local.find_channel("general").id)
    file = discord.File(io.BytesIO(b"points"), "chart.png", description="A chart")

    sent = await channel.send("see", file=file)
    kept = await sent.edit(content="still")
    dropped = await sent.edit(attachments=[])

    assert [
        (attachment.filename, attachment.size, attachment.description)
        for attachment in kept.attachments
    ] == [("chart.png", 6, "A chart")]
    assert dropped.attachments == []


def build_gallery_view(name: str) -> discord.ui.LayoutView:
    item = discord.MediaGalleryItem(f"attachment://{name}", description="A chart")
    return discord.ui.LayoutView().add_item(discord.ui.MediaGallery(item))


def build_chart_file() -> discord.File:
    return discord.File(io.BytesIO(b"points"), "chart.png")


async def test_a_gallery_shows_a_file_of_its_message(local: LocalDiscord, bot: SampleBot) -> None:
    channel = bot.get_partial_messageable(local.find_channel("general").id)

    sent = await channel.send(view=build_gallery_view("chart.png"), file=build_chart_file())
    kept = await sent.edit(view=build_gallery_view("chart.png"))
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send(view=build_gallery_view("other.png"), file=build_chart_file())

    assert [attachment.filename for attachment in kept.attachments] == ["chart.png"]
    assert (refused.value.status, refused.value.code) == (400, 50035)


@pytest.mark.parametrize("is_edit", [False, True], ids=["new", "edited"])
async def test_files_need_their_permission(
    local: LocalDiscord, bot: SampleBot, *, is_edit: bool
) -> None:
    channel = bot.get_partial_messageable(local.find_channel("general").id)
    sent = await channel.send("first")
    administration.deny_permission(
        local.world, local.find_channel("general"), Permission.ATTACH_FILES
    )

    with pytest.raises(discord.Forbidden) as refused:
        await (
            sent.edit(attachments=[build_chart_file()])
            if is_edit
            else channel.send(file=build_chart_file())
        )
    unfiled = await channel.send("no file")

    assert refused.value.code == 50013
    assert unfiled.content == "no file"


async def test_files_beyond_the_limit_are_refused(local: LocalDiscord, bot: SampleBot) -> None:
    channel = bot.get_partial_messageable(local.find_channel("general").id)

    with pytest.raises(discord.HTTPException) as refused:
        await channel.send(file=discord.File(io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), "big"))

    assert (refused.value.status, refused.value.code) == (413, 40005)


async def test_a_person_can_be_closed_to_direct_messages(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")
    user = await bot.fetch_user(anna.id)
    administration.close_direct_messages(local.world, anna.user)

    with pytest.raises(discord.Forbidden) as refused:
        await user.send("hello")

    assert refused.value.code == 50007


async def test_a_stranger_takes_no_direct_messages(local: LocalDiscord, bot: SampleBot) -> None:
    stranger = local.world.add_user("stranger")
    user = await bot.fetch_user(stranger.id)

    with pytest.raises(discord.Forbidden) as refused:
        await user.send("hello")

    assert refused.value.code == 50007


async def test_threads_are_opened_of_channels_and_messages(
    local: LocalDiscord, bot: SampleBot
) -> None:
    await bot.wait_until_ready()
    channel = bot.get_channel(local.find_channel("announcements").id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("news")

    thread = await message.create_thread(name="about it")
    await thread.send("inside")

    assert local.find_channel("about it").type is ChannelType.ANNOUNCEMENT_THREAD
    assert local.find_channel("about it").id == message.id
    assert [message.content for message in local.get_messages(local.find_channel("about it"))] == [
        "inside"
    ]


async def test_a_thread_of_a_channel_is_public(local: LocalDiscord) -> None:
    path = f"/channels/{local.find_channel('books').id}/threads"

    await send_request(local, "POST", path, json={"name": "new", "type": 11})

    assert local.find_channel("new").type is ChannelType.PUBLIC_THREAD


async def test_a_message_opens_an_archived_thread_again(
    local: LocalDiscord, bot: SampleBot
) -> None:
    await bot.get_partial_messageable(local.find_channel("old-thread").id).send("hello")

    assert not local.find_channel("old-thread").is_archived


async def test_a_thread_is_closed_to_those_who_may_not_send_in_threads(
    local: LocalDiscord,
) -> None:
    parent = local.find_channel("no-threads")
    thread = add_channel(
        local.world, local.find_guild(), "inner", ChannelType.PUBLIC_THREAD, parent=parent
    )

    status, payload = await send_request(
        local, "POST", f"/channels/{thread.id}/messages", json=HELLO
    )

    assert (status, payload["code"]) == (403, 50013)


async def test_a_reply_may_say_that_it_stands_without_its_message(local: LocalDiscord) -> None:
    reference = {"message_id": 7, "fail_if_not_exists": False}
    path = f"/channels/{local.find_channel('general').id}/messages"

    _, payload = await send_request(
        local, "POST", path, json={**HELLO, "message_reference": reference}
    )

    assert "message_reference" not in payload


async def test_a_reply_to_a_deleted_message_tells_that_it_is_gone(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")
    question = anna.post(local.find_channel("general"), "why")
    reply = await anna.wait_for_reply(question)

    anna.delete(question)
    message = await bot.get_partial_messageable(reply.channel_id).fetch_message(reply.id)

    assert message.reference is not None
    assert message.reference.message_id == question.id
    assert isinstance(message.reference.resolved, discord.DeletedReferencedMessage)


async def test_commands_keep_their_ids_when_they_are_put_again(bot: SampleBot) -> None:
    first = {command.name: command.id for command in await bot.tree.fetch_commands()}

    again = {command.name: command.id for command in await bot.tree.sync()}

    assert first == again
    assert first.keys() == {"ask", "digest", "Quote"}


async def test_a_guild_has_commands_of_its_own(local: LocalDiscord, bot: SampleBot) -> None:
    guild = discord.Object(local.find_guild().id)
    bot.tree.copy_global_to(guild=guild)

    await bot.tree.sync(guild=guild)

    assert len(local.world.commands[guild.id]) == 3
    assert len(await bot.tree.fetch_commands(guild=guild)) == 3


async def test_lookups_answer_what_there_is(local: LocalDiscord, bot: SampleBot) -> None:
    guild = await bot.fetch_guild(local.find_guild().id)
    member = await guild.fetch_member(local.find_person("mod").id)
    channel = await bot.fetch_channel(local.find_channel("books").id)
    direct = await send_request(
        local, "GET", f"/channels/{local.find_person('anna').direct_channel.id}"
    )
    application = await bot.application_info()
    gateway = await send_request(local, "GET", "/gateway")

    assert (guild.name, member.name, str(channel)) == ("Harbour", "mod", "books")
    assert member.guild_permissions.administrator
    assert direct[1]["recipients"][0]["username"] == "anna"
    assert application.id == local.world.application_id
    assert gateway[1]["url"] == local.world.gateway_url


async def test_typing_is_seen(local: LocalDiscord, bot: SampleBot) -> None:
    async with bot.get_partial_messageable(local.find_channel("general").id).typing():
        pass

    assert local.world.typing_channel_ids == [local.find_channel("general").id]
    assert (
        "POST",
        f"/channels/{local.find_channel('general').id}/typing",
        204,
    ) in local.world.exchanges
