"""A request to the REST API, once it is known what it asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.local_discord import errors as refusals
from bot.local_discord.message_json import message_to_json
from bot.local_discord.world.posting import Upload
from bot.local_discord.world.records import Json, Message
from bot.local_discord.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that may be answered.

    Attributes:
        path_params: What stands in the variable parts of the route.
    """

    world: World
    path_params: Mapping[str, str]
    body: Any = None
    query: Mapping[str, str]
    uploads: Sequence[Upload] = ()

    def get_id(self, name: str) -> int:
        """An id in the path.

        Raises:
            Refused: 50035, where it is no number.
        """
        text = self.path_params[name]
        if not text.isdecimal():
            message = f'Value "{text}" is not snowflake.'
            raise refusals.field_error(message, code="NUMBER_TYPE_COERCE", path=name)
        return int(text)

    def message_to_json(self, message: Message) -> Json:
        """A message as the bot may read it."""
        return message_to_json(self.world, message, content_intent=self.world.has_content_intent)


Handler = Callable[[Call], Any]
"""What answers a call: JSON, or None where there is nothing to say."""
