"""The reasons stored for errors in tests of deliveries."""

from bot.errors import BotError, DeliveryFailed
from bot.presentation.errors import describe_error


def describe(error: BotError) -> str:
    """Return the reason code of a failure, or the sentence of any other error."""
    return error.reason if isinstance(error, DeliveryFailed) else describe_error(error)
