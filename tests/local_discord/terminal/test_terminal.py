"""A conversation by hand, and how messages look as text."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.local_discord.main import converse, format_greeting, run
from bot.local_discord.server import LocalDiscord
from bot.local_discord.terminal.rendering import render_message
from bot.local_discord.terminal.terminal import Terminal
from bot.local_discord.world.constants import MessageFlag
from bot.local_discord.world.records import Attachment, Message, Pings
from tests.local_discord.sample_bot import SampleBot
from tests.local_discord.starting import asked

NAMES = {1: "anna", 2: "Dateline"}


def a_message(**attributes: object) -> Message:
    return Message(id=9, channel_id=8, author_id=2, sent_at=0.0, **attributes)  # type: ignore[arg-type]  # any of them


class Written:
    """What stands in the terminal."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        self.lines.append(line)

    @property
    def last(self) -> str:
        return self.lines[-1]


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
def terminal(local: LocalDiscord, written: Written) -> Terminal:
    return Terminal(local.world, written)


async def typed(terminal: Terminal, *lines: str) -> None:
    for line in lines:
        assert await terminal.handle_line(line)


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        (a_message(content="one\ntwo"), ["Dateline:", "  one", "  two"]),
        (a_message(content=r"2\. <@1> \<@5> <@7>"), ["Dateline:", "  2. @anna <@5> @7"]),
        (a_message(content=r"a\_b \ä\ c\d \7"), ["Dateline:", r"  a_b ä\ c\d \7"]),
        (a_message(content="a\x1b[2J\u202eb\u2067"), ["Dateline:", "  a[2Jb"]),
        (a_message(flags=MessageFlag.LOADING), ["Dateline:", "  is thinking…"]),
        (
            a_message(content="x", only_for=1, edited_at=1.0),
            ["Dateline (edited, only anna sees this):", "  x"],
        ),
        (
            a_message(content="x", pings=Pings(users=(1,), roles=(4,), everyone=True)),
            ["Dateline (pings everyone, anna, role 4):", "  x"],
        ),
        (
            a_message(
                embeds=(
                    {"title": "T", "fields": [{"name": "n", "value": "v"}]},
                    {"description": "D"},
                )
            ),
            ["Dateline:", "  | T", "  | n: v", "  | D"],
        ),
        (
            a_message(
                attachments=(
                    Attachment(id=1, filename="a.png", content_type="image/png", data=b""),
                )
            ),
            ["Dateline:", "  [file] a.png"],
        ),
        (
            a_message(
                components=(
                    {"type": 2, "label": "More", "custom_id": "a"},
                    {
                        "type": 12,
                        "items": [
                            {"media": {"url": "attachment://a.png"}, "description": "A chart"},
                            {"media": {"url": "https://example.org/b.png"}},
                        ],
                    },
                ),
                attachments=(
                    Attachment(id=1, filename="a.png", content_type="image/png", data=b""),
                    Attachment(id=2, filename="c.png", content_type="image/png", data=b""),
                ),
            ),
            [
                "Dateline:",
                "  [7 More]",
                "  [picture: A chart]",
                "  [picture: not described]",
                "  [file] c.png",
            ],
        ),
        (
            a_message(
                components=(
                    {"type": 10, "content": "text"},
                    {"type": 2, "label": "More", "custom_id": "a"},
                    {"type": 2, "label": "Read", "url": "https://example.org"},
                    {"type": 14},
                    {"type": 2, "custom_id": "b"},
                )
            ),
            ["Dateline:", "  text", "  [7 More] [Read: https://example.org]", "  ────", "  [- ]"],
        ),
    ],
)
def test_a_message_is_shown_as_lines(message: Message, lines: list[str]) -> None:
    assert render_message(message, NAMES, {"a": 7}) == lines


async def test_text_is_posted_and_shown(terminal: Terminal, written: Written) -> None:
    await typed(terminal, "hello @dateline", "", "again")

    assert written.lines == [
        "anna (pings Dateline):",
        "  hello @Dateline",
        "anna:",
        "  again",
    ]


async def test_one_goes_on_as_another_elsewhere(
    local: LocalDiscord, terminal: Terminal, written: Written
) -> None:
    await typed(terminal, "@bo", "#books", "hi", "#dm", "psst", "@anna", "#Lighthouse/general")

    bo = local.find_person("bo")
    assert written.lines == [
        "-- bo in #general",
        "-- bo in #books",
        "bo:",
        "  hi",
        "-- bo in #dm",
        "bo:",
        "  psst",
        "-- anna in #dm",
        "-- anna in #general",
    ]
    assert [m.content for m in local.get_messages(bo.direct_channel)] == ["psst"]


async def test_a_command_is_typed_and_its_buttons_pressed(
    local: LocalDiscord, bot: SampleBot, terminal: Terminal, written: Written
) -> None:
    await typed(terminal, "/ask question:why now? count:4")
    await local.wait_for(lambda: "answer 4" in terminal_text(terminal, written))
    await local.wait_for(lambda: "why now? None" in terminal_text(terminal, written))

    await typed(terminal, "1", "#dm", "2")

    shown = terminal_text(terminal, written)
    assert "[1 More] [2 Next] [3 Later] [4 Form] [5 Gone]" in shown
    assert "Dateline (only anna sees this):\n  pressed 4" in shown
    assert bot.failed.empty()


def terminal_text(terminal: Terminal, written: Written) -> str:
    terminal.show_changes()
    return "\n".join(written.lines)


@pytest.mark.usefixtures("bot")
async def test_a_role_is_named_and_none_that_there_is_not(
    local: LocalDiscord, terminal: Terminal, written: Written
) -> None:
    await typed(terminal, "/digest tell whom:Nobody", "/digest tell whom:Moderators")

    await local.wait_for(lambda: "tells Moderators" in terminal_text(terminal, written))
    assert "! there is no role 'Nobody'" in written.lines


@pytest.mark.usefixtures("bot")
async def test_a_menu_is_that_of_the_last_message_of_a_person(
    local: LocalDiscord, terminal: Terminal, written: Written
) -> None:
    await typed(terminal, "one", "two")
    await local.wait_for(lambda: "echo" in terminal_text(terminal, written))

    await typed(terminal, "! Quote")

    assert "Dateline:\n  > two" in terminal_text(terminal, written)


@pytest.mark.usefixtures("bot")
async def test_a_form_is_filled_in_line_by_line(
    local: LocalDiscord, terminal: Terminal, written: Written
) -> None:
    await typed(terminal, "/ask question:why")
    await local.wait_for(lambda: "answer 1" in terminal_text(terminal, written))
    await local.wait_for(lambda: "why None" in terminal_text(terminal, written))
    before = len(written.lines)

    await typed(terminal, "4", "and then?", "a note")
    sent = written.lines[before:]
    await typed(terminal, "4", "", "")

    assert sent[:3] == ["A form opens: Follow up", "Your question?", "A note?"]
    assert "  asked and then? a note" in sent
    assert any("must be 2 to 20 characters" in line for line in written.lines)


@pytest.mark.usefixtures("bot")
async def test_a_reply_goes_to_the_bots_last_message(
    local: LocalDiscord, terminal: Terminal, written: Written
) -> None:
    await typed(terminal, "one")
    await local.wait_for(lambda: "echo" in terminal_text(terminal, written))

    await typed(terminal, "> two")

    anna = local.find_person("anna")
    await local.wait_for(lambda: "echo two" in terminal_text(terminal, written))
    assert anna.get_visible_messages(local.find_channel("general"))[2].reply_to is not None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("/never", "! there is no /never here"),
        ("7", "! there is no button 7"),
        ("#nowhere", "! there is no #nowhere"),
        ("> hi", "! there is nothing of the bot's"),
        ("! Quote", "! there is no message of a person"),
    ],
)
async def test_what_can_not_be_done_is_said(
    terminal: Terminal, written: Written, line: str, complaint: str
) -> None:
    await typed(terminal, line)

    assert written.last.startswith(complaint)


async def test_help_names_people_channels_and_guilds(terminal: Terminal, written: Written) -> None:
    await typed(terminal, "#dm", "help")

    assert "anna, bo, cleo, mod" in written.last
    assert "locked-thread" in written.last
    assert "Harbour, Lighthouse" in written.last
    assert not await terminal.handle_line("quit")


async def test_what_happens_is_shown_as_it_happens(
    local: LocalDiscord, terminal: Terminal, written: Written
) -> None:
    watching = asyncio.create_task(terminal.watch())
    await asyncio.sleep(0)

    local.find_person("bo").post(local.find_channel("general"), "hello")
    await asyncio.sleep(0)
    watching.cancel()

    assert written.lines == ["bo:", "  hello"]


async def test_a_conversation_begins_with_what_to_set_and_ends_with_its_input(
    written: Written,
) -> None:
    async def lines() -> AsyncIterator[str]:
        yield "hello"

    async def until_quit() -> AsyncIterator[str]:
        yield "quit"
        yield "never"

    await converse(lines(), written)
    await converse(until_quit(), written)

    assert "DATELINE_DISCORD__API_URL=http://127.0.0.1:" in written.lines[0]
    assert "DISCORD_TOKEN=" in written.lines[0]
    assert "  hello" in written.lines
    assert "  never" not in written.lines


@pytest.mark.parametrize("typed_in", ["hello\n\nquit\n", "hello\n"])
def test_the_command_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed_in: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed_in))

    run(0)

    assert "anna:\n  hello\n" in capsys.readouterr().out


async def test_the_port_is_taken_from_the_caller_and_only_on_loopback(
    local: LocalDiscord,
) -> None:
    assert format_greeting(local).count(f"http://127.0.0.1:{local.port}/api/v10") == 1
    with pytest.raises(OSError, match="address already in use"):
        async with LocalDiscord.start(port=local.port):
            pass


async def test_with_discords_description_shapes_are_judged_too(tmp_path: Path) -> None:
    pytest.importorskip("jsonschema")
    content = {"application/json": {"schema": {"properties": {"tts": {"type": "boolean"}}}}}
    route = {"post": {"requestBody": {"content": content}}}
    described = {"paths": {"/channels/{id}/messages": route}, "components": {"schemas": {}}}
    openapi = tmp_path / "openapi.json"
    openapi.write_text(json.dumps(described), encoding="utf-8")

    async with LocalDiscord.start(openapi=openapi) as local:
        path = f"/channels/{local.find_channel('general').id}/messages"
        status, told = await asked(local, "POST", path, json={"content": "x", "tts": "loud"})

    assert (status, told["code"]) == (400, 50035)
    assert "tts" in told["errors"]
