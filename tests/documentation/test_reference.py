"""The generated parts of docs/reference/, held to the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.evaluation.measures import MEASURES
from bot.settings.variables import FOLDER_VARIABLES, TOKEN_VARIABLES
from bot.store.database import DATABASE_FILE
from tests.builders import PROJECT, SEED_QUESTION
from tests.commands import RunCommand
from tests.discord_ui.commands.test_digest_set import MANAGED
from tests.documentation.discord_commands import MANAGER_COMMANDS
from tests.documentation.make_reference import COMMAND, PAGES, update_page
from tests.documentation.markdown import list_region_names, parse_table, split_sections
from tests.documentation.pages import read_reference
from tests.documentation.settings import DATA_FILES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_generator_makes_of_it(name: str) -> None:
    page = read_reference(name)

    assert list_region_names(page) == list(PAGES[name])
    if update_page(name) != page:
        pytest.fail(f"docs/reference/{name} is out of date: run {COMMAND}", pytrace=False)


def test_the_buttons_of_the_page_are_those_of_the_code() -> None:
    section = split_sections(read_reference("discord-commands.md"))["Buttons"]
    first_cells = [row[0] for row in parse_table(section)]
    labels = {
        label for cell in first_cells for label in re.findall(r"\*\*(.+?)\*\*|([^\w\s*,])", cell)
    }

    assert {"".join(label) for label in labels} == set(list_button_labels())


def test_the_digest_commands_for_managers_are_those_that_refuse_others() -> None:
    refused = {f"digest {name}" for name in MANAGED}

    assert refused | {"digest set"} == MANAGER_COMMANDS


def test_the_other_variables_have_a_sentence_each() -> None:
    page = read_reference("settings.md")

    assert [name for name in (*FOLDER_VARIABLES, *TOKEN_VARIABLES) if f"`{name}`" not in page] == []


def test_the_files_that_a_command_leaves_behind_are_listed(run: RunCommand, tmp_path: Path) -> None:
    documented = "`, `".join(DATA_FILES).split("`, `")

    run("ask", SEED_QUESTION)

    left = {path.name for path in (tmp_path / "data").iterdir()}
    assert {DATABASE_FILE} <= left <= set(documented)


def test_each_measure_has_a_row_in_the_order_of_the_report() -> None:
    names = [row[0].strip("`") for row in parse_table(read_reference("evaluation-measures.md"))]

    assert names == [measure.name for measure in MEASURES]


def list_button_labels() -> Iterator[str]:
    """Yield the label of each `Button(…)` and `Link(…)` that the code builds."""
    for path in sorted((PROJECT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Button", "Link"}:
                yield from (
                    str(keyword.value.value)
                    for keyword in node.keywords
                    if keyword.arg == "label" and isinstance(keyword.value, ast.Constant)
                )
