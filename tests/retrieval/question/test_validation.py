import pytest

from bot.errors import EmojiOnly, EmptyQuestion, QueryError, QuestionTooLong, QuestionTooShort
from bot.retrieval.question.validation import is_in_foreign_script, validate_question


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Who signed?\n", "Who signed?"),
        ("AI", "AI"),
        ("x" * 300, "x" * 300),
        ("Who signed? 👍", "Who signed? 👍"),
        ("<:wave:123456789012345678> who?", "<:wave:123456789012345678> who?"),
        ("42", "42"),
        ("???", "???"),
        ("что это?", "что это?"),
    ],
    ids=[
        "white space around",
        "shortest",
        "longest",
        "an emoji after words",
        "a marked emoji before words",
        "a number",
        "no word, left to the query",
        "another script",
    ],
)
def test_a_question_is_taken_without_the_white_space_around_it(typed: str, expected: str) -> None:
    assert validate_question(typed) == expected


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", EmptyQuestion),
        (" \n\t ", EmptyQuestion),
        ("x", QuestionTooShort),
        ("x" * 301, QuestionTooLong),
        ("👍", EmojiOnly),
        ("👍🏽 ❤️!", EmojiOnly),
        ("👩‍👩‍👧", EmojiOnly),
        ("🇫🇷", EmojiOnly),
        ("1️⃣ #️⃣", EmojiOnly),
        ("<:wave:123456789012345678> <a:dance:1>", EmojiOnly),
        ("🙂" * 400, EmojiOnly),
    ],
)
def test_what_is_no_question_is_refused_with_its_own_error(
    typed: str, error: type[QueryError]
) -> None:
    with pytest.raises(QueryError) as caught:
        validate_question(typed)

    assert type(caught.value) is error


def test_a_question_that_is_too_long_is_told_its_length_and_the_limit() -> None:
    with pytest.raises(QuestionTooLong) as caught:
        validate_question("x" * 1200)

    assert (caught.value.length, caught.value.max_chars) == (1200, 300)


def test_a_question_that_is_too_short_is_told_the_least() -> None:
    with pytest.raises(QuestionTooShort) as caught:
        validate_question("x")

    assert caught.value.min_chars == 2


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who signed?", False),
        ("Où est Zoë? Łódź", False),
        ("\uff37\uff48\uff4f", False),
        ("кто подписал?", True),
        ("谁签署了协议?", True),
        ("кто Bob", False),
        ("кто подписал Bob", True),
        ("42?", False),
    ],
)
def test_a_question_is_in_a_foreign_script_where_most_letters_are(
    question: str, *, expected: bool
) -> None:
    assert is_in_foreign_script(question) is expected
