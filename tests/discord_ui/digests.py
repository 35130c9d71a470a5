"""Helpers for tests of /digest."""

from typing import Any

from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Message
from bot.model.subscription import Subscription
from tests.discord_ui.conftest import RunningBot

NEXT_TIMES_LABEL = "Next posts, also in your time zone:"


async def run_digest_command(
    bot: RunningBot, what: str, by: Person | None = None, **options: Any
) -> Message:
    """Use /digest as a manager or as somebody else, and return the answer."""
    person = by or bot.local.find_person("mod")
    action = await person.run_command(f"digest {what}", channel=bot.general, **options)
    return await person.wait_for_answer(action)


async def set_digest(bot: RunningBot, channel: str = "books", **options: Any) -> Message:
    """Use /digest set with this channel, at 08:30 unless the options say, and return the answer."""
    place_set = bot.local.find_channel(channel)
    return await run_digest_command(bot, "set", channel_=place_set, **{"time": "08:30", **options})


async def list_choices(
    bot: RunningBot, what: str, option: str, typed: str, by: Person | None = None, **options: Any
) -> list[str]:
    """Return the values that autocomplete offers for an option of /digest."""
    person = by or bot.local.find_person("mod")
    choices = await person.autocomplete(
        f"digest {what}", option, typed, channel=bot.general, **options
    )
    return [choice["value"] for choice in choices]


async def load_subscriptions(bot: RunningBot) -> list[Subscription]:
    """Return the digests of the server."""
    return list(await bot.app.subscriptions.find_by_guild(str(bot.general.guild_id)))


async def load_subscription(bot: RunningBot) -> Subscription:
    """Return the only digest of the server."""
    (subscription,) = await load_subscriptions(bot)
    return subscription
