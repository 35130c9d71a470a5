import pytest

from bot.local_discord.world import interactions
from bot.local_discord.world.constants import InteractionType
from tests.discord_ui.conftest import QUESTION, Place


async def test_the_command_answers_with_its_question_above(place: Place) -> None:
    answer = await place.commanded()

    assert answer.text.startswith(f"-# “{QUESTION}”")
    assert "metres" in answer.text
    assert answer.only_for is None


async def test_an_answer_that_is_not_visible_is_for_the_asker_alone(place: Place) -> None:
    answer = await place.commanded(visible=False)

    assert answer.only_for == place.anna.id


async def test_the_options_bound_what_is_searched(place: Place) -> None:
    early = await place.commanded(before="1 March 2026")
    other = await place.commanded(source="The Herald")
    same = await place.commanded(after="1 March 2026", source="the courier")

    assert "The articles do not answer this" in early.text
    assert "The articles do not answer this" in other.text
    assert "The articles do not answer this" not in same.text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"after": "blurb"}, "is not a date that I know"),
        ({"after": "3 March 2026", "before": "1 March 2026"}, "No day lies between"),
        ({"question": "🙂🙂"}, "Emoji can't be searched for"),
        ({"question": "what is it?"}, "There is nothing to search for"),
    ],
    ids=["no date", "reversed", "emoji", "common words"],
)
async def test_what_can_not_be_asked_is_told_only_to_who_typed_it(
    place: Place, options: dict[str, str], said: str
) -> None:
    told = await place.commanded(**options)

    assert said in told.text
    assert told.only_for == place.anna.id


async def test_more_questions_than_a_person_may_ask_are_refused_only_to_them(
    place: Place,
) -> None:
    for _ in range(10):
        await place.commanded()

    told = await place.commanded()

    assert "You have asked 10 questions within a minute" in told.text
    assert told.only_for == place.anna.id


async def test_the_command_is_there_in_direct_messages(place: Place) -> None:
    acted = await place.anna.run_command(
        "ask", channel=place.anna.direct_channel, question=QUESTION
    )

    assert "metres" in (await place.anna.wait_for_answer(acted)).text


async def test_the_command_works_where_the_bot_may_not_write(place: Place) -> None:
    channel = place.local.find_channel("read-only")
    acted = await place.local.find_person("mod").run_command(
        "ask", channel=channel, question=QUESTION
    )

    assert "metres" in (await place.anna.wait_for_answer(acted)).text


@pytest.mark.parametrize("name", ["gone", "ask"])
async def test_a_command_that_has_changed_is_told_as_that(place: Place, name: str) -> None:
    data = {"id": "1", "name": name, "type": 1, "options": [], "guild_id": None}
    acted = interactions.create_interaction(
        place.local.world, InteractionType.APPLICATION_COMMAND, place.anna.user, place.general, data
    )

    told = await place.anna.wait_for_answer(acted)

    assert "This command has changed" in told.text
    assert told.only_for == place.anna.id
