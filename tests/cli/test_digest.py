"""The command that previews a digest."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.cli.runner import ExitCode
from tests.builders import a_json_lines_file, an_article
from tests.commands import RunCommand

AS_OF = ("--as-of", "2026-03-03")
ARTICLES = [
    replace(an_article(body, id=name, title=name), published_on=day)
    for name, day, body in (
        ("river", date(2026, 3, 2), "The river rose by two metres within one night."),
        ("bread", date(2026, 3, 2), "Bakers in the old town sell their bread for less."),
        ("chess", date(2026, 3, 3), "The champion of chess lost his crown to a pupil."),
    )
]


@pytest.fixture(autouse=True)
def library(tmp_path: Path, run: RunCommand) -> None:
    path = a_json_lines_file(tmp_path / "articles.jsonl", ARTICLES)
    assert run("ingest", str(path)).code == ExitCode.DONE


def test_a_preview_shows_what_was_published_on_a_day(run: RunCommand) -> None:
    result = run("digest", "--preview", "--date", "2 March", *AS_OF)

    assert result.code == ExitCode.DONE
    assert result.out.startswith(
        "Digest: 2 March 2026\nFrom 1 March 2026, 09:00 to 2 March 2026, 09:00, UTC.\n"
    )
    assert result.out.count("▌") == 2


def test_without_a_date_a_preview_is_of_today(run: RunCommand) -> None:
    result = run("digest", "--preview", *AS_OF)

    assert "▌ The champion of chess lost his crown to a pupil.\n" in result.out


def test_a_preview_can_be_an_object(run: RunCommand) -> None:
    preview = run("digest", "--preview", "--date", "2026-03-02", "--json", *AS_OF).json

    assert {entry["article_id"] for entry in preview["entries"]} == {"river", "bread"}
    assert [article["step"] for article in preview["considered"]] == ["taken", "taken"]


def test_the_quotes_of_a_preview_can_be_verified(run: RunCommand) -> None:
    preview = run("digest", "--preview", "--date", "2026-03-02", "--json", *AS_OF).json

    assert run("verify", preview["entries"][0]["receipt"]).code == ExitCode.DONE


def test_a_day_without_news_ends_as_an_abstention(run: RunCommand) -> None:
    result = run("digest", "--preview", "--date", "2026-02-01", *AS_OF)

    assert result.code == ExitCode.ABSTAINED
    assert "No new articles.\n" in result.out


def test_how_many_stories_are_shown_is_a_setting(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_DIGEST__MAX_ENTRIES", "1")

    result = run("digest", "--preview", "--date", "2 March", *AS_OF)

    assert result.out.count("▌") == 1
    assert "1 more story is over the limit of 1.\n" in result.out


def test_entries_of_an_object_over_the_limit_can_be_verified(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_DIGEST__MAX_ENTRIES", "1")

    preview = run("digest", "--preview", "--date", "2026-03-02", "--json", *AS_OF).json

    (further,) = preview["further"]
    assert further["rank"] == 2
    assert run("verify", further["receipt"]).code == ExitCode.DONE


def test_a_digest_that_is_not_previewed_is_wrong_usage(run: RunCommand) -> None:
    result = run("digest", *AS_OF)

    assert result.code == ExitCode.WRONG_INPUT
    assert "--preview" in result.err


def test_a_date_that_is_none_is_refused(run: RunCommand) -> None:
    result = run("digest", "--preview", "--date", "someday", *AS_OF)

    assert result.code == ExitCode.WRONG_INPUT
