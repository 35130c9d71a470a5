"""Messages as text in the terminal."""

import pytest

from bot.local_discord.terminal.rendering import render_message
from bot.local_discord.world.constants import MessageFlag
from bot.local_discord.world.records import Attachment, Message, Pings

NAMES = {1: "anna", 2: "Dateline"}


def build_message(**fields: object) -> Message:
    return Message(id=9, channel_id=8, author_id=2, sent_at=0.0, **fields)  # type: ignore[arg-type]  # any of them


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        (build_message(content="one\ntwo"), ["Dateline:", "  one", "  two"]),
        (build_message(content=r"2\. <@1> \<@5> <@7>"), ["Dateline:", "  2. @anna <@5> @7"]),
        (build_message(content=r"a\_b \ä\ c\d \7"), ["Dateline:", r"  a_b ä\ c\d \7"]),
        (build_message(content="a\x1b[2J\u202eb\u2067"), ["Dateline:", "  a[2Jb"]),
        (build_message(flags=MessageFlag.LOADING), ["Dateline:", "  is thinking…"]),
        (
            build_message(content="x", only_for=1, edited_at=1.0),
            ["Dateline (edited, only anna sees this):", "  x"],
        ),
        (
            build_message(content="x", pings=Pings(users=(1,), roles=(4,), includes_everyone=True)),
            ["Dateline (pings everyone, anna, role 4):", "  x"],
        ),
        (
            build_message(
                embeds=(
                    {"title": "T", "fields": [{"name": "n", "value": "v"}]},
                    {"description": "D"},
                )
            ),
            ["Dateline:", "  | T", "  | n: v", "  | D"],
        ),
        (
            build_message(
                attachments=(
                    Attachment(id=1, filename="a.png", content_type="image/png", data=b""),
                )
            ),
            ["Dateline:", "  [file] a.png"],
        ),
        (
            build_message(
                components=(
                    {"type": 2, "label": "More", "custom_id": "a"},
                    {
                        "type": 12,
                        "items": [
                            {"media": {"url": "attachment://a.png"}, "description": "A chart"},
                            {"media": {"url": "https://example.org/b.png"}},
                        ],
                    },
                ),
                attachments=(
                    Attachment(id=1, filename="a.png", content_type="image/png", data=b""),
                    Attachment(id=2, filename="c.png", content_type="image/png", data=b""),
                ),
            ),
            [
                "Dateline:",
                "  [7 More]",
                "  [picture: A chart]",
                "  [picture: not described]",
                "  [file] c.png",
            ],
        ),
        (
            build_message(
                components=(
                    {"type": 10, "content": "text"},
                    {"type": 2, "label": "More", "custom_id": "a"},
                    {"type": 2, "label": "Read", "url": "https://example.org"},
                    {"type": 14},
                    {"type": 2, "custom_id": "b"},
                )
            ),
            ["Dateline:", "  text", "  [7 More] [Read: https://example.org]", "  ────", "  [- ]"],
        ),
    ],
)
def test_a_message_is_shown_as_lines(message: Message, lines: list[str]) -> None:
    assert render_message(message, NAMES, {"a": 7}) == lines
