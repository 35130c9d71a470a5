"""Messages that ask something: a mention, a direct message, or a reply to the bot."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bot.discord_ui.channels import barred
from bot.discord_ui.commands.asking import Asked, answer
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import HOW_TO_ASK, guarded
from bot.discord_ui.messages.components import pressed
from bot.discord_ui.messages.replies import MessageReply
from bot.presentation.blocks import Line

HIDDEN = (
    Line(text="Discord does not show me what you wrote: it shows me only what mentions me."),
    Line(text=HOW_TO_ASK, subtle=True),
)

_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>")

_TYPED_BY_PEOPLE = {discord.MessageType.default, discord.MessageType.reply}


async def answer_message(desk: Desk, message: discord.Message, bot_id: int) -> None:
    """Answers the message where it asks the bot something."""
    if not is_for(message, bot_id):
        return
    reply = _reply_to(desk, message)
    async with guarded(desk, reply):
        if elsewhere := await barred(desk, message.guild, message.channel, message.author):
            await reply.refuse(elsewhere, for_long=False)
        else:
            await _answer_there(desk, message, reply, bot_id)


async def _answer_there(
    desk: Desk, message: discord.Message, reply: MessageReply, bot_id: int
) -> None:
    if is_hidden(message, bot_id):
        desk.admit(message.author.id)
        await reply.refuse(HIDDEN)
        return
    asked = Asked(
        text=question_in(message.content),
        user_id=message.author.id,
        answer_key=answer_key_of(message),
    )
    await answer(desk, asked, reply)


def _reply_to(desk: Desk, message: discord.Message) -> MessageReply:
    def may_warn() -> bool:
        """In a channel, what is said to one person too often is a flood to all others."""
        return _is_direct(message) or desk.may_warn(message.author.id, message.channel.id)

    return MessageReply(message, way=way_of(message), typing_in=desk.typing_in, may_warn=may_warn)


def is_for(message: discord.Message, bot_id: int) -> bool:
    """Whether a person wrote the message, and to the bot."""
    author = message.author
    is_from_person = not (author.bot or author.system or message.webhook_id)
    return (
        is_from_person
        and message.type in _TYPED_BY_PEOPLE
        and (
            _is_direct(message)
            or _mentions(message, bot_id)
            or _author_replied_to(message) == bot_id
        )
    )


def is_hidden(message: discord.Message, bot_id: int) -> bool:
    """Whether Discord keeps from the bot what was typed: replies that don't ping it."""
    return not (message.content or _is_direct(message) or _mentions(message, bot_id))


def _is_direct(message: discord.Message) -> bool:
    """Whether it is a direct message; a server that is not known yet is none."""
    return isinstance(message.channel, discord.DMChannel)


def _mentions(message: discord.Message, bot_id: int) -> bool:
    return any(user.id == bot_id for user in message.mentions)


def question_in(content: str) -> str:
    """What was typed, without whom and what it mentions: these are numbers, not words."""
    return " ".join(_MENTION.sub(" ", content).split())


def way_of(message: discord.Message) -> str:
    """The name of the way by which the message asks, for the log."""
    if _is_direct(message):
        return "direct"
    return "reply" if _replied_to(message) else "mention"


def answer_key_of(message: discord.Message) -> str | None:
    """The key of the answer that the message replies to; None where it replies to none."""
    replied_to = _replied_to(message)
    if replied_to is None:
        return None
    presses = (pressed(custom_id) for custom_id in custom_ids(replied_to.components))
    return next((press.key for press in presses if press), None)


def _replied_to(message: discord.Message) -> discord.Message | None:
    resolved = message.reference.resolved if message.reference else None
    return resolved if isinstance(resolved, discord.Message) else None


def _author_replied_to(message: discord.Message) -> int | None:
    replied_to = _replied_to(message)
    return replied_to.author.id if replied_to else None


def custom_ids(components: Iterable[Any]) -> Iterator[str]:
    """The custom_ids of the components, nested ones too, in order."""
    for component in components:
        if custom_id := getattr(component, "custom_id", None):
            yield custom_id
        yield from custom_ids(getattr(component, "children", ()))
