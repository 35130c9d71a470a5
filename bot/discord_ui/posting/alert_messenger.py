"""Sending what alerts tell, and what the operator learns where that goes wrong."""

import discord

from bot.discord_ui.messages.replies import build_facts
from bot.errors import DeliveryFailed
from bot.model.alert import Alert
from bot.runtime import logs


def log_alert_failure(error: Exception, alert: Alert) -> None:
    """Logs that an alert could not be told; what Discord refuses there is no fault of ours."""
    guild = discord.Object(int(alert.guild)) if alert.guild else None
    facts = build_facts("alert", guild, int(alert.channel))
    if isinstance(error, DeliveryFailed):
        logs.warning("An alert may not be told where it should be", **facts)
    else:
        logs.exception("An alert could not be told", error, **facts)
