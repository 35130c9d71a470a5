"""Posting the messages of alerts, and what the operator learns if that fails."""

import discord

from bot.delivery.alert_composer import AlertNotice
from bot.discord_ui.messages.replies import build_facts
from bot.discord_ui.posting.channel_poster import ChannelPoster
from bot.errors import DeliveryFailed
from bot.model.alert import Alert
from bot.presentation.alerts import build_alert_blocks
from bot.runtime import logs


class AlertMessenger:
    """Posts the messages of alerts into channels and direct messages."""

    def __init__(self, channel_poster: ChannelPoster, *, max_excerpt_chars: int) -> None:
        """Post through the channel poster, with quotes of at most so many characters."""
        self._channel_poster = channel_poster
        self._max_excerpt_chars = max_excerpt_chars

    async def get_latest_message_id(self, channel: str) -> str | None:
        """Return a message that stands in the channel by now, as `Messenger` says."""
        return await self._channel_poster.get_latest_message_id(channel)

    async def send(self, notice: AlertNotice, key: str) -> str:
        """Post what an alert tells, and return the id of the message, as `Messenger` says."""
        blocks = build_alert_blocks(
            notice.alert.query_text,
            notice.citations,
            max_chars=self._max_excerpt_chars,
            omitted_count=notice.omitted_count,
            is_own=notice.alert.guild is None,
        )
        return await self._channel_poster.send(notice.alert.channel, blocks, key)

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """Return the message with that key, as `Messenger` says."""
        return await self._channel_poster.find(channel, key, after)


def log_alert_failure(error: Exception, alert: Alert) -> None:
    """Log that an alert could not be told; a refusal by Discord is no fault of ours."""
    guild = discord.Object(int(alert.guild)) if alert.guild else None
    facts = build_facts("alert", guild, int(alert.channel))
    if isinstance(error, DeliveryFailed):
        logs.warning("Alert not posted: refused by Discord", **facts)
    else:
        logs.exception("Alert not posted", error, **facts)
