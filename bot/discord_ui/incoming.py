"""Messages to the bot: mentions, direct messages and replies."""

from functools import partial

import discord

from bot.discord_ui.channels import build_channel_refusal
from bot.discord_ui.commands.asking import AskRequest, answer_question
from bot.discord_ui.context import BotContext
from bot.discord_ui.deletions import record_reply
from bot.discord_ui.failures import HOW_TO_ASK, report_errors
from bot.discord_ui.messages.components import parse_custom_id
from bot.discord_ui.messages.message_text import iter_custom_ids, strip_mentions
from bot.discord_ui.messages.replies import MessageReply
from bot.presentation.blocks import Line

HIDDEN_CONTENT_NOTICE = (
    Line(text="I can't read your message. Discord only shows me messages that mention me."),
    Line(text=HOW_TO_ASK, is_subtle=True),
)

_USER_MESSAGE_TYPES = {discord.MessageType.default, discord.MessageType.reply}


async def answer_message(context: BotContext, message: discord.Message, bot_id: int) -> None:
    """Answer the message if it is addressed to the bot."""
    if not is_addressed_to_bot(message, bot_id):
        return
    reply = _build_reply(context, message)
    with context.replies.track(message.id):
        async with report_errors(context, reply):
            if refusal := await build_channel_refusal(
                context, message.guild, message.channel, message.author
            ):
                await reply.refuse(refusal, permanent=False)
            else:
                await _answer_in_channel(context, message, reply, bot_id)


async def _answer_in_channel(
    context: BotContext, message: discord.Message, reply: MessageReply, bot_id: int
) -> None:
    if is_content_hidden(message, bot_id):
        context.admit(reply.user_id)
        await reply.refuse(HIDDEN_CONTENT_NOTICE)
        return
    request = AskRequest(
        text=strip_mentions(message.content),
        answer_key=find_answer_key(message),
    )
    await answer_question(context, request, reply)


def _build_reply(context: BotContext, message: discord.Message) -> MessageReply:
    def may_warn() -> bool:
        """Return whether to send a temporary refusal: in channels, too many disturb the others."""
        return _is_direct(message) or context.may_warn(message.author.id, message.channel.id)

    return MessageReply(
        message,
        entry_point=get_entry_point(message),
        typing_channel_ids=context.typing_channel_ids,
        may_warn=may_warn,
        is_question_deleted=lambda: context.replies.is_deleted(message.id),
        record=partial(record_reply, context, message),
    )


def is_addressed_to_bot(message: discord.Message, bot_id: int) -> bool:
    """Return whether a person wrote the message to the bot."""
    author = message.author
    is_from_person = not (author.bot or author.system or message.webhook_id)
    return (
        is_from_person
        and message.type in _USER_MESSAGE_TYPES
        and (
            _is_direct(message)
            or _mentions_bot(message, bot_id)
            or _mentions_role_of_bot(message)
            or _get_replied_author_id(message) == bot_id
        )
    )


def is_content_hidden(message: discord.Message, bot_id: int) -> bool:
    """Return whether Discord withholds the text, as in replies that do not ping the bot.

    It may also withhold the text if only the role of the bot is mentioned.
    """
    # Without the privileged intent, content arrives only for direct messages and mentions. A reply
    # that pings counts as a mention.
    return not (message.content or _is_direct(message) or _mentions_bot(message, bot_id))


def _is_direct(message: discord.Message) -> bool:
    """Return whether it is a direct message; a missing guild may be one that is not cached yet."""
    return isinstance(message.channel, discord.DMChannel)


def _mentions_bot(message: discord.Message, bot_id: int) -> bool:
    return any(user.id == bot_id for user in message.mentions)


def _mentions_role_of_bot(message: discord.Message) -> bool:
    """Return whether it mentions the role that Discord made for the bot.

    Discord offers this role beside the bot, under the same name.
    """
    role = message.guild.self_role if message.guild else None
    return role is not None and role in message.role_mentions


def get_entry_point(message: discord.Message) -> str:
    """Return how the message reached the bot, for the log: direct, reply or mention."""
    if _is_direct(message):
        return "direct"
    return "reply" if _get_replied_message(message) else "mention"


def find_answer_key(message: discord.Message) -> str | None:
    """Return the key of the answer that the message replies to; None if there is none."""
    replied_message = _get_replied_message(message)
    if replied_message is None:
        return None
    presses = (
        parse_custom_id(custom_id) for custom_id in iter_custom_ids(replied_message.components)
    )
    return next((press.key for press in presses if press), None)


def _get_replied_message(message: discord.Message) -> discord.Message | None:
    resolved = message.reference.resolved if message.reference else None
    return resolved if isinstance(resolved, discord.Message) else None


def _get_replied_author_id(message: discord.Message) -> int | None:
    replied_message = _get_replied_message(message)
    return replied_message.author.id if replied_message else None
