import json
from collections.abc import Iterable
from hashlib import sha256

from bot.presentation.answer import answer_blocks, answer_object, page_blocks
from bot.presentation.blocks import (
    Action,
    Block,
    Button,
    ButtonStyle,
    Heading,
    Line,
    Link,
    Quote,
)
from bot.retrieval.span import Span
from tests.builders import an_answer, an_article

BODY = "Rain fell for a week.\n\nThe river rose by two metres.\n\nNobody was hurt."
FLOOD = an_article(BODY, title="The flood", url="https://courier.example/flood")
QUESTION = "How far did the river rise?"
EXCERPT_KEYS = [
    "quote",
    "published_on",
    "article_id",
    "title",
    "title_derived",
    "source",
    "url",
    "paragraph",
    "start",
    "end",
    "revision",
    "rank",
    "score",
    "receipt",
]


def read(blocks: Iterable[Block]) -> list[Block]:
    """What is read, not pressed."""
    return [block for block in blocks if not isinstance(block, Button)]


def buttons(blocks: Iterable[Block]) -> list[tuple[Action, int | None]]:
    """What can be pressed: the actions with the ranks they are about."""
    return [(block.action, block.rank) for block in blocks if isinstance(block, Button)]


def test_an_excerpt_is_a_quote_with_matches_then_where_it_is_from_and_its_receipt() -> None:
    answer = an_answer("river rose metres", FLOOD)
    (excerpt,) = answer.excerpts

    quote, origin, particulars, link, *_ = answer_blocks(answer)

    assert isinstance(quote, Quote)
    assert quote.text == BODY[excerpt.span.start : excerpt.span.end]
    assert [match.of(quote.text) for match in quote.matches] == ["river", "rose", "metres"]
    assert origin == Line(text="The flood · The Courier")
    assert particulars == Line(
        text=f"2 March 2026 · paragraph {excerpt.paragraph} · receipt {excerpt.receipt}",
        subtle=True,
    )
    assert link == Link(label="Open the article", url="https://courier.example/flood")


def test_an_article_without_source_and_address_says_so_and_has_no_link() -> None:
    answer = an_answer("river rose metres", an_article(BODY, source=None, url=None))

    blocks = answer_blocks(answer)

    assert Line(text="The flood · source not given") in blocks
    assert not any(isinstance(block, Link) for block in blocks)


def test_an_abstention_says_so_first_then_why_and_what_there_is() -> None:
    answer = an_answer("What is the price of saffron?", FLOOD)

    heading, *reasons, extent = read(answer_blocks(answer))

    assert heading == Heading(text="The articles do not answer this.", warns=True)
    assert Line(text="No article holds “price” or “saffron”.") in reasons
    assert extent == Line(text="The library holds 1 article, published 2 March 2026.")


def test_the_nearest_passages_are_marked_as_no_answer() -> None:
    answer = an_answer("Which minister paid for the river boats in Lisbon?", FLOOD)

    blocks = answer_blocks(answer)

    marked = blocks.index(Heading(text="The nearest passages, not an answer:"))
    quotes = [place for place, block in enumerate(blocks) if isinstance(block, Quote)]
    assert quotes
    assert min(quotes) > marked


def test_an_empty_library_is_told_once() -> None:
    answer = an_answer("river")

    assert read(answer_blocks(answer)) == [
        Heading(text="The articles do not answer this.", warns=True),
        Line(text="The library holds no article published up to now."),
    ]


def test_dates_in_the_question_are_told_as_understood() -> None:
    answer = an_answer("Did the river rise in late February?", FLOOD)

    assert Line(text="Dates understood: 21 to 28 February 2026.", subtle=True) in answer_blocks(
        answer
    )


def test_the_object_of_an_answer_has_the_keys_that_programs_rely_on() -> None:
    answer = an_answer("river rose metres", FLOOD)

    value = answer_object("river rose metres", answer, 12.345)

    assert list(value) == [
        "question",
        "answered",
        "confidence",
        "reasons",
        "excerpts",
        "closest",
        "library",
        "elapsed_ms",
    ]
    assert [list(excerpt) for excerpt in value["excerpts"]] == [EXCERPT_KEYS]
    assert value["answered"] is True
    assert value["confidence"] is None
    assert value["reasons"] == value["closest"] == []
    assert value["elapsed_ms"] == 12.3
    assert value["library"] == {
        "articles": 1,
        "passages": answer.extent.passages,
        "first_date": "2026-03-02",
        "last_date": "2026-03-02",
    }


def test_the_object_of_an_excerpt_lets_anyone_check_the_quote() -> None:
    answer = an_answer("river rose metres", FLOOD)

    (excerpt,) = json.loads(json.dumps(answer_object("", answer, 0)))["excerpts"]

    assert excerpt["quote"] == BODY[excerpt["start"] : excerpt["end"]]
    assert excerpt["rank"] == 1
    assert isinstance(excerpt["score"], float)
    signed = "\n".join(
        [excerpt["article_id"], str(excerpt["start"]), str(excerpt["end"]), excerpt["quote"]]
    )
    assert excerpt["receipt"] == sha256(signed.encode()).hexdigest()[:16]


def test_the_object_of_an_abstention_has_reasons_and_what_is_closest() -> None:
    answer = an_answer("Which minister paid for the river boats in Lisbon?", FLOOD)

    value = answer_object("", answer, 0)

    assert value["answered"] is False
    assert value["excerpts"] == []
    assert value["reasons"]
    assert all(isinstance(reason, str) for reason in value["reasons"])
    assert [list(excerpt) for excerpt in value["closest"]] == [EXCERPT_KEYS]


def test_the_object_of_an_empty_library_has_no_dates() -> None:
    value = answer_object("river", an_answer("river"), 0)

    assert value["library"] == {
        "articles": 0,
        "passages": 0,
        "first_date": None,
        "last_date": None,
    }


def test_an_undated_article_is_told_as_undated() -> None:
    answer = an_answer("river rose metres", an_article(BODY, published_on=None))
    (excerpt,) = answer.excerpts

    assert answer_object("", answer, 0)["excerpts"][0]["published_on"] is None
    assert Line(
        text=f"undated · paragraph {excerpt.paragraph} · receipt {excerpt.receipt}", subtle=True
    ) in answer_blocks(answer)


def test_matches_are_told_from_the_start_of_the_quote() -> None:
    answer = an_answer("metres", FLOOD)
    (excerpt,) = answer.excerpts

    quote = answer_blocks(answer)[0]

    assert isinstance(quote, Quote)
    assert quote.matches == (Span(22, 28),)
    assert excerpt.span.start > 0


def test_each_excerpt_has_its_buttons_and_the_answer_has_its_own_at_the_end() -> None:
    answer = an_answer("river rose metres", FLOOD)

    pressed = buttons(answer_blocks(answer))

    assert pressed == [
        (Action.IN_CONTEXT, 1),
        (Action.VOTE_UP, 1),
        (Action.VOTE_DOWN, 1),
        (Action.FOLLOW_UP, None),
        (Action.DELETE, None),
    ]


def test_an_abstention_can_be_followed_up_and_deleted() -> None:
    answer = an_answer("What is the price of saffron?", FLOOD)

    pressed = buttons(answer_blocks(answer))

    assert pressed == [(Action.FOLLOW_UP, None), (Action.DELETE, None)]


def test_more_begins_after_the_excerpts_shown() -> None:
    answer = an_answer("river rose metres", FLOOD)

    blocks = answer_blocks(answer, has_more=True)

    (more,) = [b for b in blocks if isinstance(b, Button) and b.action is Action.MORE]
    assert more.rank == 2
    assert more.style is ButtonStyle.LEADING


def test_a_further_page_counts_on_from_its_first_excerpt() -> None:
    (excerpt,) = an_answer("river rose metres", FLOOD).excerpts

    blocks = page_blocks([excerpt, excerpt], first_rank=4, has_more=True)

    ranks = [rank for action, rank in buttons(blocks) if action is Action.IN_CONTEXT]
    assert ranks == [4, 5]
    assert (Action.MORE, 6) in buttons(blocks)


def test_a_title_can_neither_reorder_nor_crowd_out_the_source() -> None:
    article = an_article(BODY, title="\u202edoolf " + "x" * 300, source="The Courier")

    origin = answer_blocks(an_answer("river rose metres", article))[1]

    assert isinstance(origin, Line)
    assert origin.text.startswith("\u2068\u202edoolf ")
    assert origin.text.endswith("…\u202c\u2069 · The Courier")
    assert len(origin.text) < 220
