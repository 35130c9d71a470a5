"""A request to the REST API, once its route is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.local_discord.errors import build_field_error
from bot.local_discord.world.message_json import message_to_json
from bot.local_discord.world.records import Json, Message, Upload
from bot.local_discord.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request with its parameters and body.

    Attributes:
        path_params: The values of the parameters of the route.
        body: The parsed JSON.
    """

    world: World
    path_params: Mapping[str, str]
    body: Any = None
    query: Mapping[str, str]
    uploads: Sequence[Upload] = ()

    def get_id(self, name: str) -> int:
        """Return an id of the path.

        Raises:
            ApiError: 50035 if it is not a number.
        """
        text = self.path_params[name]
        if not text.isdecimal():
            message = f'Value "{text}" is not snowflake.'
            raise build_field_error(message, code="NUMBER_TYPE_COERCE", path=name)
        return int(text)

    def message_to_json(self, message: Message) -> Json:
        """Return a message as JSON, as far as the bot may read it."""
        return message_to_json(
            self.world, message, has_content_intent=self.world.has_content_intent
        )


Handler = Callable[[Call], Any]
"""A function that answers a call with JSON, or with None if the answer has no body."""
