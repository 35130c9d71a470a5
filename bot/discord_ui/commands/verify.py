"""The command /verify."""

from discord import app_commands

from bot.discord_ui.commands.flow import command_reply
from bot.discord_ui.commands.options import (
    Command,
    Interaction,
    ShortText,
    offer_everywhere,
)
from bot.discord_ui.context import BotContext
from bot.presentation.verification import build_verification_blocks


def build_verify_command(context: BotContext) -> Command:
    """Return the command /verify."""

    @app_commands.command(
        name="verify", description="Check whether an excerpt is still in its article, word for word"
    )
    @offer_everywhere
    @app_commands.describe(receipt="The receipt shown below the excerpt: 16 digits and letters")
    async def command(interaction: Interaction, receipt: ShortText) -> None:
        async with command_reply(context, interaction, "verify") as reply:
            place = await context.prepare_reply(reply)
            verification = await context.services.verify.verify(receipt, place.preferences.zone)
            await reply.send(build_verification_blocks(verification))

    return command
