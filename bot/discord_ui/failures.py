"""The messages for errors: each exception class mapped to the text that a person reads."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import discord

from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.replies import Reply
from bot.discord_ui.messages.sending import CONNECTION_ERRORS, DiscordErrorCode
from bot.errors import (
    AlertError,
    AlreadyRunning,
    AnswerExpired,
    ArticleWithdrawn,
    BotError,
    ChartsNotInstalled,
    DeliveryError,
    DigestError,
    DiscordDisconnected,
    EmojiOnly,
    EmptyQuestion,
    FileError,
    MalformedReceipt,
    QueryError,
    SettingsError,
    StoreError,
    TooBusy,
    TooManyRequests,
    UnknownArticle,
    UnknownButton,
    WrongUsage,
)
from bot.presentation.blocks import Block, Line
from bot.presentation.errors import describe_error
from bot.runtime import logs

HOW_TO_ASK = (
    "To ask me something, mention me with your question, send it to me in a direct message "
    "or use /ask."
)
UNEXPECTED = (
    "Something went wrong on my side. Try again later. "
    "If it keeps happening, give the bot's operator the error ID {error_id}."
)
LIBRARY_UNAVAILABLE = (
    "I can't read the library right now. Try again later. "
    "If it keeps happening, give the bot's operator the error ID {error_id}."
)

ERROR_MESSAGE = "{sentence}"
"""Shows the error's own sentence. The other classes use fixed texts: theirs may name folders."""

ERROR_SENTENCES: Mapping[type[BotError], str] = {
    AlertError: ERROR_MESSAGE,
    AlreadyRunning: UNEXPECTED,
    AnswerExpired: ERROR_MESSAGE,
    ArticleWithdrawn: ERROR_MESSAGE,
    ChartsNotInstalled: UNEXPECTED,
    DeliveryError: ERROR_MESSAGE,
    DigestError: ERROR_MESSAGE,
    DiscordDisconnected: UNEXPECTED,
    FileError: UNEXPECTED,
    MalformedReceipt: ERROR_MESSAGE,
    QueryError: ERROR_MESSAGE,
    SettingsError: UNEXPECTED,
    StoreError: LIBRARY_UNAVAILABLE,
    TooBusy: ERROR_MESSAGE,
    TooManyRequests: ERROR_MESSAGE,
    UnknownArticle: ERROR_MESSAGE,
    UnknownButton: ERROR_MESSAGE,
    WrongUsage: UNEXPECTED,
}
"""The text for each class of error; a subclass that is not listed uses its parent's."""

_ERRORS_WITH_HOW_TO_ASK = (AnswerExpired, EmptyQuestion, EmojiOnly, UnknownButton)

_GONE_CODES = {
    DiscordErrorCode.UNKNOWN_CHANNEL,
    DiscordErrorCode.UNKNOWN_MESSAGE,
    DiscordErrorCode.UNKNOWN_WEBHOOK,
    DiscordErrorCode.UNKNOWN_INTERACTION,
}
"""The message or interaction was deleted or has expired, so nobody waits for a reply."""


@asynccontextmanager
async def report_errors(context: BotContext, reply: Reply) -> AsyncIterator[None]:
    """Catch any error of the block and reply with its message; acknowledge the request in time."""
    with context.track_request():
        async with reply.acknowledge_in_time():
            try:
                yield
            except Exception as error:  # noqa: BLE001 - the outer edge of everything done in Discord
                await _report_error(context, reply, error)


async def _report_error(context: BotContext, reply: Reply, error: Exception) -> None:
    # If Discord refused the answer, it would refuse the error message as well.
    if isinstance(error, discord.HTTPException) and _log_if_unsendable(context, reply, error):
        return
    try:
        await reply.refuse(
            build_error_blocks(error, reply.facts),
            # Who asks too often should not fill a channel with messages about that.
            permanent=not isinstance(error, TooManyRequests),
        )
    except discord.HTTPException as send_error:
        if not _log_if_unsendable(context, reply, send_error):
            _log_unreported(reply, send_error)
    except CONNECTION_ERRORS as send_error:
        _log_unreported(reply, send_error)


def build_error_blocks(error: Exception, facts: logs.LogFields) -> tuple[Block, ...]:
    """Return the message for the error; log unexpected errors under the id in their message."""
    template = _find_template(error)
    if isinstance(error, BotError) and template == ERROR_MESSAGE:
        text = template.format(sentence=describe_error(error))
        if isinstance(error, TooBusy):
            logs.info("Request refused: too many are waiting", **facts)
    else:
        error_id = logs.exception("Request failed", error, **facts)
        text = template.format(error_id=error_id)
    if isinstance(error, _ERRORS_WITH_HOW_TO_ASK):
        return (Line(text=text), Line(text=HOW_TO_ASK, is_subtle=True))
    return (Line(text=text),)


def _find_template(error: Exception) -> str:
    """Return the text of the error's class or closest listed parent, else UNEXPECTED."""
    return next(
        (ERROR_SENTENCES[kind] for kind in type(error).__mro__ if kind in ERROR_SENTENCES),
        UNEXPECTED,
    )


def _log_unreported(reply: Reply, error: Exception) -> None:
    logs.exception("Error message not sent", error, **reply.facts)


def _log_if_unsendable(context: BotContext, reply: Reply, error: discord.HTTPException) -> bool:
    """Return whether no message can be sent in this place; log a refusal once for each place."""
    facts: logs.LogFields = {**reply.facts, "code": error.code}
    if error.code in _GONE_CODES:
        logs.info("Reply dropped: the message or interaction no longer exists", **facts)
        return True
    if error.code == DiscordErrorCode.ALREADY_ACKNOWLEDGED:
        logs.warning("Reply dropped: another bot process with this token has answered", **facts)
        return True
    if isinstance(error, discord.Forbidden):
        # A busy channel without the permission would fill the log.
        if context.is_new(tuple(facts.items())):
            logs.warning("Reply not sent: refused by Discord", **facts)
        return True
    return False
