"""Why a message could not be posted: the sentences that are stored and that people read."""

from collections.abc import Mapping

from bot.model.delivery import FailureReason

FAILURE_SENTENCES: Mapping[str, str] = {
    FailureReason.CHANNEL_GONE: "The channel no longer exists.",
    FailureReason.MAY_NOT_SEE: "Missing permission: I can't see the channel.",
    FailureReason.MAY_NOT_POST: "Missing permission: I can't post in the channel.",
    FailureReason.NOT_A_TEXT_CHANNEL: "I can't post in this type of channel.",
    FailureReason.THREAD_CLOSED: "The thread is closed.",
    FailureReason.DIRECT_MESSAGES_CLOSED: "Direct messages from me are blocked.",
    FailureReason.MESSAGE_DELETED: "The message was deleted right after it was posted.",
    FailureReason.CONTENT_REFUSED: "Discord rejected the content of the message.",
    FailureReason.EMPTY_TOPIC: (
        "One of its topics has nothing to search for. Remove it with /digest topics remove."
    ),
}
