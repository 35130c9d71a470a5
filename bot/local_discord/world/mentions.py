"""Whom a message pings: those it mentions, as far as its allowed mentions let it."""

import re
from collections.abc import Iterable, Mapping

from bot.local_discord.world.records import Guild, Json, Pings

USER_MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")
EVERYONE_MENTION = re.compile(r"@(everyone|here)\b")


def resolve_pings(  # noqa: PLR0913 - what decides it
    text: str,
    allowed_mentions: Json | None,
    *,
    known_users: Iterable[int],
    guild: Guild | None,
    can_mention_everyone: bool,
    replied_to: int | None,
) -> Pings:
    """Return whom `text` notifies.

    Without `allowed_mentions`, everyone mentioned and the author replied to are notified: the
    default of Discord is to ping.
    """
    users = _find_mentioned_ids(USER_MENTION, text, "users", allowed_mentions) & set(known_users)
    if replied_to is not None and (
        allowed_mentions is None or allowed_mentions.get("replied_user", False)
    ):
        users.add(replied_to)
    guild_roles = guild.roles if guild else ()
    roles = {role.id for role in guild_roles if can_mention_everyone or role.is_mentionable}
    roles.discard(guild.id if guild else 0)  # @everyone is not mentioned as a role
    return Pings(
        users=tuple(sorted(users)),
        roles=tuple(
            sorted(_find_mentioned_ids(ROLE_MENTION, text, "roles", allowed_mentions) & roles)
        ),
        includes_everyone=can_mention_everyone
        and _allows_parsing("everyone", allowed_mentions)
        and bool(EVERYONE_MENTION.search(text)),
    )


def _find_mentioned_ids(
    pattern: re.Pattern[str], text: str, mention_type: str, allowed_mentions: Json | None
) -> set[int]:
    ids = {int(digits) for digits in pattern.findall(text)}
    if allowed_mentions is None or _allows_parsing(mention_type, allowed_mentions):
        return ids
    return ids & {int(listed_id) for listed_id in allowed_mentions.get(mention_type) or ()}


def _allows_parsing(mention_type: str, allowed_mentions: Mapping[str, object] | None) -> bool:
    if allowed_mentions is None:
        return True
    parsed_types = allowed_mentions.get("parse") or ()
    return isinstance(parsed_types, list) and mention_type in parsed_types
