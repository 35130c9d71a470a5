from pathlib import Path

from bot.library.ingest import IngestOutcome, IngestStatus
from bot.model.article import ArticleId
from bot.presentation.ingest_report import format_ingest_lines, ingest_to_json

NEWS = Path("news.jsonl")
FLOOD = Path("flood.txt")


def an_outcome(
    result: IngestStatus, path: Path = NEWS, line: int | None = None, reason: str | None = None
) -> IngestOutcome:
    return IngestOutcome(
        path=path, line=line, article_id=ArticleId("flood"), status=result, reason=reason
    )


def test_each_file_has_a_line_with_the_result_of_its_articles() -> None:
    outcomes = [
        an_outcome(IngestStatus.ADDED, line=1),
        an_outcome(IngestStatus.UNCHANGED, line=2),
        an_outcome(IngestStatus.ADDED, line=3),
        an_outcome(IngestStatus.REVISED, path=FLOOD),
    ]

    assert list(format_ingest_lines(outcomes)) == [
        "news.jsonl: 2 added, 1 unchanged",
        "flood.txt: 1 revised",
    ]


def test_thousands_are_set_apart() -> None:
    assert list(format_ingest_lines([an_outcome(IngestStatus.ADDED)] * 1200)) == [
        "news.jsonl: 1,200 added"
    ]


def test_refused_articles_are_named_with_place_and_reason() -> None:
    outcomes = [
        an_outcome(IngestStatus.REFUSED, line=3, reason="“date” is missing. Add it."),
        an_outcome(IngestStatus.REFUSED, path=FLOOD, reason="the text is empty. Add it."),
    ]

    assert list(format_ingest_lines(outcomes))[2:] == [
        "Refused: news.jsonl, line 3: “date” is missing. Add it.",
        "Refused: flood.txt: the text is empty. Add it.",
    ]


def test_only_the_first_20_refusals_and_the_last_are_listed() -> None:
    refusals = [
        an_outcome(IngestStatus.REFUSED, line=number, reason="it is wrong. Correct it.")
        for number in range(1, 10_001)
    ]

    file_line, *listed, others, last = format_ingest_lines(refusals)

    assert file_line == "news.jsonl: 10,000 refused"
    assert len(listed) == 20
    assert listed[19] == "Refused: news.jsonl, line 20: it is wrong. Correct it."
    assert others == "Refused: 9,979 others. Run the command again with --json to see all of them."
    assert last == "Refused: news.jsonl, line 10000: it is wrong. Correct it."
    assert len(ingest_to_json(refusals)["refusals"]) == 10_000


def test_twenty_one_refusals_are_all_listed() -> None:
    refusals = [an_outcome(IngestStatus.REFUSED, line=line, reason="no.") for line in range(1, 22)]

    assert len(list(format_ingest_lines(refusals))) == 22


def test_twenty_files_and_refusals_are_all_listed() -> None:
    outcomes = [
        an_outcome(IngestStatus.REFUSED, path=Path(f"{number}.txt"), reason="it is empty. Fill it.")
        for number in range(20)
    ]

    assert len(list(format_ingest_lines(outcomes))) == 40


def test_only_the_first_20_files_are_listed_and_all_are_counted() -> None:
    outcomes = [
        an_outcome(IngestStatus.ADDED, path=Path(f"{number}.txt")) for number in range(1_500)
    ]

    lines = list(format_ingest_lines([*outcomes, an_outcome(IngestStatus.REVISED)]))

    assert lines[19:] == ["19.txt: 1 added", "All 1,501 files: 1,500 added, 1 revised"]


def test_the_name_of_a_file_does_not_reorder_its_line() -> None:
    (line,) = format_ingest_lines([an_outcome(IngestStatus.ADDED, path=Path("\u202etxt.a"))])

    assert line == "\u2068\u202etxt.a\u202c\u2069: 1 added"


def test_nothing_found_is_said() -> None:
    assert list(format_ingest_lines([])) == ["No articles found."]


def test_the_object_counts_every_result() -> None:
    outcomes = [
        an_outcome(IngestStatus.ADDED, line=1),
        an_outcome(IngestStatus.REFUSED, line=2, reason="“date” is missing. Add it."),
    ]

    assert ingest_to_json(outcomes) == {
        "added": 1,
        "revised": 0,
        "unchanged": 0,
        "refused": 1,
        "refusals": [{"path": "news.jsonl", "line": 2, "reason": "“date” is missing. Add it."}],
    }
