"""Posting digests: what they say, where they are published, and who is told when that ends."""

from collections.abc import Iterator

import discord

from bot.delivery.digests import Deliverer
from bot.delivery.send_queue import SendQueue
from bot.digest.compose import Digest
from bot.digest.window import Window
from bot.discord_ui.messages.replies import facts_of
from bot.discord_ui.posting.channel_poster import ChannelPoster, is_postable
from bot.errors import DeliveryError, DeliveryFailed, DeliveryUnknown
from bot.model.article import ArticleId
from bot.model.delivery import Delivery
from bot.model.ids import Pseudonym, new_key
from bot.model.subscription import Subscription
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.digest import digest_blocks, digest_listing, shown_count
from bot.runtime import logs
from bot.services import app as running
from bot.services import listings as browsing
from bot.services.app import App
from bot.services.digest_composer import Composer

NOBODY = Pseudonym("digest")
"""Stands for who asked where nobody did: people are called by 32 digits."""


class DigestPoster:
    """Puts digests into the channels of Discord."""

    def __init__(self, app: App, client: discord.Client, queue: SendQueue) -> None:
        self._app = app
        self._client = client
        self._channels = ChannelPoster(client, queue)

    async def anchor(self, channel: str) -> str | None:
        """A message that stands in the channel by now, as `Poster.anchor` says."""
        return await self._channels.anchor(channel)

    async def post(self, subscription: Subscription, digest: Digest, key: str) -> str:
        """Posts the digest, and publishes it where that can be done, as `Poster.post` says."""
        role = self._role_of(subscription)
        await self._keep(subscription, digest, key)
        blocks = fitted(digest, key, role)
        message = await self._channels.send(subscription.channel, blocks, key, mention_role=role)
        await self._publish(subscription.channel, message)
        return message

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """The message with that key, as `Poster.find` says, published where it was not yet."""
        found = await self._channels.find(channel, key, after)
        if found:
            await self._publish(channel, found)
        return found

    async def tell(self, subscription: Subscription, reason: str) -> None:
        """Tells in the server why the digest is paused, once, where the bot may speak.

        It is told no second time where it is not known whether it was told.
        """
        guild = self._client.get_guild(int(subscription.guild))
        blocks = paused_blocks(subscription, reason)
        for place in _places(guild) if guild else ():
            if str(place.id) == subscription.channel:
                continue
            try:
                await self._channels.send(str(place.id), blocks, new_key())
            except DeliveryFailed:
                continue
            except DeliveryUnknown as error:
                logs.failure("Who was told of a paused digest is not known", error)
            return
        logs.warning("Nobody could be told of a paused digest", guild=int(subscription.guild))

    def _role_of(self, subscription: Subscription) -> str | None:
        """The role that it mentions; None for nobody, also where the role was deleted."""
        guild, role = self._client.get_guild(int(subscription.guild)), subscription.mention_role
        return role if guild and role and guild.get_role(int(role)) else None

    async def tell_of_paused(self, guild: str) -> None:
        """Tells which digests the bot has paused, in a server where it could tell nobody then."""
        for digest in await self._app.subscriptions.of_guild(guild):
            if digest.trouble:
                await self.tell(digest, digest.trouble)

    async def _keep(self, subscription: Subscription, digest: Digest, key: str) -> None:
        """Makes sure that what it quotes can be verified, and that its buttons work."""
        listing = digest_listing(digest)
        await running.record_shown(self._app, listing.entries[: shown_count(digest)])
        await browsing.keep(self._app, listing, NOBODY, subscription.guild, key=key)

    async def _publish(self, channel: str, message: str) -> None:
        """Publishes the message; it stands in its channel all the same where that is refused."""
        if not self._channels.publishes(channel):
            return
        try:
            await self._channels.publish(channel, message)
        except DeliveryError as error:
            logs.failure("A digest could not be published", error, channel=int(channel))


def deliverer_of(app: App, poster: DigestPoster) -> Deliverer:
    """What delivers the app's digests through the poster."""
    limits = running.digest_limits(app)
    composer = Composer(app.articles, app.deliveries, app.corpus, limits)
    named: set[ArticleId] = set()

    async def compose(subscription: Subscription, window: Window, left: Delivery | None) -> Digest:
        digest = await composer.due(subscription, window, left)
        for article_id in sorted(frozenset(digest.waiting) - named):
            app.notify(
                f"The article {article_id} is dated in the future: digests wait for its day."
            )
        named.update(digest.waiting)
        return digest

    return Deliverer(
        subscriptions=app.subscriptions,
        deliveries=app.deliveries,
        compose=compose,
        poster=poster,
        clock=app.clock,
        report=report,
    )


def report(error: Exception, subscription: Subscription) -> None:
    """Logs that a digest could not be delivered; what Discord refuses there is no fault of ours."""
    facts = facts_of("digest", discord.Object(int(subscription.guild)), int(subscription.channel))
    if isinstance(error, DeliveryFailed):
        logs.warning("A digest may not be posted where it should be", **facts)
    else:
        logs.failure("A digest could not be delivered", error, **facts)


def fitted(digest: Digest, key: str, mention_role: str | None) -> tuple[Block, ...]:
    """The message of the digest, with as many of its entries as it holds; the others a press away."""
    counts = range(shown_count(digest), 0, -1)
    choices = (digest_blocks(digest, most=count) for count in counts)
    fitting = (blocks for blocks in choices if is_postable(blocks, key, mention_role))
    return next(fitting, digest_blocks(digest, most=1))


def paused_blocks(subscription: Subscription, reason: str) -> tuple[Block, ...]:
    """What the admins are told of a digest that can't be posted."""
    return (
        Heading(text=f"The digest “{subscription.name}” is paused", warns=True),
        Line(text=reason),
        Line(text="Once that is mended, /digest resume goes on with it.", subtle=True),
    )


def _places(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """The channels in which the bot may speak, those of the admins before those of all."""
    closed = (each for each in guild.text_channels if not _is_open_to_all(each))
    places = (guild.public_updates_channel, *closed, guild.system_channel, *guild.text_channels)
    for place in dict.fromkeys(each for each in places if each):
        held = place.permissions_for(guild.me)
        if held.view_channel and held.send_messages:
            yield place


def _is_open_to_all(place: discord.TextChannel) -> bool:
    return place.permissions_for(place.guild.default_role).view_channel
