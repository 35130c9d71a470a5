"""What the bot logs, and what it keeps out of its logs.

Nothing that a person typed, no user id and no token gets in: fields have known names and are
numbers or short names, errors are told without what they say (it may quote a person), and of other
libraries' records only the first line stays, with the numbers filled in.
"""

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from functools import partial
from typing import Any, LiteralString, TextIO, TypedDict, Unpack

import structlog
from pydantic import SecretStr
from structlog.typing import EventDict, Processor

from bot.errors import MigrationFailed, StoreError
from bot.settings.sections import LogSettings

WITHHELD = "…"
"""What stands in place of what is kept out."""

_SHORT_NAME = re.compile(r"[\w.:/-]{1,40}")
_TOKEN_LIKE = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{18,}|[\w-]{40,}")
_ID_LIKE = re.compile(r"\d{16,20}")
_PLACEHOLDER = re.compile(r"%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]")

_STRUCTLOG_KEYS = frozenset({"event", "level", "timestamp", "exception"})


class LogFields(TypedDict, total=False):
    """What may be told of an event beside its name; `guild` and `channel` may be ids."""

    answered: bool
    attempt: int
    channel: int
    code: int
    count: int
    error_id: str
    guild: int
    library: str
    milliseconds: float
    part: str
    shard: int
    status: int
    way: str


_FIELDS = frozenset(LogFields.__annotations__)
_ID_FIELDS = frozenset({"channel", "guild"})


def configure(
    settings: LogSettings, *, token: SecretStr | None = None, stream: TextIO | None = None
) -> None:
    """Sends what is logged from now on, here and by libraries, to one stream.

    Args:
        settings: The form and the level.
        token: What is struck out wherever it turns up.
        stream: Where the lines go; None for the standard error.
    """
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    output = stream or sys.stderr
    secret = token.get_secret_value() if token else ""
    renderer = _make_renderer(settings.format, has_colours=output.isatty())
    structlog.configure(
        processors=[*_make_processors(secret), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(output),
        cache_logger_on_first_use=False,
    )
    # Below INFO, discord.py logs whole payloads.
    logging.basicConfig(handlers=[_LibraryHandler()], level=max(level, logging.INFO), force=True)


def _make_processors(secret: str) -> tuple[Processor, ...]:
    return (
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _strip_error_messages,
        partial(_filter_fields, secret=secret),
    )


def _make_renderer(log_format: str, *, has_colours: bool) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    # The default formatter prints local variables, and what people typed is among them.
    format_traceback = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(
        colors=has_colours, exception_formatter=format_traceback, pad_event_to=0
    )


def info(event: LiteralString, **fields: Unpack[LogFields]) -> None:
    """Logs that something happened; `event` is one of our own sentences, without data."""
    structlog.get_logger().info(event, **fields)


def warning(event: LiteralString, **fields: Unpack[LogFields]) -> None:
    """Logs what an operator may want to look into."""
    structlog.get_logger().warning(event, **fields)


def exception(event: LiteralString, error: BaseException, **fields: Unpack[LogFields]) -> str:
    """Logs an error with where it came from; gives the id by which the entry can be found."""
    error_id = secrets.token_hex(4)
    structlog.get_logger().error(event, exc_info=error, **{**fields, "error_id": error_id})
    return error_id


class _LibraryHandler(logging.Handler):
    """Hands what libraries log with the standard library to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        level = min(record.levelno // 10 * 10, logging.CRITICAL)  # structlog knows no others
        library = record.name.split(".")[0]
        structlog.get_logger().log(level, _fill_in_numbers(record), library=library, exc_info=error)


def _fill_in_numbers(record: logging.LogRecord) -> str:
    """The first line of the record's text, with its numbers alone filled in."""
    args = iter(record.args if isinstance(record.args, tuple) else ())

    def fill_number(placeholder: re.Match[str]) -> str:
        arg = next(args, None)
        return placeholder[0] % arg if isinstance(arg, int | float) else WITHHELD

    return _PLACEHOLDER.sub(fill_number, str(record.msg).partition("\n")[0])


def _strip_error_messages(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Turns the error into the text `exception`: where it and its causes were raised."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_format_error_lines(error))
    return event


def _format_error_lines(error: BaseException) -> Iterator[str]:
    """An error and what it came from, each as the places it went through and its kind."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause:
        yield from _format_error_lines(cause)
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    message_suffix = f": {_get_safe_message(error)}" if _get_safe_message(error) else ""
    yield f"{type(error).__module__}.{type(error).__qualname__}{message_suffix}"


def _get_safe_message(error: BaseException) -> str | None:
    """Return what the error says, if that can't hold anything that a person typed."""
    if isinstance(error, MigrationFailed):
        failure = f"migration {error.migration} failed ({error.reason}); it was left as it was."
        return f"The database {error.path} can't be used: {failure}"
    if isinstance(error, StoreError):
        return f"The database {error.path} can't be used: {error.reason}"
    return error.strerror if isinstance(error, OSError) else None


def _filter_fields(_logger: Any, _method: str, event: EventDict, *, secret: str) -> EventDict:
    """The event with nothing in it but what may be there."""
    allowed: EventDict = {}
    for key, value in event.items():
        if key in _FIELDS:
            allowed[key] = _sanitize_field(key, value)
        elif key in _STRUCTLOG_KEYS:
            allowed[key] = str(value)
    return {
        key: _redact(value, secret) if isinstance(value, str) else value
        for key, value in allowed.items()
    }


def _sanitize_field(key: str, value: object) -> object:
    if isinstance(value, int | float):
        return WITHHELD if key not in _ID_FIELDS and _ID_LIKE.search(str(value)) else value
    text = str(value)
    return text if _SHORT_NAME.fullmatch(text) else WITHHELD


def _redact(text: str, secret: str) -> str:
    text = text.replace(secret, WITHHELD) if secret else text
    text = _ID_LIKE.sub(WITHHELD, _TOKEN_LIKE.sub(WITHHELD, text))
    return "".join(char if char.isprintable() or char == "\n" else WITHHELD for char in text)
