"""The checks of `dateline doctor` on this machine.

They change nothing: a missing database is not created, and an old one is not updated.
"""

import asyncio
import shutil
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from zoneinfo import available_timezones

from bot.dates.calendar import format_day
from bot.errors import BotError, StoreError
from bot.model.counts import format_count
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.text.terms import Analyser
from bot.runtime.heartbeats import HEARTBEATS_FILE, Health, check_health
from bot.runtime.private_files import is_open_to_others
from bot.runtime.pseudonyms import KEY_FILE
from bot.runtime.run_lock import RUN_LOCK_FILE
from bot.search.embedded import INDEX_FILE, MAX_UNSAVED_CHARS
from bot.search.lost_changes import require_articles, require_indexed_revisions
from bot.search.snapshot import load_index
from bot.services.finding import Finding, FindingState
from bot.settings.data_files import build_analyser, load_weights
from bot.settings.loading import CONFIG_FILE
from bot.settings.settings import Settings
from bot.store.database import DATABASE_FILE
from bot.store.failures import RESTORE_REMEDY
from bot.store.inspection import Inspection, inspect_database

_MIN_FREE_BYTES = 200_000_000
_MEGABYTE = 1_000_000
_FILE_NAMES = (RUN_LOCK_FILE, HEARTBEATS_FILE, KEY_FILE, INDEX_FILE)
_CREATED_LATER = "The first ask, ingest or run creates it."


async def check_machine(settings: Settings, now: datetime) -> tuple[Finding, ...]:
    """Return the findings about the setup on this machine."""
    return (
        report_ok("settings", f"{settings.home / CONFIG_FILE} and the environment are valid."),
        _check_word_lists(settings),
        _check_data_folder(settings.data_dir),
        _check_disk_space(settings.data_dir),
        *await _check_database(settings),
        _check_bot(settings.data_dir, now),
        _check_time_zone(settings, now),
    )


def report_ok(part: str, text: str) -> Finding:
    """Return the finding that a part is right."""
    return Finding(part=part, state=FindingState.OK, text=text)


def report_note(part: str, text: str) -> Finding:
    """Return a finding that is good to know and needs no action."""
    return Finding(part=part, state=FindingState.NOTE, text=text)


def report_problem(part: str, text: str) -> Finding:
    """Return the finding that a part is wrong; the text also says what to do."""
    return Finding(part=part, state=FindingState.PROBLEM, text=text)


def report_error(part: str, error: BotError) -> Finding:
    """Return the finding for an error that occurred when a part was checked."""
    return Finding(part=part, state=FindingState.PROBLEM, error=error)


def _check_word_lists(settings: Settings) -> Finding:
    part = "word lists"
    try:
        build_analyser(settings)
        load_weights(settings)
    except BotError as error:
        return report_error(part, error)
    return report_ok(part, "The stop words and the weights can be read.")


def _check_data_folder(folder: Path) -> Finding:
    part = "data folder"
    if not folder.exists():
        return report_note(part, f"{folder} does not exist yet. {_CREATED_LATER}")
    if misplaced := [folder / name for name in _FILE_NAMES if (folder / name).is_dir()]:
        text = f"{misplaced[0]} is a folder, but a file is needed there. Move it away."
        return report_problem(part, text)
    secret = folder / KEY_FILE
    if secret.exists() and is_open_to_others(secret):
        return report_problem(part, f"Other users can read {secret}. Run chmod 600 {secret}.")
    if is_open_to_others(folder):
        return report_note(part, f"Other users can open {folder}. Run chmod 700 {folder}.")
    return report_ok(part, f"The folder is {folder}.")


def _check_disk_space(folder: Path) -> Finding:
    part = "disk space"
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free_bytes = shutil.disk_usage(existing).free
    text = f"{free_bytes // _MEGABYTE:,} MB are free"
    if free_bytes < _MIN_FREE_BYTES:
        return report_problem(part, f"Only {text}. Free some space, or choose another data folder.")
    return report_ok(part, f"{text}.")


async def _check_database(settings: Settings) -> tuple[Finding, ...]:
    """Return the finding about the database; if it is intact, also that about the saved index."""
    path, index_path = settings.data_dir / DATABASE_FILE, settings.data_dir / INDEX_FILE
    try:
        inspection = await inspect_database(path) or Inspection()
        if not inspection.faults:
            is_old = inspection.has_ever_held_articles
            require_articles(path, index_path, has_ever_held_articles=is_old)
    except StoreError as error:
        return (report_error("database", error),)
    if inspection.library_id is None:
        return (report_note("database", f"There is no database yet. {_CREATED_LATER}"),)
    if inspection.faults:
        text = (
            f"{path} is damaged. {RESTORE_REMEDY} SQLite reports: {'; '.join(inspection.faults)}."
        )
        return (report_problem("database", text),)
    return (_describe_database(path, inspection), *await _check_index(settings, inspection))


def _describe_database(path: Path, inspection: Inspection) -> Finding:
    if inspection.pending_migration_count:
        steps = format_count(inspection.pending_migration_count, "step")
        text = f"{path} is intact. The next start updates it in {steps}."
        return report_note("database", text)
    articles = format_count(len(inspection.revisions), "article")
    return report_ok("database", f"{path} is intact and contains {articles}.")


async def _check_index(settings: Settings, inspection: Inspection) -> tuple[Finding, ...]:
    """Return the finding about the saved index; none if the stop words can't be read."""
    with suppress(BotError):
        analyser = build_analyser(settings)
        return (await asyncio.to_thread(_compare_index, settings.data_dir, inspection, analyser),)
    return ()


def _compare_index(folder: Path, inspection: Inspection, analyser: Analyser) -> Finding:
    part = "index"
    index = load_index(folder / INDEX_FILE, analyser, inspection.library_id or "")
    if index is None and inspection.body_chars <= MAX_UNSAVED_CHARS:
        return report_ok(part, "The library is small, so each start builds its index.")
    if index is None:
        return report_note(
            part, "There is no saved index for this version. The next start builds one."
        )
    try:
        _require_same_articles(folder, inspection, index.articles)
    except StoreError as error:
        return report_error(part, error)
    if index.articles.get_revisions() != inspection.revisions:
        return report_note(
            part, "The saved index is older than the library. Each start adds what is new."
        )
    return report_ok(part, "The saved index is up to date.")


def _require_same_articles(folder: Path, inspection: Inspection, indexed: ArticleTable) -> None:
    """Compare the database with the articles of the saved index, which has a checksum.

    Raises:
        StoreError: The database lacks articles, or their text differs.
    """
    path, index_path = folder / DATABASE_FILE, folder / INDEX_FILE
    known = (inspection.revisions, inspection.withdrawn_revisions)
    last_known = {
        article_id: max(revisions.get(article_id, 0) for revisions in known)
        for article_id in indexed.ids
    }
    require_indexed_revisions(
        path, index_path, indexed=indexed.get_revisions(), last_known=last_known
    )
    damaged_count = sum(
        article.revision == inspection.revisions.get(article.id)
        and sha256(article.body.encode()).digest() != inspection.fingerprints.get(article.id)
        for article in indexed
    )
    if damaged_count:
        articles = format_count(damaged_count, "article")
        reason = f"the text of {articles} in it is damaged. {RESTORE_REMEDY}"
        raise StoreError(path, reason)


def _check_bot(folder: Path, now: datetime) -> Finding:
    part = "bot"
    bot_health = check_health(folder, now)
    if not bot_health.is_running:
        return report_note(part, "No bot is running on this data folder.")
    if bot_health.silent_parts:
        return report_problem(part, describe_silence(bot_health))
    return report_ok(part, "The bot is running.")


def describe_silence(bot_health: Health) -> str:
    """Return the sentence for a running bot with parts that are not responding."""
    if bot_health.is_only_disconnected:
        return "The bot is running, but it is not connected to Discord's gateway. Check its log."
    silent = ", ".join(bot_health.silent_parts)
    return f"The bot is running, but these parts are not responding: {silent}. Check its log."


def _check_time_zone(settings: Settings, now: datetime) -> Finding:
    zone = settings.dates.zone
    local = now.astimezone(zone)
    version = metadata.version("tzdata")
    return report_ok(
        "time zone",
        f"In {zone.key} it is {local:%H:%M} on {format_day(local.date())}. "
        f"{len(available_timezones())} time zones are known (tzdata {version}).",
    )
