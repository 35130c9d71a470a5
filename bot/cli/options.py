"""The options and arguments that several commands share."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON")]

After = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles from this day on, such as 2 March"),
]
Before = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles up to this day, such as yesterday"),
]
Source = Annotated[str | None, typer.Option(metavar="NAME", help="Only articles from this source")]
Topic = Annotated[list[str], typer.Argument(metavar="TOPIC", help="Topic, in a few words")]
