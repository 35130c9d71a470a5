import asyncio
import errno
import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from bot.errors import StoreError, UnknownDate
from bot.runtime import logs
from bot.runtime.logs import WITHHELD
from bot.settings.sections import LogSettings

QUESTION = "Who stole the Mona Lisa?"
USER_ID = 123456789012345678
GUILD_ID = 223456789012345678
# Put together here, so that no scanner takes it for a real one.
TOKEN = ".".join(["MTIzNDU2Nzg5MDEyMzQ1Njc4", "GxYz12", "a" * 38])
SHORT_TOKEN = "local-token"  # noqa: S105 - of no real Discord
INTERACTION_TOKEN = "aW50ZXJhY3Rpb24" * 10

Lines = list[dict[str, Any]]


def set_up_logs(**settings: Any) -> io.StringIO:
    stream = io.StringIO()
    logs.configure(LogSettings(**settings), token=SecretStr(SHORT_TOKEN), stream=stream)
    return stream


@pytest.fixture
def stream() -> io.StringIO:
    return set_up_logs(format="json")


def read_lines(stream: io.StringIO) -> Lines:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail(error: Exception) -> None:
    question = QUESTION  # a local variable, as a traceback could show it
    assert question
    raise error


def catch(error: Exception) -> Exception:
    """Return the error as it is after it was raised and caught."""
    with pytest.raises(type(error)) as caught:
        fail(error)
    return caught.value


def test_an_event_is_one_json_object_with_its_facts(stream: io.StringIO) -> None:
    logs.info("answered", way="mention", guild=GUILD_ID, milliseconds=12.5, answered=True)

    (line,) = read_lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "answered",
        "level": "info",
        "way": "mention",
        "guild": GUILD_ID,
        "milliseconds": 12.5,
        "answered": True,
    }


def test_an_event_for_people_is_one_plain_line() -> None:
    stream = set_up_logs(format="people")

    logs.warning("gateway closed", code=1006, shard=0)

    (line,) = stream.getvalue().splitlines()
    assert "warning" in line
    assert "gateway closed code=1006 shard=0" in line


@pytest.mark.parametrize(
    ("level", "expected"),
    [("debug", 3), ("info", 3), ("warning", 2), ("error", 1)],
)
def test_lighter_events_than_the_level_are_left_out(level: str, expected: int) -> None:
    stream = set_up_logs(format="json", level=level)

    logs.info("one")
    logs.warning("two")
    logs.exception("three", ValueError())

    assert len(read_lines(stream)) == expected


def test_a_failure_is_found_by_its_id_and_says_where_it_came_from(stream: io.StringIO) -> None:
    error_id = logs.exception("a button failed", catch(KeyError("x")), way="button")

    (line,) = read_lines(stream)
    assert line["error_id"] == error_id
    assert (line["level"], line["way"]) == ("error", "button")
    assert "test_logs.py" in line["exception"]
    assert line["exception"].endswith("builtins.KeyError")


def test_two_failures_have_two_ids(stream: io.StringIO) -> None:
    first, second = (logs.exception("failed", ValueError()) for _ in range(2))

    assert first != second
    assert len(read_lines(stream)) == 2


def test_the_causes_of_an_error_are_logged_first(stream: io.StringIO) -> None:
    outer = RuntimeError()
    outer.__cause__ = catch(KeyError())
    inner = ValueError()
    inner.__context__ = outer
    hidden = TypeError()
    hidden.__context__ = inner
    hidden.__suppress_context__ = True

    logs.exception("failed", inner)
    logs.exception("failed", hidden)

    first, second = (line["exception"] for line in read_lines(stream))
    kinds = [line for line in first.splitlines() if line.startswith("builtins")]
    assert kinds == ["builtins.KeyError", "builtins.RuntimeError", "builtins.ValueError"]
    assert second == "builtins.TypeError"


def test_errors_that_can_not_quote_a_person_say_what_is_wrong(stream: io.StringIO) -> None:
    logs.exception("failed", StoreError(Path("dateline.sqlite3"), "the disk is full."))
    logs.exception("failed", OSError(28, "No space left on device", QUESTION))

    store, system = (line["exception"] for line in read_lines(stream))
    assert "dateline.sqlite3 can't be used: the disk is full." in store
    assert system == "builtins.OSError: No space left on device"


def test_records_of_libraries_are_logged_with_their_numbers_alone(stream: io.StringIO) -> None:
    log = logging.getLogger("discord.http")

    log.warning("We wait. %s %s answered %s, %.2f s left.", "POST", "/x", 429, 0.5)

    (line,) = read_lines(stream)
    assert line["event"] == f"We wait. {WITHHELD} {WITHHELD} answered 429, 0.50 s left."
    assert (line["level"], line["library"]) == ("warning", "discord")


def test_records_of_libraries_of_any_level_and_form_are_logged(stream: io.StringIO) -> None:
    log = logging.getLogger("aiohttp.client")

    log.log(25, "between")
    log.log(70, "beyond")
    log.error({"no": "text"})
    log.error("by name: %(name)s", {"name": QUESTION})

    lines = read_lines(stream)
    assert [line["level"] for line in lines] == ["info", "critical", "error", "error"]
    assert lines[3]["event"] == "by name: %(name)s"


def test_payloads_that_discord_logs_to_debug_never_show() -> None:
    stream = set_up_logs(format="json", level="debug")

    logging.getLogger("discord.gateway").debug("For Shard ID %s: WebSocket Event: %s", 1, QUESTION)

    assert not read_lines(stream)


def log_through_everything() -> None:
    """Log everything that must be removed, in every possible way."""
    bad: Any = {"question": QUESTION, "user": USER_ID, "token": TOKEN}
    for text in (QUESTION, f"id {USER_ID}", TOKEN, SHORT_TOKEN, INTERACTION_TOKEN):
        error = catch(ValueError(text))
        facts: Any = dict.fromkeys(
            logs.LogFields.__annotations__.keys() - {"guild", "channel"}, text
        )
        facts |= {"count": USER_ID, "guild": f"{text} {text}", "attempt": str(USER_ID)}
        logs.info("told", **facts, **bad)
        logs.warning("told", **facts, **bad)
        logs.exception("told", error, **facts, **bad)
        logs.exception("told", catch(UnknownDate(text)))
        structlog.get_logger().error("told", **bad, exc_info=error)
        for library in ("discord.client", "asyncio", "anything"):
            log = logging.getLogger(library)
            log.error("told %s %r %d", text, error, USER_ID, exc_info=error)
            log.error("told\n%s", text)
            log.error("told %(text)s", {"text": text})
    logging.getLogger("discord").error(f"POST /webhooks/1/{INTERACTION_TOKEN} {USER_ID} {TOKEN}")  # noqa: G004


@pytest.mark.parametrize("form", ["json", "people"])
def test_no_question_no_user_id_and_no_token_gets_in(form: str) -> None:
    stream = set_up_logs(format=form, level="debug")

    log_through_everything()

    written = stream.getvalue()
    assert written.count("told") > 50
    # Longer than an entry's own id, because a random id can contain "aaaa".
    for secret in ("Mona", str(USER_ID), "MTIzND", "a" * 9, SHORT_TOKEN, "aW50ZXJ"):
        assert secret not in written


def test_a_task_that_failed_unseen_is_logged_without_its_content(stream: io.StringIO) -> None:
    loop = asyncio.new_event_loop()

    loop.call_exception_handler(
        {"message": "Task died", "question": QUESTION, "exception": catch(ValueError(QUESTION))}
    )
    loop.close()

    (line,) = read_lines(stream)
    assert line["event"] == "Task died"
    assert line["library"] == "asyncio"
    assert "Mona" not in stream.getvalue()


def test_without_a_token_everything_else_is_still_withheld() -> None:
    stream = io.StringIO()
    logs.configure(LogSettings(format="json"), stream=stream)

    logging.getLogger("discord").error(f"with {TOKEN}")  # noqa: G004 - a message made by a library

    (line,) = read_lines(stream)
    assert line["event"] == f"with {WITHHELD}"


def test_control_characters_do_not_reach_the_terminal() -> None:
    stream = set_up_logs(format="people")

    logging.getLogger("discord").error("red \x1b[31m")

    assert "\x1b" not in stream.getvalue()


def test_a_line_break_in_an_event_begins_no_new_event() -> None:
    stream = set_up_logs(format="people")

    structlog.get_logger().info("Refused: a.txt\n2026-03-02T12:00:00Z [info] Stopping")

    assert len(stream.getvalue().splitlines()) == 1


class FullDisk(io.StringIO):
    """A stream to a disk without space."""

    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_does_not_stop_what_is_logged() -> None:
    logs.configure(LogSettings(format="json"), stream=FullDisk())

    logs.info("Stopping")
    logging.getLogger("discord").error("late")
