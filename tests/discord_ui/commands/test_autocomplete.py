from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.local_discord.rest.payload_problems import find_autocomplete_problems
from bot.presentation.truncation import count_utf16_units
from tests.builders import NOON, PUBLISHED_ON, an_article
from tests.discord_ui.conftest import Place

ARABIC = "ارتفع منسوب النهر"


async def offered(place: Place, command: str, option: str, typed: str) -> list[dict[str, Any]]:
    """The choices for what anna types, of the library as it is now."""
    await place.client._refresh_library()  # noqa: SLF001 - one round of the loop
    choices = await place.anna.autocomplete(command, option, typed, channel=place.general)
    return [dict(choice) for choice in choices]


async def values(place: Place, command: str, option: str, typed: str) -> list[str]:
    return [choice["value"] for choice in await offered(place, command, option, typed)]


async def test_articles_are_offered_by_their_titles(place: Place) -> None:
    await place.app.articles.put([an_article(id="storm", title="A storm at sea")], NOON)

    choices = await offered(place, "article", "title", "2 mar stor")

    assert choices == [{"name": "2 Mar 2026 · A storm at sea · The Courier", "value": "storm"}]


async def test_an_article_with_a_long_id_is_offered_and_opened(place: Place) -> None:
    long = an_article("A storm rose at sea.", id="x" * 200, title="A storm at sea")
    await place.app.articles.put([long], NOON)
    (value,) = await values(place, "article", "title", "storm")

    acted = await place.anna.run_command("article", channel=place.general, title=value)

    assert "A storm rose at sea" in (await place.anna.wait_for_answer(acted)).text


async def test_titles_of_every_kind_keep_within_what_discord_takes(place: Place) -> None:
    titles = ["👨‍👩‍👧‍👦" * 40, f"{ARABIC} " * 20, "e\u0301" * 200, "🇩🇪" * 60, "x" * 500]
    articles = [
        an_article(id=f"n{number}", title=title, source=title)
        for number, title in enumerate(titles)
    ]
    await place.app.articles.put(articles, NOON)

    choices = await offered(place, "article", "title", "")

    assert not find_autocomplete_problems({"choices": choices})
    assert {choice["value"] for choice in choices} >= {article.id for article in articles}
    assert all(count_utf16_units(choice["name"]) <= 100 for choice in choices)


async def test_no_more_than_25_articles_are_offered(place: Place) -> None:
    many = [an_article(id=f"n{number}", title=f"Boat {number}") for number in range(30)]
    await place.app.articles.put(many, NOON)

    assert len(await values(place, "article", "title", "boat")) == 25


@pytest.mark.parametrize(
    ("command", "option"), [("article", "title"), ("on", "date"), ("latest", "source")]
)
async def test_nothing_is_offered_where_nothing_fits(
    place: Place, command: str, option: str
) -> None:
    assert await values(place, command, option, "zyxomma") == []


async def test_days_that_the_library_has_are_offered(place: Place) -> None:
    earlier = an_article(id="earlier", published_on=PUBLISHED_ON - timedelta(days=3))
    await place.app.articles.put([earlier], NOON)

    choices = await offered(place, "on", "date", "")

    assert choices == [
        {"name": "2 March 2026 · 5 articles", "value": "2 March 2026"},
        {"name": "27 February 2026 · 1 article", "value": "27 February 2026"},
    ]


@pytest.mark.parametrize("option", ["after", "before"])
async def test_days_are_offered_as_bounds_too(place: Place, option: str) -> None:
    assert await values(place, "ask", option, "mar") == ["2 March 2026"]


async def test_the_sources_of_the_library_are_offered(place: Place) -> None:
    await place.app.articles.put([an_article(id="other", source="The Herald")], NOON)

    assert await values(place, "ask", "source", "the") == ["The Courier", "The Herald"]
    assert await values(place, "latest", "source", "her") == ["The Herald"]


async def test_what_is_published_later_is_not_offered(place: Place) -> None:
    later = an_article(
        id="later", title="Tomorrow", source="The Future", published_on=PUBLISHED_ON + timedelta(2)
    )
    await place.app.articles.put([later], NOON)

    assert await values(place, "article", "title", "tomorrow") == []
    assert await values(place, "on", "date", "4 march") == []
    assert await values(place, "latest", "source", "future") == []

    place.clock.pass_by(days=1)

    assert await values(place, "article", "title", "tomorrow") == ["later"]


async def test_the_day_is_that_of_the_server(place: Place) -> None:
    later = an_article(id="later", title="Tomorrow", published_on=PUBLISHED_ON + timedelta(2))
    await place.app.articles.put([later], NOON)
    place.clock.pass_by(hours=11)
    before = await values(place, "article", "title", "tomorrow")

    await place.app.guilds.change(
        str(place.general.guild_id), lambda server: replace(server, zone=ZoneInfo("Asia/Tokyo"))
    )

    assert before == []
    assert await values(place, "article", "title", "tomorrow") == ["later"]


async def test_nothing_is_offered_of_an_empty_library(place: Place) -> None:
    for article_id in await place.app.articles.get_current_revisions():
        await place.app.articles.remove(article_id, "gone", NOON)

    assert await values(place, "article", "title", "") == []
    assert await values(place, "on", "date", "") == []
    assert await values(place, "latest", "source", "") == []


async def test_what_is_added_is_offered_from_the_next_round_on(place: Place) -> None:
    assert await values(place, "article", "title", "storm") == []

    await place.app.articles.put([an_article(id="storm", title="A storm at sea")], NOON)

    assert await values(place, "article", "title", "storm") == ["storm"]


async def test_the_catalogue_stays_while_the_library_does(place: Place) -> None:
    await place.client._refresh_library()  # noqa: SLF001
    before = place.desk.catalogue

    await place.client._refresh_library()  # noqa: SLF001

    assert place.desk.catalogue is before
