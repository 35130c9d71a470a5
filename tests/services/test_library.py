from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import SettingsError, UnknownArticle
from bot.library.ingest import IngestStatus
from bot.presentation.errors import describe_error
from bot.search.embedded import INDEX_FILE
from bot.wiring import Application
from tests.builders import (
    NOON,
    SEED,
    SEED_QUESTION,
    a_home,
    a_text_file,
    an_article,
)
from tests.services.flood_library import FLOOD, answer_to
from tests.services.river_library import an_app


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        yield app


async def test_removing_an_unknown_article_is_refused(app: Application) -> None:
    with pytest.raises(UnknownArticle):
        await app.services.library.withdraw("flood", "A mistake.")


async def test_a_library_that_never_had_an_article_adds_the_seeds_and_says_so(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    async with an_app(tmp_path, notify=said.append) as app:
        await app.services.library.ingest_seeds()
        await app.services.library.ingest_seeds()

        answer = await answer_to(app, SEED_QUESTION)

    assert answer.extent.articles == 1
    assert said == [f"The library was empty. Added 1 article from {SEED.parent}."]


async def test_a_library_that_was_emptied_does_not_take_the_seeds_again(app: Application) -> None:
    await app.services.library.ingest_seeds()
    await app.services.library.withdraw(SEED.stem, "Not wanted.")

    await app.services.library.ingest_seeds()

    assert await app.articles.get_current_revisions() == {}


async def test_seeds_are_not_added_if_the_settings_say_so(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.services.library.ingest_seeds()

        assert not await app.articles.has_ever_held_articles()


async def test_a_missing_folder_of_seeds_is_named_with_the_remedy(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with an_app(tmp_path, home=home) as app:
        with pytest.raises(SettingsError) as caught:
            await app.services.library.ingest_seeds()

    assert describe_error(caught.value) == (
        f"Can't use library.seeds in {home / 'seeds'}. "
        "The folder that fills an empty library is missing. Restore it, or set library.seeds to false."
    )


async def test_a_seed_that_is_no_article_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    a_text_file(home / "seeds" / "flood.txt", "The river rose.")
    (home / "seeds" / "notes.txt").write_text("No date.", encoding="utf-8")
    said: list[str] = []
    async with an_app(tmp_path, home=home, notify=said.append) as app:
        await app.services.library.ingest_seeds()

        assert list(await app.articles.get_current_revisions()) == ["flood"]
    assert said[0].startswith("The library was empty. Added 1 article from ")
    assert said[1].startswith(f"Refused: {home / 'seeds' / 'notes.txt'}: ")


async def test_many_refused_seeds_are_counted(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    (home / "seeds").mkdir()
    (home / "seeds" / "bad.jsonl").write_text("{}\n" * 1_025, encoding="utf-8")
    said: list[str] = []
    async with an_app(tmp_path, home=home, notify=said.append) as app:
        await app.services.library.ingest_seeds()

    assert len(said) == 22
    assert said[21] == (
        f"Refused: 1,005 others. Ingest {home / 'seeds'} as JSON to see all of them."
    )


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


async def test_a_corpus_that_can_not_be_saved_is_reported_and_still_answers(
    tmp_path: Path,
) -> None:
    (tmp_path / INDEX_FILE).mkdir()
    said: list[str] = []
    async with an_app(tmp_path, notify=said.append) as app:
        await app.articles.put([an_article(FLOOD.body * 200, id=str(n)) for n in range(60)], NOON)

        await app.services.library.refresh_and_save_index()

        assert (await answer_to(app, "river rose metres")).is_answered
    (sentence,) = said
    assert sentence == (
        f"The search index could not be saved in {tmp_path} (Is a directory). "
        "Questions are answered, but each start builds it again."
    )
