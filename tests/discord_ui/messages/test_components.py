import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_ui.messages.components import (
    ABSTENTION_COLOUR,
    ANSWER_COLOUR,
    MAX_URL_CHARS,
    Layout,
    build_custom_id,
    build_layout,
)
from bot.discord_ui.messages.fitting import QUOTE_TOO_LONG, TOO_LONG
from bot.local_discord.rest.payload_problems import find_message_problems
from bot.model.span import Span
from bot.presentation.answer import build_answer_blocks, build_excerpt_page_blocks
from bot.presentation.blocks import (
    Action,
    Block,
    Button,
    ButtonStyle,
    Heading,
    Line,
    Link,
    Moment,
    Picture,
    Quote,
    Sum,
    Table,
)
from tests.builders import NOON, an_answer, an_article

FLOOD = an_article(
    "The river rose by two metres.", title="The *flood*", url="https://courier.example/flood"
)
KEY = "k" * 32
COMPONENTS_V2 = 1 << 15
TEXT, BUTTON, ROW, GALLERY = 10, 2, 1, 12

Component = Mapping[str, Any]


def build_components(blocks: Sequence[Block]) -> list[Component]:
    """Return the blocks as components in Discord's format."""
    layout = build_layout(blocks, key=KEY)
    components: list[Component] = layout.to_components()  # type: ignore[no-untyped-call] # discord.py
    return components


def build_payload(*blocks: Block) -> dict[str, Any]:
    """Return the payload of a message that shows the blocks."""
    return {"flags": COMPONENTS_V2, "components": build_components(blocks)}


def iter_parts(components: list[Component], kind: int) -> Iterator[Component]:
    """Yield the components of a kind at any depth."""
    for component in components:
        if component["type"] == kind:
            yield component
        yield from iter_parts(component.get("components", []), kind)


def list_texts(*blocks: Block) -> list[str]:
    """Return the markdown of each text component of the blocks."""
    return [
        component["content"] for component in iter_parts(build_payload(*blocks)["components"], TEXT)
    ]


def list_button_targets(*blocks: Block) -> list[str]:
    """Return the custom_id or the address of each button in the blocks."""
    pressed = iter_parts(build_payload(*blocks)["components"], BUTTON)
    return [component.get("custom_id") or component["url"] for component in pressed]


def build_excerpt(rank: int, quote: str) -> list[Block]:
    """Return the blocks of an excerpt, as `answer_blocks` builds them."""
    return [
        Quote(text=quote),
        Line(text="The flood · The Courier"),
        Line(text=f"2 March 2026 · paragraph 1 · receipt {rank:016x}", is_subtle=True),
        Link(label="Open the article", url="https://courier.example/flood"),
        Button(label="In context", action=Action.IN_CONTEXT, rank=rank),
        Button(label="Why this?", action=Action.WHY, rank=rank),
        Button(label="👍", action=Action.VOTE_UP, rank=rank),
        Button(label="👎", action=Action.VOTE_DOWN, rank=rank),
    ]


def build_excerpts(count: int, quote: str) -> list[Block]:
    """Return the blocks of `count` excerpts with the same quote, and a Delete button."""
    listed = [block for rank in range(1, count + 1) for block in build_excerpt(rank, quote)]
    return [*listed, Button(label="Delete", action=Action.DELETE)]


def count_quotes(*blocks: Block) -> int:
    """Return the number of quotes in the message."""
    return sum(text.startswith("> ") for text in list_texts(*blocks))


def test_a_numbered_quote_stands_below_its_number() -> None:
    (text,) = list_texts(Quote(text="One.", number=1), Quote(text="Two.", number=2))

    assert text == "-# 1\n> \u2068One.\u2069\n-# 2\n> \u2068Two.\u2069"


def test_a_moment_is_shown_in_its_zone_and_in_the_readers_own_time() -> None:
    at = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)

    (text,) = list_texts(Moment(text="Wednesday, 08:30 <t:1>", at=at))

    assert text == r"Wednesday, 08\:30 \<t\:1\> · <t:1772609400:F>"


def test_an_answer_is_a_container_with_quote_origin_receipt_and_buttons() -> None:
    answer = an_answer("river rose metres", FLOOD)
    receipt = answer.excerpts[0].receipt

    components = build_components(build_answer_blocks(answer, has_more=True))

    assert components == [
        {
            "type": 17,
            "accent_color": ANSWER_COLOUR,
            "spoiler": False,
            "components": [
                {
                    "type": 10,
                    "content": "> \u2068The **river** **rose** by two **metres**.\u2069\n"
                    r"The \*flood\* · The Courier"
                    f"\n-# 2 March 2026 · paragraph 1 · receipt {receipt}",
                },
                {
                    "type": 1,
                    "components": [
                        build_button(
                            "Open the article", style=5, url="https://courier.example/flood"
                        ),
                        build_button("In context", custom_id=f"d:context:{KEY}:1"),
                        build_button("Why this?", custom_id=f"d:why:{KEY}:1"),
                        build_button("👍", custom_id=f"d:up:{KEY}:1"),
                        build_button("👎", custom_id=f"d:down:{KEY}:1"),
                    ],
                },
                {"type": 14, "divider": True, "spacing": 1},
                {
                    "type": 1,
                    "components": [
                        build_button("More", style=1, custom_id=f"d:more:{KEY}:2"),
                        build_button("Follow up", custom_id=f"d:follow:{KEY}"),
                        build_button("Delete", style=4, custom_id=f"d:delete:{KEY}"),
                    ],
                },
            ],
        }
    ]


def build_button(label: str, *, style: int = 2, **where: str) -> dict[str, Any]:
    """Return a button in Discord's format."""
    return {"type": BUTTON, "style": style, "disabled": False, "label": label, **where}


def test_an_abstention_differs_in_its_heading_and_its_colour() -> None:
    answer = an_answer("Which minister paid for the river boats in Lisbon?", FLOOD)

    (container,) = build_components(build_answer_blocks(answer))

    first, *_, nearest = iter_parts(container["components"], TEXT)
    assert container["accent_color"] == ABSTENTION_COLOUR != ANSWER_COLOUR
    assert first["content"].startswith("## The articles do not answer this.\n")
    assert nearest["content"].startswith("### Closest passages (not an answer)\\:\n> ")


def test_every_line_of_a_quote_has_the_bar() -> None:
    (text,) = list_texts(Quote(text="Rain.\n\n> Flood.\rEnd."))

    assert (
        text == "> \u2068Rain.\u2069\n> \u2068\u2069\n> \u2068\\> Flood.\u2069\n> \u2068End.\u2069"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The flood\n# of\r\u2028March", r"The flood \# of March"),
        ("- The flood", r"\- The flood"),
        ("<@1> @everyone", r"\<\@1\> \@everyone"),
        ("\u202edoolf", "\u2068\u202edoolf\u202c\u2069"),
    ],
)
def test_a_line_shows_foreign_words_as_they_are_and_on_one_line(text: str, expected: str) -> None:
    assert list_texts(Line(text=text)) == [expected]
    assert list_texts(Line(text=text, is_subtle=True)) == [f"-# {expected}"]
    assert list_texts(Heading(text=text)) == [f"### {expected}"]


def test_a_line_beyond_measure_is_cut_before_it_is_escaped() -> None:
    (text,) = list_texts(Line(text="*" * 5_000))

    assert text == r"\*" * 599 + "…"


def test_a_sum_stands_in_a_code_block_that_nothing_in_it_ends() -> None:
    (text,) = list_texts(Line(text="Why"), Sum(rows=(("ri```ver", 1.5),), label="score"))

    assert text == "Why\n```\n1.50  ri\u02cb\u02cb\u02cbver\n────\n1.50  score\n```"


@pytest.mark.parametrize(("chars", "count"), [(MAX_URL_CHARS, 1), (MAX_URL_CHARS + 1, 0)])
def test_an_address_too_long_for_discord_has_no_button(chars: int, count: int) -> None:
    url = "https://courier.example/".ljust(chars, "x")

    assert (
        len(list_button_targets(Quote(text="Rain."), Link(label="Open the article", url=url)))
        == count
    )


def test_a_row_holds_five_buttons() -> None:
    blocks = [Button(label="Up", action=Action.VOTE_UP, rank=rank) for rank in range(6)]

    rows = iter_parts(build_payload(Line(text="Rain"), *blocks)["components"], ROW)

    assert [len(row["components"]) for row in rows] == [5, 1]


@pytest.mark.parametrize("action", Action)
def test_a_button_is_known_by_an_id_that_a_pattern_reads_again(action: Action) -> None:
    class Pressed(ui.DynamicItem[ui.Button[Layout]], template=r"d:(\w+):(\w+)(?::(\d+))?"):
        pass

    name = build_custom_id(action, KEY, 30)

    item = Pressed(ui.Button(custom_id=name))
    assert len(name) <= 100
    assert re.fullmatch(item.template, name).groups() == (action, KEY, "30")  # type: ignore[union-attr] # it matches


@pytest.mark.parametrize("style", ButtonStyle)
def test_every_style_is_drawn(style: ButtonStyle) -> None:
    payload = build_payload(Line(text="Rain"), Button(label="x", action=Action.MORE, style=style))

    assert not find_message_problems(payload)


def test_a_table_stands_in_a_code_block() -> None:
    block = Table(header=("week", "ri`ver"), rows=(("2 Mar", "7"),))

    (text,) = iter_parts(build_components([block]), TEXT)

    assert text["content"] == "```\nweek   ri\u02cbver\n2 Mar       7\n```"


def test_a_picture_is_shown_by_its_file_and_in_words() -> None:
    blocks: list[Block] = [
        Line(text="Articles"),
        Picture(png=b"png", name="trend.png", alt="A chart"),
    ]
    layout = build_layout(blocks)

    files = [[(file.filename, file.fp.read()) for file in layout.files] for _ in range(2)]
    (gallery,) = iter_parts(build_components(blocks), GALLERY)

    assert [(item["media"]["url"], item["description"]) for item in gallery["items"]] == [
        ("attachment://trend.png", "A chart")
    ]
    assert files == [[("trend.png", b"png")]] * 2


def test_a_message_without_a_picture_has_no_files() -> None:
    assert build_layout([Line(text="Articles")]).files == []


async def test_discord_py_keeps_no_layout_in_memory() -> None:
    layout = build_layout(build_excerpts(1, "Rain."), key=KEY)

    assert layout.is_finished()
    assert layout.timeout is None


def test_excerpts_beyond_the_characters_of_a_message_are_offered() -> None:
    blocks = build_excerpts(3, "x" * 1_800)

    assert count_quotes(*blocks) == 2
    assert f"d:more:{KEY}:3" in list_button_targets(*blocks)


@pytest.mark.parametrize(
    "quote",
    [
        "x" * 3_990,  # the bar, two isolates and the six letters of the button make it 4 000
        "😀" * 1_330,  # each is two UTF-16 units and a backslash
        "洪" * 3_318 + "x" * 8,  # 9 962 bytes, 14 about them, 12 for each of two texts
    ],
    ids=["characters", "UTF-16 units", "bytes"],
)
def test_a_message_is_filled_to_the_last(quote: str) -> None:
    button = Button(label="Delete", action=Action.DELETE)

    assert count_quotes(Quote(text=quote), button) == 1
    assert count_quotes(Quote(text=f"{quote}x"), button) == 0


def test_a_message_holds_forty_components() -> None:
    up = [Button(label="Up", action=Action.VOTE_UP, rank=rank) for rank in range(32)]

    # The container, the text, 7 rows and 31 buttons.
    assert len(list_button_targets(Line(text="Rain"), *up[:31])) == 31
    assert list_texts(Line(text="Rain"), *up) == [TOO_LONG.text]


def test_excerpts_beyond_the_components_of_a_message_are_offered() -> None:
    blocks = build_excerpts(10, "Rain.")

    assert count_quotes(*blocks) == 4
    assert f"d:more:{KEY}:5" in list_button_targets(*blocks)


def test_excerpts_beyond_the_bytes_of_a_message_are_offered() -> None:
    blocks = build_excerpts(2, "洪" * 1_800)

    assert count_quotes(*blocks) == 1


@pytest.mark.parametrize("character", ["x", "洪", "п", "*x", "<@1>"], ids=repr)
def test_an_excerpt_of_the_longest_kind_is_shown_whole(character: str) -> None:
    quote = (character * 2_000)[:2_000]

    assert count_quotes(*build_excerpts(2, quote)) == 1


@pytest.mark.parametrize("character", ["😀", "*", "👨\u200d👩\u200d👧", "\u2069"], ids=repr)
def test_a_quote_too_long_for_a_message_is_reported_and_never_cut(character: str) -> None:
    payload = build_payload(*build_excerpts(1, character * 4_000))

    (text,) = [component["content"] for component in iter_parts(payload["components"], TEXT)]
    assert text.startswith(QUOTE_TOO_LONG.text[:40])
    assert "receipt 0000000000000001" in text
    assert "https://courier.example/flood" in list_button_targets(
        *build_excerpts(1, character * 4_000)
    )
    assert not find_message_problems(payload)


def test_overlong_lines_are_reported_as_too_long() -> None:
    assert list_texts(*[Line(text="x" * 500)] * 10) == [TOO_LONG.text]


def test_a_further_page_is_drawn_like_an_answer() -> None:
    (found,) = an_answer("river rose metres", FLOOD).excerpts

    blocks = build_excerpt_page_blocks([found], first_rank=4, has_more=False)

    assert not find_message_problems(build_payload(*blocks))


CONTROLS = "\x1b]0;x\x07\x00\x9b2J\x7f\u2028"
HARMLESS = "␛]0;x␇␀\ufffd2J␡"


@pytest.mark.parametrize(
    "block",
    [
        Heading(text=CONTROLS),
        Line(text=CONTROLS),
        Moment(text=CONTROLS, at=NOON),
        Quote(text=f"The {CONTROLS} rose", matches=(Span(4, 9),)),
        Sum(rows=((CONTROLS, 1.5),), label=CONTROLS),
        Table(header=(CONTROLS,), rows=((CONTROLS,),)),
        Picture(png=b"png", name="trend.png", alt=CONTROLS),
        Link(label=CONTROLS, url="https://courier.example/"),
        Button(label=CONTROLS, action=Action.DELETE),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_control_character_is_shown_not_sent(block: Block) -> None:
    payload = json.dumps(build_payload(block), ensure_ascii=False)

    assert not re.search(r"\\u00|[\x7f-\x9f\u2028]", payload)
    assert HARMLESS in re.sub(r"\\\\|\*\*", "", payload)


hostile_words = st.builds(
    lambda word, times: (word * times)[:2_000],
    st.sampled_from(["😀", "洪", "*_`", "\n", "\u2069", "\u202e", "x ", "<@1>", "1. ", "\\"]),
    st.integers(1, 2_000),
)
quotes = st.builds(
    lambda text, ends: Quote(
        text=text, matches=(Span(*sorted(min(end, len(text)) for end in ends)),)
    ),
    hostile_words,
    st.tuples(st.integers(0, 2_000), st.integers(0, 2_000)),
)
lines = st.builds(Line, text=hostile_words.map("x{}".format), is_subtle=st.booleans())
headings = st.builds(Heading, text=hostile_words.map("x{}".format), is_warning=st.booleans())
links = st.builds(
    lambda chars: Link(label="Open the article", url="https://courier.example/".ljust(chars, "x")),
    st.integers(24, 600),
)


@st.composite
def messages(draw: st.DrawFn) -> list[Block]:
    """Draw a message of lines, headings and up to ten excerpts with their buttons."""
    blocks: list[Block] = [draw(st.one_of(lines, headings))]
    for rank in range(1, draw(st.integers(1, 11))):
        blocks += draw(st.lists(st.one_of(lines, headings), max_size=1))
        blocks += [draw(quotes), draw(lines), *draw(st.lists(links, max_size=1))]
        blocks += [Button(label="In context", action=Action.IN_CONTEXT, rank=rank)]
    return [*blocks, Button(label="Delete", action=Action.DELETE)]


@settings(max_examples=25, deadline=None)
@given(messages())
def test_every_message_keeps_discords_limits(blocks: list[Block]) -> None:
    payload = build_payload(*blocks)

    content = [text["content"] for text in iter_parts(payload["components"], TEXT)]
    assert not find_message_problems(payload)
    assert sum(len(text.encode("utf-16-le")) // 2 for text in content) <= 4_000
    assert sum(len(text.encode()) for text in content) <= 10_000
