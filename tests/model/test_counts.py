import pytest

from bot.model.counts import format_count


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 articles"), (1, "1 article"), (1200, "1,200 articles")]
)
def test_only_one_is_singular(count: int, expected: str) -> None:
    assert format_count(count, "article") == expected
