"""The program that `__main__` builds for the commands, and the global options."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.services.finding import Finding
from bot.services.library import Notify
from bot.services.services import Services
from bot.settings.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalOptions:
    """The options that every command accepts.

    Attributes:
        config: The settings file; None for the default one.
        data_dir: The data folder; None for the one from the environment, or the default one.
        as_of: The start time of the clock, as entered; None for the system time.
    """

    config: Path | None = None
    data_dir: Path | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The functions that commands call; each imports its modules when it is called.

    Attributes:
        load_settings: Load the settings.
        open_services: Open the services on the data folder.
        run_bot: Run the Discord bot until it is stopped.
        examine_setup: Check the setup on this machine and in Discord.
        serve_local_discord: Start a local Discord on a port.
    """

    load_settings: Callable[[GlobalOptions], Settings]
    open_services: Callable[[GlobalOptions, Notify], AbstractAsyncContextManager[Services]]
    run_bot: Callable[[GlobalOptions], None]
    examine_setup: Callable[[GlobalOptions], Sequence[Finding]]
    serve_local_discord: Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One run of a command, stored in the typer context.

    Attributes:
        program: The functions that the command can call.
        options: The global options.
    """

    program: Program
    options: GlobalOptions = GlobalOptions()

    def load_settings(self) -> Settings:
        """Return the settings, loaded as the global options say.

        Raises:
            SettingsError: A setting is invalid.
        """
        return self.program.load_settings(self.options)


def get_invocation(context: typer.Context) -> Invocation:
    """Return the invocation that is stored in the context."""
    invocation: Invocation = context.obj
    return invocation
