"""Logging without anything that a person entered, without user ids and without the token.

Fields have known names, and are numbers, short names or texts that no person can influence. Errors
are logged without their messages, which may quote a person. Of the records of other libraries, only
the first line is logged, with nothing but numbers filled in.
"""

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, LiteralString, TextIO, TypedDict, Unpack, cast

import structlog
from pydantic import SecretStr
from structlog.typing import EventDict, Processor

from bot.errors import MigrationFailed, StoreError
from bot.settings.sections import LogSettings

WITHHELD = "…"
"""The replacement for anything that must not be logged."""

_MAX_PUBLIC_CHARS = 300
_SHORT_NAME = re.compile(r"[\w.:/-]{1,40}")
_TOKEN_LIKE = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{18,}|[\w-]{40,}")
_ID_LIKE = re.compile(r"\d{16,20}")
_PLACEHOLDER = re.compile(r"%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]")

_STRUCTLOG_KEYS = frozenset({"event", "level", "timestamp", "exception"})


class PublicText(str):
    """A text that may be logged as it is, because no part of it can come from a person."""

    __slots__ = ()


class LogFields(TypedDict, total=False):
    """The fields that an event can have; only `guild` and `channel` can be Discord ids."""

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
    reason: PublicText
    shard: int
    status: int
    way: str


_FIELDS = frozenset(LogFields.__annotations__)
_ID_FIELDS = frozenset({"channel", "guild"})


def configure(
    settings: LogSettings, *, token: SecretStr | None = None, stream: TextIO | None = None
) -> None:
    """Send all events from now on, also those of libraries, to one stream.

    Args:
        settings: The format and the minimum level.
        token: The token, which is removed from every event.
        stream: The stream; None for standard error.
    """
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    output = stream or sys.stderr
    secret = token.get_secret_value() if token else ""
    renderer = _make_renderer(settings.format, has_colours=output.isatty())
    structlog.configure(
        processors=[*_make_processors(secret), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _UnfailingStream(output))),
        cache_logger_on_first_use=False,
    )
    # Below INFO, discord.py logs whole payloads, with the messages of people in them.
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
    # The default formatter prints local variables, which can hold what people entered.
    format_traceback = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(
        colors=has_colours, exception_formatter=format_traceback, pad_event_to=0
    )


def info(event: LiteralString, **fields: Unpack[LogFields]) -> None:
    """Log an event; `event` is a fixed text of ours, without data."""
    structlog.get_logger().info(event, **fields)


def warning(event: LiteralString, **fields: Unpack[LogFields]) -> None:
    """Log an event that an operator may want to look into."""
    structlog.get_logger().warning(event, **fields)


def exception(event: LiteralString, error: BaseException, **fields: Unpack[LogFields]) -> str:
    """Log an error with its traceback, and return the id by which the entry can be found."""
    error_id = secrets.token_hex(4)
    structlog.get_logger().error(event, exc_info=error, **{**fields, "error_id": error_id})
    return error_id


class _UnfailingStream:
    """A stream that drops what can't be written: a full disk must not stop what is being logged."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


class _LibraryHandler(logging.Handler):
    """A handler that passes the records of other libraries on to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        # structlog only knows the standard levels.
        level = min(record.levelno // 10 * 10, logging.CRITICAL)
        library = record.name.split(".")[0]
        structlog.get_logger().log(level, _fill_in_numbers(record), library=library, exc_info=error)


def _fill_in_numbers(record: logging.LogRecord) -> str:
    """Return the first line of a record's text with only its numbers filled in."""
    args = iter(record.args if isinstance(record.args, tuple) else ())

    def fill_number(placeholder: re.Match[str]) -> str:
        arg = next(args, None)
        return placeholder[0] % arg if isinstance(arg, int | float) else WITHHELD

    return _PLACEHOLDER.sub(fill_number, str(record.msg).partition("\n")[0])


def _strip_error_messages(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace the error by the text `exception`: the tracebacks of it and its causes."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_format_error_lines(error))
    return event


def _format_error_lines(error: BaseException) -> Iterator[str]:
    """Yield the traceback and the class of an error, after those of its cause."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause:
        yield from _format_error_lines(cause)
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    message_suffix = f": {_get_safe_message(error)}" if _get_safe_message(error) else ""
    yield f"{type(error).__module__}.{type(error).__qualname__}{message_suffix}"


def _get_safe_message(error: BaseException) -> str | None:
    """Return the message of an error, if it can't contain anything that a person entered."""
    if isinstance(error, MigrationFailed):
        failure = f"Migration {error.migration} failed ({error.reason})"
        return f"{failure}; the database {error.path} was not changed."
    if isinstance(error, StoreError):
        return f"The database {error.path} can't be used: {error.reason}"
    return error.strerror if isinstance(error, OSError) else None


def _filter_fields(_logger: Any, _method: str, event: EventDict, *, secret: str) -> EventDict:
    """Return the event with only known fields and harmless values."""
    allowed: EventDict = {}
    for key, value in event.items():
        if key in _FIELDS:
            allowed[key] = _sanitize_field(key, value)
        elif key in _STRUCTLOG_KEYS:
            allowed[key] = str(value)
    return {
        key: _redact(value, secret, kept="\n" if key == "exception" else "")
        if isinstance(value, str)
        else value
        for key, value in allowed.items()
    }


def _sanitize_field(key: str, value: object) -> object:
    if isinstance(value, int | float):
        return WITHHELD if key not in _ID_FIELDS and _ID_LIKE.search(str(value)) else value
    if isinstance(value, PublicText):
        return " ".join(value.split())[:_MAX_PUBLIC_CHARS]
    text = str(value)
    return text if _SHORT_NAME.fullmatch(text) else WITHHELD


def _redact(text: str, secret: str, *, kept: str) -> str:
    """Return the text without secrets, ids and control characters, except the `kept` ones.

    A line break that comes from outside, such as in the name of a file, could forge an event.
    """
    text = text.replace(secret, WITHHELD) if secret else text
    text = _ID_LIKE.sub(WITHHELD, _TOKEN_LIKE.sub(WITHHELD, text))
    return "".join(char if char.isprintable() or char in kept else WITHHELD for char in text)
