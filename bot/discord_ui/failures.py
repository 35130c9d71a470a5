"""What went wrong -> what the person reads, whatever they did; the one place where that happens."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import discord

from bot.discord_ui.context import Desk
from bot.discord_ui.messages.replies import Reply
from bot.discord_ui.messages.sending import UNREACHABLE, Code
from bot.errors import (
    AlertError,
    AlreadyRunning,
    AnswerExpired,
    ArticleWithdrawn,
    BotError,
    ChartsNotInstalled,
    DeliveryError,
    DigestError,
    EmojiOnly,
    EmptyQuestion,
    FileError,
    MalformedReceipt,
    QueryError,
    SettingsError,
    StoreError,
    TooManyQuestions,
    UnknownArticle,
    WrongUsage,
)
from bot.presentation.blocks import Block, Line
from bot.runtime import logs

HOW_TO_ASK = (
    "To ask me: mention me with your question, write it to me in a direct message, "
    "or use the command /ask."
)
UNEXPECTED = "Something went wrong on my side. Whoever runs me finds it in the log as {error_id}."
NO_LIBRARY = (
    "I can't get at the library just now: try again in a while. "
    "Whoever runs me finds why in the log as {error_id}."
)

OWN_WORDS = "{error}"
"""The sentence that the error itself says; all others may name folders of the machine."""

SENTENCES: Mapping[type[BotError], str] = {
    AlertError: OWN_WORDS,
    AlreadyRunning: UNEXPECTED,
    AnswerExpired: OWN_WORDS,
    ArticleWithdrawn: OWN_WORDS,
    ChartsNotInstalled: UNEXPECTED,
    DeliveryError: OWN_WORDS,
    DigestError: OWN_WORDS,
    FileError: UNEXPECTED,
    MalformedReceipt: OWN_WORDS,
    QueryError: OWN_WORDS,
    SettingsError: UNEXPECTED,
    StoreError: NO_LIBRARY,
    TooManyQuestions: OWN_WORDS,
    UnknownArticle: OWN_WORDS,
    WrongUsage: UNEXPECTED,
}
"""What a person in Discord reads of each error; one not named here is told like its parent."""

_WITH_HOW_TO_ASK = (AnswerExpired, EmptyQuestion, EmojiOnly)

_NOBODY_THERE = {
    Code.UNKNOWN_CHANNEL,
    Code.UNKNOWN_MESSAGE,
    Code.UNKNOWN_WEBHOOK,
    Code.UNKNOWN_INTERACTION,
}
"""What was to be answered is gone, or its time is over: nobody waits."""


@asynccontextmanager
async def guarded(desk: Desk, reply: Reply) -> AsyncIterator[None]:
    """What goes wrong in the block is told to who waits for the reply, and ends there."""
    with desk.working():
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the outer edge of everything done in Discord
            await _tell(desk, reply, error)


async def _tell(desk: Desk, reply: Reply, error: Exception) -> None:
    if isinstance(error, discord.HTTPException) and _log_unsendable(desk, reply, error):
        return
    try:
        await reply.refuse(
            refusal_of(error, reply.facts), for_long=not isinstance(error, TooManyQuestions)
        )
    except discord.HTTPException as second:
        if not _log_unsendable(desk, reply, second):
            _log_unsaid(reply, second)
    except UNREACHABLE as second:
        _log_unsaid(reply, second)


def refusal_of(error: Exception, facts: logs.Facts) -> tuple[Block, ...]:
    """What a person reads of the error; one that they can't help is logged, and its id told."""
    kinds = type(error).__mro__
    sentence = next((SENTENCES[kind] for kind in kinds if kind in SENTENCES), UNEXPECTED)
    error_id = ""
    if sentence != OWN_WORDS:
        error_id = logs.failure("Something done in Discord failed", error, **facts)
    blocks: tuple[Block, ...] = (Line(text=sentence.format(error=error, error_id=error_id)),)
    if isinstance(error, _WITH_HOW_TO_ASK):
        blocks += (Line(text=HOW_TO_ASK, subtle=True),)
    return blocks


def _log_unsaid(reply: Reply, error: Exception) -> None:
    logs.failure("What went wrong could not be said", error, **reply.facts)


def _log_unsendable(desk: Desk, reply: Reply, error: discord.HTTPException) -> bool:
    """Whether nothing can be said where the reply belongs; that is logged once for each place."""
    facts: logs.Facts = {**reply.facts, "code": error.code}
    if error.code in _NOBODY_THERE:
        logs.info("What was to be answered is gone", **facts)
        return True
    if isinstance(error, discord.Forbidden):
        if desk.is_new(tuple(facts.items())):
            logs.warning("The bot may not answer here", **facts)
        return True
    return False
