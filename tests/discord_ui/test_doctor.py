import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from aiohttp import web

from bot.discord_ui.doctor import check_charts, check_clock, compare_commands
from bot.discord_ui.permissions import build_invite_link
from bot.local_discord.rest.api import RestApi
from bot.local_discord.server import TOKEN, LocalDiscord
from bot.local_discord.world import json_objects
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.records import Json
from bot.runtime.clock import read_system_clock
from bot.services.finding import Finding, FindingState
from bot.settings.loading import load_settings
from bot.settings.settings import Settings
from bot.wiring import examine_setup
from tests.builders import NOON, PROJECT, a_home
from tests.discord_ui.conftest import RunningBot
from tests.local_discord.connections import UNLIMITED_WINDOWS

NOWHERE = "http://127.0.0.1:9"


@dataclass
class DoctorSetup:
    """A set-up with a Discord on this machine, for `examine_setup` to check."""

    discord: LocalDiscord
    folder: Path
    home: Path = PROJECT

    def load_settings(self, **others: str) -> Settings:
        own = {"DATELINE_DISCORD__API_URL": self.discord.api_url, **others}
        return load_settings(None, self.folder, own, self.home)

    async def examine(
        self, token: str = TOKEN, now: datetime | None = None, **others: str
    ) -> dict[str, Finding]:
        clock = read_system_clock if now is None else lambda: now
        environment = {"DISCORD_TOKEN": token} if token else {}
        findings = await examine_setup(self.load_settings(**others), environment, clock)
        return {finding.part: finding for finding in findings}


@pytest.fixture
async def doctor(tmp_path: Path) -> AsyncIterator[DoctorSetup]:
    async with LocalDiscord.start(windows=UNLIMITED_WINDOWS) as discord:
        yield DoctorSetup(discord, tmp_path)


async def test_a_set_up_that_is_right_has_nothing_wrong(doctor: DoctorSetup) -> None:
    findings = await doctor.examine()

    assert not [finding for finding in findings.values() if finding.state is FindingState.PROBLEM]
    assert findings["token"].text == "Discord accepts it. It belongs to Dateline."
    assert findings["clock"].state is FindingState.OK
    assert findings["installs"].state is FindingState.OK
    assert findings["intents"].text == "The bot requests 3, none of them privileged."
    assert findings["permissions"].state is FindingState.OK


async def test_the_token_is_never_shown(doctor: DoctorSetup) -> None:
    findings = [
        *(await doctor.examine()).values(),
        *(await doctor.examine("wrong.token.x")).values(),
    ]

    assert not [
        finding for finding in findings if TOKEN in finding.text or "wrong.token" in finding.text
    ]


async def test_without_a_token_the_other_parts_are_reported(doctor: DoctorSetup) -> None:
    findings = await doctor.examine(token="")

    assert findings["token"].state is FindingState.PROBLEM
    assert findings["Discord"].state is FindingState.NOTE
    assert findings["disk space"].state is FindingState.OK


async def test_a_token_that_discord_does_not_take_is_wrong(doctor: DoctorSetup) -> None:
    findings = await doctor.examine("another-token")

    assert findings["token"].state is FindingState.PROBLEM
    assert "Copy it again" in findings["token"].text


async def test_if_discord_can_not_be_reached_the_other_parts_are_reported(
    doctor: DoctorSetup,
) -> None:
    findings = await doctor.examine(DATELINE_DISCORD__API_URL=NOWHERE)

    assert findings["Discord"].text.startswith(f"Discord can't be reached at {NOWHERE}")
    assert findings["disk space"].state is FindingState.OK


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
async def test_a_network_that_answers_in_discords_place_is_none(
    doctor: DoctorSetup, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    async def welcome(*_: object) -> web.Response:
        return web.Response(text="<h1>Welcome to the hotel</h1>", content_type=kind)

    monkeypatch.setattr(RestApi, "_handle", welcome)

    findings = await doctor.examine()

    assert findings["Discord"].text.startswith("Discord can't be reached")


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/applications/@me", "Discord"),
        ("/applications/*/commands", "commands"),
        ("/users/@me/guilds", "permissions"),
    ],
)
async def test_a_failing_request_to_discord_is_a_problem_with_its_status(
    doctor: DoctorSetup, path: str, part: str
) -> None:
    doctor.discord.faults.fail_with(503, f"GET {path}")

    findings = await doctor.examine()

    assert findings[part].state is FindingState.PROBLEM
    assert "HTTP status 503. Try again later" in findings[part].text


@pytest.mark.parametrize(
    ("path", "value", "parts"),
    [
        ("/applications/@me", {"name": "Dateline"}, {"Discord"}),
        ("/applications/@me", [], {"Discord"}),
        ("/applications/@me", {"id": "x"}, {"Discord"}),
        ("/applications/@me", {"id": "1"}, {"token", "installs", "commands"}),
        (
            "/applications/@me",
            {"id": "1", "name": "D", "flags": "x"},
            {"intents", "installs", "commands"},
        ),
        (
            "/applications/@me",
            {"id": "1", "name": "D", "integration_types_config": 5},
            {"installs", "commands"},
        ),
        ("/applications/*/commands", [{"id": "1"}], {"commands"}),
        ("/applications/*/commands", {"name": "ask"}, {"commands"}),
        ("/users/@me/guilds", [{"id": "1", "name": "Harbour"}], {"permissions"}),
        ("/users/@me/guilds", [{"permissions": "0"}], {"permissions"}),
        ("/users/@me/guilds", [None], {"permissions"}),
        ("/channels/*", {}, {"feedback"}),
        ("/channels/*", "general", {"feedback"}),
    ],
)
async def test_an_answer_in_an_unknown_form_is_a_problem_of_its_part(
    doctor: DoctorSetup,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    value: object,
    parts: set[str],
) -> None:
    handle = RestApi._handle  # noqa: SLF001 - nothing else answers

    async def answer(api: RestApi, request: web.Request, requested: str) -> web.Response:
        if fnmatchcase(requested, path):
            return web.Response(text=json.dumps(value), content_type="application/json")
        return await handle(api, request, requested)

    monkeypatch.setattr(RestApi, "_handle", answer)
    channel = doctor.discord.find_channel("general")

    findings = await doctor.examine(DATELINE_DISCORD__FEEDBACK_CHANNEL=str(channel.id))

    problems = {part for part, found in findings.items() if found.state is FindingState.PROBLEM}
    assert problems == parts
    assert any("not in the documented form" in findings[part].text for part in parts)


@pytest.mark.parametrize("seconds", [-31, 31])
async def test_a_clock_apart_from_discords_is_wrong(doctor: DoctorSetup, seconds: int) -> None:
    now = datetime.now(UTC) + timedelta(seconds=seconds)  # noqa: TID251 - against a real server

    findings = await doctor.examine(now=now)

    assert findings["clock"].state is FindingState.PROBLEM
    assert "NTP" in findings["clock"].text


def test_a_discord_that_does_not_say_what_time_it_is_is_not_compared_with() -> None:
    assert check_clock(None, NOON).state is FindingState.NOTE


@pytest.mark.parametrize(
    ("kinds", "missing"),
    [((0,), "User Install"), ((1,), "Guild Install")],
)
async def test_an_install_context_that_is_off_is_wrong(
    doctor: DoctorSetup, kinds: tuple[int, ...], missing: str
) -> None:
    doctor.discord.world.integration_types = kinds

    findings = await doctor.examine()

    assert findings["installs"].state is FindingState.PROBLEM
    assert f"Turn on {missing} on" in findings["installs"].text


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"interactions_endpoint_url": "https://elsewhere.example"}, "Clear the Interactions"),
        ({"bot_require_code_grant": True}, "Turn off Requires OAuth2"),
    ],
    ids=["endpoint", "code grant"],
)
async def test_an_application_that_keeps_the_bot_from_working_is_wrong(
    doctor: DoctorSetup, monkeypatch: pytest.MonkeyPatch, field: Json, said: str
) -> None:
    answer = json_objects.application_to_json(doctor.discord.world)
    monkeypatch.setattr(json_objects, "application_to_json", lambda _: {**answer, **field})

    findings = await doctor.examine()

    assert findings["application"].state is FindingState.PROBLEM
    assert said in findings["application"].text


async def test_needless_intents_are_reported(doctor: DoctorSetup) -> None:
    doctor.discord.world.privileged_intents = 1 << 1 | 1 << 15

    findings = await doctor.examine()

    assert findings["intents"].state is FindingState.NOTE
    assert "You can turn off Server Members and Message Content" in findings["intents"].text


async def test_a_server_that_lacks_a_permission_is_named_with_it(doctor: DoctorSetup) -> None:
    guild = doctor.discord.find_guild()
    everyone, *others = guild.roles
    poorer = replace(everyone, permissions=everyone.permissions & ~Permission.ATTACH_FILES)
    doctor.discord.world.guilds[guild.id] = replace(guild, roles=(poorer, *others))

    findings = await doctor.examine()

    assert findings["permissions"].state is FindingState.PROBLEM
    assert findings["permissions"].text.startswith(
        "The bot is missing permissions in: Harbour (Attach Files). "
    )


async def test_a_feedback_channel_is_named_and_one_that_is_not_seen_is_wrong(
    doctor: DoctorSetup,
) -> None:
    books, staff = doctor.discord.find_channel("books"), doctor.discord.find_channel("staff")

    off = await doctor.examine()
    seen = await doctor.examine(DATELINE_DISCORD__FEEDBACK_CHANNEL=str(books.id))
    unseen = await doctor.examine(DATELINE_DISCORD__FEEDBACK_CHANNEL=str(staff.id))

    assert (off["feedback"].state, seen["feedback"].state) == (FindingState.NOTE, FindingState.OK)
    assert seen["feedback"].text == "/feedback goes to #books."
    assert unseen["feedback"].state is FindingState.PROBLEM


async def test_the_links_ask_for_what_is_needed(doctor: DoctorSetup) -> None:
    findings = await doctor.examine()

    assert build_invite_link(doctor.discord.world.application_id) in findings["invite"].text
    assert "Attach Files to show the chart of /trend" in findings["invite"].text
    assert "integration_type=1" in findings["install"].text


async def test_commands_that_were_never_registered_are_by_the_next_start(
    doctor: DoctorSetup,
) -> None:
    findings = await doctor.examine()

    assert findings["commands"].state is FindingState.NOTE
    assert "/ask" in findings["commands"].text
    assert "The next start of the bot registers the commands" in findings["commands"].text


async def test_commands_that_the_bot_registered_are_right(bot: RunningBot, tmp_path: Path) -> None:
    findings = await DoctorSetup(bot.local, tmp_path).examine()

    assert findings["commands"].state is FindingState.OK


async def test_commands_that_discord_lost_are_wrong(bot: RunningBot, tmp_path: Path) -> None:
    kept = bot.local.world.commands[None]
    bot.local.world.commands[None] = kept[1:]

    findings = await DoctorSetup(bot.local, tmp_path).examine()

    assert findings["commands"].state is FindingState.PROBLEM
    assert f"Missing or different in Discord: /{kept[0]['name']}" in findings["commands"].text
    assert "Delete commands.sha256" in findings["commands"].text


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Something else."},
        {"contexts": [0]},
        {"options": []},
    ],
    ids=["description", "contexts", "options"],
)
async def test_a_command_that_discord_has_in_another_form_is_named(
    bot: RunningBot, tmp_path: Path, change: Json
) -> None:
    first, *others = bot.local.world.commands[None]
    bot.local.world.commands[None] = ({**first, **change}, *others)

    findings = await DoctorSetup(bot.local, tmp_path).examine()

    assert f"Missing or different in Discord: /{first['name']}" in findings["commands"].text


async def test_commands_are_not_compared_if_the_bot_could_not_start(
    doctor: DoctorSetup, tmp_path: Path
) -> None:
    doctor.home = a_home(tmp_path / "home")
    (doctor.home / "config" / "stop_words.txt").unlink()

    findings = await doctor.examine()

    assert findings["word lists"].state is FindingState.PROBLEM
    assert findings["commands"].state is FindingState.NOTE


def test_pictures_come_if_matplotlib_is_installed() -> None:
    assert check_charts(can_draw=True).state is FindingState.OK


def test_without_matplotlib_it_is_said_how_to_get_pictures() -> None:
    finding = check_charts(can_draw=False)

    assert finding.state is FindingState.NOTE
    assert "pip install matplotlib" in finding.text


def test_commands_that_differ_although_they_were_registered_are_a_problem() -> None:
    ours = [{"name": "ask", "description": "Ask"}]

    same = compare_commands(ours, ours, is_registered=True)
    stale = compare_commands(ours, [], is_registered=True)
    first = compare_commands(ours, [], is_registered=False)

    assert [finding.state for finding in (same, stale, first)] == [
        FindingState.OK,
        FindingState.PROBLEM,
        FindingState.NOTE,
    ]
