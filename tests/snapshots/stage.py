"""A library, a bot and a Discord in which lines are typed, and what is seen written down."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from bot.discord_ui.client import HEARTBEAT_PARTS, Client
from bot.discord_ui.context import BotContext
from bot.local_discord.server import LocalDiscord
from bot.local_discord.terminal.command_line import parse_command_line
from bot.local_discord.terminal.terminal import Terminal
from bot.local_discord.world.client_payloads import reject
from bot.local_discord.world.constants import OptionType
from bot.local_discord.world.records import Message
from bot.lookups.catalogue import Catalogue
from bot.model.article import ArticleId
from bot.runtime.heartbeats import start_heartbeats
from bot.runtime.pseudonyms import Pseudonymizer
from bot.settings.loading import load_settings
from bot.wiring import Application, build_deliveries, open_application
from tests.builders import PROJECT, an_article
from tests.discord_ui.conftest import AT_REST_SECONDS, Standing
from tests.local_discord.connections import UNLIMITED_WINDOWS, connect, point_discord_py_at
from tests.retrieval.builders import some_weights
from tests.scenario import river
from tests.scenario.starting import find_openapi

APRIL = datetime(2025, 4, 1, 12, tzinfo=UTC)

ODD = an_article(
    "*Bold* claims about <@1> and @everyone: 3. of them hold `code`.\n\n# No heading, said he.",
    id="odd",
    title="**Stars** & [links](https://a.example) \N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}",
    source=None,
    published_on=date(2025, 3, 28),
)
WORDY = an_article(
    f"{'A harbour with ships and cranes and gulls and more ships, ' * 14}said the harbour master.",
    id="wordy",
    title="A title that goes on and on, " * 12,
    source="The Herald",
    url="https://herald.example/wordy",
    published_on=date(2025, 3, 30),
)

LATER = (
    an_article(
        "Since Saturday, said the mayor of Fulda, their river fell by two metres.",
        id="fulda-later",
        title="Fulda breathes again",
        source="The Herald",
        published_on=date(2025, 3, 29),
    ),
    an_article(
        "In Halle the river rose until the old bridge was closed.",
        id="halle",
        title="Bridge closed",
        source="The Courier",
        published_on=date(2025, 3, 12),
    ),
)
LIBRARY = (*river.ARTICLES, *LATER, ODD, WORDY)

_SECONDS_TO_REPLY = 3.0
_ID_OF = re.compile(r"id-of-([\w-]+)")
VERBS = {
    "wait",
    "take-in",
    "hear-of",
    "withdraw",
    "revise",
    "feedback-to",
    "@anna",
    "@bo",
    "@mod",
    "@cleo",
}

_VARIABLE = (
    (re.compile(r"(?<=in the log as )[0-9a-f]{8}"), "0a1b2c3d"),
    (re.compile(r"\b\d+(?:\.\d+)? ms\b"), "N ms"),
    (re.compile(r"\b\d{17,20}\b"), "N"),
    (re.compile(r"\[- "), "["),
    (re.compile(r"(?<=Dateline )\d+\.\d+\.\d+"), "N.N.N"),
)
"""What differs from run to run, and what stands for it."""


class Typist(Terminal):
    """Types lines, waits until they are answered, and writes down what is to be seen then."""

    def __init__(
        self, local: LocalDiscord, app: Application, desk: BotContext, clock: Standing
    ) -> None:
        self.seen: list[str] = []
        self._desk = desk
        self._app = app
        self._clock = clock
        self._local = local
        self._is_waiting = False
        super().__init__(local.world, self.seen.append)

    async def type(self, line: str) -> None:
        """Types one line; what is seen after it stands in `seen`."""
        answers = self._count_of_answers()
        self._is_waiting = True
        await self.handle_line(_ID_OF.sub(lambda found: str(self._find_channel(found[1]).id), line))
        if self._expects_reply(line):
            with suppress(TimeoutError):  # where the bot may not write
                await self._local.wait_for(
                    lambda: self._count_of_answers() > answers, _SECONDS_TO_REPLY
                )
        await self._desk.wait_until_idle(_SECONDS_TO_REPLY)
        self._is_waiting = False
        self.show_changes()

    def show_changes(self) -> None:
        """Nothing while an answer is on its way: how far it is, differs from run to run."""
        if not self._is_waiting:
            super().show_changes()

    async def _execute(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        match verb:
            case "wait":
                count, unit = rest.split()
                self._clock.pass_by(**{unit: float(count)})
            case "take-in" | "hear-of":
                article_id, _, body = rest.partition(" ")
                await self._take_in(article_id, body)
            case "withdraw":
                await self._app.articles.remove(ArticleId(rest), "Wrong.", self._clock.now)
                await self._app.index.refresh()
            case "revise":
                article_id, _, body = rest.replace("\\n", "\n").partition(" ")
                await self._revise(ArticleId(article_id), body)
            case "feedback-to":
                self._send_feedback_to(rest)
            case ">>":
                self._person.post(self._channel, f"> {rest}")
            case "?":
                await self._show_offers(rest)
            case _ if line.startswith("["):
                await self._press_label(line.strip("[]"))
            case _:
                await super()._execute(line)

    async def _take_in(self, article_id: str, body: str) -> None:
        """An article of today comes in, whose title is its id."""
        day = self._clock.now.date()
        title = article_id.replace("-", " ").capitalize()
        article = an_article(body, id=article_id, title=title, published_on=day)
        await self._app.articles.put([article], self._clock.now)
        articles = (await self._app.index.refresh()).articles
        self._desk.catalogue = Catalogue.from_articles(articles)

    async def _revise(self, article_id: ArticleId, body: str) -> None:
        article = await self._app.articles.find(article_id)
        assert article
        await self._app.articles.put([replace(article, body=body)], self._clock.now)
        await self._app.index.refresh()

    def _send_feedback_to(self, channel: str) -> None:
        settings = self._app.settings
        channel_id = self._find_channel(channel.removeprefix("#")).id
        discord = settings.discord.model_copy(update={"feedback_channel": channel_id})
        application = replace(self._app, settings=settings.model_copy(update={"discord": discord}))
        self._desk.services = application.services

    async def _show_offers(self, line: str) -> None:
        """What is offered for the last option on the line."""
        commands = self._world.commands[None]
        name, values = parse_command_line(line, commands, {OptionType.CHANNEL: self._find_channel})
        option, typed = values.popitem()
        options = {f"{each}_": value for each, value in values.items()}
        offered = await self._person.autocomplete(
            name, option, typed, channel=self._channel, **options
        )
        for choice in offered:
            self.seen.append(f"  ? {choice['name']}")
        if not offered:
            self.seen.append("  nothing is offered")

    async def _press_label(self, label: str) -> None:
        messages = reversed(self._person.get_visible_messages(self._channel))
        found = (m for m in messages if label in [button.label for button in m.buttons])
        message = next(found, None)
        if message is None:
            reject(f"nothing here has a button {label!r}")
        self._open_form(await self._person.press(message, label))

    def _number_buttons(self, message: Message) -> dict[str, int]:  # noqa: ARG002 - buttons are pressed by their labels
        return {}

    def _expects_reply(self, line: str) -> bool:
        is_posted = (
            not line.startswith(("/", "[", "#", "! ", "? ")) and line.partition(" ")[0] not in VERBS
        )
        if line.startswith("hear-of "):
            return True
        is_to_bot = "@dateline" in line or line.startswith("> ") or self._channel.guild_id is None
        return is_posted and is_to_bot and self._form is None

    def _count_of_answers(self) -> int:
        bot_id = self._world.bot.id
        return sum(m.author_id == bot_id for m in self._world.messages.values())


@asynccontextmanager
async def a_stage(folder: Path) -> AsyncIterator[tuple[Typist, LocalDiscord]]:
    """Someone who types in a Discord in which the bot is at work."""
    clock = Standing(APRIL)
    settings = load_settings(None, folder, {"DATELINE_LIBRARY__SEEDS": "false"}, PROJECT)
    async with (
        open_application(settings, clock=lambda: clock.now, notify=lambda _: None) as opened,
        LocalDiscord.start(windows=UNLIMITED_WINDOWS, openapi=find_openapi()) as local,
        start_heartbeats(folder, HEARTBEAT_PARTS, clock.now) as heartbeats,
    ):
        app = replace(opened, weights=some_weights())
        await app.articles.put(LIBRARY, clock.now)
        desk = BotContext(app.services, Pseudonymizer.from_folder(folder))
        client = Client(desk, heartbeats, partial(build_deliveries, app))
        client._connection.guild_ready_timeout = AT_REST_SECONDS  # noqa: SLF001 - 2 s are for thousands
        with point_discord_py_at(local):
            async with connect(client, local):
                await client._refresh_library()  # noqa: SLF001 - one round of the loop
                yield Typist(local, app, desk, clock), local
        await asyncio.sleep(0)


async def played(typist: Typist, typed: Iterable[str]) -> str:
    """What is typed, each line after a `$`, and what is seen after it."""
    for line in typed:
        typist.seen.append(f"$ {line}")
        await typist.type(line)
    text = "".join(f"{line}\n" for entry in typist.seen for line in entry.split("\n"))
    for variable, constant in _VARIABLE:
        text = variable.sub(constant, text)
    return text
