import pytest

from bot.errors import BotError, UnknownArticle
from bot.presentation.errors import SENTENCES as TEMPLATES
from bot.presentation.errors import describe_error
from tests.error_examples import EXAMPLES, SENTENCES

WITHOUT_REMEDY = {
    "ArticleWithdrawn",
    "DeliveryFailed",
    "DiscordDisconnected",
    "DiscordUnreachable",
    "UnknownArticle",
    "UnusableAlert",
}
"""Errors that nobody can mend where they are shown, or whose reason comes from elsewhere."""


@pytest.mark.parametrize(
    ("error", "sentence"), SENTENCES, ids=[type(error).__name__ for error in EXAMPLES]
)
def test_an_error_is_described_in_its_sentence(error: BotError, sentence: str) -> None:
    assert describe_error(error) == sentence


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_a_sentence_is_one_printable_line_that_says_what_to_do(error: BotError) -> None:
    sentence = describe_error(error)

    assert sentence.strip()
    assert sentence.isprintable()
    assert ": " in sentence or type(error).__name__ in WITHOUT_REMEDY | {"UnknownSource"}


def test_braces_in_what_a_person_typed_are_shown_as_typed() -> None:
    assert "'{0.path}'" in describe_error(UnknownArticle("{0.path}"))


@pytest.mark.parametrize("kind", TEMPLATES, ids=lambda kind: kind.__name__)
def test_no_class_has_both_a_sentence_and_a_function(kind: type[BotError]) -> None:
    assert kind not in describe_error.registry
