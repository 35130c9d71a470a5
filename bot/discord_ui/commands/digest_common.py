"""The steps that the commands of /digest share: permissions and choosing a digest."""

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
    """Count the request and show that a reply is on its way.

    Raises:
        TooManyRequests: The person has reached their rate limit.
    """
    context.admit(reply.user_id)
    await reply.begin()


async def begin_manager_reply(
    context: BotContext, reply: InteractionReply, interaction: Interaction
) -> None:
    """Count the request, check the Manage Server permission and show that a reply is on its way.

    Raises:
        Refusal: The person does not have the permission.
        TooManyRequests: The person has reached their rate limit.
    """
    context.admit(reply.user_id)
    require_manager(interaction, NOT_A_MANAGER)
    await reply.begin()


async def load_visible_subscriptions(
    context: BotContext, interaction: Interaction
) -> tuple[Subscription, ...]:
    """Return the digests of the server that the person may see."""
    return filter_visible(
        interaction, await context.services.digests.list(str(interaction.guild_id))
    )


async def find_subscription(
    context: BotContext, interaction: Interaction, name: str | None
) -> Subscription:
    """Return the digest with this name; without a name, the only one of the server.

    Raises:
        DigestError: There is no such digest, or there are several and no name was given.
    """
    return get_subscription(await load_visible_subscriptions(context, interaction), name)


def build_digest_autocomplete(context: BotContext) -> Autocomplete:
    """Return an autocomplete of the digests that the person may see."""

    async def suggest_digests(interaction: Interaction, current: str) -> list[Choice]:
        subscriptions = await load_visible_subscriptions(context, interaction)
        return filter_names((subscription.name for subscription in subscriptions), current)

    return suggest_digests
