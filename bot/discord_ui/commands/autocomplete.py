"""What Discord offers to a person who is still typing an option: found beside the event loop."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from itertools import islice
from typing import Any

import discord
from discord import app_commands

from bot.dates.calendar import range_text
from bot.discord_ui.commands.zones import find_zones
from bot.discord_ui.context import BotContext
from bot.lookups.completions import suggest_dates, suggest_sources
from bot.presentation.labels import MAX_LABEL_CHARS, format_days_label, format_title_label
from bot.presentation.settings_pages import format_zone_label

MAX_CHOICES = 25
MAX_VALUE_CHARS = 100

Choice = app_commands.Choice[str]
Autocomplete = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[Choice]]]
"""What an option offers: `command.autocomplete(name)` takes it."""


def build_title_autocomplete(context: BotContext) -> Autocomplete:
    """Articles, by their keys in the catalogue."""

    async def suggest(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        today = await _get_today(context, interaction)
        cards = await asyncio.to_thread(
            context.catalogue.find_by_words, current, until=today, limit=MAX_CHOICES
        )
        return [Choice(name=format_title_label(card), value=card.key) for card in cards]

    return suggest


def build_day_autocomplete(context: BotContext) -> Autocomplete:
    """Days that the library has, in words that the date grammar reads."""

    async def suggest(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        today = await _get_today(context, interaction)
        articles = context.catalogue.articles
        suggestions = await asyncio.to_thread(
            suggest_dates, current, articles, today=today, limit=MAX_CHOICES
        )
        return [
            Choice(name=format_days_label(suggestion), value=range_text(suggestion.days))
            for suggestion in suggestions
        ]

    return suggest


def build_source_autocomplete(context: BotContext) -> Autocomplete:
    """Sources that the library has."""

    async def suggest(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        today = await _get_today(context, interaction)
        sources = await asyncio.to_thread(
            suggest_sources,
            current,
            context.catalogue.articles,
            until=today,
            max_chars=MAX_LABEL_CHARS,
            limit=MAX_CHOICES,
        )
        return [Choice(name=source.name, value=source.name) for source in sources if source.name]

    return suggest


def build_source_list_autocomplete(context: BotContext) -> Autocomplete:
    """Sources for the last of those that are typed with commas between them."""

    async def suggest(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        earlier_sources, comma, last_source = current.rpartition(",")
        prefix = f"{earlier_sources.strip()}, " if comma else ""
        today = await _get_today(context, interaction)
        sources = await asyncio.to_thread(
            suggest_sources,
            last_source,
            context.catalogue.articles,
            until=today,
            max_chars=MAX_LABEL_CHARS - len(prefix),
            limit=MAX_CHOICES,
        )
        names = [f"{prefix}{source.name}" for source in sources]
        return [Choice(name=name, value=name) for name in names]

    return suggest


def build_zone_autocomplete(context: BotContext, names: Sequence[str]) -> Autocomplete:
    """Time zones of these names, each with the time there."""

    async def suggest(_interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        now = context.services.clock.now()
        matching_names = islice(find_zones(current, names), MAX_CHOICES)
        return [Choice(name=format_zone_label(name, now), value=name) for name in matching_names]

    return suggest


async def _get_today(context: BotContext, interaction: discord.Interaction[Any]) -> date:
    """The day that it is for who types."""
    guild = str(interaction.guild_id) if interaction.is_guild_integration() else None
    return context.services.clock.today((await context.load_preferences(guild)).zone)
