from bot.local_discord.world.records import Message
from bot.model.article import ArticleId
from tests.builders import NOON
from tests.discord_ui.conftest import RunningBot


async def open_article(bot: RunningBot, title: str, **options: bool) -> Message:
    """Refresh the library, and return the answer to /article."""
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop
    action = await bot.anna.run_command("article", channel=bot.general, title=title, **options)
    return await bot.anna.wait_for_answer(action)


async def test_an_article_is_shown_word_for_word_with_its_paragraphs_numbered(
    bot: RunningBot,
) -> None:
    article = await open_article(bot, "bremen")

    assert article.text.startswith(
        "### The flood\nThe Courier\n-# 2 March 2026 · paragraphs 1 to 3"
    )
    assert (
        "-# 1\n> \u2068Rain fell on bremen.\u2069\n-# 2\n> \u2068In Bremen the river rose"
        in article.text
    )
    assert article.only_for is None


async def test_an_article_that_is_not_visible_is_for_the_asker_alone(bot: RunningBot) -> None:
    article = await open_article(bot, "bremen", visible=False)

    assert article.only_for == bot.anna.id


async def test_an_unknown_article_is_reported_to_the_asker_alone(bot: RunningBot) -> None:
    answer = await open_article(bot, "zeppelin")

    assert "No article matches this" in answer.text
    assert answer.only_for == bot.anna.id


async def test_a_just_withdrawn_article_is_not_found(bot: RunningBot) -> None:
    await open_article(bot, "bremen")
    await bot.app.articles.withdraw(ArticleId("bremen"), "wrong", NOON)

    action = await bot.anna.run_command("article", channel=bot.general, title="bremen")
    answer = await bot.anna.wait_for_answer(action)

    assert "Rain fell on bremen" not in answer.text


async def test_titles_are_offered(bot: RunningBot) -> None:
    await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop

    choices = await bot.anna.autocomplete("article", "title", "flood", channel=bot.general)

    assert len(choices) == 5
