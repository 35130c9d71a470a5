"""Checks of payloads; each raises the error that Discord would answer."""

from collections.abc import Sequence

from bot.local_discord.errors import ApiError, ErrorResponse
from bot.local_discord.rest.error_templates import Problem
from bot.local_discord.rest.payload_problems import (
    build_error_body,
    find_autocomplete_problems,
    find_command_problems,
    find_count_problems,
    find_message_problems,
    find_modal_problems,
    find_reference_problems,
    find_thread_problems,
    find_upload_problems,
)
from bot.local_discord.world.constants import MessageFlag
from bot.local_discord.world.records import Json, Message, Upload

STATUS_BY_CODE = {40005: 413}
"""The status of a JSON error code; 400 if the code is not listed."""


def check_message(
    body: Json,
    uploads: Sequence[Upload] = (),
    *,
    existing_filenames: Sequence[str] = (),
    parent_field: str = "",
) -> None:
    """Raise ApiError if Discord would refuse the message.

    Args:
        body: The message.
        uploads: The files that came with it.
        existing_filenames: The names of the files that it already has.
        parent_field: The field of the payload that holds the message.

    Raises:
        ApiError: 50035 with the faulty fields, 50006 if it is empty, 40005 if a file is too big.
    """
    raise_for_problems(find_upload_problems(len(upload.data) for upload in uploads))
    attachments = body.get("attachments") or [{} for _ in uploads]
    filenames = {*existing_filenames, *(upload.filename for upload in uploads)}
    problems = find_message_problems({**body, "attachments": attachments})
    raise_for_problems(problems + find_reference_problems(body, filenames), parent_field)


def check_edit(
    message: Message, body: Json, uploads: Sequence[Upload] = (), *, parent_field: str = ""
) -> None:
    """Raise ApiError if Discord would refuse the message in the state after an edit.

    Raises:
        ApiError: 50035 with the faulty fields, 50006 if nothing would be left.
    """
    fields = {
        "content": message.content,
        "embeds": list(message.embeds),
        "components": list(message.components),
        "attachments": [{} for _ in message.attachments],
    }
    non_empty_fields = {field: value for field, value in fields.items() if value}
    # The flags of an edit add to those of the message, so Components V2 stay Components V2.
    flags = int(message.flags | MessageFlag(body.get("flags") or 0))
    filenames = [attachment.filename for attachment in message.attachments]
    check_message(
        {**non_empty_fields, **body, "flags": flags},
        uploads,
        existing_filenames=filenames,
        parent_field=parent_field,
    )


def check_choices(data: Json) -> None:
    """Raise ApiError if Discord would refuse the suggestions."""
    raise_for_problems(find_autocomplete_problems(data), "data")


def check_modal(data: Json) -> None:
    """Raise ApiError if Discord would refuse the modal."""
    raise_for_problems(find_modal_problems(data), "data")


def check_commands(commands: Sequence[Json]) -> None:
    """Raise ApiError if Discord would refuse the commands."""
    raise_for_problems(find_command_problems(commands))


def check_thread(body: Json) -> None:
    """Raise ApiError if Discord would refuse the thread."""
    raise_for_problems(find_thread_problems(body))


def check_created_commands(count: int, retry_after: float) -> None:
    """Raise ApiError if so many commands are too many for a day.

    Raises:
        ApiError: 30034, with the seconds to wait.
    """
    raise_for_problems(find_count_problems("created commands", count), retry_after=retry_after)


def check_follow_ups(count: int) -> None:
    """Raise ApiError if so many follow-ups are too many for an interaction of a user install."""
    raise_for_problems(find_count_problems("follow-ups", count))


def raise_for_problems(
    problems: Sequence[Problem], parent_field: str = "", *, retry_after: float | None = None
) -> None:
    """Raise ApiError if there are problems, with the fields inside the field `parent_field`."""
    if not problems:
        return
    body = build_error_body(problems)
    code = body["code"]
    fields = body.get("errors")
    if fields is not None and parent_field:
        fields = {parent_field: fields}
    response = ErrorResponse(STATUS_BY_CODE.get(code, 400), code, body["message"])
    raise ApiError(response, fields, retry_after=retry_after)
