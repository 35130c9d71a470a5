"""The command group /settings."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

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
    ShortText,
    build_guild_group,
)
from bot.discord_ui.commands.zones import require_zone
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.permissions import is_manager
from bot.model.guild_preferences import GuildOverrides
from bot.presentation.blocks import Block
from bot.presentation.settings_pages import (
    MAX_CHANNELS,
    NO_OPTIONS_GIVEN,
    NOTHING_CHANGED,
    SETTINGS_NEED_MANAGER,
    EffectiveSettings,
    build_channels_blocks,
    build_settings_blocks,
)

OverridesChange = Callable[[GuildOverrides], GuildOverrides]
PageBuilder = Callable[[EffectiveSettings], Sequence[Block]]


class AnswerChannelTransformer(app_commands.Transformer):
    """An option for a channel in which people can ask; its value is the channel's id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The option takes a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """All kinds but threads. discord.py's own list has one that Discord does not know."""
        channel_type = discord.ChannelType
        return [
            channel_type.text,
            channel_type.news,
            channel_type.forum,
            channel_type.voice,
            channel_type.stage_voice,
        ]

    async def transform(self, _interaction: Interaction, value: Any, /) -> int:
        """Return the id of the channel."""
        return int(value.id)


def build_settings_command(context: BotContext) -> app_commands.Group:
    """Return the command group, for people with the Manage Server permission."""
    group = build_guild_group(
        "settings",
        "Change how the bot answers in this server",
        discord.Permissions(manage_guild=True),
    )
    group.add_command(_build_show_command(context))
    group.add_command(_build_answers_command(context))
    group.add_command(_build_channels_group(context))
    group.add_command(_build_zone_command(context))
    group.add_command(_build_reset_command(context))
    return group


def _build_show_command(context: BotContext) -> Command:
    @app_commands.command(
        name="show", description="Show the settings of this server and their defaults"
    )
    async def show(interaction: Interaction) -> None:
        await _show_settings(context, interaction, build_settings_blocks)

    return show


def _build_answers_command(context: BotContext) -> Command:
    @app_commands.command(
        name="answers", description="Set how many excerpts an answer has and who sees it"
    )
    @app_commands.describe(
        excerpts="Maximum number of excerpts in an answer, 1 to 10",
        visible="Whether everyone sees replies to commands, unless the person using one decides otherwise",
    )
    async def set_answers(
        interaction: Interaction,
        excerpts: app_commands.Range[int, 1, 10] | None = None,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        async with private_reply(context, interaction, "settings") as reply:
            require_manager(interaction, SETTINGS_NEED_MANAGER)
            if excerpts is None and visible is None:
                raise Refusal(NO_OPTIONS_GIVEN)
            change = partial(change_answers, max_excerpts=excerpts, visible=visible)
            await _change_settings(context, interaction, reply, change, build_settings_blocks)

    return set_answers


def _build_channels_group(context: BotContext) -> app_commands.Group:
    group = app_commands.Group(
        name="channels", description="Choose the channels where the bot answers"
    )
    group.add_command(_build_channels_list_command(context))
    group.add_command(_build_channels_add_command(context))
    group.add_command(_build_channels_remove_command(context))
    return group


def _build_channels_list_command(context: BotContext) -> Command:
    @app_commands.command(name="list", description="List the channels where the bot answers")
    async def list_channels(interaction: Interaction) -> None:
        await _show_settings(context, interaction, build_channels_blocks)

    return list_channels


def _build_channels_add_command(context: BotContext) -> Command:
    @app_commands.command(
        name="add",
        description="Add a channel; the bot then answers only in the channels of the list",
    )
    @app_commands.describe(channel="The channel to add, including its threads and posts")
    async def add(
        interaction: Interaction, channel: app_commands.Transform[int, AnswerChannelTransformer]
    ) -> None:
        async with private_reply(context, interaction, "settings") as reply:
            require_manager(interaction, SETTINGS_NEED_MANAGER)
            change = partial(add_channel, channel_id=channel)
            await _change_settings(context, interaction, reply, change, build_channels_blocks)

    return add


def _build_channels_remove_command(context: BotContext) -> Command:
    @app_commands.command(
        name="remove",
        description="Remove a channel; with an empty list, the bot answers in all channels",
    )
    @app_commands.describe(channel="The channel to remove; choose a suggestion")
    async def remove(interaction: Interaction, channel: ShortText) -> None:
        async with private_reply(context, interaction, "settings") as reply:
            require_manager(interaction, SETTINGS_NEED_MANAGER)
            change = partial(remove_channel, channel=channel)
            await _change_settings(context, interaction, reply, change, build_channels_blocks)

    remove.autocomplete("channel")(_build_channel_autocomplete(context))
    return remove


def _build_channel_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of the channels on the list; empty for people who are no managers."""

    async def suggest_channels(interaction: Interaction, current: str) -> list[Choice]:
        if not is_manager(interaction):
            return []
        overrides = await context.services.preferences.load_overrides(str(interaction.guild_id))
        labels = {
            str(channel_id): format_channel_name(interaction.guild, channel_id)
            for channel_id in overrides.channels
        }
        return filter_choices(labels, current.strip().removeprefix("#"))

    return suggest_channels


def _build_zone_command(context: BotContext) -> Command:
    @app_commands.command(
        name="zone", description="Set the time zone that decides which day is today"
    )
    @app_commands.describe(zone="A city or an IANA time zone, such as Europe/Berlin")
    async def set_zone(interaction: Interaction, zone: ShortText) -> None:
        async with private_reply(context, interaction, "settings") as reply:
            require_manager(interaction, SETTINGS_NEED_MANAGER)
            change = partial(replace, zone=require_zone(zone))
            await _change_settings(context, interaction, reply, change, build_settings_blocks)

    set_zone.autocomplete("zone")(build_zone_autocomplete(context))
    return set_zone


def _build_reset_command(context: BotContext) -> Command:
    @app_commands.command(name="reset", description="Reset all settings to their defaults")
    async def reset(interaction: Interaction) -> None:
        async with private_reply(context, interaction, "settings") as reply:
            require_manager(interaction, SETTINGS_NEED_MANAGER)
            await _change_settings(
                context, interaction, reply, reset_overrides, build_settings_blocks
            )

    return reset


def change_answers(
    overrides: GuildOverrides, *, max_excerpts: int | None, visible: bool | None
) -> GuildOverrides:
    """Return the overrides with new values for answers; None keeps the current value."""
    return replace(
        overrides,
        max_excerpts=overrides.max_excerpts if max_excerpts is None else max_excerpts,
        is_visible=overrides.is_visible if visible is None else visible,
    )


def add_channel(overrides: GuildOverrides, *, channel_id: int) -> GuildOverrides:
    """Return the overrides with the channel added, unless it is listed or the list is full."""
    if len(overrides.channels) == MAX_CHANNELS or channel_id in overrides.channels:
        return overrides
    return replace(overrides, channels=(*overrides.channels, channel_id))


def remove_channel(overrides: GuildOverrides, *, channel: str) -> GuildOverrides:
    """Return the overrides without the channel with this id."""
    remaining = tuple(channel_id for channel_id in overrides.channels if str(channel_id) != channel)
    return replace(overrides, channels=remaining)


def reset_overrides(overrides: GuildOverrides) -> GuildOverrides:
    """Return overrides without any values, so that the defaults apply."""
    return GuildOverrides(guild=overrides.guild)


async def _show_settings(
    context: BotContext, interaction: Interaction, build_page: PageBuilder
) -> None:
    async with private_reply(context, interaction, "settings") as reply:
        require_manager(interaction, SETTINGS_NEED_MANAGER)
        await reply.begin()
        overrides = await context.services.preferences.load_overrides(str(interaction.guild_id))
        await reply.send(build_page(_build_effective_settings(context, interaction, overrides)))


async def _change_settings(
    context: BotContext,
    interaction: Interaction,
    reply: InteractionReply,
    change: OverridesChange,
    build_page: PageBuilder,
) -> None:
    """Change the settings of the server, then show them."""
    await reply.begin()
    guild = str(interaction.guild_id)
    previous = await context.services.preferences.load_overrides(guild)
    current = await context.services.preferences.change(guild, change)
    notice = (NOTHING_CHANGED,) if current == previous else ()
    page = build_page(_build_effective_settings(context, interaction, current))
    await reply.send((*notice, *page))


def _build_effective_settings(
    context: BotContext, interaction: Interaction, overrides: GuildOverrides
) -> EffectiveSettings:
    return EffectiveSettings(
        overrides=overrides,
        defaults=context.services.preferences.defaults,
        channel_names=tuple(
            format_channel_name(interaction.guild, channel_id) for channel_id in overrides.channels
        ),
        now=context.services.clock.now(),
    )
