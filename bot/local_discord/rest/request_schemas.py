"""The shapes of request bodies, judged by the description of its API that Discord publishes.

Sizes are not judged here: the description gives few, and some wider than they are. jsonschema,
which reads it, is installed with the tests only; without it, or without the description, shapes
are not checked.
"""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.local_discord.rest.limits import NO_CHOICE, REQUIRED, WRONG_TYPE, Problem

PARAMETER = re.compile(r"\{\w+\}")
SNOWFLAKE = {"type": ["string", "integer"], "minimum": 0, "pattern": "^(0|[1-9][0-9]*)$"}
SIZES = ("minLength", "maxLength", "minItems", "maxItems")


class Shapes:
    """The bodies that each route takes.

    Taken as Discord takes them, whatever its description says: snowflakes as integers, and null
    for a field that is left out.
    """

    def __init__(self, openapi: Mapping[str, Any]) -> None:
        self._validators = dict(_validators(openapi))

    def problems(self, method: str, path: str, body: object) -> list[Problem]:
        """What is wrong with a body sent to `path`, which begins after the API's version.

        Nothing, where the description names no JSON body for the route.
        """
        for (route_method, route), validator in self._validators.items():
            if route_method == method.lower() and route.fullmatch(path):
                errors = validator.iter_errors(_without_nulls(body))
                return list(dict.fromkeys(found for error in errors for found in _faults(error)))
        return []


def shapes_at(openapi: Path | None) -> Shapes | None:
    """The shapes that a copy of Discord's openapi.json gives; None without it or jsonschema."""
    if openapi is None or find_spec("jsonschema") is None:
        return None
    return Shapes(json.loads(openapi.read_text(encoding="utf-8")))


def _validators(openapi: Mapping[str, Any]) -> Iterator[tuple[tuple[str, re.Pattern[str]], Any]]:
    """A validator for each method and route with a JSON body; the most literal routes first."""
    jsonschema = importlib.import_module("jsonschema")
    definitions = {**openapi["components"]["schemas"], "SnowflakeType": SNOWFLAKE}
    for route in sorted(openapi["paths"], key=lambda route: route.count("{")):
        for method, operation in openapi["paths"][route].items():
            if schema := _body_schema(operation):
                whole = {"allOf": [schema], "components": {"schemas": definitions}}
                yield (method, _pattern(route)), jsonschema.Draft202012Validator(whole)


def _body_schema(operation: object) -> Any:
    """The schema of an operation's JSON body; None where it takes none."""
    body = operation.get("requestBody", {}) if isinstance(operation, Mapping) else {}
    return body.get("content", {}).get("application/json", {}).get("schema")


def _pattern(route: str) -> re.Pattern[str]:
    """What the paths of a route look like."""
    return re.compile("[^/]+".join(map(re.escape, PARAMETER.split(route))))


def _without_nulls(value: object) -> object:
    """The same without the fields that are null."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _faults(error: Any) -> Iterator[Problem]:
    """The problems that a ValidationError tells of, by Discord's codes where they are known."""
    if error.context:
        yield from _faults_of_kind(error)
    elif error.validator == "required":
        missing = (field for field in error.validator_value if field not in error.instance)
        yield from (REQUIRED.at(*error.absolute_path, field) for field in missing)
    elif error.validator not in SIZES:
        yield _plain(error)


def _plain(error: Any) -> Problem:
    """The problem in the words of jsonschema, where Discord's are not known."""
    code = f"OPENAPI_{error.validator.upper()}"
    return Problem(tuple(error.absolute_path), code, error.message)


def _faults_of_kind(error: Any) -> Iterator[Problem]:
    """What is wrong with an object that may be of several kinds, for the kind that it says it is."""
    kinds: dict[object, list[Any]] = {}
    for cause in error.context:
        kinds.setdefault(cause.schema_path[0], []).append(cause)
    meant = [causes for causes in kinds.values() if not any(map(_is_other_kind, causes))]
    if meant:
        for cause in min(meant, key=len):
            yield from _faults(cause)
    else:
        yield _unknown_kind(error)


def _is_other_kind(cause: Any) -> bool:
    """Whether what was tried is another value, type of value or `type` of object than is there."""
    told = cause.validator in ("const", "enum", "type")
    return told and list(cause.relative_path) in ([], ["type"])


def _unknown_kind(error: Any) -> Problem:
    """What is wrong with a value that is of no kind that is taken in its place."""
    values = [cause.validator_value for cause in error.context if cause.validator == "const"]
    types = [cause.validator_value for cause in error.context if cause.validator == "enum"]
    if values:
        return NO_CHOICE.at(*error.absolute_path, allowed=tuple(values))
    if types:
        allowed = dict.fromkeys(value for values in types for value in values)
        return WRONG_TYPE.at(*error.absolute_path, allowed=tuple(allowed))
    return _plain(error)
