"""Sending what alerts tell, and what the operator learns where that goes wrong."""

import discord

from bot.delivery.alerts import AlertDelivery
from bot.delivery.send_queue import SendQueue
from bot.discord_ui.messages.replies import facts_of
from bot.discord_ui.posting.channel_poster import ChannelPoster
from bot.errors import DeliveryFailed
from bot.model.alert import Alert
from bot.runtime import logs
from bot.services.app import App


def alert_delivery_of(app: App, client: discord.Client, queue: SendQueue) -> AlertDelivery:
    """What tells the app's alerts in Discord."""
    return AlertDelivery(app, messenger=ChannelPoster(client, queue), report=report)


def report(error: Exception, alert: Alert) -> None:
    """Logs that an alert could not be told; what Discord refuses there is no fault of ours."""
    guild = discord.Object(int(alert.guild)) if alert.guild else None
    facts = facts_of("alert", guild, int(alert.channel))
    if isinstance(error, DeliveryFailed):
        logs.warning("An alert may not be told where it should be", **facts)
    else:
        logs.failure("An alert could not be told", error, **facts)
