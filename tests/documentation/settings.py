"""The settings as Markdown: defaults from the code, meanings from config/dateline.toml."""

import json
import re
from collections.abc import Mapping

from bot.discord_ui.commands.registration import FINGERPRINT_FILE
from bot.runtime.heartbeats import HEARTBEATS_FILE
from bot.runtime.pseudonyms import KEY_FILE
from bot.runtime.run_lock import RUN_LOCK_FILE
from bot.search.embedded import INDEX_FILE
from bot.settings.sections import SETTING_DESCRIPTIONS, Sections
from bot.settings.variables import key_to_variable
from bot.store.database import DATABASE_FILE
from tests.builders import PROJECT
from tests.documentation.markdown import escape_cell, format_table

DATA_FILES: Mapping[str, str] = {
    DATABASE_FILE: "the database: articles, receipts, digests, alerts, and what is stored about"
    " servers and people",
    f"{DATABASE_FILE}-wal`, `{DATABASE_FILE}-shm": "SQLite's own files beside an open database; a"
    " backup needs them too",
    INDEX_FILE: "the search index of a larger library; made from the database, and made again if it is missing or"
    " damaged",
    KEY_FILE: "the key of the hashes that stand for people in the database; keep it together with"
    " the database, and private",
    RUN_LOCK_FILE: "keeps a second `dateline run` off the same data folder",
    HEARTBEATS_FILE: "the last sign of life of each part of the bot, for `dateline health`",
    FINGERPRINT_FILE: "a hash of the commands that Discord was given last, so that they are sent"
    " again only if they changed",
}
"""The files of the data folder, and what each is for."""


def build_settings() -> str:
    """Return a table of settings for each section of config/dateline.toml."""
    defaults, meanings = _list_defaults(), _list_meanings()
    sections: dict[str, list[tuple[str, ...]]] = {}
    for key in SETTING_DESCRIPTIONS:
        section, name = key.split(".")
        row = (
            f"`{name}`",
            f"`{defaults[key]}`",
            f"`{key_to_variable(key)}`",
            escape_cell(meanings[key]),
        )
        sections.setdefault(section, []).append(row)
    header = ("setting", "default", "environment variable", "meaning")
    return "\n\n".join(
        f"### {section}\n\n{format_table(header, rows)}" for section, rows in sections.items()
    )


def build_data_files() -> str:
    """Return a table of the files in the data folder."""
    return format_table(
        ("file", "what it is"), [(f"`{name}`", text) for name, text in DATA_FILES.items()]
    )


def _list_defaults() -> dict[str, str]:
    """Return the default of each setting as TOML writes it."""
    values = json.loads(Sections().model_dump_json())
    return {
        f"{section}.{key}": json.dumps(value)
        for section, table in values.items()
        for key, value in table.items()
    }


def _list_meanings() -> dict[str, str]:
    """Return the comment that stands above each setting in config/dateline.toml."""
    section, comment, meanings = "", "", {}
    for line in (PROJECT / "config" / "dateline.toml").read_text("utf-8").splitlines():
        if line.startswith("["):
            section, comment = line.strip("[]"), ""
        elif line.startswith("#"):
            comment += line.removeprefix("#")
        elif match := re.match(r"(\w+) =", line):
            meanings[f"{section}.{match[1]}"] = comment
            comment = ""
    return meanings
