"""What the exit status of a command means, and how every failure becomes one clear line.

The table is documented in docs/cli.md; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from penstock.client import Refused


class Exit(IntEnum):
    """The exit status of a command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    NO_SERVER = 4
    REFUSED = 5
    INTERRUPTED = 130


MEANING: Final = {
    Exit.OK: "done",
    Exit.FAILED: "it failed: an incident, a cancelled instance, time ran out, or the server cannot run",
    Exit.USAGE: "wrong use: an argument, a setting, or a file that cannot be read",
    Exit.NOT_FOUND: "the server knows no such alias, process, version or instance",
    Exit.NO_SERVER: "no server answers, or it does not accept the token",
    Exit.REFUSED: "refused: a model or manifest with errors, wrong parameters, or a conflict",
    Exit.INTERRUPTED: "stopped by Ctrl-C",
}


class CommandFailed(Exception):
    """A command came to nothing.

    Arguments:
        exit: the exit status.
        message: one line for standard error; none when the output says it already.
    """

    def __init__(self, exit: Exit, message: str = "") -> None:
        super().__init__(message)
        self.exit = exit
        self.message = message


@contextmanager
def told_of_the_database() -> Iterator[None]:
    """Let a database that cannot be used be a failure with one clear line."""
    from penstock.store.database import DatabaseError

    try:
        yield
    except DatabaseError as error:
        raise CommandFailed(Exit.FAILED, str(error)) from None


def as_failure(error: Exception) -> CommandFailed | None:
    """Give what a known failure means for the command; None for a fault of ours."""
    from penstock.api.domo.manifest import ManifestError
    from penstock.client import ClientError, NoServer, Refused
    from penstock.config import SettingsError
    from penstock.project import ProjectError
    from penstock.tracing import TracingError
    from penstock.workers.protocol import FunctionsError

    match error:
        case CommandFailed():
            return error
        case SettingsError() | ProjectError() | TracingError():
            return CommandFailed(Exit.USAGE, str(error))
        case NoServer():
            return CommandFailed(Exit.NO_SERVER, str(error))
        case Refused():
            return CommandFailed(_exit_of(error.status), _with_findings(error))
        case ManifestError() | FunctionsError():
            return CommandFailed(Exit.REFUSED, str(error))
        case ClientError():
            return CommandFailed(Exit.FAILED, str(error))
        case _:
            return None


def _exit_of(status: int) -> Exit:
    if status in (401, 403):
        return Exit.NO_SERVER
    if status == 404:
        return Exit.NOT_FOUND
    return Exit.REFUSED if status < 500 else Exit.FAILED


def _with_findings(error: Refused) -> str:
    from penstock.cli.output import finding_line

    return "\n".join([str(error), *(f"  {finding_line(finding)}" for finding in error.findings)])
