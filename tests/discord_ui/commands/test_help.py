from collections.abc import Iterator
from typing import Any

import pytest
from discord import AppCommandOptionType, app_commands

from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.presentation.help import TOPICS, CommandExample, HelpTopic
from tests.discord_ui.conftest import RunningBot
from tests.scenario.starting import read

Command = app_commands.Command[Any, ..., Any]


def list_commands(bot: RunningBot) -> dict[str, Command]:
    """Return all slash commands by their full names."""
    return {
        command.qualified_name: command
        for command in bot.client.tree.walk_commands()
        if isinstance(command, app_commands.Command)
    }


def list_menus(bot: RunningBot) -> set[str]:
    return {
        menu.name
        for menu in bot.client.tree.get_commands()
        if isinstance(menu, app_commands.ContextMenu)
    }


def find_misuses(use: CommandExample, known: dict[str, Command]) -> Iterator[str]:
    """Yield each unknown name, invalid value and missing option of an example."""
    command = known.get(use.command)
    if command is None:
        yield f"/{use.command}"
        return
    options = {option.name: option for option in command.parameters}
    for name, value in use.options.items():
        if name not in options:
            yield f"/{use.command} {name}"
        elif not accepts(options[name], value):
            yield f"/{use.command} {name}: {value}"
    if use.options:
        required = {option.name for option in command.parameters if option.required}
        yield from (f"/{use.command} lacks {name}" for name in required - use.options.keys())


def accepts(option: app_commands.Parameter, value: str) -> bool:
    if option.choices:
        return value in {str(choice.value) for choice in option.choices}
    size = int(value) if option.type is AppCommandOptionType.integer else len(value)
    least, most = option.min_value, option.max_value
    return (least is None or size >= least) and (most is None or size <= most)


async def test_every_command_and_option_that_help_names_is_there(bot: RunningBot) -> None:
    known = list_commands(bot)

    found = [
        misuse for topic in TOPICS for use in topic.examples for misuse in find_misuses(use, known)
    ]

    assert not found
    assert {menu for topic in TOPICS for menu in topic.menu_entries} == list_menus(bot)


async def test_help_lists_every_command(bot: RunningBot) -> None:
    answer = {use.command for topic in TOPICS for use in topic.examples}

    assert list_commands(bot).keys() - answer == {"help"}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
async def test_a_help_topic_is_shown_to_the_asker_alone(bot: RunningBot, topic: HelpTopic) -> None:
    action = await bot.anna.run_command("help", channel=bot.general, topic=topic.name)

    answer = await bot.anna.wait_for_answer(action)

    assert answer.only_for == bot.anna.id
    assert all(use.text in read(answer) for use in topic.examples)


async def test_without_a_topic_help_explains_how_to_ask(bot: RunningBot) -> None:
    action = await bot.anna.run_command("help", channel=bot.general)

    assert "How to ask" in (await bot.anna.wait_for_answer(action)).text


async def test_other_topics_can_not_be_chosen(bot: RunningBot) -> None:
    with pytest.raises(ImpossibleAction, match="one of these"):
        await bot.anna.run_command("help", channel=bot.general, topic="weather")


def list_descriptions(bot: RunningBot) -> Iterator[tuple[str, str]]:
    """Yield the path and the description of each group, command, option and choice."""
    for command in bot.client.tree.walk_commands():
        if isinstance(command, app_commands.ContextMenu):
            continue
        place = f"/{command.qualified_name}"
        yield place, command.description
        if isinstance(command, app_commands.Command):
            for option in command.parameters:
                yield f"{place} {option.name}", str(option.description)
                if command.name != "help":  # its choices begin with the topic's name
                    for choice in option.choices:
                        yield f"{place} {option.name}:{choice.value}", choice.name


async def test_every_description_is_a_short_phrase_in_sentence_case(bot: RunningBot) -> None:
    wrong = [
        (place, text)
        for place, text in list_descriptions(bot)
        if not (text[:1].isupper() and len(text) <= 100 and text[-1] not in ".…") or text.isupper()
    ]

    assert not wrong
