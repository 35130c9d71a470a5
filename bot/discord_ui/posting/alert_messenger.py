"""Posting the messages of alerts."""

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
        """Post through the channel poster, with quotes of at most `max_excerpt_chars` characters."""
        self._channel_poster = channel_poster
        self._max_excerpt_chars = max_excerpt_chars

    async def get_latest_message_id(self, channel: str) -> str | None:
        """Return the id of the latest message in the channel, as `Messenger` specifies."""
        return await self._channel_poster.get_latest_message_id(channel)

    async def send(self, notice: AlertNotice, key: str) -> str:
        """Post the alert's message and return its id, as `Messenger` specifies."""
        blocks = build_alert_blocks(
            notice.alert.query_text,
            notice.citations,
            max_chars=self._max_excerpt_chars,
            omitted_count=notice.omitted_count,
            is_own=notice.alert.guild is None,
        )
        return await self._channel_poster.send(notice.alert.channel, blocks, key)

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """Return the id of the message with this key, as `Messenger` specifies."""
        return await self._channel_poster.find(channel, key, after)


def log_alert_failure(error: Exception, alert: Alert) -> None:
    """Log that an alert was not posted; a refusal by Discord is a warning, no error of ours."""
    guild = discord.Object(int(alert.guild)) if alert.guild else None
    facts = build_facts("alert", guild, int(alert.channel))
    if isinstance(error, DeliveryFailed):
        logs.warning("Alert not posted: refused by Discord", **facts)
    else:
        logs.exception("Alert not posted", error, **facts)
