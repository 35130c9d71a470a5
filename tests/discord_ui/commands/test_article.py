from bot.local_discord.world.records import Message
from bot.model.article import ArticleId
from tests.builders import NOON
from tests.discord_ui.conftest import Place


async def read(place: Place, title: str, **options: bool) -> Message:
    """The answer to /article, with the library as it is now offered."""
    await place.client._refresh_library()  # noqa: SLF001 - what its loop does
    acted = await place.anna.run_command("article", channel=place.general, title=title, **options)
    return await place.anna.wait_for_answer(acted)


async def test_an_article_is_shown_word_for_word_with_its_paragraphs_numbered(
    place: Place,
) -> None:
    article = await read(place, "bremen")

    assert article.text.startswith(
        "### The flood\nThe Courier\n-# 2 March 2026 · paragraphs 1 to 3"
    )
    assert (
        "-# 1\n> \u2068Rain fell on bremen.\u2069\n-# 2\n> \u2068In Bremen the river rose"
        in article.text
    )
    assert article.only_for is None


async def test_an_article_that_is_not_visible_is_for_the_asker_alone(place: Place) -> None:
    article = await read(place, "bremen", visible=False)

    assert article.only_for == place.anna.id


async def test_what_fits_no_article_is_told_only_to_who_typed_it(place: Place) -> None:
    told = await read(place, "zeppelin")

    assert "No article fits this" in told.text
    assert told.only_for == place.anna.id


async def test_an_article_that_was_taken_back_a_moment_ago_fits_no_more(place: Place) -> None:
    await read(place, "bremen")
    await place.app.articles.remove(ArticleId("bremen"), "wrong", NOON)

    acted = await place.anna.run_command("article", channel=place.general, title="bremen")
    told = await place.anna.wait_for_answer(acted)

    assert "Rain fell on bremen" not in told.text


async def test_titles_are_offered(place: Place) -> None:
    await place.client._refresh_library()  # noqa: SLF001 - what its loop does

    offered = await place.anna.autocomplete("article", "title", "flood", channel=place.general)

    assert len(offered) == 5
