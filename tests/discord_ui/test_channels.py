import pytest

from bot.discord_ui.channels import build_channel_refusal, format_channel_refusal
from bot.model.guild_preferences import GuildOverrides
from bot.presentation.blocks import Line
from tests.discord_ui.conftest import Place


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "whoever manages this server chose others"),
        (["a"], "ask me in #a."),
        (["a", "b", "c"], "ask me in #a, #b or #c."),
        (list("abcdef"), "ask me in #a, #b, #c, #d, #e or another channel."),
    ],
    ids=["none", "one", "some", "many"],
)
def test_where_to_ask_is_said_in_one_sentence(names: list[str], said: str) -> None:
    assert said in format_channel_refusal(names)


async def test_nothing_is_barred_where_there_is_no_server(place: Place) -> None:
    user = place.client.user
    assert user

    assert await build_channel_refusal(place.desk, None, None, user) == ()


async def test_no_channel_is_named_to_one_of_whom_it_is_not_known_what_they_see(
    place: Place,
) -> None:
    guild_id, books = place.general.guild_id or 0, place.local.find_channel("books")
    set_so = GuildOverrides(guild=str(guild_id), channels=(books.id,))
    await place.app.guilds.change(str(guild_id), lambda _: set_so)
    guild, user = place.client.get_guild(guild_id), place.client.user
    assert guild
    assert user

    blocks = await build_channel_refusal(
        place.desk, guild, guild.get_channel(place.general.id), user
    )

    assert blocks == (Line(text=format_channel_refusal([])),)
