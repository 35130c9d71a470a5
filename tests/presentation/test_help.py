import pytest

from bot.cli.terminal import harmless
from bot.presentation.blocks import Heading, Line
from bot.presentation.help import TOPICS, WAYS, Topic, Use, help_blocks, topic_named

WHOLE = Topic(
    name="ask",
    about="ask a question",
    uses=(
        Use(command="ask", options={"question": "Why?", "after": "May"}, gives="an answer"),
        Use(command="settings show", gives="what is set"),
    ),
    menus={"Verify quotes": "what stands"},
    notes=("A note.",),
)


def test_an_example_is_written_as_it_is_typed() -> None:
    assert WHOLE.uses[0].text == "/ask question: Why? after: May"
    assert WHOLE.uses[1].text == "/settings show"


def test_a_topic_tells_each_command_and_menu_with_what_it_gives() -> None:
    assert help_blocks(WHOLE) == (
        Heading(text="/ask, /settings: ask a question"),
        Line(text="/ask question: Why? after: May"),
        Line(text="gives an answer.", subtle=True),
        Line(text="/settings show"),
        Line(text="gives what is set.", subtle=True),
        Line(text="Verify quotes, in the menu of a message"),
        Line(text="gives what stands.", subtle=True),
        Line(text="A note."),
    )


def test_without_a_topic_each_way_to_ask_has_an_example_and_each_topic_a_line() -> None:
    lines = [block.text for block in help_blocks() if isinstance(block, Line)]

    assert all(f"{way}: {example}" in lines for way, example in WAYS)
    assert "Use a command: /ask question: What did OpenAI agree to? after: last month" in lines
    for topic in TOPICS:
        assert any(line.endswith(f": {topic.about}") for line in lines)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_is_short_and_found_by_its_name(topic: Topic) -> None:
    text = "\n".join(block.text for block in help_blocks(topic) if isinstance(block, Line))

    assert topic_named(topic.name) is topic
    assert len(harmless(text)) < 1_200


def test_there_is_no_topic_of_another_name() -> None:
    assert topic_named("") is None
