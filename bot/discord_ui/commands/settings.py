"""The command group /settings: how the bot answers in one server."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import build_zone_autocomplete
from bot.discord_ui.commands.zones import find_zone, list_zone_names, suggest_zones
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.model.guild_preferences import GuildOverrides
from bot.presentation.blocks import Block
from bot.presentation.settings_pages import (
    DELETED_CHANNEL,
    MAX_CHANNELS,
    NO_OPTIONS_GIVEN,
    SETTINGS_NEED_MANAGER,
    UNCHANGED,
    EffectiveSettings,
    build_channels_blocks,
    build_settings_blocks,
    build_unknown_zone_blocks,
)

_MAX_LABEL_CHARS = 100

Interaction = discord.Interaction[Any]
Choices = list[app_commands.Choice[str]]
Change = Callable[[GuildOverrides], GuildOverrides]


class AnswerChannelTransformer(app_commands.Transformer):
    """A channel in which people can ask, itself or in its threads and posts."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """All that are no threads; discord.py's own choice has one that Discord does not name."""
        channel_type = discord.ChannelType
        return [
            channel_type.text,
            channel_type.news,
            channel_type.forum,
            channel_type.voice,
            channel_type.stage_voice,
        ]

    async def transform(self, _interaction: Interaction, value: Any, /) -> int:
        """The id of the channel."""
        return int(value.id)


def build_settings_command(context: BotContext) -> app_commands.Group:
    """The group as it is registered: in servers, for those who may manage them."""
    group = app_commands.Group(
        name="settings",
        description="How I answer in this server",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
    )
    for add_commands in (_add_show, _add_answers, _add_channels, _add_zone, _add_reset):
        add_commands(context, group)
    return group


def _add_show(context: BotContext, group: app_commands.Group) -> None:
    @group.command(name="show")
    async def show(interaction: Interaction) -> None:
        """What is set in this server, what is usual, and who may change it."""
        await _answer(context, interaction, build_settings_blocks)


def _add_answers(context: BotContext, group: app_commands.Group) -> None:
    @group.command(name="answers")
    @app_commands.describe(
        excerpts="The most excerpts in one answer",
        visible="Whether others see what a command answers, unless who uses it says otherwise",
    )
    async def set_answers(
        interaction: Interaction,
        excerpts: app_commands.Range[int, 1, 10] | None = None,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """How much an answer shows, and to whom."""

        def change(overrides: GuildOverrides) -> GuildOverrides:
            return replace(
                overrides,
                max_excerpts=overrides.max_excerpts if excerpts is None else excerpts,
                visible=overrides.visible if visible is None else visible,
            )

        refusal = NO_OPTIONS_GIVEN if excerpts is None and visible is None else ()
        await _answer(context, interaction, build_settings_blocks, change, refusal=refusal)


def _add_channels(context: BotContext, group: app_commands.Group) -> None:
    channels_group = app_commands.Group(
        name="channels", description="In which channels I answer", parent=group
    )

    @channels_group.command(name="list")
    async def list_channels(interaction: Interaction) -> None:
        """The channels in which I answer."""
        await _answer(context, interaction, build_channels_blocks)

    @channels_group.command(name="add")
    @app_commands.describe(channel="Where I answer from now on, in its threads and posts, too")
    async def add_channel(
        interaction: Interaction, channel: app_commands.Transform[int, AnswerChannelTransformer]
    ) -> None:
        """Let me answer in this channel, and no longer in those that were never added."""

        def change(overrides: GuildOverrides) -> GuildOverrides:
            if len(overrides.channels) == MAX_CHANNELS or channel in overrides.channels:
                return overrides
            return replace(overrides, channels=(*overrides.channels, channel))

        await _answer(context, interaction, build_channels_blocks, change)

    @channels_group.command(name="remove")
    @app_commands.describe(channel="Where I answer no longer; choose one of those offered")
    async def remove_channel(
        interaction: Interaction, channel: app_commands.Range[str, 1, 100]
    ) -> None:
        """Take a channel off the list; I answer everywhere once it is empty."""

        def change(overrides: GuildOverrides) -> GuildOverrides:
            remaining = tuple(
                channel_id for channel_id in overrides.channels if str(channel_id) != channel
            )
            return replace(overrides, channels=remaining)

        await _answer(context, interaction, build_channels_blocks, change)

    @remove_channel.autocomplete("channel")
    async def suggest_channels(interaction: Interaction, current: str) -> Choices:
        if not interaction.permissions.manage_guild:
            return []
        overrides = await context.services.preferences.load_overrides(str(interaction.guild_id))
        names = _get_channel_names(interaction, overrides.channels)
        query = current.strip().removeprefix("#").casefold()
        return [
            app_commands.Choice(name=name[:_MAX_LABEL_CHARS], value=str(channel_id))
            for channel_id, name in names.items()
            if query in name.casefold()
        ]


def _add_zone(context: BotContext, group: app_commands.Group) -> None:
    names = list_zone_names()

    @group.command(name="zone")
    @app_commands.describe(zone="A city, or the IANA name of its time zone, like Europe/Berlin")
    async def set_zone(interaction: Interaction, zone: app_commands.Range[str, 1, 100]) -> None:
        """The time zone that decides which day "today" is."""
        name = find_zone(zone, names)
        refusal = () if name else build_unknown_zone_blocks(zone, suggest_zones(zone, names))

        def change(overrides: GuildOverrides) -> GuildOverrides:
            return replace(overrides, zone=ZoneInfo(str(name)))

        await _answer(context, interaction, build_settings_blocks, change, refusal=refusal)

    set_zone.autocomplete("zone")(build_zone_autocomplete(context, names))


def _add_reset(context: BotContext, group: app_commands.Group) -> None:
    @group.command(name="reset")
    async def reset_settings(interaction: Interaction) -> None:
        """Set all back to what is usual."""
        await _answer(
            context,
            interaction,
            build_settings_blocks,
            lambda overrides: GuildOverrides(guild=overrides.guild),
        )


async def _answer(
    context: BotContext,
    interaction: Interaction,
    build_blocks: Callable[[EffectiveSettings], Sequence[Block]],
    change: Change | None = None,
    *,
    refusal: Sequence[Block] = (),
) -> None:
    """Shows what holds in the server once it is changed, or why it is not, to the one person."""
    reply = InteractionReply(interaction, entry_point="settings", private=True)
    async with report_errors(context, reply):
        context.admit(interaction.user.id)
        if not interaction.permissions.manage_guild:
            refusal = SETTINGS_NEED_MANAGER
        if refusal:
            await reply.refuse(refusal)
            return
        await reply.begin()
        preferences, guild = context.services.preferences, str(interaction.guild_id)
        previous = await preferences.load_overrides(guild)
        current = await preferences.change(guild, change) if change else previous
        notice = (UNCHANGED,) if change and current == previous else ()
        await reply.send(
            (*notice, *build_blocks(_build_effective_settings(context, interaction, current)))
        )


def _build_effective_settings(
    context: BotContext, interaction: Interaction, overrides: GuildOverrides
) -> EffectiveSettings:
    return EffectiveSettings(
        overrides=overrides,
        defaults=context.services.preferences.defaults,
        channel_names=tuple(_get_channel_names(interaction, overrides.channels).values()),
        now=context.services.clock.now(),
    )


def _get_channel_names(interaction: Interaction, channel_ids: Sequence[int]) -> dict[int, str]:
    """What the channels are called; one that was deleted still counts."""
    get_channel = interaction.guild.get_channel if interaction.guild else lambda _: None
    guild_channels = {channel_id: get_channel(channel_id) for channel_id in channel_ids}
    return {
        channel_id: f"#{channel}" if channel else DELETED_CHANNEL
        for channel_id, channel in guild_channels.items()
    }
