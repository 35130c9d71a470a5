import pytest

from bot.errors import BotError, DeliveryError, UnknownArticle
from bot.presentation.errors import SENTENCES as TEMPLATES
from bot.presentation.errors import describe_error
from tests.error_examples import EXAMPLES, SENTENCES

WITHOUT_REMEDY = {
    "ArticleWithdrawn",
    "DeliveryFailed",
    "UnusableAlert",
    "WrongUsage",
}
"""Errors that the reader can't fix, or whose remedy is added elsewhere."""


@pytest.mark.parametrize(
    ("error", "sentence"), SENTENCES, ids=[type(error).__name__ for error in EXAMPLES]
)
def test_an_error_is_described_in_its_sentence(error: BotError, sentence: str) -> None:
    assert describe_error(error) == sentence


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_a_description_is_one_printable_line_that_ends_a_sentence(error: BotError) -> None:
    description = describe_error(error)

    assert description.isprintable()
    assert description[0].isupper() or description[0] == "“"
    assert description[-1] in ".?"


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_a_description_says_what_to_do_in_a_sentence_of_its_own(error: BotError) -> None:
    assert ". " in describe_error(error) or type(error).__name__ in WITHOUT_REMEDY


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_a_description_can_begin_with_a_small_letter(error: BotError) -> None:
    first_word = describe_error(error).split()[0]

    assert first_word not in {"Discord", "Dateline"} or isinstance(error, DeliveryError)
    assert first_word not in map(str, vars(error).values())


def test_braces_that_a_person_entered_are_shown_unchanged() -> None:
    assert "“{0.path}”" in describe_error(UnknownArticle("{0.path}"))


@pytest.mark.parametrize("kind", TEMPLATES, ids=lambda kind: kind.__name__)
def test_no_class_has_both_a_sentence_and_a_function(kind: type[BotError]) -> None:
    assert kind not in describe_error.registry
