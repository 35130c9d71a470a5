import pytest

from bot.discord_ui.channels import build_channel_refusal, format_channel_refusal
from bot.model.guild_preferences import GuildOverrides
from bot.presentation.blocks import Line
from tests.discord_ui.conftest import RunningBot


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "The people who manage this server chose other channels"),
        (["a"], "Ask me in #a."),
        (["a", "b", "c"], "Ask me in #a, #b or #c."),
        (list("abcdef"), "Ask me in #a, #b, #c, #d, #e or another channel."),
    ],
    ids=["none", "one", "some", "many"],
)
def test_where_to_ask_is_said_in_one_sentence(names: list[str], said: str) -> None:
    assert said in format_channel_refusal(names)


async def test_no_channel_is_barred_outside_servers(bot: RunningBot) -> None:
    user = bot.client.user
    assert user

    assert await build_channel_refusal(bot.context, None, None, user) == ()


async def test_no_channel_is_named_to_one_of_whom_it_is_not_known_what_they_see(
    bot: RunningBot,
) -> None:
    guild_id, books = bot.general.guild_id or 0, bot.local.find_channel("books")
    set_so = GuildOverrides(guild=str(guild_id), channels=(books.id,))
    await bot.app.guilds.change(str(guild_id), lambda _: set_so)
    guild, user = bot.client.get_guild(guild_id), bot.client.user
    assert guild
    assert user

    blocks = await build_channel_refusal(
        bot.context, guild, guild.get_channel(bot.general.id), user
    )

    assert blocks == (Line(text=format_channel_refusal([])),)
