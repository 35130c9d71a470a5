"""The options and arguments that several commands take."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

After = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles published on this day or later."),
]
Before = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles published on this day or earlier."),
]
Source = Annotated[str | None, typer.Option(metavar="NAME", help="Only articles of this source.")]
Topic = Annotated[
    list[str], typer.Argument(metavar="TOPIC", help="What it is about, in a few words.")
]
