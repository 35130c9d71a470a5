from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import (
    ERROR_MESSAGE,
    ERROR_SENTENCES,
    HOW_TO_ASK,
    build_error_blocks,
    report_errors,
)
from bot.discord_ui.messages.replies import Reply
from bot.errors import (
    AnswerExpired,
    ArticleError,
    BotError,
    EmptyQuestion,
    FileError,
    MigrationFailed,
    ReversedBounds,
    SettingsError,
    StoreError,
    TooManyQuestions,
)
from bot.model.guild_preferences import GuildPreferences
from bot.presentation.blocks import Block, Line
from bot.presentation.errors import describe_error
from bot.runtime import logs
from bot.runtime.pseudonyms import Pseudonymizer
from tests.builders import an_app
from tests.discord_ui.conftest import RunningBot

FACTS = logs.LogFields(way="ask")
FOLDER = Path("/data/secret-folder")


def iter_error_types(base: type[BotError] = BotError) -> Iterator[type[BotError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from iter_error_types(kind)


def join_lines(blocks: tuple[Block, ...]) -> str:
    return "\n".join(block.text for block in blocks if isinstance(block, Line))


@pytest.mark.parametrize("kind", list(iter_error_types()))
def test_every_error_has_its_sentence_or_that_of_its_parent(kind: type[BotError]) -> None:
    parents = set(kind.__mro__) - {BotError}

    assert parents & ERROR_SENTENCES.keys()


@pytest.mark.parametrize(
    "error",
    [
        SettingsError(str(FOLDER), "key", "remedy"),
        StoreError(FOLDER, "it is broken"),
        MigrationFailed(FOLDER, "no", "votes"),
        ArticleError(FOLDER, 1, "no text"),
        ValueError("secret-folder"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_internal_error_shows_the_error_id_of_the_log_and_no_folders(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = join_lines(build_error_blocks(error, FACTS))

    error_id = sentence.rstrip(".").rpartition(" ")[2]
    assert "secret-folder" not in sentence
    assert len(error_id) == 8
    assert error_id in capsys.readouterr().out


@pytest.mark.parametrize(
    "error",
    [
        TooManyQuestions(10, timedelta(seconds=7)),
        ReversedBounds(date(2026, 3, 3), date(2026, 3, 1)),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_person_s_own_error_shows_its_sentence_and_is_not_logged(
    error: BotError, capsys: pytest.CaptureFixture[str]
) -> None:
    assert join_lines(build_error_blocks(error, FACTS)) == describe_error(error)
    assert not capsys.readouterr().out


@pytest.mark.parametrize("error", [EmptyQuestion(), AnswerExpired()])
def test_an_error_that_needs_another_question_says_how_to_ask(error: BotError) -> None:
    assert join_lines(build_error_blocks(error, FACTS)) == f"{describe_error(error)}\n{HOW_TO_ASK}"


def test_no_error_that_names_a_file_speaks_for_itself() -> None:
    naming = (SettingsError, StoreError, FileError)

    assert ERROR_MESSAGE not in {ERROR_SENTENCES[kind] for kind in naming}


async def test_an_unreadable_library_is_reported_in_the_deferred_answer(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise StoreError(FOLDER, "it is broken")

    monkeypatch.setattr(type(bot.app.answers), "put", broken)

    by_message = await bot.mention()
    by_command = await bot.ask()

    assert "I can't read the library right now" in by_message.text
    assert "I can't read the library right now" in by_command.text


def build_refusal(kind: type[discord.HTTPException], code: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=400, reason="")
    return kind(response, {"code": code, "message": ""})


class FailingReply(Reply):
    """A reply that Discord always refuses with the error."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.refusals = 0
        self.facts = FACTS

    def apply_preferences(self, _preferences: GuildPreferences) -> None:
        raise self.error

    async def begin(self) -> None:
        raise self.error

    async def send(self, _blocks: Sequence[Block], *, key: str = "") -> None:  # noqa: ARG002 - as it is called
        raise self.error

    async def refuse(self, _blocks: Sequence[Block], *, permanent: bool = True) -> None:  # noqa: ARG002
        self.refusals += 1
        raise self.error


@pytest.mark.parametrize("code", [10003, 10008, 10015, 10062])
async def test_nothing_is_said_to_who_is_gone(tmp_path: Path, code: int) -> None:
    reply = FailingReply(build_refusal(discord.NotFound, code))
    async with (
        an_app(tmp_path) as app,
        report_errors(BotContext(app.services, Pseudonymizer(b"key")), reply),
    ):
        await reply.begin()

    assert not reply.refusals


@pytest.mark.parametrize(
    "error",
    [build_refusal(discord.HTTPException, 0), TimeoutError()],
    ids=["refused", "unreachable"],
)
async def test_what_can_not_be_said_is_logged(
    tmp_path: Path, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = FailingReply(error)
    async with (
        an_app(tmp_path) as app,
        report_errors(BotContext(app.services, Pseudonymizer(b"key")), reply),
    ):
        await reply.begin()

    assert reply.refusals == 1
    assert "Error message not sent" in capsys.readouterr().out


async def test_who_is_gone_when_the_refusal_comes_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = FailingReply(build_refusal(discord.NotFound, 10062))
    async with (
        an_app(tmp_path) as app,
        report_errors(BotContext(app.services, Pseudonymizer(b"key")), reply),
    ):
        raise AnswerExpired

    assert "Reply dropped: the message or interaction no longer exists" in capsys.readouterr().out
