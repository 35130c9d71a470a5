import json
from collections.abc import Iterable
from datetime import date
from functools import partial
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.day_range import DayRange
from bot.presentation.answer import (
    answer_to_json,
    build_answer_blocks,
    build_excerpt_page_blocks,
    build_explained_answer_blocks,
    refusal_to_json,
)
from bot.presentation.blocks import (
    Action,
    Block,
    Button,
    ButtonStyle,
    Heading,
    Line,
    Link,
    Quote,
    Sum,
)
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.scoring.features import FEATURE_NAMES
from bot.retrieval.scoring.weights import BM25_ONLY
from tests import builders
from tests.builders import an_article, seed_articles
from tests.retrieval.builders import some_weights

QUOTE = "The river rose by two metres."
BODY = f"Rain fell for a week.\n\n{QUOTE}\n\nNobody was hurt."
RAIN = f"Rain fell {'and fell ' * 50}for a week."
"""A sentence that is too long to be shown with another one."""

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


an_answer = partial(builders.an_answer, weights=some_weights())


def list_text_blocks(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks that are not buttons."""
    return [block for block in blocks if not isinstance(block, Button)]


def list_buttons(blocks: Iterable[Block]) -> list[tuple[Action, int | None]]:
    """Return the actions of the buttons with their ranks."""
    return [(block.action, block.rank) for block in blocks if isinstance(block, Button)]


def test_an_excerpt_is_a_quote_with_its_origin_and_receipt() -> None:
    answer = an_answer("river rose metres", FLOOD)
    (excerpt,) = answer.excerpts

    quote, origin, particulars, link, *_ = build_answer_blocks(answer)

    assert isinstance(quote, Quote)
    assert quote.text == BODY[excerpt.span.start : excerpt.span.end]
    assert [match.extract(quote.text) for match in quote.matches] == ["river", "rose", "metres"]
    assert origin == Line(text="The flood · The Courier")
    assert particulars == Line(
        text=f"2 March 2026 · paragraph {excerpt.paragraph} · receipt {excerpt.receipt}",
        is_subtle=True,
    )
    assert link == Link(label="Open the article", url="https://courier.example/flood")


def test_an_article_without_source_and_address_says_so_and_has_no_link() -> None:
    answer = an_answer("river rose metres", an_article(BODY, source=None, url=None))

    blocks = build_answer_blocks(answer)

    assert Line(text="The flood · no source") in blocks
    assert not any(isinstance(block, Link) for block in blocks)


def test_an_abstention_gives_its_reasons_then_the_extent_of_the_library() -> None:
    answer = an_answer("What is the price of saffron?", FLOOD)

    heading, *reasons, extent = list_text_blocks(build_answer_blocks(answer))

    assert heading == Heading(text="The articles do not answer this.", is_warning=True)
    assert Line(text="No article contains “price” or “saffron”.") in reasons
    assert extent == Line(text="The library has 1 article from 2 March 2026.")


def test_an_answer_names_the_words_that_no_article_contains() -> None:
    answer = an_answer("river rose metrees", FLOOD, weights=BM25_ONLY)

    first, *_ = build_answer_blocks(answer)

    assert answer.is_answered
    assert first == Line(
        text="No article contains “metrees”. Did you mean “metres”?", is_subtle=True
    )


def test_an_answer_to_known_words_names_no_words() -> None:
    answer = an_answer("river rose metres", FLOOD)

    assert answer.unknown_words is None
    assert isinstance(build_answer_blocks(answer)[0], Quote)


def test_the_closest_passages_are_marked_as_no_answer() -> None:
    answer = an_answer("Which minister paid for the river boats in Lisbon?", FLOOD)

    blocks = build_answer_blocks(answer)

    marked = blocks.index(Heading(text="Closest passages (not an answer):"))
    quotes = [place for place, block in enumerate(blocks) if isinstance(block, Quote)]
    assert quotes
    assert min(quotes) > marked


def test_an_empty_library_is_mentioned_once() -> None:
    answer = an_answer("river")

    assert list_text_blocks(build_answer_blocks(answer)) == [
        Heading(text="The articles do not answer this.", is_warning=True),
        Line(text="The library has no published articles yet."),
    ]


def test_dates_in_the_question_are_shown_as_understood() -> None:
    answer = an_answer("Did the river rise in late February?", FLOOD)

    assert Line(
        text="Dates understood: 21 to 28 February 2026.", is_subtle=True
    ) in build_answer_blocks(answer)


@pytest.mark.parametrize("question", ["river rose in late February?", "zeppelin in February?"])
def test_all_dates_are_shown_in_one_line_and_can_be_dropped(question: str) -> None:
    answer = an_answer(question, FLOOD)
    march = DayRange(first=date(2026, 3, 1), last=date(2026, 3, 31))

    blocks = build_answer_blocks(answer, [march])

    told = [line.text for line in list_text_blocks(blocks) if isinstance(line, Line)]
    assert [text for text in told if text.startswith("Dates understood: March 2026, ")]
    assert list_buttons(blocks)[-3:] == [
        (Action.FOLLOW_UP, None),
        (Action.UNDATED, None),
        (Action.DELETE, None),
    ]


def test_the_json_of_an_answer_has_the_keys_that_programs_rely_on() -> None:
    answer = an_answer("river rose metres", FLOOD)

    value = answer_to_json("river rose metres", answer, 12.345)

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
    assert value["confidence"] == answer.confidence
    assert value["reasons"] == value["closest"] == []
    assert value["elapsed_ms"] == 12.3
    assert value["library"] == {
        "articles": 1,
        "passages": answer.extent.passages,
        "first_date": "2026-03-02",
        "last_date": "2026-03-02",
    }


@pytest.mark.parametrize("question", ["river rose metres", "What is the price of saffron?"])
def test_confidence_is_a_probability_for_every_question(question: str) -> None:
    confidence = answer_to_json("", an_answer(question, FLOOD), 0)["confidence"]

    assert isinstance(confidence, float)
    assert 0 <= confidence < 1


def test_bm25_alone_has_no_confidence() -> None:
    answer = an_answer("river rose metres", FLOOD, weights=BM25_ONLY)

    assert answer_to_json("", answer, 0)["confidence"] is None


def test_the_json_of_an_excerpt_lets_anyone_check_the_quote() -> None:
    answer = an_answer("river rose metres", FLOOD)

    (excerpt,) = json.loads(json.dumps(answer_to_json("", answer, 0)))["excerpts"]

    assert excerpt["quote"] == BODY[excerpt["start"] : excerpt["end"]]
    assert excerpt["rank"] == 1
    assert isinstance(excerpt["score"], float)
    signed = "\n".join(
        [excerpt["article_id"], str(excerpt["start"]), str(excerpt["end"]), excerpt["quote"]]
    )
    assert excerpt["receipt"] == sha256(signed.encode()).hexdigest()[:16]


def test_the_json_of_an_abstention_has_reasons_and_the_closest_passages() -> None:
    answer = an_answer("Which minister paid for the river boats in Lisbon?", FLOOD)

    value = answer_to_json("", answer, 0)

    assert value["answered"] is False
    assert value["excerpts"] == []
    assert value["reasons"]
    assert all(isinstance(reason, str) for reason in value["reasons"])
    assert [list(excerpt) for excerpt in value["closest"]] == [EXCERPT_KEYS]


def test_the_json_of_an_empty_library_has_no_dates() -> None:
    value = answer_to_json("river", an_answer("river"), 0)

    assert value["library"] == {
        "articles": 0,
        "passages": 0,
        "first_date": None,
        "last_date": None,
    }


def test_an_article_without_a_date_is_shown_as_undated() -> None:
    answer = an_answer("river rose metres", an_article(BODY, published_on=None))
    (excerpt,) = answer.excerpts

    assert answer_to_json("", answer, 0)["excerpts"][0]["published_on"] is None
    assert Line(
        text=f"undated · paragraph {excerpt.paragraph} · receipt {excerpt.receipt}", is_subtle=True
    ) in build_answer_blocks(answer)


def test_matches_count_from_the_start_of_the_quote() -> None:
    answer = an_answer("How many metres did the river rise?", an_article(f"{RAIN}\n\n{QUOTE}"))
    (excerpt,) = get_shown_excerpts(answer)

    (quote,) = [block for block in build_answer_blocks(answer) if isinstance(block, Quote)]

    assert excerpt.span.start > 0
    assert quote.text == QUOTE
    assert [match.extract(QUOTE) for match in quote.matches] == ["river", "metres"]


def test_each_excerpt_has_its_buttons_and_the_answer_has_its_own_at_the_end() -> None:
    answer = an_answer("river rose metres", FLOOD)

    pressed = list_buttons(build_answer_blocks(answer))

    assert pressed == [
        (Action.IN_CONTEXT, 1),
        (Action.WHY, 1),
        (Action.VOTE_UP, 1),
        (Action.VOTE_DOWN, 1),
        (Action.FOLLOW_UP, None),
        (Action.DELETE, None),
    ]


def test_an_abstention_can_be_followed_up_and_deleted() -> None:
    answer = an_answer("What is the price of saffron?", FLOOD)

    pressed = list_buttons(build_answer_blocks(answer))

    assert pressed == [(Action.FOLLOW_UP, None), (Action.DELETE, None)]


def test_the_more_button_continues_after_the_shown_excerpts() -> None:
    answer = an_answer("river rose metres", FLOOD)

    blocks = build_answer_blocks(answer, has_more=True)

    (more,) = [b for b in blocks if isinstance(b, Button) and b.action is Action.MORE]
    assert more.rank == 2
    assert more.style is ButtonStyle.PRIMARY


def test_a_further_page_continues_the_ranks() -> None:
    (excerpt,) = an_answer("river rose metres", FLOOD).excerpts

    blocks = build_excerpt_page_blocks([excerpt, excerpt], first_rank=4, has_more=True)

    ranks = [rank for action, rank in list_buttons(blocks) if action is Action.IN_CONTEXT]
    assert ranks == [4, 5]
    assert (Action.MORE, 6) in list_buttons(blocks)


def test_a_title_can_neither_reorder_nor_crowd_out_the_source() -> None:
    article = an_article(BODY, title="\u202edoolf " + "x" * 300, source="The Courier")

    origin = build_answer_blocks(an_answer("river rose metres", article))[1]

    assert isinstance(origin, Line)
    assert origin.text.startswith("\u2068\u202edoolf ")
    assert origin.text.endswith("…\u202c\u2069 · The Courier")
    assert len(origin.text) < 220


SEED_WORDS = sorted({word for article in seed_articles() for word in article.body.split()})
SEED_QUESTIONS = st.lists(st.sampled_from(SEED_WORDS), min_size=1, max_size=6).map(
    lambda words: f"What of Anthropic, {' '.join(words)}?"
)


def list_sums(blocks: Iterable[Block]) -> list[Sum]:
    return [block for block in blocks if isinstance(block, Sum)]


def get_shown_excerpts(answer: Answer) -> tuple[Excerpt, ...]:
    return answer.excerpts or answer.closest_excerpts


@pytest.mark.parametrize("question", ["river rose metres", "Which minister paid for the river?"])
def test_an_explained_excerpt_has_its_score_sum_below_its_origin(question: str) -> None:
    answer = an_answer(question, FLOOD)

    blocks = [
        block for block in build_explained_answer_blocks(answer) if not isinstance(block, Button)
    ]

    (place,) = [place for place, block in enumerate(blocks) if isinstance(block, Sum)]
    (excerpt,) = get_shown_excerpts(answer)
    assert isinstance(blocks[place - 1], Link)
    assert [block for block in blocks if not isinstance(block, Sum)] == list_text_blocks(
        build_answer_blocks(answer)
    )
    assert list_sums(blocks)[0].total == pytest.approx(excerpt.score, rel=0, abs=1e-9)


def test_a_score_sum_shows_words_as_entered() -> None:
    (block,) = list_sums(build_explained_answer_blocks(an_answer("RIVERS rising metres", FLOOD)))

    assert {label for label, _ in block.rows} >= {"RIVERS", "metres"}


@settings(deadline=None, max_examples=40)
@given(SEED_QUESTIONS)
def test_the_shares_of_an_explained_excerpt_add_up_to_its_score(question: str) -> None:
    answer = builders.an_answer(question, *seed_articles())

    value = answer_to_json(question, answer, 0, includes_shares=True)

    explained = value["excerpts"] + value["closest"]
    added = [
        sum(share for of in excerpt["shares"].values() for share in of.values())
        for excerpt in explained
    ]
    scores = [excerpt.score for excerpt in get_shown_excerpts(answer)]
    assert added == pytest.approx(scores, rel=0, abs=1e-9)
    assert [
        block.total for block in list_sums(build_explained_answer_blocks(answer))
    ] == pytest.approx(scores, rel=0, abs=1e-9)


def test_the_json_lists_shares_by_word_and_by_feature_without_zeros() -> None:
    answer = an_answer("rivers comet", FLOOD)

    told = answer_to_json("", answer, 0, includes_shares=True)
    (value,) = told["excerpts"] + told["closest"]

    assert value["shares"].keys() == {"terms", "features"}
    assert value["shares"]["terms"].keys() == {"rivers"}
    assert set() < value["shares"]["features"].keys() <= set(FEATURE_NAMES)
    assert all(value["shares"]["features"].values())


def test_a_question_that_can_not_be_searched_for_has_the_json_of_an_abstention() -> None:
    value = refusal_to_json("When?", "There is nothing to search for.", 0.26)

    assert value.keys() == answer_to_json("river", an_answer("river"), 0).keys()
    assert value["question"] == "When?"
    assert (value["answered"], value["confidence"], value["library"]) == (False, None, None)
    assert (value["excerpts"], value["closest"]) == ([], [])
    assert value["reasons"] == ["There is nothing to search for."]
    assert value["elapsed_ms"] == 0.3
