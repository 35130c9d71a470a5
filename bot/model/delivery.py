"""The record that a digest of a day was posted, or what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from bot.model.article import ArticleId
from bot.model.subscription import Subscription


class DeliveryState(StrEnum):
    """What became of a delivery.

    CLAIMED: it is being posted. EMPTY: there was nothing to post. UNCERTAIN: nobody can see whether
    it was posted, so it is not posted again. FAILED: Discord refused it.
    """

    CLAIMED = "claimed"
    POSTED = "posted"
    EMPTY = "empty"
    UNCERTAIN = "uncertain"
    FAILED = "failed"


class FailureReason(StrEnum):
    """Why a message can't be posted."""

    CHANNEL_GONE = "channel_gone"
    MAY_NOT_SEE = "may_not_see"
    MAY_NOT_POST = "may_not_post"
    NOT_A_TEXT_CHANNEL = "not_a_text_channel"
    THREAD_CLOSED = "thread_closed"
    DIRECT_MESSAGES_CLOSED = "direct_messages_closed"
    MESSAGE_DELETED = "message_deleted"
    CONTENT_REFUSED = "content_refused"
    EMPTY_TOPIC = "empty_topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOutcome:
    """What became of a claimed message.

    Attributes:
        state: POSTED, EMPTY, UNCERTAIN or FAILED.
        settled_at: When that was known.
        message_id: The message; None unless it was posted.
        reason: Why it is uncertain or failed, as people read it; None otherwise.
    """

    state: DeliveryState
    settled_at: datetime
    message_id: str | None = None
    reason: str | None = None


class HighWaterMark(NamedTuple):
    """How far the deliveries of a digest have come: the last one's day, and the end of its window."""

    local_day: date
    window_ends_at: datetime


class RecordedDecision(NamedTuple):
    """At which step an article was taken or left out, and what else there is to say of that."""

    article_id: ArticleId
    step: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The digest of one day, as far as it has come.

    Attributes:
        id: Its number: later ones have higher numbers.
        subscription_id: Whose it is.
        channel: Where it is posted.
        local_day: Its day, in the zone of the digest.
        state: What became of it.
        window_starts_at: The first moment that it covers.
        window_ends_at: The end of what it covers.
        key: What its buttons carry.
        claimed_at: When somebody last began to post it.
        after_message_id: A message that stood in the channel before; None where there was none.
        message_id: The message; None unless it was posted.
        posted_at: When that was recorded; None unless it was posted.
        reason: Why it is uncertain or failed; None otherwise.
    """

    id: int
    subscription_id: int
    channel: str
    local_day: date
    state: DeliveryState
    window_starts_at: datetime
    window_ends_at: datetime
    key: str
    claimed_at: datetime
    after_message_id: str | None
    message_id: str | None
    posted_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestClaim:
    """What is to be claimed.

    Attributes:
        subscription: The digest as it was read.
        last_id: The number of its last delivery as it was read, but for `abandoned`; 0 for none.
        local_day: The day.
        window_starts_at: The first moment that it covers.
        window_ends_at: The end of what it covers.
        key: What its buttons carry.
        after_message_id: A message that stands in the channel by now; None where there is none.
        decisions: What became of each article.
        abandoned: The claim in whose place it comes, as it was taken over; None where none was left.
        state: CLAIMED; EMPTY where nothing is to be posted, or FAILED where that can't be.
        reason: Why it failed; None otherwise.
    """

    subscription: Subscription
    last_id: int
    local_day: date
    window_starts_at: datetime
    window_ends_at: datetime
    key: str
    after_message_id: str | None
    decisions: tuple[RecordedDecision, ...]
    abandoned: Delivery | None = None
    state: DeliveryState = DeliveryState.CLAIMED
    reason: str | None = None
