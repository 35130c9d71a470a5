"""The command group /settings: how the bot answers in one server."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import zone_offers
from bot.discord_ui.commands.zones import nearest_zones, zone_named, zone_names
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.model.guild_preferences import ServerSettings
from bot.presentation.blocks import Block
from bot.presentation.settings_pages import (
    GONE,
    MOST_CHANNELS,
    NO_CHANGE,
    NOT_A_MANAGER,
    UNCHANGED,
    InForce,
    channels_blocks,
    no_zone_blocks,
    settings_blocks,
)
from bot.services.preferences import Manner

_MOST_LABEL_CHARS = 100

Interaction = discord.Interaction[Any]
Choices = list[app_commands.Choice[str]]
Change = Callable[[ServerSettings], ServerSettings]


class Place(app_commands.Transformer):
    """A channel in which people can ask, itself or in its threads and posts."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """All that are no threads; discord.py's own choice has one that Discord does not name."""
        kinds = discord.ChannelType
        return [kinds.text, kinds.news, kinds.forum, kinds.voice, kinds.stage_voice]

    async def transform(self, _interaction: Interaction, value: Any, /) -> int:
        """The id of the channel."""
        return int(value.id)


def settings_command(desk: Desk) -> app_commands.Group:
    """The group as it is registered: in servers, for those who may manage them."""
    settings = app_commands.Group(
        name="settings",
        description="How I answer in this server",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
    )
    for add in (_add_show, _add_answers, _add_channels, _add_zone, _add_reset):
        add(desk, settings)
    return settings


def _add_show(desk: Desk, settings: app_commands.Group) -> None:
    @settings.command(name="show")
    async def show(interaction: Interaction) -> None:
        """What is set in this server, what is usual, and who may change it."""
        await _answer(desk, interaction, settings_blocks)


def _add_answers(desk: Desk, settings: app_commands.Group) -> None:
    @settings.command(name="answers")
    @app_commands.describe(
        excerpts="The most excerpts in one answer",
        visible="Whether others see what a command answers, unless who uses it says otherwise",
    )
    async def answers(
        interaction: Interaction,
        excerpts: app_commands.Range[int, 1, 10] | None = None,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """How much an answer shows, and to whom."""

        def change(before: ServerSettings) -> ServerSettings:
            return replace(
                before,
                max_excerpts=before.max_excerpts if excerpts is None else excerpts,
                visible=before.visible if visible is None else visible,
            )

        refused = NO_CHANGE if excerpts is None and visible is None else ()
        await _answer(desk, interaction, settings_blocks, change, refused=refused)


def _add_channels(desk: Desk, settings: app_commands.Group) -> None:
    channels = app_commands.Group(
        name="channels", description="In which channels I answer", parent=settings
    )

    @channels.command(name="list")
    async def listed(interaction: Interaction) -> None:
        """The channels in which I answer."""
        await _answer(desk, interaction, channels_blocks)

    @channels.command(name="add")
    @app_commands.describe(channel="Where I answer from now on, in its threads and posts, too")
    async def add(interaction: Interaction, channel: app_commands.Transform[int, Place]) -> None:
        """Let me answer in this channel, and no longer in those that were never added."""

        def change(before: ServerSettings) -> ServerSettings:
            if len(before.channels) == MOST_CHANNELS or channel in before.channels:
                return before
            return replace(before, channels=(*before.channels, channel))

        await _answer(desk, interaction, channels_blocks, change)

    @channels.command(name="remove")
    @app_commands.describe(channel="Where I answer no longer; choose one of those offered")
    async def remove(interaction: Interaction, channel: app_commands.Range[str, 1, 100]) -> None:
        """Take a channel off the list; I answer everywhere once it is empty."""

        def change(before: ServerSettings) -> ServerSettings:
            kept = tuple(each for each in before.channels if str(each) != channel)
            return replace(before, channels=kept)

        await _answer(desk, interaction, channels_blocks, change)

    @remove.autocomplete("channel")
    async def offered(interaction: Interaction, typed: str) -> Choices:
        if not interaction.permissions.manage_guild:
            return []
        kept = await desk.app.servers.settings(str(interaction.guild_id))
        names = _names(interaction, kept.channels)
        wanted = typed.strip().removeprefix("#").casefold()
        return [
            app_commands.Choice(name=name[:_MOST_LABEL_CHARS], value=str(channel_id))
            for channel_id, name in names.items()
            if wanted in name.casefold()
        ]


def _add_zone(desk: Desk, settings: app_commands.Group) -> None:
    names = zone_names()

    @settings.command(name="zone")
    @app_commands.describe(zone="A city, or the IANA name of its time zone, like Europe/Berlin")
    async def zone(interaction: Interaction, zone: app_commands.Range[str, 1, 100]) -> None:
        """The time zone that decides which day "today" is."""
        name = zone_named(zone, names)
        refused = () if name else no_zone_blocks(zone, nearest_zones(zone, names))

        def change(before: ServerSettings) -> ServerSettings:
            return replace(before, zone=ZoneInfo(str(name)))

        await _answer(desk, interaction, settings_blocks, change, refused=refused)

    zone.autocomplete("zone")(zone_offers(desk, names))


def _add_reset(desk: Desk, settings: app_commands.Group) -> None:
    @settings.command(name="reset")
    async def reset(interaction: Interaction) -> None:
        """Set all back to what is usual."""
        await _answer(
            desk, interaction, settings_blocks, lambda before: ServerSettings(guild=before.guild)
        )


async def _answer(
    desk: Desk,
    interaction: Interaction,
    blocks_of: Callable[[InForce], Sequence[Block]],
    change: Change | None = None,
    *,
    refused: Sequence[Block] = (),
) -> None:
    """Shows what holds in the server once it is changed, or why it is not, to the one person."""
    reply = InteractionReply(interaction, way="settings", private=True)
    async with guarded(desk, reply):
        desk.admit(interaction.user.id)
        if not interaction.permissions.manage_guild:
            refused = NOT_A_MANAGER
        if refused:
            await reply.refuse(refused)
            return
        await reply.begin()
        servers, guild = desk.app.servers, str(interaction.guild_id)
        before = await servers.settings(guild)
        kept = await servers.change(guild, change) if change else before
        unchanged = (UNCHANGED,) if change and kept == before else ()
        await reply.send((*unchanged, *blocks_of(_in_force(desk, interaction, kept))))


def _in_force(desk: Desk, interaction: Interaction, kept: ServerSettings) -> InForce:
    return InForce(
        kept=kept,
        usual=Manner.usual(desk.app.settings),
        channels=tuple(_names(interaction, kept.channels).values()),
        now=desk.app.clock(),
    )


def _names(interaction: Interaction, channels: Sequence[int]) -> dict[int, str]:
    """What the channels are called; one that was deleted still counts."""
    get_channel = interaction.guild.get_channel if interaction.guild else lambda _: None
    found = {each: get_channel(each) for each in channels}
    return {each: f"#{channel}" if channel else GONE for each, channel in found.items()}
