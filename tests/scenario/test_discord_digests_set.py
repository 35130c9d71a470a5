"""Digests set, previewed, posted by hand and explained, before and after the bot was killed."""

from datetime import timedelta
from pathlib import Path

from bot.dates.calendar import format_day
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Message
from bot.runtime.clock import read_system_clock
from tests.builders import a_json_lines_file, an_article
from tests.scenario.starting import (
    Program,
    add_member,
    press_button,
    read,
    run_command,
    start_program,
)

STORM = "A storm broke the harbour wall at Emden overnight and sank two boats at their moorings."


def get_past_time() -> str:
    """Return a time of day that has just passed, so that nothing is due while a test runs."""
    return f"{read_system_clock() - timedelta(minutes=5):%H:%M}"


async def run_digest(program: Program, person: Person, name: str, **options: object) -> Message:
    """Run a subcommand of /digest, and return the answer."""
    general = program.discord.find_channel("general")
    return await run_command(person, general, f"digest {name}", **options)


async def set_digest_and_ingest(program: Program) -> Person:
    """Have a manager set a digest and an article come in; return the manager."""
    mod = program.discord.find_person("mod")
    books = program.discord.find_channel("books")
    topics = "Water: storm, river"
    await run_digest(program, mod, "set", channel_=books, time=get_past_time(), topics=topics)
    today = read_system_clock().date()
    storm = an_article(STORM, id="storm", title="Storm at Emden", published_on=today)
    path = a_json_lines_file(program.data_dir.parent / "storm.jsonl", [storm])
    assert await program.run("ingest", str(path)) == 0
    return mod


async def test_a_digest_is_posted_by_hand_once_and_explained_also_after_a_kill(
    tmp_path: Path,
) -> None:
    async with start_program(tmp_path) as program:
        mod, anna = await set_digest_and_ingest(program), add_member(program.discord)
        previewed = await run_digest(program, anna, "preview")
        posted = await run_digest(program, mod, "now")
        await program.kill()
        await program.start()

        again = await run_digest(program, mod, "now")
        why = await run_digest(program, anna, "why", article="storm")
        history = await run_digest(program, anna, "history")
        (message,) = program.discord.get_messages(program.discord.find_channel("books"))
        counted = await press_button(anna, message, "Why these?")

    day = format_day(read_system_clock().date())
    assert STORM in read(previewed)
    assert previewed.only_for == anna.id
    assert STORM in read(message)
    assert f": posted on {day}" in read(posted)
    assert read(again).startswith("This day already has a digest.")
    assert "Included as story 1." in read(why)
    assert str(message.id) in str(history.components)
    assert "included as a story" in read(counted)


async def test_a_digest_without_permission_is_listed_with_the_reason_and_resumed(
    tmp_path: Path,
) -> None:
    async with start_program(tmp_path) as program:
        world, books = program.discord.world, program.discord.find_channel("books")
        mod = await set_digest_and_ingest(program)
        books = moderation.deny_permission(world, books, Permission.SEND_MESSAGES)
        refused = await run_digest(program, mod, "now")
        set_again = await run_digest(program, mod, "set", channel_=books, time=get_past_time())
        books = moderation.grant_permission(world, books, Permission.SEND_MESSAGES)
        resumed = await run_digest(program, mod, "resume")
        await run_digest(program, mod, "now")

        (message,) = program.discord.get_messages(books)

    missing_permission = "I can't post in #books. Give me the Send Messages permission there."
    assert (read(refused), read(set_again)) == (missing_permission, missing_permission)
    assert "Next posts, also in your time zone:" in read(resumed)
    assert STORM in read(message)
