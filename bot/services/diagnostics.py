"""Whether this set-up is right, as far as that shows without Discord: what `dateline doctor` tells.

It changes nothing: no database is made or brought up to date by looking at it.
"""

import asyncio
import shutil
from contextlib import suppress
from datetime import datetime
from importlib import metadata
from pathlib import Path
from zoneinfo import available_timezones

from bot.dates.calendar import day_text
from bot.errors import BotError, StoreError
from bot.presentation.trend import can_draw
from bot.presentation.wording import count_text
from bot.retrieval.search_index import Corpus
from bot.runtime import pseudonyms
from bot.runtime.heartbeats import health
from bot.search import embedded as live_corpus
from bot.search import snapshot as saved_corpus
from bot.services import app as running
from bot.services.finding import Finding, State
from bot.settings import model_files as config_files
from bot.settings.settings import CONFIG_FILE, Settings
from bot.store.inspection import Examination, examined

_LEAST_FREE_BYTES = 200_000_000
_MEGABYTE = 1_000_000
_OTHERS_MAY = 0o077


async def findings_here(settings: Settings, now: datetime) -> tuple[Finding, ...]:
    """How each part of the set-up on this machine is."""
    return (
        right("settings", f"{settings.home / CONFIG_FILE} and the environment are in order."),
        _texts(settings),
        _folder(settings.data_dir),
        _disk(settings.data_dir),
        *await _library(settings),
        _bot(settings.data_dir, now),
        _zone(settings, now),
        _charts(),
    )


def right(part: str, text: str) -> Finding:
    """That the part is right."""
    return Finding(part=part, state=State.RIGHT, text=text)


def note(part: str, text: str) -> Finding:
    """What is good to know of the part."""
    return Finding(part=part, state=State.NOTE, text=text)


def wrong(part: str, text: str) -> Finding:
    """That something is wrong with the part, and what to do."""
    return Finding(part=part, state=State.WRONG, text=text)


def _texts(settings: Settings) -> Finding:
    part = "word lists"
    try:
        config_files.analyser_of(settings)
        config_files.weights_of(settings)
    except BotError as error:
        return wrong(part, str(error))
    return right(part, "the stop words and the weights can be read.")


def _folder(folder: Path) -> Finding:
    part = "data folder"
    if not folder.exists():
        return note(part, f"{folder} is not there yet: the first ask, ingest or run makes it.")
    secret = folder / pseudonyms.FILE_NAME
    if secret.exists() and secret.stat().st_mode & _OTHERS_MAY:
        return wrong(part, f"others may read {secret}: chmod 600 it.")
    return right(part, f"{folder}.")


def _disk(folder: Path) -> Finding:
    part = "disk space"
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    free = shutil.disk_usage(there).free
    text = f"{free // _MEGABYTE:,} MB are free"
    if free < _LEAST_FREE_BYTES:
        return wrong(part, f"only {text}: free some, or choose another data folder.")
    return right(part, f"{text}.")


async def _library(settings: Settings) -> tuple[Finding, ...]:
    """How the database is, and where that is whole what is saved beside it."""
    path = settings.data_dir / running.DATABASE_NAME
    try:
        examination = await examined(path)
    except StoreError as error:
        return (wrong("database", str(error)),)
    if examination is None or examination.library_id is None:
        text = "there is none yet: the first ask, ingest or run makes it."
        return (note("database", text),)
    if examination.faults:
        told = "; ".join(examination.faults)
        remedy = "restore it from a copy, or move it away and ingest again"
        return (wrong("database", f"{path} is damaged: {remedy}. SQLite says: {told}."),)
    return (_database(path, examination), *await _index(settings, examination))


def _database(path: Path, examination: Examination) -> Finding:
    if examination.lacking:
        steps = count_text(examination.lacking, "step")
        text = f"{path} is whole; the next start brings it up to date, by {steps}."
        return note("database", text)
    articles = count_text(len(examination.revisions), "article")
    return right("database", f"{path} is whole and holds {articles}.")


async def _index(settings: Settings, examination: Examination) -> tuple[Finding, ...]:
    """How the saved corpus is; nothing, where the stop words that it was made with can't be read."""
    with suppress(BotError):
        analyser = config_files.analyser_of(settings)
        path = settings.data_dir / live_corpus.FILE_NAME
        library_id = examination.library_id or ""
        corpus = await asyncio.to_thread(saved_corpus.load, path, analyser, library_id)
        return (_in_step(corpus, examination),)
    return ()


def _in_step(corpus: Corpus | None, examination: Examination) -> Finding:
    part = "index"
    if corpus is None:
        return note(part, "none is saved that fits: the next start makes it anew.")
    held = zip(corpus.articles.ids, corpus.articles.revisions.tolist(), strict=True)
    if dict(held) != dict(examination.revisions):
        return note(part, "the saved one is behind the library: the next start catches up.")
    return right(part, "what searches need is saved and in step with the library.")


def _bot(folder: Path, now: datetime) -> Finding:
    part = "bot"
    found = health(folder, now)
    if not found.is_running:
        return note(part, "none runs on this data folder just now.")
    if found.late:
        silent = ", ".join(found.late)
        return wrong(part, f"it runs, but is silent in: {silent}. Look into its log.")
    return right(part, "it runs and is well.")


def _charts() -> Finding:
    part = "charts"
    if can_draw():
        return right(part, "matplotlib is installed: /trend sends a picture.")
    remedy = "run pip install 'dateline-bot[charts]' to get a picture, too"
    return note(part, f"matplotlib is not installed, so /trend sends numbers alone: {remedy}.")


def _zone(settings: Settings, now: datetime) -> Finding:
    zone = settings.dates.zone
    local = now.astimezone(zone)
    version = metadata.version("tzdata")
    return right(
        "time zone",
        f"in {zone.key} it is {local:%H:%M} on {day_text(local.date())}; "
        f"{len(available_timezones())} zones are known (tzdata {version}).",
    )
