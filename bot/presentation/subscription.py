"""What a server has set of a digest, in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.calendar import format_day
from bot.dates.names import WEEKDAY_NAMES
from bot.digest.parsing import DAY_CHOICES
from bot.model.subscription import DigestTopic, Subscription, SubscriptionState, WhenEmpty
from bot.presentation.blocks import Block, Heading, Line, Moment
from bot.presentation.wording import join_parts

_WHEN_EMPTY = {
    WhenEmpty.SKIP: "a day on which nothing is new is skipped",
    WhenEmpty.NOTE: "a day on which nothing is new gets a note",
}

PAUSED = Line(text="It is paused: /digest resume goes on with it.")


def format_schedule(subscription: Subscription) -> str:
    """When a digest is posted: `every day at 08:30, Europe/Berlin`."""
    days = next(name for name, days in DAY_CHOICES.items() if days == subscription.days)
    return f"{days} at {subscription.time_of_day:%H:%M}, {subscription.zone.key}"


def format_topic(topic: DigestTopic) -> str:
    """A topic, as one can type it again."""
    return f"{topic.heading}: {topic.query_text}" if topic.heading else topic.query_text


def format_instant(at: datetime, zone: ZoneInfo) -> str:
    """The day and the time in the zone: `4 March 2026, 08:30`."""
    local = at.astimezone(zone)
    return f"{format_day(local.date())}, {local:%H:%M}"


def build_moment(at: datetime, zone: ZoneInfo) -> Moment:
    """A moment of a schedule, with the day of the week."""
    weekday = WEEKDAY_NAMES[at.astimezone(zone).weekday()]
    return Moment(text=f"{weekday}, {format_instant(at, zone)}", at=at)


def build_subscription_blocks(
    subscription: Subscription, *, channel: str, role: str | None, times: Sequence[datetime]
) -> tuple[Block, ...]:
    """All that is set of a digest, and when it comes next.

    Args:
        subscription: The digest.
        channel: What its channel is called.
        role: What the role is called that it mentions; None for nobody.
        times: When it comes next.
    """
    return (
        Heading(text=f"The digest “{subscription.name}”"),
        Line(text=f"Posted in {channel}, {format_schedule(subscription)}."),
        *(Line(text=text) for text in _format_contents(subscription)),
        Line(text=f"It mentions {role or 'nobody'}, and {_WHEN_EMPTY[subscription.when_empty]}."),
        *_build_upcoming(subscription, times),
    )


def _format_contents(subscription: Subscription) -> Iterator[str]:
    if not subscription.topics:
        yield "About all that is new."
    for topic in subscription.topics:
        yield f"Topic: {format_topic(topic)}"
    sources = join_parts(subscription.sources, "and") if subscription.sources else "all"
    yield f"Sources: {sources}. Entries: {subscription.max_entries} at most."


def _build_upcoming(subscription: Subscription, times: Sequence[datetime]) -> Iterator[Block]:
    if subscription.state is not SubscriptionState.ACTIVE:
        yield PAUSED
        return
    yield Line(text="Next, and as your own time:", is_subtle=True)
    yield from (build_moment(at, subscription.zone) for at in times)
