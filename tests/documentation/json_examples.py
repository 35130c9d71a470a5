"""Real outputs of `--json`, laid out to be read."""

import json
import shlex
import tempfile
from pathlib import Path
from typing import Any

from tests.builders import SEED_QUESTION
from tests.documentation.program import AS_OF, run_program

_ELAPSED_MS = 21.5
"""Stands in for the time that an answer took, which differs from run to run."""

_DECIMALS = 3

_ASK = ("ask", SEED_QUESTION, "--limit", "1", "--json")


def build_example(*arguments: str, data_dir: Path | None = None) -> str:
    """Return a command and what it prints."""
    value = json.loads(run_program(*arguments, data_dir=data_dir).stdout)
    shown = json.dumps(_shorten(value), ensure_ascii=False, indent=2)
    return f"```sh\ndateline {shlex.join(arguments)} --as-of {AS_OF}\n```\n\n```json\n{shown}\n```"


def build_ask_example() -> str:
    """Return an answered question."""
    return build_example(*_ASK)


def build_abstention_example() -> str:
    """Return a question that the articles do not answer."""
    return build_example("ask", "Who is the CEO of Anthropic?", "--limit", "1", "--json")


def build_search_example() -> str:
    """Return a search."""
    return build_example("search", "supply chain", "--limit", "1", "--json")


def build_verify_example() -> str:
    """Return the verification of the excerpt that answers the question of the other example."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        answer = json.loads(run_program(*_ASK, data_dir=data_dir).stdout)
        receipt = answer["excerpts"][0]["receipt"]
        return build_example("verify", receipt, "--json", data_dir=data_dir)


def _shorten(value: Any) -> Any:
    """Return the value with its numbers rounded and its time fixed."""
    if isinstance(value, dict):
        return {
            key: _ELAPSED_MS if key == "elapsed_ms" else _shorten(part)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_shorten(part) for part in value]
    return round(value, _DECIMALS) if isinstance(value, float) else value
