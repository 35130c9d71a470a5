"""Over time: /timeline, /changed and the picture of /trend, from the bot as a process."""

from pathlib import Path

from bot.local_discord.terminal.rendering import render_message
from bot.local_discord.world.records import Message
from tests.scenario.river import TOLD
from tests.scenario.starting import ANSWER_SECONDS, Program, prepared, read


async def looked_up(program: Program, name: str, **options: object) -> Message:
    anna, channel = program.discord.find_person("anna"), program.discord.find_channel("general")
    acted = await anna.run_command(name, channel=channel, **options)
    return await anna.wait_for_answer(acted, timeout=ANSWER_SECONDS)


async def test_what_was_said_over_time_is_told_in_words_and_drawn(tmp_path: Path) -> None:
    async with prepared(tmp_path) as program:
        await program.start("--as-of", "2025-03-28")

        timeline = await looked_up(program, "timeline", topic="river", step="week")
        changed = await looked_up(program, "changed", topic="river rose", since="20 March")
        trend = await looked_up(program, "trend", terms="river, ferries", weeks=4)

    assert read(timeline).index(TOLD["cologne"]) < read(timeline).index(TOLD["erfurt"])
    assert "no articles 10 to 23 March 2025" in read(timeline)
    assert "Nothing said since 20 March 2025 goes with something said before." in read(changed)
    assert [file.filename for file in trend.attachments] == ["trend.png"]
    assert any("[picture: Bar chart" in line for line in render_message(trend, {}, {}))
    assert "river: 4 articles, at most 2 a week (in 2 weeks)" in read(trend)
