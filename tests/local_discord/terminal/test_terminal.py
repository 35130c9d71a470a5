"""A conversation typed in the terminal."""

import asyncio

import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.terminal.terminal import Terminal
from tests.local_discord.sample_bot import SampleBot


class Output:
    """The lines that were written to the terminal."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        self.lines.append(line)

    @property
    def last(self) -> str:
        return self.lines[-1]


@pytest.fixture
def output() -> Output:
    return Output()


@pytest.fixture
def terminal(local: LocalDiscord, output: Output) -> Terminal:
    return Terminal(local.world, output)


async def type_lines(terminal: Terminal, *lines: str) -> None:
    for line in lines:
        assert await terminal.handle_line(line)


async def test_text_is_posted_and_shown(terminal: Terminal, output: Output) -> None:
    await type_lines(terminal, "hello @dateline", "", "again")

    assert output.lines == [
        "anna (pings Dateline):",
        "  hello @Dateline",
        "anna:",
        "  again",
    ]


async def test_one_goes_on_as_another_elsewhere(
    local: LocalDiscord, terminal: Terminal, output: Output
) -> None:
    await type_lines(terminal, "@bo", "#books", "hi", "#dm", "psst", "@anna", "#Lighthouse/general")

    bo = local.find_person("bo")
    assert output.lines == [
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
    local: LocalDiscord, bot: SampleBot, terminal: Terminal, output: Output
) -> None:
    await type_lines(terminal, "/ask question:why now? count:4")
    await local.wait_for(lambda: "answer 4" in show_output(terminal, output))
    await local.wait_for(lambda: "why now? None" in show_output(terminal, output))

    await type_lines(terminal, "1", "#dm", "2")

    text = show_output(terminal, output)
    assert "[1 More] [2 Next] [3 Later] [4 Form] [5 Gone]" in text
    assert "Dateline (only anna sees this):\n  pressed 4" in text
    assert bot.errors.empty()


def show_output(terminal: Terminal, output: Output) -> str:
    terminal.show_changes()
    return "\n".join(output.lines)


@pytest.mark.usefixtures("bot")
async def test_a_role_is_named_and_none_that_there_is_not(
    local: LocalDiscord, terminal: Terminal, output: Output
) -> None:
    await type_lines(terminal, "/digest tell whom:Nobody", "/digest tell whom:Moderators")

    await local.wait_for(lambda: "tells Moderators" in show_output(terminal, output))
    assert "error: there is no role “Nobody” in this server." in output.lines


@pytest.mark.usefixtures("bot")
async def test_a_menu_is_that_of_the_last_message_of_a_person(
    local: LocalDiscord, terminal: Terminal, output: Output
) -> None:
    await type_lines(terminal, "one", "two")
    await local.wait_for(lambda: "echo" in show_output(terminal, output))

    await type_lines(terminal, "! Quote")

    assert "Dateline:\n  > two" in show_output(terminal, output)


@pytest.mark.usefixtures("bot")
async def test_a_form_is_filled_in_line_by_line(
    local: LocalDiscord, terminal: Terminal, output: Output
) -> None:
    await type_lines(terminal, "/ask question:why")
    await local.wait_for(lambda: "answer 1" in show_output(terminal, output))
    await local.wait_for(lambda: "why None" in show_output(terminal, output))
    before = len(output.lines)

    await type_lines(terminal, "4", "and then?", "a note")
    sent = output.lines[before:]
    await type_lines(terminal, "4", "", "")

    assert sent[:3] == ["A form opens: Follow up", "Your question?", "A note?"]
    assert "  asked and then? a note" in sent
    assert any("has to be 2 to 20 characters" in line for line in output.lines)


@pytest.mark.usefixtures("bot")
async def test_a_reply_goes_to_the_bots_last_message(
    local: LocalDiscord, terminal: Terminal, output: Output
) -> None:
    await type_lines(terminal, "one")
    await local.wait_for(lambda: "echo" in show_output(terminal, output))

    await type_lines(terminal, "> two")

    anna = local.find_person("anna")
    await local.wait_for(lambda: "echo two" in show_output(terminal, output))
    assert anna.get_visible_messages(local.find_channel("general"))[2].reply_to_id is not None


async def test_a_reply_may_notify_nobody(
    local: LocalDiscord, bot: SampleBot, terminal: Terminal, output: Output
) -> None:
    await type_lines(terminal, "hello @dateline")
    await local.wait_for(lambda: "echo" in show_output(terminal, output))

    await type_lines(terminal, ">> two")
    await local.wait_for(lambda: bot.received_messages[1:])

    (_, _, reply) = local.get_messages(local.find_channel("general"))[:3]
    assert reply.content == "two"
    assert reply.reply_to_id
    assert not reply.pings


@pytest.mark.parametrize(
    ("line", "suggestions"),
    [
        ("? /di", ["  /digest  Daily digest"]),
        (
            "? /digest",
            ["  /digest here  Post it here.", "  /digest tell  Notify a role."],
        ),
        ("? /digest te", ["  /digest tell  Notify a role."]),
        (
            "? /ask",
            ["  question:  What to find (required)", "  source:    …", "  count:     …"],
        ),
        ("? /ask question:why now? source:Re", ["  Reuters", "  Reading Post"]),
        ("? /digest here channel:bo", ["  books"]),
        ("? /digest tell whom:Mod", ["  Moderators"]),
        ("?!", ["  ! Quote"]),
    ],
)
@pytest.mark.usefixtures("bot")
async def test_what_discord_suggests_is_listed(
    terminal: Terminal, output: Output, line: str, suggestions: list[str]
) -> None:
    await type_lines(terminal, line)

    assert output.lines == suggestions


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("? /never", "error: no command here begins with /never."),
        ("? /digest x", "error: no subcommand of /digest begins with “x”."),
        ("? /ask source:X", "error: nothing is suggested for source:X"),
        ("? /ask question:why", "error: nothing is suggested for question:why"),
        ("? /ask count:many source:R", "error: “many” is not a number."),
    ],
)
@pytest.mark.usefixtures("bot")
async def test_what_is_not_suggested_is_said(
    terminal: Terminal, output: Output, line: str, complaint: str
) -> None:
    await type_lines(terminal, line)

    assert output.lines == [complaint]


@pytest.mark.usefixtures("bot")
async def test_only_commands_that_the_place_offers_are_suggested(
    terminal: Terminal, output: Output
) -> None:
    await type_lines(terminal, "#dm", "? /", "#picnic", "? /")

    assert output.lines == [
        "-- anna in #dm",
        "  /ask  Find an answer.",
        "-- anna in #picnic",
        "error: no command here begins with /.",
    ]


async def test_a_person_installs_the_bot_and_uses_it_in_a_group(
    local: LocalDiscord, terminal: Terminal, output: Output, bot: SampleBot
) -> None:
    local.world.commands[None] = tuple(
        {**command, "integration_types": [0, 1]} for command in local.world.commands[None]
    )

    await type_lines(terminal, "#picnic", "install", "/ask question:why")
    await local.wait_for(lambda: "answer 1" in show_output(terminal, output))
    await type_lines(terminal, "@bo", "@cleo")

    assert output.lines[:2] == ["-- anna in #picnic", "anna has installed Dateline."]
    assert "-- bo in #picnic" in output.lines
    assert output.last == "-- cleo in #dm"
    assert bot.errors.empty()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("/never", "error: there is no command /never"),
        ("7", "error: there is no button 7"),
        ("#nowhere", "error: there is no channel #nowhere"),
        ("> hi", "error: the bot has posted nothing"),
        ("! Quote", "error: there is no message by a person"),
    ],
)
async def test_what_can_not_be_done_is_said(
    terminal: Terminal, output: Output, line: str, complaint: str
) -> None:
    await type_lines(terminal, line)

    assert output.last.startswith(complaint)


async def test_help_names_people_channels_and_guilds(terminal: Terminal, output: Output) -> None:
    await type_lines(terminal, "#dm", "help")

    assert "anna, bo, cleo, mod" in output.last
    assert "locked-thread" in output.last
    assert "Harbour, Lighthouse, Quay (the bot is in Harbour and Lighthouse)" in output.last
    assert "Groups: picnic" in output.last
    assert not await terminal.handle_line("quit")


async def test_what_happens_is_shown_as_it_happens(
    local: LocalDiscord, terminal: Terminal, output: Output
) -> None:
    watching = asyncio.create_task(terminal.watch())
    await asyncio.sleep(0)

    local.find_person("bo").post(local.find_channel("general"), "hello")
    await asyncio.sleep(0)
    watching.cancel()

    assert output.lines == ["bo:", "  hello"]
