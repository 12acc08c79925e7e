"""One committer: a thread with a connection that writes, and the commands that wait for it.

While it commits, the commands that come in fill the next batch, so a busy server shares each commit among
many instances and an idle one adds no waiting. A batch that meets another node at the same rows is run anew,
with what it missed locked at its beginning. One that fails otherwise is run again one command at a time, so
that one poisonous command cannot hurt its neighbours.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
import structlog

from penstock.runtime.metrics import Metrics
from penstock.runtime.requests import Fault, Reply, Request, Unavailable
from penstock.runtime.transaction import Again, Context, Needs, Transaction
from penstock.store.database import CONTENTION, OPERATIONAL, Database, reason

BATCH: Final = 256
"""Commands that share a transaction at most."""

TRIES: Final = 6
"""How often a transaction is run that meets others at the same rows, together or one command at a time."""

PAUSE_S: Final = 0.02
"""How long it is waited at most before the first of those tries; each further one waits longer."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, and how it is answered."""

    request: Request
    reply: Reply


@dataclass(frozen=True, slots=True)
class Work:
    """A transaction of its own that somebody wants run."""

    run: Callable[[sa.Connection], object]
    future: Future[object]


class Committer:
    """Carries out what is put into its queue, on a thread of its own."""

    def __init__(
        self,
        number: int,
        database: Database,
        context: Context,
        metrics: Metrics,
        *,
        slot: int,
        go_on: Callable[[Transaction], None],
        done: Callable[[int], None],
    ) -> None:
        """Begin with nothing to do.

        Arguments:
            slot: in which of a counter's rows it counts.
            go_on: takes what a commit has left to do.
            done: is told how many things have been carried out.
        """
        self._database = database
        self._context = context
        self._metrics = metrics
        self._slot = slot
        self._go_on = go_on
        self._tell_done = done
        self.queue: queue.SimpleQueue[Entry | Work | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self.serve, name=f"committer-{number}", daemon=True)

    def stop(self) -> None:
        """Carry out what has been submitted, then end."""
        self.queue.put(None)
        if self.thread.is_alive():
            self.thread.join()

    # -- on its thread ---------------------------------------------------------------------------

    def serve(self) -> None:
        """Carry out what comes, until the end of the queue."""
        with self._database.writer() as connection:
            while (item := self.queue.get()) is not None:
                entries: list[Entry] = []
                works: list[Work] = []
                while item is not None:
                    if isinstance(item, Work):
                        works.append(item)
                    else:
                        entries.append(item)
                    item = None if len(entries) >= BATCH else self._next()
                for batch in _in_turn(entries):
                    self._commit(connection, batch, Needs())
                for work in works:
                    self._run_work(connection, work)
                self._tell_done(len(entries) + len(works))

    def _next(self) -> Entry | Work | None:
        if self.queue.empty():
            return None
        item = self.queue.get()
        if item is None:
            self.queue.put(None)  # the end: for the loop above to find
        return item

    def _commit(self, connection: sa.Connection, batch: list[Entry], needs: Needs, tries: int = 1) -> None:
        transaction = Transaction(self._context, needs, self._slot)
        try:
            self._database.mend(connection)
            with self._metrics.commit(len(batch)):
                answers = transaction.run(connection, [entry.request for entry in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, the others of the batch shall not suffer
            self._context.observer.rolled_back(transaction.claims)
            self._after_failure(connection, batch, needs, tries, error)
            return
        self._context.observer.committed(transaction.committed, transaction.taken)
        for entry, answer in zip(batch, answers, strict=True):
            entry.reply(answer)
        self._context.observer.answered()
        self._go_on(transaction)

    def _after_failure(
        self, connection: sa.Connection, batch: list[Entry], needs: Needs, tries: int, error: Exception
    ) -> None:
        if isinstance(error, (Again, *CONTENTION)) and tries < TRIES:
            self._metrics.again.inc()
            _pause(tries)
            self._commit(connection, batch, needs, tries + 1)
        elif len(batch) > 1 and self._can_go_on(connection):
            for entry in batch:
                self._commit(connection, [entry], Needs())
        else:
            self._count(error)
            for entry in batch:
                entry.reply(_failed(entry.request, error))
            self._context.observer.answered()

    def _count(self, error: Exception) -> None:
        if isinstance(error, OPERATIONAL):
            self._metrics.database_errors.labels("write").inc()

    def _can_go_on(self, connection: sa.Connection) -> bool:
        try:
            self._database.mend(connection)
        except OPERATIONAL:
            return False
        return True

    def _run_work(self, connection: sa.Connection, work: Work) -> None:
        if not work.future.set_running_or_notify_cancel():
            return  # whoever asked for it has gone
        tries = 1
        while True:
            try:
                self._database.mend(connection)
                with connection.begin():
                    result = work.run(connection)
            except Exception as error:  # noqa: BLE001 - it belongs to whoever asked for the work
                if isinstance(error, CONTENTION) and tries < TRIES:
                    self._metrics.again.inc()
                    _pause(tries)
                    tries += 1
                    continue
                self._count(error)
                work.future.set_exception(_unavailable(error) or error)
            else:
                work.future.set_result(result)
            return


def _in_turn(entries: list[Entry]) -> list[list[Entry]]:
    """Give the transactions to make of what has come: what nobody waits for is behind the others."""
    behind = [entry for entry in entries if entry.request.background]
    if len(behind) in (0, len(entries)):
        return [entries] if entries else []
    return [[entry for entry in entries if not entry.request.background], behind]


def _pause(tries: int) -> None:
    """Let the others get ahead: no two nodes for the same time."""
    time.sleep(random.uniform(0, PAUSE_S * tries))


def _unavailable(error: Exception) -> Unavailable | None:
    """Give what the caller is told where the database was not to be had, None where it was."""
    if isinstance(error, (Again, *CONTENTION)):
        return Unavailable("others are at the same instances just now: try again")
    if isinstance(error, OPERATIONAL):
        return Unavailable(f"the database cannot be written: {reason(error)}")
    return None


def _failed(request: Request, error: Exception) -> Exception:
    """Log what went wrong with one command, with enough to run it again, and give the answer to it."""
    unavailable = _unavailable(error)
    if unavailable is not None:
        _log.error("commit failed", instance_id=request.instance_id, reason=reason(error))
        return unavailable
    _log.error(
        "command failed",
        instance_id=request.instance_id,
        command=type(request.command).__name__,
        exc_info=error,
    )
    return Fault(f"{type(request.command).__name__} failed: a fault of the server; it changed nothing")
