"""What a command works with: the program that `__main__` builds, and the global options."""

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
    """The options that every command takes.

    Attributes:
        config: The settings file; None for the default one.
        data_dir: The data folder; None for the one of the environment or the settings.
        as_of: The time to start the clock at, as typed; None for the system's time.
    """

    config: Path | None = None
    data_dir: Path | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What the commands can do; what each needs is imported only when it is called.

    Attributes:
        load_settings: Load the settings that the options ask for.
        open_services: Open the services that the options ask for.
        run_bot: Run the Discord bot until it is stopped.
        examine_setup: Examine the set-up, on this machine and in Discord.
        serve_local_discord: Serve a Discord on this machine, on a port.
    """

    load_settings: Callable[[GlobalOptions], Settings]
    open_services: Callable[[GlobalOptions, Notify], AbstractAsyncContextManager[Services]]
    run_bot: Callable[[GlobalOptions], None]
    examine_setup: Callable[[GlobalOptions], Sequence[Finding]]
    serve_local_discord: Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One run of a command; the context of typer carries it.

    Attributes:
        program: What the command can do.
        options: The global options that it was given.
    """

    program: Program
    options: GlobalOptions = GlobalOptions()

    def load_settings(self) -> Settings:
        """Return the settings that the options ask for.

        Raises:
            SettingsError: A setting is wrong.
        """
        return self.program.load_settings(self.options)


def get_invocation(context: typer.Context) -> Invocation:
    """Return the invocation that the context carries."""
    invocation: Invocation = context.obj
    return invocation
