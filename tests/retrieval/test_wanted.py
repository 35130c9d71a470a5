import pytest

from bot.retrieval.span import Span
from bot.retrieval.wanted import Kind, Wanted, wanted
from tests.builders import the_analyser

KINDS = {
    "Who designated Anthropic a supply chain risk?": Kind.PERSON,
    "Whom did the court convict?": Kind.PERSON,
    "Whose money was stolen?": Kind.PERSON,
    "Can you tell me who wrote the report?": Kind.PERSON,
    "hey, who won?": Kind.PERSON,
    "Do you know who won?": Kind.PERSON,
    "The bridge: who built it and when was it closed?": Kind.PERSON,
    "When was the arrangement announced?": Kind.DAY,
    "What day did the strike begin?": Kind.DAY,
    "Which year was the bridge built?": Kind.DAY,
    "In what month does the trial begin?": Kind.DAY,
    "Where did Claude play a role?": Kind.PLACE,
    "What place was hit hardest?": Kind.PLACE,
    "How many people were killed?": Kind.COUNT,
    "How many more troops will be sent?": Kind.COUNT,
    "How few seats did they win?": Kind.COUNT,
    "How many of the hostages were freed?": Kind.COUNT,
    "How much is OpenAI's contract worth?": Kind.MONEY,
    "How much money did the state spend?": Kind.MONEY,
    "How many dollars did the fine cost?": Kind.MONEY,
    "How much rain fell?": Kind.AMOUNT,
    "How big is the fire?": Kind.AMOUNT,
    "How often do trains run?": Kind.AMOUNT,
    "How old is Sam Altman?": Kind.AGE,
    "How fast was the train going?": Kind.SPEED,
    "How tall is the tower?": Kind.LENGTH,
    "How far did the ash spread?": Kind.LENGTH,
    "How heavy was the meteorite?": Kind.WEIGHT,
    "How long until Claude is phased out?": Kind.DURATION,
    "For how long was the airport closed?": Kind.DURATION,
    "How soon will the vaccine be ready?": Kind.DURATION,
    "Why did OpenAI reach an agreement where Anthropic could not?": Kind.REASON,
    "For what reason was the flight cancelled?": Kind.REASON,
    "How come the bridge fell?": Kind.REASON,
    "What did Altman say in late February?": Kind.WORDS,
    "What does OpenAI say about discretion?": Kind.WORDS,
    "How did the minister respond to the protests?": Kind.WORDS,
    "What did the WHO say?": Kind.WORDS,
    "Which court will hear Anthropic's challenge?": Kind.NAME,
    "What judge ruled on the designation?": Kind.NAME,
    "Which company did the Pentagon cut ties with?": Kind.NAME,
    "What company makes the vaccine?": Kind.NAME,
    "Which AI model was used in Iran?": Kind.NAME,
    "Which of the models is the fastest?": Kind.NAME,
    "Which is the largest dam?": Kind.NAME,
    "What kind of protections does the contract have?": Kind.ANY,
    "What two things did the report list?": Kind.ANY,
    "What were the red lines?": Kind.ANY,
    "What is the weather in Washington?": Kind.ANY,
    "What happened when the dam was opened?": Kind.ANY,
    "How did the fire start?": Kind.ANY,
    "OpenAI Pentagon agreement": Kind.ANY,
    "Howard wrote about Whoville": Kind.ANY,
    "?": Kind.ANY,
    "": Kind.ANY,
}
YES_OR_NO = [
    "Did Microsoft sign a deal?",
    "Hasn’t the war ended?",
    "So, is it known who won?",
    "Will Anthropic go to court when it loses?",
]
SOFT = {Kind.REASON, Kind.WORDS, Kind.ANY}


def read(question: str) -> Wanted:
    return wanted(question, the_analyser())


@pytest.mark.parametrize(("question", "kind"), KINDS.items())
def test_a_question_wants_what_its_first_question_word_asks_for(question: str, kind: Kind) -> None:
    assert read(question).kind is kind


@pytest.mark.parametrize("question", YES_OR_NO)
def test_a_yes_or_no_question_takes_any_answer(question: str) -> None:
    want = read(question)

    assert (want.kind, want.head, want.is_strict) == (Kind.ANY, None, False)


@pytest.mark.parametrize("question", KINDS)
def test_only_reasons_words_and_anything_can_be_given_without_a_sign_of_it(question: str) -> None:
    want = read(question)

    assert want.is_strict == (want.kind not in SOFT)


@pytest.mark.parametrize(
    ("question", "head", "noun"),
    [
        ("Which court will hear the challenge?", "court", "court"),
        ("Which AI model was used in Iran?", "model", "AI model"),
        ("Which country's parliament was dissolved?", "parliament", "country's parliament"),
        ("Which of the models is the fastest?", "model", "models"),
        ("What companies were fined?", "compani", "companies"),
        ("How many people were killed?", "peopl", "people"),
        ("How many of the hostages were freed?", "hostag", "hostages"),
        ("What supreme court ruled on it?", "court", "supreme court"),
    ],
)
def test_the_noun_asked_for_is_known_by_its_last_term(question: str, head: str, noun: str) -> None:
    want = read(question)

    assert want.head == head
    assert want.noun.of(question) == noun


@pytest.mark.parametrize(
    "question", ["Which is the largest dam?", "Who won?", "How much rain fell?"]
)
def test_a_question_without_a_noun_asked_for_has_no_head(question: str) -> None:
    want = read(question)

    assert (want.head, want.noun) == (None, Span(0, 0))


def test_a_stop_word_is_no_head() -> None:
    assert read("Which others were hurt?").head is None


@pytest.mark.parametrize(
    ("question", "is_title"),
    [
        ("Which judge ruled on it?", True),
        ("What president announced it?", True),
        ("Which company did they buy?", False),
        ("Who is the judge?", False),
    ],
)
def test_a_title_is_a_noun_that_stands_beside_a_name(
    question: str,
    is_title: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert read(question).is_title is is_title


@pytest.mark.parametrize(
    ("question", "silent"),
    [
        ("Who won the race?", ["", "Who"]),
        ("Can you tell me who won the race?", ["Can you tell me ", "who"]),
        ("Hello, how many people died?", ["Hello, ", "how many "]),
        ("Which AI model won?", ["", "Which"]),
        ("What kind of deal is it?", ["", "What kind of"]),
        ("Tell us about the flood", ["Tell us "]),
        ("Did it rain?", [""]),
        ("the flood", [""]),
    ],
)
def test_words_that_only_ask_are_silent(question: str, silent: list[str]) -> None:
    assert [span.of(question) for span in read(question).silent] == silent


def test_capitals_do_not_matter() -> None:
    question = "HOW MANY PEOPLE WERE KILLED?"

    assert read(question) == read(question.lower())
