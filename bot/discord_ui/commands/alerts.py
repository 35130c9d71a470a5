"""The command group /alerts, and its buttons: be told of new articles, in a channel or directly."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import MOST_CHOICES, zone_offers
from bot.discord_ui.commands.zones import nearest_zones, zone_named, zone_names
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.components import Press
from bot.discord_ui.messages.replies import InteractionReply
from bot.model.alert import Alert
from bot.presentation.alert_pages import (
    GONE,
    MAY_NOT_WRITE,
    NOT_A_MANAGER,
    NOT_HERE,
    NOT_YOURS,
    added_blocks,
    alert_label,
    done_blocks,
    list_blocks,
    preview_blocks,
)
from bot.presentation.blocks import Block
from bot.presentation.settings_pages import GONE as GONE_CHANNEL
from bot.presentation.settings_pages import no_zone_blocks
from bot.retrieval.question.validation import MOST_CHARS
from bot.services import alerts as alerting
from bot.services.alerts import Draft, Owner

Interaction = discord.Interaction[Any]
Typed = app_commands.Range[str, 1, MOST_CHARS]
Short = app_commands.Range[str, 1, 100]
Change = Callable[[Desk, Alert], Awaitable[object]]


class Where(StrEnum):
    """Where an alert tells."""

    HERE = "this channel"
    ME = "me"


def alerts_command(desk: Desk) -> app_commands.Group:
    """The group as it is registered: wherever people can use the bot by themselves."""
    alerts = app_commands.Group(
        name="alerts",
        description="Be told when a new article matches",
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=False
        ),
    )
    _add_add(desk, alerts)
    _add_list(desk, alerts)
    _add_change(desk, alerts, "pause", "Let an alert rest until it is resumed", "Paused", _pause)
    _add_change(
        desk,
        alerts,
        "resume",
        "Let an alert tell again, of what is new from now",
        "Resumed",
        _resume,
    )
    _add_change(
        desk, alerts, "remove", "End an alert, with all that is kept of it", "Removed", _remove
    )
    return alerts


def _add_add(desk: Desk, alerts: app_commands.Group) -> None:
    names = zone_names()

    @alerts.command(name="add")
    @app_commands.describe(
        query='What an article has to hold: all words, a "phrase" word for word, -word for none of it',
        where="Where you are told: all in this channel, or you alone in direct messages",
        quiet_from="When quiet hours begin, like 22:00",
        quiet_to="When quiet hours are over, like 07:00",
        zone="The time zone of the quiet hours: a city, or its IANA name",
    )
    async def add(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: Interaction,
        query: Typed,
        where: Where,
        quiet_from: Short | None = None,
        quiet_to: Short | None = None,
        zone: Short | None = None,
    ) -> None:
        """Be told of new articles; first you see how often that would have been."""
        reply = InteractionReply(interaction, way="alerts", private=True)
        async with guarded(desk, reply):
            desk.admit(interaction.user.id)
            there = (await desk.manner(reply.guild)).zone.key
            named = zone_named(zone, names) if zone else there
            refused = () if where is Where.ME else _refusal(interaction, reply.guild)
            if zone and named is None:
                refused = no_zone_blocks(zone, nearest_zones(zone, names))
            if refused or named is None:
                await reply.refuse(refused)
                return
            draft = Draft(
                owner=_owner(desk, interaction, reply.guild if where is Where.HERE else None),
                channel=str(interaction.channel_id) if where is Where.HERE else None,
                typed=query,
                quiet=alerting.hours_of(quiet_from, quiet_to, zone, named),
            )
            await reply.begin()
            preview = await alerting.preview(desk.app, desk.drafts, draft)
            await reply.send(preview_blocks(preview), key=preview.key)

    add.autocomplete("zone")(zone_offers(desk, names))


def _refusal(interaction: Interaction, guild: str | None) -> tuple[Block, ...]:
    """Why this person can add no alert for this channel; empty where they can."""
    if guild is None:
        return NOT_HERE
    if not interaction.permissions.manage_guild:
        return NOT_A_MANAGER
    held = interaction.app_permissions
    is_thread = isinstance(interaction.channel, discord.Thread)
    may_send = held.send_messages_in_threads if is_thread else held.send_messages
    may_all = held.view_channel and may_send and held.read_message_history
    return () if may_all else MAY_NOT_WRITE


def _add_list(desk: Desk, alerts: app_commands.Group) -> None:
    @alerts.command(name="list")
    async def listed(interaction: Interaction) -> None:
        """Your alerts, and those of this server where you manage it."""
        reply = InteractionReply(interaction, way="alerts", private=True)
        async with guarded(desk, reply):
            desk.admit(interaction.user.id)
            found = await _within_reach(desk, interaction)
            await reply.send(list_blocks(found, lambda channel: _named(interaction, channel)))


def _add_change(  # noqa: PLR0913, PLR0917 - what tells one of these commands from the others
    desk: Desk, alerts: app_commands.Group, name: str, about: str, done: str, change: Change
) -> None:
    """Adds a command that does one thing with one alert."""

    @alerts.command(name=name, description=about)
    @app_commands.describe(alert="Which alert; choose one of those offered")
    async def command(interaction: Interaction, alert: Short) -> None:
        reply = InteractionReply(interaction, way="alerts", private=True)
        async with guarded(desk, reply):
            desk.admit(interaction.user.id)
            person = desk.person(interaction.user.id)
            found = await alerting.chosen(desk.app, alert, person, _managed(interaction))
            await change(desk, found)
            await reply.send(done_blocks(found, done))

    @command.autocomplete("alert")
    async def offered(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.strip().casefold()
        labels = {
            alert.key: alert_label(alert, lambda channel: _named(interaction, channel))
            for alert in await _within_reach(desk, interaction)
        }
        return [
            app_commands.Choice(name=label, value=key)
            for key, label in labels.items()
            if wanted in label.casefold()
        ][:MOST_CHOICES]


async def _pause(desk: Desk, alert: Alert) -> None:
    await desk.app.alerts.pause(alert.key)


async def _resume(desk: Desk, alert: Alert) -> None:
    await desk.app.alerts.resume(alert.key, desk.app.clock())


async def _remove(desk: Desk, alert: Alert) -> None:
    await desk.app.alerts.remove(alert.key)


async def add_previewed(desk: Desk, interaction: Interaction, press: Press) -> None:
    """Adds the alert of the preview whose button was pressed."""
    reply = InteractionReply(interaction, way="alerts", private=True)
    async with guarded(desk, reply):
        desk.admit(interaction.user.id)
        await reply.begin()
        person, now = desk.person(interaction.user.id), desk.app.clock()
        is_own = desk.drafts.find(press.key, person, now).channel is None
        # What was allowed when the preview was shown may not be now.
        refused = () if is_own else _refusal(interaction, reply.guild)
        if refused:
            await reply.refuse(refused)
            return
        with desk.drafts.adding(press.key, person, now) as draft:
            channel = draft.channel or str((await interaction.user.create_dm()).id)
            alert = await alerting.add(desk.app, draft, channel)
        await reply.send(added_blocks(alert))


async def pause_told(desk: Desk, interaction: Interaction, press: Press) -> None:
    """Pauses the alert whose message has the button, for who may manage it."""
    reply = InteractionReply(interaction, way="alerts", private=True)
    async with guarded(desk, reply):
        await reply.begin()
        alert = await desk.app.alerts.told_by(press.key)
        if alert is None:
            await reply.send(GONE)
        elif alert.key not in {each.key for each in await _within_reach(desk, interaction)}:
            await reply.send(NOT_YOURS)
        else:
            await _pause(desk, alert)
            await reply.send(done_blocks(alert, "Paused"))


def _owner(desk: Desk, interaction: Interaction, guild: str | None) -> Owner:
    return Owner(person=desk.person(interaction.user.id), guild=guild)


def _managed(interaction: Interaction) -> str | None:
    """The server that the bot is in and the person manages; None where there is none."""
    manages = interaction.is_guild_integration() and interaction.permissions.manage_guild
    return str(interaction.guild_id) if manages else None


async def _within_reach(desk: Desk, interaction: Interaction) -> tuple[Alert, ...]:
    person = desk.person(interaction.user.id)
    return await alerting.within_reach(desk.app, person, _managed(interaction))


def _named(interaction: Interaction, channel: str) -> str:
    """What a channel of the server is called, also one that is gone."""
    guild = interaction.guild
    found = guild.get_channel_or_thread(int(channel)) if guild else None
    return f"#{found}" if found else GONE_CHANNEL
