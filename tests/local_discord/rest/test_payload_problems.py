"""The problems of whole payloads, and the error bodies that report them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.local_discord.rest.error_templates import Problem
from bot.local_discord.rest.payload_limits import LIMITS
from bot.local_discord.rest.payload_problems import (
    build_error_body,
    find_autocomplete_problems,
    find_command_problems,
    find_message_problems,
    find_modal_problems,
    find_reference_problems,
    find_thread_problems,
)
from bot.local_discord.world.constants import MessageFlag
from tests.local_discord.rest.payloads import (
    TEXT,
    THUMBNAIL,
    URL,
    Json,
    button,
    command,
    get_errors,
    row,
    text,
)


@pytest.mark.parametrize(
    "component",
    [
        pytest.param({"type": 12, "items": [{"media": {"url": URL}}]}, id="in a gallery"),
        pytest.param(
            {"type": 9, "accessory": {"type": 11, "media": {"url": URL}}}, id="beside text"
        ),
    ],
)
def test_a_file_that_is_shown_is_one_of_the_message(component: Json) -> None:
    payload = {"components": [{"type": 17, "components": [component]}]}

    taken = find_reference_problems(payload, {"chart.png"})
    refused = find_reference_problems(payload, {"other.png"})

    assert taken == []
    assert [(problem.code, problem.path[-1]) for problem in refused] == [
        ("UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "media")
    ]


def test_a_picture_may_stand_elsewhere() -> None:
    assert find_reference_problems({"components": [THUMBNAIL, TEXT]}, ()) == []


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"content": ""},
        {"content": " \n\t"},
        {"content": None, "embeds": [], "components": []},
        {"flags": MessageFlag.COMPONENTS_V2},
        {"tts": False, "nonce": "1"},
    ],
)
def test_an_empty_message_is_refused(payload: Json) -> None:
    body = build_error_body(find_message_problems(payload))

    assert body == {"code": 50006, "message": "Cannot send an empty message"}


@pytest.mark.parametrize(
    "payload",
    [
        {"content": "x"},
        {"embeds": [{"title": "x"}]},
        {"sticker_ids": ["1"]},
        {"attachments": [{"id": 0}]},
        {"poll": {"question": {}}},
        {"components": [row(button())]},
    ],
)
def test_a_message_needs_one_thing_only(payload: Json) -> None:
    assert find_message_problems(payload) == []


def test_an_edit_may_name_nothing() -> None:
    assert find_message_problems({}, is_edit=True) == []


def test_too_many_commands_have_an_error_code_of_their_own() -> None:
    body = build_error_body(find_command_problems([command()] * 101))

    assert body == {
        "code": 30032,
        "message": "Maximum number of application commands reached (100)",
    }


def test_an_error_body_nests_paths_as_the_payload_does() -> None:
    first = Problem(("embeds", 0, "title"), "A", "a")
    second = Problem(("embeds", 0, "title"), "B", "b")
    whole = Problem((), "C", "c")

    body = build_error_body([first, second, whole])

    assert body == {
        "code": 50035,
        "message": "Invalid Form Body",
        "errors": {
            "embeds": {
                "0": {
                    "title": {
                        "_errors": [
                            {"code": "A", "message": "a"},
                            {"code": "B", "message": "b"},
                        ]
                    }
                }
            },
            "_errors": [{"code": "C", "message": "c"}],
        },
    }


def test_faulty_fields_are_told_before_what_is_wrong_with_the_whole() -> None:
    body = build_error_body(find_message_problems({"nonce": text(26)}))

    assert body["code"] == 50035
    assert list(body["errors"]) == ["nonce"]


FIELDS = sorted(
    {limit.field for limit in LIMITS}
    | {"type", "flags", "style", "accessory", "component", "footer", "author", "name_localizations"}
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 20) | st.just(1 << 15) | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
    ),
    max_leaves=12,
)
PAYLOADS = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5)


@given(payload=PAYLOADS, commands=st.lists(PAYLOADS, max_size=3))
@settings(max_examples=150)
def test_any_json_is_checked_and_each_field_problem_is_reported(
    payload: Json, commands: list[Json]
) -> None:
    problems = [
        *find_message_problems(payload),
        *find_modal_problems(payload),
        *find_autocomplete_problems(payload),
        *find_thread_problems(payload),
        *find_command_problems(commands),
    ]

    body = build_error_body(problems)

    field_problems = {problem for problem in problems if not problem.code.isdecimal()}
    assert all(
        {"code": problem.code, "message": problem.message} in get_errors(problem.path, body)
        for problem in field_problems
    )
