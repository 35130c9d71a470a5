"""The settings of a server and their defaults, as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.calendar import format_day
from bot.model.guild_preferences import GuildOverrides, GuildPreferences
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.wording import join_parts

MAX_CHANNELS = 25
"""The number of suggestions that Discord shows, so that each channel can be removed."""

_MAX_NAMED_CHANNELS = 5
"""The number of channels named on the page of all settings."""

ALL_CHANNELS = "Channels: all (default)"
DELETED_CHANNEL = "a deleted channel"

SETTINGS_NEED_MANAGER = (Line(text="You need the Manage Server permission to use /settings."),)
NOTHING_CHANGED = Line(text="Nothing changed.")
NO_OPTIONS_GIVEN = (Line(text="Nothing changed. Set excerpts, visible or both."),)
PERMISSION_NOTE = Line(
    text=(
        "You need the Manage Server permission to see and change these settings. Change them with "
        "/settings answers, channels and zone. Reset them to their defaults with /settings reset."
    ),
    is_subtle=True,
)
DEFAULTS_NOTE = Line(
    text="The defaults apply in direct messages and where people have installed the app only for "
    "themselves.",
    is_subtle=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveSettings:
    """The settings of a server, with their defaults.

    Attributes:
        overrides: The settings that the server has changed.
        defaults: The defaults of all settings.
        channel_names: The names of the channels in `overrides`.
        now: The current time.
    """

    overrides: GuildOverrides
    defaults: GuildPreferences
    channel_names: tuple[str, ...]
    now: datetime


def build_settings_blocks(settings: EffectiveSettings) -> tuple[Block, ...]:
    """Return the page of all settings."""
    return (
        Heading(text="Settings for this server"),
        *(Line(text=text) for text in _format_settings(settings)),
        PERMISSION_NOTE,
        DEFAULTS_NOTE,
    )


def build_channels_blocks(settings: EffectiveSettings) -> tuple[Block, ...]:
    """Return the page of the channels in which the bot answers."""
    if not settings.channel_names:
        return (Line(text=ALL_CHANNELS), PERMISSION_NOTE)
    is_full = len(settings.channel_names) == MAX_CHANNELS
    return (
        Line(
            text="I answer in these channels and in their threads and posts (default: all channels):"
        ),
        *(Line(text=name) for name in settings.channel_names),
        *(
            [Line(text=f"The list is full. It can have {MAX_CHANNELS} channels.", is_subtle=True)]
            if is_full
            else []
        ),
        PERMISSION_NOTE,
    )


def build_unknown_zone_blocks(text: str, nearest: Sequence[str]) -> tuple[Block, ...]:
    """Return the refusal of a time zone that is unknown or ambiguous."""
    hint = (
        f"Did you mean {join_parts(nearest, 'or')}?"
        if nearest
        else "Enter a city or an IANA time zone, such as Europe/Berlin."
    )
    return (Line(text=f"Unknown or ambiguous time zone “{text}”. {hint}"),)


def format_zone_label(name: str, now: datetime) -> str:
    """Return the label of a suggested time zone, with its local time."""
    return f"{name} (now {now.astimezone(ZoneInfo(name)):%H:%M})"


def _format_settings(settings: EffectiveSettings) -> Iterator[str]:
    overrides, defaults = settings.overrides, settings.defaults
    yield _format_setting("Excerpts per answer", overrides.max_excerpts, defaults.max_excerpts)
    yield _format_setting(
        "Replies to commands",
        _format_visibility(overrides.is_visible),
        _format_visibility(defaults.is_visible),
    )
    yield _format_channels(settings)
    zone = overrides.zone or defaults.zone
    local_time = settings.now.astimezone(zone)
    yield _format_setting("Time zone", overrides.zone, defaults.zone)
    yield f"Local time: {local_time:%H:%M} on {format_day(local_time.date())}."


def _format_setting(name: str, value: object | None, default: object) -> str:
    return (
        f"{name}: {default} (default)" if value is None else f"{name}: {value} (default: {default})"
    )


def _format_visibility(is_visible: bool | None) -> str | None:  # noqa: FBT001 - the value to format
    if is_visible is None:
        return None
    return (
        "visible to everyone" if is_visible else "visible only to the person who used the command"
    )


def _format_channels(settings: EffectiveSettings) -> str:
    if not settings.channel_names:
        return ALL_CHANNELS
    names = list(settings.channel_names)
    if len(names) > _MAX_NAMED_CHANNELS:
        names[_MAX_NAMED_CHANNELS:] = [f"{len(names) - _MAX_NAMED_CHANNELS} more"]
    return f"Channels: {join_parts(names, 'and')}, with their threads and posts (default: all)"
