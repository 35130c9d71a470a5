"""Traces of people in logs and files after they used every feature."""

import signal
from http import HTTPStatus
from pathlib import Path

from bot.local_discord.server import TOKEN
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel
from tests.scenario import river
from tests.scenario.starting import (
    Program,
    add_member,
    ask_by_command,
    ask_by_mention,
    ask_directly,
    hide_shown_answers,
    prepare_program,
    press_button,
)

MARKER = "quokka"
"""A word that no article holds, in each question."""

EVERYTHING_LOGGED = {"DATELINE_LOGS__LEVEL": "debug"}


async def test_no_question_and_no_user_id_is_left_in_files_and_log(tmp_path: Path) -> None:
    settings = {**EVERYTHING_LOGGED}
    async with prepare_program(tmp_path, settings=settings) as program:
        reports = program.discord.find_channel("books").id
        settings["DATELINE_DISCORD__FEEDBACK_CHANNEL"] = str(reports)
        await program.start()
        await do_everything(program)
        with hide_shown_answers(program):
            await ask_directly(add_member(program.discord), f"{river.QUESTION} {MARKER}")
        program.send(signal.SIGTERM)
        await program.wait_for_exit()

        left = program.log.encode() + b"".join(
            path.read_bytes() for path in program.data_dir.rglob("*") if path.is_file()
        )

    assert MARKER.encode() not in left.lower()
    assert TOKEN.encode() not in left
    world = program.discord.world
    people = [user.id for user in world.users.values() if not user.is_bot]
    places = [channel.id for channel in world.channels.values() if channel.recipient_id]
    for number in (*people, *places):
        assert str(number).encode() not in left
        assert number.to_bytes(8, "big") not in left


async def do_everything(program: Program) -> None:
    """Ask in every way, press every button, and get errors."""
    discord = program.discord
    general, asker = discord.find_channel("general"), add_member(discord)
    question = f"{river.QUESTION} {MARKER}"
    answer = await ask_by_mention(discord, asker, general, question)
    await asker.wait_for_reply(asker.post(general, question, reply_to=answer))
    await ask_directly(asker, question)
    await ask_by_command(asker, general, question, source=MARKER)
    await ask_by_command(asker, general, river.QUESTION, after=MARKER)
    await ask_directly(asker, MARKER * 100)
    shown = await ask_by_command(asker, general, river.QUESTION)
    for button in ("More", "In context", "Why this?", "👍", "👎"):
        await press_button(asker, shown, button)
    statement = asker.post(general, f"The {MARKER} said “{MARKER} {river.QUOTES['bremen']}”")
    for menu in ("Find evidence", "Verify quotes"):
        await asker.wait_for_answer(await asker.run_context_menu(menu, statement))
    await report(asker, general)
    discord.faults.fail_with(HTTPStatus.FORBIDDEN, "POST /channels/*/messages")
    await report(asker, general)
    form = await asker.press(shown, "Follow up")
    await asker.wait_for_answer(await asker.submit_modal(form, {"Your question": question}))
    for _ in range(3):
        await ask_directly(asker, question)
    await asker.press(shown, "Delete")
    await discord.wait_for(lambda: shown.id not in discord.world.messages)


async def report(person: Person, channel: Channel) -> None:
    """Send feedback under the person's own name."""
    acted = await person.run_command("feedback", channel=channel, text=MARKER, name_me=True)
    await person.wait_for_answer(acted)
