"""Each row of the table of limits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.local_discord.rest.error_templates import Problem
from bot.local_discord.rest.payload_limits import LIMITS, Limit
from bot.local_discord.rest.payload_problems import (
    build_error_body,
    find_autocomplete_problems,
    find_command_problems,
    find_count_problems,
    find_thread_problems,
    find_upload_problems,
)
from tests.local_discord.rest.payloads import (
    BAD_LENGTH,
    INPUT,
    TEXT,
    THUMBNAIL,
    Path,
    argument,
    build_command_of_length,
    button,
    command,
    find_problems_in_choice,
    find_problems_in_components,
    find_problems_in_embed,
    find_problems_in_message,
    find_problems_in_modal,
    get_codes,
    get_errors,
    label,
    link,
    option,
    row,
    select,
    text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How a row of the table is tested.

    Attributes:
        build_value: Builds a value of a given size.
        find_problems: Returns the problems of a payload that is valid but for this value.
        path: The path of the field.
        code: The code for a value that is too large by one.
    """

    row: tuple[str, int]
    build_value: Callable[[int], Any] = text
    find_problems: Callable[[Any], list[Problem]]
    path: Path
    code: str = "BASE_TYPE_MAX_LENGTH"

    def find_problems_of_size(self, size: int) -> list[Problem]:
        return self.find_problems(self.build_value(size))


CASES = (
    Case(
        row=("message.content", 2000),
        find_problems=lambda value: find_problems_in_message(content=value),
        path=("content",),
    ),
    Case(
        row=("message.nonce", 25),
        find_problems=lambda value: find_problems_in_message(nonce=value),
        path=("nonce",),
        code="NONCE_TYPE_TOO_LONG",
    ),
    Case(
        row=("message.embeds", 10),
        build_value=lambda size: [{"title": "x"}] * size,
        find_problems=lambda value: find_problems_in_message(embeds=value),
        path=("embeds",),
    ),
    Case(
        row=("message.embeds", 6000),
        build_value=lambda size: [
            {"title": "x", "description": text(4000)},
            {"footer": {"text": "xx"}, "author": {"name": "xxx"}},
            {"fields": [{"name": "xxxx", "value": "xxxxx"}], "description": text(size - 4015)},
        ],
        find_problems=lambda value: find_problems_in_message(embeds=value),
        path=("embeds",),
        code="MAX_EMBED_SIZE_EXCEEDED",
    ),
    Case(
        row=("embed.title", 256),
        find_problems=lambda value: find_problems_in_embed(title=value),
        path=("embeds", 0, "title"),
    ),
    Case(
        row=("embed.description", 4096),
        find_problems=lambda value: find_problems_in_embed(description=value),
        path=("embeds", 0, "description"),
    ),
    Case(
        row=("embed.fields", 25),
        build_value=lambda size: [{"name": "x", "value": "x"}] * size,
        find_problems=lambda value: find_problems_in_embed(fields=value),
        path=("embeds", 0, "fields"),
    ),
    Case(
        row=("embed field.name", 256),
        find_problems=lambda value: find_problems_in_embed(fields=[{"name": value, "value": "x"}]),
        path=("embeds", 0, "fields", 0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("embed field.value", 1024),
        find_problems=lambda value: find_problems_in_embed(fields=[{"name": "x", "value": value}]),
        path=("embeds", 0, "fields", 0, "value"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("embed footer.text", 2048),
        find_problems=lambda value: find_problems_in_embed(footer={"text": value}),
        path=("embeds", 0, "footer", "text"),
    ),
    Case(
        row=("embed author.name", 256),
        find_problems=lambda value: find_problems_in_embed(author={"name": value}),
        path=("embeds", 0, "author", "name"),
    ),
    Case(
        row=("message.attachments", 10),
        build_value=lambda size: [{"id": number} for number in range(size)],
        find_problems=lambda value: find_problems_in_message(attachments=value),
        path=("attachments",),
    ),
    Case(
        row=("attachment.description", 1024),
        find_problems=lambda value: find_problems_in_message(
            attachments=[{"id": 0, "description": value}]
        ),
        path=("attachments", 0, "description"),
    ),
    Case(
        row=("message.components", 40),
        build_value=lambda size: [
            {"type": 17, "components": [{"type": 14}] * (size - 6)},
            {"type": 9, "components": [TEXT], "accessory": THUMBNAIL},
            row(button()),
        ],
        find_problems=lambda value: find_problems_in_components(*value),
        path=("components",),
        code="COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    Case(
        row=("message.components", 4000),
        build_value=lambda size: [
            {"type": 17, "components": [{"type": 10, "content": text(3000)}]},
            {"type": 10, "content": text(size - 3000)},
        ],
        find_problems=lambda value: find_problems_in_components(*value),
        path=("components",),
        code="COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    Case(
        row=("message.components", 10170),
        build_value=lambda size: [
            {"type": 10, "content": "語" * 1000},
            {"type": 10, "content": "語" * 2300 + text(size - 9900 - 2 * 12)},
        ],
        find_problems=lambda value: find_problems_in_components(*value),
        path=("components",),
        code="COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    Case(
        row=("text.content", 4000),
        find_problems=lambda value: find_problems_in_components({"type": 10, "content": value}),
        path=("components", 0, "content"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("section.components", 3),
        build_value=lambda size: [TEXT] * size,
        find_problems=lambda value: find_problems_in_components(
            {"type": 9, "components": value, "accessory": THUMBNAIL}
        ),
        path=("components", 0, "components"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("row.components", 5),
        build_value=lambda size: [button(number) for number in range(size)],
        find_problems=lambda value: find_problems_in_components({"type": 1, "components": value}),
        path=("components", 0, "components"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("gallery.items", 10),
        build_value=lambda size: [{"media": THUMBNAIL["media"]}] * size,
        find_problems=lambda value: find_problems_in_components({"type": 12, "items": value}),
        path=("components", 0, "items"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("gallery item.description", 1024),
        find_problems=lambda value: find_problems_in_components(
            {"type": 12, "items": [{"description": value}]}
        ),
        path=("components", 0, "items", 0, "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("thumbnail.description", 1024),
        find_problems=lambda value: find_problems_in_components(
            {"type": 9, "components": [TEXT], "accessory": {**THUMBNAIL, "description": value}}
        ),
        path=("components", 0, "accessory", "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("button.label", 80),
        find_problems=lambda value: find_problems_in_components(row({**button(), "label": value})),
        path=("components", 0, "components", 0, "label"),
    ),
    Case(
        row=("button.custom_id", 100),
        find_problems=lambda value: find_problems_in_components(
            row({**button(), "custom_id": value})
        ),
        path=("components", 0, "components", 0, "custom_id"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("button.url", 512),
        build_value=lambda size: "https://example.org/".ljust(size, "x"),
        find_problems=lambda value: find_problems_in_components(row(link(value))),
        path=("components", 0, "components", 0, "url"),
    ),
    Case(
        row=("select.custom_id", 100),
        find_problems=lambda value: find_problems_in_components(row(select(custom_id=value))),
        path=("components", 0, "components", 0, "custom_id"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("select.placeholder", 150),
        find_problems=lambda value: find_problems_in_components(
            row(select(type=5, placeholder=value))
        ),
        path=("components", 0, "components", 0, "placeholder"),
    ),
    Case(
        row=("select.options", 25),
        build_value=lambda size: [option(number) for number in range(size)],
        find_problems=lambda value: find_problems_in_components(row(select(options=value))),
        path=("components", 0, "components", 0, "options"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("select option.label", 100),
        find_problems=lambda value: find_problems_in_components(
            row(select(options=[{**option(), "label": value}]))
        ),
        path=("components", 0, "components", 0, "options", 0, "label"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("select option.value", 100),
        find_problems=lambda value: find_problems_in_components(
            row(select(options=[{**option(), "value": value}]))
        ),
        path=("components", 0, "components", 0, "options", 0, "value"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("select option.description", 100),
        find_problems=lambda value: find_problems_in_components(
            row(select(options=[{**option(), "description": value}]))
        ),
        path=("components", 0, "components", 0, "options", 0, "description"),
    ),
    Case(
        row=("modal.title", 45),
        find_problems=lambda value: find_problems_in_modal(title=value),
        path=("title",),
        code=BAD_LENGTH,
    ),
    Case(
        row=("modal.custom_id", 100),
        find_problems=lambda value: find_problems_in_modal(custom_id=value),
        path=("custom_id",),
        code=BAD_LENGTH,
    ),
    Case(
        row=("modal.components", 5),
        build_value=lambda size: [label(number) for number in range(size)],
        find_problems=lambda value: find_problems_in_modal(components=value),
        path=("components",),
        code=BAD_LENGTH,
    ),
    Case(
        row=("label.label", 45),
        find_problems=lambda value: find_problems_in_modal(components=[label(label=value)]),
        path=("components", 0, "label"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("label.description", 100),
        find_problems=lambda value: find_problems_in_modal(components=[label(description=value)]),
        path=("components", 0, "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("text input.custom_id", 100),
        find_problems=lambda value: find_problems_in_modal(
            components=[label(component={**INPUT, "custom_id": value})]
        ),
        path=("components", 0, "component", "custom_id"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("text input.label", 45),
        find_problems=lambda value: find_problems_in_modal(
            components=[row({**INPUT, "label": value})]
        ),
        path=("components", 0, "components", 0, "label"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("text input.placeholder", 100),
        find_problems=lambda value: find_problems_in_modal(
            components=[label(component={**INPUT, "placeholder": value})]
        ),
        path=("components", 0, "component", "placeholder"),
    ),
    Case(
        row=("text input.value", 4000),
        find_problems=lambda value: find_problems_in_modal(
            components=[label(component={**INPUT, "value": value})]
        ),
        path=("components", 0, "component", "value"),
    ),
    Case(
        row=("text input.max_length", 4000),
        build_value=int,
        find_problems=lambda value: find_problems_in_modal(
            components=[label(component={**INPUT, "max_length": value})]
        ),
        path=("components", 0, "component", "max_length"),
        code="NUMBER_TYPE_MAX",
    ),
    Case(
        row=("autocomplete.choices", 25),
        build_value=lambda size: [{"name": "x", "value": "x"}] * size,
        find_problems=lambda value: find_autocomplete_problems({"choices": value}),
        path=("choices",),
    ),
    Case(
        row=("choice.name", 100),
        find_problems=lambda value: find_problems_in_choice(name=value),
        path=("choices", 0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("choice.value", 100),
        find_problems=lambda value: find_problems_in_choice(value=value),
        path=("choices", 0, "value"),
    ),
    Case(
        row=("commands", 100),
        build_value=lambda size: [command(name=f"ask-{number}") for number in range(size)],
        find_problems=find_command_problems,
        path=(),
        code="30032",
    ),
    Case(
        row=("commands", 5),
        build_value=lambda size: [{"type": 2, "name": f"Ask {number}"} for number in range(size)],
        find_problems=lambda value: find_command_problems([{"type": 3, "name": "Ask"}, *value]),
        path=(),
        code="30032",
    ),
    Case(
        row=("command", 8000),
        build_value=build_command_of_length,
        find_problems=lambda value: find_command_problems([command(), value]),
        path=(1,),
        code="APPLICATION_COMMAND_TOO_LARGE",
    ),
    Case(
        row=("command.name", 32),
        find_problems=lambda value: find_command_problems([command(name=value)]),
        path=(0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("command.description", 100),
        find_problems=lambda value: find_command_problems([command(description=value)]),
        path=(0, "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("command.options", 25),
        build_value=lambda size: [argument()] * size,
        find_problems=lambda value: find_command_problems([command(options=value)]),
        path=(0, "options"),
    ),
    Case(
        row=("menu.name", 32),
        find_problems=lambda value: find_command_problems([{"type": 3, "name": value}]),
        path=(0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("option.name", 32),
        find_problems=lambda value: find_command_problems(
            [command(options=[argument(name=value)])]
        ),
        path=(0, "options", 0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("option.description", 100),
        find_problems=lambda value: find_command_problems(
            [command(options=[argument(description=value)])]
        ),
        path=(0, "options", 0, "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("option.options", 25),
        build_value=lambda size: [argument()] * size,
        find_problems=lambda value: find_command_problems(
            [command(options=[argument(type=1, options=value)])]
        ),
        path=(0, "options", 0, "options"),
    ),
    Case(
        row=("option.choices", 25),
        build_value=lambda size: [{"name": "x", "value": "x"}] * size,
        find_problems=lambda value: find_command_problems(
            [command(options=[argument(choices=value)])]
        ),
        path=(0, "options", 0, "choices"),
    ),
    Case(
        row=("thread.name", 100),
        find_problems=lambda value: find_thread_problems({"name": value}),
        path=("name",),
        code=BAD_LENGTH,
    ),
    Case(
        row=("thread.auto_archive_duration", 10080),
        build_value=int,
        find_problems=lambda value: find_thread_problems(
            {"name": "x", "auto_archive_duration": value}
        ),
        path=("auto_archive_duration",),
        code="BASE_TYPE_CHOICES",
    ),
    Case(
        row=("created commands", 200),
        build_value=lambda size: size,
        find_problems=lambda value: find_count_problems("created commands", value),
        path=(),
        code="30034",
    ),
    Case(
        row=("follow-ups", 5),
        build_value=lambda size: size,
        find_problems=lambda value: find_count_problems("follow-ups", value),
        path=(),
        code="40094",
    ),
    Case(
        row=("upload", 10 * 1024 * 1024),
        build_value=int,
        find_problems=lambda value: find_upload_problems([1, value]),
        path=("files", 1),
        code="40005",
    ),
)

CASE_BY_ROW = {case.row: case for case in CASES}


def select_cases(rows: list[Limit]) -> list[Any]:
    keys = [(limit.target, limit.maximum) for limit in rows]
    return [pytest.param(CASE_BY_ROW[key], id=f"{key[0]} {key[1]}") for key in keys]


FORM_LIMITS = [limit for limit in LIMITS if not limit.error_template.code.isdecimal()]


def test_every_row_of_the_table_is_tried() -> None:
    rows = [(limit.target, limit.maximum) for limit in LIMITS]

    assert sorted(rows) == sorted(case.row for case in CASES)


def test_every_row_of_the_table_names_its_source() -> None:
    assert all(limit.source for limit in LIMITS)


@pytest.mark.parametrize("case", select_cases(list(LIMITS)))
def test_exactly_the_limit_is_taken(case: Case) -> None:
    problems = case.find_problems_of_size(case.row[1])

    assert problems == []


@pytest.mark.parametrize("case", select_cases(list(LIMITS)))
def test_one_over_the_limit_is_refused_at_its_path(case: Case) -> None:
    problems = case.find_problems_of_size(case.row[1] + 1)

    assert get_codes(case.path, problems) == [case.code]


@pytest.mark.parametrize("case", select_cases(FORM_LIMITS))
def test_one_over_the_limit_is_answered_as_an_invalid_form_body(case: Case) -> None:
    body = build_error_body(case.find_problems_of_size(case.row[1] + 1))

    assert (body["code"], body["message"]) == (50035, "Invalid Form Body")
    assert [error["code"] for error in get_errors(case.path, body)] == [case.code]


@pytest.mark.parametrize("case", select_cases([limit for limit in LIMITS if limit.minimum == 1]))
def test_nothing_is_too_short_where_one_is_needed(case: Case) -> None:
    problems = case.find_problems_of_size(0)

    assert BAD_LENGTH in get_codes(case.path, problems)


@pytest.mark.parametrize("case", select_cases([limit for limit in LIMITS if limit.is_required]))
def test_a_required_field_may_not_be_left_out(case: Case) -> None:
    problems = case.find_problems(None)

    assert get_codes(case.path, problems) == ["BASE_TYPE_REQUIRED"]


@pytest.mark.parametrize(
    ("target", "size", "sentence"),
    [
        ("message.content", 2000, "Must be 2000 or fewer in length."),
        ("button.custom_id", 100, "Must be between 1 and 100 in length."),
        ("message.nonce", 25, "Must be 25 or fewer characters long."),
        ("thread.auto_archive_duration", 10080, "Value must be one of (60, 1440, 4320, 10080)."),
        ("text input.max_length", 4000, "int value should be less than or equal to 4000."),
        ("command", 8000, "Command exceeds maximum size (8000)"),
        (
            "created commands",
            200,
            "Max number of daily application command creates has been reached (200)",
        ),
    ],
)
def test_the_sentence_names_the_limit(target: str, size: int, sentence: str) -> None:
    problems = CASE_BY_ROW[target, size].find_problems_of_size(size + 1)

    assert problems[0].message == sentence


@pytest.mark.parametrize("minutes", [60, 1440, 4320, 10080])
def test_a_thread_is_archived_after_one_of_four_spans(minutes: int) -> None:
    taken = find_thread_problems({"name": "x", "auto_archive_duration": minutes})
    refused = find_thread_problems({"name": "x", "auto_archive_duration": minutes - 1})

    assert taken == []
    assert get_codes(("auto_archive_duration",), refused) == ["BASE_TYPE_CHOICES"]


def test_characters_are_code_points() -> None:
    assert find_problems_in_message(content="😀" * 2000) == []


def test_half_of_a_surrogate_pair_is_counted_and_no_fault_of_ours() -> None:
    assert find_problems_in_components({"type": 10, "content": "\ud83d"}) == []


def test_only_the_longest_translation_counts_in_a_command() -> None:
    translations = {"de": text(100), "fr": text(100)}
    whole = build_command_of_length(8000 - 99)

    taken = find_command_problems([{**whole, "description_localizations": translations}])
    refused = find_command_problems(
        [{**whole, "description_localizations": {**translations, "it": text(101)}}]
    )

    assert taken == []
    assert get_codes((0,), refused) == ["APPLICATION_COMMAND_TOO_LARGE"]


def test_a_choice_may_have_a_number_as_its_value() -> None:
    assert find_problems_in_choice(value=12) == []


def test_null_is_taken_for_a_field_left_out() -> None:
    fields = ("content", "embeds", "components", "nonce")

    assert find_problems_in_message(**dict.fromkeys(fields), attachments=[{"id": 0}]) == []


def test_five_context_menus_of_each_type_are_taken() -> None:
    menus = [
        {"type": menu_type, "name": f"Ask {number}"} for menu_type in (2, 3) for number in range(5)
    ]

    assert find_command_problems(menus) == []
