import gzip
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ArticleError
from bot.library.draft import LocatedArticle, ReadResult
from bot.library.json_lines import MAX_LINES_WITHOUT_ARTICLE, read_articles
from bot.model.article import Article, ArticleId

LIMIT = 1_000
WHOLE = {
    "id": "ap/1",
    "title": "Prices rise",
    "date": "2026-03-02",
    "source": "AP",
    "url": "https://example.org/1",
    "text": "Prices rose.",
}


def make_line(**changes: object) -> bytes:
    return json.dumps(WHOLE | changes).encode() + b"\n"


def read_results(path: Path, raw: bytes) -> list[ReadResult]:
    path.write_bytes(raw)
    return list(read_articles(path, LIMIT))


def read_article(path: Path, raw: bytes) -> Article:
    (finding,) = read_results(path, raw)
    assert isinstance(finding, LocatedArticle)
    return finding.article


def read_reason(path: Path, raw: bytes) -> str:
    (finding,) = read_results(path, raw)
    assert isinstance(finding, ArticleError)
    assert (finding.path, finding.line) == (path, 1)
    return finding.reason


def summarize(found: Sequence[ReadResult]) -> list[tuple[int | None, str]]:
    return [
        (finding.line, finding.reason)
        if isinstance(finding, ArticleError)
        else (finding.location.line, finding.article.id)
        for finding in found
    ]


def test_a_line_is_an_article(tmp_path: Path) -> None:
    article = read_article(tmp_path / "a.jsonl", make_line(section="money", pages=3))

    assert article == Article(
        id=ArticleId("ap/1"),
        title="Prices rise",
        has_derived_title=False,
        source="AP",
        url="https://example.org/1",
        published_on=date(2026, 3, 2),
        body="Prices rose.",
    )


@pytest.mark.parametrize("nothing", [None, "", " \n "], ids=["null", "empty", "blank"])
def test_null_or_blank_is_not_given(tmp_path: Path, nothing: str | None) -> None:
    line = make_line(title=nothing, source=nothing, url=nothing, text="Prices rose. Why?")

    article = read_article(tmp_path / "a.jsonl", line)

    assert (article.title, article.has_derived_title) == ("Prices rose.", True)
    assert (article.source, article.url) == (None, None)


def test_a_field_left_out_is_not_given(tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "date": "2026-03-02", "text": "Prices rose."}).encode()

    article = read_article(tmp_path / "a.jsonl", line)

    assert (article.has_derived_title, article.source, article.url) == (True, None, None)


def test_a_title_and_a_source_are_one_line(tmp_path: Path) -> None:
    article = read_article(tmp_path / "a.jsonl", make_line(title=" Prices\n rise ", source="A\tP"))

    assert (article.title, article.source) == ("Prices rise", "A P")


def test_a_body_has_plain_line_ends_and_no_white_space_around_it(tmp_path: Path) -> None:
    article = read_article(tmp_path / "a.jsonl", make_line(text="\r\n a\r\nb\rc \n"))

    assert article.body == "a\nb\nc"


def test_an_id_may_have_200_characters_of_any_script(tmp_path: Path) -> None:
    article = read_article(tmp_path / "a.jsonl", make_line(id="日 " * 99 + "日本"))

    assert len(article.id) == 200


def test_lines_are_counted_from_1_and_blank_ones_passed_over(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbf" + make_line(id="1") + b"\n \r\n" + make_line(id="4").strip()

    found = read_results(tmp_path / "a.jsonl", raw)

    assert summarize(found) == [(1, "1"), (4, "4")]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(
            b"Prices rose.", "not valid JSON (Expecting value at character 1)", id="no json"
        ),
        pytest.param(b'{"id": "1"', "not valid JSON", id="cut off"),
        pytest.param(b"[1]", "not a JSON object", id="array"),
        pytest.param(b"null", "not a JSON object", id="null"),
        pytest.param(b"[" * 60_000, "nested too deep", id="deep array"),
        pytest.param(b'{"a":' * 12_000, "nested too deep", id="deep object"),
        pytest.param(
            b'{"pages": ' + b"9" * 5_000 + b"}", "number in it is too long", id="absurd number"
        ),
        pytest.param(b'{"id": "caf\xe9"}', "not UTF-8 (byte offset 11)", id="latin 1"),
        pytest.param(b'{"id": "\0"}', "binary (NUL at byte offset 8)", id="binary"),
        pytest.param(make_line(id=None), "“id” is missing", id="null id"),
        pytest.param(b'{"id": "1", "text": "A"}', "“date” is missing", id="no date"),
        pytest.param(b'{"id": "1", "date": "2026-03-02"}', "“text” is missing", id="no text"),
        pytest.param(make_line(id=7), "“id” is not text", id="number as id"),
        pytest.param(make_line(date=20260302), "“date” is not text", id="number as date"),
        pytest.param(make_line(text=["A"]), "“text” is not text", id="list as text"),
        pytest.param(make_line(title=False), "“title” is not text", id="bool as title"),
        pytest.param(make_line(source={}), "“source” is not text", id="object as source"),
        pytest.param(make_line(url=0), "“url” is not text", id="zero as url"),
        pytest.param(make_line(id=""), "the id “” is not valid", id="empty id"),
        pytest.param(make_line(id=" "), "the id “ ” is not valid", id="blank id"),
        pytest.param(make_line(id="a\nb"), r"the id “a\nb” is not valid", id="line break in id"),
        pytest.param(make_line(id="a\x7fb"), "is not valid", id="control character in id"),
        pytest.param(make_line(id="a" * 201), "is not valid", id="long id"),
        pytest.param(
            make_line(date="2026-02-30"), "“2026-02-30” is not a calendar day", id="impossible date"
        ),
        pytest.param(make_line(date="2026-03-02T10:00"), "is not a calendar day", id="instant"),
        pytest.param(make_line(date=""), "“” is not a calendar day", id="empty date"),
        pytest.param(make_line(text=" \n"), "text is empty", id="blank text"),
        pytest.param(make_line(text="é" * 501), "more than 1,000 bytes", id="long text"),
        pytest.param(make_line(text="a\0b"), "the text contains a NUL", id="nul"),
        pytest.param(make_line(text="a\ud83d"), "the text contains", id="surrogate in text"),
        pytest.param(make_line(title="\udc00"), "the title contains", id="surrogate in title"),
        pytest.param(make_line(source="\udc00"), "the source contains", id="surrogate in source"),
        pytest.param(make_line(url="https://\udc00"), "the url contains", id="surrogate in url"),
        pytest.param(make_line(id="\ud800"), "the id contains", id="surrogate in id"),
        pytest.param(make_line(url="example.org/1"), "not a web address", id="no scheme"),
        pytest.param(make_line(url="ftp://example.org"), "not a web address", id="ftp"),
        pytest.param(make_line(url="javascript:alert(1)"), "not a web address", id="script"),
        pytest.param(make_line(url="https:///1"), "not a web address", id="no host"),
        pytest.param(make_line(url="http://:80"), "not a web address", id="port only"),
        pytest.param(make_line(url="http://a:port/"), "not a web address", id="no such port"),
        pytest.param(make_line(url="http://[::1"), "not a web address", id="half an IPv6 address"),
        pytest.param(make_line(url="https://a/b c"), "not a web address", id="space in url"),
        pytest.param(
            make_line(url="https://a/\x1b"), "not a web address", id="control character in url"
        ),
    ],
)
def test_a_bad_line_is_refused_with_the_reason(tmp_path: Path, raw: bytes, reason: str) -> None:
    assert reason in read_reason(tmp_path / "a.jsonl", raw)


def test_the_lines_around_a_bad_one_are_read(tmp_path: Path) -> None:
    raw = make_line(id="1") + b"{\n" + make_line(id="3")

    found = read_results(tmp_path / "a.jsonl", raw)

    assert [line for line, _ in summarize(found)] == [1, 2, 3]
    assert isinstance(found[1], ArticleError)


@pytest.mark.parametrize("letters", [71_536 - 1, 71_536, 71_537, 200_000, 2 * 71_536])
def test_a_line_over_the_limit_is_refused_and_the_next_is_read(
    tmp_path: Path, letters: int
) -> None:
    raw = b"x" * letters + b"\n" + make_line(id="2")

    bad, good = summarize(read_results(tmp_path / "a.jsonl", raw))

    assert bad[0] == 1
    assert good == (2, "2")


def test_a_line_over_the_limit_is_named_as_too_long(tmp_path: Path) -> None:
    assert "more than 1,000 bytes" in read_reason(tmp_path / "a.jsonl", b" " * 80_000 + make_line())


def test_a_text_of_exactly_the_limit_is_accepted_in_any_escaping(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(make_line(text="\x01" * 100_000))

    (finding,) = read_articles(path, 100_000)

    assert isinstance(finding, LocatedArticle)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "A.NDJSON.GZ"])
def test_a_gzip_file_is_read_like_a_plain_one(tmp_path: Path, name: str) -> None:
    raw = gzip.compress(make_line(id="1")) + gzip.compress(make_line(id="2"))

    found = read_results(tmp_path / name, raw)

    assert summarize(found) == [(1, "1"), (2, "2")]


def test_gzip_that_breaks_off_is_named_at_its_line_and_the_lines_before_are_read(
    tmp_path: Path,
) -> None:
    whole = gzip.compress(b"".join(make_line(id=str(number)) for number in range(1, 4)), mtime=0)

    *before, (line, reason) = summarize(read_results(tmp_path / "a.jsonl.gz", whole[:-20]))

    assert before == [(number, str(number)) for number in range(1, line or 0)]
    assert reason.startswith("the gzip data is damaged")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(make_line(), id="plain"),
        pytest.param(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff\xff\xff", id="broken"),
        pytest.param(gzip.compress(b"")[:5], id="header cut off"),
    ],
)
def test_invalid_gzip_is_reported_at_line_1(tmp_path: Path, raw: bytes) -> None:
    assert "gzip data is damaged" in read_reason(tmp_path / "a.jsonl.gz", raw)


def test_gzip_with_a_wrong_checksum_is_named_after_its_last_line(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(make_line(id="1")))
    whole[-5] ^= 1

    first, (line, reason) = summarize(read_results(tmp_path / "a.jsonl.gz", bytes(whole)))

    assert (first, line) == ((1, "1"), 2)
    assert "CRC" in reason


_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_texts = st.text(_characters, max_size=200)
_lines = _texts.map(lambda text: " ".join(text.split())).filter(bool)
_bodies = _texts.map(lambda text: text.replace("\r", "").strip()).filter(bool)


@given(
    changes=st.fixed_dictionaries(
        {
            "title": _lines,
            "source": _lines | st.none(),
            "date": st.dates().map(date.isoformat),
            "text": _bodies,
        }
    ),
    is_ascii=st.booleans(),
)
def test_json_lines_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    changes: dict[str, str],
    is_ascii: bool,  # noqa: FBT001 - hypothesis passes it by name
) -> None:
    line = json.dumps(WHOLE | changes, ensure_ascii=is_ascii).encode()

    article = read_article(tmp_path_factory.getbasetemp() / "round.jsonl", line)

    assert article == Article(
        id=ArticleId("ap/1"),
        title=changes["title"],
        has_derived_title=False,
        source=changes["source"],
        url="https://example.org/1",
        published_on=date.fromisoformat(changes["date"]),
        body=changes["text"],
    )


@pytest.mark.parametrize("raw", [b"", b"\n \n"], ids=["no line", "blank lines"])
def test_an_empty_file_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(raw)

    (refusal,) = read_articles(path, 1_000)

    assert isinstance(refusal, ArticleError)
    assert (refusal.line, refusal.reason[:17]) == (None, "the file is empty")


@pytest.mark.parametrize("line", [b"\n", b"x\n"], ids=["blank", "refused"])
def test_a_file_that_goes_on_without_an_article_is_given_up(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(line * (MAX_LINES_WITHOUT_ARTICLE + 5))

    *_, last = read_articles(path, 1_000)

    assert isinstance(last, ArticleError)
    assert last.line == MAX_LINES_WITHOUT_ARTICLE
    assert "The rest of the file was not read" in last.reason
