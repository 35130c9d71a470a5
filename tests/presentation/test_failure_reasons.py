from bot.model.delivery import FailureReason
from bot.presentation.failure_reasons import FAILURE_SENTENCES


def test_each_reason_has_a_sentence() -> None:
    assert FAILURE_SENTENCES.keys() == set(FailureReason)
