"""The list of all commands."""

from collections.abc import Callable
from typing import Any

from discord import app_commands

from bot.discord_ui.commands.alerts import build_alerts_command
from bot.discord_ui.commands.article import build_article_command
from bot.discord_ui.commands.ask import build_ask_command
from bot.discord_ui.commands.digest import build_digest_command
from bot.discord_ui.commands.feedback import build_feedback_command
from bot.discord_ui.commands.help import build_help_command
from bot.discord_ui.commands.latest import build_latest_command, build_on_command
from bot.discord_ui.commands.library import build_sources_command, build_status_command
from bot.discord_ui.commands.message_menus import build_evidence_menu, build_quotes_menu
from bot.discord_ui.commands.privacy import build_privacy_command
from bot.discord_ui.commands.search import build_search_command
from bot.discord_ui.commands.settings import build_settings_command
from bot.discord_ui.commands.timeline import build_changed_command, build_timeline_command
from bot.discord_ui.commands.trend import build_trend_command
from bot.discord_ui.commands.verify import build_verify_command
from bot.discord_ui.context import BotContext

RegisteredCommand = (
    app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
)

COMMAND_BUILDERS: tuple[Callable[[BotContext], RegisteredCommand], ...] = (
    build_ask_command,
    build_search_command,
    build_article_command,
    build_timeline_command,
    build_verify_command,
    build_evidence_menu,
    build_quotes_menu,
    build_latest_command,
    build_on_command,
    build_sources_command,
    build_status_command,
    build_settings_command,
    build_privacy_command,
    build_help_command,
    build_changed_command,
    build_trend_command,
    build_feedback_command,
    build_digest_command,
    build_alerts_command,
)
"""The functions that build the commands, in the order in which they are registered."""
