"""The rules for payloads that are not numbers."""

import pytest

from bot.local_discord.rest.error_templates import Problem
from bot.local_discord.rest.payload_problems import find_command_problems, find_message_problems
from bot.local_discord.world.constants import MessageFlag
from tests.local_discord.rest.payloads import (
    TEXT,
    Json,
    argument,
    button,
    command,
    find_problems_in_components,
    find_problems_in_message,
    find_problems_in_modal,
    get_codes,
    label,
    link,
    row,
)


def test_a_section_stands_beside_something() -> None:
    problems = find_problems_in_components({"type": 9, "components": [TEXT]})

    assert problems == [
        Problem(("components", 0, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
    ]


def test_a_custom_id_stands_once_in_a_message() -> None:
    section = {"type": 9, "components": [TEXT], "accessory": button(1)}

    problems = find_problems_in_components(
        row(button(1), button(2)), {"type": 17, "components": [section]}
    )

    assert problems == [
        Problem(
            ("components", 1, "components", 0, "accessory", "custom_id"),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        )
    ]


def test_a_custom_id_stands_once_in_a_modal() -> None:
    problems = find_problems_in_modal(components=[label(1), label(1)])

    assert get_codes(("components", 1, "component", "custom_id"), problems) == [
        "COMPONENT_CUSTOM_ID_DUPLICATED"
    ]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"style": 1}, "custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"),
        ({"style": 5}, "url", "BASE_TYPE_REQUIRED"),
        (
            {"style": 5, "custom_id": "x", "url": "https://example.org"},
            "custom_id",
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        ),
        (
            {"style": 1, "custom_id": "x", "url": "https://example.org"},
            "custom_id",
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        ),
        ({"style": 5, "url": "steam://run/1"}, "url", "URL_TYPE_INVALID_SCHEME"),
        ({"style": 5, "url": "example.org/x"}, "url", "URL_TYPE_INVALID_URL"),
        ({"style": 5, "url": "https://"}, "url", "URL_TYPE_INVALID_URL"),
        ({"style": 5, "url": "https://[x"}, "url", "URL_TYPE_INVALID_URL"),
    ],
)
def test_a_button_that_can_not_work_is_refused(fields: Json, field: str, code: str) -> None:
    problems = find_problems_in_components(row({"type": 2, "label": "x", **fields}))

    assert [(problem.path[-1], problem.code) for problem in problems] == [(field, code)]


@pytest.mark.parametrize(
    "fields",
    [
        {"style": 5, "url": "http://example.org"},
        {"style": 5, "url": "discord://-/channels/@me"},
        {"style": 6, "sku_id": "1"},
    ],
)
def test_a_button_without_a_custom_id_is_taken_in_its_style(fields: Json) -> None:
    assert find_problems_in_components(row({"type": 2, **fields})) == []


def test_the_sentence_names_the_scheme_of_a_link() -> None:
    problems = find_problems_in_components(row(link("steam://run/1")))

    assert problems[0].message == (
        "Scheme \"steam\" is not supported. Scheme must be one of ('http', 'https', 'discord')."
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"content": "x"},
        {"content": ""},
        {"embeds": [{"title": "x"}]},
        {"poll": {"question": {}}},
        {"sticker_ids": ["1"]},
    ],
)
def test_components_v2_stand_alone(fields: Json) -> None:
    problems = find_message_problems(
        {"flags": MessageFlag.COMPONENTS_V2, "components": [TEXT], **fields}
    )

    (field,) = fields
    assert problems == [
        Problem(
            (field,),
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
        )
    ]


def test_an_edit_into_components_v2_clears_what_was_there() -> None:
    edit = {"flags": MessageFlag.COMPONENTS_V2, "components": [TEXT], "content": None, "embeds": []}

    assert find_message_problems(edit, is_edit=True) == []


def test_without_components_v2_there_are_rows_only() -> None:
    problems = find_problems_in_message(components=[row(button()), TEXT], flags=64)

    assert problems == [
        Problem(
            ("components", 1),
            "UNION_TYPE_CHOICES",
            'Value of field "type" must be one of (1,).',
        )
    ]


def test_an_edit_without_flags_may_be_of_a_message_in_components_v2() -> None:
    named = find_message_problems({"components": [TEXT], "flags": 0}, is_edit=True)
    unnamed = find_message_problems({"components": [TEXT]}, is_edit=True)

    assert get_codes(("components", 0), named) == ["UNION_TYPE_CHOICES"]
    assert unnamed == []


@pytest.mark.parametrize("name", ["ask", "as-k_2", "d'où", "問う", "ถามว่า", "पूछना"])
def test_a_slash_command_is_named_in_any_script(name: str) -> None:
    assert find_command_problems([command(name=name, options=[argument(name=name)])]) == []


@pytest.mark.parametrize("name", ["Ask", "ask me", "ask!", "É"])
def test_a_slash_command_is_not_named_otherwise(name: str) -> None:
    problems = find_command_problems([command(name=name, options=[argument(name=name)])])

    assert [(problem.path, problem.code) for problem in problems] == [
        ((0, "name"), "APPLICATION_COMMAND_INVALID_NAME"),
        ((0, "options", 0, "name"), "APPLICATION_COMMAND_INVALID_NAME"),
    ]


def test_a_context_menu_is_named_freely_and_has_no_description() -> None:
    assert find_command_problems([{"type": 3, "name": "Ask about this"}]) == []


def test_a_context_menu_takes_neither_a_description_nor_options() -> None:
    menu = {"type": 3, "name": "Ask", "description": "About this", "options": [argument()]}

    problems = find_command_problems([menu])

    assert [(problem.path, problem.code) for problem in problems] == [
        ((0, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID"),
        ((0, "options"), "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID"),
    ]
