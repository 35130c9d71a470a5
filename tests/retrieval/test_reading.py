from datetime import date

import pytest

from bot.retrieval.article import Article
from bot.retrieval.dates import DayRange
from bot.retrieval.passage import passages
from bot.retrieval.query import parse
from bot.retrieval.reading import Reader, Reading, Sentence, names_in, spoken_on, support
from bot.retrieval.span import Span
from tests.builders import PUBLISHED_ON, an_article, the_analyser

LONG = "The river rose by two metres in Lyon on Monday and went on rising until the evening."


def readings(question: str, article: Article) -> list[Reading]:
    query = parse(question, today=PUBLISHED_ON, analyser=the_analyser())
    reader = Reader(query, the_analyser())
    spans = passages(article.body)
    return [
        reader.read(article, span, previous)
        for span, previous in zip(spans, [None, *spans], strict=False)
    ]


def sentence_of(question: str, text: str, published_on: date | None = PUBLISHED_ON) -> Sentence:
    (reading,) = readings(question, an_article(text, published_on=published_on))
    (sentence,) = reading.sentences
    return sentence


def test_a_sentence_has_the_terms_of_the_query_and_where_they_stand() -> None:
    article = an_article(f"{LONG}\n\nMany were hurt. Rivers flooded a multi-layered dike downtown.")

    _, reading = readings("multi-layered river", article)

    _, sentence = reading.sentences
    assert sentence.span.of(article.body) == "Rivers flooded a multi-layered dike downtown."
    assert sentence.terms == {"river", "multilay", "multi", "layer"}
    assert [match.of(article.body) for match in sentence.matches] == [
        "Rivers",
        "multi-layered",
        "multi",
        "layered",
    ]


def test_sentences_of_a_passage_are_in_order() -> None:
    article = an_article("It rained. It snowed. The sun came out and everyone was glad of that.")

    (reading,) = readings("sun", article)

    assert reading.passage == (0, len(article.body))
    assert [each.span.start for each in reading.sentences] == [0, 11, 22]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Did it rain?", True),
        ("“Did it rain?”", True),
        ("(Did it rain?)", True),
        ("It rained.", False),
        ("“Did it rain?” he said.", False),
    ],
)
def test_a_sentence_asks_that_ends_with_a_question_mark(
    text: str,
    asks: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert sentence_of("rain", text).asks is asks


@pytest.mark.parametrize(
    ("text", "leans", "refers"),
    [
        ("The company announced that arrangement Friday.", True, False),
        ("It left, the company said.", True, True),
        ("It rained.", True, False),
        ("“They have left,” he said.", True, False),
        ("The new agreement is signed.", True, False),
        ("These are the rules.", True, False),
        ("No amount will change it, “ the company wrote on its blog.", False, True),
        ("Itself is a word.", False, False),
        ("Anthropic is the company that left.", False, False),
        ("The river rose.", False, False),
    ],
)
def test_a_sentence_leans_or_refers_by_its_words(
    text: str,
    leans: bool,  # noqa: FBT001 - an expected value
    refers: bool,  # noqa: FBT001 - an expected value
) -> None:
    sentence = sentence_of("rain", text)

    assert (sentence.leans, sentence.refers) == (leans, refers)


def test_capitals_count_unless_the_sentence_begins_with_them() -> None:
    sentence = sentence_of("river bank lyon", "“River Lyon and the bank of the Bank of the river.”")

    assert sentence.capitals == {"lyon", "bank"}
    assert sentence.small == {"bank", "river"}


def test_a_sentence_may_hold_the_kind_wanted() -> None:
    assert sentence_of("When did it rain?", "It rained on Friday.").holds_kind
    assert not sentence_of("When did it rain?", "It rained a lot.").holds_kind


@pytest.mark.parametrize(
    ("question", "text", "published_on", "expected"),
    [
        ("rain in late February", "It rained Friday (Feb. 27).", PUBLISHED_ON, True),
        ("rain in late February", "It rained on Friday.", PUBLISHED_ON, True),
        ("rain in late February", "It rained in May.", PUBLISHED_ON, False),
        ("rain in late February", "It rained.", PUBLISHED_ON, False),
        ("rain in late February", "It rained on Friday.", date(2025, 7, 1), False),
        ("rain in late February", "It rained on 27 February 2026.", None, False),
        ("rain", "It rained on Friday.", PUBLISHED_ON, False),
    ],
    ids=[
        "a date",
        "a weekday before the article's day",
        "another month",
        "no date",
        "a weekday of another year",
        "an undated article",
        "a question without dates",
    ],
)
def test_a_sentence_names_a_day_of_the_question(
    question: str,
    text: str,
    published_on: date | None,
    expected: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert sentence_of(question, text, published_on).names_day is expected


def test_the_sentence_before_comes_with_a_passage_that_leans() -> None:
    article = an_article(
        f"OpenAI agreed. {LONG}\n\nThe company announced it on Friday at a meeting with its staff."
    )

    _, reading = readings("company", article)

    assert reading.before is not None
    assert reading.before.span.of(article.body) == LONG


@pytest.mark.parametrize(
    "body",
    [
        f"{LONG}\n\nParliament passed the budget after a long debate about taxes.",
        "The company announced it on Friday at a meeting with its staff in Lyon.\n\n" + LONG,
    ],
    ids=["it does not lean", "nothing stands before it"],
)
def test_other_passages_come_without_a_sentence_before(body: str) -> None:
    assert [reading.before for reading in readings("Lyon", an_article(body))] == [None, None]


def test_the_context_is_the_title_and_the_first_sentence() -> None:
    article = an_article(
        " " * 900 + f"Lyon is under water. A bridge fell.\n\n{LONG}\n\n{LONG}",
        title="The great flood",
    )

    *_, reading = readings("flood in Lyon bridge river", article)

    assert reading.context == {"lyon", "flood"}


def test_the_context_is_the_same_in_all_passages_of_an_article() -> None:
    article = an_article(f"{LONG}\n\n{LONG}", title="Flood")

    one, other = readings("flood comet", article)

    assert one.context == other.context == {"flood"}


def test_names_are_those_typed_with_capitals_and_those_always_written_with_them() -> None:
    query = parse(
        "Did Sam Altman leave openai in a rush?", today=PUBLISHED_ON, analyser=the_analyser()
    )
    reader = Reader(query, the_analyser())
    article = an_article(
        "In a rush Sam Altman left OpenAI. We leave OpenAI, he said. A Rush of it."
    )

    reading = reader.read(article, Span(0, len(article.body)), None)

    assert names_in(query, [reading]) == (("sam", "altman"), ("openai",))


def test_words_that_no_passage_holds_are_no_names() -> None:
    query = parse("did openai leave", today=PUBLISHED_ON, analyser=the_analyser())

    assert names_in(query, []) == ()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (
            DayRange(first=date(2026, 2, 21), last=date(2026, 2, 28)),
            DayRange(first=date(2026, 2, 21), last=date(2026, 3, 14)),
        ),
        (
            DayRange(first=date(2026, 2, 21), last=None),
            DayRange(first=date(2026, 2, 21), last=None),
        ),
        (
            DayRange(first=None, last=date(2026, 2, 28)),
            DayRange(first=None, last=date(2026, 3, 14)),
        ),
    ],
    ids=["closed", "since", "until"],
)
def test_articles_speak_of_days_on_them_and_soon_after(days: DayRange, expected: DayRange) -> None:
    assert spoken_on(days, steer_days=14) == expected


RARITIES = {"river": 3.0, "lyon": 1.0}


@pytest.mark.parametrize(
    ("terms", "expected"),
    [(set(), 0.0), ({"river"}, 0.75), ({"river", "lyon"}, 1.0), ({"comet"}, 0.0)],
)
def test_support_is_the_share_of_the_weight_that_is_held(terms: set[str], expected: float) -> None:
    assert support(frozenset(terms), frozenset(), RARITIES) == expected


def test_a_term_of_the_context_supports_less_than_one_of_the_sentence() -> None:
    held, near = frozenset({"river"}), frozenset({"river", "lyon"})

    assert support(held, frozenset(), RARITIES) < support(held, near, RARITIES) < 1.0


def test_nothing_supports_a_query_without_weight() -> None:
    assert support(frozenset({"river"}), frozenset(), {}) == 0.0
