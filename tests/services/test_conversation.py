from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.dates.calendar import range_text
from bot.errors import (
    AnswerExpired,
    ArticleWithdrawn,
    BotError,
    EmojiOnly,
    EmptyQuery,
    EmptyQuestion,
    ForeignScript,
    MalformedReceipt,
    QuestionTooLong,
    QuestionTooShort,
    ReversedBounds,
    UnknownDate,
)
from bot.model.alert import Alert
from bot.model.article import Article
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym, generate_key
from bot.model.shown_answer import AnswerRetention
from bot.model.span import Span
from bot.model.vote import VoteCounts
from bot.retrieval.answering.abstention import ReasonCode
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.answering.receipts import ReceiptStatus
from bot.services.alerts import AlertDraft, AlertOwner
from bot.services.privacy import DeletionCounts, PersonalData
from bot.services.shown_answers import MAX_CONTEXT_CHARS
from bot.wiring import Application
from tests import builders
from tests.builders import NOON, an_article, ask
from tests.retrieval.builders import some_weights

ANNA = Pseudonym("a" * 32)
BEN = Pseudonym("b" * 32)
QUESTION = "river rose metres"
TOLD = {
    "bremen": "In Bremen the river rose by two metres while markets stayed open all night.",
    "cologne": "Ferries stopped at Cologne, where the river rose several metres within hours.",
    "dresden": "Museum guards carried paintings upstairs: the river rose nine metres near Dresden.",
    "erfurt": "Nobody in Erfurt remembers a spring when this river rose four metres.",
    "fulda": "Since Monday, said the mayor of Fulda, their river rose by three metres.",
    "near": "A river is a river and nothing else here matters.",
}
ARTICLES = {
    name: an_article(f"Rain fell on {name}.\n\n{body}\n\nThen it was dry.", id=name)
    for name, body in TOLD.items()
}

an_app = partial(builders.an_app, weights=some_weights())


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        await hold(app, *ARTICLES.values())
        yield app


async def hold(app: Application, *articles: Article) -> None:
    await app.articles.put(articles, NOON)
    await app.index.refresh()


async def shown(app: Application, question: str = QUESTION) -> tuple[str, tuple[Excerpt, ...]]:
    """The key of an answer that was shown, and all that was found for it, by rank."""
    answer = await ask(app, question)
    key = await app.services.shown_answers.store(answer, ANNA)
    return key, (*answer.excerpts, *answer.closest_excerpts, *answer.further_excerpts)


async def with_alert(app: Application, person: Pseudonym) -> Alert:
    """An alert of the person's own."""
    draft = AlertDraft(
        owner=AlertOwner(person=person), channel=None, query_text="river", quiet_hours=None
    )
    return await app.services.alerts.add(draft, "77")


def content(folder: Path) -> bytes:
    """All that is in the database's files."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("dateline.sqlite3*")))


def seen(excerpt: Citation) -> tuple[object, ...]:
    """What a person sees of an excerpt, and its score."""
    return (
        excerpt.article,
        excerpt.text,
        excerpt.matches,
        excerpt.paragraph,
        excerpt.receipt,
        excerpt.score,
    )


async def test_a_question_typed_is_answered(app: Application) -> None:
    answer = await ask(app, f"  {QUESTION}\n")

    assert answer.is_answered
    assert len(answer.excerpts) == 3


async def test_bounds_are_taken_as_they_are_typed(app: Application) -> None:
    answer = await ask(app, QUESTION, after="1 March", before="2026-03-02", source="the courier")
    other = await ask(app, QUESTION, source="The Herald")

    assert answer.is_answered
    assert [reason.code for reason in other.reasons] == [ReasonCode.OUT_OF_BOUNDS]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", EmptyQuestion),
        ("🙂🙂", EmojiOnly),
        ("x", QuestionTooShort),
        ("x" * 301, QuestionTooLong),
        ("what is it?", EmptyQuery),
        ("кто подписал договор?", ForeignScript),
        ("谁签署了协议", ForeignScript),
        ("по-русски", ForeignScript),
    ],
)
async def test_what_can_not_be_asked_is_refused_with_its_own_error(
    app: Application, typed: str, error: type[BotError]
) -> None:
    with pytest.raises(error):
        await ask(app, typed)


async def test_wrong_dates_are_refused(app: Application) -> None:
    with pytest.raises(UnknownDate):
        await ask(app, QUESTION, after="sometime")
    with pytest.raises(ReversedBounds):
        await ask(app, QUESTION, after="2 March", before="1 March")


async def test_a_foreign_script_is_answered_where_an_article_holds_a_word_of_it(
    app: Application,
) -> None:
    await hold(app, an_article("Вот договор.", id="wall"))

    answer = await ask(app, "договор")

    assert answer.is_answered


async def test_a_foreign_script_with_a_known_name_in_it_is_no_error(app: Application) -> None:
    answer = await ask(app, "кто подписал договор в Bremen")

    assert not answer.is_answered


async def test_latin_words_that_no_article_holds_are_a_reason_and_no_error(
    app: Application,
) -> None:
    answer = await ask(app, "zanzibar xylophones")

    assert [reason.code for reason in answer.reasons] == [ReasonCode.UNKNOWN_WORDS]


async def test_an_empty_library_says_so_whatever_the_script(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        answer = await ask(app, "кто подписал договор?")

    assert [reason.code for reason in answer.reasons] == [ReasonCode.NO_ARTICLES]


FEBRUARY = DayRange(first=date(2026, 2, 1), last=date(2026, 2, 28))


def days_of(answer: Answer) -> list[DayRange]:
    return [mention.days for mention in answer.query.dates]


async def test_a_question_that_follows_up_keeps_the_dates_where_it_names_none(
    app: Application,
) -> None:
    answer = await ask(app, QUESTION, dates=[FEBRUARY])

    assert days_of(answer) == [FEBRUARY]


async def test_a_question_that_names_dates_keeps_no_others(app: Application) -> None:
    answer = await ask(app, f"{QUESTION} on 2 March 2026", dates=[FEBRUARY])

    assert days_of(answer) == [DayRange(first=date(2026, 3, 2), last=date(2026, 3, 2))]


async def test_the_dates_of_an_answer_can_be_kept(app: Application) -> None:
    key, _ = await shown(app, f"{QUESTION} in February 2026")

    assert await app.services.shown_answers.load_dates(key) == (FEBRUARY,)


async def test_pages_show_all_that_was_found_once_and_in_order(app: Application) -> None:
    key, found = await shown(app)

    first = await app.services.shown_answers.load_page(key, 0, 2)
    second = await app.services.shown_answers.load_page(key, 2, 2)
    third = await app.services.shown_answers.load_page(key, 4, 2)

    excerpts = [*first.excerpts, *second.excerpts, *third.excerpts]
    assert [each.rank for each in excerpts] == [1, 2, 3, 4, 5, 6]
    assert [seen(each.excerpt) for each in excerpts] == [seen(each) for each in found]
    assert [first.next_offset, second.next_offset, third.next_offset] == [2, 4, None]


async def test_a_page_tells_what_answers_and_how_much_there_is(app: Application) -> None:
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


async def test_a_page_beyond_the_end_is_empty(app: Application) -> None:
    key, _ = await shown(app)

    page = await app.services.shown_answers.load_page(key, 6, 3)

    assert (page.excerpts, page.next_offset) == ((), None)


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


async def test_why_keeps_nothing_of_the_order_in_which_words_were_typed(app: Application) -> None:
    typed, turned = [await shown(app, text) for text in ("river metres rose", "rose metres river")]

    told = [await app.services.shown_answers.explain_score(key, 1) for key, _ in (typed, turned)]

    places = [list(each.shares.terms) for each in told if each.shares]
    assert places[0] == places[1] == sorted(places[0])


async def test_what_a_page_shows_can_be_verified(app: Application) -> None:
    key, found = await shown(app)
    before = await app.services.verify.verify(found[3].receipt)

    await app.services.shown_answers.load_page(key, 3, 1)

    after = await app.services.verify.verify(found[3].receipt)
    assert (before.status, after.status) == (ReceiptStatus.UNKNOWN, ReceiptStatus.IDENTICAL)


async def test_of_an_article_taken_back_meanwhile_nothing_is_shown_but_the_count(
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


async def test_the_context_in_an_article_taken_back_says_so(app: Application) -> None:
    key, found = await shown(app)
    await app.services.library.withdraw(found[0].article.id, "Published in error.")

    with pytest.raises(ArticleWithdrawn):
        await app.services.shown_answers.load_context(key, 1)


async def test_one_votes_on_an_excerpt_and_takes_it_back(app: Application) -> None:
    _, found = await shown(app)
    receipt = found[0].receipt

    await app.services.votes.vote(receipt, BEN, up=False)
    first = await app.services.votes.vote(receipt, ANNA, up=True)
    changed = await app.services.votes.vote(receipt, ANNA, up=False)
    again = await app.services.votes.vote(receipt, ANNA, up=False)

    assert (first.own_vote, first.votes) == (True, VoteCounts(up=1, down=1))
    assert (changed.own_vote, changed.votes) == (False, VoteCounts(up=0, down=2))
    assert (again.own_vote, again.votes) == (None, VoteCounts(up=0, down=1))


async def test_the_receipt_of_an_excerpt_shown_later_takes_votes(app: Application) -> None:
    key, _ = await shown(app)
    await app.services.shown_answers.load_page(key, 3, 3)

    receipt = (await app.services.shown_answers.load_excerpt(key, 6)).receipt
    voted = await app.services.votes.vote(receipt, ANNA, up=True)

    assert voted.votes == VoteCounts(up=1, down=0)


async def test_a_vote_on_what_is_no_receipt_is_refused(app: Application) -> None:
    with pytest.raises(MalformedReceipt):
        await app.services.votes.vote("none", ANNA, up=True)


async def test_only_who_asked_is_the_asker(app: Application) -> None:
    key, _ = await shown(app)

    assert await app.services.shown_answers.is_asker(key, ANNA)
    assert not await app.services.shown_answers.is_asker(key, BEN)


async def test_what_is_kept_of_a_person_is_counted(app: Application) -> None:
    _, found = await shown(app)
    await shown(app)
    await app.services.votes.vote(found[0].receipt, ANNA, up=True)

    alert = await with_alert(app, ANNA)

    kept = await app.services.privacy.load_personal_data(ANNA)

    days = timedelta(days=app.settings.discord.answer_days)
    assert kept == PersonalData(
        answers=AnswerRetention(count=2, expires_at=NOON + days), votes=1, alerts=(alert,)
    )
    assert await app.services.privacy.load_personal_data(BEN) == PersonalData(
        answers=AnswerRetention(count=0, expires_at=None), votes=0
    )


@pytest.mark.parametrize("days", [30, 0])
async def test_a_server_is_forgotten_so_many_days_after_it_was_left_as_the_settings_say(
    tmp_path: Path, days: int
) -> None:
    opened = partial(an_app, tmp_path, DATELINE_PRIVACY__LEFT_SERVER_DAYS=str(days))
    async with opened() as app:
        await app.guilds.change("1", lambda before: replace(before, visible=False))
        await app.guilds.update_presence(lambda _: False, NOON)

    async with opened(now=NOON + timedelta(days=days, microseconds=-1)) as app:
        early = await app.services.privacy.purge_left_guilds(lambda _: False)
    async with opened(now=NOON + timedelta(days=days)) as app:
        due = await app.services.privacy.purge_left_guilds(lambda _: False)

    assert (early, due) == (0, 1)


async def test_a_server_to_which_the_bot_came_back_is_not_forgotten(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        await app.guilds.change("1", lambda before: replace(before, visible=False))
        await app.guilds.update_presence(lambda _: False, NOON)
    async with an_app(tmp_path, now=NOON + timedelta(days=400)) as app:
        forgotten = await app.services.privacy.purge_left_guilds(lambda guild: guild == "1")
        kept = await app.guilds.get_overrides("1")

    assert forgotten == 0
    assert kept.visible is False


async def test_a_person_can_be_forgotten(app: Application) -> None:
    key, found = await shown(app)
    await app.services.votes.vote(found[0].receipt, ANNA, up=True)
    await with_alert(app, ANNA)
    await with_alert(app, BEN)

    forgotten = await app.services.privacy.delete_personal_data(ANNA)

    assert forgotten == DeletionCounts(answers=1, votes=1, alerts=1)
    assert await app.answers.find(key, NOON) is None
    assert await app.votes.count_by_receipt(found[0].receipt) == VoteCounts(up=0, down=0)
    assert [alert.person for alert in await app.alerts.find_active()] == [BEN]


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
