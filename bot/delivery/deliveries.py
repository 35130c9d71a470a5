"""What the bot posts without being asked."""

from typing import NamedTuple

from bot.delivery.alerts import AlertDelivery
from bot.delivery.digests import DigestDelivery


class Deliveries(NamedTuple):
    """What posts digests and alerts."""

    digests: DigestDelivery
    alerts: AlertDelivery
