from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import MalformedReceipt
from bot.model.article import Article
from bot.retrieval.answering.receipts import ReceiptStatus, Verification
from bot.wiring import Application
from tests.builders import NOON
from tests.services.flood_library import FLOOD, answer_to
from tests.services.river_library import an_app


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        yield app


async def receipt_for(app: Application, article: Article) -> str:
    """Show the article's excerpt and return its receipt."""
    await app.articles.put([article], NOON)
    (excerpt,) = (await answer_to(app, "river rose metres")).excerpts
    return excerpt.receipt


async def verified_after(app: Application, changed: Article) -> Verification:
    receipt = await receipt_for(app, FLOOD)
    await app.articles.put([changed], NOON)
    return await app.services.verify.verify(receipt)


async def test_a_quote_still_in_its_place_is_identical(app: Application) -> None:
    receipt = await receipt_for(app, FLOOD)

    verification = await app.services.verify.verify(receipt)

    assert verification.status is ReceiptStatus.IDENTICAL
    assert verification.quoted == FLOOD
    assert verification.span
    assert verification.span.extract(FLOOD.body) == "The river rose by two metres."


async def test_a_receipt_is_taken_with_capitals_and_space_around_it(app: Application) -> None:
    receipt = await receipt_for(app, FLOOD)

    verification = await app.services.verify.verify(f" {receipt.upper()}\n")

    assert verification.status is ReceiptStatus.IDENTICAL


async def test_a_quote_found_elsewhere_in_the_article_has_moved(app: Application) -> None:
    moved = replace(FLOOD, body=f"No rain.\n\n{FLOOD.body}")

    verification = await verified_after(app, moved)

    assert verification.status is ReceiptStatus.MOVED
    assert verification.current_span
    assert verification.current_span.extract(moved.body) == "The river rose by two metres."


async def test_a_rewritten_quote_is_revised_and_both_texts_are_shown(
    app: Application,
) -> None:
    verification = await verified_after(app, replace(FLOOD, body="The river fell."))

    assert verification.status is ReceiptStatus.REVISED
    assert verification.quoted == FLOOD
    assert verification.current == replace(FLOOD, body="The river fell.", revision=2)


async def test_a_quote_of_a_removed_article_is_withdrawn_with_day_and_reason(
    app: Application,
) -> None:
    receipt = await receipt_for(app, FLOOD)
    await app.services.library.withdraw(FLOOD.id, "Published in error.")

    verification = await app.services.verify.verify(receipt)

    assert verification.status is ReceiptStatus.WITHDRAWN
    assert verification.withdrawn_at == NOON
    assert verification.reason == "Published in error."


async def test_the_day_of_a_withdrawal_is_that_of_the_settings_zone(tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    async with an_app(tmp_path, now=late, DATELINE_DATES__ZONE="Europe/Berlin") as app:
        receipt = await receipt_for(app, FLOOD)
        await app.services.library.withdraw(FLOOD.id, "Published in error.")

        verification = await app.services.verify.verify(receipt)

    assert verification.withdrawn_at
    assert verification.withdrawn_at.date() == date(2026, 3, 4)


async def test_the_day_of_a_revision_is_that_of_the_zone_asked_for(tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    async with an_app(tmp_path, now=late) as app:
        receipt = await receipt_for(app, FLOOD)
        await app.articles.put([replace(FLOOD, body="The river fell.")], late)

        verification = await app.services.verify.verify(receipt, ZoneInfo("Europe/Berlin"))

    assert verification.revised_at
    assert verification.revised_at.date() == date(2026, 3, 4)


async def test_a_quote_of_an_article_that_is_as_it_was_has_no_day_of_a_revision(
    app: Application,
) -> None:
    verification = await app.services.verify.verify(await receipt_for(app, FLOOD))

    assert verification.revised_at is None


async def test_a_revision_that_is_dated_later_is_hidden_from_who_verifies(
    app: Application,
) -> None:
    later = replace(FLOOD, body="The river fell.", published_on=date(2026, 3, 4))

    verification = await verified_after(app, later)

    assert verification.status is ReceiptStatus.IDENTICAL
    assert verification.current == FLOOD


async def test_an_article_brought_back_with_a_later_date_is_hidden_from_who_verifies(
    app: Application,
) -> None:
    receipt = await receipt_for(app, FLOOD)
    await app.services.library.withdraw(FLOOD.id, "A mistake.")
    later = replace(FLOOD, body="The river fell.", published_on=date(2026, 3, 4))
    await app.articles.put([later], NOON)

    verification = await app.services.verify.verify(receipt)

    assert verification.status is ReceiptStatus.WITHDRAWN
    assert verification.current is None


async def test_a_receipt_never_shown_is_unknown(app: Application) -> None:
    verification = await app.services.verify.verify("0123456789abcdef")

    assert verification.status is ReceiptStatus.UNKNOWN


async def test_text_that_is_no_receipt_is_refused(app: Application) -> None:
    with pytest.raises(MalformedReceipt):
        await app.services.verify.verify("0123")


async def test_an_article_removed_and_brought_back_identical_verifies(app: Application) -> None:
    receipt = await receipt_for(app, FLOOD)
    await app.services.library.withdraw(FLOOD.id, "A mistake.")
    await app.articles.put([FLOOD], NOON)

    verification = await app.services.verify.verify(receipt)

    assert verification.status is ReceiptStatus.IDENTICAL
    assert verification.quoted == replace(FLOOD, revision=2)


async def test_an_article_removed_and_brought_back_otherwise_stays_withdrawn(
    app: Application,
) -> None:
    receipt = await receipt_for(app, FLOOD)
    await app.services.library.withdraw(FLOOD.id, "A mistake.")
    await app.articles.put([replace(FLOOD, body="The river fell.")], NOON)

    verification = await app.services.verify.verify(receipt)

    assert (verification.status, verification.reason) == (ReceiptStatus.WITHDRAWN, "A mistake.")


async def test_a_quote_shown_as_nearest_can_be_verified_too(app: Application) -> None:
    await app.articles.put([FLOOD], NOON)
    answer = await answer_to(app, "Which minister paid for the river boats in Lisbon?")

    (excerpt,) = answer.closest_excerpts

    assert (await app.services.verify.verify(excerpt.receipt)).status is ReceiptStatus.IDENTICAL
