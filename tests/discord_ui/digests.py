"""What tests of digests in Discord start from."""

from typing import Any

from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Message
from bot.model.subscription import Subscription
from tests.discord_ui.conftest import Place

NEXT = "Next, and as your own time:"


async def digest(place: Place, what: str, by: Person | None = None, **options: Any) -> Message:
    """The answer to /digest, of one who may manage the server unless it is somebody else's."""
    person = by or place.local.find_person("mod")
    acted = await person.run_command(f"digest {what}", channel=place.general, **options)
    return await person.wait_for_answer(acted)


async def digest_set(place: Place, channel: str = "books", **options: Any) -> Message:
    """The answer to /digest set with this channel, at 08:30 unless the options say."""
    place_set = place.local.find_channel(channel)
    return await digest(place, "set", channel_=place_set, **{"time": "08:30", **options})


async def offered(
    place: Place, what: str, option: str, typed: str, by: Person | None = None, **options: Any
) -> list[str]:
    """What is offered for an option of /digest."""
    person = by or place.local.find_person("mod")
    choices = await person.autocomplete(
        f"digest {what}", option, typed, channel=place.general, **options
    )
    return [choice["value"] for choice in choices]


async def kept(place: Place) -> list[Subscription]:
    """The digests of the server."""
    return list(await place.app.subscriptions.find_by_guild(str(place.general.guild_id)))


async def kept_one(place: Place) -> Subscription:
    """The only digest of the server."""
    (subscription,) = await kept(place)
    return subscription
