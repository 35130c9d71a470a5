"""Messages and interactions as the JSON that Discord sends."""

from bot.local_discord.world.constants import MAX_UPLOAD_BYTES
from bot.local_discord.world.json_objects import (
    channel_to_json,
    format_timestamp,
    member_to_json,
    user_to_json,
)
from bot.local_discord.world.permissions import compute_permissions
from bot.local_discord.world.records import (
    Attachment,
    Interaction,
    InteractionMetadata,
    Json,
    Message,
)
from bot.local_discord.world.world import World


def message_to_json(world: World, message: Message, *, has_content_intent: bool) -> Json:
    """Return a message as JSON; without its content if the bot lacks the intent to read it."""
    has_readable_content = has_content_intent or is_readable(world, message)
    payload = _build_message_base(world, message)
    payload |= {
        "content": message.content if has_readable_content else "",
        "embeds": list(message.embeds) if has_readable_content else [],
        "components": list(message.components) if has_readable_content else [],
        "attachments": [attachment_to_json(attachment) for attachment in message.attachments]
        if has_readable_content
        else [],
    }
    if message.reply_to_id is not None:
        payload["message_reference"] = _build_reference(world, message)
        payload["referenced_message"] = _build_referenced_message(
            world, message, has_content_intent=has_content_intent
        )
    return payload


def is_readable(world: World, message: Message) -> bool:
    """Return whether the bot reads the message without the content intent.

    These are direct messages, its own messages, and those that ping it, also by replying to it.
    """
    is_direct = world.channels[message.channel_id].guild_id is None
    return is_direct or message.author_id == world.bot.id or world.bot.id in message.pings.users


def _build_message_base(world: World, message: Message) -> Json:
    channel = world.channels[message.channel_id]
    users = [user_to_json(world.users[user_id]) for user_id in message.pings.users]
    payload: Json = {
        "id": str(message.id),
        "type": int(message.type),
        "channel_id": str(message.channel_id),
        "author": user_to_json(world.users[message.author_id]),
        "timestamp": format_timestamp(message.sent_at),
        "edited_timestamp": None
        if message.edited_at is None
        else format_timestamp(message.edited_at),
        "flags": int(message.flags),
        "tts": False,
        "pinned": False,
        "mentions": users,
        "mention_roles": [str(role_id) for role_id in message.pings.roles],
        "mention_everyone": message.pings.includes_everyone,
    }
    if message.interaction_metadata is not None:
        payload |= _build_interaction_fields(world, message.interaction_metadata)
    if channel.is_thread:
        payload["position"] = 0
    return payload


def _build_interaction_fields(world: World, metadata: InteractionMetadata) -> Json:
    """Return the fields that only the response to an interaction has."""
    metadata_fields = {
        "id": str(metadata.id),
        "type": metadata.type,
        "user": user_to_json(world.users[metadata.user_id]),
        "authorizing_integration_owners": _owners_to_json(metadata),
    }
    name = {} if metadata.name is None else {"name": metadata.name}
    application = str(world.application_id)
    return {
        "application_id": application,
        "webhook_id": application,
        "interaction_metadata": {**metadata_fields, **name},
    }


def _owners_to_json(source: InteractionMetadata | Interaction) -> Json:
    return {
        str(int(integration_type)): owner_id
        for integration_type, owner_id in source.integration_owners.items()
    }


def _build_reference(world: World, message: Message) -> Json:
    guild_id = world.channels[message.channel_id].guild_id
    guild_field = {} if guild_id is None else {"guild_id": str(guild_id)}
    ids = {"message_id": str(message.reply_to_id), "channel_id": str(message.channel_id)}
    return {"type": 0, **ids, **guild_field}


def _build_referenced_message(
    world: World, message: Message, *, has_content_intent: bool
) -> Json | None:
    """Return the message replied to without its own target; None if it was deleted."""
    target = world.messages.get(message.reply_to_id or 0)
    if target is None:
        return None
    payload = message_to_json(world, target, has_content_intent=has_content_intent)
    return {key: value for key, value in payload.items() if key != "referenced_message"}


def attachment_to_json(attachment: Attachment) -> Json:
    """Return an attachment as JSON; nothing can be downloaded from its URL."""
    url = f"attachment://{attachment.id}/{attachment.filename}"
    return {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": len(attachment.data),
        "url": url,
        "proxy_url": url,
        **({"description": attachment.description} if attachment.description else {}),
    }


def build_message_event(world: World, message: Message, *, has_content_intent: bool) -> Json:
    """Return the data of a message event: the message with guild, member and own nonce."""
    payload = message_to_json(world, message, has_content_intent=has_content_intent)
    guild_id = world.channels[message.channel_id].guild_id
    if message.nonce is not None and message.author_id == world.bot.id:
        payload["nonce"] = message.nonce
    guild = world.guilds.get(guild_id or 0)
    if guild is None:
        # In direct messages both fields have to be missing: null ends the client of discord.py.
        return payload
    payload["guild_id"] = str(guild.id)
    if message.interaction_metadata is None and message.author_id in guild.members:
        payload["member"] = member_to_json(world, guild, message.author_id, with_user=False)
    return payload


def interaction_to_json(world: World, interaction: Interaction) -> Json:
    """Return the data of an INTERACTION_CREATE event.

    discord.py needs `version`, `token`, `attachment_size_limit`, the id of the channel, and either
    `member` or `user`.
    """
    channel = interaction.channel
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": int(interaction.type),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": channel_to_json(channel, world.get_recipients(channel)),
        "app_permissions": str(int(compute_permissions(world, world.bot.id, channel))),
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": _owners_to_json(interaction),
        "attachment_size_limit": MAX_UPLOAD_BYTES,
        "context": int(channel.interaction_context),
    }
    if interaction.message is not None:
        current_message = world.messages.get(interaction.message.id, interaction.message)
        payload["message"] = message_to_json(world, current_message, has_content_intent=True)
    return payload | _build_actor_fields(world, interaction)


def _build_actor_fields(world: World, interaction: Interaction) -> Json:
    channel = interaction.channel
    if channel.guild_id is None:
        return {"user": user_to_json(interaction.user)}
    guild = world.guilds[channel.guild_id]
    member = member_to_json(world, guild, interaction.user.id)
    permissions = compute_permissions(world, interaction.user.id, channel)
    return {
        "guild_id": str(guild.id),
        "guild_locale": "en-US",
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "member": {**member, "permissions": str(int(permissions))},
    }
