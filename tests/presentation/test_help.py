import pytest

from bot.presentation.blocks import Heading, Line
from bot.presentation.help import (
    TOPICS,
    WAYS_TO_ASK,
    CommandExample,
    HelpTopic,
    build_help_blocks,
    find_topic,
)

WHOLE = HelpTopic(
    name="ask",
    purpose="Ask a question",
    examples=(
        CommandExample(
            command="ask", options={"question": "Why?", "after": "May"}, result="Shows an answer"
        ),
        CommandExample(command="settings show", result="Shows what is set"),
    ),
    menu_entries={"Verify quotes": "Shows what stands"},
    notes=("A note.",),
)


def test_an_example_is_written_as_it_is_typed() -> None:
    assert WHOLE.examples[0].text == "/ask question: Why? after: May"
    assert WHOLE.examples[1].text == "/settings show"


def test_a_topic_lists_each_command_and_menu_with_its_purpose() -> None:
    assert build_help_blocks(WHOLE) == (
        Heading(text="/ask, /settings: Ask a question"),
        Line(text="/ask question: Why? after: May"),
        Line(text="Shows an answer.", is_subtle=True),
        Line(text="/settings show"),
        Line(text="Shows what is set.", is_subtle=True),
        Line(text="Verify quotes (in the Apps menu of a message)"),
        Line(text="Shows what stands.", is_subtle=True),
        Line(text="A note."),
    )


def test_without_a_topic_each_way_to_ask_has_an_example_and_each_topic_a_line() -> None:
    lines = [block.text for block in build_help_blocks() if isinstance(block, Line)]

    assert all(f"{way}: {example}" in lines for way, example in WAYS_TO_ASK)
    assert "Use a command: /ask question: What did OpenAI agree to? after: last month" in lines
    for topic in TOPICS:
        assert any(line.endswith(f": {topic.purpose}") for line in lines)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_is_short_and_found_by_its_name(topic: HelpTopic) -> None:
    text = "\n".join(block.text for block in build_help_blocks(topic) if isinstance(block, Line))

    assert find_topic(topic.name) is topic
    assert len(text) < 1_200


def test_there_is_no_topic_of_another_name() -> None:
    assert find_topic("") is None
