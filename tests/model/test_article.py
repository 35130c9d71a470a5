import pytest

from tests.builders import an_article


@pytest.mark.parametrize("body", ["", " \n"], ids=["nothing", "blank"])
def test_an_article_without_a_body_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="empty body"):
        an_article(body)
