from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.model.activity import ActivityState
from bot.model.alert import Alert, AlertClaim, AlertKey, MessageKey, QuietHours
from bot.model.article import ArticleId
from bot.model.delivery import DeliveryOutcome, DeliveryState
from bot.model.ids import Pseudonym
from bot.store.alerts import AlertStore
from bot.store.articles import ArticleStore
from bot.store.database import Database
from bot.store.guilds import GuildStore
from tests.builders import NOON, an_article

ANNA, BEN = Pseudonym("a" * 32), Pseudonym("b" * 32)
HARBOUR = "1191168914227200000"
HOUR = timedelta(hours=1)
QUIET = QuietHours(start=time(22), end=time(7, 30), zone="Europe/Berlin")
FLOOD, STORM = ArticleId("flood"), ArticleId("storm")


def an_alert(key: str = "own", **changed: object) -> Alert:
    """Build an alert of anna's own, with the given changes."""
    alert = Alert(
        key=AlertKey(key),
        guild=None,
        person=ANNA,
        channel="77",
        query_text="river -ferry",
        quiet_hours=None,
        begins_at=NOON,
    )
    return replace(alert, **changed)  # type: ignore[arg-type]


POSTED = DeliveryOutcome(state=DeliveryState.POSTED, settled_at=NOON, message_id="501")
OWN = an_alert()
OF_SERVER = an_alert("server", guild=HARBOUR, person=None, channel="42", quiet_hours=QUIET)


def a_claim(alert: Alert = OWN, key: str = "first", at: datetime = NOON) -> AlertClaim:
    return AlertClaim(key=MessageKey(key), alert=alert, claimed_at=at, after_message_id="500")


@pytest.fixture
def store(database: Database) -> AlertStore:
    return AlertStore(database)


async def added(store: AlertStore, *alerts: Alert) -> None:
    for alert in alerts:
        assert await store.add(alert, limit=100)


async def claimed(store: AlertStore, claim: AlertClaim, *articles: ArticleId) -> bool:
    await store.add_matches({claim.alert.key: articles})
    return await store.claim(claim, HOUR)


async def test_an_added_alert_is_read_back_unchanged(store: AlertStore) -> None:
    await added(store, OWN, OF_SERVER)

    assert await store.find("own") == OWN
    assert await store.find("server") == OF_SERVER
    assert await store.find("other") is None


async def test_alerts_are_listed_by_owner_in_the_order_of_addition(
    store: AlertStore,
) -> None:
    later = an_alert("b", begins_at=NOON - HOUR)
    await added(store, OWN, OF_SERVER, later, an_alert("c", person=BEN))

    assert await store.find_by_person(ANNA) == (OWN, later)
    assert await store.find_by_guild(HARBOUR) == (OF_SERVER,)
    assert [alert.key for alert in await store.find_active()] == ["own", "server", "b", "c"]


async def test_no_more_are_kept_than_an_owner_may_have(store: AlertStore) -> None:
    await added(store, OWN, OF_SERVER, an_alert("c", person=BEN))

    second = await store.add(an_alert("d"), limit=2)
    third = await store.add(an_alert("e"), limit=2)
    of_server = await store.add(replace(OF_SERVER, key=AlertKey("f")), limit=1)

    assert (second, third, of_server) == (True, False, False)
    assert await store.find("e") is None


@pytest.mark.parametrize("owners", [(None, None), (HARBOUR, ANNA)], ids=["nobody's", "of two"])
def test_an_alert_has_one_owner(owners: tuple[str | None, Pseudonym | None]) -> None:
    guild, person = owners

    with pytest.raises(ValueError, match="does not have exactly one owner"):
        an_alert(guild=guild, person=person)


def test_quiet_hours_end() -> None:
    with pytest.raises(ValueError, match="never end"):
        replace(QUIET, end=QUIET.start)


async def test_a_paused_alert_reports_nothing_until_it_is_resumed(store: AlertStore) -> None:
    await added(store, OWN)
    await store.add_matches({OWN.key: [FLOOD]})

    await store.pause(OWN.key)
    paused = await store.find("own")
    waiting = await store.find_pending(NOON, HOUR)
    is_claimed = await store.claim(a_claim(), HOUR)
    await store.add_matches({OWN.key: [STORM]})
    await store.resume(OWN.key, NOON + HOUR)

    assert paused == replace(OWN, state=ActivityState.PAUSED)
    assert (waiting, is_claimed) == ((), False)
    assert await store.find("own") == replace(OWN, begins_at=NOON + HOUR)
    assert await known(store, OWN.key) == set()


async def test_resuming_an_active_alert_keeps_its_pending_matches(store: AlertStore) -> None:
    await added(store, OWN)
    await store.add_matches({OWN.key: [FLOOD]})

    await store.resume(OWN.key, NOON + HOUR)

    assert await store.find("own") == OWN
    assert await known(store, OWN.key) == {FLOOD}


async def test_trouble_pauses_once_with_its_reason(store: AlertStore) -> None:
    await added(store, OWN)

    first = await store.suspend(OWN, "It is gone.")
    second = await store.suspend(OWN, "It is closed.")
    troubled = await store.find("own")
    await store.resume(OWN.key, NOON)

    assert (first, second) == (True, False)
    assert troubled == replace(OWN, state=ActivityState.SUSPENDED, suspension_reason="It is gone.")
    assert await store.find("own") == OWN


async def test_trouble_leaves_an_alert_that_was_paused_or_resumed_meanwhile(
    store: AlertStore,
) -> None:
    await added(store, OWN)

    await store.pause(OWN.key)
    while_paused = await store.suspend(OWN, "It is gone.")
    paused = await store.find("own")
    await store.resume(OWN.key, NOON + HOUR)
    once_resumed = await store.suspend(OWN, "It is gone.")

    assert (while_paused, once_resumed) == (False, False)
    assert paused == replace(OWN, state=ActivityState.PAUSED)
    assert await store.find("own") == replace(OWN, begins_at=NOON + HOUR)


async def test_an_alert_is_read_though_its_zone_is_known_no_longer(store: AlertStore) -> None:
    lost = replace(OF_SERVER, quiet_hours=replace(QUIET, zone="Europe/Atlantis"))
    await added(store, lost)

    assert await store.find_by_guild(HARBOUR) == await store.find_active() == (lost,)


async def test_pausing_and_resuming_changes_the_change_token(store: AlertStore) -> None:
    stands = [await store.get_change_token()]
    await added(store, OWN)
    stands.append(await store.get_change_token())
    await store.pause(OWN.key)
    await store.resume(OWN.key, NOON + HOUR)
    stands.append(await store.get_change_token())

    assert len(set(stands)) == 3


async def test_an_article_is_noted_and_taken_once(store: AlertStore, database: Database) -> None:
    await added(store, OWN)
    await ArticleStore(database).put([an_article(id="flood"), an_article(id="storm")], NOON)
    first = await claimed(store, a_claim(), FLOOD)
    await store.record(a_claim(), POSTED)

    second = await claimed(store, a_claim(key="second", at=NOON + HOUR), FLOOD, STORM)

    assert (first, second) == (True, True)
    assert await store.get_article_ids(MessageKey("first"), NOON.date()) == (FLOOD,)
    assert await store.get_article_ids(MessageKey("second"), NOON.date()) == (STORM,)
    assert await known(store, OWN.key) == {FLOOD, STORM}


async def test_the_newest_articles_of_a_message_come_first_and_those_taken_back_not_at_all(
    store: AlertStore, database: Database
) -> None:
    days = {"old": 1, "b": 3, "a": 3, "gone": 2}
    articles = [an_article(id=name, published_on=date(2026, 3, day)) for name, day in days.items()]
    await ArticleStore(database).put(articles, NOON)
    await added(store, OWN)

    await claimed(store, a_claim(), *(article.id for article in articles))
    await ArticleStore(database).withdraw(ArticleId("gone"), "Wrong.", NOON)

    assert await store.get_article_ids(MessageKey("first"), date(2026, 3, 3)) == ("a", "b", "old")
    assert await store.get_article_ids(MessageKey("first"), date(2026, 3, 2)) == ("old",)


async def test_nothing_is_claimed_where_nothing_waits(store: AlertStore) -> None:
    await added(store, OWN)

    assert not await store.claim(a_claim(), HOUR)
    assert await store.find_open_claims() == ()


@pytest.mark.parametrize(
    ("later", "may"),
    [
        (timedelta(minutes=59), False),
        (timedelta(hours=1), True),
        (timedelta(minutes=-59), False),
        (timedelta(hours=-1), True),
    ],
    ids=["too early", "after an hour", "clock set back", "clock set far back"],
)
async def test_an_alert_rests_for_an_hour_after_each_message(
    store: AlertStore,
    later: timedelta,
    may: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    await added(store, OWN)
    await claimed(store, a_claim(), FLOOD)
    await store.record(a_claim(), POSTED)
    await store.add_matches({OWN.key: [STORM]})

    waiting = await store.find_pending(NOON + later, HOUR)
    is_claimed = await store.claim(a_claim(key="second", at=NOON + later), HOUR)

    assert waiting == ((OWN,) if may else ())
    assert is_claimed is may


async def test_nothing_more_is_claimed_while_a_message_is_open(store: AlertStore) -> None:
    await added(store, OWN)
    await claimed(store, a_claim(), FLOOD)

    again = await claimed(store, a_claim(key="second", at=NOON + 9 * HOUR), STORM)

    assert not again
    assert await store.find_open_claims() == (a_claim(),)


async def test_a_claim_is_taken_over_once(store: AlertStore) -> None:
    await added(store, OWN)
    await claimed(store, a_claim(), FLOOD)
    later = NOON + timedelta(minutes=1)

    first = await store.renew(a_claim(), later)
    second = await store.renew(a_claim(), later)

    assert (first, second) == (a_claim(at=later), None)
    assert await store.find_open_claims() == (a_claim(at=later),)


@pytest.mark.parametrize(
    "state", [DeliveryState.EMPTY, DeliveryState.UNCERTAIN, DeliveryState.FAILED]
)
async def test_a_message_that_is_settled_stays_as_it_is(
    store: AlertStore, database: Database, state: DeliveryState
) -> None:
    await added(store, OWN)
    await claimed(store, a_claim(), FLOOD)

    settled = await store.record(a_claim(), DeliveryOutcome(state=state, settled_at=NOON))
    late = await store.record(a_claim(), POSTED)
    renewed = await store.renew(a_claim(), NOON)

    assert await database.fetch("SELECT state FROM alert_messages") == [(state,)]
    assert await store.find_open_claims() == ()
    assert (settled, late, renewed) == (True, False, None)


async def test_a_key_names_one_message(store: AlertStore) -> None:
    await added(store, OWN, OF_SERVER)
    await claimed(store, a_claim(), FLOOD)

    with pytest.raises(StoreError):
        await claimed(store, a_claim(OF_SERVER), FLOOD)

    assert await store.find_by_message("first") == OWN
    assert await store.find_by_message("second") is None


async def test_nothing_is_noted_for_an_alert_that_was_removed(store: AlertStore) -> None:
    await store.add_matches({OWN.key: [FLOOD]})

    assert await known(store, OWN.key) == set()


async def test_nothing_is_left_of_an_alert_that_was_removed(
    store: AlertStore, database: Database, path: Path
) -> None:
    await added(store, OWN, OF_SERVER)
    await claimed(store, a_claim(), FLOOD)

    first, second = await store.remove(OWN.key), await store.remove(OWN.key)

    assert (first, second) == (True, False)
    assert await store.find_by_guild(HARBOUR) == (OF_SERVER,)
    assert await rows(database) == {"alerts": 1, "alert_messages": 0, "alert_articles": 0}
    assert b"a" * 32 not in b"".join(each.read_bytes() for each in path.parent.iterdir())


async def test_a_person_s_own_alerts_are_deleted_and_no_others(
    store: AlertStore, database: Database
) -> None:
    await added(store, OWN, OF_SERVER, an_alert("b", person=BEN))
    await claimed(store, a_claim(), FLOOD)

    deleted = await store.delete_by_person(ANNA)

    assert deleted == 1
    assert await rows(database) == {"alerts": 2, "alert_messages": 0, "alert_articles": 0}


async def test_a_server_that_is_forgotten_leaves_no_alert(
    store: AlertStore, database: Database
) -> None:
    await added(store, OWN, OF_SERVER)
    await claimed(store, a_claim(OF_SERVER), FLOOD)

    await GuildStore(database).forget(HARBOUR)

    assert await store.find_active() == (OWN,)
    assert await rows(database) == {"alerts": 1, "alert_messages": 0, "alert_articles": 0}


async def known(store: AlertStore, key: AlertKey) -> set[str]:
    """Return all articles that an alert has matched, reported or not."""
    sql = "SELECT article_id FROM alert_articles WHERE alert = ?"
    return {each for (each,) in await store._database.fetch(sql, (key,))}  # noqa: SLF001 - nobody else asks


async def rows(database: Database) -> dict[str, int]:
    tables = ("alerts", "alert_messages", "alert_articles")
    counts = {table: await database.fetch(f"SELECT count(*) FROM {table}") for table in tables}  # noqa: S608
    return {table: count for table, ((count,),) in counts.items()}
