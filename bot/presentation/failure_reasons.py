"""Why a message could not be posted, in the sentences that are stored and that people read."""

from collections.abc import Mapping

from bot.model.delivery import FailureReason

FAILURE_SENTENCES: Mapping[str, str] = {
    FailureReason.CHANNEL_GONE: "The channel is gone.",
    FailureReason.MAY_NOT_SEE: "I may not see the channel.",
    FailureReason.MAY_NOT_POST: "I may not post in the channel.",
    FailureReason.NOT_A_TEXT_CHANNEL: "Nothing can be posted in a channel of this kind.",
    FailureReason.THREAD_CLOSED: "The thread is closed.",
    FailureReason.DIRECT_MESSAGES_CLOSED: "Direct messages from me are not taken there.",
    FailureReason.MESSAGE_DELETED: "The message was deleted as soon as it was posted.",
    FailureReason.CONTENT_REFUSED: "Discord refused what it says.",
    FailureReason.EMPTY_TOPIC: (
        "One of its topics holds nothing to search for: take it away with /digest topics remove."
    ),
}
