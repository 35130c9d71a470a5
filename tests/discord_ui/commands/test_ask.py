import pytest

from bot.local_discord.world import administration, interactions
from bot.local_discord.world.constants import InteractionType
from tests.discord_ui.conftest import QUESTION, RunningBot


async def test_the_command_answers_with_its_question_above(bot: RunningBot) -> None:
    answer = await bot.ask()

    assert answer.text.startswith(f"-# “{QUESTION}”")
    assert "metres" in answer.text
    assert answer.only_for is None


async def test_an_answer_that_is_not_visible_is_for_the_asker_alone(bot: RunningBot) -> None:
    answer = await bot.ask(visible=False)

    assert answer.only_for == bot.anna.id


async def test_the_options_restrict_the_search(bot: RunningBot) -> None:
    early = await bot.ask(before="1 March 2026")
    other = await bot.ask(source="The Herald")
    same = await bot.ask(after="1 March 2026", source="the courier")

    assert "The articles do not answer this" in early.text
    assert "The articles do not answer this" in other.text
    assert "The articles do not answer this" not in same.text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"after": "blurb"}, "is not a date"),
        ({"after": "3 March 2026", "before": "1 March 2026"}, "is later than the last day"),
        ({"question": "🙂🙂"}, "Emoji can't be searched for"),
        ({"question": "what is it?"}, "There is nothing to search for"),
    ],
    ids=["no date", "reversed", "emoji", "common words"],
)
async def test_an_unusable_question_is_reported_to_the_asker_alone(
    bot: RunningBot, options: dict[str, str], said: str
) -> None:
    answer = await bot.ask(**options)

    assert said in answer.text
    assert answer.only_for == bot.anna.id


async def test_more_questions_than_a_person_may_ask_are_refused_only_to_them(
    bot: RunningBot,
) -> None:
    for _ in range(10):
        await bot.ask()

    answer = await bot.ask()

    assert "You sent 10 requests in the last minute" in answer.text
    assert answer.only_for == bot.anna.id


async def test_the_command_is_there_in_direct_messages(bot: RunningBot) -> None:
    action = await bot.anna.run_command("ask", channel=bot.anna.direct_channel, question=QUESTION)

    assert "metres" in (await bot.anna.wait_for_answer(action)).text


async def test_a_group_sees_the_answer_and_its_asker_deletes_it(bot: RunningBot) -> None:
    administration.install_for_user(bot.local.world, bot.anna.user)
    group = bot.local.world.find_group("picnic")
    answer = await bot.anna.wait_for_answer(
        await bot.anna.run_command("ask", channel=group, question=QUESTION)
    )

    more = await bot.press(answer, "More")
    context = await bot.press(answer, "In context", by=bot.bo)
    refusal = await bot.press(answer, "Delete", by=bot.bo)
    await bot.anna.press(answer, "Delete")

    assert not answer.is_ephemeral
    assert more in bot.bo.get_visible_messages(group)
    assert context.only_for == bot.bo.id
    assert "Only the person who asked" in refusal.text
    await bot.local.wait_for(lambda: answer.id not in bot.local.world.messages)


async def test_the_buttons_of_an_answer_that_discord_shows_to_one_person_work(
    bot: RunningBot,
) -> None:
    administration.install_for_user(bot.local.world, bot.anna.user)
    channel = bot.local.find_channel("no-apps", "Quay")
    answer = await bot.anna.wait_for_answer(
        await bot.anna.run_command("ask", channel=channel, question=QUESTION, visible=True)
    )

    pressed = [await bot.press(answer, label) for label in ("More", "In context", "Why this?")]
    await bot.anna.press(answer, "Delete")

    assert {message.only_for for message in (answer, *pressed)} == {bot.anna.id}
    await bot.local.wait_for(lambda: answer.id not in bot.local.world.messages)


async def test_the_command_works_in_channels_that_the_bot_can_not_post_in(bot: RunningBot) -> None:
    channel = bot.local.find_channel("read-only")
    action = await bot.local.find_person("mod").run_command(
        "ask", channel=channel, question=QUESTION
    )

    assert "metres" in (await bot.anna.wait_for_answer(action)).text


@pytest.mark.parametrize("name", ["gone", "ask"])
async def test_a_command_that_has_changed_is_reported(bot: RunningBot, name: str) -> None:
    data = {"id": "1", "name": name, "type": 1, "options": [], "guild_id": None}
    action = interactions.create_interaction(
        bot.local.world, InteractionType.APPLICATION_COMMAND, bot.anna.user, bot.general, data
    )

    answer = await bot.anna.wait_for_answer(action)

    assert "This command has changed" in answer.text
    assert answer.only_for == bot.anna.id
