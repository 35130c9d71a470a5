"""The payloads that Discord's client sends, and the checks that it makes first."""

from typing import Any

import pytest

from bot.local_discord.world import client_payloads
from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.local_discord.world.constants import ChannelType
from bot.local_discord.world.records import (
    Channel,
    Json,
    Message,
    assign_component_ids,
    walk_components,
)
from tests.local_discord.sample_commands import ASK, BOOKS, DIGEST, READERS

MODAL: Json = {
    "custom_id": "form",
    "title": "Form",
    "components": assign_component_ids(
        [
            {"type": 10, "content": "Say it briefly."},
            {
                "type": 18,
                "label": "Question",
                "component": {"type": 4, "custom_id": "q", "min_length": 2, "max_length": 5},
            },
            {
                "type": 1,
                "components": [
                    {"type": 4, "custom_id": "n", "label": "Note", "required": False, "value": "x"}
                ],
            },
        ]
    ),
}


def test_options_keep_their_types() -> None:
    values = {
        "question": "why",
        "limit": 2,
        "share": 0.5,
        "visible": True,
        "where": BOOKS,
        "whom": READERS,
    }

    data = client_payloads.build_command_data(ASK, [], values)

    options = {option["name"]: (option["type"], option["value"]) for option in data["options"]}
    assert options == {
        "question": (3, "why"),
        "limit": (4, 2),
        "share": (10, 0.5),
        "visible": (5, True),
        "where": (7, "5"),
        "whom": (8, "6"),
    }
    assert data["resolved"]["channels"]["5"]["name"] == "books"
    assert data["resolved"]["roles"]["6"]["name"] == "readers"


def test_a_subcommand_stands_inside_its_groups() -> None:
    data = client_payloads.build_command_data(DIGEST, ["set", "hour"], {"at": 6})

    group = data["options"][0]
    assert (group["type"], group["name"]) == (2, "set")
    assert group["options"][0]["type"] == 1
    assert group["options"][0]["options"] == [{"name": "at", "type": 4, "value": 6}]


def test_while_an_option_is_typed_others_may_be_missing() -> None:
    data = client_payloads.build_command_data(ASK, [], {"source": "Re"}, focused="source")

    assert data["options"] == [{"name": "source", "type": 3, "value": "Re", "focused": True}]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({}, "missing: “question”"),
        ({"question": "x"}, "from 2 to 9"),
        ({"question": "x" * 10}, "from 2 to 9"),
        ({"question": "why", "limit": 6}, "from 1 to 5"),
        ({"question": "why", "limit": 0}, "from 1 to 5"),
        ({"question": "why", "limit": "2"}, "can't be '2'"),
        ({"question": "why", "order": "old"}, "one of these: "),
        ({"question": "why", "colour": "red"}, "no option"),
    ],
)
def test_values_that_do_not_fit_are_impossible(values: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ImpossibleAction, match=complaint):
        client_payloads.build_command_data(ASK, [], values)


def test_a_choice_and_a_bounded_number_are_taken() -> None:
    data = client_payloads.build_command_data(
        ASK, [], {"question": "why", "order": "new", "limit": 5}
    )

    assert [option["value"] for option in data["options"]] == ["why", "new", 5]


def test_an_option_that_offers_nothing_is_impossible() -> None:
    with pytest.raises(ImpossibleAction, match="has no suggestions"):
        client_payloads.build_command_data(ASK, [], {"question": "w"}, focused="question")


@pytest.mark.parametrize("path", [(), ("set",)])
def test_a_group_of_subcommands_can_not_be_run(path: tuple[str, ...]) -> None:
    with pytest.raises(ImpossibleAction, match="needs a subcommand"):
        client_payloads.build_command_data(DIGEST, path, {})


def test_a_subcommand_that_is_none_is_impossible() -> None:
    with pytest.raises(ImpossibleAction, match="no subcommand “never”"):
        client_payloads.build_command_data(DIGEST, ["never"], {})


@pytest.mark.parametrize(
    ("settings", "is_direct", "is_offered"),
    [
        ({}, True, True),
        ({"contexts": None}, False, True),
        ({"contexts": [0]}, False, True),
        ({"contexts": [0]}, True, False),
        ({"contexts": [1]}, False, False),
        ({"dm_permission": False}, True, False),
        ({"dm_permission": False}, False, True),
    ],
)
def test_a_command_is_offered_where_its_contexts_say(
    settings: Json,
    *,
    is_direct: bool,
    is_offered: bool,
) -> None:
    direct = Channel(id=6, type=ChannelType.DM, recipient_id=7)
    channel = direct if is_direct else BOOKS

    try:
        client_payloads.require_context({**ASK, **settings}, channel)
        offered = True
    except ImpossibleAction:
        offered = False

    assert offered is is_offered


def test_a_modal_is_sent_back_in_its_own_shape() -> None:
    data = client_payloads.build_modal_data(MODAL, {"Question": "why?"})

    text, label, row = data["components"]
    assert text == {"type": 10, "id": 1}
    assert label["component"] == {"type": 4, "id": 3, "custom_id": "q", "value": "why?"}
    assert row["components"][0]["value"] == "x"


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"q": "x"}, "2 to 5"),
        ({"q": "x" * 6}, "2 to 5"),
        ({}, "2 to 5"),
        ({"q": "why", "z": "x"}, "no field"),
    ],
)
def test_a_modal_filled_in_wrongly_is_impossible(values: dict[str, str], complaint: str) -> None:
    with pytest.raises(ImpossibleAction, match=complaint):
        client_payloads.build_modal_data(MODAL, values)


def test_a_field_that_is_not_required_may_be_emptied() -> None:
    data = client_payloads.build_modal_data(MODAL, {"q": "why", "n": ""})

    assert data["components"][2]["components"][0]["value"] == ""


def test_a_button_that_is_disabled_or_absent_is_impossible() -> None:
    off = {"type": 2, "style": 1, "custom_id": "off", "label": "Off", "disabled": True}
    message = Message(id=1, channel_id=2, author_id=3, sent_at=0.0, components=({**off},))

    with pytest.raises(ImpossibleAction, match="can't be pressed"):
        client_payloads.find_button(message, "Off")
    with pytest.raises(ImpossibleAction, match="The buttons are: “Off”"):
        client_payloads.find_button(message, "On")


def test_components_without_ids_get_those_that_are_free() -> None:
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "a", "id": 1}, {"type": 10, "content": "b"}],
        "accessory": {"type": 2, "custom_id": "x"},
    }

    ids = [
        part["id"]
        for part in walk_components(assign_component_ids([{"type": 17, "components": [section]}]))
    ]

    assert ids == [2, 3, 1, 4, 5]
