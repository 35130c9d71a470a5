"""Messages that ask something: a mention, a direct message, or a reply to the bot."""

import discord

from bot.discord_ui.channels import build_channel_refusal
from bot.discord_ui.commands.asking import AskRequest, answer_question
from bot.discord_ui.context import BotContext
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
    """Answers the message where it asks the bot something."""
    if not is_addressed_to_bot(message, bot_id):
        return
    reply = _build_reply(context, message)
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
        context.admit(message.author.id)
        await reply.refuse(HIDDEN_CONTENT_NOTICE)
        return
    request = AskRequest(
        text=strip_mentions(message.content),
        answer_key=find_answer_key(message),
    )
    await answer_question(context, request, reply)


def _build_reply(context: BotContext, message: discord.Message) -> MessageReply:
    def may_warn() -> bool:
        """In a channel, what is said to one person too often is a flood to all others."""
        return _is_direct(message) or context.may_warn(message.author.id, message.channel.id)

    return MessageReply(
        message,
        entry_point=get_entry_point(message),
        typing_channel_ids=context.typing_channel_ids,
        may_warn=may_warn,
    )


def is_addressed_to_bot(message: discord.Message, bot_id: int) -> bool:
    """Whether a person wrote the message, and to the bot."""
    author = message.author
    is_from_person = not (author.bot or author.system or message.webhook_id)
    return (
        is_from_person
        and message.type in _USER_MESSAGE_TYPES
        and (
            _is_direct(message)
            or _mentions_bot(message, bot_id)
            or _get_replied_author_id(message) == bot_id
        )
    )


def is_content_hidden(message: discord.Message, bot_id: int) -> bool:
    """Whether Discord keeps from the bot what was typed: replies that don't ping it."""
    return not (message.content or _is_direct(message) or _mentions_bot(message, bot_id))


def _is_direct(message: discord.Message) -> bool:
    """Whether it is a direct message; a server that is not known yet is none."""
    return isinstance(message.channel, discord.DMChannel)


def _mentions_bot(message: discord.Message, bot_id: int) -> bool:
    return any(user.id == bot_id for user in message.mentions)


def get_entry_point(message: discord.Message) -> str:
    """The name of the way by which the message asks, for the log."""
    if _is_direct(message):
        return "direct"
    return "reply" if _get_replied_message(message) else "mention"


def find_answer_key(message: discord.Message) -> str | None:
    """The key of the answer that the message replies to; None where it replies to none."""
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
