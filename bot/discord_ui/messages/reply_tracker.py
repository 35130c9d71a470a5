"""Which messages are being answered, and the replies to messages that are not in the database."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

MAX_TRACKED_QUESTIONS = 10_000
"""The number of messages after which the oldest is no longer tracked."""


class ReplyTracker:
    """The messages that are being answered, and those with a reply that is no stored answer.

    A deleted message is taken out. So a message that is being answered and is not found was deleted.
    """

    def __init__(self) -> None:
        self._reply_ids: OrderedDict[int, int | None] = OrderedDict()

    @contextmanager
    def track(self, question_id: int) -> Iterator[None]:
        """Track a message that is being answered, until the end of the block."""
        self._reply_ids[question_id] = None
        if len(self._reply_ids) > MAX_TRACKED_QUESTIONS:
            self._reply_ids.popitem(last=False)
        try:
            yield
        finally:
            if self._reply_ids.get(question_id) is None:
                self._reply_ids.pop(question_id, None)

    def is_deleted(self, question_id: int) -> bool:
        """Return whether the message was deleted while it was tracked."""
        return question_id not in self._reply_ids

    def keep(self, question_id: int, reply_id: int) -> None:
        """Remember the reply to a message that has not been deleted yet."""
        self._reply_ids[question_id] = reply_id

    def pop(self, question_id: int) -> int | None:
        """Forget a message that was deleted, and return its reply; None if there is none yet."""
        return self._reply_ids.pop(question_id, None)
