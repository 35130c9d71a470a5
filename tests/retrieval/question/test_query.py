from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import EmptyQuery
from bot.model.day_range import DayRange
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.query import Phrase, Query, parse_query
from tests.builders import PUBLISHED_ON, the_analyser

TODAY = date(2026, 3, 3)


def parse(question: str) -> Query:
    return parse_query(question, today=TODAY, analyser=the_analyser())


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Who designated Anthropic a supply chain risk?", "design anthrop suppli chain risk"),
        ("floods after the flood", "flood"),
        ("multi-layered approach", "multilay multi layer approach"),
        ("How many people were killed?", "peopl kill"),
        ("Which AI model was used in Iran?", "ai model use iran"),
        ("What did Altman say in late February?", "altman"),
        ("Who said that about Altman?", "said altman"),
        ("Who won on 2 March 2026?", "won"),
        ("flood -river", "flood"),
        ("Can you tell me why it rained?", "rain"),
    ],
    ids=[
        "stop words are no terms",
        "a term is there once",
        "a hyphenated word",
        "words that only ask are left out",
        "the noun asked for is a term",
        "a verb of saying is left out where words are wanted",
        "a verb of saying is a term elsewhere",
        "the words of a date are left out",
        "an excluded word is left out",
        "polite words are left out",
    ],
)
def test_the_terms_are_what_is_searched_for_in_the_order_typed(question: str, terms: str) -> None:
    assert " ".join(parse(question).terms) == terms


def test_what_is_only_said_is_searched_for() -> None:
    assert parse("What did they say?").terms == ("say",)


@pytest.mark.parametrize(
    "question", ["", "?", "who is it", "Which was?", "-flood", "yesterday", "“the”"]
)
def test_a_question_with_nothing_to_search_for_is_refused(question: str) -> None:
    with pytest.raises(EmptyQuery):
        parse(question)


def test_the_word_of_a_term_is_the_one_typed_first() -> None:
    query = parse("Flooded by the floods of multi-layered rain")

    assert query.get_word("flood") == "Flooded"
    assert query.get_word("multilay") == "multi-layered"
    assert query.get_word("layer") == "layered"


def test_the_joined_form_of_a_hyphenated_word_is_told_from_its_parts() -> None:
    assert parse("a multi-layered, full-scale plan").compound_terms == {"multilay", "fullscal"}


def test_a_word_without_a_hyphen_joins_nothing() -> None:
    assert parse("a full scale plan").compound_terms == frozenset()


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Sam Altman say?", [("sam", "altman")]),
        ("Why did OpenAI and the Pentagon agree?", [("openai",), ("pentagon",)]),
        ("Did OpenAI’s Sam Altman agree?", [("openai",), ("sam", "altman")]),
        ("Flooding in Berlin", [("berlin",)]),
        ("  Flooding in berlin", []),
        ("Sam Altman agreed", [("sam", "altman")]),
        ("what did sam altman say?", []),
        ("WHAT DID SAM ALTMAN SAY", []),
        ("Sam, Altman and Berlin", [("altman",), ("berlin",)]),
    ],
    ids=[
        "a run of capitals",
        "two names",
        "a possessive ends a name",
        "the first word may have its capital from the sentence",
        "white space before it",
        "a run from the first word on",
        "small letters",
        "nothing but capitals",
        "a comma parts names",
    ],
)
def test_names_are_runs_of_terms_with_capitals(question: str, names: list[tuple[str, ...]]) -> None:
    assert list(parse(question).names) == names


@pytest.mark.parametrize(
    "question", ['the "supply chain" risk', "the “supply chain” risk", "the «supply chain» risk"]
)
def test_words_in_quotation_marks_are_a_phrase(question: str) -> None:
    query = parse(question)

    assert query.phrases == (Phrase(text="supply chain", terms=("suppli", "chain")),)
    assert query.terms == ("suppli", "chain", "risk")


def test_stop_words_alone_are_no_phrase() -> None:
    assert parse("“the” flood").phrases == ()


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("flood -Rivers", {"river"}),
        ("-rain flood -snow", {"rain", "snow"}),
        ("flood -o’brien", {"obrien"}),
        ("a multi-layered plan", set()),
        ("flood - river", set()),
        ("flood -the", set()),
    ],
)
def test_a_word_after_a_minus_is_excluded(question: str, excluded: set[str]) -> None:
    assert parse(question).excluded_terms == excluded


def test_without_a_day_the_words_of_a_date_are_words_like_others() -> None:
    query = parse_query("Who won in 1975?", today=None, analyser=the_analyser())

    assert query.dates == ()
    assert query.terms == ("won", "1975")


def test_dates_are_understood_from_the_day_of_the_question() -> None:
    query = parse("What did Altman say in late February?")

    days = DayRange(first=date(2026, 2, 21), last=date(2026, 2, 28))
    assert [mention.days for mention in query.dates] == [days]


def test_the_kind_and_the_noun_asked_for_are_known() -> None:
    query = parse("Which AI model was used in Iran?")

    assert (query.answer_type.kind, query.answer_type.head) == (AnswerTypeKind.NAME, "model")
    assert query.noun_terms == {"ai", "model"}


@pytest.mark.parametrize(
    ("question", "asked_for"),
    [
        ("Which AI model was used in Iran?", "ai model"),
        ("What is the name of the storm?", "storm"),
        ("Which injured others left?", "injur"),
        ("Who won the cup?", ""),
    ],
    ids=[
        "a noun and what stands before it",
        "a noun of which the answer must speak",
        "a noun that is a stop word",
        "no noun",
    ],
)
def test_what_is_asked_for_are_the_terms_of_the_noun(question: str, asked_for: str) -> None:
    assert parse(question).target_terms == set(asked_for.split())


@pytest.mark.parametrize("today", [TODAY, None], ids=["a day", "days mean nothing"])
def test_a_query_knows_the_day_it_is_asked(today: date | None) -> None:
    query = parse_query("Who won in late February?", today=today, analyser=the_analyser())

    assert query.asked_on == today


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Floods hit Berlin. Which team won the cup?", "team won cup"),
        ("After the flood, the city shut which port?", "citi shut port"),
        ("Which port, the mayor said, was shut?", "port mayor said shut"),
        ("Which European country, he said, won?", "european countri said won"),
        ("He left the bridge, who won?", "left bridg won"),
        ("Floods hit Berlin. Who won?", "won"),
        ("Floods hit Berlin. Who is it?", "flood hit berlin"),
        ("Floods hit Berlin", "flood hit berlin"),
    ],
    ids=[
        "the last question",
        "the part between commas",
        "a part that says too little",
        "the noun says nothing",
        "one term says too little",
        "the last question says enough",
        "a question without a term",
        "one sentence",
    ],
)
def test_what_is_asked_are_the_terms_where_it_asks(question: str, asked: str) -> None:
    assert parse(question).asked_terms == set(asked.split())


@pytest.mark.parametrize(
    "question",
    [
        "Which country did not sign?",
        "NOT a drop of rain fell",
        "There was no rain",
        "Who has never won?",
        "None of the rivers rose",
        "Neither team won",
        "It was warm, nor did it rain",
        "A day without rain",
        "He was in all of these films except:",
        "Which team cannot win?",
        "Is there no 10-year plan?",
        "Who didn't sign?",
        "Who didn’t sign?",
        "HASN’T IT RAINED?",
        "Why can't they sign?",
    ],
)
def test_a_query_with_a_word_for_no_denies(question: str) -> None:
    assert parse(question).is_negated


@pytest.mark.parametrize(
    "question",
    [
        "Which country signed?",
        "Where is the note about the knot in Norway?",
        "Who was nominated in November?",
        "an exceptional tenor",
        "Which is a non-profit?",
        "Who left No. 10 Downing Street?",
        "Who won in the tent?",
    ],
)
def test_a_word_that_only_looks_like_no_denies_nothing(question: str) -> None:
    assert not parse(question).is_negated


@given(st.text(max_size=60))
def test_any_text_makes_a_query_with_terms_or_none(question: str) -> None:
    try:
        query = parse(question)
    except EmptyQuery:
        return

    assert 0 < len(query.terms) == len(set(query.terms)) == len(query.words)
    assert all(query.get_word(term) in question for term in query.terms)
    assert query.compound_terms <= set(query.terms)
    assert frozenset() < query.asked_terms <= set(query.terms)


def test_a_number_below_zero_excludes_nothing() -> None:
    query = parse_query(
        "How cold was it at -20 degrees?", today=PUBLISHED_ON, analyser=the_analyser()
    )

    assert not query.excluded_terms


def test_a_possessive_ends_a_name() -> None:
    query = parse_query(
        "What did Anthropic's CEO say?", today=PUBLISHED_ON, analyser=the_analyser()
    )

    assert query.names == (("anthrop",), ("ceo",))


def test_a_query_without_its_dates_is_the_same_otherwise() -> None:
    query = parse("flood in Rome on 2 March 2026")
    day = date(2026, 3, 2)

    undated = query.without_dates()

    assert query.date_ranges == (DayRange(first=day, last=day),)
    assert undated.date_ranges == ()
    assert undated.terms == query.terms
