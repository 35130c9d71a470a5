"""Checks of request bodies against the OpenAPI description that Discord publishes.

Sizes are not checked here: the description gives few of them, and some are too wide. jsonschema is
installed with the tests only; without it, or without the description, nothing is checked.
"""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.local_discord.rest.error_templates import INVALID_CHOICE, INVALID_TYPE, REQUIRED, Problem
from bot.local_discord.rest.route_patterns import compile_route

SNOWFLAKE = {"type": ["string", "integer"], "minimum": 0, "pattern": "^(0|[1-9][0-9]*)$"}
SIZE_KEYWORDS = ("minLength", "maxLength", "minItems", "maxItems")


class RequestSchemas:
    """The schema of the body that each route takes.

    Unlike the description, and like Discord itself, it takes integers for snowflakes, and null for
    a missing field. Without both, every reply that discord.py sends would be refused.
    """

    def __init__(self, openapi: Mapping[str, Any]) -> None:
        self._validators = dict(_build_validators(openapi))

    def find_problems(self, method: str, path: str, body: object) -> list[Problem]:
        """Return the problems of a body sent to `path`, the path after the API's version.

        A route without a JSON body in the description has none.
        """
        for (route_method, pattern), validator in self._validators.items():
            if route_method == method.lower() and pattern.fullmatch(path):
                errors = validator.iter_errors(_remove_nulls(body))
                return list(
                    dict.fromkeys(
                        problem for error in errors for problem in _error_to_problems(error)
                    )
                )
        return []


def load_request_schemas(openapi: Path | None) -> RequestSchemas | None:
    """Load a copy of Discord's openapi.json; return None without it or jsonschema."""
    if openapi is None or find_spec("jsonschema") is None:
        return None
    return RequestSchemas(json.loads(openapi.read_text(encoding="utf-8")))


def _build_validators(
    openapi: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, re.Pattern[str]], Any]]:
    """Yield a validator for each method and route with a JSON body, the most literal routes first."""
    jsonschema = importlib.import_module("jsonschema")
    definitions = {**openapi["components"]["schemas"], "SnowflakeType": SNOWFLAKE}
    for route in sorted(openapi["paths"], key=lambda route: route.count("{")):
        for method, operation in openapi["paths"][route].items():
            if schema := _get_body_schema(operation):
                full_schema = {"allOf": [schema], "components": {"schemas": definitions}}
                yield (method, compile_route(route)), jsonschema.Draft202012Validator(full_schema)


def _get_body_schema(operation: object) -> Any:
    """Return the schema of an operation's JSON body; None if it takes none."""
    body = operation.get("requestBody", {}) if isinstance(operation, Mapping) else {}
    return body.get("content", {}).get("application/json", {}).get("schema")


def _remove_nulls(value: object) -> object:
    """Return the value without the fields that are null."""
    if isinstance(value, Mapping):
        return {key: _remove_nulls(item) for key, item in value.items() if item is not None}
    return [_remove_nulls(item) for item in value] if isinstance(value, list) else value


def _error_to_problems(error: Any) -> Iterator[Problem]:
    """Yield the problems of a ValidationError, by Discord's codes if they are known."""
    if error.context:
        yield from _union_error_to_problems(error)
    elif error.validator == "required":
        missing = (field for field in error.validator_value if field not in error.instance)
        yield from (REQUIRED.build_problem(*error.absolute_path, field) for field in missing)
    elif error.validator not in SIZE_KEYWORDS:
        yield _build_plain_problem(error)


def _build_plain_problem(error: Any) -> Problem:
    """Build a problem in the words of jsonschema, because those of Discord are not known."""
    code = f"OPENAPI_{error.validator.upper()}"
    return Problem(tuple(error.absolute_path), code, error.message)


def _union_error_to_problems(error: Any) -> Iterator[Problem]:
    """Yield the problems of an object of several possible types, for the type it says it is."""
    causes_by_branch: dict[object, list[Any]] = {}
    for cause in error.context:
        causes_by_branch.setdefault(cause.schema_path[0], []).append(cause)
    matching_branches = [
        causes for causes in causes_by_branch.values() if not any(map(_is_type_mismatch, causes))
    ]
    if matching_branches:
        for cause in min(matching_branches, key=len):
            yield from _error_to_problems(cause)
    else:
        yield _build_unknown_type_problem(error)


def _is_type_mismatch(cause: Any) -> bool:
    """Return whether a branch failed for the value, its JSON type or its `type` field."""
    is_type_check = cause.validator in ("const", "enum", "type")
    return is_type_check and list(cause.relative_path) in ([], ["type"])


def _build_unknown_type_problem(error: Any) -> Problem:
    """Build the problem of a value that is of none of the possible types."""
    values = [cause.validator_value for cause in error.context if cause.validator == "const"]
    types = [cause.validator_value for cause in error.context if cause.validator == "enum"]
    if values:
        return INVALID_CHOICE.build_problem(*error.absolute_path, allowed=tuple(values))
    if types:
        allowed = dict.fromkeys(value for values in types for value in values)
        return INVALID_TYPE.build_problem(*error.absolute_path, allowed=tuple(allowed))
    return _build_plain_problem(error)
