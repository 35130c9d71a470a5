"""Over time: /timeline, /changed and the picture of /trend, from the bot as a process."""

from pathlib import Path

from bot.local_discord.terminal.rendering import render_message
from bot.local_discord.world.records import Message
from tests.scenario.river import QUOTES
from tests.scenario.starting import Program, prepare_program, read, run_command


async def look_up(program: Program, name: str, **options: object) -> Message:
    """Run a command as anna, and return the answer."""
    discord = program.discord
    anna, general = discord.find_person("anna"), discord.find_channel("general")
    return await run_command(anna, general, name, **options)


async def test_coverage_over_time_is_described_and_drawn(tmp_path: Path) -> None:
    async with prepare_program(tmp_path) as program:
        await program.start("--as-of", "2025-03-28")

        timeline = await look_up(program, "timeline", topic="river", step="week")
        changed = await look_up(program, "changed", topic="river rose", since="20 March")
        trend = await look_up(program, "trend", terms="river, ferries", weeks=4)

    assert read(timeline).index(QUOTES["cologne"]) < read(timeline).index(QUOTES["erfurt"])
    assert "No articles: 10 to 23 March 2025" in read(timeline)
    assert "No report since 20 March 2025 updates an earlier one." in read(changed)
    assert [file.filename for file in trend.attachments] == ["trend.png"]
    assert any("[picture: Bar chart" in line for line in render_message(trend, {}, {}))
    assert "river: 4 articles, most in one week: 2 (in 2 weeks)" in read(trend)
