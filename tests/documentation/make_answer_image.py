"""Draw docs/images/answer.png: a question to the bot and its answer, as Discord shows them.

    .venv/bin/python -m tests.documentation.make_answer_image [CHROMIUM]

The bot runs as a process on the shipped article, and a member of the Discord on this machine mentions
it. Its answer is turned into a page, and Chromium takes a picture of that page. Make the picture
again after the look or the wording of answers changes.
"""

import asyncio
import html
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.constants import ComponentType
from bot.local_discord.world.records import Json, Message
from tests.builders import PROJECT
from tests.scenario.starting import Program, ask_by_mention

IMAGE = PROJECT / "docs" / "images" / "answer.png"
QUESTION = "Why did OpenAI reach an agreement where Anthropic could not?"
WINDOW = "760,430"
SETTINGS = {"DATELINE_ANSWERS__MAX_EXCERPTS": "1"}  # the picture has room for one
CONNECT_SECONDS = 3.0
"""discord.py reports ready 2 seconds after the last guild, and the seeds are taken in before."""

_ESCAPE = re.compile(r"\\([^\w\s])")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_STYLE = """
body { margin: 0; padding: 16px 20px; background: #fff; color: #2e3338; width: 720px;
       font: 16px/1.375 "Noto Sans", sans-serif; }
.message { margin: 0 0 14px; } .name { font-weight: 600; } .app { background: #5865f2; color: #fff;
       font-size: 10px; border-radius: 3px; padding: 1px 4px; margin-left: 4px; }
.mention { background: #e6e8fd; color: #4752c4; border-radius: 3px; padding: 0 2px; }
.container { border: 1px solid #d9dadd; border-radius: 8px; padding: 12px 16px; margin-top: 6px; }
blockquote { margin: 4px 0; padding-left: 12px; border-left: 4px solid #c4c9ce; }
.small { font-size: 13px; color: #5c6470; } hr { border: 0; border-top: 1px solid #e1e2e4; }
.row { margin: 8px 0; } .button { display: inline-block; background: #e9eaed; border-radius: 6px;
       padding: 6px 14px; margin-right: 8px; font-size: 14px; font-weight: 500; }
"""


async def main(chromium: str) -> None:
    """Ask the question, and write the picture of the answer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        answer = await _ask(folder)
        page = folder / "answer.html"
        page.write_text(_render_page(answer), encoding="utf-8")
        IMAGE.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(_take_picture, chromium, page)


async def _ask(folder: Path) -> Message:
    async with LocalDiscord.start() as discord:
        program = Program(discord, folder, SETTINGS)
        try:
            await program.start()
            await program.wait_until_ready()
            await asyncio.sleep(CONNECT_SECONDS)
            person = discord.find_person("anna")
            return await ask_by_mention(discord, person, discord.find_channel("general"), QUESTION)
        finally:
            await program.close()


def _render_page(answer: Message) -> str:
    body = "".join(map(_render_component, answer.components))
    return (
        f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>"
        f"<div class=message><div class=name>anna</div><span class=mention>@Dateline</span> "
        f"{html.escape(QUESTION)}</div>"
        f"<div class=message><div class=name>Dateline<span class=app>APP</span></div>{body}</div>"
    )


def _render_component(component: Json) -> str:
    match component["type"]:
        case ComponentType.TEXT_DISPLAY:
            return _render_markdown(component["content"])
        case ComponentType.BUTTON:
            return f"<span class=button>{html.escape(component['label'])}</span>"
        case ComponentType.SEPARATOR:
            return "<hr>"
        case ComponentType.CONTAINER:
            return f"<div class=container>{_render_children(component['components'])}</div>"
        case ComponentType.ACTION_ROW:
            return f"<div class=row>{_render_children(component['components'])}</div>"
        case _:
            return _render_children(component.get("components", ()))


def _render_children(components: Sequence[Json]) -> str:
    return "".join(map(_render_component, components))


def _render_markdown(text: str) -> str:
    """Return the HTML of the Markdown that answers use: quotes, small print and bold words."""
    lines = [_render_line(line) for line in text.split("\n")]
    return "".join(lines).replace("</blockquote><blockquote>", "<br>")


def _render_line(line: str) -> str:
    quote, small = line.removeprefix(">"), line.removeprefix("-# ")
    if quote != line:
        return f"<blockquote>{_render_words(quote.strip()) or '&nbsp;'}</blockquote>"
    if small != line:
        return f"<div class=small>{_render_words(small)}</div>"
    return f"<div>{_render_words(line)}</div>"


def _render_words(text: str) -> str:
    return _ESCAPE.sub(r"\1", _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False)))


def _take_picture(chromium: str, page: Path) -> None:
    subprocess.run(  # noqa: S603 - arguments of our own
        [
            chromium,
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--disable-background-networking", "--force-device-scale-factor=1.5"),
            f"--window-size={WINDOW}",
            f"--user-data-dir={page.parent / 'profile'}",
            f"--screenshot={IMAGE}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "chromium"))
