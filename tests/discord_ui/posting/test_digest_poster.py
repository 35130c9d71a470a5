"""Posting digests in Discord: their text, publishing them, and notifying admins of failures."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.send_queue import SendQueue
from bot.digest.compose import Digest, DigestLimits
from bot.discord_ui.posting.alert_messenger import AlertMessenger
from bot.discord_ui.posting.channel_poster import ChannelPoster
from bot.discord_ui.posting.digest_poster import (
    NO_ASKER,
    DigestPoster,
    build_fitting_digest_blocks,
    log_digest_failure,
)
from bot.errors import DeliveryFailed, DeliveryUnknown
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.constants import MessageFlag, Permission
from bot.local_discord.world.records import Channel, Message
from bot.model.arrival import Arrival
from bot.model.delivery import DeliveryState, FailureReason
from bot.model.subscription import Subscription
from bot.presentation.blocks import Action, Button
from bot.presentation.digest import build_digest_listing
from bot.wiring import build_deliveries
from tests.builders import NOON, an_article
from tests.digest.builders import a_digest, a_subscription, an_arrival
from tests.discord_ui.conftest import QUESTION, RunningBot

TOWNS = [
    "Aachen",
    "Bonn",
    "Celle",
    "Dessau",
    "Emden",
    "Fulda",
    "Gotha",
    "Halle",
    "Ilmenau",
    "Jena",
    "Kassel",
    "Lemgo",
]


@pytest.fixture
async def poster(bot: RunningBot) -> DigestPoster:
    """Return a poster of digests, once the bot knows its servers."""
    await hear_all(bot)
    services = bot.app.services
    return DigestPoster(
        bot.client,
        ChannelPoster(bot.client, SendQueue()),
        digests=services.digests,
        listings=services.listings,
        shown_answers=services.shown_answers,
    )


async def hear_all(bot: RunningBot) -> None:
    """Wait until the bot has received all events so far."""
    cleo = bot.local.find_person("cleo")
    await cleo.wait_for_reply(cleo.send_direct_message(QUESTION))


def stories(count: int, words: int = 0) -> list[Arrival]:
    """Return one arrival for each of `count` towns; the articles share no events."""
    return [
        an_arrival(an_article(_write_story(town, words), id=town, title=town))
        for town in TOWNS[:count]
    ]


def _write_story(town: str, words: int) -> str:
    things = " ".join(f"{town.lower()}{chr(97 + number)}um" for number in range(words))
    return f"{town} proudly opens its {things} {town.lower()}ium today."


def digest_of(count: int, words: int = 0, *, subscription: Subscription | None = None) -> Digest:
    digest = a_digest(
        *stories(count, words),
        subscription=a_subscription(max_entries=12),
        limits=DigestLimits(max_excerpt_chars=900),
    )
    return replace(digest, subscription=subscription or digest.subscription)


def posted_in(bot: RunningBot, channel: Channel, **others: object) -> Subscription:
    return a_subscription(guild=str(bot.local.find_guild().id), channel=str(channel.id), **others)


def get_only_message(bot: RunningBot, channel: Channel) -> Message:
    (message,) = bot.local.get_messages(channel)
    return message


def read_texts(bot: RunningBot, name: str) -> list[str]:
    return [message.text for message in bot.local.get_messages(bot.local.find_channel(name))]


async def test_the_quotes_of_a_digest_can_be_verified(
    bot: RunningBot, poster: DigestPoster
) -> None:
    digest = digest_of(3, subscription=posted_in(bot, bot.general))

    await poster.send(digest, "key")

    message = get_only_message(bot, bot.general)
    for entry in digest.entries:
        assert entry.citation.text in message.text.replace("\u2068", "").replace("\u2069", "")
        assert await bot.app.receipts.find(entry.citation.receipt)
    assert [button.custom_id for button in message.buttons] == ["d:digest:key"]


async def test_entries_that_do_not_fit_are_one_button_away(
    bot: RunningBot, poster: DigestPoster
) -> None:
    await poster.send(digest_of(12, words=25, subscription=posted_in(bot, bot.general)), "key")

    message = get_only_message(bot, bot.general)
    (more,) = [button for button in message.buttons if button.label == "More"]
    kept = await bot.app.services.listings.load("key")
    assert more.custom_id
    assert kept
    shown = int(more.custom_id.rpartition(":")[2]) - 1
    assert 0 < shown < kept.listing.total == 12
    assert message.text.count("receipt") == shown


async def test_a_digest_that_is_sent_again_is_kept_and_posted_once(
    bot: RunningBot, poster: DigestPoster
) -> None:
    digest = digest_of(1, subscription=posted_in(bot, bot.general))

    first, second = [await poster.send(digest, "key") for _ in range(2)]

    assert first == second == str(get_only_message(bot, bot.general).id)


async def test_the_buttons_of_a_recomposed_digest_show_its_new_entries(
    bot: RunningBot, poster: DigestPoster
) -> None:
    subscription = posted_in(bot, bot.general)
    await bot.app.services.listings.store(
        build_digest_listing(digest_of(3)), NO_ASKER, None, key="key"
    )

    await poster.send(digest_of(2, subscription=subscription), "key")

    kept = await bot.app.services.listings.load("key")
    assert kept
    assert kept.listing.total == 2


def test_a_mentioned_role_takes_its_room() -> None:
    digest = digest_of(12, words=25)

    def shown(role: str | None) -> int:
        blocks = build_fitting_digest_blocks(digest, "key", role)
        buttons = [block for block in blocks if isinstance(block, Button)]
        return next(button.rank or 0 for button in buttons if button.action is Action.PAGE)

    assert shown("1" * 2_000) < shown(None)


def test_a_digest_without_news_says_so() -> None:
    blocks = build_fitting_digest_blocks(a_digest(), "key", None)

    assert "No new articles." in [getattr(block, "text", "") for block in blocks]


async def test_the_one_role_is_mentioned(bot: RunningBot, poster: DigestPoster) -> None:
    role = bot.local.find_guild().roles[1]

    subscription = posted_in(bot, bot.general, mention_role=str(role.id))
    await poster.send(digest_of(1, subscription=subscription), "key")

    assert get_only_message(bot, bot.general).pings.roles == (role.id,)


async def test_a_role_that_was_deleted_is_not_mentioned(
    bot: RunningBot, poster: DigestPoster
) -> None:
    subscription = posted_in(bot, bot.general, mention_role="404")

    await poster.send(digest_of(1, subscription=subscription), "key")

    assert "404" not in get_only_message(bot, bot.general).text


async def test_an_announcement_is_published(bot: RunningBot, poster: DigestPoster) -> None:
    announcements = bot.local.find_channel("announcements")

    await poster.send(digest_of(1, subscription=posted_in(bot, announcements)), "key")

    assert MessageFlag.CROSSPOSTED in get_only_message(bot, announcements).flags


async def test_an_announcement_that_is_found_is_published(
    bot: RunningBot, poster: DigestPoster
) -> None:
    announcements = bot.local.find_channel("announcements")
    bot.local.faults.fail_with(503, "POST */crosspost")
    await poster.send(digest_of(1, subscription=posted_in(bot, announcements)), "key")
    before = get_only_message(bot, announcements).flags

    found = await poster.find(str(announcements.id), "key", None)

    assert MessageFlag.CROSSPOSTED not in before
    assert found == str(get_only_message(bot, announcements).id)
    assert MessageFlag.CROSSPOSTED in get_only_message(bot, announcements).flags


async def test_what_is_not_found_is_not_published(bot: RunningBot, poster: DigestPoster) -> None:
    announcements = bot.local.find_channel("announcements")

    assert await poster.find(str(announcements.id), "key", None) is None


async def test_a_message_that_can_not_be_published_stands_all_the_same(
    bot: RunningBot, poster: DigestPoster, capsys: pytest.CaptureFixture[str]
) -> None:
    announcements = bot.local.find_channel("announcements")
    bot.local.faults.fail_with(503, "POST */crosspost")

    await poster.send(digest_of(1, subscription=posted_in(bot, announcements)), "key")

    assert len(bot.local.get_messages(announcements)) == 1
    assert "Digest not published" in capsys.readouterr().out


async def test_admins_are_notified_in_a_channel_that_not_everyone_sees(
    bot: RunningBot, poster: DigestPoster
) -> None:
    staff = bot.local.find_channel("staff")
    moderation.grant_permission(bot.local.world, staff, Permission.VIEW_CHANNEL)
    await hear_all(bot)

    await poster.notify_paused(
        posted_in(bot, bot.general, name="River"), "The channel no longer exists."
    )

    (text,) = read_texts(bot, "staff")
    assert "The digest “River” is paused" in text
    assert "The channel no longer exists." in text
    assert get_only_message(bot, staff).pings.includes_everyone is False


async def test_admins_are_not_notified_in_the_failing_channel(
    bot: RunningBot, poster: DigestPoster
) -> None:
    server = bot.client.get_guild(bot.local.find_guild().id)
    assert server
    first = next(
        channel
        for channel in server.text_channels
        if channel.permissions_for(server.me).send_messages
    )

    await poster.notify_paused(posted_in(bot, bot.local.find_channel(first.name)), "Why.")

    everywhere = bot.local.world.messages.values()
    (message,) = [message for message in everywhere if "Why." in message.text]
    assert message.channel_id != first.id


async def test_if_the_first_channel_refuses_another_is_used(
    bot: RunningBot, poster: DigestPoster
) -> None:
    bot.local.faults.fail_with(403, "POST /channels/*/messages", code=50013)

    await poster.notify_paused(posted_in(bot, bot.general), "Why.")

    texts = [message.text for message in bot.local.world.messages.values()]
    assert sum("Why." in text for text in texts) == 1


async def test_a_bot_that_returns_to_a_server_reports_its_paused_digests(
    bot: RunningBot,
) -> None:
    await bot.client.wait_until_ready()
    world, guild = bot.local.world, bot.local.find_guild()
    for name, reason in (
        ("River", "Missing permission: I can't see the channel."),
        ("Books", None),
    ):
        wanted = posted_in(bot, bot.general, name=name)
        digest = await bot.app.subscriptions.add(wanted, limit=9)
        assert digest
        if reason:
            await bot.app.subscriptions.suspend(digest, reason)

    moderation.remove_bot(world, guild)
    moderation.add_bot(world, guild)
    message = await bot.local.wait_for(
        lambda: next(
            (message for message in world.messages.values() if "paused" in message.text), None
        )
    )

    assert "The digest “River” is paused" in message.text
    assert "Missing permission\\: I can't see the channel." in message.text


async def test_a_lost_response_does_not_notify_admins_twice(
    bot: RunningBot, poster: DigestPoster, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.local.faults.drop_response("POST /channels/*/messages")

    await poster.notify_paused(posted_in(bot, bot.general), "Why.")

    texts = [message.text for message in bot.local.world.messages.values()]
    assert sum("Why." in text for text in texts) == 1
    assert "possibly not posted" in capsys.readouterr().out


async def test_a_bot_without_any_channel_to_post_in_logs_that(
    bot: RunningBot, poster: DigestPoster, capsys: pytest.CaptureFixture[str]
) -> None:
    for channel in tuple(bot.local.world.channels.values()):
        if channel.guild_id:
            moderation.deny_permission(bot.local.world, channel, Permission.SEND_MESSAGES)
    await hear_all(bot)

    await poster.notify_paused(posted_in(bot, bot.general), "Why.")
    await poster.notify_paused(a_subscription(guild="1"), "Why.")

    assert (
        capsys.readouterr().out.count("Notice of paused digest not posted: no channel to post in")
        == 2
    )


def test_what_discord_refuses_is_no_fault_of_the_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_digest_failure(
        DeliveryFailed("7", FailureReason.CHANNEL_GONE, is_lasting=True), a_subscription()
    )
    refused = capsys.readouterr().out
    log_digest_failure(DeliveryUnknown("7"), a_subscription())
    unknown = capsys.readouterr().out

    assert "warning" in refused
    assert "error" in unknown


async def test_a_digest_that_is_due_is_delivered_from_the_library(
    bot: RunningBot, poster: DigestPoster
) -> None:
    app = bot.app
    said = "In Hamburg the old harbour crane was sold for one euro on Monday morning."
    waits = an_article("It comes.", id="future", published_on=NOON.date() + timedelta(days=9))
    await app.articles.put([an_article(said, id="crane", published_on=NOON.date()), waits], NOON)
    await app.index.refresh()
    wanted = posted_in(bot, bot.general, begins_at=NOON - timedelta(hours=1))
    subscription = await app.subscriptions.add(wanted, limit=1)
    assert subscription
    alert_messenger = AlertMessenger(ChannelPoster(bot.client, SendQueue()), max_excerpt_chars=300)
    delivery = build_deliveries(app, poster, alert_messenger).digests
    bot.clock.advance(days=1)

    await delivery.run_round()
    await delivery.finish(5)

    row = await app.deliveries.find_by_day(subscription.id, bot.clock.now.date())
    assert row
    assert row.state is DeliveryState.POSTED
    assert row.message_id == str(get_only_message(bot, bot.general).id)
    assert "harbour crane" in get_only_message(bot, bot.general).text
