"""The payloads that Discord's client sends for a person, and the checks that it makes first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from bot.local_discord.world.constants import (
    CommandType,
    ComponentType,
    IntegrationType,
    InteractionContext,
    OptionType,
    Permission,
)
from bot.local_discord.world.json_objects import channel_to_json, role_to_json
from bot.local_discord.world.message_json import message_to_json
from bot.local_discord.world.records import Channel, Json, Message, Role, walk_components
from bot.local_discord.world.world import World

MAX_TEXT_INPUT_CHARS = 4000

PYTHON_TYPE_BY_OPTION_TYPE: Mapping[OptionType, type | tuple[type, ...]] = {
    OptionType.STRING: str,
    OptionType.INTEGER: int,
    OptionType.BOOLEAN: bool,
    OptionType.CHANNEL: Channel,
    OptionType.ROLE: Role,
    OptionType.NUMBER: (int, float),
}
SUBCOMMAND_TYPES = frozenset({OptionType.SUBCOMMAND, OptionType.SUBCOMMAND_GROUP})

PLACE_BY_CONTEXT: Mapping[InteractionContext, str] = {
    InteractionContext.GUILD: "servers",
    InteractionContext.BOT_DM: "direct messages",
    InteractionContext.PRIVATE_CHANNEL: "group messages",
}


class ImpossibleAction(Exception):  # noqa: N818 - named for the fact
    """Discord's client would not let the person do this; the message says why and what to do."""


def reject(reason: str) -> NoReturn:
    """Raise ImpossibleAction.

    Raises:
        ImpossibleAction: Always.
    """
    raise ImpossibleAction(reason)


def build_command_data(
    command: Json,
    subcommand_path: Sequence[str],
    values: Mapping[str, Any],
    *,
    focused: str | None = None,
) -> Json:
    """Build the data of a slash command, or of one whose option `focused` is still being typed.

    Raises:
        ImpossibleAction: A value does not fit, or one that is required is missing.
    """
    options = _build_options(_find_subcommand_options(command, subcommand_path), values, focused)
    data = {
        "id": command["id"],
        "name": command["name"],
        "type": int(CommandType.CHAT_INPUT),
        "options": _nest_options(options, subcommand_path),
    }
    if resolved := _build_resolved(values.values()):
        data["resolved"] = resolved
    return data


def build_context_menu_data(world: World, command: Json, message: Message) -> Json:
    """Build the data of a command that was chosen in the menu of a message."""
    payload = message_to_json(world, message, has_content_intent=True)
    return {
        "id": command["id"],
        "name": command["name"],
        "type": int(CommandType.MESSAGE),
        "target_id": str(message.id),
        "resolved": {"messages": {str(message.id): payload}},
    }


def build_modal_data(modal: Json, values: Mapping[str, str]) -> Json:
    """Build the data of a filled-in modal; fields without a value keep their text.

    Raises:
        ImpossibleAction: A value does not fit, or names no field.
    """
    labels = {field["custom_id"]: label for label, field in find_text_inputs(modal)}
    unknown = values.keys() - labels.keys() - set(labels.values())
    if unknown:
        reject(f"the form has no field {_quote_names(sorted(unknown))}.")
    values_by_id = {
        custom_id: values.get(custom_id, values.get(label)) for custom_id, label in labels.items()
    }
    components = [
        _build_submitted_component(component, values_by_id) for component in modal["components"]
    ]
    return {"custom_id": modal["custom_id"], "components": components}


def find_button(message: Message, label_or_id: str) -> Json:
    """Return the button with a label or custom id.

    Raises:
        ImpossibleAction: There is none, or it can't be pressed.
    """
    buttons = [
        component
        for component in walk_components(message.components)
        if component["type"] == ComponentType.BUTTON
    ]
    for button in buttons:
        if label_or_id in {button.get("custom_id"), button.get("label")}:
            if button.get("disabled") or "custom_id" not in button:
                reject(f"the button “{label_or_id}” can't be pressed.")
            return button
    labels = _quote_names(str(button.get("label")) for button in buttons)
    reject(f"there is no button “{label_or_id}”. The buttons are: {labels or 'none'}.")


def find_text_inputs(modal: Json) -> Iterator[tuple[str, Json]]:
    """Yield each text input of a modal with its label, or that of the component around it."""
    label = ""
    for component in walk_components(modal["components"]):
        label = component.get("label") or label
        if component["type"] == ComponentType.TEXT_INPUT:
            yield label, component


def require_context(command: Json, channel: Channel) -> None:
    """Check that the command is offered in channels of this kind.

    Raises:
        ImpossibleAction: It is not.
    """
    context = channel.interaction_context
    contexts = command.get("contexts")
    allowed = tuple(InteractionContext) if contexts is None else contexts
    # The older field `dm_permission` still counts beside `contexts`.
    is_barred = context is InteractionContext.BOT_DM and command.get("dm_permission") is False
    if context not in allowed or is_barred:
        reject(f"/{command['name']} is not offered in {PLACE_BY_CONTEXT[context]}.")


def filter_owners(
    command: Json, owners: Mapping[IntegrationType, str]
) -> dict[IntegrationType, str]:
    """Return the guild and the user that installed the app in a way that includes the command.

    Raises:
        ImpossibleAction: Neither did.
    """
    integration_types = command.get("integration_types") or (IntegrationType.GUILD_INSTALL,)
    matching_owners = {
        integration_type: owner
        for integration_type, owner in owners.items()
        if integration_type in integration_types
    }
    return matching_owners or reject(
        f"/{command['name']} is not installed here, neither by the server nor by this person."
    )


def require_member_permissions(command: Json, channel: Channel, permissions: Permission) -> None:
    """Check that the command is shown to a member with these permissions.

    Raises:
        ImpossibleAction: It is hidden from them.
    """
    needed = command.get("default_member_permissions")
    if channel.guild_id is None or needed is None or Permission.ADMINISTRATOR in permissions:
        return
    if int(needed) == 0 or int(permissions) & int(needed) != int(needed):
        reject(
            f"/{command['name']} is hidden from this person, who lacks the required permissions."
        )


def _find_subcommand_options(command: Json, subcommand_path: Sequence[str]) -> list[Json]:
    """Return the options of the command or of its subcommand at `subcommand_path`."""
    options: list[Json] = command.get("options") or []
    for name in subcommand_path:
        subcommand = next((option for option in options if option["name"] == name), None)
        if subcommand is None:
            reject(f"/{command['name']} has no subcommand “{name}”.")
        options = subcommand.get("options") or []
    if any(option["type"] in SUBCOMMAND_TYPES for option in options):
        full_name = " ".join([command["name"], *subcommand_path])
        reject(f"/{full_name} needs a subcommand.")
    return options


def _nest_options(options: list[Json], subcommand_path: Sequence[str]) -> list[Json]:
    """Put the options into their subcommand, and that into its group."""
    for name in reversed(subcommand_path):
        is_innermost = name == subcommand_path[-1]
        option_type = OptionType.SUBCOMMAND if is_innermost else OptionType.SUBCOMMAND_GROUP
        options = [{"type": int(option_type), "name": name, "options": options}]
    return options


def _build_resolved(values: Iterable[Any]) -> Json:
    """Return the channels and roles among the values, each by its id."""
    resolved: Json = {}
    for value in values:
        if isinstance(value, Channel):
            channel = {**channel_to_json(value), "permissions": "0"}
            resolved.setdefault("channels", {})[str(value.id)] = channel
        elif isinstance(value, Role):
            resolved.setdefault("roles", {})[str(value.id)] = role_to_json(value, 0)
    return resolved


def _build_options(
    options: list[Json], values: Mapping[str, Any], focused: str | None
) -> list[Json]:
    options_by_name = {option["name"]: option for option in options}
    if unknown := values.keys() - options_by_name.keys():
        reject(f"there is no option {_quote_names(sorted(unknown))}.")
    missing = [
        option["name"]
        for option in options
        if option.get("required") and option["name"] not in values
    ]
    if missing and focused is None:
        reject(f"a required option is missing: {_quote_names(missing)}.")
    return [_build_option(options_by_name[name], value, focused) for name, value in values.items()]


def _build_option(option: Json, value: Any, focused: str | None) -> Json:
    payload = {"name": option["name"], "type": int(option["type"])}
    if option["name"] == focused:
        if not option.get("autocomplete"):
            reject(f"the option “{focused}” has no suggestions.")
        return {**payload, "value": value, "focused": True}
    _require_value_type(option, value)
    _require_valid_value(option, value)
    return {**payload, "value": str(value.id) if isinstance(value, Channel | Role) else value}


def _require_value_type(option: Json, value: Any) -> None:
    """Check that the option takes values, or channels, of this type."""
    if not isinstance(value, PYTHON_TYPE_BY_OPTION_TYPE[OptionType(option["type"])]):
        reject(f"the option “{option['name']}” can't be {value!r}.")
    if isinstance(value, Channel) and value.type not in option.get("channel_types", [value.type]):
        reject(f"the option “{option['name']}” does not take this type of channel.")


def _require_valid_value(option: Json, value: Any) -> None:
    """Check that the value is among the choices and within the bounds of the option."""
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        allowed = ", ".join(map(str, choices))
        reject(f"the option “{option['name']}” has to be one of these: {allowed}.")
    size = len(value) if isinstance(value, str) else value
    unit = "length" if isinstance(value, str) else "value"
    minimum, maximum = option.get(f"min_{unit}"), option.get(f"max_{unit}")
    if (minimum is not None and size < minimum) or (maximum is not None and size > maximum):
        kind = "the length of " if isinstance(value, str) else ""
        reject(f"{kind}“{option['name']}” has to be from {minimum} to {maximum}.")


def _build_submitted_component(component: Json, values_by_id: Mapping[str, str | None]) -> Json:
    """Return a component of a modal as the client sends it back."""
    payload: Json = {"type": component["type"], "id": component["id"]}
    if component["type"] == ComponentType.TEXT_INPUT:
        value = values_by_id[component["custom_id"]]
        text = value if value is not None else component.get("value") or ""
        _require_text_length(component, text)
        return {**payload, "custom_id": component["custom_id"], "value": text}
    if "component" in component:
        payload["component"] = _build_submitted_component(component["component"], values_by_id)
    if "components" in component:
        payload["components"] = [
            _build_submitted_component(child, values_by_id) for child in component["components"]
        ]
    return payload


def _require_text_length(field: Json, text: str) -> None:
    min_length = field.get("min_length") or (1 if field.get("required", True) else 0)
    max_length = field.get("max_length") or MAX_TEXT_INPUT_CHARS
    is_omitted = not text and not field.get("required", True)
    if not is_omitted and not min_length <= len(text) <= max_length:
        reject(f"“{field['custom_id']}” has to be {min_length} to {max_length} characters long.")


def _quote_names(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
