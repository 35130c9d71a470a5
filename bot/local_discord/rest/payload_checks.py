"""Payloads held against Discord's limits before anything is done with them."""

from collections.abc import Sequence

from bot.local_discord.errors import ApiError
from bot.local_discord.rest import limits
from bot.local_discord.world.posting import Upload
from bot.local_discord.world.records import Json, Message, MessageFlag

STATUS_BY_CODE = {40005: 413}
"""The status of a code; 400 where it is not named."""


def check_message(
    body: Json,
    uploads: Sequence[Upload] = (),
    *,
    existing_filenames: Sequence[str] = (),
    parent_field: str = "",
) -> None:
    """Nothing, where Discord would take the message.

    Args:
        body: The message.
        uploads: The files that came with it.
        existing_filenames: The names of the files that it has already.
        parent_field: The field that it stands in.

    Raises:
        Refused: 50035 with the fields at fault, 50006 where it is empty, 40005 for big files.
    """
    raise_for_problems(limits.find_upload_problems(len(upload.data) for upload in uploads))
    attachments = body.get("attachments") or [{} for _ in uploads]
    filenames = {*existing_filenames, *(upload.filename for upload in uploads)}
    problems = limits.find_message_problems({**body, "attachments": attachments})
    raise_for_problems(problems + limits.find_reference_problems(body, filenames), parent_field)


def check_edit(
    message: Message, body: Json, uploads: Sequence[Upload] = (), *, parent_field: str = ""
) -> None:
    """Nothing, where Discord would take what the message is after the edit.

    Raises:
        Refused: 50035 with the fields at fault, 50006 where nothing would be left.
    """
    fields = {
        "content": message.content,
        "embeds": list(message.embeds),
        "components": list(message.components),
        "attachments": [{} for _ in message.attachments],
    }
    non_empty_fields = {field: value for field, value in fields.items() if value}
    flags = int(message.flags | MessageFlag(body.get("flags") or 0))
    filenames = [attachment.filename for attachment in message.attachments]
    check_message(
        {**non_empty_fields, **body, "flags": flags},
        uploads,
        existing_filenames=filenames,
        parent_field=parent_field,
    )


def check_choices(data: Json) -> None:
    """Nothing, where Discord would show the choices."""
    raise_for_problems(limits.find_autocomplete_problems(data), "data")


def check_modal(data: Json) -> None:
    """Nothing, where Discord would open the modal."""
    raise_for_problems(limits.find_modal_problems(data), "data")


def check_commands(commands: Sequence[Json]) -> None:
    """Nothing, where Discord would register the commands."""
    raise_for_problems(limits.find_command_problems(commands))


def check_thread(body: Json) -> None:
    """Nothing, where Discord would open the thread."""
    raise_for_problems(limits.find_thread_problems(body))


def raise_for_problems(problems: Sequence[limits.Problem], parent_field: str = "") -> None:
    """Nothing, where there are no problems.

    Raises:
        Refused: With the body that Discord answers; fields stand inside the field `parent_field`.
    """
    if not problems:
        return
    body = limits.build_error_body(problems)
    errors = body.get("errors")
    if errors is not None and parent_field:
        errors = {parent_field: errors}
    raise ApiError(STATUS_BY_CODE.get(body["code"], 400), body["code"], body["message"], errors)
