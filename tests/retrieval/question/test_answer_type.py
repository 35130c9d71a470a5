import pytest

from bot.model.span import Span
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.answer_type import AnswerType, parse_answer_type
from tests.builders import the_analyser

KINDS = {
    "Who designated Anthropic a supply chain risk?": AnswerTypeKind.PERSON,
    "Whom did the court convict?": AnswerTypeKind.PERSON,
    "Whose money was stolen?": AnswerTypeKind.PERSON,
    "Can you tell me who wrote the report?": AnswerTypeKind.PERSON,
    "hey, who won?": AnswerTypeKind.PERSON,
    "Do you know who won?": AnswerTypeKind.PERSON,
    "The bridge: who built it and when was it closed?": AnswerTypeKind.PERSON,
    "When was the arrangement announced?": AnswerTypeKind.DATE,
    "What day did the strike begin?": AnswerTypeKind.DATE,
    "Which year was the bridge built?": AnswerTypeKind.DATE,
    "In what month does the trial begin?": AnswerTypeKind.DATE,
    "Where did Claude play a role?": AnswerTypeKind.PLACE,
    "What place was hit hardest?": AnswerTypeKind.PLACE,
    "How many people were killed?": AnswerTypeKind.COUNT,
    "How many more troops will be sent?": AnswerTypeKind.COUNT,
    "How few seats did they win?": AnswerTypeKind.COUNT,
    "How many of the hostages were freed?": AnswerTypeKind.COUNT,
    "How many reasons did it list?": AnswerTypeKind.COUNT,
    "How much is OpenAI's contract worth?": AnswerTypeKind.MONEY,
    "How much money did the state spend?": AnswerTypeKind.MONEY,
    "How many dollars did the fine cost?": AnswerTypeKind.MONEY,
    "How much rain fell?": AnswerTypeKind.AMOUNT,
    "How big is the fire?": AnswerTypeKind.AMOUNT,
    "How often do trains run?": AnswerTypeKind.AMOUNT,
    "How old is Sam Altman?": AnswerTypeKind.AGE,
    "How fast was the train going?": AnswerTypeKind.SPEED,
    "How tall is the tower?": AnswerTypeKind.LENGTH,
    "How far did the ash spread?": AnswerTypeKind.LENGTH,
    "How heavy was the meteorite?": AnswerTypeKind.WEIGHT,
    "How long until Claude is phased out?": AnswerTypeKind.DURATION,
    "For how long was the airport closed?": AnswerTypeKind.DURATION,
    "How soon will the vaccine be ready?": AnswerTypeKind.DURATION,
    "Why did OpenAI reach an agreement where Anthropic could not?": AnswerTypeKind.REASON,
    "For what reason was the flight cancelled?": AnswerTypeKind.REASON,
    "How come the bridge fell?": AnswerTypeKind.REASON,
    "What did Altman say in late February?": AnswerTypeKind.QUOTATION,
    "What does OpenAI say about discretion?": AnswerTypeKind.QUOTATION,
    "How did the minister respond to the protests?": AnswerTypeKind.QUOTATION,
    "What did the WHO say?": AnswerTypeKind.QUOTATION,
    "Which court will hear Anthropic's challenge?": AnswerTypeKind.NAME,
    "What judge ruled on the designation?": AnswerTypeKind.NAME,
    "Which company did the Pentagon cut ties with?": AnswerTypeKind.NAME,
    "What company makes the vaccine?": AnswerTypeKind.NAME,
    "Which AI model was used in Iran?": AnswerTypeKind.NAME,
    "Which of the models is the fastest?": AnswerTypeKind.NAME,
    "Which is the largest dam?": AnswerTypeKind.NAME,
    "What percentage of voters stayed at home?": AnswerTypeKind.PERCENTAGE,
    "By what percentage has theft risen?": AnswerTypeKind.PERCENTAGE,
    "What is the share of wind power?": AnswerTypeKind.PERCENTAGE,
    "Prices rose by how much?": AnswerTypeKind.AMOUNT,
    "How much has the price of pasta risen?": AnswerTypeKind.AMOUNT,
    "How much of the staff left?": AnswerTypeKind.AMOUNT,
    "What was the quake's strength?": AnswerTypeKind.ANY,
    "What was the magnitude of the quake?": AnswerTypeKind.AMOUNT,
    "What is the new record for hot dogs?": AnswerTypeKind.AMOUNT,
    "What is the average cost of a wedding?": AnswerTypeKind.MONEY,
    "He paid them how much to leave?": AnswerTypeKind.MONEY,
    "How much did the meteorite weigh?": AnswerTypeKind.WEIGHT,
    "How much longer will it run?": AnswerTypeKind.DURATION,
    "How high is inflation?": AnswerTypeKind.AMOUNT,
    "At what age did he retire?": AnswerTypeKind.AGE,
    "What is his age?": AnswerTypeKind.AGE,
    "Which age group was hit?": AnswerTypeKind.NAME,
    "What was the reason behind the filing?": AnswerTypeKind.REASON,
    "On what grounds was it refused?": AnswerTypeKind.REASON,
    "What caused the crash?": AnswerTypeKind.REASON,
    "The match was called off due to what?": AnswerTypeKind.REASON,
    "It fell because of which storm?": AnswerTypeKind.NAME,
    "A leader died this week. What was his name?": AnswerTypeKind.PERSON,
    "What is the name of the storm?": AnswerTypeKind.NAME,
    "What is the official title of the show?": AnswerTypeKind.NAME,
    "What is the official title?": AnswerTypeKind.NAME,
    "What is it called?": AnswerTypeKind.NAME,
    "What has the statement been dubbed?": AnswerTypeKind.NAME,
    "What agreement did OpenAI reach?": AnswerTypeKind.NAME,
    "It split from the union in which exact year?": AnswerTypeKind.DATE,
    "She met him in which unusual location?": AnswerTypeKind.PLACE,
    "Which one cost him the most money?": AnswerTypeKind.NAME,
    "She became the first pilot when she flew to hold what position?": AnswerTypeKind.NAME,
    "When the strike ended, which team won?": AnswerTypeKind.NAME,
    "Where in the city is it legal to swim?": AnswerTypeKind.PLACE,
    "A firm, which sells cars, is buying what?": AnswerTypeKind.ANY,
    "They did what?": AnswerTypeKind.ANY,
    "He said what he thought of which film?": AnswerTypeKind.NAME,
    "What sparked the protests?": AnswerTypeKind.ANY,
    "Beyoncé released a new song, titled:": AnswerTypeKind.NAME,
    "The wagon has been renamed to?": AnswerTypeKind.NAME,
    "They won for the first time since:": AnswerTypeKind.DATE,
    "A buyer received 86 extra lots because:": AnswerTypeKind.REASON,
    "It breaks a record previously held by:": AnswerTypeKind.PERSON,
    "The cat is the tallest there is. He measures:": AnswerTypeKind.AMOUNT,
    "He was in all of these movies except:": AnswerTypeKind.ANY,
    "What kind of protections does the contract have?": AnswerTypeKind.ANY,
    "What two things did the report list?": AnswerTypeKind.ANY,
    "What were the red lines?": AnswerTypeKind.ANY,
    "What is the weather in Washington?": AnswerTypeKind.ANY,
    "What happened when the dam was opened?": AnswerTypeKind.ANY,
    "How did the fire start?": AnswerTypeKind.ANY,
    "OpenAI Pentagon agreement": AnswerTypeKind.ANY,
    "Howard wrote about Whoville": AnswerTypeKind.ANY,
    "?": AnswerTypeKind.ANY,
    "": AnswerTypeKind.ANY,
}
YES_OR_NO = [
    "True or false: Did it rain?",
    "Did Microsoft sign a deal?",
    "Hasn’t the war ended?",
    "So, is it known who won?",
    "Will Anthropic go to court when it loses?",
]
NOT_SURE = {
    "What agreement did OpenAI reach?",
    "She became the first pilot when she flew to hold what position?",
    "Beyoncé released a new song, titled:",
    "The wagon has been renamed to?",
    "They won for the first time since:",
    "It breaks a record previously held by:",
    "The cat is the tallest there is. He measures:",
}
SOFT = {AnswerTypeKind.REASON, AnswerTypeKind.QUOTATION, AnswerTypeKind.ANY}
WITHOUT_DIGITS = {AnswerTypeKind.PERSON, AnswerTypeKind.PLACE, AnswerTypeKind.NAME, *SOFT}


def read(question: str) -> AnswerType:
    return parse_answer_type(question, the_analyser())


@pytest.mark.parametrize(("question", "kind"), KINDS.items())
def test_a_question_wants_what_its_first_question_word_asks_for(
    question: str, kind: AnswerTypeKind
) -> None:
    assert read(question).kind is kind


@pytest.mark.parametrize("question", YES_OR_NO)
def test_a_yes_or_no_question_takes_any_answer(question: str) -> None:
    want = read(question)

    assert (want.kind, want.head, want.is_strict) == (AnswerTypeKind.ANY, None, False)


@pytest.mark.parametrize("question", KINDS)
def test_what_has_a_sign_can_not_be_given_without_it_where_it_is_asked_for_clearly(
    question: str,
) -> None:
    want = read(question)

    assert want.is_strict == (want.kind not in SOFT and question not in NOT_SURE)


@pytest.mark.parametrize(
    ("question", "is_strict"),
    [
        ("Which agreement did OpenAI reach?", True),
        ("What agreement did OpenAI reach?", False),
        ("What company did OpenAI buy?", True),
        ("What is the name of the agreement?", True),
    ],
)
def test_what_is_asked_of_a_noun_that_is_no_name_may_be_told_without_one(
    question: str,
    is_strict: bool,  # noqa: FBT001 - an expected value
) -> None:
    want = read(question)

    assert (want.kind, want.is_strict) == (AnswerTypeKind.NAME, is_strict)


@pytest.mark.parametrize(
    ("question", "head", "noun"),
    [
        ("Which court will hear the challenge?", "court", "court"),
        ("Which AI model was used in Iran?", "model", "AI model"),
        ("Which country's parliament was dissolved?", "countri", "country's parliament"),
        ("Which children's show was cancelled?", "show", "children's show"),
        ("Which of Joe Biden's programs was cut?", "program", "programs"),
        ("How many likes Altman's post got?", "like", "likes"),
        ("Which branch of the military used it?", "branch", "branch of the military"),
        ("Which member of Congress won?", "member", "member"),
        ("The craft is exploring what planet?", "planet", "planet"),
        ("She took a job teaching at which university?", "universiti", "university"),
        ("In which country did it rain?", "countri", "country"),
        ("Which Ivy League school announced it?", "school", "Ivy League school"),
        ("Which hit show won?", "show", "hit show"),
        ("Which commonly used drug is banned?", "drug", "commonly used drug"),
        ("Which airline this week said it would fly?", "airlin", "airline"),
        ("Which product next month?", "product", "product"),
        ("Which airline last year said it would fly?", "airlin", "airline"),
        ("Which people's choice award was it?", "award", "people's choice award"),
        ("Which women's team won?", "team", "women's team"),
        ("He won in which city.", "citi", "city"),
        ("Which apartment building in Paris burned?", "build", "apartment building"),
        ("Which two supermarkets plan to merge?", "supermarket", "two supermarkets"),
        ("What vegetable replaces the chicken?", "veget", "vegetable"),
        ("Which existing laws protect the deal?", "law", "existing laws"),
        ("The “Lord of the Rings” is which “Star Trek” film?", "film", "“Star Trek” film"),
        ("Which two countries signed it?", "countri", "two countries"),
        ("Which of these countries won?", "countri", "countries"),
        ("Which of the following U.S. states won?", "state", "U.S. states"),
        ("Which one of these films won?", "film", "films"),
        ("Which over-the-counter drug is banned?", "drug", "over-the-counter drug"),
        ("What type of loans are cut?", "loan", "loans"),
        ("Which example of an automated system is given?", "system", "automated system"),
        ("Which unusual location was it?", "locat", "unusual location"),
        ("What is the name of the storm?", "storm", ""),
        ("What is the mission called?", "mission", ""),
        ("How many times a day?", "time", "times"),
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
    assert want.noun_span.extract(question) == noun


@pytest.mark.parametrize(
    "question",
    [
        "Which is the largest dam?",
        "Who won?",
        "How much rain fell?",
        "How many did they win?",
        "What is the price of eggs?",
        "Which year was it?",
        "What is the future plan?",
        "What kind of is it?",
    ],
)
def test_a_question_without_a_noun_asked_for_has_no_head(question: str) -> None:
    want = read(question)

    assert (want.head, want.noun_span) == (None, Span(0, 0))


@pytest.mark.parametrize(
    "question",
    [
        "Which court will hear the challenge?",
        "where it rained",
        *YES_OR_NO,
        "Did it rain",
        "Was it? It was.",
        "It rained when",
        "He won in which city.",
        "It rained?",
        "It rained? ”",
        "The wagon has been renamed to",
        "They won for the first time since",
        "They won for the first time since:",
        "He was in all of these movies except:",
        "The storm was so strong that…",
        "The storm is named ___.",
        "They won ______ games.",
        "The storm was named after...",
        "Tell us about the flood in Lyon",
        "Complete this: ____ won the cup: ",
    ],
)
def test_a_question_and_a_text_that_waits_for_something_ask(question: str) -> None:
    assert read(question).is_question


@pytest.mark.parametrize(
    "question",
    [
        "OpenAI Pentagon agreement",
        "The river rose by two metres in Lyon.",
        "Heavy rain: two days in Lyon",
        "People who smoke die sooner.",
        "Where it rains, the rivers rise when snow melts.",
        "They have won every year since 1990",
        "“So”, he said.",
        "It rained. He came... and went.",
        "snake_case is a name",
        "",
    ],
)
def test_a_claim_and_terms_to_search_for_ask_nothing(question: str) -> None:
    assert not read(question).is_question


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
    assert read(question).has_title_noun is is_title


@pytest.mark.parametrize(
    ("want", "is_thing"),
    [
        (AnswerType(kind=AnswerTypeKind.ANY), False),
        (AnswerType(kind=AnswerTypeKind.REASON), False),
        (AnswerType(kind=AnswerTypeKind.ANY, head="event"), True),
        (AnswerType(kind=AnswerTypeKind.PERSON), True),
        (AnswerType(kind=AnswerTypeKind.DATE), True),
    ],
    ids=str,
)
def test_a_thing_has_a_name_or_digits_or_a_noun(
    want: AnswerType,
    is_thing: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert want.is_factoid is is_thing


@pytest.mark.parametrize("kind", AnswerTypeKind)
def test_all_but_names_reasons_and_words_are_written_with_digits(kind: AnswerTypeKind) -> None:
    assert AnswerType(kind=kind).is_numeric is (kind not in WITHOUT_DIGITS)


@pytest.mark.parametrize(
    ("question", "silent"),
    [
        ("Who won the race?", ["", "Who"]),
        ("Can you tell me who won the race?", ["Can you tell me ", "who"]),
        ("Hello, how many people died?", ["Hello, ", "how many "]),
        ("Which AI model won?", ["", "Which "]),
        ("What kind of deal is it?", ["", "What kind of "]),
        ("Tell us about the flood", ["Tell us "]),
        ("It rained. Hello, who won?", ["Hello, ", "who"]),
        ("True or false: it rained", ["True or false: "]),
        ("What year was it?", ["", "What ", "year"]),
        ("What is the reason behind it?", ["", "What is the ", "reason"]),
        ("What is the price of eggs?", ["", "What is the "]),
        ("What is the name of the storm?", ["", "What is the "]),
        ("It was released, titled:", [""]),
        ("Did it rain?", [""]),
        ("the flood", [""]),
    ],
)
def test_words_that_only_ask_are_silent(question: str, silent: list[str]) -> None:
    assert [span.extract(question) for span in read(question).ignored_spans] == silent


def test_capitals_do_not_matter() -> None:
    question = "HOW MANY PEOPLE WERE KILLED?"

    assert read(question) == read(question.lower())
