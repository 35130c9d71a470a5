"""The deliveries of digests and alerts: claims, outcomes and records."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from bot.model.article import ArticleId
from bot.model.subscription import Subscription


class DeliveryState(StrEnum):
    """The states of a delivery.

    CLAIMED: it is being posted. EMPTY: there was nothing to post. UNCERTAIN: the bot can't find out
    whether it was posted, so it is not posted again. FAILED: it can't be posted.
    """

    CLAIMED = "claimed"
    POSTED = "posted"
    EMPTY = "empty"
    UNCERTAIN = "uncertain"
    FAILED = "failed"


class FailureReason(StrEnum):
    """The reasons why a message can't be posted."""

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
    """The outcome of a claimed message.

    Attributes:
        state: POSTED, EMPTY, UNCERTAIN or FAILED.
        settled_at: When the outcome became known.
        message_id: The message; None unless it was posted.
        reason: Why it is uncertain or failed, as a sentence; None otherwise.
    """

    state: DeliveryState
    settled_at: datetime
    message_id: str | None = None
    reason: str | None = None


class HighWaterMark(NamedTuple):
    """The day of a digest's last delivery and the end of its window, where the next one starts."""

    local_day: date
    window_ends_at: datetime


class RecordedDecision(NamedTuple):
    """The step that included an article in a digest or excluded it, with a detail."""

    article_id: ArticleId
    step: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The delivery of a digest for one day.

    The window is half-open: it covers `window_starts_at` and ends before `window_ends_at`.

    Attributes:
        id: The number of the delivery; later ones have higher numbers.
        subscription_id: The subscription that it belongs to.
        channel: The channel where it is posted.
        local_day: Its day, in the zone of the digest.
        state: Its state.
        window_starts_at: The start of the window that it covers.
        window_ends_at: The end of that window.
        key: The random key that is part of the ids of its buttons. A post is found by it in the
            channel's history, since Discord does not return nonces.
        claimed_at: When posting it was last started.
        after_message_id: The last message in the channel before it; None if there was none.
        message_id: The message; None unless it was posted.
        posted_at: When the post was recorded; None unless it was posted.
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
    """The claim of a digest's delivery, to be recorded before anything is posted.

    Attributes:
        subscription: The digest as it was read.
        last_id: The number of its last delivery, ignoring `abandoned`; 0 if there was none.
        local_day: The day.
        window_starts_at: The start of the window that it covers.
        window_ends_at: The end of that window.
        key: The random key that is part of the ids of its buttons.
        after_message_id: The last message in the channel so far; None if there is none.
        decisions: The decision about each article.
        abandoned: The earlier claim that this one replaces; None if there is none.
        state: CLAIMED; EMPTY if there is nothing to post; FAILED if it can't be posted.
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
