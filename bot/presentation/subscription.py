"""What a server has set of a digest, in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.calendar import day_text
from bot.digest.parsing import DAYS, NAMES_OF_DAYS
from bot.model.subscription import State, Subscription, Topic, WhenEmpty
from bot.presentation.blocks import Block, Heading, Line, Moment
from bot.presentation.wording import joined

_WHEN_EMPTY = {
    WhenEmpty.SKIP: "a day on which nothing is new is skipped",
    WhenEmpty.NOTE: "a day on which nothing is new gets a note",
}

PAUSED = Line(text="It is paused: /digest resume goes on with it.")


def schedule_text(subscription: Subscription) -> str:
    """When a digest is posted: `every day at 08:30, Europe/Berlin`."""
    days = next(name for name, days in DAYS.items() if days == subscription.days)
    return f"{days} at {subscription.at:%H:%M}, {subscription.zone.key}"


def topic_text(topic: Topic) -> str:
    """A topic, as one can type it again."""
    return f"{topic.heading}: {topic.typed}" if topic.heading else topic.typed


def instant_text(at: datetime, zone: ZoneInfo) -> str:
    """The day and the time in the zone: `4 March 2026, 08:30`."""
    there = at.astimezone(zone)
    return f"{day_text(there.date())}, {there:%H:%M}"


def moment(at: datetime, zone: ZoneInfo) -> Moment:
    """A moment of a schedule, with the day of the week."""
    weekday = NAMES_OF_DAYS[at.astimezone(zone).weekday()]
    return Moment(text=f"{weekday}, {instant_text(at, zone)}", at=at)


def subscription_blocks(
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
        Line(text=f"Posted in {channel}, {schedule_text(subscription)}."),
        *(Line(text=text) for text in _contents(subscription)),
        Line(text=f"It mentions {role or 'nobody'}, and {_WHEN_EMPTY[subscription.when_empty]}."),
        *_coming(subscription, times),
    )


def _contents(subscription: Subscription) -> Iterator[str]:
    if not subscription.topics:
        yield "About all that is new."
    for topic in subscription.topics:
        yield f"Topic: {topic_text(topic)}"
    sources = joined(subscription.sources, "and") if subscription.sources else "all"
    yield f"Sources: {sources}. Entries: {subscription.max_entries} at most."


def _coming(subscription: Subscription, times: Sequence[datetime]) -> Iterator[Block]:
    if subscription.state is not State.ACTIVE:
        yield PAUSED
        return
    yield Line(text="Next, and as your own time:", subtle=True)
    yield from (moment(at, subscription.zone) for at in times)
