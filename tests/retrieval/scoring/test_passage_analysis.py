from datetime import date

import pytest

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.question.answer_type_patterns import has_answer_type
from bot.retrieval.question.query import parse_query
from bot.retrieval.scoring.passage_analysis import (
    PassageAnalyser,
    PassageAnalysis,
    Sentence,
    find_names,
    idf_coverage,
)
from bot.retrieval.text.passages import split_passages
from tests.builders import PUBLISHED_ON, an_article, the_analyser

LONG = "The river rose by two metres in Lyon on Monday and went on rising until the evening."
PARAGRAPH = " ".join([LONG] * 3)


def readings(question: str, article: Article) -> list[PassageAnalysis]:
    query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())
    reader = PassageAnalyser(query, the_analyser())
    spans = split_passages(article)
    return [
        reader.analyse(article, span, previous)
        for span, previous in zip(spans, [None, *spans], strict=False)
    ]


def sentence_of(question: str, text: str, published_on: date | None = PUBLISHED_ON) -> Sentence:
    (reading,) = readings(question, an_article(text, published_on=published_on))
    (sentence,) = reading.sentences
    return sentence


def test_a_sentence_has_the_query_terms_and_their_spans() -> None:
    article = an_article("Many were hurt. Rivers flooded a multi-layered dike downtown.")

    (reading,) = readings("multi-layered river", article)

    _, sentence = reading.sentences
    assert sentence.span.extract(article.body) == "Rivers flooded a multi-layered dike downtown."
    assert sentence.terms == {"river", "multilay", "multi", "layer"}
    assert [match.extract(article.body) for match in sentence.matches] == [
        "Rivers",
        "multi-layered",
        "multi",
        "layered",
    ]


def test_sentences_of_a_passage_are_in_order() -> None:
    article = an_article("It rained. It snowed. The sun came out and everyone was glad of that.")

    (reading,) = readings("sun", article)

    assert reading.passage == (0, len(article.body))
    assert [sentence.span.start for sentence in reading.sentences] == [0, 11, 22]


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
def test_a_sentence_with_a_question_mark_is_a_question(
    text: str,
    asks: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert sentence_of("rain", text).is_question is asks


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
def test_back_references_are_recognised_by_words(
    text: str,
    leans: bool,  # noqa: FBT001 - an expected value
    refers: bool,  # noqa: FBT001 - an expected value
) -> None:
    sentence = sentence_of("rain", text)

    assert (sentence.opens_with_back_reference, sentence.has_back_reference) == (leans, refers)


def test_capitals_count_except_at_the_start_of_a_sentence() -> None:
    sentence = sentence_of("river bank lyon", "“River Lyon and the bank of the Bank of the river.”")

    assert sentence.capitalised_terms == {"lyon", "bank"}
    assert sentence.lowercase_terms == {"bank", "river"}


def test_a_sentence_may_contain_the_expected_answer_type() -> None:
    assert sentence_of("When did it rain?", "It rained on Friday.").has_answer_type
    assert not sentence_of("When did it rain?", "It rained a lot.").has_answer_type


@pytest.mark.parametrize(
    "question", ["Which river rose?", "What is the name of the river?", "Which judge was it?"]
)
@pytest.mark.parametrize(
    "text",
    [
        "The river rose.",
        "In Lyon the Rhone rose.",
        "Judge Ann Lee rose.",
        "A judge rose in Lyon.",
        "It rained on May 2.",
    ],
)
def test_the_shortcut_for_names_equals_the_general_rule(question: str, text: str) -> None:
    query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())

    expected = has_answer_type(
        text,
        query.answer_type,
        published_on=PUBLISHED_ON,
        query_terms=frozenset(query.terms),
        analyser=the_analyser(),
    )
    assert sentence_of(question, text).has_answer_type is expected


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
        ("rain in late February", "They sang on Friday.", PUBLISHED_ON, False),
    ],
    ids=[
        "a date",
        "a weekday before the article's day",
        "another month",
        "no date",
        "a weekday of another year",
        "an undated article",
        "a question without dates",
        "without a term of the question",
    ],
)
def test_a_sentence_may_name_a_day_of_the_query(
    question: str,
    text: str,
    published_on: date | None,
    expected: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert sentence_of(question, text, published_on).names_day is expected


def test_a_passage_with_a_back_reference_has_a_previous_sentence() -> None:
    article = an_article(f"OpenAI agreed. {PARAGRAPH}\n\nThe company announced it. {PARAGRAPH}")

    _, reading = readings("company", article)

    assert reading.previous_sentence is not None
    assert reading.previous_sentence.span.extract(article.body) == LONG


@pytest.mark.parametrize(
    "body",
    [
        f"{PARAGRAPH}\n\nParliament passed the budget. {PARAGRAPH}",
        f"The company announced it in Lyon. {PARAGRAPH}\n\n{PARAGRAPH}",
    ],
    ids=["it does not lean", "nothing stands before it"],
)
def test_other_passages_have_no_previous_sentence(body: str) -> None:
    assert [reading.previous_sentence for reading in readings("Lyon", an_article(body))] == [
        None,
        None,
    ]


def test_the_context_is_the_query_terms_in_title_and_opening() -> None:
    article = an_article(
        f"Lyon is under water. {PARAGRAPH}\n\n{PARAGRAPH}\n\nA bridge fell. {PARAGRAPH}",
        title="The great flood",
    )

    *_, reading = readings("flood in Lyon bridge", article)

    assert reading.context_terms == {"lyon", "flood"}


def test_the_context_is_the_same_in_all_passages_of_an_article() -> None:
    article = an_article(f"{PARAGRAPH}\n\n{PARAGRAPH}", title="Flood")

    one, other = readings("flood comet", article)

    assert one.context_terms == other.context_terms == {"flood"}


@pytest.mark.parametrize(("is_derived", "expected"), [(False, {"great", "alp"}), (True, set())])
def test_title_terms_exclude_derived_titles(
    is_derived: bool,  # noqa: FBT001 - a parameter of the test
    expected: set[str],
) -> None:
    article = an_article(LONG, title="The great flood of the Alps", has_derived_title=is_derived)

    (reading,) = readings("Who saw the flood?", article)

    assert reading.title_terms == expected


def test_without_a_factoid_question_there_are_no_candidates_and_title_terms() -> None:
    article = an_article(LONG, title="The great flood of the Alps")

    (reading,) = readings("flood", article)

    assert reading.title_terms == frozenset()
    assert not any(sentence.candidate_positions for sentence in reading.sentences)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (
            "Who closed the bridge?",
            "On Monday Ann Lee closed the old Bridge for 2 days.",
            "Ann Lee",
        ),
        ("How many days?", "On 2 March Ann Lee closed it for 12 days.", "2 12"),
        ("Who closed the bridge?", "The bridge was closed on Tuesday in March.", ""),
    ],
    ids=["names", "figures", "nothing"],
)
def test_candidates_are_new_names_or_the_expected_numbers(
    question: str, text: str, expected: str
) -> None:
    sentence = sentence_of(question, text)

    offered = [sentence.term_texts[place] for place in sentence.candidate_positions]
    assert offered == the_analyser().extract_term_texts(expected)


def test_a_sentence_has_all_its_terms_in_order() -> None:
    sentence = sentence_of("river bridge", "The old bridges stand not in the River.")

    assert sentence.term_texts == ("old", "bridg", "stand", "river")


def test_names_are_capitalised_in_the_query_or_always_in_passages() -> None:
    query = parse_query(
        "Did Sam Altman leave openai in a rush?", today=PUBLISHED_ON, analyser=the_analyser()
    )
    reader = PassageAnalyser(query, the_analyser())
    article = an_article(
        "In a rush Sam Altman left OpenAI. We leave OpenAI, he said. A Rush of it."
    )

    reading = reader.analyse(article, Span(0, len(article.body)), None)

    assert find_names(query, [reading]) == (("sam", "altman"), ("openai",))


def test_a_lowercase_name_is_hardly_ever_lowercase_in_passages() -> None:
    query = parse_query("did openai leave", today=PUBLISHED_ON, analyser=the_analyser())
    reader = PassageAnalyser(query, the_analyser())

    def names(capitals: int) -> tuple[tuple[str, ...], ...]:
        article = an_article("We like OpenAI here. " * capitals + "An openai.")
        return find_names(query, [reader.analyse(article, Span(0, len(article.body)), None)])

    assert (names(9), names(10)) == ((), (("openai",),))


def test_unknown_words_are_no_names() -> None:
    query = parse_query("did openai leave", today=PUBLISHED_ON, analyser=the_analyser())

    assert find_names(query, []) == ()


RARITIES = {"river": 3.0, "lyon": 1.0}


RARITIES = {"river": 3.0, "lyon": 1.0}


@pytest.mark.parametrize(
    ("terms", "expected"),
    [(set(), 0.0), ({"river"}, 0.75), ({"river", "lyon"}, 1.0), ({"comet"}, 0.0)],
)
def test_idf_coverage_is_the_covered_share_of_the_total_idf(
    terms: set[str], expected: float
) -> None:
    assert idf_coverage(terms, RARITIES) == expected


@pytest.mark.parametrize("rarities", [{}, {"river": 0.0}], ids=["nothing", "no weight"])
def test_idf_coverage_is_1_if_the_total_is_0(rarities: dict[str, float]) -> None:
    assert idf_coverage(set(), rarities) == 1.0
