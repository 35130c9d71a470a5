"""The commands of `dateline` as Markdown, read from typer."""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Any

import typer.main

from bot.cli.commands import build_commands
from tests.documentation.markdown import escape_cell, format_table
from tests.documentation.program import AS_OF, run_program


def build_summary() -> str:
    """Return a table of all commands, each with a link to its section."""
    group = typer.main.get_group(build_commands())
    return format_table(
        ("command", "what it does"),
        [
            (f"[`dateline {name}`](#dateline-{name})", escape_cell(_split_help(command)[0]))
            for name, command in group.commands.items()
        ],
    )


def build_global_options() -> str:
    """Return the options that every command takes."""
    return _format_options(_make_context("dateline", typer.main.get_group(build_commands())))


def build_explained_example() -> str:
    """Return an answer with the sum of its score, as the terminal shows it."""
    question = "Who designated Anthropic a supply chain risk?"
    result = run_program("ask", "--explain", "--limit", "1", question)
    command = f'$ dateline ask --explain --limit 1 "{question}" --as-of {AS_OF}'
    lines = [line.rstrip() for line in result.stdout.strip().splitlines()]
    return "\n".join(["```text", command, *lines, "```"])


def build_commands_section() -> str:
    """Return a section for each command."""
    group = typer.main.get_group(build_commands())
    return "\n\n".join(
        _format_command(_make_context(name, command)) for name, command in group.commands.items()
    )


def _make_context(name: str, command: Any) -> Any:
    return command.make_context(name, [], resilient_parsing=True)


def _format_command(context: Any) -> str:
    name = context.info_name
    summary, details, examples = _split_help(context.command)
    pieces = " ".join(context.command.collect_usage_pieces(context))
    usage = f"dateline {name} {re.sub('[{}]', '', pieces)}"
    parts = [
        f"### dateline {name}",
        f"{summary}",
        *details,
        f"```text\n{usage}\n```",
        _format_arguments(context),
        _format_options(context),
        *(f"```sh\n{example}\n```" for example in examples),
    ]
    return "\n\n".join(filter(None, parts))


def _split_help(command: Any) -> tuple[str, list[str], list[str]]:
    """Return the first paragraph of a command's help, the others, and its examples."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", command.help or "")]
    is_example = re.compile(r"Examples?: *")
    examples = [is_example.sub("", part) for part in paragraphs if is_example.match(part)]
    texts = [part for part in paragraphs if not is_example.match(part)]
    return texts[0], texts[1:], examples


def _format_arguments(context: Any) -> str:
    rows = [
        (f"`{parameter.metavar}`", _format_help(parameter), _format_limits(parameter))
        for parameter in context.command.params
        if not _is_option(parameter)
    ]
    return format_table(("argument", "meaning", "accepted"), rows) if rows else ""


def _format_options(context: Any) -> str:
    rows = [
        (
            f"`{_format_signature(parameter, context)}`",
            _format_help(parameter),
            _format_limits(parameter),
            _format_default(parameter),
        )
        for parameter in context.command.params
        if _is_option(parameter)
    ]
    return format_table(("option", "meaning", "accepted", "default"), rows) if rows else ""


def _is_option(parameter: Any) -> bool:
    return str(parameter.opts[0]).startswith("-")


def _format_signature(parameter: Any, context: Any) -> str:
    signature, _ = parameter.get_help_record(context)
    choices = _list_choices(parameter)
    shown = re.sub(r"<.*>$", parameter.opts[0].strip("-").upper(), signature) if choices else None
    return (shown or signature).replace("|", " or ")


def _list_choices(parameter: Any) -> Sequence[str]:
    """Return the values of an option that is an enumeration."""
    annotation = parameter.type_descriptor.annotation
    kinds = [annotation, *getattr(annotation, "__args__", ())]
    return [
        str(member.value)
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, Enum)
        for member in kind
    ]


def _format_help(parameter: Any) -> str:
    return escape_cell(parameter.help or "")


def _format_limits(parameter: Any) -> str:
    if choices := _list_choices(parameter):
        return ", ".join(f"`{choice}`" for choice in choices)
    if parameter.min is not None and parameter.max is not None:
        return f"{parameter.min} to {parameter.max}"
    if parameter.min is not None:
        return f"from {parameter.min} on"
    return ""


def _format_default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    default = parameter.default.value if isinstance(parameter.default, Enum) else parameter.default
    return "" if default is None or default is False else f"`{default}`"
