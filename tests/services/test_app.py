import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.dates.calendar import range_text
from bot.dates.grammar import parse_day_range
from bot.errors import SettingsError, StoreError, UnknownArticle, UnknownDate
from bot.library.ingest import IngestStatus
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.confidence import EVIDENCE_NAMES
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.scoring.weights import BM25_ONLY, INTERCEPT, Caution
from bot.runtime.clock import parse_clock, system_clock
from bot.search.embedded import INDEX_FILE
from bot.store.database import DATABASE_NAME
from bot.wiring import Application, open_configured
from tests import builders
from tests.builders import (
    NOON,
    PROJECT,
    SEED,
    SEED_QUESTION,
    a_home,
    a_text_file,
    an_article,
    answer_within,
)
from tests.retrieval.builders import some_weights

FLOOD = an_article("The river rose by two metres.")


ANYTHING = Bounds()


an_app = partial(builders.an_app, weights=some_weights())


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        yield app


async def answer_to(app: Application, question: str, bounds: Bounds = ANYTHING) -> Answer:
    await app.index.refresh()
    return await answer_within(app, question, bounds)


def weights_text(least: Mapping[Caution, float]) -> str:
    """A file of weights of BM25 alone that is as sure as this."""
    numbers = "\n".join(f"{caution} = {number}" for caution, number in least.items())
    return f"[candidates]\n[features]\n[statement]\n[evidence]\n[least]\n{numbers}\n"


async def test_removing_an_article_that_is_not_held_is_refused(app: Application) -> None:
    with pytest.raises(UnknownArticle):
        await app.services.library.withdraw("flood", "A mistake.")


async def test_articles_dated_after_the_clock_do_not_answer(tmp_path: Path) -> None:
    async with an_app(tmp_path, now=datetime(2026, 3, 1, 12, tzinfo=UTC)) as app:
        await app.articles.put([FLOOD], NOON)

        answer = await answer_to(app, "river rose metres")

    assert not answer.is_answered
    assert answer.closest_excerpts == ()


async def test_an_answer_shows_no_more_than_asked_for(app: Application) -> None:
    bodies = ["The river rose by two metres.", "In Linz the river rose early on Sunday."]
    await app.articles.put(
        [an_article(body, id=str(number)) for number, body in enumerate(bodies)], NOON
    )
    await app.index.refresh()
    question = app.services.ask.parse("river rose")

    shown = [
        len((await app.services.ask.answer(question, max_excerpts=limit)).excerpts)
        for limit in (1, None)
    ]

    assert shown == [1, 2]


async def test_bounds_leave_out_articles_of_other_days_and_sources(app: Application) -> None:
    await app.articles.put([FLOOD], NOON)

    inside = app.services.browse.parse_bounds("2 March 2026", "2026-03-02", "the courier")
    before = app.services.browse.parse_bounds(None, "1 March 2026", None)
    elsewhere = app.services.browse.parse_bounds(None, None, "The Herald")

    assert (await answer_to(app, "river rose", inside)).is_answered
    assert not (await answer_to(app, "river rose", before)).is_answered
    assert not (await answer_to(app, "river rose", elsewhere)).is_answered


async def test_a_library_that_never_held_an_article_takes_the_seeds_and_says_so(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    async with an_app(tmp_path, notify=said.append) as app:
        await app.services.library.ingest_seeds()
        await app.services.library.ingest_seeds()

        answer = await answer_to(app, SEED_QUESTION)

    assert answer.extent.articles == 1
    assert said == [f"The library was empty: it took in 1 article from {SEED.parent}."]


async def test_a_library_that_was_emptied_does_not_take_the_seeds_again(app: Application) -> None:
    await app.services.library.ingest_seeds()
    await app.services.library.withdraw(SEED.stem, "Not wanted.")

    await app.services.library.ingest_seeds()

    assert await app.articles.get_current_revisions() == {}


async def test_seeds_are_left_alone_where_the_settings_say_so(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.services.library.ingest_seeds()

        assert not await app.articles.has_ever_held_articles()


async def test_a_missing_folder_of_seeds_is_named_with_the_remedy(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with an_app(tmp_path, home=home) as app:
        with pytest.raises(SettingsError) as caught:
            await app.services.library.ingest_seeds()

    assert str(caught.value) == (
        f"{home / 'seeds'}: library.seeds: this folder, which fills an empty library, is missing: "
        "restore it, or set false."
    )


async def test_a_seed_that_is_no_article_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    a_text_file(home / "seeds" / "flood.txt", "The river rose.")
    (home / "seeds" / "notes.txt").write_text("No date.", encoding="utf-8")
    said: list[str] = []
    async with an_app(tmp_path, home=home, notify=said.append) as app:
        await app.services.library.ingest_seeds()

        assert list(await app.articles.get_current_revisions()) == ["flood"]
    assert said[0].startswith("The library was empty: it took in 1 article from ")
    assert said[1].startswith(f"Refused: {home / 'seeds' / 'notes.txt'}: ")


async def test_adding_tells_of_each_article_and_of_the_progress(
    app: Application, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    path = a_text_file(tmp_path / "in" / "flood.txt", "The river rose.")

    outcomes = await app.services.library.add_articles(
        [path], lambda done, whole: told.append((done, whole))
    )

    assert [outcome.status for outcome in outcomes] == [IngestStatus.ADDED]
    assert told == [(1, 1)]


async def test_a_corpus_that_can_not_be_saved_is_told_and_answers_all_the_same(
    tmp_path: Path,
) -> None:
    (tmp_path / INDEX_FILE).mkdir()
    said: list[str] = []
    async with an_app(tmp_path, notify=said.append) as app:
        await app.articles.put([an_article(FLOOD.body * 200, id=str(n)) for n in range(60)], NOON)

        await app.services.library.refresh_index()

        assert (await answer_to(app, "river rose metres")).is_answered
    (sentence,) = said
    assert sentence == (
        f"What searches need could not be saved in {tmp_path} (Is a directory): "
        "questions are answered, but each start makes it anew."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("1 March 2026", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T09:30", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30+02:00", datetime(2026, 3, 1, 7, 30, tzinfo=UTC)),
        ("2026-03-01T09:30Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
    ],
)
async def test_a_clock_starts_at_the_day_or_instant_given_and_ticks_on(
    app: Application, text: str, expected: datetime
) -> None:
    clock = parse_clock(text, app.settings)

    first, second = clock(), clock()

    assert expected <= first < second < expected + timedelta(minutes=1)
    assert first.utcoffset() == timedelta(0)


async def test_a_clock_s_day_begins_in_the_settings_zone(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_DATES__ZONE="Europe/Berlin") as app:
        clock = parse_clock("2026-03-01", app.settings)

    begins = datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1)))
    assert begins <= clock() < begins + timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "soon", "3/2", "until March", "0001-01-01", "9999-12-31"])
async def test_a_clock_is_not_started_at_what_is_no_day(app: Application, text: str) -> None:
    with pytest.raises(UnknownDate):
        parse_clock(text, app.settings)


async def test_today_is_another_day_in_another_zone(tmp_path: Path) -> None:
    async with an_app(tmp_path, now=datetime(2026, 3, 3, 23, 30, tzinfo=UTC)) as app:
        assert app.clock.today(ZoneInfo("UTC")) == date(2026, 3, 3)
        assert app.clock.today(ZoneInfo("Asia/Kolkata")) == date(2026, 3, 4)


async def test_articles_after_the_day_that_is_given_are_hidden(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        await app.articles.put([an_article()], NOON)
        question = app.services.ask.parse("river rose metres")

        shown = await app.services.ask.answer(question, today=date(2026, 3, 2))
        hidden = await app.services.ask.answer(question, today=date(2026, 3, 1))

    assert (shown.extent.articles, hidden.extent.articles) == (1, 0)


async def test_today_is_the_day_in_the_settings_zone(tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)

    async with an_app(tmp_path, now=late, DATELINE_DATES__ZONE="Europe/Berlin") as app:
        assert app.clock.today() == date(2026, 3, 4)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not UTF-8"])
async def test_stop_words_that_can_not_be_read_are_named(
    tmp_path: Path, content: bytes | None
) -> None:
    home = a_home(tmp_path / "home")
    path = home / "config" / "stop_words.txt"
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        async with an_app(tmp_path, home=home):
            pass

    assert str(caught.value) == (
        f"{path}: stop words: the file can't be read: restore it from the project."
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(r"(?s).*", None, id="missing"),
        pytest.param(r"(?s).*", "\udcff", id="not UTF-8"),
        pytest.param(r'"article" = ', "article: ", id="not TOML"),
        pytest.param(r'"article" = .*', '"article" = "much"', id="no number"),
        pytest.param(r"\[features\]", "[others]", id="no features"),
        pytest.param(r'"careful" = .*', "", id="a caution missing"),
        pytest.param(r'"held" = .*', "", id="evidence missing"),
        pytest.param(r'"intercept" = .*', "", id="the intercept missing"),
        pytest.param(r'"held" = ', '"hold" = ', id="unknown evidence"),
        pytest.param(r"\[statement\]", "[others]", id="no statement"),
        pytest.param(r'"covered" = ', '"over" = ', id="an unknown feature"),
        pytest.param(
            r"\[statement\]", '[statement]\n"over" = 1.0', id="an unknown feature of a statement"
        ),
        pytest.param(
            r"\[candidates\]",
            '[candidates]\n"kind" = 1.0',
            id="a candidate's feature not from afar",
        ),
    ],
)
async def test_weights_that_can_not_be_used_are_named(
    tmp_path: Path, old: str, new: str | None
) -> None:
    home = a_home(tmp_path / "home")
    path = home / "config" / "weights.toml"
    content = path.read_text(encoding="utf-8")
    changed = re.sub(old, lambda _: new or "", content, count=1)
    assert changed != content
    path.unlink()
    if new is not None:
        path.write_bytes(changed.encode("utf-8", errors="surrogateescape"))

    with pytest.raises(SettingsError) as caught:
        async with an_app(tmp_path, home=home):
            pass

    assert str(caught.value) == (
        f"{path}: weights: the file can't be used: restore it from the project."
    )


async def test_the_weights_are_those_of_the_project_folder(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    path = home / "config" / "weights.toml"
    path.write_text(weights_text(dict.fromkeys(Caution, 0.4)), encoding="utf-8")

    async with builders.an_app(tmp_path, home=home) as app:
        assert app.weights == replace(BM25_ONLY, min_confidences=dict.fromkeys(Caution, 0.4))


@pytest.mark.parametrize("caution", Caution)
async def test_the_setting_decides_how_sure_an_answer_has_to_be(
    tmp_path: Path, caution: Caution
) -> None:
    evidence = {**dict.fromkeys(EVIDENCE_NAMES, 0.0), INTERCEPT: 0.0}
    low_alone = {each: 0.2 if each is caution else 0.8 for each in Caution}
    high_alone = {each: 0.8 if each is caution else 0.2 for each in Caution}

    answered = []
    for least in (low_alone, high_alone):
        weights = replace(BM25_ONLY, evidence=evidence, min_confidences=least)
        async with builders.an_app(
            tmp_path, weights=weights, DATELINE_ANSWERS__CAUTION=caution
        ) as app:
            await app.articles.put([FLOOD], NOON)
            answered.append((await answer_to(app, "river rose metres")).is_answered)

    assert answered == [True, False]


async def test_the_app_is_configured_by_the_environment_and_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("DATELINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATELINE_ANSWERS__MAX_EXCERPTS", "2")

    async with open_configured(None, None, "2026-03-01", notify=print) as app:
        assert app.settings.data_dir == tmp_path
        assert app.settings.answers.max_excerpts == 2
        assert app.clock.today() == date(2026, 3, 1)


async def test_without_a_given_clock_the_app_goes_by_the_system_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)

    async with open_configured(None, tmp_path, None, notify=print) as app:
        apart = abs(app.clock.now() - system_clock())

    assert apart < timedelta(seconds=5)


async def test_a_database_that_can_not_be_used_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_text("no database " * 100, encoding="utf-8")

    with pytest.raises(StoreError, match="not an SQLite database"):
        async with an_app(tmp_path):
            pass


def test_days_are_read_on_the_day_that_it_is() -> None:
    assert range_text(parse_day_range("yesterday", date(2026, 3, 4))) == "3 March 2026"
