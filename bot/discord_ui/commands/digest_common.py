"""What the commands of /digest have in common: who may use them, and which digest they are about."""

from discord import app_commands

from bot.discord_ui.commands.autocomplete import Autocomplete, filter_names
from bot.discord_ui.commands.digest_channels import filter_visible
from bot.discord_ui.commands.flow import require_manager
from bot.discord_ui.commands.options import Choice, Interaction
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.replies import InteractionReply
from bot.model.subscription import Subscription
from bot.presentation.blocks import Line
from bot.services.digests import get_subscription

MAX_NAME_CHARS = 40
WHICH_DIGEST = "The digest, if this server has several"

NOT_A_MANAGER = (Line(text="You need the Manage Server permission to do this."),)

DigestName = app_commands.Range[str, 1, MAX_NAME_CHARS]


async def begin_reply(context: BotContext, reply: InteractionReply) -> None:
    """Count the request, and show that the answer is on its way.

    Raises:
        TooManyQuestions: The person may not ask now.
    """
    context.admit(reply.user_id)
    await reply.begin()


async def begin_manager_reply(
    context: BotContext, reply: InteractionReply, interaction: Interaction
) -> None:
    """Count the request of a manager, and show that the answer is on its way.

    Raises:
        Refusal: The person is no manager.
        TooManyQuestions: They may not ask now.
    """
    context.admit(reply.user_id)
    require_manager(interaction, NOT_A_MANAGER)
    await reply.begin()


async def load_visible_subscriptions(
    context: BotContext, interaction: Interaction
) -> tuple[Subscription, ...]:
    """Return the digests of the server that the person may know of.

    Raises:
        StoreError: The database can't be used.
    """
    return filter_visible(
        interaction, await context.services.digests.list(str(interaction.guild_id))
    )


async def find_subscription(
    context: BotContext, interaction: Interaction, name: str | None
) -> Subscription:
    """Return the digest of that name; the only one if no name is given.

    Raises:
        DigestError: There is none, or the person has to say which one they mean.
        StoreError: The database can't be used.
    """
    return get_subscription(await load_visible_subscriptions(context, interaction), name)


def build_digest_autocomplete(context: BotContext) -> Autocomplete:
    """Return what offers the digests of the server, by name."""

    async def suggest_digests(interaction: Interaction, current: str) -> list[Choice]:
        subscriptions = await load_visible_subscriptions(context, interaction)
        return filter_names((subscription.name for subscription in subscriptions), current)

    return suggest_digests
