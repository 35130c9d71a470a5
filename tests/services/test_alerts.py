from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.digest.alert_rules import AlertFrequency
from bot.errors import EmptyQuery, PreviewExpired, TooManyAlerts, UnknownAlert
from bot.model.ids import Pseudonym
from bot.services.alerts import DRAFT_LIFETIME, MAX_DRAFTS, AlertDraft, AlertDrafts, AlertOwner
from bot.wiring import Application
from tests.builders import NOON, PUBLISHED_ON, an_app, an_article

ANNA, BEN = Pseudonym("a" * 32), Pseudonym("b" * 32)
HARBOUR = "1191168914227200000"
OWN = AlertOwner(person=ANNA)
OF_SERVER = AlertOwner(person=ANNA, guild=HARBOUR)


def a_draft(typed: str = "river", owner: AlertOwner = OWN) -> AlertDraft:
    channel = "42" if owner.guild else None
    return AlertDraft(owner=owner, channel=channel, query_text=typed, quiet_hours=None)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        days = [0, 0, 5, 28, 29]
        articles = [
            an_article(
                "The river rose in a follow-up.",
                id=f"n{number}",
                published_on=PUBLISHED_ON - timedelta(days=day),
            )
            for number, day in enumerate(days)
        ]
        await app.articles.put(articles, NOON)
        await app.index.refresh()
        yield app


async def test_a_preview_counts_the_articles_of_thirty_days_and_the_days(
    app: Application,
) -> None:
    drafts = AlertDrafts()

    preview = await app.services.alerts.preview(drafts, a_draft())

    assert preview.frequency == AlertFrequency(article_count=4, day_count=3)
    assert preview.unknown_words == ()
    assert drafts.find(preview.key, ANNA, NOON) == a_draft()


async def test_a_preview_names_the_words_that_no_article_holds_and_no_forms_of_them(
    app: Application,
) -> None:
    preview = await app.services.alerts.preview(AlertDrafts(), a_draft("zeppelins river up-follow"))

    assert preview.unknown_words == ("zeppelins",)


async def test_nothing_is_previewed_that_can_not_be_added(app: Application) -> None:
    drafts = AlertDrafts()
    with pytest.raises(EmptyQuery):
        await app.services.alerts.preview(drafts, a_draft("the"))
    for _ in range(OWN.max_alerts):
        await app.services.alerts.add(a_draft(), "77")

    with pytest.raises(TooManyAlerts):
        await app.services.alerts.preview(drafts, a_draft())
    with pytest.raises(TooManyAlerts):
        await app.services.alerts.add(a_draft(), "77")
    of_server = await app.services.alerts.preview(drafts, a_draft(owner=OF_SERVER))

    assert drafts.find(of_server.key, ANNA, NOON).owner == OF_SERVER


def test_the_first_of_too_many_drafts_is_forgotten() -> None:
    drafts = AlertDrafts()

    keys = [drafts.add(a_draft(str(number)), NOON) for number in range(MAX_DRAFTS + 1)]

    assert drafts.find(keys[-1], ANNA, NOON).query_text == str(MAX_DRAFTS)
    assert drafts.find(keys[1], ANNA, NOON).query_text == "1"
    with pytest.raises(PreviewExpired):
        drafts.find(keys[0], ANNA, NOON)


def test_a_draft_is_found_for_a_while_and_by_its_person_alone() -> None:
    drafts = AlertDrafts()
    key = drafts.add(a_draft(), NOON)
    end = NOON + DRAFT_LIFETIME

    assert drafts.find(key, ANNA, end - timedelta(seconds=1)) == a_draft()
    for person, now in ((BEN, NOON), (ANNA, end), (ANNA, NOON)):
        with pytest.raises(PreviewExpired):
            drafts.find(key, person, now)


def test_a_draft_is_added_once_and_by_one_press_at_a_time() -> None:
    drafts = AlertDrafts()
    key = drafts.add(a_draft(), NOON)

    with drafts.confirm(key, ANNA, NOON) as draft, pytest.raises(PreviewExpired):
        drafts.find(key, ANNA, NOON)

    assert draft == a_draft()
    with pytest.raises(PreviewExpired):
        drafts.find(key, ANNA, NOON)


def test_a_draft_that_could_not_be_added_is_kept() -> None:
    drafts = AlertDrafts()
    key = drafts.add(a_draft(), NOON)

    with pytest.raises(TooManyAlerts), drafts.confirm(key, ANNA, NOON):
        raise OWN.build_limit_error()

    assert drafts.find(key, ANNA, NOON) == a_draft()


def test_the_drafts_of_a_person_are_forgotten_those_for_a_server_too() -> None:
    drafts = AlertDrafts()
    own, of_server = drafts.add(a_draft(), NOON), drafts.add(a_draft(owner=OF_SERVER), NOON)
    of_ben = drafts.add(a_draft(owner=AlertOwner(person=BEN)), NOON)

    with drafts.confirm(own, ANNA, NOON):
        drafts.forget_person(ANNA)

    assert drafts.find(of_ben, BEN, NOON).owner.person == BEN
    for key in (own, of_server):
        with pytest.raises(PreviewExpired):
            drafts.find(key, ANNA, NOON)


async def test_an_alert_is_a_server_s_or_else_a_person_s(app: Application) -> None:
    own = await app.services.alerts.add(a_draft(), "77")
    of_server = await app.services.alerts.add(a_draft(owner=OF_SERVER), "42")

    assert (own.person, own.guild, own.begins_at) == (ANNA, None, NOON)
    assert (of_server.person, of_server.guild, of_server.channel) == (None, HARBOUR, "42")
    assert await app.services.alerts.list_manageable(ANNA, HARBOUR) == (own, of_server)
    assert await app.services.alerts.list_manageable(ANNA, None) == (own,)
    assert await app.services.alerts.list_manageable(BEN, None) == ()


async def test_an_alert_is_chosen_by_its_key_or_by_terms_that_no_other_has(
    app: Application,
) -> None:
    river = await app.services.alerts.add(a_draft("The  River"), "77")
    await app.services.alerts.add(a_draft("storm"), "77")
    second = await app.services.alerts.add(a_draft("storm"), "77")

    assert await app.services.alerts.get(f" {second.key} ", ANNA, None) == second
    assert await app.services.alerts.get("the river ", ANNA, None) == river
    for text in ("storm", "river", ""):
        with pytest.raises(UnknownAlert):
            await app.services.alerts.get(text, ANNA, None)
    with pytest.raises(UnknownAlert):
        await app.services.alerts.get(river.key, BEN, HARBOUR)
