"""A server's digests, their history, and the result of posting one, as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dates.calendar import format_day
from bot.digest.explanation import DigestExplanation
from bot.model.activity import ActivityState
from bot.model.counts import format_count
from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import Subscription
from bot.presentation.blocks import Block, Heading, Line, Link
from bot.presentation.digest_explanation import build_explanation_blocks
from bot.presentation.subscription import PAUSED, build_moment, format_instant, format_schedule

NO_DIGESTS = (
    Line(
        text="This server has no digest yet. "
        "Members with the Manage Server permission can add one with /digest set."
    ),
)
NOTHING_NEW = (
    Line(text="There are no new articles since the last digest, so nothing was posted."),
)
RESUME_AFTER_FIX = "After fixing this, run /digest resume."
NO_HISTORY = Line(text="Nothing has been posted yet.")

_STATE_TEXTS = {
    DeliveryState.CLAIMED: "being posted",
    DeliveryState.EMPTY: "skipped, no new articles",
}
_FAILURE_TEXTS = {
    DeliveryState.FAILED: "not posted",
    DeliveryState.UNCERTAIN: "not known whether it was posted",
}
"""The status of a delivery, followed by its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestListItem:
    """A digest with its channel's name and its next time; a paused digest's time is not shown."""

    subscription: Subscription
    channel_name: str
    next_at: datetime


def build_digest_list_blocks(listed_digests: Sequence[DigestListItem]) -> tuple[Block, ...]:
    """Return the list of digests, each with its next time or the reason for its pause."""
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
        else "all new articles"
    )
    yield Line(
        text=f"In {listed_digest.channel_name}, {format_schedule(subscription)}. Covers {subject}."
    )
    if subscription.state is ActivityState.ACTIVE:
        yield build_moment(listed_digest.next_at, subscription.zone)
    else:
        yield Line(text=_format_pause(subscription))


def _format_pause(subscription: Subscription) -> str:
    if not subscription.suspension_reason:
        return PAUSED
    return f"I paused this digest. {subscription.suspension_reason} {RESUME_AFTER_FIX}"


def build_history_blocks(
    subscription: Subscription, deliveries: Sequence[Delivery]
) -> tuple[Block, ...]:
    """Return the results of the digest's last days, newest first, and links to its messages."""
    heading = Heading(text=f"History of the digest “{subscription.name}”")
    if not deliveries:
        return (heading, NO_HISTORY)
    lines = (Line(text=_format_delivery(delivery, subscription.zone)) for delivery in deliveries)
    links = (
        Link(label=f"Open {format_day(delivery.local_day)}", url=url)
        for delivery in deliveries
        if (url := _find_message_url(subscription, delivery))
    )
    return (heading, *lines, *links)


def _format_delivery(delivery: Delivery, zone: ZoneInfo) -> str:
    """Return the day of a delivery and its result."""
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


def _build_message_links(subscription: Subscription, delivery: Delivery) -> tuple[Link, ...]:
    """Return a link to the message of a delivery; empty if it has no message."""
    url = _find_message_url(subscription, delivery)
    return (Link(label="Open the digest", url=url),) if url else ()


def _find_message_url(subscription: Subscription, delivery: Delivery) -> str | None:
    if delivery.message_id is None:
        return None
    path = f"{subscription.guild}/{delivery.channel}/{delivery.message_id}"
    return f"https://discord.com/channels/{path}"


def build_post_result_blocks(
    subscription: Subscription, delivery: Delivery, *, already_existed: bool
) -> tuple[Block, ...]:
    """Return the result of posting a digest now.

    `already_existed` is true if the day already had a delivery, so nothing was posted.
    """
    lead = "This day already has a digest. " if already_existed else ""
    return (
        Line(text=f"{lead}{_format_delivery(delivery, subscription.zone)}"),
        *_build_message_links(subscription, delivery),
    )


def build_digest_why_blocks(
    subscription: Subscription, delivery: Delivery, explanation: DigestExplanation
) -> tuple[Block, ...]:
    """Return why an article is in a delivery or not, and the result of the delivery."""
    return (
        Heading(text=f"Digest “{subscription.name}” of {format_day(delivery.local_day)}"),
        *build_explanation_blocks(explanation),
        Line(
            text=_format_delivery(delivery, subscription.zone),
            is_subtle=delivery.posted_at is not None,
        ),
        *_build_message_links(subscription, delivery),
    )
