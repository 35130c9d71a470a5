"""The digests of a server, their history, and what came of posting one, as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.calendar import format_day
from bot.digest.explanation import DigestExplanation
from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import Subscription, SubscriptionState
from bot.presentation.blocks import Block, Heading, Line, Link
from bot.presentation.digest_explanation import build_explanation_blocks
from bot.presentation.subscription import build_moment, format_instant, format_schedule
from bot.presentation.wording import format_count

NO_DIGESTS = (
    Line(text="No digest is set here: whoever manages this server makes one with /digest set."),
)
NOTHING_NEW = (Line(text="Nothing is new since the last digest, so nothing was posted."),)
NO_HISTORY = Line(text="Nothing was posted yet.")

_STATE_TEXTS = {
    DeliveryState.CLAIMED: "it is being posted",
    DeliveryState.EMPTY: "nothing was new, so nothing was posted",
}
_FAILURE_TEXTS = {
    DeliveryState.FAILED: "it could not be posted",
    DeliveryState.UNCERTAIN: "whether it was posted is not known",
}
"""What is said of a delivery before its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestListItem:
    """A digest, what its channel is called, and when it comes next unless it is paused."""

    subscription: Subscription
    channel_name: str
    next_at: datetime


def build_digest_list_blocks(listed_digests: Sequence[DigestListItem]) -> tuple[Block, ...]:
    """Each digest with when it comes next, or why it does not."""
    return (
        tuple(
            block
            for listed_digest in listed_digests
            for block in _iter_digest_blocks(listed_digest)
        )
        or NO_DIGESTS
    )


def _iter_digest_blocks(listed_digest: DigestListItem) -> Iterator[Block]:
    subscription = listed_digest.subscription
    yield Heading(text=subscription.name)
    subject = (
        format_count(len(subscription.topics), "topic")
        if subscription.topics
        else "all that is new"
    )
    yield Line(text=f"In {listed_digest.channel_name}, {format_schedule(subscription)}; {subject}.")
    if subscription.state is SubscriptionState.ACTIVE:
        yield build_moment(listed_digest.next_at, subscription.zone)
    else:
        yield Line(text=_format_pause(subscription))


def _format_pause(subscription: Subscription) -> str:
    if not subscription.suspension_reason:
        return "Paused: /digest resume goes on with it."
    reason = _strip_full_stop(subscription.suspension_reason)
    return f"I paused it: {reason}. /digest resume goes on with it."


def build_history_blocks(
    subscription: Subscription, deliveries: Sequence[Delivery]
) -> tuple[Block, ...]:
    """What became of the digest on its last days, the latest first, and links to what was posted."""
    heading = Heading(text=f"The digest “{subscription.name}”, day by day")
    if not deliveries:
        return (heading, NO_HISTORY)
    lines = (Line(text=_format_delivery(delivery, subscription.zone)) for delivery in deliveries)
    links = (
        link for delivery in deliveries for link in build_message_links(subscription, delivery)
    )
    return (heading, *lines, *links)


def _format_delivery(delivery: Delivery, zone: ZoneInfo) -> str:
    """What became of a delivery, after its day."""
    if delivery.posted_at:
        outcome = f"posted on {format_instant(delivery.posted_at, zone)}"
    elif delivery.reason:
        failure_text = _FAILURE_TEXTS[delivery.state]
        outcome = f"{failure_text}. {_strip_full_stop(delivery.reason)}"
    else:
        outcome = _STATE_TEXTS[delivery.state]
    return f"{format_day(delivery.local_day)}: {outcome}."


def _strip_full_stop(sentence: str) -> str:
    return sentence.rstrip(".")


def build_message_links(subscription: Subscription, delivery: Delivery) -> tuple[Link, ...]:
    """The way to the message of a delivery; none where there is no message."""
    if delivery.message_id is None:
        return ()
    path = f"{subscription.guild}/{delivery.channel}/{delivery.message_id}"
    url = f"https://discord.com/channels/{path}"
    return (Link(label=f"Open {format_day(delivery.local_day)}", url=url),)


def build_post_result_blocks(
    subscription: Subscription, delivery: Delivery, *, already_existed: bool
) -> tuple[Block, ...]:
    """What came of posting a digest now; `already_existed` where its day was taken before."""
    lead = "The digest of this day was there already. " if already_existed else ""
    return (
        Line(text=f"{lead}{_format_delivery(delivery, subscription.zone)}"),
        *build_message_links(subscription, delivery),
    )


def build_digest_why_blocks(
    subscription: Subscription, delivery: Delivery, explanation: DigestExplanation
) -> tuple[Block, ...]:
    """What became of an article in a delivery, and of the delivery."""
    return (
        Heading(text=f"The digest “{subscription.name}” of {format_day(delivery.local_day)}"),
        *build_explanation_blocks(explanation),
        Line(
            text=_format_delivery(delivery, subscription.zone),
            is_subtle=delivery.posted_at is not None,
        ),
        *build_message_links(subscription, delivery),
    )
