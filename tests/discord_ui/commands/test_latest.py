from datetime import timedelta

import pytest

from bot.local_discord.world.records import Message
from tests.builders import NOON, PUBLISHED_ON, an_article
from tests.discord_ui.conftest import TOLD, Place
from tests.scenario.starting import read

HERALD = an_article(
    "The sea rose. It fell.",
    id="sea",
    title="The sea",
    source="The Herald",
    published_on=PUBLISHED_ON - timedelta(days=3),
)


async def commanded(place: Place, name: str, **options: object) -> Message:
    acted = await place.anna.run_command(name, channel=place.general, **options)
    return await place.anna.wait_for_answer(acted)


async def filled(place: Place) -> None:
    await place.app.articles.put([HERALD], NOON)
    await place.app.index.refresh()


async def test_the_newest_articles_are_shown_with_the_sentence_they_lead_with(
    place: Place,
) -> None:
    answer = await commanded(place, "latest", count=2)

    text = read(answer)
    assert "The newest articles" in text
    assert "Rain fell on bremen." in text
    assert "Rain fell on cologne." in text
    assert "Rain fell on dresden." not in text
    assert "2 March 2026 · paragraph 1 · receipt " in text
    assert answer.only_for is None


async def test_the_newest_articles_of_a_source_are_shown(place: Place) -> None:
    await filled(place)

    text = read(await commanded(place, "latest", source="the herald"))

    assert "The newest articles of The Herald" in text
    assert "The sea rose." in text
    assert "1 article." in text


async def test_an_unknown_source_has_no_articles(place: Place) -> None:
    text = read(await commanded(place, "latest", source="The Gazette"))

    assert "The library holds no article of The Gazette" in text


async def test_the_newest_articles_are_turned_page_by_page(place: Place) -> None:
    await filled(place)
    first = await commanded(place, "latest", count=6)

    await place.anna.press(first, "Next")
    await place.desk.wait_until_idle(3)
    (turned,) = place.local.get_messages(place.general)

    assert "The sea rose." not in read(first)
    assert "The sea rose." in read(turned)


async def test_a_receipt_of_the_newest_articles_can_be_verified(place: Place) -> None:
    answer = await commanded(place, "latest", count=1)
    line = next(each for each in read(answer).splitlines() if " receipt " in each)

    told = await commanded(place, "verify", receipt=line.rpartition(" ")[2])

    assert "The quote stands, word for word" in told.text


async def test_an_article_of_the_newest_is_read_in_context(place: Place) -> None:
    answer = await commanded(place, "latest", count=1)

    told = await place.pressed(answer, "In context")

    assert TOLD["bremen"] in read(told)


async def test_a_day_shows_its_articles_and_the_nearest_days(place: Place) -> None:
    await filled(place)

    text = read(await commanded(place, "on", date="27 february"))

    assert "27 February 2026: 1 article" in text
    assert "The nearest day after: 2 March 2026, 5 articles." in text
    assert "The sea rose." in text


async def test_a_day_without_articles_shows_the_nearest_days(place: Place) -> None:
    await filled(place)

    text = read(await commanded(place, "on", date="1 march"))

    assert "1 March 2026: no article" in text
    assert "The nearest day before: 27 February 2026, 1 article." in text
    assert "The nearest day after: 2 March 2026, 5 articles." in text


async def test_a_range_of_days_shows_all_of_them(place: Place) -> None:
    await filled(place)

    text = read(await commanded(place, "on", date="27 february to 2 march"))

    assert "27 February to 2 March 2026: 6 articles" in text


async def test_more_articles_of_a_day_than_a_page_holds_are_turned_to(place: Place) -> None:
    await filled(place)
    answer = await commanded(place, "on", date="27 february to 2 march")

    await place.anna.press(answer, "Next")
    await place.desk.wait_until_idle(1)

    turned = read(place.local.world.messages[answer.id])
    assert "27 February to 2 March 2026: 6 articles" in turned
    assert "The sea rose." in turned


@pytest.mark.parametrize(
    ("typed", "said"),
    [("blurb", "is not a date that I know"), ("3/2", "can be read in more than one way")],
    ids=["no date", "two readings"],
)
async def test_what_is_no_day_is_told_only_to_who_typed_it(
    place: Place, typed: str, said: str
) -> None:
    told = await commanded(place, "on", date=typed)

    assert said in read(told)
    assert told.only_for == place.anna.id


async def test_articles_of_later_days_are_shown_nowhere(place: Place) -> None:
    later = an_article(
        "It dried.", id="later", source="The Future", published_on=PUBLISHED_ON + timedelta(days=2)
    )
    await place.app.articles.put([later], NOON)
    await place.app.index.refresh()

    told = [
        await commanded(place, "latest"),
        await commanded(place, "latest", source="The Future"),
        await commanded(place, "on", date="2026-03-04"),
        await commanded(place, "on", date="2 march"),
        await commanded(place, "sources"),
    ]

    assert not [each for each in told if "It dried." in read(each)]
    assert not [each for each in told if "nearest day after" in read(each)]
    assert "The Future" not in read(told[-1])


@pytest.mark.parametrize("name", ["latest", "on", "sources", "status"])
async def test_the_command_works_in_direct_messages(place: Place, name: str) -> None:
    options = {"date": "2 march"} if name == "on" else {}
    acted = await place.anna.run_command(name, channel=place.anna.direct_channel, **options)

    assert (await place.anna.wait_for_answer(acted)).text


async def test_lookups_count_as_questions_do(place: Place) -> None:
    for _ in range(10):
        await commanded(place, "latest", count=1)

    for name in ("latest", "sources", "status"):
        assert "within a minute" in (await commanded(place, name)).text
    assert "within a minute" in (await commanded(place, "on", date="2 march")).text
