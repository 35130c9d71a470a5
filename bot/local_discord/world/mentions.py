"""Whom a message pings: what it mentions, less what its allowed mentions leave out."""

import re
from collections.abc import Iterable, Mapping

from bot.local_discord.world.records import Guild, Json, Pings

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)\b")


def pings_of(  # noqa: PLR0913 - what decides it
    text: str,
    allowed: Json | None,
    *,
    known_users: Iterable[int],
    guild: Guild | None,
    may_ping_all: bool,
    replied_to: int | None,
) -> Pings:
    """Whom `text` notifies.

    A body without `allowed_mentions` allows everything, also the author of the message replied to.
    """
    users = _named(USER, text, "users", allowed) & set(known_users)
    if replied_to is not None and (allowed is None or allowed.get("replied_user", False)):
        users.add(replied_to)
    known = guild.roles if guild else ()
    roles = {each.id for each in known if may_ping_all or each.mentionable}
    roles.discard(guild.id if guild else 0)
    return Pings(
        users=tuple(sorted(users)),
        roles=tuple(sorted(_named(ROLE, text, "roles", allowed) & roles)),
        everyone=may_ping_all and _parses("everyone", allowed) and bool(EVERYONE.search(text)),
    )


def _named(pattern: re.Pattern[str], text: str, kind: str, allowed: Json | None) -> set[int]:
    found = {int(digits) for digits in pattern.findall(text)}
    if allowed is None or _parses(kind, allowed):
        return found
    return found & {int(listed) for listed in allowed.get(kind) or ()}


def _parses(kind: str, allowed: Mapping[str, object] | None) -> bool:
    if allowed is None:
        return True
    parsed = allowed.get("parse") or ()
    return isinstance(parsed, list) and kind in parsed
