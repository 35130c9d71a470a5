from datetime import date
from pathlib import Path

import pytest

from bot.errors import ArticleError
from bot.library.dated_text import read_articles
from bot.library.draft import FileLocation, LocatedArticle
from bot.model.article import Article

LIMIT = 1_000


def read_article(path: Path, raw: bytes) -> Article:
    path.write_bytes(raw)
    (finding,) = read_articles(path, LIMIT)
    assert isinstance(finding, LocatedArticle)
    assert finding.location == FileLocation(path)
    return finding.article


def read_reason(path: Path, raw: bytes) -> str:
    path.write_bytes(raw)
    (finding,) = read_articles(path, LIMIT)
    assert isinstance(finding, ArticleError)
    assert (finding.path, finding.line) == (path, None)
    return finding.reason


def test_a_dated_text_is_an_article_named_by_its_file(tmp_path: Path) -> None:
    raw = "\n date 2026-03-02 Prices rose.\n\nWages did “not”.\n".encode()

    article = read_article(tmp_path / "000_a.b.txt", raw)

    assert article == Article(
        id=article.id,
        title="Prices rose.",
        has_derived_title=True,
        source=None,
        url=None,
        published_on=date(2026, 3, 2),
        body="Prices rose.\n\nWages did “not”.",
    )
    assert article.id == "000_a.b"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"date 2026-03-02 A text.", id="plain"),
        pytest.param(b"DATE\t2026-03-02\r\nA text.\r\n", id="capitals, tab and line end"),
        pytest.param(b"\xef\xbb\xbfdate 2026-03-02 A text.", id="byte order mark"),
        pytest.param("\u3000date 2026-03-02\u00a0\u2003A text.\u2028".encode(), id="wide spaces"),
    ],
)
def test_the_date_and_the_white_space_around_the_body_may_vary(tmp_path: Path, raw: bytes) -> None:
    article = read_article(tmp_path / "a.txt", raw)

    assert (article.published_on, article.body) == (date(2026, 3, 2), "A text.")


def test_line_ends_are_made_equal_and_all_else_is_verbatim(tmp_path: Path) -> None:
    raw = "date 2026-03-02 a\r\nb\rc\n\n  d\t\u00a0e\u2028\x0bf \u200bg".encode()

    article = read_article(tmp_path / "a.txt", raw)

    assert article.body == "a\nb\nc\n\n  d\t\u00a0e\u2028\x0bf \u200bg"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"", "the file is empty", id="nothing"),
        pytest.param(b"Prices rose.", "no date", id="no date"),
        pytest.param(b"Dated 2026-03-02 A text.", "no date", id="another word"),
        pytest.param(b"A date 2026-03-02 A text.", "no date", id="date not first"),
        pytest.param(
            b"date 2026-02-30 A text.", "“2026-02-30” is not a calendar day", id="impossible"
        ),
        pytest.param(b"date 0000-01-01 A text.", "“0000-01-01” is not a calendar day", id="year 0"),
        pytest.param(b"date 20260302 A text.", "“20260302” is not a calendar day", id="no hyphens"),
        pytest.param(b"date 2026-W10-1 A text.", "“2026-W10-1” is not a calendar day", id="week"),
        pytest.param(b"date 3/2/2026 A text.", "“3/2/2026” is not a calendar day", id="slashes"),
        pytest.param(
            b"date 2026-03-02A text.", "“2026-03-02A” is not a calendar day", id="no space"
        ),
        pytest.param("date ٢٠٢٦-03-02 A".encode(), "is not a calendar day", id="other digits"),
        pytest.param(b"date 2026-03-02", "text is empty", id="no body"),
        pytest.param(b"date 2026-03-02 \n\n ", "text is empty", id="blank body"),
        pytest.param(b" \n", "the file is empty", id="empty"),
        pytest.param(b"date 2026-03-02 caf\xe9.", "not UTF-8 (byte offset 19)", id="latin 1"),
        pytest.param(b"date 2026-03-02 A\0B", "binary (NUL at byte offset 17)", id="binary"),
        pytest.param("date 2026-03-02 A".encode("utf-16"), "binary", id="utf-16"),
        pytest.param(b"date 2026-03-02 " + b"a" * 1_001, "more than 1,000 bytes", id="too long"),
        pytest.param(b"date 2026-03-02 " + "é".encode() * 501, "more than 1,000 bytes", id="é"),
        pytest.param(b"\xff\0" * 10_000, "more than 1,000 bytes", id="far too long"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(tmp_path: Path, raw: bytes, reason: str) -> None:
    assert reason in read_reason(tmp_path / "a.txt", raw)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"a" * 1_000, id="to the byte"),
        pytest.param(b"a" + b"\r\n" * 998 + b"a", id="with line ends of two bytes"),
        pytest.param("é".encode() * 500, id="in two-byte letters"),
    ],
)
def test_a_body_of_exactly_the_limit_is_accepted(tmp_path: Path, raw: bytes) -> None:
    article = read_article(tmp_path / "a.txt", b" " * 100 + b"date 2026-03-02 " + raw)

    assert len(article.body.encode()) == LIMIT


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a\nb.txt", id="line break"),
        pytest.param("a\x1bb.txt", id="control character"),
        pytest.param("a\u2028b.txt", id="line separator"),
        pytest.param(" a.txt", id="white space first"),
        pytest.param(f"{'a' * 201}.txt", id="too long"),
    ],
)
def test_a_file_whose_name_can_be_no_id_is_refused(tmp_path: Path, name: str) -> None:
    reason = read_reason(tmp_path / name, b"date 2026-03-02 A text.")

    assert "is not valid" in reason


def test_a_file_whose_name_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    reason = read_reason(tmp_path / "caf\udce9.txt", b"date 2026-03-02 A text.")

    assert "the id contains" in reason


def test_a_file_that_is_gone_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read_articles(tmp_path / "gone.txt", LIMIT))
