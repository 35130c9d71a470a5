"""Control characters from articles and from people: no message to Discord has one."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.local_discord.world.records import Message
from bot.model.article import ArticleId
from tests.builders import NOON, an_article
from tests.discord_ui.conftest import RunningBot

STEERING = "\x1b]0;x\x07\x1b[2J\x00\x08\x7f\x9b31m\u2028"
FLOOD = an_article(
    f"The river{STEERING} rose by two{STEERING} metres in Bremen.\n\nNobody{STEERING} was hurt.",
    id="hostile",
    title=f"The{STEERING} flood",
    source=f"The{STEERING} Gazette",
)
TEXT = f"river{STEERING} rose"

COMMANDS: dict[str, dict[str, str]] = {
    "ask": {"question": f"{TEXT} in Bremen"},
    "search": {"terms": TEXT},
    "article": {"title": "hostile"},
    "latest": {"source": FLOOD.source or ""},
    "on": {"date": f"2026{STEERING}"},
    "timeline": {"topic": TEXT},
    "trend": {"terms": TEXT},
    "changed": {"topic": TEXT, "since": f"monday{STEERING}"},
    "verify": {"receipt": STEERING},
    "sources": {},
}


def iter_texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from iter_texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from iter_texts(item)


def find_controls(message: Message) -> set[str]:
    """Return the control characters in what the bot sent, except newlines."""
    return {
        character
        for text in iter_texts(json.loads(json.dumps([message.content, message.components])))
        for character in text
        if character != "\n" and unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
    }


async def test_no_answer_has_a_control_character(bot: RunningBot) -> None:
    await bot.app.articles.put([FLOOD, replace(FLOOD, id=ArticleId("again"))], NOON)
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop
    found: dict[str, set[str]] = {}

    for command, options in COMMANDS.items():
        bot.clock.advance(minutes=1)  # a person may only ask a few times a minute
        action = await bot.anna.run_command(command, channel=bot.general, **options)
        found[command] = find_controls(await bot.anna.wait_for_answer(action))
    answer = await bot.ask(question=f"{TEXT} two metres in Bremen", source=FLOOD.source or "")
    for label in ("In context", "Why this?"):
        found[label] = find_controls(await bot.press(answer, label))

    assert "␛" in answer.text
    assert not {name for name, controls in found.items() if controls}
    assert len(found) == len(COMMANDS) + 2
