"""What is stored for an error in tests of deliveries."""

from bot.errors import BotError, DeliveryFailed
from bot.presentation.errors import describe_error


def describe(error: BotError) -> str:
    """The reason of a failure as it is, and the sentence of any other error."""
    return error.reason if isinstance(error, DeliveryFailed) else describe_error(error)
