import time
from typing import Any
from unittest.mock import Mock

import discord
import pytest

from bot.discord_ui.messages.message_text import extract_message_text, strip_markdown
from bot.local_discord.world.records import Json

EMPTY: Json = {"content": "", "embeds": [], "components": [], "attachments": [], "type": 0}
FIELDS: Json = {
    **EMPTY,
    "id": "1",
    "channel_id": "2",
    "author": {"id": "3", "username": "anna", "discriminator": "0", "avatar": None},
    "timestamp": "2026-03-02T12:00:00+00:00",
    "edited_timestamp": None,
    "flags": 0,
    "tts": False,
    "pinned": False,
    "mentions": [],
    "mention_roles": [],
    "mention_everyone": False,
}


def build_message(**fields: Any) -> discord.Message:
    data: Any = {**FIELDS, **fields}
    return discord.Message(state=Mock(), channel=Mock(), data=data)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**rose** by *two* __metres__ ~~or~~ ||three||", "rose by two metres or three"),
        ("***rose*** by **_two_ metres**", "rose by two metres"),
        ("snake_case_name and _this_ one", "snake_case_name and this one"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        (r"\*\*not bold\*\* and 3\. of it", "**not bold** and 3. of it"),
        (r"a\b", r"a\b"),
        ("## A heading\n-# small", "A heading\nsmall"),
        ("> **quoted**\n> -# small", "> quoted\n> small"),
        ("<@1> <@!2> <@&3> <#4> said <:smile:5> <t:6:R> </ask:7>", "said"),
        ("see [the report](https://a.example/b_c_d) now", "see the report now"),
        ("see https://a.example/b_c and <https://b.example>", "see   and"),
        ("`river` rose", "river rose"),
        ("\u2068river\u2069 rose", "river rose"),
        ("x < 3 and <this> stays", "x < 3 and <this> stays"),
    ],
)
def test_markdown_is_read_as_the_words_that_a_person_sees(markdown: str, text: str) -> None:
    assert strip_markdown(markdown).replace("     ", "") == text


def test_the_text_of_embeds_and_components_is_read_too() -> None:
    container = {"type": 17, "components": [{"type": 10, "content": "> \\*rose"}]}
    embed = {"type": "rich", "title": "Flood", "description": "It **rose**."}

    assert (
        extract_message_text(build_message(content="Look:", embeds=[embed]))
        == "Look:\n\nFlood\n\nIt rose."
    )
    assert extract_message_text(build_message(components=[container], flags=1 << 15)) == "> *rose"


def test_marks_do_not_reach_from_one_text_of_a_message_into_the_next() -> None:
    embed = {"type": "rich", "title": "2 *3", "description": "4* 5"}

    assert extract_message_text(build_message(embeds=[embed])) == "2 *3\n\n4* 5"


@pytest.mark.parametrize("mark", ["`", "[", "*a ", "`a ", "_a ", "[a"])
def test_a_message_full_of_marks_holds_nobody_up(mark: str) -> None:
    full = mark * (6_000 // len(mark))
    started = time.process_time()

    strip_markdown(full)

    assert time.process_time() - started < 1.0


def test_a_forwarded_message_is_read_too() -> None:
    forwarded = {**FIELDS, "content": "The river rose.", "embeds": [{"title": "Flood"}]}

    answer = build_message(message_snapshots=[{"message": forwarded}])

    assert extract_message_text(answer) == "The river rose.\n\nFlood"


def test_a_message_without_words_is_empty() -> None:
    assert extract_message_text(build_message(content=" <:smile:5> ")) == ""
