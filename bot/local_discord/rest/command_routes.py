"""The routes of application commands, for all guilds or for one."""

from collections.abc import Mapping

from bot.local_discord.errors import MISSING_ACCESS, ApiError
from bot.local_discord.rest.call import Call
from bot.local_discord.rest.payload_checks import check_commands, check_created_commands
from bot.local_discord.world.constants import CommandType
from bot.local_discord.world.records import Json
from bot.local_discord.world.world import World

DAY_SECONDS = 24 * 60 * 60.0
CommandKey = tuple[int, str]
"""The type and the name of a command; a scope has one command for each."""


def put_commands(call: Call) -> list[Json]:
    """Replace all commands of a scope; those of the same type and name keep their ids."""
    _require_own_application(call)
    check_commands(call.body)
    scope = _get_command_scope(call)
    existing_ids = {
        _get_key(command): command["id"] for command in call.world.commands.get(scope, ())
    }
    created_keys = {_get_key(command) for command in call.body} - existing_ids.keys()
    _count_created_commands(call.world, scope, len(created_keys))
    call.world.commands[scope] = tuple(
        _register_command(call.world, command, existing_ids) for command in call.body
    )
    call.world.changes.notify()
    return list(call.world.commands[scope])


def get_commands(call: Call) -> list[Json]:
    """Return all commands of a scope."""
    _require_own_application(call)
    return list(call.world.commands.get(_get_command_scope(call), ()))


def _require_own_application(call: Call) -> None:
    if call.get_id("application") != call.world.application_id:
        raise ApiError(MISSING_ACCESS)


def _get_command_scope(call: Call) -> int | None:
    """Return the id of the guild that the commands are for; None if they are for all."""
    return call.world.get_guild(call.get_id("guild")).id if "guild" in call.path_params else None


def _count_created_commands(world: World, scope: int | None, count: int) -> None:
    """Count commands that are created now; updated ones do not count.

    Raises:
        ApiError: 30034 if they are too many for a day.
    """
    now = world.clock.now()
    created_at = [
        moment for moment in world.commands_created_at[scope] if now - moment < DAY_SECONDS
    ]
    created_at += [now] * count
    if count:
        check_created_commands(len(created_at), created_at[0] + DAY_SECONDS - now)
    world.commands_created_at[scope] = created_at


def _get_key(command: Json) -> CommandKey:
    return command.get("type", int(CommandType.CHAT_INPUT)), command["name"]


def _register_command(world: World, command: Json, existing_ids: Mapping[CommandKey, str]) -> Json:
    command_type, name = _get_key(command)
    command_id = existing_ids.get((command_type, name)) or str(world.ids.next())
    # discord.py reads the ids, the name and the description of each command in the answer.
    payload = {"description": "", "options": [], **command, "type": command_type, "id": command_id}
    payload |= {"application_id": str(world.application_id), "version": str(world.ids.next())}
    return payload
