"""The layout of `dateline --help` and of each command's help."""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup


class CommandWithHelp(TyperCommand):
    """A command with help that names the arguments without their Python types."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the usage line: the options, then each argument."""
        return ["[OPTIONS]", *map(_format_argument, _list_params(self, ctx, "argument"))]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options."""
        # Typer's own lists show an argument as "QUESTION <list[str]>".
        if arguments := _list_params(self, ctx, "argument"):
            with formatter.section("Arguments"):
                formatter.write_dl([(argument.metavar, argument.help) for argument in arguments])
        _format_options(self, ctx, formatter)


class GroupWithHelp(TyperGroup):
    """All commands, with help in the same style."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the global options and the list of commands."""
        _format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)


def get_summary(docstring: str) -> str:
    """Return the first line of a docstring, as it stands in the list of commands."""
    return docstring.partition("\n")[0].removesuffix(".")


def _list_params(command: TyperCommand | TyperGroup, ctx: Any, kind: str) -> list[Any]:
    return [param for param in command.get_params(ctx) if param.param_type_name == kind]


def _format_options(command: TyperCommand | TyperGroup, ctx: Any, formatter: Any) -> None:
    records = [option.get_help_record(ctx) for option in _list_params(command, ctx, "option")]
    with formatter.section("Options"):
        formatter.write_dl([(name, _reword_option_help(text)) for name, text in records])


def _reword_option_help(text: str) -> str:
    """Return an option's help; Typer writes "1<=x<=10", and ends that of --help in a full stop."""
    return re.sub(r"(\d+)<=x<=(\d+)", r"\1 to \2", text).removesuffix(".")


def _format_argument(argument: Any) -> str:
    name = f"{argument.metavar}..." if argument.nargs != 1 else str(argument.metavar)
    return name if argument.required else f"[{name}]"
