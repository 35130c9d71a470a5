"""The command group /alerts, and its buttons: be told of new articles, in a channel or directly."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import MAX_CHOICES, build_zone_autocomplete
from bot.discord_ui.commands.zones import find_zone, list_zone_names, suggest_zones
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.components import ButtonPress, is_sendable
from bot.discord_ui.messages.replies import InteractionReply
from bot.model.alert import Alert
from bot.presentation.alert_pages import (
    ALERT_GONE,
    BOT_NOT_IN_GUILD,
    CHANNEL_ALERTS_NEED_MANAGER,
    MISSING_PERMISSIONS,
    NOT_YOURS,
    build_alert_added_blocks,
    build_alert_changed_blocks,
    build_alert_list_blocks,
    build_alert_preview_blocks,
    format_alert_label,
)
from bot.presentation.blocks import Block
from bot.presentation.settings_pages import DELETED_CHANNEL as GONE_CHANNEL
from bot.presentation.settings_pages import build_unknown_zone_blocks
from bot.retrieval.question.validation import MAX_QUESTION_CHARS
from bot.services.alerts import AlertDraft, AlertOwner, parse_quiet_hours

Interaction = discord.Interaction[Any]
QueryText = app_commands.Range[str, 1, MAX_QUESTION_CHARS]
ShortText = app_commands.Range[str, 1, 100]
AlertChange = Callable[[BotContext, Alert], Awaitable[object]]


class AlertDestination(StrEnum):
    """Where an alert tells."""

    HERE = "this channel"
    ME = "me"


def build_alerts_command(context: BotContext) -> app_commands.Group:
    """The group as it is registered: wherever people can use the bot by themselves."""
    group = app_commands.Group(
        name="alerts",
        description="Be told when a new article matches",
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=False
        ),
    )
    _add_add_command(context, group)
    _add_list_command(context, group)
    _add_change_command(
        context, group, "pause", "Let an alert rest until it is resumed", "Paused", _pause
    )
    _add_change_command(
        context,
        group,
        "resume",
        "Let an alert tell again, of what is new from now",
        "Resumed",
        _resume,
    )
    _add_change_command(
        context, group, "remove", "End an alert, with all that is kept of it", "Removed", _remove
    )
    return group


def _add_add_command(context: BotContext, group: app_commands.Group) -> None:
    names = list_zone_names()

    @group.command(name="add")
    @app_commands.describe(
        query='What an article has to hold: all words, a "phrase" word for word, -word for none of it',
        where="Where you are told: all in this channel, or you alone in direct messages",
        quiet_from="When quiet hours begin, like 22:00",
        quiet_to="When quiet hours are over, like 07:00",
        zone="The time zone of the quiet hours: a city, or its IANA name",
    )
    async def add(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: Interaction,
        query: QueryText,
        where: AlertDestination,
        quiet_from: ShortText | None = None,
        quiet_to: ShortText | None = None,
        zone: ShortText | None = None,
    ) -> None:
        """Be told of new articles; first you see how often that would have been."""
        reply = InteractionReply(interaction, entry_point="alerts", private=True)
        async with report_errors(context, reply):
            context.admit(interaction.user.id)
            default_zone = (await context.load_preferences(reply.guild)).zone.key
            zone_name = find_zone(zone, names) if zone else default_zone
            refusal = (
                () if where is AlertDestination.ME else _build_refusal(interaction, reply.guild)
            )
            if zone and zone_name is None:
                refusal = build_unknown_zone_blocks(zone, suggest_zones(zone, names))
            if refusal or zone_name is None:
                await reply.refuse(refusal)
                return
            draft = AlertDraft(
                owner=_build_owner(
                    context, interaction, reply.guild if where is AlertDestination.HERE else None
                ),
                channel=str(interaction.channel_id) if where is AlertDestination.HERE else None,
                query_text=query,
                quiet_hours=parse_quiet_hours(quiet_from, quiet_to, zone, zone_name),
            )
            await reply.begin()
            preview = await context.services.alerts.preview(context.drafts, draft)
            await reply.send(build_alert_preview_blocks(preview), key=preview.key)

    add.autocomplete("zone")(build_zone_autocomplete(context, names))


def _build_refusal(interaction: Interaction, guild: str | None) -> tuple[Block, ...]:
    """Why this person can add no alert for this channel; empty where they can."""
    if guild is None:
        return BOT_NOT_IN_GUILD
    if not interaction.permissions.manage_guild:
        return CHANNEL_ALERTS_NEED_MANAGER
    permissions = interaction.app_permissions
    is_thread = isinstance(interaction.channel, discord.Thread)
    may_send = permissions.send_messages_in_threads if is_thread else permissions.send_messages
    has_all = permissions.view_channel and may_send and permissions.read_message_history
    return () if has_all else MISSING_PERMISSIONS


def _add_list_command(context: BotContext, group: app_commands.Group) -> None:
    @group.command(name="list")
    async def list_alerts(interaction: Interaction) -> None:
        """Your alerts, and those of this server where you manage it."""
        reply = InteractionReply(interaction, entry_point="alerts", private=True)
        async with report_errors(context, reply):
            context.admit(interaction.user.id)
            manageable_alerts = await _find_manageable_alerts(context, interaction)
            await reply.send(
                build_alert_list_blocks(
                    manageable_alerts,
                    get_channel_name=lambda channel: _get_channel_name(interaction, channel),
                    fits_message=lambda blocks: is_sendable(blocks, key=""),
                )
            )


def _add_change_command(  # noqa: PLR0913, PLR0917 - what tells one of these commands from the others
    context: BotContext,
    group: app_commands.Group,
    name: str,
    description: str,
    outcome: str,
    change: AlertChange,
) -> None:
    """Adds a command that does one thing with one alert."""

    @group.command(name=name, description=description)
    @app_commands.describe(alert="Which alert; choose one of those offered")
    async def command(interaction: Interaction, alert: ShortText) -> None:
        reply = InteractionReply(interaction, entry_point="alerts", private=True)
        async with report_errors(context, reply):
            context.admit(interaction.user.id)
            person = context.get_pseudonym(interaction.user.id)
            chosen_alert = await context.services.alerts.get(
                alert, person, _get_managed_guild(interaction)
            )
            await change(context, chosen_alert)
            await reply.send(build_alert_changed_blocks(chosen_alert, outcome))

    @command.autocomplete("alert")
    async def suggest_alerts(
        interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        fragment = current.strip().casefold()
        labels = {
            alert.key: format_alert_label(
                alert, lambda channel: _get_channel_name(interaction, channel)
            )
            for alert in await _find_manageable_alerts(context, interaction)
        }
        return [
            app_commands.Choice(name=label, value=key)
            for key, label in labels.items()
            if fragment in label.casefold()
        ][:MAX_CHOICES]


async def _pause(context: BotContext, alert: Alert) -> None:
    await context.services.alerts.pause(alert.key)


async def _resume(context: BotContext, alert: Alert) -> None:
    await context.services.alerts.resume(alert.key)


async def _remove(context: BotContext, alert: Alert) -> None:
    await context.services.alerts.remove(alert.key)


async def add_previewed_alert(
    context: BotContext, interaction: Interaction, press: ButtonPress
) -> None:
    """Adds the alert of the preview whose button was pressed."""
    reply = InteractionReply(interaction, entry_point="alerts", private=True)
    async with report_errors(context, reply):
        context.admit(interaction.user.id)
        await reply.begin()
        person, now = context.get_pseudonym(interaction.user.id), context.services.clock.now()
        is_personal = context.drafts.find(press.key, person, now).channel is None
        # What was allowed when the preview was shown may not be now.
        refusal = () if is_personal else _build_refusal(interaction, reply.guild)
        if refusal:
            await reply.refuse(refusal)
            return
        with context.drafts.confirm(press.key, person, now) as draft:
            channel = draft.channel or str((await interaction.user.create_dm()).id)
            alert = await context.services.alerts.add(draft, channel)
        await reply.send(build_alert_added_blocks(alert))


async def pause_alert_of_message(
    context: BotContext, interaction: Interaction, press: ButtonPress
) -> None:
    """Pauses the alert whose message has the button, for who may manage it."""
    reply = InteractionReply(interaction, entry_point="alerts", private=True)
    async with report_errors(context, reply):
        await reply.begin()
        alert = await context.services.alerts.find_by_message(press.key)
        if alert is None:
            await reply.send(ALERT_GONE)
        elif alert.key not in {
            manageable.key for manageable in await _find_manageable_alerts(context, interaction)
        }:
            await reply.send(NOT_YOURS)
        else:
            await _pause(context, alert)
            await reply.send(build_alert_changed_blocks(alert, "Paused"))


def _build_owner(context: BotContext, interaction: Interaction, guild: str | None) -> AlertOwner:
    return AlertOwner(person=context.get_pseudonym(interaction.user.id), guild=guild)


def _get_managed_guild(interaction: Interaction) -> str | None:
    """The server that the bot is in and the person manages; None where there is none."""
    is_manager = interaction.is_guild_integration() and interaction.permissions.manage_guild
    return str(interaction.guild_id) if is_manager else None


async def _find_manageable_alerts(
    context: BotContext, interaction: Interaction
) -> tuple[Alert, ...]:
    person = context.get_pseudonym(interaction.user.id)
    return await context.services.alerts.list_manageable(person, _get_managed_guild(interaction))


def _get_channel_name(interaction: Interaction, channel: str) -> str:
    """What a channel of the server is called, also one that is gone."""
    guild = interaction.guild
    guild_channel = guild.get_channel_or_thread(int(channel)) if guild else None
    return f"#{guild_channel}" if guild_channel else GONE_CHANNEL
