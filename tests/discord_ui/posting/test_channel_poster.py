"""Posting into channels of a Discord that fails now and then."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import pytest

from bot.delivery.send_queue import SendQueue
from bot.discord_ui.posting import channel_poster as channel_posting
from bot.discord_ui.posting.channel_poster import ChannelPoster, is_postable
from bot.errors import DeliveryError, DeliveryFailed, DeliveryUnknown, HistoryUnreadable
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.constants import MessageFlag, Permission
from bot.local_discord.world.records import Channel
from bot.model.delivery import FailureReason
from bot.presentation.blocks import Action, Block, Button, Line, Link, Quote
from tests.discord_ui.conftest import QUESTION, RunningBot
from tests.local_discord.connections import send_request

MESSAGES = "POST /channels/*/messages"
HISTORY = "GET /channels/*/messages"
BLOCKS: Sequence[Block] = (Line(text="News"), Button(label="Why these?", action=Action.DIGEST))


class CountingQueue(SendQueue):
    """A queue that counts the calls that waited."""

    count = 0

    async def wait_for_turn(self) -> None:
        self.count += 1


@pytest.fixture
async def poster(bot: RunningBot) -> ChannelPoster:
    """Return a poster, once the bot knows its servers."""
    cleo = bot.local.find_person("cleo")
    await cleo.wait_for_reply(cleo.send_direct_message(QUESTION))
    return ChannelPoster(bot.client, bot.client.queue)


def find_channel(bot: RunningBot, name: str) -> tuple[Channel, str]:
    channel = bot.local.find_channel(name)
    return channel, str(channel.id)


async def test_a_message_is_found_by_its_key(bot: RunningBot, poster: ChannelPoster) -> None:
    _, general = find_channel(bot, "general")

    message = await poster.send(general, BLOCKS, "key")

    assert await poster.find(general, "key", None) == message
    assert await poster.find(general, "other", None) is None


async def test_a_key_that_was_sent_gives_the_same_message(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    channel, general = find_channel(bot, "general")

    first, second = [await poster.send(general, BLOCKS, "key") for _ in range(2)]

    assert first == second
    assert len(bot.local.get_messages(channel)) == 1


async def test_a_message_is_looked_for_after_another_alone(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    _, general = find_channel(bot, "general")
    message = await poster.send(general, BLOCKS, "key")

    assert await poster.find(general, "key", str(int(message) - 1)) == message
    assert await poster.find(general, "key", message) is None


async def test_what_others_write_is_not_taken_for_it(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    channel, general = find_channel(bot, "general")
    for number in range(3):
        bot.anna.post(channel, f"d:digest:key {number}")

    assert await poster.find(general, "key", None) is None


async def test_a_channel_with_more_messages_than_are_looked_through_tells_nothing(
    bot: RunningBot, poster: ChannelPoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, general = find_channel(bot, "general")
    monkeypatch.setattr(channel_posting, "MAX_SEARCHED_MESSAGES", 3)
    for number in range(3):
        bot.anna.post(channel, str(number))

    with pytest.raises(HistoryUnreadable):
        await poster.find(general, "key", None)


async def test_an_empty_channel_holds_no_message(bot: RunningBot, poster: ChannelPoster) -> None:
    _, general = find_channel(bot, "general")

    assert await poster.find(general, "key", None) is None


async def test_an_empty_end_of_a_channel_holds_no_message(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    channel, general = find_channel(bot, "general")
    last = bot.anna.post(channel, "hello")

    assert await poster.find(general, "key", str(last.id)) is None


@pytest.mark.parametrize(
    "permission", [Permission.READ_MESSAGE_HISTORY, Permission.VIEW_CHANNEL], ids=str
)
async def test_history_that_may_not_be_read_tells_nothing(
    bot: RunningBot, poster: ChannelPoster, permission: Permission
) -> None:
    channel, general = find_channel(bot, "general")
    await poster.send(general, BLOCKS, "key")
    moderation.deny_permission(bot.local.world, channel, permission)

    with pytest.raises(HistoryUnreadable):
        await poster.find(general, "key", None)


async def test_history_without_an_answer_leaves_it_open(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    _, general = find_channel(bot, "general")
    bot.local.faults.fail_with(503, HISTORY)

    with pytest.raises(DeliveryUnknown):
        await poster.find(general, "key", None)


@pytest.mark.parametrize("work", ["anchor", "send", "find"])
async def test_a_channel_that_is_deleted_fails_for_good(
    bot: RunningBot, poster: ChannelPoster, work: str
) -> None:
    channel, general = find_channel(bot, "general")
    moderation.delete_channel(bot.local.world, channel)
    cleo = bot.local.find_person("cleo")
    await cleo.wait_for_reply(cleo.send_direct_message(QUESTION))
    done: Mapping[str, Callable[[], Awaitable[object]]] = {
        "anchor": lambda: poster.get_latest_message_id(general),
        "send": lambda: poster.send(general, BLOCKS, "key"),
        "find": lambda: poster.find(general, "key", None),
    }

    with pytest.raises(DeliveryFailed, match="gone") as failed:
        await done[work]()

    assert failed.value.is_lasting


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("staff", FailureReason.MAY_NOT_SEE),
        ("read-only", FailureReason.MAY_NOT_POST),
        ("questions", FailureReason.NOT_A_TEXT_CHANNEL),
        ("locked-thread", FailureReason.THREAD_CLOSED),
    ],
)
async def test_a_channel_that_is_closed_fails_for_good(
    bot: RunningBot, poster: ChannelPoster, name: str, reason: str
) -> None:
    _, closed = find_channel(bot, name)

    with pytest.raises(DeliveryFailed) as failed:
        await poster.send(closed, BLOCKS, "key")

    assert (failed.value.reason, failed.value.is_lasting) == (reason, True)


async def test_a_message_that_was_deleted_at_once_is_not_sent_again(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    channel, general = find_channel(bot, "general")
    message = await poster.send(general, BLOCKS, "key")
    bot.local.world.delete_message(bot.local.world.messages[int(message)])

    with pytest.raises(DeliveryFailed) as failed:
        await poster.send(general, BLOCKS, "key")

    assert (failed.value.reason, failed.value.is_lasting) == (
        FailureReason.MESSAGE_DELETED,
        False,
    )
    assert bot.local.get_messages(channel) == ()


@pytest.mark.parametrize(
    ("code", "expected"),
    [(0, DeliveryUnknown), (20_001, DeliveryFailed)],
    ids=["on the way to Discord", "by Discord"],
)
async def test_what_is_refused_for_another_reason_than_permissions_is_no_lasting_trouble(
    bot: RunningBot, poster: ChannelPoster, code: int, expected: type[DeliveryError]
) -> None:
    _, general = find_channel(bot, "general")
    bot.local.faults.fail_with(403, MESSAGES, code=code)

    with pytest.raises(expected) as failed:
        await poster.send(general, BLOCKS, "key")

    assert not getattr(failed.value, "is_lasting", False)


async def test_each_request_waits_its_turn(bot: RunningBot) -> None:
    queue = CountingQueue()
    poster = ChannelPoster(bot.client, queue)
    _, announcements = find_channel(bot, "announcements")

    message = await poster.send(announcements, BLOCKS, "key")
    await poster.publish(announcements, message)
    await poster.find(announcements, "key", None)
    found = queue.count
    await poster.find(announcements, "key", message)  # an empty history is asked for twice
    with pytest.raises(DeliveryFailed):
        await poster.get_latest_message_id("404")

    assert (found, queue.count) == (3, 6)


async def test_each_request_for_more_of_a_channel_waits_its_turn(bot: RunningBot) -> None:
    queue = CountingQueue()
    channel, general = find_channel(bot, "general")
    for number in range(101):
        bot.anna.post(channel, str(number))

    await ChannelPoster(bot.client, queue).find(general, "key", None)

    requests = [
        exchange for exchange in bot.local.world.exchanges if f"/{general}/mess" in exchange.path
    ]
    assert queue.count == len(requests) == 2


async def test_an_answer_that_is_lost_leaves_it_open(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    _, general = find_channel(bot, "general")
    bot.local.faults.drop_response(MESSAGES)

    with pytest.raises(DeliveryUnknown):
        await poster.send(general, BLOCKS, "key")

    assert await poster.find(general, "key", None)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_fault_after_the_message_was_stored_brings_no_second_one(
    bot: RunningBot, poster: ChannelPoster, status: int
) -> None:
    channel, general = find_channel(bot, "general")
    bot.local.faults.fail_after_executing(status, MESSAGES)

    try:
        await poster.send(general, BLOCKS, "key")
    except DeliveryUnknown:
        await poster.send(general, BLOCKS, "key")

    assert len(bot.local.get_messages(channel)) == 1


async def test_a_request_that_lasts_too_long_goes_on_and_is_not_made_twice(
    bot: RunningBot, poster: ChannelPoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, general = find_channel(bot, "general")
    monkeypatch.setattr(channel_posting, "POST_SECONDS", 0.05)
    bot.local.faults.delay(1, MESSAGES)  # longer than the three calls take on a busy machine

    for _ in range(2):
        with pytest.raises(DeliveryUnknown):
            await poster.send(general, BLOCKS, "key")
    with pytest.raises(DeliveryUnknown):
        await poster.find(general, "key", None)
    await bot.local.wait_for(lambda: bot.local.get_messages(channel))

    requests = [
        exchange for exchange in bot.local.world.exchanges if f"/{general}/mess" in exchange.path
    ]
    assert len(bot.local.get_messages(channel)) == 1
    assert len(requests) <= 1


async def test_a_request_that_is_cut_off_with_the_process_is_not_complained_about(
    bot: RunningBot, poster: ChannelPoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, general = find_channel(bot, "general")
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    monkeypatch.setattr(channel_posting, "POST_SECONDS", 0.02)
    bot.local.faults.delay(0.1, MESSAGES)
    with pytest.raises(DeliveryUnknown):
        await poster.send(general, BLOCKS, "key")

    (late,) = poster._pending_sends.values()  # noqa: SLF001 - the end of a process cancels it
    late.cancel()
    await asyncio.wait([late])

    assert complaints == []


async def test_a_refused_message_is_sent_without_its_links(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    channel, general = find_channel(bot, "general")

    await poster.send(general, [*BLOCKS, Link(label="Open", url="nowhere")], "key")

    (message,) = bot.local.get_messages(channel)
    assert [button.label for button in message.buttons] == ["Why these?"]


@pytest.mark.parametrize("link", [(), (Link(label="Open", url="nowhere"),)], ids=["", "link"])
async def test_what_discord_refuses_altogether_fails_this_time(
    bot: RunningBot, poster: ChannelPoster, link: tuple[Block, ...]
) -> None:
    channel, general = find_channel(bot, "general")

    with pytest.raises(DeliveryFailed) as failed:
        await poster.send(general, [*BLOCKS, *BLOCKS, *link], "key")

    assert (failed.value.reason, failed.value.is_lasting) == (
        FailureReason.CONTENT_REFUSED,
        False,
    )
    assert bot.local.get_messages(channel) == ()


async def test_the_last_message_of_a_channel_is_its_anchor(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    channel, general = find_channel(bot, "general")
    before = await poster.get_latest_message_id(general)
    message = await poster.send(general, BLOCKS, "key")
    cleo = bot.local.find_person("cleo")
    await cleo.wait_for_reply(cleo.send_direct_message(QUESTION))

    assert before is None
    assert await poster.get_latest_message_id(general) == message
    assert bot.local.world.last_message_ids[channel.id] == int(message)


async def test_the_anchor_of_an_unknown_channel_is_asked_for(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    thread = bot.local.find_channel("old-thread")
    message = bot.anna.post(thread, "hello")

    assert await poster.get_latest_message_id(str(thread.id)) == str(message.id)


async def test_in_a_server_that_cannot_be_reached_nothing_is_begun(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    _, general = find_channel(bot, "general")
    moderation.start_outage(bot.local.world, bot.local.find_guild())
    await bot.local.wait_for(lambda: True)
    cleo = bot.local.find_person("cleo")
    await cleo.wait_for_reply(cleo.send_direct_message(QUESTION))

    with pytest.raises(DeliveryUnknown):
        await poster.get_latest_message_id(general)


async def test_nobody_is_notified_but_the_one_role(bot: RunningBot, poster: ChannelPoster) -> None:
    channel, general = find_channel(bot, "general")
    role = bot.local.find_guild().roles[1]
    says: Sequence[Block] = (Line(text="@everyone and <@&1>"), *BLOCKS)

    await poster.send(general, says, "first")
    await poster.send(general, says, "second", mention_role=str(role.id))

    silent, loud = bot.local.get_messages(channel)
    assert (silent.pings.users, silent.pings.roles, silent.pings.includes_everyone) == (
        (),
        (),
        False,
    )
    assert (loud.pings.users, loud.pings.roles, loud.pings.includes_everyone) == (
        (),
        (role.id,),
        False,
    )
    assert loud.text.startswith(f"<@&{role.id}>")


async def test_the_mention_of_a_role_leaves_the_message_within_its_limits(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    channel, general = find_channel(bot, "general")
    role = str(bot.local.find_guild().roles[1].id)
    quotes = [Quote(text="x" * 990) for _ in range(4)]
    blocks = [block for quote in quotes for block in (quote, Line(text="y"))]

    await poster.send(general, blocks, "key", mention_role=role)

    (message,) = bot.local.get_messages(channel)
    assert message.text.count("x") == 3 * 990


@pytest.mark.parametrize(("chars", "fits"), [(3_900, True), (3_990, False)])
def test_a_mention_counts_towards_the_limits(chars: int, *, fits: bool) -> None:
    quotes = [Quote(text="x" * chars)]

    assert is_postable(quotes, "key", None)
    assert is_postable(quotes, "key", "1" * 19) is fits


async def test_an_announcement_is_published_once(bot: RunningBot, poster: ChannelPoster) -> None:
    channel, announcements = find_channel(bot, "announcements")
    message = await poster.send(announcements, BLOCKS, "key")

    await poster.publish(announcements, message)
    await poster.publish(announcements, message)

    assert MessageFlag.CROSSPOSTED in bot.local.get_messages(channel)[0].flags
    assert poster.is_announcement_channel(announcements)
    assert not poster.is_announcement_channel(find_channel(bot, "general")[1])


async def test_what_may_not_be_published_fails(bot: RunningBot, poster: ChannelPoster) -> None:
    _, general = find_channel(bot, "general")
    message = await poster.send(general, BLOCKS, "key")

    with pytest.raises(DeliveryFailed):
        await poster.publish(general, message)


async def test_publishing_that_lasts_goes_on_by_itself(
    bot: RunningBot, poster: ChannelPoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, announcements = find_channel(bot, "announcements")
    message = await poster.send(announcements, BLOCKS, "key")
    monkeypatch.setattr(channel_posting, "PUBLISH_SECONDS", 0.02)
    bot.local.faults.delay(0.1, "POST */crosspost")

    await poster.publish(announcements, message)
    before = bot.local.get_messages(channel)[0].flags
    await bot.local.wait_for(
        lambda: MessageFlag.CROSSPOSTED in bot.local.get_messages(channel)[0].flags or None
    )

    assert MessageFlag.CROSSPOSTED not in before


async def test_a_request_without_a_key_in_its_buttons_is_never_found(
    bot: RunningBot, poster: ChannelPoster
) -> None:
    _, general = find_channel(bot, "general")
    await poster.send(general, (Line(text="News"),), "key")

    status, _ = await send_request(bot.local, "GET", f"/channels/{general}/messages")

    assert status == 200
    assert await poster.find(general, "key", None) is None
