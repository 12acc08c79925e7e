"""A node on one thread: the real committer, watcher and job runner on a real file, and ways to break it.

Several may work on one file, in turn: each knows only what it has read and done itself. Functions do not run
by themselves: whoever drives the machine says when one ends, and how. A crash is that of one node, or the
power is cut for all: that takes a copy of the disk in the midst of things, and the next start from it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast
from unittest.mock import patch

import sqlalchemy as sa

from penstock.kernel import advance
from penstock.kernel.commands import Command, ReceiveSignal
from penstock.kernel.engine import Outcome
from penstock.runtime import batches, transaction
from penstock.runtime.clock import TestClock
from penstock.runtime.definitions import Definition, Definitions
from penstock.runtime.dispatch import Dispatcher
from penstock.runtime.jobs import ActivatedJob, JobRunner
from penstock.runtime.metrics import Metrics
from penstock.runtime.requests import Answer, Busy, Deliver, Fault, Reply, Request, Unavailable
from penstock.runtime.sends import request_for
from penstock.runtime.transaction import Context
from penstock.runtime.watching import Watcher
from penstock.store import broadcasts, outbox, prepared, sendings, sqlite, subscriptions
from penstock.store.database import Database
from penstock.store.opening import open_database
from penstock.store.rows import BroadcastRow, SubscriptionRow
from penstock.workers.protocol import Call, FunctionInfo, Outcome as FunctionOutcome
from tests.kernel.deciding import DECISIONS

PLACES: Final = 2
SLICE: Final = 3
"""Instances that a batch deals with at a time."""
LOOP_LIMIT: Final = 2_000
T = TypeVar("T")


class Crash(BaseException):
    """The server is gone. Nothing may catch it but the driver."""


Where = Literal["statement", "commit", "committed", "answer"]


@dataclass
class Accident:
    """What goes wrong, and where: at the statement, commit or answer after so many others."""

    where: Where
    after: int
    crash: bool
    """The node is gone; else the database refuses what it is asked, once."""
    power: bool = False
    """Whether all nodes are gone with it, and what the disk had not written."""


class Models(Definitions):
    """Definitions in the notation, which outlive a machine; the real ones are read from its database."""

    def __init__(self, definitions: list[Definition]) -> None:
        self.all = definitions
        self._by_key = {it.key: it for it in definitions}

    def latest(self, process_id: str, version: str | None = None) -> Definition | None:
        return next((it for it in self.all if it.process_id == process_id), None)

    def by_key(self, key: str) -> Definition | None:
        return self._by_key.get(key)


class Pool:
    """Functions that have been called and run until somebody ends them."""

    def __init__(self, functions: list[str]) -> None:
        self.functions: Mapping[str, FunctionInfo] = {
            name: FunctionInfo(name, None, (), True, None, None, "functions.py", 1) for name in functions
        }
        self.calls: list[tuple[Call, Callable[[FunctionOutcome], None]]] = []
        self.ahead = 0

    def limit_ms(self, _function: str, timeout_ms: int | None) -> int:
        return 60_000 if timeout_ms is None else timeout_ms

    def submit(self, call: Call, done: Callable[[FunctionOutcome], None]) -> None:
        assert len(self.calls) < PLACES, "more functions run than there are places"
        self.calls.append((call, done))


class _Driver:
    """The driver's connection, and before each statement the moment at which a server may be gone."""

    def __init__(self, driver: sqlite3.Connection, passing: Callable[[Where], None]) -> None:
        self._driver = driver
        self._passing = passing

    def execute(self, *args: Any) -> sqlite3.Cursor:
        self._passing("statement")
        return self._driver.execute(*args)

    def executemany(self, *args: Any) -> sqlite3.Cursor:
        self._passing("statement")
        return self._driver.executemany(*args)

    def cursor(self) -> _Driver:
        return self


class _OneThread(Dispatcher):
    """The committer without a thread of its own."""

    def carry_out(self) -> None:
        """Carry out what has been submitted, as its thread would."""
        for committer in self._committers:
            committer.queue.put(None)
            committer.serve()


class _AtOnce:
    """The committer for those who wait for it: what they have it do is done when it is theirs again."""

    def __init__(self, machine: Machine, accident: Accident | None) -> None:
        self._machine = machine
        self._accident = accident

    def transact(self, run: Callable[[sa.Connection], T]) -> Future[T]:
        """Run a transaction of its own, now."""
        done = self._machine.transact(run)
        self._machine.round(self._accident)
        return done


class _Watcher(Watcher):
    """The runtime's watcher, and the moment after the commit at which a server may be gone."""

    passing: Callable[[Where], None]

    def committed(self, batch: Any, taken: Any) -> None:
        self.passing("committed")
        super().committed(batch, taken)


def receivers(connection: sa.Connection, signal: BroadcastRow, limit: int) -> list[SubscriptionRow]:
    """Give those whom a signal has not come to."""
    rows = subscriptions.of_signal(connection, signal.name, after=0, last=signal.last_id, limit=10_000)
    own = [row for row in rows if row.instance_id == signal.sender and row.key >= signal.before]
    return [row for row in rows if row not in own][:limit]


def _no_lock(_path: Path) -> int:
    """Stand for the lock that keeps a second server from a file: here there may be several."""
    return os.open(os.devnull, os.O_RDONLY)


_known: list[sa.Engine] = []
"""The first engine of all, whose dialect and compiled statements the others use."""


def _share_statements(database: Database) -> None:
    """Compile a statement once for all nodes of all histories: a third of the time would go there."""
    for engine in (database._writer, database._reader):
        engine.connect().close()  # its own dialect looks at the database at the first connection
        if not _known:
            _known.append(engine)
        engine.dialect, engine._compiled_cache = _known[0].dialect, _known[0]._compiled_cache


class Machine:
    """One life of a node, from its start to its crash."""

    def __init__(
        self, path: Path, models: Models, clock: TestClock, functions: list[str], slice_limit: int, name: str
    ) -> None:
        """Start it.

        Arguments:
            name: under which it leases jobs; no two nodes have the same.
        """
        self.path = path
        self.clock = clock
        self.poisoned: list[Command] = []
        """Commands that a fault of the kernel meets after it has changed the state."""
        self._models = models
        self._accident: Accident | None = None
        self._slice_limit = slice_limit
        with patch.object(sqlite, "_lock", _no_lock):
            self.database = open_database(f"sqlite:///{path}")
        _share_statements(self.database)
        self.pool = Pool(functions)
        metrics = Metrics()
        self.runner = JobRunner(self.pool, PLACES, clock, self.submit, metrics, name)  # type: ignore[arg-type]
        watcher = _Watcher(self.runner, lambda _due: None, metrics)
        watcher.passing = self._pass
        self._dispatcher = _OneThread(
            self.database, Context(models, clock, watcher, LOOP_LIMIT, DECISIONS), metrics
        )
        self._taking: list[tuple[int, Future[list[ActivatedJob]]]] = []
        with self.database.writer() as connection:
            sa.event.listen(connection.engine, "commit", lambda _: self._pass("commit"))

    def close(self) -> None:
        """Close its files."""
        self.database.close()

    # -- what it is asked to do ------------------------------------------------------------------

    def submit(self, request: Request, reply: Reply) -> None:
        """Have a command carried out in the next round."""

        def answered(answer: Answer) -> None:
            self._pass("answer")
            reply(answer)

        self._dispatcher.submit(request, answered)

    def transact(self, run: Callable[[sa.Connection], T]) -> Future[T]:
        """Have a transaction of its own run in the next round."""
        return self._dispatcher.transact(run)

    # -- what it does by itself, as the scheduler would -------------------------------------------

    def take_up(self) -> None:
        """Take up what earlier nodes left, and what others have under way."""
        self.go_on()

    def go_on(self) -> None:
        """Send what is in the outbox, whether or not it has been sent before."""
        with self.database.reading() as connection:
            left, sent = outbox.waiting(connection), sendings.waiting(connection)
        for row in left:
            self.submit(request_for(row, self._models), lambda _: None)
        for place in sent:
            self.submit(Request("", Deliver(place), "system"), lambda _: None)

    def broadcast(self) -> None:
        """Take each signal on its way to some of its receivers; it is there when none is left."""
        after = 0
        while (found := self._next_signal(after)) is not None:
            signal, rows = found
            after = signal.id
            if not rows:
                self.transact(partial(broadcasts.remove, id=signal.id))
            for row in rows:
                command = ReceiveSignal(row.scope, row.owner, row.key, signal.variables)
                self.submit(Request(row.instance_id, command, "system"), lambda _: None)

    def _next_signal(self, after: int) -> tuple[BroadcastRow, list[SubscriptionRow]] | None:
        with self.database.reading() as connection:
            signal = broadcasts.next_one(connection, after)
            return None if signal is None else (signal, receivers(connection, signal, 5))

    def take_jobs(self) -> None:
        """Take available jobs for the free places."""
        places = self.runner.take()
        self._taking.append(
            (places, self.transact(lambda writer: self.runner.lease(writer, self._models, places)))
        )

    def run_batches(self, accident: Accident | None = None) -> None:
        """Deal with slices of the batches that run, each command in force before the next look.

        Raises:
            Crash: the accident was one.
        """
        with patch.object(batches, "SLICE", SLICE), suppress(Busy, Unavailable, Fault):
            batches.run_slices(
                self.database,
                cast(Dispatcher, _AtOnce(self, accident)),
                self._models,
                self.clock,
                lambda requests: self._answers(requests, accident),
            )

    def _answers(self, requests: Sequence[Request], accident: Accident | None) -> list[Answer]:
        found: dict[int, Answer] = {}
        for at, request in enumerate(requests):
            self.submit(request, partial(found.__setitem__, at))
        self.round(accident)
        return [found[at] for at in range(len(requests))]

    # -- rounds ----------------------------------------------------------------------------------

    def round(self, accident: Accident | None = None) -> None:
        """Carry out what has been submitted.

        Raises:
            Crash: the accident was one.
        """
        self._accident = accident
        with (
            patch.object(transaction, "advance", self._advance),
            patch.object(prepared, "_driver", self._driver),
        ):
            self._dispatcher.carry_out()
        self._accident = None
        for places, taken in self._taking:
            found = [] if taken.exception() else taken.result()
            self.runner.release(places - len(found))
            for job in found:
                self.runner.run(job)
        self._taking.clear()

    def _advance(self, definition: Any, instance: Any, command: Command, now: int, **limits: Any) -> Outcome:
        """The kernel, with slices so short that instances must go on later, and with a fault where wanted."""
        outcome = advance(definition, instance, command, now, slice_limit=self._slice_limit, **limits)
        if any(command is poison for poison in self.poisoned):
            raise AssertionError("a fault of ours")
        return outcome

    def _driver(self, connection: sa.Connection) -> _Driver:
        return _Driver(cast(sqlite3.Connection, connection.connection.driver_connection), self._pass)

    @property
    def idle(self) -> bool:
        """Whether nothing is left for a further round."""
        return self._dispatcher.idle

    def _pass(self, where: Where) -> None:
        """Come by a place where an accident may wait."""
        accident = self._accident
        if accident is None or accident.where != where:
            return
        if accident.after:
            accident.after -= 1
            return
        self._accident = None
        if accident.crash:
            if accident.power:
                self._cut()
            raise Crash
        raise sqlite3.OperationalError("database or disk is full")

    # -- the disk --------------------------------------------------------------------------------

    @property
    def wreck(self) -> Path:
        """Where the disk is found after a crash."""
        number = int(self.path.stem)
        return self.path.with_name(f"{number + 1}.db")

    def _cut(self) -> None:
        shutil.copyfile(self.path, self.wreck)
        wal = Path(f"{self.path}-wal")
        if wal.exists():
            shutil.copyfile(wal, f"{self.wreck}-wal")

    def remove(self) -> None:
        """Delete its files, once all machines that had them are closed and the next ones have their own."""
        for file in self.path.parent.glob(f"{self.path.name}*"):
            file.unlink()
