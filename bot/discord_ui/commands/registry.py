"""All commands of the bot."""

from collections.abc import Callable
from typing import Any

from discord import app_commands

from bot.discord_ui.commands.alerts import alerts_command
from bot.discord_ui.commands.article import article_command
from bot.discord_ui.commands.ask import ask_command
from bot.discord_ui.commands.digest import digest_command
from bot.discord_ui.commands.feedback import feedback_command
from bot.discord_ui.commands.help import help_command
from bot.discord_ui.commands.latest import latest_command, on_command
from bot.discord_ui.commands.library import sources_command, status_command
from bot.discord_ui.commands.message_menus import evidence_menu, quotes_menu
from bot.discord_ui.commands.privacy import privacy_command
from bot.discord_ui.commands.search import search_command
from bot.discord_ui.commands.settings import settings_command
from bot.discord_ui.commands.timeline import changed_command, timeline_command
from bot.discord_ui.commands.trend import trend_command
from bot.discord_ui.commands.verify import verify_command
from bot.discord_ui.context import Desk

Registered = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu

COMMANDS: tuple[Callable[[Desk], Registered], ...] = (
    ask_command,
    search_command,
    article_command,
    timeline_command,
    verify_command,
    evidence_menu,
    quotes_menu,
    latest_command,
    on_command,
    sources_command,
    status_command,
    settings_command,
    privacy_command,
    help_command,
    changed_command,
    trend_command,
    feedback_command,
    digest_command,
    alerts_command,
)
"""What makes each command; a module a group of them."""
