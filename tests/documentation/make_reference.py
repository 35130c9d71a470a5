"""Writes the generated parts of docs/reference/: `python -m tests.documentation.make_reference`.

The rest of a page is written by hand, outside its markers `<!-- generated: NAME -->`.
"""

from collections.abc import Callable, Mapping
from functools import partial

from bot.cli.runner import ExitCode
from tests.documentation import (
    command_line,
    discord_commands,
    exit_codes,
    json_examples,
    settings,
)
from tests.documentation.markdown import list_region_names, replace_regions
from tests.documentation.pages import REFERENCE, read_reference

COMMAND = ".venv/bin/python -m tests.documentation.make_reference"

Regions = Mapping[str, Callable[[], str]]

PAGES: Mapping[str, Regions] = {
    "command-line.md": {
        "summary": command_line.build_summary,
        "global-options": command_line.build_global_options,
        "commands": command_line.build_commands_section,
        "explained": command_line.build_explained_example,
    },
    "discord-commands.md": {
        "summary": discord_commands.build_summary,
        "commands": discord_commands.build_commands_section,
        "menus": discord_commands.build_menus,
        "permissions": discord_commands.build_permissions,
        "links": discord_commands.build_links,
    },
    "exit-codes.md": {
        "example": exit_codes.build_example,
        "errors": partial(exit_codes.build_errors, ExitCode.ERROR),
        "wrong-input": partial(exit_codes.build_errors, ExitCode.WRONG_INPUT),
    },
    "json.md": {
        "ask": json_examples.build_ask_example,
        "abstention": json_examples.build_abstention_example,
        "search": json_examples.build_search_example,
        "verify": json_examples.build_verify_example,
    },
    "settings.md": {
        "settings": settings.build_settings,
        "data-files": settings.build_data_files,
    },
}
"""The generated regions of each page, and what builds them."""


def update_page(name: str) -> str:
    """Return a page with its generated parts as the code has them now."""
    page = read_reference(name)
    contents = {region: PAGES[name][region]() for region in list_region_names(page)}
    return replace_regions(page, contents)


def main() -> None:
    """Bring all pages up to date."""
    for name in PAGES:
        (REFERENCE / name).write_text(update_page(name), encoding="utf-8")


if __name__ == "__main__":
    main()
