"""The steps that commands, buttons and forms share: report errors, refuse, check who may do it.

A context manager can't skip its block, so what may refuse a request is called inside the block:
`context.prepare_reply`, `context.admit`, `require_manager`.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.discord_ui.commands.options import Interaction
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.permissions import is_manager
from bot.presentation.blocks import Block


class Refusal(Exception):  # noqa: N818 - no failure, but an answer
    """The reason why a request is not answered.

    Attributes:
        blocks: What the person reads instead of an answer.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        super().__init__()
        self.blocks = tuple(blocks)


@asynccontextmanager
async def command_reply(
    context: BotContext, interaction: Interaction, entry_point: str, *, visible: bool | None = None
) -> AsyncIterator[InteractionReply]:
    """Yield the reply to a command, and tell the person if the block fails or refuses.

    Args:
        context: What all commands need.
        interaction: The command that a person used.
        entry_point: The name of the command, for the log.
        visible: Whether others see the answer; None if the preferences of the place decide.
    """
    private = None if visible is None else not visible
    reply = InteractionReply(interaction, entry_point=entry_point, private=private)
    async with report_errors(context, reply), _send_refusal(reply):
        yield reply


@asynccontextmanager
async def private_reply(
    context: BotContext, interaction: Interaction, entry_point: str
) -> AsyncIterator[InteractionReply]:
    """Yield a reply that only one person sees, and tell them if the block fails or refuses."""
    async with command_reply(context, interaction, entry_point, visible=False) as reply:
        yield reply


@asynccontextmanager
async def _send_refusal(reply: InteractionReply) -> AsyncIterator[None]:
    try:
        yield
    except Refusal as refusal:
        await reply.refuse(refusal.blocks)


def require_manager(interaction: Interaction, refusal: Sequence[Block]) -> None:
    """Check that the person may manage the server.

    Args:
        interaction: What the person did.
        refusal: What they read if they may not.

    Raises:
        Refusal: They may not.
    """
    if not is_manager(interaction):
        raise Refusal(refusal)
