"""The problems that Discord finds in a payload, and the error body that lists them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bot.local_discord.errors import INVALID_FORM_BODY
from bot.local_discord.rest.error_templates import ATTACHMENT_NOT_FOUND, EMPTY_MESSAGE, Problem
from bot.local_discord.rest.payload_limits import check_limits
from bot.local_discord.rest.payload_parts import Part, Payload, walk_parts
from bot.local_discord.rest.structure_checks import (
    CHECK_BY_KIND,
    LEGACY_FIELDS,
    check_custom_ids,
    check_layout,
)

ATTACHMENT_SCHEME = "attachment://"
CONTENT_FIELDS = (*LEGACY_FIELDS, "components", "attachments")


def _find_problems(parts: Sequence[Part]) -> list[Problem]:
    """Return the problems of the parts in their order; repeated custom ids come last."""
    problems: list[Problem] = []
    for part in parts:
        problems += check_limits(part)
        if part.kind in CHECK_BY_KIND:
            problems += CHECK_BY_KIND[part.kind](part)
    return [*problems, *check_custom_ids(parts)]


def _is_empty(payload: Payload) -> bool:
    """Return whether the message has nothing to show."""
    return not any(str(payload.get(field) or "").strip() for field in CONTENT_FIELDS)


def find_message_problems(payload: Payload, *, is_edit: bool = False) -> list[Problem]:
    """Return the problems of a new message, or of the fields that an edit names.

    This does not know the flags of the edited message, nor whether the edit would leave it empty.
    So an edit without `flags` may have components of any kind.
    """
    parts = list(walk_parts("message", payload))
    problems = _find_problems(parts)
    if not is_edit or "flags" in payload:
        problems += check_layout(payload, parts)
    if not is_edit and _is_empty(payload):
        problems.append(EMPTY_MESSAGE.build_problem())
    return problems


def find_reference_problems(payload: Payload, filenames: Collection[str]) -> list[Problem]:
    """Return a problem for each component that shows a file that the message does not have."""
    return [
        ATTACHMENT_NOT_FOUND.build_problem(*part.path, "media")
        for part in walk_parts("component", payload.get("components"), ("components",))
        if (filename := _get_attachment_name(part.value.get("media"))) is not None
        and filename not in filenames
    ]


def _get_attachment_name(media: object) -> str | None:
    """Return the name of the shown file of the message; None if the URL is another."""
    url = str(media.get("url")) if isinstance(media, Mapping) else ""
    return url.removeprefix(ATTACHMENT_SCHEME) if url.startswith(ATTACHMENT_SCHEME) else None


def find_modal_problems(payload: Payload) -> list[Problem]:
    """Return the problems of a modal, given as the `data` of the response."""
    return _find_problems(list(walk_parts("modal", payload)))


def find_autocomplete_problems(payload: Payload) -> list[Problem]:
    """Return the problems of suggestions, given as the `data` of the response."""
    return _find_problems(list(walk_parts("autocomplete", payload)))


def find_command_problems(payloads: Sequence[Payload]) -> list[Problem]:
    """Return the problems of all commands of an application, sent together."""
    commands = list(payloads)
    return _find_problems([Part("commands", commands, ()), *walk_parts("command", commands)])


def find_thread_problems(payload: Payload) -> list[Problem]:
    """Return the problems of a new thread."""
    return _find_problems(list(walk_parts("thread", payload)))


def find_upload_problems(sizes: Iterable[int]) -> list[Problem]:
    """Return the problems of files, given their sizes in bytes."""
    return _find_problems(
        [Part("upload", size, ("files", index)) for index, size in enumerate(sizes)]
    )


def find_count_problems(kind: str, count: int) -> list[Problem]:
    """Return the problem of a count for which the table has a limit of its own, if it is over."""
    return _find_problems([Part(kind, count, ())])


def build_error_body(problems: Sequence[Problem]) -> dict[str, Any]:
    """Build the body of the error: all faulty fields, or else the first problem of the payload."""
    field_problems = [problem for problem in problems if not problem.code.isdecimal()]
    if not field_problems:
        return {"code": int(problems[0].code), "message": problems[0].message}
    errors: dict[str, Any] = {}
    for problem in field_problems:
        node = errors
        for key in problem.path:
            node = node.setdefault(str(key), {})
        error = {"code": problem.code, "message": problem.message}
        node.setdefault("_errors", []).append(error)
    return {
        "code": INVALID_FORM_BODY.code,
        "message": INVALID_FORM_BODY.message,
        "errors": errors,
    }
