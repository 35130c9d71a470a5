from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.discord_ui.messages import sending
from bot.discord_ui.messages.components import Layout
from bot.discord_ui.messages.sending import reduce_blocks, send_fitting, try_twice
from bot.presentation.answer import build_answer_blocks
from bot.presentation.blocks import Block, Button, Line, Link, Picture, Quote
from tests.builders import an_answer, an_article
from tests.retrieval.builders import some_weights

LINE = Line(text="Hello.")


@pytest.fixture(autouse=True)
def retry_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "MIN_REPEAT_SECONDS", 0)


def build_refusal(status: int, code: int = 0) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="")
    return discord.HTTPException(response, {"code": code, "message": ""})


class Mailbox:
    """A channel that raises the given errors first, and then stores each message."""

    def __init__(self, *refusals: Exception) -> None:
        self.refusals = list(refusals)
        self.taken: list[Layout] = []

    async def send(self, layout: Layout) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.taken.append(layout)

    def links(self) -> list[str]:
        children = [child for layout in self.taken for child in layout.walk_children()]
        return [str(c.url) for c in children if isinstance(c, discord.ui.Button) and c.url]


def build_linked_blocks() -> tuple[Block, ...]:
    articles = [
        an_article(f"The river rose by {name}.", id=name, url="https://example.org/a")
        for name in ("two metres", "three miles")
    ]
    return build_answer_blocks(an_answer("river rose", *articles, weights=some_weights()))


@pytest.mark.parametrize(
    "error",
    [
        build_refusal(503),
        build_refusal(429),
        aiohttp.ServerDisconnectedError(),
        TimeoutError(),
        OSError(),
    ],
    ids=repr,
)
async def test_what_may_go_well_the_second_time_is_tried_again(error: Exception) -> None:
    mailbox = Mailbox(error)

    await send_fitting(mailbox.send, [LINE], "")

    assert len(mailbox.taken) == 1


@pytest.mark.parametrize("errors", [[build_refusal(403)], [build_refusal(503), build_refusal(503)]])
async def test_what_does_not_go_well_is_raised(errors: list[Exception]) -> None:
    mailbox = Mailbox(*errors)

    with pytest.raises(discord.HTTPException):
        await send_fitting(mailbox.send, build_linked_blocks(), "")

    assert not mailbox.taken


async def test_what_was_asked_for_is_given_back() -> None:
    async def request() -> int:
        return 7

    assert await try_twice(request) == 7


async def test_what_discord_finds_malformed_is_sent_shorter_and_without_links() -> None:
    whole, mailbox = Mailbox(), Mailbox(build_refusal(400, 50035))

    await send_fitting(whole.send, build_linked_blocks(), "key")
    await send_fitting(mailbox.send, build_linked_blocks(), "key")

    assert len(whole.links()) == 2
    assert len(mailbox.taken) == 1
    assert not mailbox.links()


async def test_a_picture_that_discord_does_not_take_is_left_out() -> None:
    mailbox = Mailbox(build_refusal(400, 50035))
    picture = Picture(png=b"png", name="trend.png", alt="A chart")

    await send_fitting(mailbox.send, [LINE, picture], "")

    assert [layout.files for layout in mailbox.taken] == [[]]


async def test_what_can_not_be_said_with_less_is_not_sent_again() -> None:
    mailbox = Mailbox(build_refusal(400, 50035))

    with pytest.raises(discord.HTTPException):
        await send_fitting(mailbox.send, [LINE], "")


def test_the_least_of_an_answer_is_one_excerpt_and_the_way_to_the_others() -> None:
    least = reduce_blocks(build_linked_blocks())

    count: Callable[[type], int] = lambda kind: sum(isinstance(b, kind) for b in least)  # noqa: E731
    assert (count(Quote), count(Link)) == (1, 0)
    assert [b.rank for b in least if isinstance(b, Button) and b.label == "More"] == [2]


def test_the_least_of_a_page_of_an_article_is_all_its_paragraphs_without_the_link() -> None:
    paragraphs = [Quote(text=text, number=number) for number, text in enumerate("ab", start=1)]

    least = reduce_blocks(
        [LINE, Link(label="Open the article", url="https://example.org"), *paragraphs]
    )

    assert least == (LINE, *paragraphs)
