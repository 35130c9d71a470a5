"""The command group /alerts and its buttons."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from bot.discord_ui.channels import format_channel_name
from bot.discord_ui.commands.autocomplete import (
    Autocomplete,
    build_zone_autocomplete,
    filter_choices,
)
from bot.discord_ui.commands.flow import Refusal, private_reply, require_manager
from bot.discord_ui.commands.options import (
    Choice,
    Command,
    Interaction,
    QueryText,
    ShortText,
    build_choices,
)
from bot.discord_ui.commands.zones import require_zone
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.components import ButtonPress, is_sendable
from bot.discord_ui.permissions import is_manager
from bot.model.alert import Alert
from bot.presentation.alert_pages import (
    ALERT_GONE,
    BOT_NOT_IN_GUILD,
    CHANNEL_ALERTS_NEED_MANAGER,
    MISSING_PERMISSIONS,
    NOT_ALERT_MANAGER,
    build_alert_added_blocks,
    build_alert_changed_blocks,
    build_alert_list_blocks,
    build_alert_preview_blocks,
    format_alert_label,
)
from bot.services.alerts import AlertDraft, AlertOwner, parse_quiet_hours


class AlertDestination(StrEnum):
    """Where an alert posts its messages."""

    HERE = "this channel"
    ME = "me"


_DESTINATION_LABELS = {
    AlertDestination.HERE: "This channel",
    AlertDestination.ME: "Only me, in direct messages",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOptions:
    """The options of /alerts add.

    Attributes:
        query: The search that a new article has to match.
        where: Where the alert posts its messages.
        quiet_from: The start of the quiet hours; None without quiet hours.
        quiet_to: The end of the quiet hours; None without quiet hours.
        zone: The time zone of the quiet hours; None for the server's.
    """

    query: str
    where: AlertDestination
    quiet_from: str | None
    quiet_to: str | None
    zone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAction:
    """A command that changes one alert.

    Attributes:
        name: The name of the command.
        description: The description of the command in Discord.
        outcome: The first word of the reply.
        change: Changes the alert.
    """

    name: str
    description: str
    outcome: str
    change: Callable[[BotContext, Alert], Awaitable[None]]


async def _pause_alert(context: BotContext, alert: Alert) -> None:
    await context.services.alerts.pause(alert.key)


async def _resume_alert(context: BotContext, alert: Alert) -> None:
    await context.services.alerts.resume(alert.key)


async def _remove_alert(context: BotContext, alert: Alert) -> None:
    await context.services.alerts.remove(alert.key)


ALERT_ACTIONS = (
    AlertAction(
        name="pause",
        description="Pause an alert until you resume it",
        outcome="Paused",
        change=_pause_alert,
    ),
    AlertAction(
        name="resume",
        description="Resume an alert for articles that are added from now on",
        outcome="Resumed",
        change=_resume_alert,
    ),
    AlertAction(
        name="remove",
        description="Remove an alert and everything stored for it",
        outcome="Removed",
        change=_remove_alert,
    ),
)


def build_alerts_command(context: BotContext) -> app_commands.Group:
    """Return the command group, for servers, direct messages with the bot and user installs."""
    group = app_commands.Group(
        name="alerts",
        description="Get notified when a new article matches your search",
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=False
        ),
    )
    group.add_command(_build_add_command(context))
    group.add_command(_build_list_command(context))
    for action in ALERT_ACTIONS:
        group.add_command(_build_change_command(context, action))
    return group


def _build_add_command(context: BotContext) -> Command:
    @app_commands.command(
        name="add", description="Add an alert; first you see how often it would have fired"
    )
    @app_commands.describe(
        query='Words that an article must contain; use "quotes" for a phrase and -word to exclude a word',
        where="Where to notify: everyone in this channel, or only you in direct messages",
        quiet_from="Start of the quiet hours, such as 22:00",
        quiet_to="End of the quiet hours, such as 07:00",
        zone="Time zone of the quiet hours: a city or an IANA time zone (default: this server's)",
    )
    @app_commands.choices(where=build_choices(_DESTINATION_LABELS))
    async def add(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: Interaction,
        query: QueryText,
        where: AlertDestination,
        quiet_from: ShortText | None = None,
        quiet_to: ShortText | None = None,
        zone: ShortText | None = None,
    ) -> None:
        options = AlertOptions(
            query=query, where=where, quiet_from=quiet_from, quiet_to=quiet_to, zone=zone
        )
        await _preview_alert(context, interaction, options)

    add.autocomplete("zone")(build_zone_autocomplete(context))
    return add


def _build_list_command(context: BotContext) -> Command:
    @app_commands.command(
        name="list", description="List your alerts, and this server's alerts if you manage it"
    )
    async def list_alerts(interaction: Interaction) -> None:
        async with private_reply(context, interaction, "alerts") as reply:
            context.admit(reply.user_id)
            alerts = await _find_manageable_alerts(context, interaction)
            blocks = build_alert_list_blocks(
                alerts,
                get_channel_name=lambda channel: format_channel_name(
                    interaction.guild, int(channel)
                ),
                fits_message=lambda blocks: is_sendable(blocks, key=""),
            )
            await reply.send(blocks)

    return list_alerts


def _build_change_command(context: BotContext, action: AlertAction) -> Command:
    @app_commands.command(name=action.name, description=action.description)
    @app_commands.describe(alert="The alert; choose a suggestion")
    async def command(interaction: Interaction, alert: ShortText) -> None:
        async with private_reply(context, interaction, "alerts") as reply:
            context.admit(reply.user_id)
            person, guild = context.get_pseudonym(reply.user_id), _get_managed_guild(interaction)
            chosen_alert = await context.services.alerts.get(alert, person, guild)
            await action.change(context, chosen_alert)
            await reply.send(build_alert_changed_blocks(chosen_alert, action.outcome))

    command.autocomplete("alert")(_build_alert_autocomplete(context))
    return command


def _build_alert_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of the alerts that the person may manage."""

    async def suggest_alerts(interaction: Interaction, current: str) -> list[Choice]:
        labels = {
            str(alert.key): format_alert_label(
                alert, lambda channel: format_channel_name(interaction.guild, int(channel))
            )
            for alert in await _find_manageable_alerts(context, interaction)
        }
        return filter_choices(labels, current)

    return suggest_alerts


async def _preview_alert(
    context: BotContext, interaction: Interaction, options: AlertOptions
) -> None:
    """Show how often the alert would have fired, with a button that adds it."""
    async with private_reply(context, interaction, "alerts") as reply:
        context.admit(reply.user_id)
        preferences = await context.load_preferences(reply.guild)
        zone = require_zone(options.zone) if options.zone else preferences.zone
        channel = None
        if options.where is AlertDestination.HERE:
            _require_alert_channel(interaction, reply.guild)
            channel = str(interaction.channel_id)
        guild = reply.guild if channel else None
        owner = AlertOwner(person=context.get_pseudonym(reply.user_id), guild=guild)
        draft = build_alert_draft(options, owner, channel, zone)
        async with context.take_turn(reply):
            preview = await context.services.alerts.preview(context.drafts, draft)
        await reply.send(build_alert_preview_blocks(preview), key=preview.key)


def build_alert_draft(
    options: AlertOptions, owner: AlertOwner, channel: str | None, zone: ZoneInfo
) -> AlertDraft:
    """Return a draft of the alert that the options describe.

    Args:
        options: The options of the command.
        owner: The person or server that owns the alert.
        channel: The channel to post in; None for the person's direct messages.
        zone: The time zone of the quiet hours.

    Raises:
        AlertError: The quiet hours are invalid.
    """
    return AlertDraft(
        owner=owner,
        channel=channel,
        query_text=options.query,
        quiet_hours=parse_quiet_hours(options.quiet_from, options.quiet_to, options.zone, zone.key),
    )


def _require_alert_channel(interaction: Interaction, guild: str | None) -> None:
    """Check that this person may add an alert for the channel and that the bot can post in it.

    Raises:
        Refusal: One of them can't.
    """
    if guild is None:
        raise Refusal(BOT_NOT_IN_GUILD)
    require_manager(interaction, CHANNEL_ALERTS_NEED_MANAGER)
    permissions = interaction.app_permissions
    # Threads have a permission of their own for sending.
    is_thread = isinstance(interaction.channel, discord.Thread)
    may_send = permissions.send_messages_in_threads if is_thread else permissions.send_messages
    # Reading the history is needed to find a message again whose response was lost.
    if not (permissions.view_channel and may_send and permissions.read_message_history):
        raise Refusal(MISSING_PERMISSIONS)


async def add_previewed_alert(
    context: BotContext, interaction: Interaction, press: ButtonPress
) -> None:
    """Add the alert of the preview whose button was pressed."""
    async with private_reply(context, interaction, "alerts") as reply:
        await reply.begin()
        person, now = context.get_pseudonym(reply.user_id), context.services.clock.now()
        if context.drafts.find(press.key, person, now).channel is not None:
            # Permissions may have changed since the preview was shown.
            _require_alert_channel(interaction, reply.guild)
        with context.drafts.confirm(press.key, person, now) as draft:
            # Stored is the id of the direct message channel, never the person's own id.
            channel = draft.channel or str((await interaction.user.create_dm()).id)
            alert = await context.services.alerts.add(draft, channel)
        await reply.send(build_alert_added_blocks(alert))


async def pause_alert_of_message(
    context: BotContext, interaction: Interaction, press: ButtonPress
) -> None:
    """Pause the alert that posted the message, if the person may manage it."""
    async with private_reply(context, interaction, "alerts") as reply:
        await reply.begin()
        alert = await context.services.alerts.find_by_message(press.key)
        if alert is None:
            raise Refusal(ALERT_GONE)
        manageable_alerts = await _find_manageable_alerts(context, interaction)
        if alert.key not in {manageable.key for manageable in manageable_alerts}:
            raise Refusal(NOT_ALERT_MANAGER)
        await _pause_alert(context, alert)
        await reply.send(build_alert_changed_blocks(alert, "Paused"))


def _get_managed_guild(interaction: Interaction) -> str | None:
    """Return the id of the server if the bot is a member and the person manages it, else None."""
    is_managed = interaction.is_guild_integration() and is_manager(interaction)
    return str(interaction.guild_id) if is_managed else None


async def _find_manageable_alerts(
    context: BotContext, interaction: Interaction
) -> tuple[Alert, ...]:
    person = context.get_pseudonym(interaction.user.id)
    return await context.services.alerts.list_manageable(person, _get_managed_guild(interaction))
