"""The commands of an operator."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.__main__ import build_program
from bot.cli.program import GlobalOptions
from bot.services.finding import Finding, FindingState
from bot.store.database import DATABASE_FILE
from tests.commands import RunCommand

SOUND = Finding(part="disk", state=FindingState.OK, text="There is room.")
FAULTY = Finding(part="token", state=FindingState.PROBLEM, text="It is missing.")


def test_the_bot_is_run_with_the_global_options(run: RunCommand) -> None:
    options: list[GlobalOptions] = []
    program = replace(build_program(), run_bot=options.append)

    result = run("run", "--as-of", "2026-03-02", program=lambda: program)

    assert result == (0, "", "")
    assert options == [GlobalOptions(as_of="2026-03-02")]


def test_a_local_discord_is_served_on_the_port(run: RunCommand) -> None:
    ports: list[int] = []
    program = replace(build_program(), serve_local_discord=ports.append)

    result = run("local-discord", "--port", "8123", program=lambda: program)

    assert result == (0, "", "")
    assert ports == [8123]


def test_without_a_running_bot_health_ends_with_1(run: RunCommand) -> None:
    sentence = "no bot is running on this data folder. Start one with dateline run."
    assert run("health") == (1, "", f"error: {sentence}\n")


@pytest.mark.parametrize(("finding", "code"), [(SOUND, 0), (FAULTY, 1)], ids=["sound", "faulty"])
def test_the_doctor_ends_with_whether_all_is_right(
    run: RunCommand, finding: Finding, code: int
) -> None:
    program = replace(build_program(), examine_setup=lambda _: (finding,))

    text = run("doctor", program=lambda: program)
    as_json = run("doctor", "--json", program=lambda: program)

    assert (text.code, as_json.code) == (code, code)
    assert f"{finding.part}  {finding.text}\n" in text.out
    assert as_json.json["findings"][0]["text"] == finding.text


def test_to_the_doctor_a_wrong_setting_is_a_finding(run: RunCommand) -> None:
    result = run("doctor", "--config", "missing.toml", "--json")

    (finding,) = result.json["findings"]
    assert (result.code, finding["part"], finding["state"]) == (1, "settings", "wrong")
    assert "t can't be read" in finding["text"]


def test_a_server_is_forgotten_with_all_its_rows(run: RunCommand, tmp_path: Path) -> None:
    run("forget-server", "1")
    with closing(sqlite3.connect(tmp_path / "data" / DATABASE_FILE)) as connection:
        connection.execute("INSERT INTO servers VALUES ('7', 1, NULL, '[]', NULL)")
        connection.execute("INSERT INTO servers VALUES ('8', 1, NULL, '[]', NULL)")
        connection.commit()

    once = run("forget-server", "7")
    again = run("forget-server", "7")

    assert once == (0, "Deleted 1 row. Nothing is stored about the server 7 now.\n", "")
    assert again == (0, "Deleted 0 rows. Nothing is stored about the server 7 now.\n", "")


@pytest.mark.parametrize("server_id", ["harbour", "0"])
def test_an_invalid_server_id_is_wrong_input(run: RunCommand, server_id: str) -> None:
    result = run("forget-server", server_id)

    assert result.code == 2
    assert "'ID'" in result.err
