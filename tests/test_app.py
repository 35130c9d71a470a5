import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import app as running
from bot.errors import (
    MalformedReceipt,
    QueryError,
    ReversedBounds,
    SettingsError,
    StoreError,
    UnknownArticle,
    UnknownDate,
)
from bot.library.ingest import Result
from bot.live_corpus import FILE_NAME
from bot.retrieval.answer import Answer
from bot.retrieval.article import Article
from bot.retrieval.case import EVIDENCE
from bot.retrieval.limits import Bounds
from bot.retrieval.receipt import Standing, Verification
from bot.retrieval.weights import INTERCEPT, PLAIN, Caution
from tests import builders
from tests.builders import (
    NOON,
    PROJECT,
    SEED,
    SEED_QUESTION,
    a_home,
    a_text_file,
    an_article,
)
from tests.retrieval.builders import some_weights

FLOOD = an_article("The river rose by two metres.")
ANYTHING = Bounds()
an_app = partial(builders.an_app, weights=some_weights())


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[running.App]:
    async with an_app(tmp_path) as app:
        yield app


async def answer_to(app: running.App, question: str, bounds: Bounds = ANYTHING) -> Answer:
    await app.corpus.refresh()
    return await running.ask(app, running.query_of(app, question), bounds)


def weights_text(least: Mapping[Caution, float]) -> str:
    """A file of weights of BM25 alone that is as sure as this."""
    numbers = "\n".join(f"{caution} = {number}" for caution, number in least.items())
    return f"[candidates]\n[features]\n[statement]\n[evidence]\n[least]\n{numbers}\n"


async def receipt_for(app: running.App, article: Article) -> str:
    """The receipt of the excerpt that was shown of the article."""
    await app.articles.put([article], NOON)
    (excerpt,) = (await answer_to(app, "river rose metres")).excerpts
    return excerpt.receipt


async def verified_after(app: running.App, changed: Article) -> Verification:
    receipt = await receipt_for(app, FLOOD)
    await app.articles.put([changed], NOON)
    return await running.verify(app, receipt)


async def test_a_quote_still_in_its_place_is_identical(app: running.App) -> None:
    receipt = await receipt_for(app, FLOOD)

    verification = await running.verify(app, receipt)

    assert verification.standing is Standing.IDENTICAL
    assert verification.quoted == FLOOD
    assert verification.span
    assert verification.span.of(FLOOD.body) == "The river rose by two metres."


async def test_a_receipt_is_taken_with_capitals_and_space_around_it(app: running.App) -> None:
    receipt = await receipt_for(app, FLOOD)

    verification = await running.verify(app, f" {receipt.upper()}\n")

    assert verification.standing is Standing.IDENTICAL


async def test_a_quote_found_elsewhere_in_the_article_has_moved(app: running.App) -> None:
    moved = replace(FLOOD, body=f"No rain.\n\n{FLOOD.body}")

    verification = await verified_after(app, moved)

    assert verification.standing is Standing.MOVED
    assert verification.found_at
    assert verification.found_at.of(moved.body) == "The river rose by two metres."


async def test_a_quote_that_was_rewritten_is_revised_and_both_texts_are_told(
    app: running.App,
) -> None:
    verification = await verified_after(app, replace(FLOOD, body="The river fell."))

    assert verification.standing is Standing.REVISED
    assert verification.quoted == FLOOD
    assert verification.current == replace(FLOOD, body="The river fell.", revision=2)


async def test_a_quote_of_a_removed_article_is_withdrawn_with_day_and_reason(
    app: running.App,
) -> None:
    receipt = await receipt_for(app, FLOOD)
    await running.withdraw(app, FLOOD.id, "Published in error.")

    verification = await running.verify(app, receipt)

    assert verification.standing is Standing.WITHDRAWN
    assert verification.withdrawn_at == NOON
    assert verification.reason == "Published in error."


async def test_the_day_of_a_withdrawal_is_that_of_the_settings_zone(tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    async with an_app(tmp_path, now=late, DATELINE_DATES__ZONE="Europe/Berlin") as app:
        receipt = await receipt_for(app, FLOOD)
        await running.withdraw(app, FLOOD.id, "Published in error.")

        verification = await running.verify(app, receipt)

    assert verification.withdrawn_at
    assert verification.withdrawn_at.date() == date(2026, 3, 4)


async def test_the_day_of_a_revision_is_that_of_the_zone_asked_for(tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    async with an_app(tmp_path, now=late) as app:
        receipt = await receipt_for(app, FLOOD)
        await app.articles.put([replace(FLOOD, body="The river fell.")], late)

        verification = await running.verify(app, receipt, ZoneInfo("Europe/Berlin"))

    assert verification.revised_at
    assert verification.revised_at.date() == date(2026, 3, 4)


async def test_a_quote_of_an_article_that_is_as_it_was_has_no_day_of_a_revision(
    app: running.App,
) -> None:
    verification = await running.verify(app, await receipt_for(app, FLOOD))

    assert verification.revised_at is None


async def test_a_revision_that_is_dated_later_is_hidden_from_who_verifies(
    app: running.App,
) -> None:
    later = replace(FLOOD, body="The river fell.", published_on=date(2026, 3, 4))

    verification = await verified_after(app, later)

    assert verification.standing is Standing.IDENTICAL
    assert verification.current == FLOOD


async def test_an_article_brought_back_with_a_later_date_is_hidden_from_who_verifies(
    app: running.App,
) -> None:
    receipt = await receipt_for(app, FLOOD)
    await running.withdraw(app, FLOOD.id, "A mistake.")
    later = replace(FLOOD, body="The river fell.", published_on=date(2026, 3, 4))
    await app.articles.put([later], NOON)

    verification = await running.verify(app, receipt)

    assert verification.standing is Standing.WITHDRAWN
    assert verification.current is None


async def test_a_receipt_never_shown_is_unknown(app: running.App) -> None:
    verification = await running.verify(app, "0123456789abcdef")

    assert verification.standing is Standing.UNKNOWN


async def test_text_that_is_no_receipt_is_refused(app: running.App) -> None:
    with pytest.raises(MalformedReceipt):
        await running.verify(app, "0123")


async def test_an_article_removed_and_brought_back_identical_verifies(app: running.App) -> None:
    receipt = await receipt_for(app, FLOOD)
    await running.withdraw(app, FLOOD.id, "A mistake.")
    await app.articles.put([FLOOD], NOON)

    verification = await running.verify(app, receipt)

    assert verification.standing is Standing.IDENTICAL
    assert verification.quoted == replace(FLOOD, revision=2)


async def test_an_article_removed_and_brought_back_otherwise_stays_withdrawn(
    app: running.App,
) -> None:
    receipt = await receipt_for(app, FLOOD)
    await running.withdraw(app, FLOOD.id, "A mistake.")
    await app.articles.put([replace(FLOOD, body="The river fell.")], NOON)

    verification = await running.verify(app, receipt)

    assert (verification.standing, verification.reason) == (Standing.WITHDRAWN, "A mistake.")


async def test_a_quote_shown_as_nearest_can_be_verified_too(app: running.App) -> None:
    await app.articles.put([FLOOD], NOON)
    answer = await answer_to(app, "Which minister paid for the river boats in Lisbon?")

    (excerpt,) = answer.closest

    assert (await running.verify(app, excerpt.receipt)).standing is Standing.IDENTICAL


async def test_removing_an_article_that_is_not_held_is_refused(app: running.App) -> None:
    with pytest.raises(UnknownArticle):
        await running.withdraw(app, "flood", "A mistake.")


async def test_a_question_without_anything_to_search_for_is_refused(app: running.App) -> None:
    with pytest.raises(QueryError):
        running.query_of(app, "🙂")


async def test_a_question_is_read_on_the_clock_s_day(app: running.App) -> None:
    query = running.query_of(app, "What did Altman say yesterday?")

    assert [mention.days.first for mention in query.dates] == [date(2026, 3, 2)]


async def test_articles_dated_after_the_clock_do_not_answer(tmp_path: Path) -> None:
    async with an_app(tmp_path, now=datetime(2026, 3, 1, 12, tzinfo=UTC)) as app:
        await app.articles.put([FLOOD], NOON)

        answer = await answer_to(app, "river rose metres")

    assert not answer.answered
    assert answer.closest == ()


async def test_an_answer_shows_no_more_than_asked_for(app: running.App) -> None:
    bodies = ["The river rose by two metres.", "In Linz the river rose early on Sunday."]
    await app.articles.put(
        [an_article(body, id=str(number)) for number, body in enumerate(bodies)], NOON
    )
    await app.corpus.refresh()
    query = running.query_of(app, "river rose")

    shown = [
        len((await running.ask(app, query, ANYTHING, max_excerpts=limit)).excerpts)
        for limit in (1, None)
    ]

    assert shown == [1, 2]


async def test_bounds_leave_out_articles_of_other_days_and_sources(app: running.App) -> None:
    await app.articles.put([FLOOD], NOON)

    inside = running.bounds_of(app, "2 March 2026", "2026-03-02", "the courier")
    before = running.bounds_of(app, None, "1 March 2026", None)
    elsewhere = running.bounds_of(app, None, None, "The Herald")

    assert (await answer_to(app, "river rose", inside)).answered
    assert not (await answer_to(app, "river rose", before)).answered
    assert not (await answer_to(app, "river rose", elsewhere)).answered


async def test_bounds_begin_with_the_first_day_meant_and_end_with_the_last(
    app: running.App,
) -> None:
    bounds = running.bounds_of(app, "February 2026", "February 2026", None)

    assert (bounds.after, bounds.before) == (date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("after", "before"),
    [("", None), ("no day", None), ("3/2", None), (None, "2026-02-30"), (None, "since March")],
)
async def test_a_bound_that_is_no_day_is_refused(
    app: running.App, after: str | None, before: str | None
) -> None:
    with pytest.raises(UnknownDate):
        running.bounds_of(app, after, before, None)


async def test_bounds_without_a_day_between_them_are_refused(app: running.App) -> None:
    with pytest.raises(ReversedBounds, match="between 5 March 2026 and 1 March 2026"):
        running.bounds_of(app, "2026-03-05", "2026-03-01", None)


async def test_a_library_that_never_held_an_article_takes_the_seeds_and_says_so(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    async with an_app(tmp_path, notify=said.append) as app:
        await running.take_seeds(app)
        await running.take_seeds(app)

        answer = await answer_to(app, SEED_QUESTION)

    assert answer.extent.articles == 1
    assert said == [f"The library was empty: it took in 1 article from {SEED.parent}."]


async def test_a_library_that_was_emptied_does_not_take_the_seeds_again(app: running.App) -> None:
    await running.take_seeds(app)
    await running.withdraw(app, SEED.stem, "Not wanted.")

    await running.take_seeds(app)

    assert await app.articles.revisions_current() == {}


async def test_seeds_are_left_alone_where_the_settings_say_so(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await running.take_seeds(app)

        assert not await app.articles.ever_held_any()


async def test_a_missing_folder_of_seeds_is_named_with_the_remedy(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with an_app(tmp_path, home=home) as app:
        with pytest.raises(SettingsError) as caught:
            await running.take_seeds(app)

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
        await running.take_seeds(app)

        assert list(await app.articles.revisions_current()) == ["flood"]
    assert said[0].startswith("The library was empty: it took in 1 article from ")
    assert said[1].startswith(f"Refused: {home / 'seeds' / 'notes.txt'}: ")


async def test_adding_tells_of_each_article_and_of_the_progress(
    app: running.App, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    path = a_text_file(tmp_path / "in" / "flood.txt", "The river rose.")

    outcomes = await running.add(app, [path], lambda done, whole: told.append((done, whole)))

    assert [outcome.result for outcome in outcomes] == [Result.ADDED]
    assert told == [(1, 1)]


async def test_a_corpus_that_can_not_be_saved_is_told_and_answers_all_the_same(
    tmp_path: Path,
) -> None:
    (tmp_path / FILE_NAME).mkdir()
    said: list[str] = []
    async with an_app(tmp_path, notify=said.append) as app:
        await app.articles.put([an_article(FLOOD.body * 200, id=str(n)) for n in range(60)], NOON)

        await running.in_step(app)

        assert (await answer_to(app, "river rose metres")).answered
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
    app: running.App, text: str, expected: datetime
) -> None:
    clock = running.clock_from(text, app.settings)

    first, second = clock(), clock()

    assert expected <= first < second < expected + timedelta(minutes=1)
    assert first.utcoffset() == timedelta(0)


async def test_a_clock_s_day_begins_in_the_settings_zone(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_DATES__ZONE="Europe/Berlin") as app:
        clock = running.clock_from("2026-03-01", app.settings)

    begins = datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1)))
    assert begins <= clock() < begins + timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "soon", "3/2", "until March", "0001-01-01", "9999-12-31"])
async def test_a_clock_is_not_started_at_what_is_no_day(app: running.App, text: str) -> None:
    with pytest.raises(UnknownDate):
        running.clock_from(text, app.settings)


async def test_today_is_another_day_in_another_zone(tmp_path: Path) -> None:
    async with an_app(tmp_path, now=datetime(2026, 3, 3, 23, 30, tzinfo=UTC)) as app:
        assert app.today_in(ZoneInfo("UTC")) == date(2026, 3, 3)
        assert app.today_in(ZoneInfo("Asia/Kolkata")) == date(2026, 3, 4)


async def test_dates_are_read_as_on_the_day_that_is_given(tmp_path: Path) -> None:
    day = date(2025, 1, 1)
    async with an_app(tmp_path) as app:
        bounds = running.bounds_of(app, "yesterday", "today", None, today=day)
        query = running.query_of(app, "flood in Rome yesterday", today=day)

    assert (bounds.after, bounds.before) == (date(2024, 12, 31), day)
    assert [mention.days.text() for mention in query.dates] == ["31 December 2024"]


async def test_articles_after_the_day_that_is_given_are_hidden(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        await app.articles.put([an_article()], NOON)
        query = running.query_of(app, "river rose metres")

        shown = await running.ask(app, query, Bounds(), today=date(2026, 3, 2))
        hidden = await running.ask(app, query, Bounds(), today=date(2026, 3, 1))

    assert (shown.extent.articles, hidden.extent.articles) == (1, 0)


async def test_today_is_the_day_in_the_settings_zone(tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)

    async with an_app(tmp_path, now=late, DATELINE_DATES__ZONE="Europe/Berlin") as app:
        assert app.today == date(2026, 3, 4)


def test_stop_words_are_read_one_a_line_without_comments(tmp_path: Path) -> None:
    path = tmp_path / "stop_words.txt"
    path.write_text("# Articles\nthe\n\n  a \n", encoding="utf-8")

    assert running.stop_words(path) == {"the", "a"}


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
        assert app.weights == replace(PLAIN, least=dict.fromkeys(Caution, 0.4))


@pytest.mark.parametrize("caution", Caution)
async def test_the_setting_decides_how_sure_an_answer_has_to_be(
    tmp_path: Path, caution: Caution
) -> None:
    evidence = {**dict.fromkeys(EVIDENCE, 0.0), INTERCEPT: 0.0}
    low_alone = {each: 0.2 if each is caution else 0.8 for each in Caution}
    high_alone = {each: 0.8 if each is caution else 0.2 for each in Caution}

    answered = []
    for least in (low_alone, high_alone):
        weights = replace(PLAIN, evidence=evidence, least=least)
        async with builders.an_app(
            tmp_path, weights=weights, DATELINE_ANSWERS__CAUTION=caution
        ) as app:
            await app.articles.put([FLOOD], NOON)
            answered.append((await answer_to(app, "river rose metres")).answered)

    assert answered == [True, False]


async def test_the_app_is_configured_by_the_environment_and_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("DATELINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATELINE_ANSWERS__MAX_EXCERPTS", "2")

    async with running.configured(None, None, "2026-03-01", notify=print) as app:
        assert app.settings.data_dir == tmp_path
        assert app.settings.answers.max_excerpts == 2
        assert app.today == date(2026, 3, 1)


async def test_without_a_given_clock_the_app_goes_by_the_system_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)

    async with running.configured(None, tmp_path, None, notify=print) as app:
        apart = abs(app.clock() - running.system_clock())

    assert apart < timedelta(seconds=5)


async def test_a_database_that_can_not_be_used_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / running.DATABASE_NAME).write_text("no database " * 100, encoding="utf-8")

    with pytest.raises(StoreError, match="not an SQLite database"):
        async with an_app(tmp_path):
            pass


def test_days_are_read_on_the_day_that_it_is() -> None:
    assert running.days_of("yesterday", date(2026, 3, 4)).text() == "3 March 2026"
