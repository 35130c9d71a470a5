"""The guilds, channels and people that a new Discord begins with.

Harbour has a channel of every type, and some that are closed to the bot; Lighthouse has one. The bot is
not in Quay, where only people who have installed it for themselves can use it, nor in the group.
"""

from bot.local_discord.world.clock import make_snowflake
from bot.local_discord.world.constants import CREATED_AT_SECONDS, ChannelType, Permission
from bot.local_discord.world.records import Channel, Guild, Overwrite, Role, User
from bot.local_discord.world.world import World

DEFAULT_GUILD_NAME = "Harbour"
DEFAULT_CHANNEL_NAME = "general"
DEFAULT_PERSON_NAME = "anna"

ONE_MILLISECOND = 1 << 22
"""The ids of the guilds are this far apart, so that neighbours are on different shards."""

EVERYONE_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.CONNECT
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.USE_EXTERNAL_APPS
)
"""The permissions of @everyone in a new guild."""


def add_default_world(world: World) -> None:
    """Fill a world with two guilds and the people in them."""
    anna, bo, cleo, mod = (
        world.add_user(name) for name in (DEFAULT_PERSON_NAME, "bo", "cleo", "mod")
    )
    beep = world.add_user("beep", is_bot=True)
    harbour = add_guild(world, DEFAULT_GUILD_NAME, owner=mod, members=(anna, bo, beep))
    add_guild(world, "Lighthouse", owner=cleo, members=(anna, cleo))
    _add_every_channel_type(world, harbour, opener=anna)
    for guild in world.guilds.values():
        add_channel(world, guild, DEFAULT_CHANNEL_NAME)
    quay = add_guild(world, "Quay", owner=bo, members=(anna,), has_bot=False)
    add_channel(world, quay, "pier")
    add_channel(world, quay, "no-apps", deny=Permission.USE_EXTERNAL_APPS)
    add_group(world, "picnic", members=(anna, bo))


def add_guild(
    world: World,
    name: str,
    *,
    owner: User,
    members: tuple[User, ...] = (),
    has_bot: bool = True,
) -> Guild:
    """Add a guild with a role of moderators that its owner has, and with the bot and its role.

    Discord makes a role with the name of the bot when the bot is added with permissions.
    """
    guild_id = make_snowflake(CREATED_AT_SECONDS) + len(world.guilds) * ONE_MILLISECOND
    moderators = Role(id=world.ids.next(), name="Moderators", permissions=Permission.ADMINISTRATOR)
    everyone = Role(id=guild_id, name="@everyone", permissions=EVERYONE_PERMISSIONS)
    bot_role = Role(id=world.ids.next(), name=world.bot.name, permissions=0, bot_id=world.bot.id)
    ordinary_members: dict[int, tuple[int, ...]] = {user.id: () for user in members}
    guild = Guild(
        id=guild_id,
        name=name,
        owner_id=owner.id,
        roles=(everyone, moderators, *([bot_role] if has_bot else [])),
        members={
            **ordinary_members,
            owner.id: (moderators.id,),
            **({world.bot.id: (bot_role.id,)} if has_bot else {}),
        },
    )
    world.guilds[guild.id] = guild
    return guild


def add_group(world: World, name: str, *, members: tuple[User, ...]) -> Channel:
    """Add a group of people, opened by the first of them."""
    group = Channel(
        id=world.ids.next(),
        type=ChannelType.GROUP_DM,
        name=name,
        owner_id=members[0].id,
        member_ids=tuple(member.id for member in members),
    )
    world.channels[group.id] = group
    return group


def add_channel(  # noqa: PLR0913 - what a channel has
    world: World,
    guild: Guild,
    name: str,
    channel_type: ChannelType = ChannelType.TEXT,
    *,
    parent: Channel | None = None,
    deny: Permission = Permission.NONE,
    owner: User | None = None,
    is_archived: bool = False,
    is_locked: bool = False,
) -> Channel:
    """Add a channel or thread that denies the permissions `deny` to @everyone."""
    channel = Channel(
        id=world.ids.next(),
        type=channel_type,
        name=name,
        guild_id=guild.id,
        parent_id=parent.id if parent else None,
        overwrites=(Overwrite(id=guild.id, deny=deny),) if deny else (),
        owner_id=owner.id if owner else None,
        is_archived=is_archived,
        is_locked=is_locked,
    )
    world.channels[channel.id] = channel
    return channel


def _add_every_channel_type(world: World, guild: Guild, *, opener: User) -> None:
    category = add_channel(world, guild, "Reading", ChannelType.CATEGORY)
    books = add_channel(world, guild, "books", parent=category)
    add_channel(world, guild, "announcements", ChannelType.ANNOUNCEMENT)
    forum = add_channel(world, guild, "questions", ChannelType.FORUM)
    thread_type = ChannelType.PUBLIC_THREAD
    add_channel(world, guild, "a-post", thread_type, parent=forum, owner=opener)
    add_channel(world, guild, "a-thread", thread_type, parent=books, owner=opener)
    add_channel(
        world, guild, "old-thread", thread_type, parent=books, owner=opener, is_archived=True
    )
    add_channel(
        world, guild, "locked-thread", thread_type, parent=books, owner=opener, is_locked=True
    )
    add_channel(world, guild, "lounge", ChannelType.VOICE)
    add_channel(world, guild, "stage", ChannelType.STAGE)
    add_channel(world, guild, "staff", deny=Permission.VIEW_CHANNEL)
    add_channel(world, guild, "read-only", deny=Permission.SEND_MESSAGES)
    add_channel(world, guild, "no-threads", deny=Permission.SEND_MESSAGES_IN_THREADS)
    add_channel(world, guild, "no-history", deny=Permission.READ_MESSAGE_HISTORY)
