"""Deleting the bot's reply when the message that it answers is deleted."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import discord

from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.replies import build_facts
from bot.discord_ui.messages.sending import CONNECTION_ERRORS, try_twice
from bot.errors import StoreError
from bot.runtime import logs

if TYPE_CHECKING:  # discord.py defines it only for type checkers
    from discord.abc import MessageableChannel


async def record_reply(
    context: BotContext, question: discord.Message, key: str, reply: discord.Message | None
) -> None:
    """Record the reply to a message, or delete it if the message was deleted meanwhile.

    Args:
        context: The stored answers and the tracked messages.
        question: The message.
        key: The key of the stored answer; empty for a refusal, which is only remembered.
        reply: The reply; None if it was not sent because the message was deleted before.
    """
    if reply is None:
        await context.services.shown_answers.remove(key)
        return
    is_stored = bool(key) and await _store_reply(context, question, key, reply)
    # Only now: the message may have been deleted while the reply was sent or stored.
    if context.replies.is_deleted(question.id):
        await delete_replies(context, reply.channel, {question.id}, {reply.id})
    elif not is_stored:
        context.replies.keep(question.id, reply.id)


async def _store_reply(
    context: BotContext, question: discord.Message, key: str, reply: discord.Message
) -> bool:
    """Store the reply with its answer, and return whether that succeeded."""
    try:
        await context.services.shown_answers.record_reply(
            key, question_id=question.id, reply_id=reply.id
        )
    except StoreError as error:
        # The answer was sent, so an error message would be a second reply.
        logs.exception("Reply not recorded", error, **_build_facts(reply.channel))
        return False
    return True


async def delete_replies(
    context: BotContext,
    channel: "MessageableChannel",
    question_ids: Collection[int],
    reply_ids: Collection[int] = (),
) -> None:
    """Delete the replies to messages of the channel that were deleted, and their stored answers.

    Args:
        context: The stored answers and the tracked messages.
        channel: The channel of the messages.
        question_ids: The messages that were deleted; most are no questions to the bot.
        reply_ids: Replies that are known already.
    """
    with context.track_request():
        tracked = {context.replies.pop(question_id) for question_id in question_ids}
        known = {*reply_ids, *filter(None, tracked)}
        # First those that are known without the database, which may be locked or damaged.
        for reply_id in known:
            await _delete_reply(channel, reply_id)
        stored = await context.services.shown_answers.remove_by_questions(question_ids)
        for reply_id in stored - known:
            await _delete_reply(channel, reply_id)


async def _delete_reply(channel: "MessageableChannel", reply_id: int) -> None:
    reply = discord.PartialMessage(channel=channel, id=reply_id)
    try:
        await try_twice(reply.delete)
    except discord.NotFound:
        return  # somebody has deleted it before
    except discord.HTTPException as error:
        facts: logs.LogFields = {**_build_facts(channel), "code": error.code}
        logs.warning("Reply to a deleted message stays: refused by Discord", **facts)
    except CONNECTION_ERRORS:
        logs.warning("Reply to a deleted message stays: no connection", **_build_facts(channel))


def _build_facts(channel: "MessageableChannel") -> logs.LogFields:
    return build_facts("deletion", getattr(channel, "guild", None), channel.id)
