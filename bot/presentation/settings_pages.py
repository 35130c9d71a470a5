"""What holds in a server, and what of it is usual, as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.calendar import day_text
from bot.model.guild_preferences import ServerSettings
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.wording import joined
from bot.services.preferences import Manner

MOST_CHANNELS = 25
"""So many can be offered while one is typed."""

_MOST_NAMED = 5
"""The channels that stand among the other settings at most."""

ALL_CHANNELS = "Channels: all (usual)"
GONE = "a channel that was deleted"

NOT_A_MANAGER = (Line(text="Only people with the permission Manage Server can use /settings."),)
UNCHANGED = Line(text="Nothing was changed.")
NO_CHANGE = (Line(text="Nothing was changed: give excerpts, or visible, or both."),)
WHO = Line(
    text=(
        "Only people with the permission Manage Server can see and change this, with "
        "/settings answers, channels and zone; /settings reset sets all back to what is usual."
    ),
    subtle=True,
)
ELSEWHERE = Line(
    text="In direct messages, and where people have installed me for themselves, the usual holds.",
    subtle=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What holds in a server at an instant.

    Attributes:
        kept: What it has set.
        usual: What holds where it has set nothing.
        channels: What those that it has set are called.
        now: The instant.
    """

    kept: ServerSettings
    usual: Manner
    channels: tuple[str, ...]
    now: datetime


def settings_blocks(held: InForce) -> tuple[Block, ...]:
    """What a manager sees of all settings."""
    return (
        Heading(text="How I answer in this server"),
        *(Line(text=text) for text in _texts(held)),
        WHO,
        ELSEWHERE,
    )


def channels_blocks(held: InForce) -> tuple[Block, ...]:
    """What a manager sees of the channels alone."""
    if not held.channels:
        return (Line(text=ALL_CHANNELS), WHO)
    full = len(held.channels) == MOST_CHANNELS
    return (
        Line(text="I answer in these channels, with their threads and posts (usual: all):"),
        *(Line(text=name) for name in held.channels),
        *([Line(text=f"There are no more than {MOST_CHANNELS}.", subtle=True)] if full else []),
        WHO,
    )


def no_zone_blocks(typed: str, nearest: Sequence[str]) -> tuple[Block, ...]:
    """What a person sees who named no time zone, or several."""
    meant = f" Did you mean {joined(nearest, 'or')}?" if nearest else ""
    return (Line(text=f"I know no single time zone “{typed}”.{meant}"),)


def zone_label(name: str, now: datetime) -> str:
    """A time zone as it is offered, with the time there."""
    return f"{name} (now {now.astimezone(ZoneInfo(name)):%H:%M})"


def _texts(held: InForce) -> Iterator[str]:
    kept, usual = held.kept, held.usual
    yield _told("Excerpts per answer", kept.max_excerpts, usual.max_excerpts)
    yield _told("Answers to commands", _seen(kept.visible), _seen(usual.visible))
    yield _channels_text(held)
    zone = kept.zone or usual.zone
    there = held.now.astimezone(zone)
    yield _told("Time zone", kept.zone, usual.zone)
    yield f"It is {there:%H:%M} there now, on {day_text(there.date())}."


def _told(name: str, here: object | None, usual: object) -> str:
    return f"{name}: {usual} (usual)" if here is None else f"{name}: {here} (usual: {usual})"


def _seen(visible: bool | None) -> str | None:  # noqa: FBT001 - what is told
    if visible is None:
        return None
    return "all see them" if visible else "only who asks sees them"


def _channels_text(held: InForce) -> str:
    if not held.channels:
        return ALL_CHANNELS
    names = list(held.channels)
    if len(names) > _MOST_NAMED:
        names[_MOST_NAMED:] = [f"{len(names) - _MOST_NAMED} more"]
    return f"Channels: {joined(names, 'and')}, with their threads and posts (usual: all)"
