"""How many instances of a process run at once: who starts one more is refused, or its instance waits.

Who starts or lets begin has the process for itself until the transaction ends, so that nodes count one after
the other. An instance that waits is suspended at its start, and resumed when its turn comes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec
import sqlalchemy as sa

from penstock.kernel import Rejected
from penstock.kernel.commands import Command, ResumeInstance, StartAtElement, StartInstance
from penstock.levels import Levels, ProcessLevel
from penstock.runtime.actors import SYSTEM
from penstock.runtime.requests import LetBegin, Received, Request
from penstock.store import turns
from penstock.store.locks import Address
from penstock.store.states import Stored

AT_ONCE = 50
"""Instances that one transaction lets begin at most."""
_RUNNING = ("active", "incident")


class Turns:
    """The limits of processes, within one transaction."""

    def __init__(
        self,
        levels: Levels,
        now: Callable[[], int],
        carry_out: Callable[[Request], object],
        alone: Callable[[Address], None],
        loaded: Callable[[], Collection[Stored | None]],
    ) -> None:
        """Begin.

        Arguments:
            alone: has an address alone, or begins the transaction anew.
            loaded: gives the instances of the transaction, whose rows may not be written yet.
        """
        self._levels = levels
        self._now = now
        self._carry_out = carry_out
        self._alone = alone
        self._loaded = loaded

    def limit_of(self, process_id: str) -> ProcessLevel | None:
        """Give the limit of a process, None where it has none."""
        level = self._levels.processes.get(process_id)
        return level if level is not None and level.running is not None else None

    def admit(
        self, connection: sa.Connection, command: Command, process_id: str, instance_id: str
    ) -> Command:
        """Give the command that starts an instance as it is to be carried out: held where others run.

        What another instance calls is not held up, since that runs already; it counts all the same.

        Raises:
            Rejected: as many run as may, and starts are refused then.
        """
        level = self.limit_of(process_id)
        if level is None or not isinstance(command, StartInstance | StartAtElement):
            return command
        if isinstance(command, StartInstance) and command.caller is not None:
            return command
        self._alone(address_of(process_id))
        if self._room(connection, process_id, level) > 0 and not turns.first(connection, process_id, 1):
            return command
        if level.over == "refuse" or isinstance(command, StartAtElement):
            raise Rejected(
                "too_many",
                f"as many instances of process '{process_id}' run as may at once ({level.running}): "
                "try again when one has ended, or raise levels.processes in penstock.toml",
            )
        turns.add(connection, process_id, instance_id, self._now())
        return msgspec.structs.replace(command, held=True)

    def let_begin(self, connection: sa.Connection, asked: LetBegin) -> Received:
        """Let those begin who have waited longest, as far as there is room."""
        process_id, level = asked.process_id, self.limit_of(asked.process_id)
        self._alone(address_of(process_id))
        for id in turns.first(connection, process_id, AT_ONCE):
            if level is not None and self._room(connection, process_id, level) <= 0:
                break
            turns.remove(connection, id)
            try:
                self._carry_out(Request(id, ResumeInstance(), SYSTEM))
            except Rejected:  # somebody has cancelled it, or has resumed it by hand
                continue
        return Received()

    def _room(self, connection: sa.Connection, process_id: str, level: ProcessLevel) -> int:
        assert level.running is not None, "a limit has a number"
        of_process = [it for it in self._loaded() if it is not None and it.process_id == process_id]
        here = sum((it.status in _RUNNING) - (it.was in _RUNNING) for it in of_process)
        return level.running - here - turns.running(connection, process_id, level.running + len(of_process))


def address_of(process_id: str) -> Address:
    """Give what is locked to count the instances of a process; no message has an empty name, as this has."""
    return "", f"running {process_id}"


def to_begin(connection: sa.Connection, levels: Levels) -> list[str]:
    """Give the processes of which an instance that waits may begin."""
    found = []
    for process_id in turns.processes(connection):
        level = levels.processes.get(process_id)
        limit = None if level is None else level.running
        if limit is None or turns.running(connection, process_id, limit) < limit:
            found.append(process_id)
    return found
