"""Sending what alerts tell, and what the operator learns where that goes wrong."""

import discord

from bot.delivery.alerts import AlertDelivery
from bot.delivery.send_queue import SendQueue
from bot.discord_ui.messages.replies import build_facts
from bot.discord_ui.posting.channel_poster import ChannelPoster
from bot.errors import DeliveryFailed
from bot.model.alert import Alert
from bot.runtime import logs
from bot.services.app import App


def build_alert_delivery(app: App, client: discord.Client, queue: SendQueue) -> AlertDelivery:
    """What tells the app's alerts in Discord."""
    return AlertDelivery(app, messenger=ChannelPoster(client, queue), report=log_alert_failure)


def log_alert_failure(error: Exception, alert: Alert) -> None:
    """Logs that an alert could not be told; what Discord refuses there is no fault of ours."""
    guild = discord.Object(int(alert.guild)) if alert.guild else None
    facts = build_facts("alert", guild, int(alert.channel))
    if isinstance(error, DeliveryFailed):
        logs.warning("An alert may not be told where it should be", **facts)
    else:
        logs.exception("An alert could not be told", error, **facts)
