"""What Discord's own program sends for what a person typed, pressed or filled in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any, NoReturn

from bot.local_discord import json_objects as wire
from bot.local_discord import message_json as message_wire
from bot.local_discord.world.records import (
    BUTTON,
    TEXT_INPUT,
    Channel,
    Install,
    Json,
    Message,
    Permission,
    Role,
    walk,
)
from bot.local_discord.world.world import World

IN_GUILDS, IN_DIRECT_MESSAGES = 0, 1


class OptionKind(IntEnum):
    """Discord's option types that are known here."""

    SUBCOMMAND = 1
    GROUP = 2
    TEXT = 3
    INTEGER = 4
    BOOLEAN = 5
    CHANNEL = 7
    ROLE = 8
    NUMBER = 10


PYTHON_TYPES: Mapping[OptionKind, type | tuple[type, ...]] = {
    OptionKind.TEXT: str,
    OptionKind.INTEGER: int,
    OptionKind.BOOLEAN: bool,
    OptionKind.CHANNEL: Channel,
    OptionKind.ROLE: Role,
    OptionKind.NUMBER: (int, float),
}


class Impossible(Exception):  # noqa: N818 - said to who drives the person
    """Discord's own program would not let a person do this."""


def deny(complaint: str) -> NoReturn:
    """No value.

    Raises:
        Impossible: Always.
    """
    raise Impossible(complaint)


def command_data(
    command: Json, path: Sequence[str], values: Mapping[str, Any], *, focused: str | None = None
) -> Json:
    """The data of a slash command: `path` leads to a subcommand, `focused` is still being typed.

    Raises:
        Impossible: A value does not fit, or one that is required is missing.
    """
    options = _typed(_at(command, path), values, focused)
    for name in reversed(path):
        kind = OptionKind.SUBCOMMAND if name == path[-1] else OptionKind.GROUP
        options = [{"type": int(kind), "name": name, "options": options}]
    data = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    if resolved := _resolved(values.values()):
        data["resolved"] = resolved
    return data


def menu_data(world: World, command: Json, message: Message) -> Json:
    """The data of a command that was chosen in a message's menu."""
    told = message_wire.message_object(world, message, content_intent=True)
    return {
        "id": command["id"],
        "name": command["name"],
        "type": 3,
        "target_id": str(message.id),
        "resolved": {"messages": {str(message.id): told}},
    }


def modal_data(modal: Json, values: Mapping[str, str]) -> Json:
    """The data of a modal that was filled in; fields not named keep what stood in them.

    Raises:
        Impossible: A value does not fit, or names no field.
    """
    labels = {field["custom_id"]: label for label, field in text_fields(modal)}
    strange = values.keys() - labels.keys() - set(labels.values())
    if strange:
        deny(f"the modal has no field {sorted(strange)}")
    given = {
        custom_id: values.get(custom_id, values.get(label)) for custom_id, label in labels.items()
    }
    components = [_submitted(component, given) for component in modal["components"]]
    return {"custom_id": modal["custom_id"], "components": components}


def button_of(message: Message, wanted: str) -> Json:
    """The button of this label or custom id.

    Raises:
        Impossible: There is none, or it can't be pressed.
    """
    buttons = [part for part in walk(message.components) if part["type"] == BUTTON]
    for button in buttons:
        if wanted in {button.get("custom_id"), button.get("label")}:
            if button.get("disabled") or "custom_id" not in button:
                deny(f"the button {wanted!r} can't be pressed")
            return button
    labels = [button.get("label") for button in buttons]
    deny(f"there is no button {wanted!r} among {labels}")


def text_fields(modal: Json) -> Iterator[tuple[str, Json]]:
    """Each text field of a modal with its label, which may stand around it."""
    label = ""
    for part in walk(modal["components"]):
        label = part.get("label") or label
        if part["type"] == TEXT_INPUT:
            yield label, part


def demand_context(command: Json, channel: Channel) -> None:
    """Nothing, where the command is offered in such a channel.

    Raises:
        Impossible: It is not.
    """
    place = IN_DIRECT_MESSAGES if channel.guild_id is None else IN_GUILDS
    contexts = command.get("contexts")
    allowed = (IN_GUILDS, IN_DIRECT_MESSAGES) if contexts is None else contexts
    is_barred = place == IN_DIRECT_MESSAGES and command.get("dm_permission") is False
    if place not in allowed or is_barred:
        deny(f"/{command['name']} is not offered here")


def owners_of(command: Json, owners: Mapping[Install, str]) -> dict[Install, str]:
    """Those `owners` of the application by whom the command is there.

    Raises:
        Impossible: It is there by none of them.
    """
    kinds = command.get("integration_types") or (Install.GUILD,)
    found = {install: owner for install, owner in owners.items() if install in kinds}
    return found or deny(f"/{command['name']} is not installed here")


def demand_allowed(command: Json, channel: Channel, held: Permission) -> None:
    """Nothing, where Discord shows the command to one who may do what `held` says.

    Raises:
        Impossible: It is hidden from them.
    """
    needed = command.get("default_member_permissions")
    if channel.guild_id is None or needed is None or Permission.ADMINISTRATOR in held:
        return
    if int(needed) == 0 or int(held) & int(needed) != int(needed):
        deny(f"/{command['name']} is hidden from them")


def _at(command: Json, path: Sequence[str]) -> list[Json]:
    """The options of the subcommand that `path` leads to."""
    options: list[Json] = command.get("options") or []
    for name in path:
        found = next((option for option in options if option["name"] == name), None)
        if found is None:
            deny(f"/{command['name']} has no {name!r}")
        options = found.get("options") or []
    return options


def _resolved(values: Iterable[Any]) -> Json:
    """The channels and roles among the values, each by its id."""
    told: Json = {}
    for value in values:
        if isinstance(value, Channel):
            channel = {**wire.channel_object(value), "permissions": "0"}
            told.setdefault("channels", {})[str(value.id)] = channel
        elif isinstance(value, Role):
            told.setdefault("roles", {})[str(value.id)] = wire.role_object(value, 0)
    return told


def _typed(options: list[Json], values: Mapping[str, Any], focused: str | None) -> list[Json]:
    known = {option["name"]: option for option in options}
    if strange := values.keys() - known.keys():
        deny(f"there is no option {sorted(strange)}")
    missing = [o["name"] for o in options if o.get("required") and o["name"] not in values]
    if missing and focused is None:
        deny(f"{missing} must be given")
    return [_option(known[name], value, focused) for name, value in values.items()]


def _option(option: Json, value: Any, focused: str | None) -> Json:
    kind = OptionKind(option["type"])
    name = option["name"]
    told = {"name": name, "type": int(kind)}
    if name == focused:
        if not option.get("autocomplete"):
            deny(f"{name} offers nothing")
        return {**told, "value": value, "focused": True}
    if not isinstance(value, PYTHON_TYPES[kind]):
        deny(f"{name} takes no {value!r}")
    _demand_fit(option, value)
    if isinstance(value, Channel) and value.kind not in option.get("channel_types", [value.kind]):
        deny(f"{name} takes no such channel")
    return {**told, "value": str(value.id) if isinstance(value, Channel | Role) else value}


def _demand_fit(option: Json, value: Any) -> None:
    """Nothing, where the value keeps to the option's choices and bounds."""
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        deny(f"{option['name']} is one of {choices}")
    size = len(value) if isinstance(value, str) else value
    unit = "length" if isinstance(value, str) else "value"
    least, most = option.get(f"min_{unit}"), option.get(f"max_{unit}")
    if (least is not None and size < least) or (most is not None and size > most):
        deny(f"{option['name']} must be from {least} to {most}")


def _submitted(component: Json, given: Mapping[str, str | None]) -> Json:
    """A component of a modal as it is sent back."""
    told: Json = {"type": component["type"], "id": component["id"]}
    if component["type"] == TEXT_INPUT:
        value = given[component["custom_id"]]
        text = value if value is not None else component.get("value") or ""
        _demand_text(component, text)
        return {**told, "custom_id": component["custom_id"], "value": text}
    if "component" in component:
        told["component"] = _submitted(component["component"], given)
    if "components" in component:
        told["components"] = [_submitted(child, given) for child in component["components"]]
    return told


def _demand_text(field: Json, text: str) -> None:
    least = field.get("min_length") or (1 if field.get("required", True) else 0)
    most = field.get("max_length") or 4000
    is_left_out = not text and not field.get("required", True)
    if not is_left_out and not least <= len(text) <= most:
        deny(f"{field['custom_id']} must be {least} to {most} characters long")
