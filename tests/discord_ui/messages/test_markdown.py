import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_ui.messages.markdown import escape_markdown, format_code_block, format_quote
from bot.model.span import Span
from bot.presentation.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE

PROJECT = Path(__file__).parents[3]
JUDGE = Path(__file__).with_name("markdown_judge.js")
ID = "123456789012345678"

HOSTILE = {
    "everyone": "@everyone and @here",
    "user mentioned": f"<@{ID}> <@!{ID}>",
    "role mentioned": f"<@&{ID}>",
    "short mentions": "<@1> <@&1> <#1>",
    "channel mentioned": f"<#{ID}>",
    "command mentioned": f"</ask:{ID}> </ask more:{ID}>",
    "guild places": f"<id:customize> <id:guide> <{ID}:browse> <{ID}:linked-roles:{ID}>",
    "timestamp": "<t:1618953630> <t:1618953630:R>",
    "custom emoji": f"<:rain:{ID}> <a:rain:{ID}>",
    "shortcode": ":smile: :+1::skin-tone-2:",
    "emoji": "😀👍🏽👨\u200d👩\u200d👧🇩🇪🏴\U000e0067\U000e0062\U000e007f❤\ufe0f1\ufe0f\u20e3©™‼➡",
    "bold": "**rain** and ***rain***",
    "italics": "*rain* and _rain_",
    "underline": "__rain__",
    "strike": "~~rain~~",
    "spoiler": "||rain||",
    "code": "`rain` and ``rain ` rain``",
    "fence": "```js\nrain\n```",
    "open fence": "```",
    "quote": "> rain\n>rain",
    "quote to the end": ">>> rain\nrain",
    "headings": "# rain\n## rain\n### rain",
    "subtext": "-# rain",
    "lists": "- rain\n* rain\n+ rain\n  - rain",
    "numbers": "1. rain\n2) rain\n  30. rain",
    "list at the very end": "rain\n-",
    "number at the very end": "rain\n3.",
    "masked link": "[rain](https://rain.example) [rain](<https://rain.example> 'rain')",
    "picture": "![rain](https://rain.example/a.png)",
    "autolink": "<https://rain.example> <mailto:a@rain.example> <tel:+123> <a@rain.example>",
    "address": "https://rain.example/a_b_c*d http://rain.example",
    "other schemes": "discord://rain steam://rain discord.gg/rain",
    "backslashes": "\\ \\\\ \\* C:\\new \\",
    "shrug": "¯\\_(ツ)_/¯",
    "after a carriage return": "rain\r- rain\r\n# rain",
    "after a form feed": "rain\n\f- rain\n\t- rain",
    "overrides": "\u202erain\u202c \u2067rain \u2069\u2069 rain",
    "zero width": "ra\u200bin\u200d \u2060<\u200b@1>",
    "table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "rules": "---\n***\n___\n===",
}
ORDINARY = {
    "prose": "The Courier’s so-called “flood” rose 3.5 m, i.e. 20 % more (see p. 3); why?",
    "scripts": "Über die Überschwemmung. Наводнение. 洪水です。فيضان. ",
}
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())

pieces = st.one_of(
    st.sampled_from(sorted({word for text in HOSTILE.values() for word in text.split(" ")})),
    st.sampled_from(
        ["\n", "\n\n", " ", "\t", "rain", "3", "_", "*", "-", ".", "`", "\\", "|", "~"]
    ),
    st.characters(codec="utf-8", exclude_characters="\0"),
)
foreign_text = st.lists(pieces, max_size=12).map("".join)

Part = list[str]
Judge = Callable[[Sequence[str]], list[list[Part]]]


def unescape(markdown: str) -> str:
    """Return the markdown without the backslashes that escape a character in Discord."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


def normalise_whitespace(text: str) -> str:
    """Return the text with the white space that Discord's markdown parser starts from."""
    return re.sub(r"\r\n?", "\n", text).replace("\f", "").replace("\t", "    ")


def strip_controls(text: str) -> str:
    """Return the text without characters that control its direction."""
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)


@st.composite
def text_with_matches(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Draw a text, and spans of it that can touch, overlap and be empty."""
    text = draw(foreign_text)
    place = st.integers(0, len(text))
    return text, [
        Span(*sorted(ends)) for ends in draw(st.lists(st.tuples(place, place), max_size=4))
    ]


def find_judge_folder() -> Path | None:
    """Return the node_modules folder with discord-markdown-parser, or None."""
    named = os.environ.get("DISCORD_MARKDOWN_PARSER")
    folders = (
        [Path(named)] if named else [PROJECT / "node_modules", PROJECT.parent / "node_modules"]
    )
    return next(
        (folder for folder in folders if (folder / "discord-markdown-parser").is_dir()), None
    )


@pytest.fixture(scope="module")
def judge() -> Judge:
    """Return a function that parses texts with discord-markdown-parser, or skip the test."""
    node, folder = shutil.which("node"), find_judge_folder()
    if node is None or folder is None:
        pytest.skip("needs Node, and DISCORD_MARKDOWN_PARSER for the node_modules of that package")

    def parts(texts: Sequence[str]) -> list[list[Part]]:
        ended = subprocess.run(  # noqa: S603 - our own script
            [node, str(JUDGE)],
            input=json.dumps(texts),
            env={"NODE_PATH": str(folder)},
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        judged: list[list[Part]] = json.loads(ended.stdout)
        return judged

    return parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**rain**", r"\*\*rain\*\*"),
        ("@everyone", r"\@everyone"),
        ("<@&1>", r"\<\@&1\>"),
        ("- rain", r"\- rain"),
        ("+ rain", r"\+ rain"),
        ("1. rain", r"1\. rain"),
        ("-# rain", r"\-\# rain"),
        ("https://rain.example", r"https\:\/\/rain.example"),
        ("[rain](x)", r"\[rain\](x)"),
        ("😀", "\\😀"),
        ("\\*", r"\\\*"),
        ("so-called 3.5 (a.b) rain's", "so-called 3.5 (a.b) rain's"),
    ],
)
def test_a_backslash_stands_before_what_discord_would_read(text: str, expected: str) -> None:
    assert escape_markdown(text) == expected


@hostile
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    assert unescape(escape_markdown(text)) == text


@hostile
def test_hostile_text_forms_no_mention_and_no_address(text: str) -> None:
    markdown = escape_markdown(text)

    assert not re.search(r"<(@[!&]?|#|/\w+:|a?:\w+:|t:|id:)", markdown)
    assert "://" not in markdown
    assert "discord.gg/" not in markdown


@given(foreign_text)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    assert unescape(escape_markdown(text)) == text


@given(foreign_text)
def test_no_character_that_formats_is_left_bare(text: str) -> None:
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "", escape_markdown(text))

    assert not set(bare) & set("\\*_~|`<>[]:@#/")
    assert not re.search(r"(^|\s)([-+]|\d+[.)])(\s|$)", bare)


@given(foreign_text, foreign_text)
def test_what_follows_a_text_does_not_make_it_special(text: str, more: str) -> None:
    unprotected = re.compile(r"(?<![\\\w])(?:[-+]|\d+[.)]) ")

    assert not unprotected.search(f"{escape_markdown(text)} {escape_markdown(more)}")


def test_matches_are_bold() -> None:
    quote = format_quote("The river rose.", [Span(4, 9), Span(10, 14)])

    assert quote == "\u2068The **river** **rose**.\u2069"


@pytest.mark.parametrize(
    ("text", "matches", "expected"),
    [
        ("river", [(0, 3), (3, 5)], "**river**"),
        ("river", [(2, 5), (0, 3)], "**river**"),
        ("river", [(0, 5), (1, 2)], "**river**"),
        (" river ", [(0, 7)], " **river** "),
        ("river rose", [(0, 10)], "**river** **rose**"),
        ("river", [(2, 2)], "river"),
        ("(river)", [(1, 6)], "(**river**)"),
        ("*river*", [(1, 6)], r"\***river**\*"),
        ("*river*", [(0, 7)], r"**\*river\***"),
        ("river\\", [(0, 6)], r"**river\\**"),
        ("3. river", [(0, 1)], r"**3**\. river"),
        ("a\nb", [(0, 3)], "**a**\u2069\n\u2068**b**"),
    ],
    ids=repr,
)
def test_bold_is_marked_so_that_it_is_always_read(
    text: str, matches: list[tuple[int, int]], expected: str
) -> None:
    quote = format_quote(text, [Span(*match) for match in matches])

    assert quote == f"\u2068{expected}\u2069"


def test_a_quote_closes_what_it_opens() -> None:
    quote = format_quote("\u202edoolf <")

    assert quote == "\u2068\u202edoolf \\<\u202c\u2069"


@given(text_with_matches())
def test_a_quote_is_its_escaped_text_but_for_bold_and_direction(
    drawn: tuple[str, list[Span]],
) -> None:
    text, matches = drawn

    quote = format_quote(text, matches)

    assert quote.startswith(FIRST_STRONG_ISOLATE)
    assert quote.endswith(POP_ISOLATE)
    unmarked = re.sub(r"(\\[^0-9A-Za-z\s])|\*\*", r"\1", quote)
    assert strip_controls(unmarked) == strip_controls(escape_markdown(text))


def test_the_judge_reads_hostile_text_as_text_alone(judge: Judge) -> None:
    texts = [*HOSTILE.values(), *ORDINARY.values()]

    judged = judge([escape_markdown(text) for text in texts])

    assert judged == [[["text", normalise_whitespace(text)]] for text in texts]


def test_the_judge_sees_through_text_that_is_not_escaped(judge: Judge) -> None:
    judged = judge(["**rain**", f"<@{ID}>", "# rain"])

    assert [parts[0][0] for parts in judged] == ["strong", "user", "heading"]


def test_the_judge_reads_every_character_as_itself(judge: Judge) -> None:
    codes = [*range(1, 0xD800), *range(0xE000, 0x10000), *range(0x1F000, 0x20000)]
    texts = [chr(code) for code in codes if normalise_whitespace(chr(code))]

    judged = judge([escape_markdown(text) for text in texts])

    assert judged == [[["text", normalise_whitespace(text)]] for text in texts]


@settings(max_examples=12, deadline=None)
@given(st.lists(foreign_text.filter(normalise_whitespace), min_size=20, max_size=60))
def test_the_judge_reads_any_text_as_text_alone(judge: Judge, texts: list[str]) -> None:
    judged = judge([escape_markdown(text) for text in texts])

    assert judged == [[["text", normalise_whitespace(text)]] for text in texts]


@settings(max_examples=12, deadline=None)
@given(st.lists(text_with_matches(), min_size=20, max_size=60))
def test_the_judge_reads_matches_as_bold_and_nothing_else(
    judge: Judge, drawn: list[tuple[str, list[Span]]]
) -> None:
    judged = judge([format_quote(text, matches) for text, matches in drawn])

    for (text, matches), parts in zip(drawn, judged, strict=True):
        places = {place for match in matches for place in range(*match)}
        bold = "".join(text[place] for place in sorted(places) if not text[place].isspace())
        assert {kind for kind, _ in parts} <= {"text", "strong"}
        assert strip_controls("".join(part for _, part in parts)) == strip_controls(
            normalise_whitespace(text)
        )
        assert strip_controls(
            "".join(part for kind, part in parts if kind == "strong")
        ) == strip_controls(bold)


@pytest.mark.parametrize(
    "text", ["1.00  river", "```", "a`b``c", " x\n─\n<@1> **x** \\`"], ids=repr
)
def test_the_judge_reads_a_code_block_as_one(judge: Judge, text: str) -> None:
    (parts,) = judge([format_code_block(text)])

    assert parts == [["codeBlock", text.replace("`", "\u02cb")]]
