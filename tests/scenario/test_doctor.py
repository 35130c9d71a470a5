"""`dateline doctor` as a process beside a running bot."""

from pathlib import Path

from bot.local_discord.server import TOKEN
from tests.scenario.starting import prepare_program


async def test_doctor_finds_nothing_wrong_with_a_bot_that_runs(tmp_path: Path) -> None:
    async with prepare_program(tmp_path) as program:
        await program.start()
        await program.discord.wait_for(lambda: program.discord.world.commands.get(None))

        code = await program.run("doctor")

    assert code == 0, program.log
    assert "The bot is running." in program.log
    assert "No problems found." in program.log
    assert TOKEN not in program.log


async def test_doctor_ends_with_1_where_something_is_wrong_and_says_what(tmp_path: Path) -> None:
    settings = {"DATELINE_DISCORD__FEEDBACK_CHANNEL": "1"}
    async with prepare_program(tmp_path, settings=settings) as program:
        code = await program.run("doctor", "--json")

    assert code == 1
    assert '"part": "feedback", "state": "wrong"' in program.log


async def test_a_wrong_setting_is_a_finding_too(tmp_path: Path) -> None:
    async with prepare_program(tmp_path, settings={"DATELINE_LOGS__LEVEL": "loud"}) as program:
        code = await program.run("doctor")

    assert code == 1
    assert "✗ settings" in program.log
    assert "DATELINE_LOGS__LEVEL" in program.log
