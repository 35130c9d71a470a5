"""All commands of the bot."""

from collections.abc import Callable
from typing import Any

from discord import app_commands

from bot.discord_ui.alerts_command import alerts_command
from bot.discord_ui.article_command import article_command
from bot.discord_ui.ask_command import ask_command
from bot.discord_ui.desk import Desk
from bot.discord_ui.digest_command import digest_command
from bot.discord_ui.feedback_command import feedback_command
from bot.discord_ui.help_command import help_command
from bot.discord_ui.library_commands import sources_command, status_command
from bot.discord_ui.menu_commands import evidence_menu, quotes_menu
from bot.discord_ui.newest_commands import latest_command, on_command
from bot.discord_ui.over_time_commands import changed_command, timeline_command
from bot.discord_ui.privacy_command import privacy_command
from bot.discord_ui.search_command import search_command
from bot.discord_ui.settings_command import settings_command
from bot.discord_ui.trend_command import trend_command
from bot.discord_ui.verify_command import verify_command

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
