"""The digests of a server, their history, and what came of posting one, as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.calendar import day_text
from bot.digest.explanation import Explanation
from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import State, Subscription
from bot.presentation.blocks import Block, Heading, Line, Link
from bot.presentation.explanation import explanation_blocks
from bot.presentation.subscription import instant_text, moment, schedule_text
from bot.presentation.wording import count_text

NOTHING_SET = (
    Line(text="No digest is set here: whoever manages this server makes one with /digest set."),
)
NOTHING_NEW = (Line(text="Nothing is new since the last digest, so nothing was posted."),)
NO_HISTORY = Line(text="Nothing was posted yet.")

_SETTLED = {
    DeliveryState.CLAIMED: "it is being posted",
    DeliveryState.EMPTY: "nothing was new, so nothing was posted",
}
_UNSETTLED = {
    DeliveryState.FAILED: "it could not be posted",
    DeliveryState.UNCERTAIN: "whether it was posted is not known",
}
"""What is said of a delivery before its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A digest, what its channel is called, and when it comes next unless it is paused."""

    digest: Subscription
    channel: str
    next_at: datetime


def list_blocks(listed: Sequence[Listed]) -> tuple[Block, ...]:
    """Each digest with when it comes next, or why it does not."""
    return tuple(block for each in listed for block in _one(each)) or NOTHING_SET


def _one(listed: Listed) -> Iterator[Block]:
    digest = listed.digest
    yield Heading(text=digest.name)
    about = count_text(len(digest.topics), "topic") if digest.topics else "all that is new"
    yield Line(text=f"In {listed.channel}, {schedule_text(digest)}; {about}.")
    if digest.state is State.ACTIVE:
        yield moment(listed.next_at, digest.zone)
    elif digest.trouble:
        yield Line(text=f"I paused it: {_clause(digest.trouble)}. /digest resume goes on with it.")
    else:
        yield Line(text="Paused: /digest resume goes on with it.")


def history_blocks(digest: Subscription, deliveries: Sequence[Delivery]) -> tuple[Block, ...]:
    """What became of the digest on its last days, the latest first, and links to what was posted."""
    heading = Heading(text=f"The digest “{digest.name}”, day by day")
    if not deliveries:
        return (heading, NO_HISTORY)
    lines = (Line(text=_became(each, digest.zone)) for each in deliveries)
    links = (link for each in deliveries for link in links_of(digest, each))
    return (heading, *lines, *links)


def _became(delivery: Delivery, zone: ZoneInfo) -> str:
    """What became of a delivery, after its day."""
    if delivery.posted_at:
        settled = f"posted on {instant_text(delivery.posted_at, zone)}"
    elif delivery.reason:
        how = _UNSETTLED[delivery.state]
        settled = f"{how}. {_clause(delivery.reason)}"
    else:
        settled = _SETTLED[delivery.state]
    return f"{day_text(delivery.local_day)}: {settled}."


def _clause(sentence: str) -> str:
    return sentence.rstrip(".")


def links_of(digest: Subscription, delivery: Delivery) -> tuple[Link, ...]:
    """The way to the message of a delivery; none where there is no message."""
    if delivery.message_id is None:
        return ()
    path = f"{digest.guild}/{delivery.channel}/{delivery.message_id}"
    url = f"https://discord.com/channels/{path}"
    return (Link(label=f"Open {day_text(delivery.local_day)}", url=url),)


def posted_blocks(
    digest: Subscription, delivery: Delivery, *, was_there: bool
) -> tuple[Block, ...]:
    """What came of posting a digest now; `was_there` where its day was taken before."""
    lead = "The digest of this day was there already. " if was_there else ""
    return (
        Line(text=f"{lead}{_became(delivery, digest.zone)}"),
        *links_of(digest, delivery),
    )


def why_blocks(
    digest: Subscription, delivery: Delivery, explanation: Explanation
) -> tuple[Block, ...]:
    """What became of an article in a delivery, and of the delivery."""
    return (
        Heading(text=f"The digest “{digest.name}” of {day_text(delivery.local_day)}"),
        *explanation_blocks(explanation),
        Line(text=_became(delivery, digest.zone), subtle=delivery.posted_at is not None),
        *links_of(digest, delivery),
    )
