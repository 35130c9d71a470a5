"""Compressed frames, read by discord.py's own decompressors."""

import sys
import zlib

import discord.utils
import pytest

from bot.local_discord.gateway.compression import start_compression
from bot.local_discord.server import LocalDiscord
from tests.local_discord.connections import COMPRESSIONS, connect, use_compression
from tests.local_discord.sample_bot import SampleBot

FRAME = '{"op": 0, "d": {"content": "Überschwemmung"}}'


@pytest.mark.parametrize("name", COMPRESSIONS)
async def test_a_bot_reads_compressed_frames_also_of_a_second_connection(
    local: LocalDiscord, name: str
) -> None:
    anna, general = local.find_person("anna"), local.find_channel("general")
    with use_compression(name) as sizes:
        async with connect(SampleBot(), local):
            first = await anna.wait_for_reply(anna.post(general, f"<@{local.world.bot.id}> why?"))
            local.gateway.drop_connections()
            second = await anna.wait_for_reply(anna.post(general, "and now?", reply_to=first))

    assert second.content == "echo and now?"
    assert len(sizes) > 6


@pytest.mark.parametrize("name", COMPRESSIONS)
async def test_each_frame_can_be_read_at_once_and_shares_the_context(name: str) -> None:
    with use_compression(name) as sizes:
        context = discord.utils._ActiveDecompressionContext()  # noqa: SLF001 - chosen above
        compress = start_compression(name)
        assert compress

        assert [context.decompress(compress(FRAME)) for _ in range(3)] == [FRAME] * 3

    assert sizes[1] < sizes[0] / 2


def test_a_zlib_frame_ends_with_a_flush() -> None:
    compress = start_compression("zlib-stream")
    assert compress

    frame = compress(FRAME)

    assert frame.endswith(b"\x00\x00\xff\xff")
    assert zlib.decompressobj().decompress(frame).decode() == FRAME


@pytest.mark.parametrize("name", [None, "", "gzip", "zstd-stream"])
def test_a_compression_that_is_not_known_or_not_installed_is_not_used(
    name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)

    assert start_compression(name) is None
