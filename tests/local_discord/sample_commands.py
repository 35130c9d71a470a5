"""Commands with options of every type, and a role and a channel as values."""

from bot.local_discord.world.constants import ChannelType
from bot.local_discord.world.records import Channel, Json, Role

READERS = Role(id=6, name="readers", permissions=0)
BOOKS = Channel(id=5, type=ChannelType.TEXT, name="books", guild_id=1)
ASK: Json = {
    "id": "1",
    "name": "ask",
    "type": 1,
    "options": [
        {"name": "question", "type": 3, "required": True, "min_length": 2, "max_length": 9},
        {"name": "source", "type": 3, "autocomplete": True},
        {"name": "limit", "type": 4, "min_value": 1, "max_value": 5},
        {"name": "share", "type": 10},
        {"name": "order", "type": 3, "choices": [{"name": "New", "value": "new"}]},
        {"name": "visible", "type": 5},
        {"name": "where", "type": 7},
        {"name": "whom", "type": 8},
    ],
}
DIGEST: Json = {
    "id": "2",
    "name": "digest",
    "type": 1,
    "options": [
        {
            "name": "set",
            "type": 2,
            "options": [
                {"name": "hour", "type": 1, "options": [{"name": "at", "type": 4}]},
                {"name": "off", "type": 1},
            ],
        }
    ],
}
