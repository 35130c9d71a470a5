"""Creating interactions."""

import secrets
from collections.abc import Mapping

from bot.local_discord.world.constants import IntegrationType, InteractionType
from bot.local_discord.world.message_json import interaction_to_json
from bot.local_discord.world.records import Channel, Interaction, Json, Message, User
from bot.local_discord.world.world import Event, World


def create_interaction(  # noqa: PLR0913 - what an interaction consists of
    world: World,
    interaction_type: InteractionType,
    user: User,
    channel: Channel,
    data: Json,
    *,
    message: Message | None = None,
    integration_owners: Mapping[IntegrationType, str] | None = None,
) -> Interaction:
    """Create an interaction and send it to the bot.

    Args:
        world: Where it happens.
        interaction_type: The type of action.
        user: The person who acts.
        channel: The channel of the action.
        data: The `data` that the bot gets.
        message: The message that was acted upon.
        integration_owners: Who installed the application; looked up if None.
    """
    if integration_owners is None:
        integration_owners = world.get_integration_owners(user, channel)
    interaction = Interaction(
        id=world.ids.next(),
        token=secrets.token_urlsafe(48),
        type=interaction_type,
        user=user,
        channel=channel,
        data=data,
        created_at=world.clock.now(),
        message=message,
        integration_owners=integration_owners,
    )
    world.interactions[interaction.token] = interaction
    payload = interaction_to_json(world, interaction)
    world.emit(Event(name="INTERACTION_CREATE", guild_id=channel.guild_id, data=payload))
    return interaction
