"""Starting a Discord on this machine."""

import json
from pathlib import Path

import pytest

from bot.local_discord.main import format_greeting
from bot.local_discord.server import LocalDiscord
from tests.local_discord.connections import send_request


async def test_the_port_is_taken_from_the_caller_and_only_on_loopback(
    local: LocalDiscord,
) -> None:
    assert format_greeting(local).count(f"http://127.0.0.1:{local.port}/api/v10") == 1
    with pytest.raises(OSError, match="address already in use"):
        async with LocalDiscord.start(port=local.port):
            pass


async def test_with_discords_description_shapes_are_judged_too(tmp_path: Path) -> None:
    pytest.importorskip("jsonschema")
    content = {"application/json": {"schema": {"properties": {"tts": {"type": "boolean"}}}}}
    route = {"post": {"requestBody": {"content": content}}}
    openapi_description = {
        "paths": {"/channels/{id}/messages": route},
        "components": {"schemas": {}},
    }
    openapi = tmp_path / "openapi.json"
    openapi.write_text(json.dumps(openapi_description), encoding="utf-8")

    async with LocalDiscord.start(openapi=openapi) as local:
        path = f"/channels/{local.find_channel('general').id}/messages"
        status, payload = await send_request(
            local, "POST", path, json={"content": "x", "tts": "loud"}
        )

    assert (status, payload["code"]) == (400, 50035)
    assert "tts" in payload["errors"]
