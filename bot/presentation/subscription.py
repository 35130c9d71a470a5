"""The settings of a digest as blocks and texts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.calendar import format_day
from bot.dates.names import WEEKDAY_NAMES
from bot.digest.parsing import DAY_CHOICES
from bot.model.activity import ActivityState
from bot.model.subscription import DigestTopic, Subscription, WhenEmpty
from bot.presentation.blocks import Block, Heading, Line, Moment
from bot.presentation.wording import join_parts

_WHEN_EMPTY = {
    WhenEmpty.SKIP: "Days without new articles are skipped.",
    WhenEmpty.NOTE: "Days without new articles get a short note.",
}

PAUSED = "Paused. To continue, run /digest resume."


def format_schedule(subscription: Subscription) -> str:
    """Return the days, time and zone of a digest: `every day at 08:30, Europe/Berlin`."""
    days = next(name for name, days in DAY_CHOICES.items() if days == subscription.days)
    return f"{days} at {subscription.time_of_day:%H:%M}, {subscription.zone.key}"


def format_topic(topic: DigestTopic) -> str:
    """Return a topic in the form in which people enter it: `heading: search words`."""
    return f"{topic.heading}: {topic.query_text}" if topic.heading else topic.query_text


def format_instant(at: datetime, zone: ZoneInfo) -> str:
    """Return the day and the time in the zone: `4 March 2026, 08:30`."""
    local = at.astimezone(zone)
    return f"{format_day(local.date())}, {local:%H:%M}"


def build_moment(at: datetime, zone: ZoneInfo) -> Moment:
    """Return a scheduled time with its weekday, in the zone."""
    weekday = WEEKDAY_NAMES[at.astimezone(zone).weekday()]
    return Moment(text=f"{weekday}, {format_instant(at, zone)}", at=at)


def build_subscription_blocks(
    subscription: Subscription, *, channel: str, role: str | None, times: Sequence[datetime]
) -> tuple[Block, ...]:
    """Return all settings of a digest, and its next times.

    Args:
        subscription: The digest.
        channel: The name of its channel.
        role: The name of the role that it mentions; None for nobody.
        times: Its next times, not shown for a paused digest.
    """
    return (
        Heading(text=f"Digest “{subscription.name}”"),
        Line(text=f"Posted in {channel}, {format_schedule(subscription)}."),
        *(Line(text=text) for text in _format_contents(subscription)),
        Line(text=f"Mentions {role or 'nobody'}. {_WHEN_EMPTY[subscription.when_empty]}"),
        *_build_upcoming(subscription, times),
    )


def _format_contents(subscription: Subscription) -> Iterator[str]:
    if not subscription.topics:
        yield "Covers all new articles."
    for topic in subscription.topics:
        yield f"Topic: {format_topic(topic)}"
    sources = join_parts(subscription.sources, "and") if subscription.sources else "all"
    yield f"Sources: {sources}. Stories: at most {subscription.max_entries}."


def _build_upcoming(subscription: Subscription, times: Sequence[datetime]) -> Iterator[Block]:
    if subscription.state is not ActivityState.ACTIVE:
        yield Line(text=PAUSED)
        return
    yield Line(text="Next posts, also in your time zone:", is_subtle=True)
    yield from (build_moment(at, subscription.zone) for at in times)
