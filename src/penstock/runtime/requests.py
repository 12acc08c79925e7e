"""What is asked of the dispatcher, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from penstock.kernel.commands import Command
from penstock.runtime.definitions import Definition
from penstock.store.rows import InstanceRow, OutboxKey


class Busy(Exception):
    """More is asked than can be done now: ask again later."""


class Unavailable(Exception):
    """The database cannot be written now; the message says why. Nothing has changed."""


class Fault(Exception):
    """A fault of ours: the command was rolled back, and the log has it."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A client's name for a request, so that it may send it again without doing it twice."""

    key: str
    digest: str
    """What was asked; another request under the same key is a conflict."""


@dataclass(frozen=True, slots=True)
class Request:
    """One command to one instance."""

    instance_id: str
    command: Command
    actor: str
    definition: Definition | None = None
    """With `StartInstance`: what to start."""
    idempotency: Idempotency | None = None
    sent: OutboxKey | None = None
    """For a command from the outbox: which it is."""


Answer = InstanceRow | Exception
Reply = Callable[[Answer], None]
"""Takes the answer on the committer's thread, after the commit; it must neither wait nor raise."""
