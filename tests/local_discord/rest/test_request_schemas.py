import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.local_discord.rest.error_templates import Problem
from bot.local_discord.rest.request_schemas import RequestSchemas, load_request_schemas

Json = dict[str, Any]

MESSAGES = "/channels/1/messages"
CALLBACK = "/interactions/1/abc.def/callback"
REQUIRED = "This field is required"


def reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def operation(schema: Json) -> Json:
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def animal(animal_type: int, *required: str) -> Json:
    return {
        "type": "object",
        "properties": {
            "type": {"type": "integer", "enum": [animal_type]},
            "name": {"type": "string"},
        },
        "required": ["type", *required],
    }


OPENAPI: Json = {
    "components": {
        "schemas": {
            "SnowflakeType": {"type": "string"},
            "Cat": animal(1, "name", "lives"),
            "Dog": animal(2, "name"),
            "Size": {"type": "integer", "oneOf": [{"const": 10}, {"const": 20}]},
            "Letter": {
                "type": "object",
                "properties": {
                    "to": reference("SnowflakeType"),
                    "text": {"type": "string", "minLength": 1, "maxLength": 2},
                    "size": reference("Size"),
                    "pets": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 2,
                        "items": {"oneOf": [reference("Cat"), reference("Dog")]},
                    },
                    "sender": {
                        "anyOf": [
                            {"type": "object", "required": ["name", "born"]},
                            {"type": "object", "required": ["name"]},
                        ]
                    },
                },
                "required": ["to"],
            },
        }
    },
    "paths": {
        "/letters/{letter_id}": {
            "parameters": [{"name": "letter_id"}],
            "get": {},
            "patch": operation({"type": "array"}),
        },
        "/letters/@mine": {"patch": operation(reference("Letter"))},
    },
}


def find_problems(letter: object) -> list[Problem]:
    return RequestSchemas(OPENAPI).find_problems("PATCH", "/letters/@mine", letter)


def test_a_body_of_the_right_shape_is_taken() -> None:
    pets = [{"type": 1, "name": "Tom", "lives": 9}, {"type": 2, "name": "Rex"}]

    assert find_problems({"to": "1", "text": "x", "size": 20, "pets": pets}) == []


def test_a_field_of_the_wrong_type_is_named() -> None:
    problems = find_problems({"to": "1", "text": 5})

    assert problems == [Problem(("text",), "OPENAPI_TYPE", "5 is not of type 'string'")]


def test_a_missing_field_is_named() -> None:
    problems = find_problems({})

    assert problems == [Problem(("to",), "BASE_TYPE_REQUIRED", REQUIRED)]


def test_each_missing_field_is_named_once_for_the_kind_that_the_object_says_it_is() -> None:
    problems = find_problems({"to": "1", "pets": [{"type": 2, "name": "Rex"}, {"type": 1}]})

    assert problems == [
        Problem(("pets", 1, "name"), "BASE_TYPE_REQUIRED", REQUIRED),
        Problem(("pets", 1, "lives"), "BASE_TYPE_REQUIRED", REQUIRED),
    ]


def test_without_a_type_the_kind_that_it_comes_nearest_to_is_meant() -> None:
    problems = find_problems({"to": "1", "sender": {}})

    assert problems == [Problem(("sender", "name"), "BASE_TYPE_REQUIRED", REQUIRED)]


def test_an_object_of_an_unknown_kind_is_told_which_there_are() -> None:
    problems = find_problems({"to": "1", "pets": [{"type": 3, "name": "Flipper"}]})

    assert problems == [
        Problem(
            ("pets", 0),
            "UNION_TYPE_CHOICES",
            'Value of field "type" must be one of (1, 2).',
        )
    ]


def test_a_value_that_is_no_choice_is_told_which_there_are() -> None:
    problems = find_problems({"to": "1", "size": 30})

    assert problems == [Problem(("size",), "BASE_TYPE_CHOICES", "Value must be one of (10, 20).")]


def test_what_can_be_no_object_at_all_is_refused() -> None:
    problems = find_problems({"to": "1", "sender": "x"})

    assert [(problem.path, problem.code) for problem in problems] == [
        (("sender",), "OPENAPI_ANYOF")
    ]


@pytest.mark.parametrize("size", [0, 3])
def test_sizes_are_left_to_the_limits(size: int) -> None:
    pets = [{"type": 2, "name": "Rex"}] * size

    assert find_problems({"to": "1", "text": "x" * size, "pets": pets}) == []


def test_a_snowflake_may_be_an_integer() -> None:
    assert find_problems({"to": 1234567890123456789}) == []
    assert find_problems({"to": -1}) != []
    assert find_problems({"to": "x"}) != []


def test_null_is_taken_for_a_field_left_out() -> None:
    pets = [{"type": 2, "name": "Rex", "lives": None}]

    assert find_problems({"to": "1", "text": None, "pets": pets}) == []
    assert find_problems({"to": None}) == [Problem(("to",), "BASE_TYPE_REQUIRED", REQUIRED)]


def test_the_most_literal_route_is_meant() -> None:
    schemas = RequestSchemas(OPENAPI)

    assert schemas.find_problems("patch", "/letters/@mine", {"to": "1"}) == []
    assert schemas.find_problems("patch", "/letters/1", []) == []
    assert schemas.find_problems("patch", "/letters/1", {"to": "1"}) != []


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/letters/1"), ("POST", "/letters/1"), ("PATCH", "/letters/1/x")]
)
def test_a_route_that_takes_no_body_finds_nothing_wrong(method: str, path: str) -> None:
    assert RequestSchemas(OPENAPI).find_problems(method, path, {"to": 1.5}) == []


def test_the_description_is_left_as_it_was() -> None:
    before = json.dumps(OPENAPI)

    find_problems({"to": 1})

    assert json.dumps(OPENAPI) == before


def test_shapes_are_read_from_a_file(tmp_path: Path) -> None:
    openapi = tmp_path / "openapi.json"
    openapi.write_text(json.dumps(OPENAPI), encoding="utf-8")

    schemas = load_request_schemas(openapi)

    assert schemas is not None
    assert schemas.find_problems("PATCH", "/letters/@mine", {}) != []


def test_without_a_description_shapes_are_not_checked() -> None:
    assert load_request_schemas(None) is None


def test_without_jsonschema_shapes_are_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    assert load_request_schemas(tmp_path / "openapi.json") is None


@pytest.fixture(scope="module")
def discord_schemas() -> RequestSchemas:
    """Return the schemas of a copy of Discord's own description, or skip the test."""
    default = Path(__file__).parents[4] / "shared" / "discord" / "openapi.json"
    openapi = Path(os.environ.get("DISCORD_OPENAPI", default))
    if not openapi.is_file():
        pytest.skip("no copy of Discord's openapi.json: DISCORD_OPENAPI may name one")
    schemas = load_request_schemas(openapi)
    assert schemas is not None
    return schemas


def answer(**button: object) -> Json:
    accessory = {"type": 2, "style": 1, "custom_id": "more", "label": "More", **button}
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "x"}],
        "accessory": accessory,
    }
    return {"flags": 1 << 15, "components": [{"type": 17, "components": [section]}]}


def ask(**option: object) -> Json:
    question = {"type": 3, "name": "question", "description": "What to ask.", **option}
    return {"type": 1, "name": "ask", "description": "Asks.", "options": [question]}


MODAL: Json = {
    "custom_id": "follow up",
    "title": "Follow up",
    "components": [
        {"type": 18, "label": "Why?", "component": {"type": 4, "custom_id": "q", "style": 1}}
    ],
}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param(
            "POST",
            MESSAGES,
            {
                **answer(),
                "message_reference": {"message_id": 1234567890123456789, "channel_id": 1},
                "allowed_mentions": {"parse": [], "replied_user": False, "users": [12]},
                "nonce": "1",
                "enforce_nonce": True,
                "tts": False,
            },
            id="reply",
        ),
        pytest.param(
            "PATCH",
            f"{MESSAGES}/2",
            {**answer(), "content": None, "embeds": [], "attachments": [{"id": 3}]},
            id="edit",
        ),
        pytest.param("POST", CALLBACK, {"type": 4, "data": answer()}, id="answer"),
        pytest.param("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}, id="defer"),
        pytest.param("POST", CALLBACK, {"type": 6}, id="defer update"),
        pytest.param("POST", CALLBACK, {"type": 7, "data": answer()}, id="update"),
        pytest.param("POST", CALLBACK, {"type": 9, "data": MODAL}, id="modal"),
        pytest.param(
            "POST",
            CALLBACK,
            {"type": 8, "data": {"choices": [{"name": "x", "value": "x"}]}},
            id="autocomplete",
        ),
        pytest.param("POST", "/webhooks/1/abc", {"content": "x"}, id="follow-up"),
        pytest.param(
            "PATCH", "/webhooks/1/abc/messages/@original", {"content": None, **answer()}, id="own"
        ),
        pytest.param("PUT", "/applications/1/commands", [ask()], id="commands"),
        pytest.param(
            "POST", f"{MESSAGES}/2/threads", {"name": "x", "auto_archive_duration": 60}, id="thread"
        ),
    ],
)
def test_what_discord_takes_is_taken(
    discord_schemas: RequestSchemas, method: str, path: str, body: object
) -> None:
    assert discord_schemas.find_problems(method, path, body) == []


@pytest.mark.parametrize(
    ("route", "body", "path", "code"),
    [
        (
            ("POST", MESSAGES),
            {"components": [{"type": 99}]},
            ("components", 0),
            "UNION_TYPE_CHOICES",
        ),
        (
            ("POST", MESSAGES),
            answer(style=77),
            ("components", 0, "components", 0, "accessory", "style"),
            "BASE_TYPE_CHOICES",
        ),
        (
            ("POST", CALLBACK),
            {"type": 4, "data": answer(label=5)},
            ("data", "components", 0, "components", 0, "accessory", "label"),
            "OPENAPI_TYPE",
        ),
        (
            ("POST", CALLBACK),
            {"type": 9, "data": {**MODAL, "components": [{"type": 18, "label": "x"}]}},
            ("data", "components", 0, "component"),
            "BASE_TYPE_REQUIRED",
        ),
        (("POST", CALLBACK), {"type": 99}, (), "UNION_TYPE_CHOICES"),
        (
            ("PATCH", "/webhooks/1/abc/messages/@original"),
            {"content": 5},
            ("content",),
            "OPENAPI_TYPE",
        ),
        (
            ("PUT", "/applications/1/commands"),
            [ask(), ask(description=None)],
            (1, "options", 0, "description"),
            "BASE_TYPE_REQUIRED",
        ),
    ],
)
def test_what_discord_refuses_is_refused_at_its_path(
    discord_schemas: RequestSchemas,
    route: tuple[str, str],
    body: object,
    path: tuple[str | int, ...],
    code: str,
) -> None:
    problems = discord_schemas.find_problems(*route, body)

    assert [(problem.path, problem.code) for problem in problems] == [(path, code)]
