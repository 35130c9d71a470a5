"""What Discord offers to a person who is still typing an option: found beside the event loop."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from itertools import islice
from typing import Any

import discord
from discord import app_commands

from bot.dates.calendar import range_text
from bot.discord_ui.commands.zones import zones_for
from bot.discord_ui.context import Desk
from bot.lookups.completions import days_offered, sources_offered
from bot.presentation.labels import MAX_LABEL_CHARS, days_label, title_label
from bot.presentation.settings_pages import zone_label

MOST_CHOICES = 25
MAX_VALUE_CHARS = 100

Choice = app_commands.Choice[str]
Offer = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[Choice]]]
"""What an option offers: `command.autocomplete(name)` takes it."""


def title_offers(desk: Desk) -> Offer:
    """Articles, by their keys in the catalogue."""

    async def offered(interaction: discord.Interaction[Any], typed: str) -> list[Choice]:
        today = await _today(desk, interaction)
        cards = await asyncio.to_thread(
            desk.catalogue.titled, typed, until=today, most=MOST_CHOICES
        )
        return [Choice(name=title_label(card), value=card.key) for card in cards]

    return offered


def day_offers(desk: Desk) -> Offer:
    """Days that the library has, in words that the date grammar reads."""

    async def offered(interaction: discord.Interaction[Any], typed: str) -> list[Choice]:
        today = await _today(desk, interaction)
        held = desk.catalogue.articles
        found = await asyncio.to_thread(days_offered, typed, held, today=today, most=MOST_CHOICES)
        return [Choice(name=days_label(each), value=range_text(each.days)) for each in found]

    return offered


def source_offers(desk: Desk) -> Offer:
    """Sources that the library has."""

    async def offered(interaction: discord.Interaction[Any], typed: str) -> list[Choice]:
        today = await _today(desk, interaction)
        found = await asyncio.to_thread(
            sources_offered,
            typed,
            desk.catalogue.articles,
            until=today,
            max_chars=MAX_LABEL_CHARS,
            most=MOST_CHOICES,
        )
        return [Choice(name=each.name, value=each.name) for each in found if each.name]

    return offered


def several_source_offers(desk: Desk) -> Offer:
    """Sources for the last of those that are typed with commas between them."""

    async def offered(interaction: discord.Interaction[Any], typed: str) -> list[Choice]:
        before, comma, last = typed.rpartition(",")
        begin = f"{before.strip()}, " if comma else ""
        today = await _today(desk, interaction)
        found = await asyncio.to_thread(
            sources_offered,
            last,
            desk.catalogue.articles,
            until=today,
            max_chars=MAX_LABEL_CHARS - len(begin),
            most=MOST_CHOICES,
        )
        names = [f"{begin}{each.name}" for each in found]
        return [Choice(name=name, value=name) for name in names]

    return offered


def zone_offers(desk: Desk, names: Sequence[str]) -> Offer:
    """Time zones of these names, each with the time there."""

    async def offered(_interaction: discord.Interaction[Any], typed: str) -> list[Choice]:
        now = desk.app.clock()
        found = islice(zones_for(typed, names), MOST_CHOICES)
        return [Choice(name=zone_label(name, now), value=name) for name in found]

    return offered


async def _today(desk: Desk, interaction: discord.Interaction[Any]) -> date:
    """The day that it is for who types."""
    guild = str(interaction.guild_id) if interaction.is_guild_integration() else None
    return desk.app.today_in((await desk.manner(guild)).zone)
