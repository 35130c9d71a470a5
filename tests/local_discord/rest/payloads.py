"""Payloads that Discord accepts, for tests to break in one place, and the problems found in them."""

from typing import Any

from bot.local_discord.rest.error_templates import Problem
from bot.local_discord.rest.payload_problems import (
    find_autocomplete_problems,
    find_message_problems,
    find_modal_problems,
)
from bot.local_discord.world.constants import MessageFlag

Json = dict[str, Any]
Path = tuple[str | int, ...]

TEXT: Json = {"type": 10, "content": "x"}
THUMBNAIL: Json = {"type": 11, "media": {"url": "https://example.org/x.png"}}
INPUT: Json = {"type": 4, "custom_id": "why", "style": 1}
BAD_LENGTH = "BASE_TYPE_BAD_LENGTH"
URL = "attachment://chart.png"


def text(length: int) -> str:
    return "x" * length


def button(number: int = 0) -> Json:
    return {"type": 2, "style": 1, "custom_id": f"button {number}", "label": "More"}


def link(url: str) -> Json:
    return {"type": 2, "style": 5, "url": url}


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


def select(**fields: object) -> Json:
    return {"type": 3, "custom_id": "source", "options": [option()], **fields}


def option(number: int = 0) -> Json:
    return {"label": f"source {number}", "value": f"source {number}"}


def label(number: int = 0, **fields: object) -> Json:
    component = {**INPUT, "custom_id": f"input {number}"}
    return {"type": 18, "label": "Why?", "component": component, **fields}


def command(**fields: object) -> Json:
    return {"name": "ask", "description": "Asks.", **fields}


def argument(**fields: object) -> Json:
    return {"type": 3, "name": "question", "description": "What to ask.", **fields}


def build_command_of_length(length: int) -> Json:
    """Return a command with `length` characters in its names, descriptions and values together."""
    left = length - len("ask") - len("x") - 2 * len("ox")
    sizes = [min(200, left - start) for start in range(0, left, 200)]
    choices = [{"name": text(min(100, n)), "value": text(n - min(100, n))} for n in sizes]
    arguments = [
        {"type": 3, "name": "o", "description": "x", "choices": part}
        for part in (choices[:25], choices[25:])
    ]
    return command(description="x", options=arguments)


def find_problems_in_components(*components: Json) -> list[Problem]:
    return find_message_problems(
        {"flags": MessageFlag.COMPONENTS_V2, "components": list(components)}
    )


def find_problems_in_message(**fields: object) -> list[Problem]:
    return find_message_problems({"content": "x", **fields})


def find_problems_in_embed(**fields: object) -> list[Problem]:
    return find_message_problems({"embeds": [fields]})


def find_problems_in_modal(**fields: object) -> list[Problem]:
    return find_modal_problems(
        {"custom_id": "follow up", "title": "Follow up", "components": [label()], **fields}
    )


def find_problems_in_choice(**fields: object) -> list[Problem]:
    return find_autocomplete_problems({"choices": [{"name": "x", "value": "x", **fields}]})


def get_codes(path: Path, problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems if problem.path == path]


def get_errors(path: Path, body: Json) -> list[Json]:
    node = body["errors"]
    for key in path:
        node = node[str(key)]
    errors: list[Json] = node["_errors"]
    return errors
