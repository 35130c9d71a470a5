"""Messages and interactions as Discord writes them into JSON."""

from bot.local_discord.json_objects import channel_object, instant, member_object, user_object
from bot.local_discord.world.interaction import Interaction, InteractionKind
from bot.local_discord.world.permissions import permissions_of
from bot.local_discord.world.records import Attachment, Cause, Json, Message, MessageKind
from bot.local_discord.world.world import World

UPLOAD_BYTES = 10 * 1024 * 1024


def message_object(world: World, message: Message, *, content_intent: bool) -> Json:
    """A message as the bot may read it: blank where only the content intent shows more."""
    readable = content_intent or is_readable(world, message)
    told = _without_content(world, message)
    told |= {
        "content": message.content if readable else "",
        "embeds": list(message.embeds) if readable else [],
        "components": list(message.components) if readable else [],
        "attachments": [attachment_object(a) for a in message.attachments] if readable else [],
    }
    if message.reply_to is not None:
        told["message_reference"] = _reference(world, message)
        told["referenced_message"] = _referenced(world, message, content_intent=content_intent)
    return told


def is_readable(world: World, message: Message) -> bool:
    """Whether the bot reads the message without the content intent."""
    is_direct = world.channels[message.channel_id].guild_id is None
    return is_direct or message.author_id == world.bot.id or world.bot.id in message.pings.users


def _without_content(world: World, message: Message) -> Json:
    channel = world.channels[message.channel_id]
    users = [user_object(world.users[user_id]) for user_id in message.pings.users]
    told: Json = {
        "id": str(message.id),
        "type": int(message.kind),
        "channel_id": str(message.channel_id),
        "author": user_object(world.users[message.author_id]),
        "timestamp": instant(message.sent_at),
        "edited_timestamp": None if message.edited_at is None else instant(message.edited_at),
        "flags": int(message.flags),
        "tts": False,
        "pinned": False,
        "mentions": users,
        "mention_roles": [str(role_id) for role_id in message.pings.roles],
        "mention_everyone": message.pings.everyone,
    }
    if message.cause is not None:
        told |= _caused(world, message.cause)
    if channel.is_thread:
        told["position"] = 0
    return told


def _caused(world: World, cause: Cause) -> Json:
    """What marks a message as an interaction's: the application is its webhook."""
    note = {
        "id": str(cause.id),
        "type": cause.kind,
        "user": user_object(world.users[cause.user_id]),
        "authorizing_integration_owners": _owners(cause),
    }
    name = {} if cause.name is None else {"name": cause.name}
    application = str(world.application_id)
    return {
        "application_id": application,
        "webhook_id": application,
        "interaction_metadata": {**note, **name},
    }


def _owners(caused: Cause | Interaction) -> Json:
    return {str(int(install)): owner_id for install, owner_id in caused.owners.items()}


def _reference(world: World, message: Message) -> Json:
    guild_id = world.channels[message.channel_id].guild_id
    place = {} if guild_id is None else {"guild_id": str(guild_id)}
    ids = {"message_id": str(message.reply_to), "channel_id": str(message.channel_id)}
    return {"type": 0, **ids, **place}


def _referenced(world: World, message: Message, *, content_intent: bool) -> Json | None:
    """The message replied to, without what that one replies to; None once it is deleted."""
    target = world.messages.get(message.reply_to or 0)
    if target is None:
        return None
    told = message_object(world, target, content_intent=content_intent)
    return {key: value for key, value in told.items() if key != "referenced_message"}


def attachment_object(attachment: Attachment) -> Json:
    """A file of a message; the address is only a name."""
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


def message_event(world: World, message: Message, *, content_intent: bool) -> Json:
    """A message as the gateway tells it: with its guild and member, and the bot's own nonce."""
    told = message_object(world, message, content_intent=content_intent)
    guild_id = world.channels[message.channel_id].guild_id
    if message.nonce is not None and message.author_id == world.bot.id:
        told["nonce"] = message.nonce
    guild = world.guilds.get(guild_id or 0)
    if guild is None:
        return told
    told["guild_id"] = str(guild.id)
    if message.cause is None and message.author_id in guild.members:
        told["member"] = member_object(world, guild, message.author_id, with_user=False)
    return told


def interaction_object(world: World, interaction: Interaction) -> Json:
    """An interaction as the gateway tells it."""
    channel = interaction.channel
    user = interaction.user
    told: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": channel_object(channel, user),
        "app_permissions": str(int(permissions_of(world, world.bot.id, channel))),
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": _owners(interaction),
        "attachment_size_limit": UPLOAD_BYTES,
        "context": 0 if channel.guild_id is not None else 1,
    }
    if interaction.message is not None:
        now = world.messages.get(interaction.message.id, interaction.message)
        told["message"] = message_object(world, now, content_intent=True)
    return told | _actor(world, interaction)


def _actor(world: World, interaction: Interaction) -> Json:
    channel = interaction.channel
    if channel.guild_id is None:
        return {"user": user_object(interaction.user)}
    guild = world.guilds[channel.guild_id]
    member = member_object(world, guild, interaction.user.id)
    permissions = permissions_of(world, interaction.user.id, channel)
    return {
        "guild_id": str(guild.id),
        "guild_locale": "en-US",
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "member": {**member, "permissions": str(int(permissions))},
    }


def kind_after(interaction: Interaction) -> MessageKind:
    """What kind of message answers an interaction."""
    if interaction.kind is not InteractionKind.COMMAND:
        return MessageKind.REPLY if interaction.message else MessageKind.DEFAULT
    is_slash = interaction.data.get("type", 1) == 1
    return MessageKind.SLASH_COMMAND if is_slash else MessageKind.CONTEXT_MENU
