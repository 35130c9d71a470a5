"""The autocompletes of command options.

Discord wants suggestions within 3 s and can't defer them, so each lookup runs in a thread.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any

from bot.dates.calendar import range_text
from bot.discord_ui.commands.options import Choice, Interaction
from bot.discord_ui.commands.zones import find_zones, list_zone_names
from bot.discord_ui.context import BotContext
from bot.lookups.completions import suggest_dates, suggest_sources
from bot.presentation.labels import MAX_LABEL_CHARS, format_days_label, format_title_label
from bot.presentation.settings_pages import format_zone_label
from bot.retrieval.text.controls import show_controls

# Discord's limits for the suggestions of one option.
MAX_CHOICES = 25
MAX_VALUE_CHARS = 100

Autocomplete = Callable[[Interaction, str], Coroutine[Any, Any, list[Choice]]]
"""A function that `command.autocomplete(name)` registers for an option."""


def build_title_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of articles; the values are keys of the catalogue."""

    async def suggest(interaction: Interaction, current: str) -> list[Choice]:
        today = await _get_today(context, interaction)
        cards = await asyncio.to_thread(
            context.catalogue.find_by_words, current, until=today, limit=MAX_CHOICES
        )
        return [_build_choice(format_title_label(card), card.key) for card in cards]

    return suggest


def build_day_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of days with articles; the values are dates that the grammar reads."""

    async def suggest(interaction: Interaction, current: str) -> list[Choice]:
        today = await _get_today(context, interaction)
        articles = context.catalogue.articles
        suggestions = await asyncio.to_thread(
            suggest_dates, current, articles, today=today, limit=MAX_CHOICES
        )
        return [
            _build_choice(format_days_label(suggestion), range_text(suggestion.days))
            for suggestion in suggestions
        ]

    return suggest


def build_source_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of the sources in the library."""

    async def suggest(interaction: Interaction, current: str) -> list[Choice]:
        names = await _find_source_names(context, interaction, current, MAX_LABEL_CHARS)
        return [_build_choice(name, name) for name in names]

    return suggest


def build_source_list_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of sources for the last entry of a list with commas."""

    async def suggest(interaction: Interaction, current: str) -> list[Choice]:
        earlier_sources, comma, last_source = current.rpartition(",")
        prefix = f"{earlier_sources.strip()}, " if comma else ""
        max_chars = MAX_LABEL_CHARS - len(prefix)
        names = await _find_source_names(context, interaction, last_source, max_chars)
        return [_build_choice(f"{prefix}{name}", f"{prefix}{name}") for name in names]

    return suggest


def build_zone_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of time zones with their local times."""
    names = list_zone_names()

    async def suggest(_interaction: Interaction, current: str) -> list[Choice]:
        now = context.services.clock.now()
        matching_names = islice(find_zones(current, names), MAX_CHOICES)
        return [_build_choice(format_zone_label(name, now), name) for name in matching_names]

    return suggest


def filter_choices(labels: Mapping[str, str], current: str) -> list[Choice]:
    """Return the choices with labels that contain the typed text.

    Args:
        labels: The label of each value.
        current: The text typed so far.
    """
    fragment = current.strip().casefold()
    matches = (
        _build_choice(label[:MAX_LABEL_CHARS], value)
        for value, label in labels.items()
        if fragment in label.casefold()
    )
    return list(islice(matches, MAX_CHOICES))


def filter_names(names: Iterable[str], current: str) -> list[Choice]:
    """Return the distinct names that contain the typed text, as choices."""
    return filter_choices({name: name for name in names}, current)


def _build_choice(name: str, value: str) -> Choice:
    """Return a choice without control characters; names with substitutes are understood."""
    return Choice(name=show_controls(name), value=show_controls(value))


async def _find_source_names(
    context: BotContext, interaction: Interaction, text: str, max_chars: int
) -> list[str]:
    sources = await asyncio.to_thread(
        suggest_sources,
        text,
        context.catalogue.articles,
        until=await _get_today(context, interaction),
        max_chars=max_chars,
        limit=MAX_CHOICES,
    )
    return [source.name for source in sources if source.name]


async def _get_today(context: BotContext, interaction: Interaction) -> date:
    """Return the current day in the time zone of the server or of direct messages."""
    guild = str(interaction.guild_id) if interaction.is_guild_integration() else None
    return context.services.clock.today((await context.load_preferences(guild)).zone)
