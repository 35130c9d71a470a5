"""The steps that commands, buttons and forms share: error messages, refusals and permissions.

A context manager can't skip its block. So checks that may refuse a request are called inside it:
`context.prepare_reply`, `context.admit` and `require_manager`.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.discord_ui.commands.options import Interaction
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.permissions import is_manager
from bot.presentation.blocks import Block


class Refusal(Exception):  # noqa: N818 - a refusal is a reply, not an error
    """A request that is refused.

    Attributes:
        blocks: The message that the person reads instead of an answer.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        super().__init__()
        self.blocks = tuple(blocks)


@asynccontextmanager
async def command_reply(
    context: BotContext, interaction: Interaction, entry_point: str, *, visible: bool | None = None
) -> AsyncIterator[InteractionReply]:
    """Yield the reply to a command; send refusals and error messages of the block.

    Args:
        context: What all commands need.
        interaction: The use of the command.
        entry_point: The name of the command, for the log.
        visible: Whether others see the reply; None if the server's preferences decide.
    """
    private = None if visible is None else not visible
    reply = InteractionReply(interaction, entry_point=entry_point, private=private)
    async with report_errors(context, reply), _send_refusal(reply):
        yield reply


@asynccontextmanager
async def private_reply(
    context: BotContext, interaction: Interaction, entry_point: str
) -> AsyncIterator[InteractionReply]:
    """Yield a reply that only the person sees; send refusals and error messages of the block."""
    async with command_reply(context, interaction, entry_point, visible=False) as reply:
        yield reply


@asynccontextmanager
async def _send_refusal(reply: InteractionReply) -> AsyncIterator[None]:
    try:
        yield
    except Refusal as refusal:
        await reply.refuse(refusal.blocks)


def require_manager(interaction: Interaction, refusal: Sequence[Block]) -> None:
    """Check that the person has the Manage Server permission.

    Args:
        interaction: The use of a command.
        refusal: The message if they do not have it.

    Raises:
        Refusal: The person does not have the permission.
    """
    if not is_manager(interaction):
        raise Refusal(refusal)
