from calendar import day_abbr, day_name, month_abbr, month_name
from datetime import date

import pytest

from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.answer_type import AnswerType
from bot.retrieval.question.answer_type_patterns import get_calendar_terms, has_answer_type
from bot.retrieval.question.query import parse_query
from tests.builders import PUBLISHED_ON, the_analyser

HELD = {
    AnswerTypeKind.PERSON: (
        "Who designated the startup a risk?",
        [
            "The government designated it.",
            "On Friday, Janet Yellen signed the order.",
            "It was Satya Nadella who called.",
            "A spokeswoman confirmed it.",
            "Mr. O’Brien designated the startup.",
        ],
    ),
    AnswerTypeKind.DATE: (
        "When was the deal announced?",
        [
            "The company announced it Friday (Feb. 27).",
            "It was announced last week.",
            "The deal is from 2019.",
            "In March they met.",
        ],
    ),
    AnswerTypeKind.PLACE: (
        "Where did Claude play a role?",
        [
            "Claude played a role in Iran.",
            "It was used near the northern Gulf.",
            "He challenged it in court.",
            "They met at a hotel.",
        ],
    ),
    AnswerTypeKind.COUNT: (
        "How many areas did it list?",
        [
            "It listed three areas.",
            "It listed 12 more important areas.",
            "There is one area left.",
            "Two were listed by it.",
        ],
    ),
    AnswerTypeKind.MONEY: (
        "How much is the contract worth?",
        ["It is worth $200 million.", "They paid two million euros.", "It cost 30 U.S. dollars."],
    ),
    AnswerTypeKind.PERCENTAGE: (
        "What percentage of voters stayed at home?",
        ["It was 63%.", "It was 9.5 per cent.", "Nearly half did.", "One in five did.", "A third."],
    ),
    AnswerTypeKind.AMOUNT: (
        "How much rain fell?",
        ["30 litres fell.", "Twenty litres fell on Monday."],
    ),
    AnswerTypeKind.AGE: (
        "How old is Sam Altman?",
        ["Altman, 40, agreed.", "The 40-year-old agreed.", "He died at 91.", "A boy aged 9."],
    ),
    AnswerTypeKind.SPEED: (
        "How fast was the train going?",
        ["It went at 120 km/h.", "At 80 miles per hour it left the track."],
    ),
    AnswerTypeKind.LENGTH: (
        "How tall is the tower?",
        ["It is 300 metres tall.", "The tower has twelve floors.", "It stands 50 ft high."],
    ),
    AnswerTypeKind.WEIGHT: (
        "How heavy is the ship?",
        ["It weighs 300 tons.", "It is two pounds too heavy."],
    ),
    AnswerTypeKind.DURATION: (
        "How long until Claude is phased out?",
        ["It ends within six months.", "They need half an hour.", "It took several long years."],
    ),
    AnswerTypeKind.NAME: (
        "Which company did the Pentagon buy?",
        ["It bought the company.", "Then Anthropic was bought.", "The Pentagon bought Lockheed."],
    ),
    AnswerTypeKind.REASON: (
        "Why did the bridge fall?",
        ["It fell because of rust.", "It fell due to rust.", "It is weak, which means it fell."],
    ),
    AnswerTypeKind.QUOTATION: ("What did Altman say?", ["He said no.", "“No,” Altman told them."]),
}
MISSED = {
    AnswerTypeKind.PERSON: (
        "Who designated the startup Anthropic a risk?",
        [
            "Anthropic was a risk on Friday.",
            "it was designated in Iran.",
            "On Tuesday’s news, nothing.",
            "the startup was designated.",
        ],
    ),
    AnswerTypeKind.DATE: (
        "When was the deal announced?",
        ["The deal was announced.", "They may march."],
    ),
    AnswerTypeKind.PLACE: (
        "Where did Claude play a role in Iran?",
        ["Claude played a role.", "It was in Iran.", "It was in March.", "It was in. Claude"],
    ),
    AnswerTypeKind.COUNT: (
        "How many areas did it list?",
        [
            "It listed areas.",
            "About areas it was silent.",
            "On 2 March areas were listed.",
            "Two people left.",
            "Three of the very well informed people in the hall spoke of areas.",
        ],
    ),
    AnswerTypeKind.MONEY: (
        "How much is the contract worth?",
        ["It is worth a lot.", "It has 200 pages."],
    ),
    AnswerTypeKind.PERCENTAGE: (
        "What percentage of voters left?",
        ["63 left.", "They left third."],
    ),
    AnswerTypeKind.AMOUNT: ("How much rain fell?", ["Rain fell.", "Rain fell on 2 March 2026."]),
    AnswerTypeKind.AGE: ("How old is Sam Altman?", ["Sam Altman agreed.", "He paid 40 dollars."]),
    AnswerTypeKind.SPEED: ("How fast was the train going?", ["It was fast.", "It went 120 times."]),
    AnswerTypeKind.LENGTH: ("How tall is the tower?", ["It is very tall.", "It has 300 windows."]),
    AnswerTypeKind.WEIGHT: ("How heavy is the ship?", ["It is heavy.", "It has 300 cabins."]),
    AnswerTypeKind.DURATION: (
        "How long will it last?",
        ["It will last.", "It lasts for a very long time."],
    ),
    AnswerTypeKind.NAME: (
        "Which Pentagon rival did they buy?",
        ["they bought the Pentagon.", "On Friday."],
    ),
    AnswerTypeKind.REASON: ("Why did the bridge fall?", ["The bridge fell."]),
    AnswerTypeKind.QUOTATION: ("What did Altman say?", ["Altman left."]),
    AnswerTypeKind.ANY: (
        "What is the deal?",
        ["The deal is worth $5 to Sam Altman in Iran on Friday."],
    ),
}


def contains(question: str, sentence: str, published_on: date | None = PUBLISHED_ON) -> bool:
    query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())
    return has_answer_type(
        sentence,
        query.answer_type,
        published_on=published_on,
        query_terms=frozenset(query.terms),
        analyser=the_analyser(),
    )


@pytest.mark.parametrize(
    ("kind", "question", "sentence"),
    [(kind, asked, told) for kind, (asked, all_told) in HELD.items() for told in all_told],
)
def test_a_sentence_holds_what_is_wanted(
    kind: AnswerTypeKind, question: str, sentence: str
) -> None:
    query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())

    assert query.answer_type.kind is kind
    assert contains(question, sentence)


@pytest.mark.parametrize(
    ("kind", "question", "sentence"),
    [(kind, asked, told) for kind, (asked, all_told) in MISSED.items() for told in all_told],
)
def test_a_sentence_does_not_hold_what_is_wanted(
    kind: AnswerTypeKind, question: str, sentence: str
) -> None:
    query = parse_query(question, today=PUBLISHED_ON, analyser=the_analyser())

    assert query.answer_type.kind is kind
    assert not contains(question, sentence)


def test_every_kind_stands_in_the_tables() -> None:
    assert MISSED.keys() == set(AnswerTypeKind)
    assert HELD.keys() == set(AnswerTypeKind) - {AnswerTypeKind.ANY}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Six died.", True),
        ("At least 1,200 were badly injured.", True),
        ("A man was killed.", True),
        ("Many were killed.", False),
        ("Agencies spoke of people.", False),
    ],
)
def test_people_may_be_counted_by_what_befell_them(
    sentence: str,
    expected: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert contains("How many people were in the hall?", sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The Supreme Court will hear it.", True),
        ("The state’s court will hear it.", True),
        ("The Court of Appeals will hear it.", True),
        ("The court in Boston will hear it.", True),
        ("Court Nine", True),
        ("It said it would challenge them in court.", False),
        ("The court will hear the challenge.", False),
        ("In Boston the court will not hear it, Paris said.", False),
        ("In court it was he who, as Boston knew, was to hear it.", False),
        ("The court building will be there.", False),
        ("Boston will hear it.", True),
    ],
)
def test_a_title_needs_a_word_beside_it_that_says_which_one(
    sentence: str,
    expected: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert contains("Which court will hear the challenge?", sentence) is expected


def test_a_title_is_not_told_by_words_of_the_question() -> None:
    assert not contains("Which Boston court will hear Paris?", "The Boston Court in Paris")


def test_the_noun_is_no_name_where_its_name_is_wanted() -> None:
    question = "What is the name of the storm?"

    assert not contains(question, "The storm is over.")
    assert contains(question, "It was Babet.")


def test_the_form_of_a_date_is_enough_in_an_undated_article() -> None:
    assert contains("When was the deal announced?", "It was announced Friday.", published_on=None)


@pytest.mark.parametrize("month", ["March", "Sept.", "Friday’s", "Wed", "Sundays", "May"])
def test_months_and_weekdays_are_no_names(month: str) -> None:
    assert not contains("Which startup was bought?", f"It was {month} again.")


@pytest.mark.parametrize("name", ["Janet", "Sunak", "Marco", "Octavia", "Friedman", "Monaco"])
def test_names_that_begin_like_a_month_or_a_weekday_are_names(name: str) -> None:
    assert contains("Which startup was bought?", f"It was {name} again.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("January", True),
        ("Sept. 4", True),
        ("Fridays", True),
        ("Wednesday’s", True),
        ("Thurs", True),
        ("Janet", False),
        ("Sunak", False),
        ("Friedman", False),
        ("Marco", False),
        ("day", False),
        ("month", False),
    ],
)
def test_the_terms_of_the_calendar_are_those_of_months_and_weekdays(
    text: str,
    expected: bool,  # noqa: FBT001 - an expected value
) -> None:
    first, *_ = the_analyser().extract_term_texts(text)

    assert (first in get_calendar_terms(the_analyser())) is expected


def test_every_month_and_weekday_is_in_the_calendar() -> None:
    keys = the_analyser().extract_term_texts(
        " ".join([*month_name, *month_abbr, *day_name, *day_abbr])
    )

    assert get_calendar_terms(the_analyser()).issuperset(keys)


def test_a_question_without_a_kind_finds_nothing_held() -> None:
    assert not has_answer_type(
        "Sam Altman",
        AnswerType(),
        published_on=PUBLISHED_ON,
        query_terms=frozenset(),
        analyser=the_analyser(),
    )
