"""The command that runs a Discord with a terminal."""

import io
from collections.abc import AsyncIterator

import pytest

from bot.local_discord.main import converse, run


async def test_a_conversation_begins_with_what_to_set_and_ends_with_its_input() -> None:
    async def lines() -> AsyncIterator[str]:
        yield "hello"

    async def until_quit() -> AsyncIterator[str]:
        yield "quit"
        yield "never"

    output: list[str] = []
    await converse(lines(), output.append)
    await converse(until_quit(), output.append)

    assert "DATELINE_DISCORD__API_URL=http://127.0.0.1:" in output[0]
    assert "DISCORD_TOKEN=" in output[0]
    assert "  hello" in output
    assert "  never" not in output


@pytest.mark.parametrize("text", ["hello\n\nquit\n", "hello\n"])
def test_the_command_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))

    run(0)

    assert "anna:\n  hello\n" in capsys.readouterr().out
