"""Posting digests: what they say, where they are published, and who is told when that ends."""

from collections.abc import Iterator

import discord

from bot.delivery.send_queue import SendQueue
from bot.digest.compose import Digest
from bot.discord_ui.messages.replies import build_facts
from bot.discord_ui.posting.channel_poster import ChannelPoster, is_postable
from bot.errors import DeliveryError, DeliveryFailed, DeliveryUnknown
from bot.model.ids import Pseudonym, generate_key
from bot.model.subscription import Subscription
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.digest import build_digest_blocks, build_digest_listing, count_shown_entries
from bot.runtime import logs
from bot.services.services import Services

NO_ASKER = Pseudonym("digest")
"""Stands for who asked where nobody did: people are called by 32 digits."""


class DigestPoster:
    """Puts digests into the channels of Discord."""

    def __init__(self, services: Services, client: discord.Client, queue: SendQueue) -> None:
        self._services = services
        self._client = client
        self._channel_poster = ChannelPoster(client, queue)

    async def get_latest_message_id(self, channel: str) -> str | None:
        """A message that stands in the channel by now, as `Poster.get_latest_message_id` says."""
        return await self._channel_poster.get_latest_message_id(channel)

    async def post(self, subscription: Subscription, digest: Digest, key: str) -> str:
        """Posts the digest, and publishes it where that can be done, as `Poster.post` says."""
        role = self._find_mention_role(subscription)
        await self._store_listing(subscription, digest, key)
        blocks = build_fitting_digest_blocks(digest, key, role)
        message_id = await self._channel_poster.send(
            subscription.channel, blocks, key, mention_role=role
        )
        await self._publish(subscription.channel, message_id)
        return message_id

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """The message with that key, as `Poster.find` says, published where it was not yet."""
        message_id = await self._channel_poster.find(channel, key, after)
        if message_id:
            await self._publish(channel, message_id)
        return message_id

    async def notify_paused(self, subscription: Subscription, reason: str) -> None:
        """Tells in the server why the digest is paused, once, where the bot may speak.

        It is told no second time where it is not known whether it was told.
        """
        guild = self._client.get_guild(int(subscription.guild))
        blocks = build_paused_blocks(subscription, reason)
        for channel in _iter_writable_channels(guild) if guild else ():
            if str(channel.id) == subscription.channel:
                continue
            try:
                await self._channel_poster.send(str(channel.id), blocks, generate_key())
            except DeliveryFailed:
                continue
            except DeliveryUnknown as error:
                logs.exception("Who was told of a paused digest is not known", error)
            return
        logs.warning("Nobody could be told of a paused digest", guild=int(subscription.guild))

    def _find_mention_role(self, subscription: Subscription) -> str | None:
        """The role that it mentions; None for nobody, also where the role was deleted."""
        guild, role = self._client.get_guild(int(subscription.guild)), subscription.mention_role
        return role if guild and role and guild.get_role(int(role)) else None

    async def notify_all_paused(self, guild: str) -> None:
        """Tells which digests the bot has paused, in a server where it could tell nobody then."""
        for subscription in await self._services.digests.list(guild):
            if subscription.suspension_reason:
                await self.notify_paused(subscription, subscription.suspension_reason)

    async def _store_listing(self, subscription: Subscription, digest: Digest, key: str) -> None:
        """Makes sure that what it quotes can be verified, and that its buttons work."""
        listing = build_digest_listing(digest)
        await self._services.shown_answers.record_receipts(
            listing.entries[: count_shown_entries(digest)]
        )
        await self._services.listings.store(listing, NO_ASKER, subscription.guild, key=key)

    async def _publish(self, channel: str, message_id: str) -> None:
        """Publishes the message; it stands in its channel all the same where that is refused."""
        if not self._channel_poster.is_announcement_channel(channel):
            return
        try:
            await self._channel_poster.publish(channel, message_id)
        except DeliveryError as error:
            logs.exception("A digest could not be published", error, channel=int(channel))


def log_digest_failure(error: Exception, subscription: Subscription) -> None:
    """Logs that a digest could not be delivered; what Discord refuses there is no fault of ours."""
    facts = build_facts(
        "digest", discord.Object(int(subscription.guild)), int(subscription.channel)
    )
    if isinstance(error, DeliveryFailed):
        logs.warning("A digest may not be posted where it should be", **facts)
    else:
        logs.exception("A digest could not be delivered", error, **facts)


def build_fitting_digest_blocks(
    digest: Digest, key: str, mention_role: str | None
) -> tuple[Block, ...]:
    """The message of the digest, with as many of its entries as it holds; the others a press away."""
    counts = range(count_shown_entries(digest), 0, -1)
    choices = (build_digest_blocks(digest, max_entries=count) for count in counts)
    postable = (blocks for blocks in choices if is_postable(blocks, key, mention_role))
    return next(postable, build_digest_blocks(digest, max_entries=1))


def build_paused_blocks(subscription: Subscription, reason: str) -> tuple[Block, ...]:
    """What the admins are told of a digest that can't be posted."""
    return (
        Heading(text=f"The digest “{subscription.name}” is paused", warns=True),
        Line(text=reason),
        Line(text="Once that is mended, /digest resume goes on with it.", subtle=True),
    )


def _iter_writable_channels(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """The channels in which the bot may speak, those of the admins before those of all."""
    private_channels = (channel for channel in guild.text_channels if not _is_public(channel))
    candidates = (
        guild.public_updates_channel,
        *private_channels,
        guild.system_channel,
        *guild.text_channels,
    )
    for channel in dict.fromkeys(candidate for candidate in candidates if candidate):
        permissions = channel.permissions_for(guild.me)
        if permissions.view_channel and permissions.send_messages:
            yield channel


def _is_public(channel: discord.TextChannel) -> bool:
    return channel.permissions_for(channel.guild.default_role).view_channel
