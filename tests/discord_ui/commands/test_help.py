from collections.abc import Iterator
from typing import Any

import pytest
from discord import AppCommandOptionType, app_commands

from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.presentation.help import TOPICS, CommandExample, HelpTopic
from tests.discord_ui.conftest import Place
from tests.scenario.starting import read

Command = app_commands.Command[Any, ..., Any]


def commands(place: Place) -> dict[str, Command]:
    """Every command that is typed, by its full name."""
    return {
        each.qualified_name: each
        for each in place.client.tree.walk_commands()
        if isinstance(each, app_commands.Command)
    }


def menus(place: Place) -> set[str]:
    return {
        each.name
        for each in place.client.tree.get_commands()
        if isinstance(each, app_commands.ContextMenu)
    }


def misuses(use: CommandExample, known: dict[str, Command]) -> Iterator[str]:
    """What an example names that no command has, or gives that an option does not take."""
    command = known.get(use.command)
    if command is None:
        yield f"/{use.command}"
        return
    options = {option.name: option for option in command.parameters}
    for name, value in use.options.items():
        if name not in options:
            yield f"/{use.command} {name}"
        elif not takes(options[name], value):
            yield f"/{use.command} {name}: {value}"
    if use.options:
        required = {option.name for option in command.parameters if option.required}
        yield from (f"/{use.command} lacks {name}" for name in required - use.options.keys())


def takes(option: app_commands.Parameter, value: str) -> bool:
    if option.choices:
        return value in {str(choice.value) for choice in option.choices}
    size = int(value) if option.type is AppCommandOptionType.integer else len(value)
    least, most = option.min_value, option.max_value
    return (least is None or size >= least) and (most is None or size <= most)


async def test_every_command_and_option_that_help_names_is_there(place: Place) -> None:
    known = commands(place)

    found = [misuse for topic in TOPICS for use in topic.examples for misuse in misuses(use, known)]

    assert not found
    assert {menu for topic in TOPICS for menu in topic.menu_entries} == menus(place)


async def test_help_tells_of_every_command(place: Place) -> None:
    told = {use.command for topic in TOPICS for use in topic.examples}

    assert commands(place).keys() - told == {"help"}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
async def test_a_topic_is_told_to_who_asks_alone(place: Place, topic: HelpTopic) -> None:
    acted = await place.anna.run_command("help", channel=place.general, topic=topic.name)

    told = await place.anna.wait_for_answer(acted)

    assert told.only_for == place.anna.id
    assert all(use.text in read(told) for use in topic.examples)


async def test_without_a_topic_it_tells_how_to_ask(place: Place) -> None:
    acted = await place.anna.run_command("help", channel=place.general)

    assert "How to ask" in (await place.anna.wait_for_answer(acted)).text


async def test_other_topics_can_not_be_chosen(place: Place) -> None:
    with pytest.raises(ImpossibleAction, match="is one of"):
        await place.anna.run_command("help", channel=place.general, topic="weather")
