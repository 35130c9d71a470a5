from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.local_discord.rest.error_templates import Problem
from bot.local_discord.rest.limits import LIMITS, Limit
from bot.local_discord.rest.payload_problems import (
    build_error_body,
    find_autocomplete_problems,
    find_command_problems,
    find_message_problems,
    find_modal_problems,
    find_reference_problems,
    find_thread_problems,
    find_upload_problems,
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


def button(place: int = 0) -> Json:
    return {"type": 2, "style": 1, "custom_id": f"button {place}", "label": "More"}


def link(url: str) -> Json:
    return {"type": 2, "style": 5, "url": url}


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


def select(**fields: object) -> Json:
    return {"type": 3, "custom_id": "source", "options": [option()], **fields}


def option(place: int = 0) -> Json:
    return {"label": f"source {place}", "value": f"source {place}"}


def label(place: int = 0, **fields: object) -> Json:
    component = {**INPUT, "custom_id": f"input {place}"}
    return {"type": 18, "label": "Why?", "component": component, **fields}


def command(**fields: object) -> Json:
    return {"name": "ask", "description": "Asks.", **fields}


def argument(**fields: object) -> Json:
    return {"type": 3, "name": "question", "description": "What to ask.", **fields}


def command_of(length: int) -> Json:
    """A command whose names, descriptions and values have `length` characters in all."""
    left = length - len("ask") - len("x") - 2 * len("ox")
    sizes = [min(200, left - start) for start in range(0, left, 200)]
    choices = [{"name": text(min(100, n)), "value": text(n - min(100, n))} for n in sizes]
    arguments = [
        {"type": 3, "name": "o", "description": "x", "choices": part}
        for part in (choices[:25], choices[25:])
    ]
    return command(description="x", options=arguments)


def shown(*components: Json) -> list[Problem]:
    return find_message_problems(
        {"flags": MessageFlag.COMPONENTS_V2, "components": list(components)}
    )


def message(**fields: object) -> list[Problem]:
    return find_message_problems({"content": "x", **fields})


def embedded(**fields: object) -> list[Problem]:
    return find_message_problems({"embeds": [fields]})


def modal(**fields: object) -> list[Problem]:
    return find_modal_problems(
        {"custom_id": "follow up", "title": "Follow up", "components": [label()], **fields}
    )


def suggested(**fields: object) -> list[Problem]:
    return find_autocomplete_problems({"choices": [{"name": "x", "value": "x", **fields}]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How a row of the table is tried.

    Attributes:
        sized: A value of the field that measures as many as asked for.
        judged: The problems of a payload that is well but for this value.
        path: Where Discord names the field.
        code: What Discord says of one over.
    """

    row: tuple[str, int]
    sized: Callable[[int], Any] = text
    judged: Callable[[Any], list[Problem]]
    path: Path
    code: str = "BASE_TYPE_MAX_LENGTH"

    def problems(self, size: int) -> list[Problem]:
        return self.judged(self.sized(size))


CASES = (
    Case(
        row=("message.content", 2000),
        judged=lambda value: message(content=value),
        path=("content",),
    ),
    Case(
        row=("message.nonce", 25),
        judged=lambda value: message(nonce=value),
        path=("nonce",),
        code="NONCE_TYPE_TOO_LONG",
    ),
    Case(
        row=("message.embeds", 10),
        sized=lambda size: [{"title": "x"}] * size,
        judged=lambda value: message(embeds=value),
        path=("embeds",),
    ),
    Case(
        row=("message.embeds", 6000),
        sized=lambda size: [
            {"title": "x", "description": text(4000)},
            {"footer": {"text": "xx"}, "author": {"name": "xxx"}},
            {"fields": [{"name": "xxxx", "value": "xxxxx"}], "description": text(size - 4015)},
        ],
        judged=lambda value: message(embeds=value),
        path=("embeds",),
        code="MAX_EMBED_SIZE_EXCEEDED",
    ),
    Case(
        row=("embed.title", 256),
        judged=lambda value: embedded(title=value),
        path=("embeds", 0, "title"),
    ),
    Case(
        row=("embed.description", 4096),
        judged=lambda value: embedded(description=value),
        path=("embeds", 0, "description"),
    ),
    Case(
        row=("embed.fields", 25),
        sized=lambda size: [{"name": "x", "value": "x"}] * size,
        judged=lambda value: embedded(fields=value),
        path=("embeds", 0, "fields"),
    ),
    Case(
        row=("embed field.name", 256),
        judged=lambda value: embedded(fields=[{"name": value, "value": "x"}]),
        path=("embeds", 0, "fields", 0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("embed field.value", 1024),
        judged=lambda value: embedded(fields=[{"name": "x", "value": value}]),
        path=("embeds", 0, "fields", 0, "value"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("embed footer.text", 2048),
        judged=lambda value: embedded(footer={"text": value}),
        path=("embeds", 0, "footer", "text"),
    ),
    Case(
        row=("embed author.name", 256),
        judged=lambda value: embedded(author={"name": value}),
        path=("embeds", 0, "author", "name"),
    ),
    Case(
        row=("message.attachments", 10),
        sized=lambda size: [{"id": place} for place in range(size)],
        judged=lambda value: message(attachments=value),
        path=("attachments",),
    ),
    Case(
        row=("attachment.description", 1024),
        judged=lambda value: message(attachments=[{"id": 0, "description": value}]),
        path=("attachments", 0, "description"),
    ),
    Case(
        row=("message.components", 40),
        sized=lambda size: [
            {"type": 17, "components": [{"type": 14}] * (size - 6)},
            {"type": 9, "components": [TEXT], "accessory": THUMBNAIL},
            row(button()),
        ],
        judged=lambda value: shown(*value),
        path=("components",),
        code="COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    Case(
        row=("message.components", 4000),
        sized=lambda size: [
            {"type": 17, "components": [{"type": 10, "content": text(3000)}]},
            {"type": 10, "content": text(size - 3000)},
        ],
        judged=lambda value: shown(*value),
        path=("components",),
        code="COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    Case(
        row=("message.components", 10170),
        sized=lambda size: [
            {"type": 10, "content": "語" * 1000},
            {"type": 10, "content": "語" * 2300 + text(size - 9900 - 2 * 12)},
        ],
        judged=lambda value: shown(*value),
        path=("components",),
        code="COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    Case(
        row=("text.content", 4000),
        judged=lambda value: shown({"type": 10, "content": value}),
        path=("components", 0, "content"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("section.components", 3),
        sized=lambda size: [TEXT] * size,
        judged=lambda value: shown({"type": 9, "components": value, "accessory": THUMBNAIL}),
        path=("components", 0, "components"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("row.components", 5),
        sized=lambda size: [button(place) for place in range(size)],
        judged=lambda value: shown({"type": 1, "components": value}),
        path=("components", 0, "components"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("gallery.items", 10),
        sized=lambda size: [{"media": THUMBNAIL["media"]}] * size,
        judged=lambda value: shown({"type": 12, "items": value}),
        path=("components", 0, "items"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("gallery item.description", 1024),
        judged=lambda value: shown({"type": 12, "items": [{"description": value}]}),
        path=("components", 0, "items", 0, "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("thumbnail.description", 1024),
        judged=lambda value: shown(
            {"type": 9, "components": [TEXT], "accessory": {**THUMBNAIL, "description": value}}
        ),
        path=("components", 0, "accessory", "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("button.label", 80),
        judged=lambda value: shown(row({**button(), "label": value})),
        path=("components", 0, "components", 0, "label"),
    ),
    Case(
        row=("button.custom_id", 100),
        judged=lambda value: shown(row({**button(), "custom_id": value})),
        path=("components", 0, "components", 0, "custom_id"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("button.url", 512),
        sized=lambda size: "https://example.org/".ljust(size, "x"),
        judged=lambda value: shown(row(link(value))),
        path=("components", 0, "components", 0, "url"),
    ),
    Case(
        row=("select.custom_id", 100),
        judged=lambda value: shown(row(select(custom_id=value))),
        path=("components", 0, "components", 0, "custom_id"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("select.placeholder", 150),
        judged=lambda value: shown(row(select(type=5, placeholder=value))),
        path=("components", 0, "components", 0, "placeholder"),
    ),
    Case(
        row=("select.options", 25),
        sized=lambda size: [option(place) for place in range(size)],
        judged=lambda value: shown(row(select(options=value))),
        path=("components", 0, "components", 0, "options"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("select option.label", 100),
        judged=lambda value: shown(row(select(options=[{**option(), "label": value}]))),
        path=("components", 0, "components", 0, "options", 0, "label"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("select option.value", 100),
        judged=lambda value: shown(row(select(options=[{**option(), "value": value}]))),
        path=("components", 0, "components", 0, "options", 0, "value"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("select option.description", 100),
        judged=lambda value: shown(row(select(options=[{**option(), "description": value}]))),
        path=("components", 0, "components", 0, "options", 0, "description"),
    ),
    Case(
        row=("modal.title", 45),
        judged=lambda value: modal(title=value),
        path=("title",),
        code=BAD_LENGTH,
    ),
    Case(
        row=("modal.custom_id", 100),
        judged=lambda value: modal(custom_id=value),
        path=("custom_id",),
        code=BAD_LENGTH,
    ),
    Case(
        row=("modal.components", 5),
        sized=lambda size: [label(place) for place in range(size)],
        judged=lambda value: modal(components=value),
        path=("components",),
        code=BAD_LENGTH,
    ),
    Case(
        row=("label.label", 45),
        judged=lambda value: modal(components=[label(label=value)]),
        path=("components", 0, "label"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("label.description", 100),
        judged=lambda value: modal(components=[label(description=value)]),
        path=("components", 0, "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("text input.custom_id", 100),
        judged=lambda value: modal(components=[label(component={**INPUT, "custom_id": value})]),
        path=("components", 0, "component", "custom_id"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("text input.label", 45),
        judged=lambda value: modal(components=[row({**INPUT, "label": value})]),
        path=("components", 0, "components", 0, "label"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("text input.placeholder", 100),
        judged=lambda value: modal(components=[label(component={**INPUT, "placeholder": value})]),
        path=("components", 0, "component", "placeholder"),
    ),
    Case(
        row=("text input.value", 4000),
        judged=lambda value: modal(components=[label(component={**INPUT, "value": value})]),
        path=("components", 0, "component", "value"),
    ),
    Case(
        row=("text input.max_length", 4000),
        sized=int,
        judged=lambda value: modal(components=[label(component={**INPUT, "max_length": value})]),
        path=("components", 0, "component", "max_length"),
        code="NUMBER_TYPE_MAX",
    ),
    Case(
        row=("autocomplete.choices", 25),
        sized=lambda size: [{"name": "x", "value": "x"}] * size,
        judged=lambda value: find_autocomplete_problems({"choices": value}),
        path=("choices",),
    ),
    Case(
        row=("choice.name", 100),
        judged=lambda value: suggested(name=value),
        path=("choices", 0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("choice.value", 100),
        judged=lambda value: suggested(value=value),
        path=("choices", 0, "value"),
    ),
    Case(
        row=("commands", 100),
        sized=lambda size: [command(name=f"ask-{place}") for place in range(size)],
        judged=find_command_problems,
        path=(),
        code="30032",
    ),
    Case(
        row=("commands", 5),
        sized=lambda size: [{"type": 2, "name": f"Ask {place}"} for place in range(size)],
        judged=lambda value: find_command_problems([{"type": 3, "name": "Ask"}, *value]),
        path=(),
        code="30032",
    ),
    Case(
        row=("command", 8000),
        sized=command_of,
        judged=lambda value: find_command_problems([command(), value]),
        path=(1,),
        code="APPLICATION_COMMAND_TOO_LARGE",
    ),
    Case(
        row=("command.name", 32),
        judged=lambda value: find_command_problems([command(name=value)]),
        path=(0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("command.description", 100),
        judged=lambda value: find_command_problems([command(description=value)]),
        path=(0, "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("command.options", 25),
        sized=lambda size: [argument()] * size,
        judged=lambda value: find_command_problems([command(options=value)]),
        path=(0, "options"),
    ),
    Case(
        row=("menu.name", 32),
        judged=lambda value: find_command_problems([{"type": 3, "name": value}]),
        path=(0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("option.name", 32),
        judged=lambda value: find_command_problems([command(options=[argument(name=value)])]),
        path=(0, "options", 0, "name"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("option.description", 100),
        judged=lambda value: find_command_problems(
            [command(options=[argument(description=value)])]
        ),
        path=(0, "options", 0, "description"),
        code=BAD_LENGTH,
    ),
    Case(
        row=("option.options", 25),
        sized=lambda size: [argument()] * size,
        judged=lambda value: find_command_problems(
            [command(options=[argument(type=1, options=value)])]
        ),
        path=(0, "options", 0, "options"),
    ),
    Case(
        row=("option.choices", 25),
        sized=lambda size: [{"name": "x", "value": "x"}] * size,
        judged=lambda value: find_command_problems([command(options=[argument(choices=value)])]),
        path=(0, "options", 0, "choices"),
    ),
    Case(
        row=("thread.name", 100),
        judged=lambda value: find_thread_problems({"name": value}),
        path=("name",),
        code=BAD_LENGTH,
    ),
    Case(
        row=("thread.auto_archive_duration", 10080),
        sized=int,
        judged=lambda value: find_thread_problems({"name": "x", "auto_archive_duration": value}),
        path=("auto_archive_duration",),
        code="BASE_TYPE_CHOICES",
    ),
    Case(
        row=("upload", 10 * 1024 * 1024),
        sized=int,
        judged=lambda value: find_upload_problems([1, value]),
        path=("files", 1),
        code="40005",
    ),
)

CASE_OF = {case.row: case for case in CASES}


def cases_of(rows: list[Limit]) -> list[Any]:
    keys = [(limit.target, limit.maximum) for limit in rows]
    return [pytest.param(CASE_OF[key], id=f"{key[0]} {key[1]}") for key in keys]


FORM_LIMITS = [limit for limit in LIMITS if not limit.error_template.code.isdecimal()]


def codes_at(path: Path, problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems if problem.path == path]


def errors_at(path: Path, body: Json) -> list[Json]:
    place = body["errors"]
    for step in path:
        place = place[str(step)]
    errors: list[Json] = place["_errors"]
    return errors


def test_every_row_of_the_table_is_tried() -> None:
    rows = [(limit.target, limit.maximum) for limit in LIMITS]

    assert sorted(rows) == sorted(case.row for case in CASES)


def test_every_row_of_the_table_names_its_source() -> None:
    assert all(limit.source for limit in LIMITS)


@pytest.mark.parametrize("case", cases_of(list(LIMITS)))
def test_exactly_the_limit_is_taken(case: Case) -> None:
    problems = case.problems(case.row[1])

    assert problems == []


@pytest.mark.parametrize("case", cases_of(list(LIMITS)))
def test_one_over_the_limit_is_refused_at_its_path(case: Case) -> None:
    problems = case.problems(case.row[1] + 1)

    assert codes_at(case.path, problems) == [case.code]


@pytest.mark.parametrize("case", cases_of(FORM_LIMITS))
def test_one_over_the_limit_is_answered_as_an_invalid_form_body(case: Case) -> None:
    body = build_error_body(case.problems(case.row[1] + 1))

    assert (body["code"], body["message"]) == (50035, "Invalid Form Body")
    assert [error["code"] for error in errors_at(case.path, body)] == [case.code]


@pytest.mark.parametrize("case", cases_of([limit for limit in LIMITS if limit.minimum == 1]))
def test_nothing_is_too_short_where_one_is_needed(case: Case) -> None:
    problems = case.problems(0)

    assert BAD_LENGTH in codes_at(case.path, problems)


@pytest.mark.parametrize("case", cases_of([limit for limit in LIMITS if limit.required]))
def test_a_required_field_may_not_be_left_out(case: Case) -> None:
    problems = case.judged(None)

    assert codes_at(case.path, problems) == ["BASE_TYPE_REQUIRED"]


@pytest.mark.parametrize(
    ("what", "size", "sentence"),
    [
        ("message.content", 2000, "Must be 2000 or fewer in length."),
        ("button.custom_id", 100, "Must be between 1 and 100 in length."),
        ("message.nonce", 25, "Must be 25 or fewer characters long."),
        ("thread.auto_archive_duration", 10080, "Value must be one of (60, 1440, 4320, 10080)."),
        ("text input.max_length", 4000, "int value should be less than or equal to 4000."),
        ("command", 8000, "Command exceeds maximum size (8000)"),
    ],
)
def test_the_sentence_names_the_limit(what: str, size: int, sentence: str) -> None:
    problems = CASE_OF[what, size].problems(size + 1)

    assert problems[0].message == sentence


@pytest.mark.parametrize("minutes", [60, 1440, 4320, 10080])
def test_a_thread_is_archived_after_one_of_four_spans(minutes: int) -> None:
    taken = find_thread_problems({"name": "x", "auto_archive_duration": minutes})
    refused = find_thread_problems({"name": "x", "auto_archive_duration": minutes - 1})

    assert taken == []
    assert codes_at(("auto_archive_duration",), refused) == ["BASE_TYPE_CHOICES"]


def test_characters_are_code_points() -> None:
    assert message(content="😀" * 2000) == []


def test_half_of_a_surrogate_pair_is_counted_and_no_fault_of_ours() -> None:
    assert shown({"type": 10, "content": "\ud83d"}) == []


def test_only_the_longest_translation_counts_in_a_command() -> None:
    translations = {"de": text(100), "fr": text(100)}
    whole = command_of(8000 - 99)

    taken = find_command_problems([{**whole, "description_localizations": translations}])
    refused = find_command_problems(
        [{**whole, "description_localizations": {**translations, "it": text(101)}}]
    )

    assert taken == []
    assert codes_at((0,), refused) == ["APPLICATION_COMMAND_TOO_LARGE"]


def test_a_choice_may_have_a_number_as_its_value() -> None:
    assert suggested(value=12) == []


def test_null_is_taken_for_a_field_left_out() -> None:
    fields = ("content", "embeds", "components", "nonce")

    assert message(**dict.fromkeys(fields), attachments=[{"id": 0}]) == []


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
    assert [(each.code, each.path[-1]) for each in refused] == [
        ("UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "media")
    ]


def test_a_picture_may_stand_elsewhere() -> None:
    assert find_reference_problems({"components": [THUMBNAIL, TEXT]}, ()) == []


def test_a_section_stands_beside_something() -> None:
    problems = shown({"type": 9, "components": [TEXT]})

    assert problems == [
        Problem(("components", 0, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
    ]


def test_a_custom_id_stands_once_in_a_message() -> None:
    section = {"type": 9, "components": [TEXT], "accessory": button(1)}

    problems = shown(row(button(1), button(2)), {"type": 17, "components": [section]})

    assert problems == [
        Problem(
            ("components", 1, "components", 0, "accessory", "custom_id"),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        )
    ]


def test_a_custom_id_stands_once_in_a_modal() -> None:
    problems = modal(components=[label(1), label(1)])

    assert codes_at(("components", 1, "component", "custom_id"), problems) == [
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
    problems = shown(row({"type": 2, "label": "x", **fields}))

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
    assert shown(row({"type": 2, **fields})) == []


def test_the_sentence_names_the_scheme_of_a_link() -> None:
    problems = shown(row(link("steam://run/1")))

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
    problems = message(components=[row(button()), TEXT], flags=64)

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

    assert codes_at(("components", 0), named) == ["UNION_TYPE_CHOICES"]
    assert unnamed == []


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


def test_five_context_menus_of_each_type_are_taken() -> None:
    menus = [{"type": kind, "name": f"Ask {place}"} for kind in (2, 3) for place in range(5)]

    assert find_command_problems(menus) == []


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
def test_any_json_is_judged_and_each_problem_told(payload: Json, commands: list[Json]) -> None:
    found = [
        *find_message_problems(payload),
        *find_modal_problems(payload),
        *find_autocomplete_problems(payload),
        *find_thread_problems(payload),
        *find_command_problems(commands),
    ]

    body = build_error_body(found)

    told = {problem for problem in found if not problem.code.isdecimal()}
    assert all(
        {"code": problem.code, "message": problem.message} in errors_at(problem.path, body)
        for problem in told
    )
