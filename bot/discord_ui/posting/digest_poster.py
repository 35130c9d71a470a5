"""Posting digests, publishing them and announcing pauses."""

from collections.abc import Iterator

import discord

from bot.digest.compose import Digest
from bot.discord_ui.messages.replies import build_facts
from bot.discord_ui.posting.channel_poster import ChannelPoster, is_postable
from bot.errors import DeliveryError, DeliveryFailed, DeliveryUnknown
from bot.model.ids import Pseudonym, generate_key
from bot.model.subscription import Subscription
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.digest import build_digest_blocks, build_digest_listing, count_shown_entries
from bot.runtime import logs
from bot.services.digests import DigestService
from bot.services.listings import ListingService
from bot.services.shown_answers import ShownAnswerService

NO_ASKER = Pseudonym("digest")
"""The asker of a digest, which nobody asked for; real pseudonyms have 32 digits."""


class DigestPoster:
    """Posts digests in channels."""

    def __init__(
        self,
        client: discord.Client,
        channel_poster: ChannelPoster,
        *,
        digests: DigestService,
        listings: ListingService,
        shown_answers: ShownAnswerService,
    ) -> None:
        """Post through the channel poster.

        Args:
            client: The client with the servers, channels and roles.
            channel_poster: Posts in channels.
            digests: The digests of servers.
            listings: Stores the results that the buttons of a digest show.
            shown_answers: Records the receipts of quotes.
        """
        self._client = client
        self._channel_poster = channel_poster
        self._digests = digests
        self._listings = listings
        self._shown_answers = shown_answers

    async def get_latest_message_id(self, channel: str) -> str | None:
        """Return the id of the latest message in the channel, as `Messenger` specifies."""
        return await self._channel_poster.get_latest_message_id(channel)

    async def send(self, digest: Digest, key: str) -> str:
        """Post the digest and return its id, as `Messenger` specifies; publish it if possible."""
        channel = digest.subscription.channel
        role = self._find_mention_role(digest.subscription)
        await self._store_listing(digest, key)
        blocks = build_fitting_digest_blocks(digest, key, role)
        message_id = await self._channel_poster.send(channel, blocks, key, mention_role=role)
        await self._publish(channel, message_id)
        return message_id

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """Find the message as `Messenger` specifies, and publish it if that was missed."""
        message_id = await self._channel_poster.find(channel, key, after)
        if message_id:
            await self._publish(channel, message_id)
        return message_id

    async def notify_paused(self, subscription: Subscription, reason: str) -> None:
        """Announce in the server why the digest is paused, in the first channel that works.

        An announcement that may have been posted is not repeated.
        """
        guild = self._client.get_guild(int(subscription.guild))
        blocks = build_paused_blocks(subscription, reason)
        for channel in _iter_writable_channels(guild) if guild else ():
            channel_id = str(channel.id)
            if channel_id != subscription.channel and await self._try_to_tell(channel_id, blocks):
                return
        logs.warning(
            "Notice of paused digest not posted: no channel to post in",
            guild=int(subscription.guild),
        )

    async def _try_to_tell(self, channel: str, blocks: tuple[Block, ...]) -> bool:
        """Post in a channel; return whether the message was or may have been posted."""
        try:
            await self._channel_poster.send(channel, blocks, generate_key())
        except DeliveryFailed:
            return False
        except DeliveryUnknown as error:
            logs.exception(
                "Notice of paused digest possibly not posted: no reply from Discord", error
            )
        return True

    def _find_mention_role(self, subscription: Subscription) -> str | None:
        """Return the role to mention; None if there is none or it was deleted."""
        guild, role = self._client.get_guild(int(subscription.guild)), subscription.mention_role
        return role if guild and role and guild.get_role(int(role)) else None

    async def notify_all_paused(self, guild: str) -> None:
        """Announce all paused digests of a server, in which no announcement was possible before."""
        for subscription in await self._digests.list(guild):
            if subscription.suspension_reason:
                await self.notify_paused(subscription, subscription.suspension_reason)

    async def _store_listing(self, digest: Digest, key: str) -> None:
        """Store the digest for its buttons, and record the receipts of its quotes."""
        listing = build_digest_listing(digest)
        shown = listing.entries[: count_shown_entries(digest)]
        await self._shown_answers.record_receipts(shown)
        await self._listings.store(listing, NO_ASKER, digest.subscription.guild, key=key)

    async def _publish(self, channel: str, message_id: str) -> None:
        """Publish the message of an announcement channel; a failure is only logged."""
        if not self._channel_poster.is_announcement_channel(channel):
            return
        try:
            await self._channel_poster.publish(channel, message_id)
        except DeliveryError as error:
            logs.exception(
                "Digest not published to following channels", error, channel=int(channel)
            )


def log_digest_failure(error: Exception, subscription: Subscription) -> None:
    """Log that a digest was not posted; a refusal by Discord is a warning, no error of ours."""
    facts = build_facts(
        "digest", discord.Object(int(subscription.guild)), int(subscription.channel)
    )
    if isinstance(error, DeliveryFailed):
        logs.warning("Digest not posted: refused by Discord", **facts)
    else:
        logs.exception("Digest not posted", error, **facts)


def build_fitting_digest_blocks(
    digest: Digest, key: str, mention_role: str | None
) -> tuple[Block, ...]:
    """Return the digest with as many entries as fit in a message, and a button for the others."""
    counts = range(count_shown_entries(digest), 0, -1)
    choices = (build_digest_blocks(digest, max_entries=count) for count in counts)
    postable = (blocks for blocks in choices if is_postable(blocks, key, mention_role))
    return next(postable, build_digest_blocks(digest, max_entries=1))


def build_paused_blocks(subscription: Subscription, reason: str) -> tuple[Block, ...]:
    """Return the announcement that the digest is paused, with the reason."""
    return (
        Heading(text=f"The digest “{subscription.name}” is paused", is_warning=True),
        Line(text=reason),
        Line(text="After fixing this, run /digest resume.", is_subtle=True),
    )


def _iter_writable_channels(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """Yield the channels in which the bot can post, those of the admins first."""
    private_channels = (channel for channel in guild.text_channels if not _is_public(channel))
    # Channels that not everyone sees come before public ones: admins are to read it, not members.
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
