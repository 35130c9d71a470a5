"""A library, a bot and a Discord that record the output of entered lines."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.local_discord.server import LocalDiscord
from bot.local_discord.terminal.command_line import parse_command_line
from bot.local_discord.terminal.terminal import Terminal
from bot.local_discord.world.client_payloads import reject
from bot.local_discord.world.constants import OptionType
from bot.local_discord.world.records import Message
from bot.lookups.catalogue import Catalogue
from bot.model.article import ArticleId
from tests.builders import an_article
from tests.discord_ui.conftest import RunningBot, start_bot
from tests.scenario import river
from tests.scenario.starting import find_openapi

APRIL = datetime(2025, 4, 1, 12, tzinfo=UTC)

MARKDOWN_ARTICLE = an_article(
    "*Bold* claims about <@1> and @everyone: 3. of them hold `code`.\n\n# No heading, said he.",
    id="odd",
    title="**Stars** & [links](https://a.example) \N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}",
    source=None,
    published_on=date(2025, 3, 28),
)
LONG_ARTICLE = an_article(
    f"{'A harbour with ships and cranes and gulls and more ships, ' * 14}said the harbour master.",
    id="wordy",
    title="A title that goes on and on, " * 12,
    source="The Herald",
    url="https://herald.example/wordy",
    published_on=date(2025, 3, 30),
)

LATER_ARTICLES = (
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
LIBRARY = (*river.ARTICLES, *LATER_ARTICLES, MARKDOWN_ARTICLE, LONG_ARTICLE)

_SECONDS_TO_REPLY = 3.0
_CHANNEL_ID = re.compile(r"id-of-([\w-]+)")
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

_REPLACEMENTS = (
    (re.compile(r"(?<=the error ID )[0-9a-f]{8}"), "0a1b2c3d"),
    (re.compile(r"\b\d+(?:\.\d+)? ms\b"), "N ms"),
    (re.compile(r"\b\d{17,20}\b"), "N"),
    (re.compile(r"\[- "), "["),
    (re.compile(r"(?<=Dateline )\d+\.\d+\.\d+"), "N.N.N"),
)
"""What differs from run to run, and what stands for it."""


class Typist(Terminal):
    """A person who enters lines, waits for the answers, and records everything shown."""

    def __init__(self, bot: RunningBot) -> None:
        self.output: list[str] = []
        self._bot = bot
        self._is_waiting = False
        super().__init__(bot.local.world, self.output.append)

    async def type(self, line: str) -> None:
        """Enter one line, and add everything shown after it to `output`."""
        answers = self._count_answers()
        self._is_waiting = True
        await self.handle_line(
            _CHANNEL_ID.sub(lambda match: str(self._find_channel(match[1]).id), line)
        )
        if self._expects_reply(line):
            with suppress(TimeoutError):  # the bot can't post there
                await self._bot.local.wait_for(
                    lambda: self._count_answers() > answers, _SECONDS_TO_REPLY
                )
        await self._bot.context.wait_until_idle(_SECONDS_TO_REPLY)
        self._is_waiting = False
        self.show_changes()

    def show_changes(self) -> None:
        """Show nothing while an answer is on its way: how far it is differs from run to run."""
        if not self._is_waiting:
            super().show_changes()

    async def _execute(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        match verb:
            case "wait":
                count, unit = rest.split()
                self._bot.clock.advance(**{unit: float(count)})
            case "take-in" | "hear-of":
                article_id, _, body = rest.partition(" ")
                await self._add_article(article_id, body)
            case "withdraw":
                await self._bot.app.articles.withdraw(
                    ArticleId(rest), "Wrong.", self._bot.clock.now
                )
                await self._bot.app.index.refresh()
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

    async def _add_article(self, article_id: str, body: str) -> None:
        """Add an article of today, titled after its id."""
        day = self._bot.clock.now.date()
        title = article_id.replace("-", " ").capitalize()
        article = an_article(body, id=article_id, title=title, published_on=day)
        await self._bot.app.articles.put([article], self._bot.clock.now)
        articles = (await self._bot.app.index.refresh()).articles
        self._bot.context.catalogue = Catalogue.from_articles(articles)

    async def _revise(self, article_id: ArticleId, body: str) -> None:
        article = await self._bot.app.articles.find(article_id)
        assert article
        await self._bot.app.articles.put([replace(article, body=body)], self._bot.clock.now)
        await self._bot.app.index.refresh()

    def _send_feedback_to(self, channel: str) -> None:
        settings = self._bot.app.settings
        channel_id = self._find_channel(channel.removeprefix("#")).id
        discord = settings.discord.model_copy(update={"feedback_channel": channel_id})
        application = replace(
            self._bot.app, settings=settings.model_copy(update={"discord": discord})
        )
        self._bot.context.services = application.services

    async def _show_offers(self, line: str) -> None:
        """Show the choices for the last option on the line."""
        commands = self._world.commands[None]
        name, values = parse_command_line(line, commands, {OptionType.CHANNEL: self._find_channel})
        option, typed = values.popitem()
        options = {f"{key}_": value for key, value in values.items()}
        choices = await self._person.autocomplete(
            name, option, typed, channel=self._channel, **options
        )
        for choice in choices:
            self.output.append(f"  ? {choice['name']}")
        if not choices:
            self.output.append("  nothing is offered")

    async def _press_label(self, label: str) -> None:
        messages = reversed(self._person.get_visible_messages(self._channel))
        messages_with_label = (
            message for message in messages if label in [button.label for button in message.buttons]
        )
        message = next(messages_with_label, None)
        if message is None:
            reject(f"nothing here has a button {label!r}")
        self._show_modal(await self._person.press(message, label))

    def _number_buttons(self, message: Message) -> dict[str, int]:  # noqa: ARG002 - buttons are pressed by their labels
        return {}

    def _expects_reply(self, line: str) -> bool:
        is_posted = (
            not line.startswith(("/", "[", "#", "! ", "? ")) and line.partition(" ")[0] not in VERBS
        )
        if line.startswith("hear-of "):
            return True
        is_to_bot = "@dateline" in line or line.startswith("> ") or self._channel.guild_id is None
        return is_posted and is_to_bot and self._open_modal is None

    def _count_answers(self) -> int:
        bot_id = self._world.bot.id
        return sum(message.author_id == bot_id for message in self._world.messages.values())


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[tuple[Typist, LocalDiscord]]:
    """Yield a typist in a Discord with a running bot."""
    openapi = find_openapi()
    async with start_bot(folder, LIBRARY, now=APRIL, openapi=openapi) as bot:
        await bot.client._refresh_library()  # noqa: SLF001 - one round of the loop
        await bot.wait_for_latency()
        yield Typist(bot), bot.local


async def run_lines(typist: Typist, typed: Iterable[str]) -> str:
    """Return the lines, each after a `$` and followed by the output."""
    for line in typed:
        typist.output.append(f"$ {line}")
        await typist.type(line)
    text = "".join(f"{line}\n" for entry in typist.output for line in entry.split("\n"))
    for variable, constant in _REPLACEMENTS:
        text = variable.sub(constant, text)
    return text
