import pytest

from bot.retrieval.question.clauses import analyse_question_structure


def word_of(question: str) -> str | None:
    at = analyse_question_structure(question).question_word_start
    return None if at is None else question[at:].split(maxsplit=1)[0].strip("?,:")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("It rained this week. Which team won?", "Which team won?"),
        ("Who won? I know who.", "Who won?"),
        ("Who wrote “The Banner?”", "Who wrote “The Banner?”"),
        ("Tell me who won. It rained.", "Tell me who won."),
        ("It rained. They won since:", "They won since:"),
        ("A deal was signed by Sen. Rand Paul. Who lost?", "Who lost?"),
        ("It rained this week. True or false?", "It rained this week."),
        ("True or false?", "True or false?"),
        ("", ""),
    ],
    ids=[
        "the last sentence",
        "the last with a question mark",
        "a question mark inside a quotation",
        "without a mark the last with a question word",
        "without either the last",
        "a shortened title ends no sentence",
        "true or false says nothing",
        "nothing but true or false",
        "nothing",
    ],
)
def test_the_last_sentence_that_asks_is_the_question(question: str, sentence: str) -> None:
    assert analyse_question_structure(question).sentence.extract(question) == sentence


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Who said when it began?", "Who"),
        ("So, who said when it began?", "who"),
        ("Since when did the bank which fell grow?", "when"),
        ("When did the man who won arrive?", "When"),
        ("When it rained, which team won?", "which"),
        ("When it rained", "When"),
        ("Where's the bank which fell?", "Where's"),
        ("The bank which was sold is based where?", "where"),
        ("The rocket, which exploded, was built by which firm?", "which"),
        ("The man who won is how old?", "how"),
        ("After the storm, which hit Texas, which of these was shut?", "which"),
        ("They said what is known of which firm?", "which"),
        ("Notes that were sold when it rained will expire, but who is on the new one?", "who"),
        ("They asked who won, what is his name", "what"),
        ("They won where they began", "where"),
        ("They won where they began.", None),
        ("The man “who won.”", None),
        ("When it rained.", None),
        ("Who won.", "Who"),
        ("The man who won is how old.", "how"),
        ("They knew the man who won, but who lost.", "who"),
        ("Did the man who won arrive?", None),
        ("They won", None),
    ],
    ids=[
        "one that begins",
        "one behind polite words",
        "one behind a preposition",
        "a beginning with an auxiliary",
        "when may begin what is not asked",
        "when alone",
        "a shortened auxiliary",
        "the last word",
        "a clause about a thing",
        "how with an adjective",
        "one with a choice",
        "what is said",
        "one behind but",
        "one behind a comma",
        "one that may only join",
        "one that joins before a full stop",
        "one that joins before a full stop in a quotation",
        "a beginning that joins before a full stop",
        "one that begins before a full stop",
        "one that asks before a full stop",
        "one behind but before a full stop",
        "yes or no",
        "none",
    ],
)
def test_the_word_that_asks_is_the_one_least_likely_to_join(
    question: str, word: str | None
) -> None:
    assert word_of(question) == word


@pytest.mark.parametrize(
    "question",
    [
        "The rocket, which exploded, was built by which big firm there?",
        "The firm, which stands for peace, sued which big bank?",
        "The firm, which sells the cars, sued which big bank?",
    ],
)
def test_a_clause_about_a_thing_is_told_from_the_question_about_it(question: str) -> None:
    assert analyse_question_structure(question).question_word_start == question.rindex("which")


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("After the storm, the city shut which port, the mayor said?", " the city shut which port"),
        ("In May, in the city, who won?", " who won?"),
        ("Who won?", "Who won?"),
        ("It cost 1,000 dollars when?", "It cost 1,000 dollars when?"),
        ("The storm; it shut which port – on May 2?", " it shut which port"),
        ("In the city, he was in all of these except", " he was in all of these except"),
        ("It rained. In May, who won?", " who won?"),
    ],
)
def test_the_part_that_asks_stands_between_commas(question: str, part: str) -> None:
    assert analyse_question_structure(question).clause.extract(question) == part


@pytest.mark.parametrize(
    ("question", "is_yes_or_no"),
    [
        ("Did it rain?", True),
        ("It rained. Won’t it end?", True),
        ("Did it rain? Who knows?", False),
        ("do you know who won?", False),
    ],
)
def test_a_question_that_begins_with_an_auxiliary_is_of_yes_or_no(
    question: str,
    is_yes_or_no: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert analyse_question_structure(question).is_yes_or_no is is_yes_or_no
