from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dates.calendar import range_text
from bot.errors import (
    AnswerExpired,
    ArticleWithdrawn,
    UnknownButton,
)
from bot.model.ids import generate_key
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.answering.receipts import ReceiptStatus
from bot.services.shown_answers import MAX_CONTEXT_CHARS
from bot.wiring import Application
from tests.builders import NOON, an_article
from tests.services.river_library import ANNA, ARTICLES, BEN, QUESTION, an_app, hold, shown


def content(folder: Path) -> bytes:
    """Return the contents of the database's files."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("dateline.sqlite3*")))


def seen(excerpt: Citation) -> tuple[object, ...]:
    """Return the visible parts of an excerpt, and its score."""
    return (
        excerpt.article,
        excerpt.text,
        excerpt.matches,
        excerpt.paragraph,
        excerpt.receipt,
        excerpt.score,
    )


async def test_pages_show_all_that_was_found_once_and_in_order(app: Application) -> None:
    key, found = await shown(app)

    first = await app.services.shown_answers.load_page(key, 0, 2)
    second = await app.services.shown_answers.load_page(key, 2, 2)
    third = await app.services.shown_answers.load_page(key, 4, 2)

    excerpts = [*first.excerpts, *second.excerpts, *third.excerpts]
    assert [each.rank for each in excerpts] == [1, 2, 3, 4, 5, 6]
    assert [seen(each.excerpt) for each in excerpts] == [seen(each) for each in found]
    assert [first.next_offset, second.next_offset, third.next_offset] == [2, 4, None]


async def test_a_page_shows_the_answers_and_their_total(app: Application) -> None:
    key, _ = await shown(app, f"{QUESTION} in March 2026")

    page = await app.services.shown_answers.load_page(key, 3, 5)

    assert [each.is_answer for each in page.excerpts] == [True, True, False]
    assert (page.excerpt_count, page.passage_count, page.gone_count) == (6, 6, 0)
    assert [range_text(days) for days in page.dates] == ["March 2026"]


async def test_what_follows_on_an_abstention_answers_nothing(app: Application) -> None:
    key, found = await shown(app, "Who paints bridges and markets?")

    page = await app.services.shown_answers.load_page(key, 0, 30)

    assert len(page.excerpts) == len(found) > 0
    assert not any(each.is_answer for each in page.excerpts)


async def test_a_rank_beyond_the_end_is_of_no_button(app: Application) -> None:
    key, found = await shown(app)
    answers = app.services.shown_answers

    for loading in (
        answers.load_page(key, len(found), 3),
        answers.load_excerpt(key, len(found) + 1),
        answers.load_context(key, 999_999),
        answers.explain_score(key, 999_999),
    ):
        with pytest.raises(UnknownButton):
            await loading


async def test_the_same_page_can_be_shown_to_two_people(app: Application) -> None:
    key, _ = await shown(app)

    first = await app.services.shown_answers.load_page(key, 3, 3)

    assert await app.services.shown_answers.load_page(key, 3, 3) == first


async def test_why_adds_up_to_the_score_and_points_at_the_articles_own_words(
    app: Application,
) -> None:
    key, found = await shown(app, "RIVERS rise by metres in Erfurt")

    told = [
        await app.services.shown_answers.explain_score(key, rank)
        for rank in range(1, len(found) + 1)
    ]

    for each, excerpt in zip(told, found, strict=True):
        assert seen(each.excerpt) == seen(excerpt)
        assert each.shares
        shares = [*each.shares.terms.values(), *each.shares.features.values()]
        assert sum(shares) == pytest.approx(excerpt.score, rel=0, abs=1e-9)
        assert all(shares)
        words = {place.extract(excerpt.article.body) for place in each.shares.terms}
        assert {"river"} <= words <= {"river", "metres", "Erfurt", "erfurt"}


async def test_why_points_at_the_first_of_several_places_in_the_passage(app: Application) -> None:
    before = f"A comet was seen in the year before, {'and it was seen ' * 15}in all towns."
    passage = (
        f"That comet is old, {'and it is old ' * 35}as they say. "
        "A comet shone on Ulm, a comet of the old kind."
    )
    body = f"{before}\n\n{passage}"
    await hold(app, an_article(body, id="ulm"))
    key, (first, *_) = await shown(app, "comet Ulm")

    told = await app.services.shown_answers.explain_score(key, 1)

    assert first.text == "A comet shone on Ulm, a comet of the old kind."
    assert told.shares
    comet, ulm = told.shares.terms
    assert comet == Span(body.index("comet is old"), body.index(" is old"))
    assert ulm.extract(body) == "Ulm"


async def test_why_does_not_reveal_the_order_of_the_entered_words(app: Application) -> None:
    typed, turned = [await shown(app, text) for text in ("river metres rose", "rose metres river")]

    told = [await app.services.shown_answers.explain_score(key, 1) for key, _ in (typed, turned)]

    places = [list(each.shares.terms) for each in told if each.shares]
    assert places[0] == places[1] == sorted(places[0])


async def test_the_excerpts_of_a_page_can_be_verified(app: Application) -> None:
    key, found = await shown(app)
    before = await app.services.verify.verify(found[3].receipt)

    await app.services.shown_answers.load_page(key, 3, 1)

    after = await app.services.verify.verify(found[3].receipt)
    assert (before.status, after.status) == (ReceiptStatus.UNKNOWN, ReceiptStatus.IDENTICAL)


async def test_only_the_count_is_shown_of_an_article_withdrawn_meanwhile(
    app: Application,
) -> None:
    key, found = await shown(app)
    await app.services.library.withdraw(found[1].article.id, "Published in error.")

    page = await app.services.shown_answers.load_page(key, 0, 3)

    assert [each.rank for each in page.excerpts] == [1, 3]
    assert (page.gone_count, page.next_offset) == (1, 3)


async def test_an_article_that_came_back_is_not_taken_for_the_one_quoted(app: Application) -> None:
    key, found = await shown(app)
    await app.services.library.withdraw(found[0].article.id, "Published in error.")
    await hold(app, replace(found[0].article, body="Another text."))

    page = await app.services.shown_answers.load_page(key, 0, 1)

    assert (page.excerpts, page.gone_count) == ((), 1)


async def test_of_a_revised_article_the_text_that_was_found_is_shown(app: Application) -> None:
    key, found = await shown(app)
    await hold(app, replace(found[0].article, body="Another text."))

    page = await app.services.shown_answers.load_page(key, 0, 1)

    (only,) = page.excerpts
    assert seen(only.excerpt) == seen(found[0])


async def test_the_context_of_an_excerpt_is_the_paragraphs_around_it(app: Application) -> None:
    key, found = await shown(app)

    context = await app.services.shown_answers.load_context(key, 4)

    body = found[3].article.body
    assert seen(context.excerpt) == seen(found[3])
    assert [paragraph.number for paragraph in context.paragraphs] == [1, 2, 3]
    assert [paragraph.span.extract(body) for paragraph in context.paragraphs] == body.split("\n\n")


async def test_the_context_stays_within_its_budget(app: Application) -> None:
    filler = "\n\n".join(f"Filler number {number} " + "goes on " * 60 for number in range(20))
    await hold(app, an_article(f"{filler}\n\nThe dam broke.\n\n{filler}", id="dam"))
    key, _ = await shown(app, "dam broke")

    context = await app.services.shown_answers.load_context(key, 1)

    spans = [paragraph.span for paragraph in context.paragraphs]
    assert len(spans) > 2
    assert spans[-1].end - spans[0].start <= MAX_CONTEXT_CHARS


async def test_the_context_in_a_withdrawn_article_says_so(app: Application) -> None:
    key, found = await shown(app)
    await app.services.library.withdraw(found[0].article.id, "Published in error.")

    with pytest.raises(ArticleWithdrawn):
        await app.services.shown_answers.load_context(key, 1)


async def test_only_who_asked_is_the_asker(app: Application) -> None:
    key, _ = await shown(app)

    assert await app.services.shown_answers.is_asker(key, ANNA)
    assert not await app.services.shown_answers.is_asker(key, BEN)


@pytest.mark.parametrize("days", [7, 2])
async def test_an_answer_is_kept_for_the_days_of_the_settings(tmp_path: Path, days: int) -> None:
    async with an_app(tmp_path, DATELINE_DISCORD__ANSWER_DAYS=str(days)) as app:
        await hold(app, *ARTICLES.values())
        key, _ = await shown(app)

    last_moment = NOON + timedelta(days=days) - timedelta(microseconds=1)
    async with an_app(tmp_path, now=last_moment) as app:
        assert await app.services.privacy.purge_expired() == 0
        assert (await app.services.shown_answers.load_page(key, 0, 3)).excerpts

    async with an_app(tmp_path, now=NOON + timedelta(days=days)) as app:
        with pytest.raises(AnswerExpired):
            await app.services.shown_answers.load_page(key, 0, 3)
        assert await app.services.privacy.purge_expired() == 1


async def test_an_answer_that_is_not_kept_has_expired_for_everything(app: Application) -> None:
    key = generate_key()

    with pytest.raises(AnswerExpired):
        await app.services.shown_answers.load_page(key, 0, 3)
    with pytest.raises(AnswerExpired):
        await app.services.shown_answers.load_context(key, 1)
    with pytest.raises(AnswerExpired):
        await app.services.shown_answers.load_dates(key)
    with pytest.raises(AnswerExpired):
        await app.services.shown_answers.is_asker(key, ANNA)


async def test_neither_the_question_nor_anything_typed_is_kept(
    app: Application, tmp_path: Path
) -> None:
    typed = "Did zanzibar river rose metres quickly after xylophones in February 2026?"
    await shown(app, typed)

    kept = content(tmp_path)

    assert b"bremen" in kept
    assert b"zanzibar" not in kept
    assert b"xylophones" not in kept
