"""Payloads held against Discord's limits before anything is done with them."""

from collections.abc import Sequence

from bot.local_discord.errors import Refused
from bot.local_discord.rest import limits
from bot.local_discord.world.posting import Upload
from bot.local_discord.world.records import Flag, Json, Message

STATUS = {40005: 413}
"""The status of a code; 400 where it is not named."""


def check_message(
    body: Json, uploads: Sequence[Upload] = (), *, kept: Sequence[str] = (), within: str = ""
) -> None:
    """Nothing, where Discord would take the message.

    Args:
        body: The message.
        uploads: The files that came with it.
        kept: The names of the files that it has already.
        within: The field that it stands in.

    Raises:
        Refused: 50035 with the fields at fault, 50006 where it is empty, 40005 for big files.
    """
    refuse(limits.upload_problems(len(upload.data) for upload in uploads))
    attachments = body.get("attachments") or [{} for _ in uploads]
    names = {*kept, *(upload.filename for upload in uploads)}
    problems = limits.message_problems({**body, "attachments": attachments})
    refuse(problems + limits.reference_problems(body, names), within)


def check_edit(
    message: Message, body: Json, uploads: Sequence[Upload] = (), *, within: str = ""
) -> None:
    """Nothing, where Discord would take what the message is after the edit.

    Raises:
        Refused: 50035 with the fields at fault, 50006 where nothing would be left.
    """
    before = {
        "content": message.content,
        "embeds": list(message.embeds),
        "components": list(message.components),
        "attachments": [{} for _ in message.attachments],
    }
    held = {field: value for field, value in before.items() if value}
    flags = int(message.flags | Flag(body.get("flags") or 0))
    kept = [attachment.filename for attachment in message.attachments]
    check_message({**held, **body, "flags": flags}, uploads, kept=kept, within=within)


def check_choices(data: Json) -> None:
    """Nothing, where Discord would show the choices."""
    refuse(limits.autocomplete_problems(data), "data")


def check_modal(data: Json) -> None:
    """Nothing, where Discord would open the modal."""
    refuse(limits.modal_problems(data), "data")


def check_commands(commands: Sequence[Json]) -> None:
    """Nothing, where Discord would register the commands."""
    refuse(limits.commands_problems(commands))


def check_thread(body: Json) -> None:
    """Nothing, where Discord would open the thread."""
    refuse(limits.thread_problems(body))


def refuse(problems: Sequence[limits.Problem], within: str = "") -> None:
    """Nothing, where there are no problems.

    Raises:
        Refused: With the body that Discord answers; fields stand inside the field `within`.
    """
    if not problems:
        return
    body = limits.error_body(problems)
    errors = body.get("errors")
    if errors is not None and within:
        errors = {within: errors}
    raise Refused(STATUS.get(body["code"], 400), body["code"], body["message"], errors)
