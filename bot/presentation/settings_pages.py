"""What holds in a server, and what of it is usual, as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.calendar import format_day
from bot.model.guild_preferences import GuildOverrides, GuildPreferences
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.wording import join_parts

MAX_CHANNELS = 25
"""So many can be offered while one is typed."""

_MAX_NAMED_CHANNELS = 5
"""The channels that stand among the other settings at most."""

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
    """What holds in a server at an instant.

    Attributes:
        overrides: What it has set.
        defaults: What holds where it has set nothing.
        channel_names: What those that it has set are called.
        now: The instant.
    """

    overrides: GuildOverrides
    defaults: GuildPreferences
    channel_names: tuple[str, ...]
    now: datetime


def build_settings_blocks(settings: EffectiveSettings) -> tuple[Block, ...]:
    """What a manager sees of all settings."""
    return (
        Heading(text="Settings for this server"),
        *(Line(text=text) for text in _format_settings(settings)),
        PERMISSION_NOTE,
        DEFAULTS_NOTE,
    )


def build_channels_blocks(settings: EffectiveSettings) -> tuple[Block, ...]:
    """What a manager sees of the channels alone."""
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
    """What a person sees who named no time zone, or several."""
    hint = (
        f"Did you mean {join_parts(nearest, 'or')}?"
        if nearest
        else "Enter a city or an IANA time zone, such as Europe/Berlin."
    )
    return (Line(text=f"Unknown or ambiguous time zone “{text}”. {hint}"),)


def format_zone_label(name: str, now: datetime) -> str:
    """A time zone as it is offered, with the time there."""
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


def _format_visibility(is_visible: bool | None) -> str | None:  # noqa: FBT001 - what is told
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
