"""The deliveries that the bot runs on its own schedule."""

from typing import NamedTuple

from bot.delivery.alerts import AlertDelivery
from bot.delivery.digests import DigestDelivery


class Deliveries(NamedTuple):
    """The digest delivery and the alert delivery."""

    digests: DigestDelivery
    alerts: AlertDelivery
