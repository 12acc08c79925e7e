"""The one write path: load the instances, advance each, write all, commit, answer all.

One thread owns the writing connection. While it commits, the commands that come in fill the next batch, so
a busy server shares each commit among many instances and an idle one adds no waiting. A batch that fails is
run again one command at a time, so that one poisonous command cannot hurt its neighbours.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, TypeVar

import sqlalchemy as sa
import structlog

from penstock.runtime.actors import SYSTEM
from penstock.runtime.metrics import Metrics
from penstock.runtime.requests import Busy, Deliver, Fault, Reply, Request, Unavailable, ignore
from penstock.runtime.sends import request_for
from penstock.runtime.transaction import Context, Transaction
from penstock.store.database import OPERATIONAL, Database, reason

BATCH: Final = 256
"""Commands that share a transaction at most."""

QUEUE: Final = 20_000
"""Commands that may wait; more are refused."""

T = TypeVar("T")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Entry:
    request: Request
    reply: Reply


@dataclass(frozen=True, slots=True)
class _Work:
    """A transaction of its own that somebody wants run by the writer."""

    run: Callable[[sa.Connection], object]
    future: Future[object]


class Dispatcher:
    """Takes commands and transactions from any thread, and carries them out on its own."""

    def __init__(self, database: Database, context: Context, metrics: Metrics) -> None:
        self._database = database
        self._context = context
        self._observer = context.observer
        self._metrics = metrics
        self._queue: queue.SimpleQueue[_Entry | _Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="committer", daemon=True)
        self._closed = False
        self._counting = threading.Lock()
        self._submitted = 0
        self._done = 0

    def start(self) -> None:
        """Begin to carry out what has been and will be submitted."""
        self._thread.start()

    def stop(self) -> None:
        """Carry out what has been submitted, then end."""
        self._closed = True
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def submit(self, request: Request, reply: Reply) -> None:
        """Have a command carried out; `reply` is called once, after its commit or its refusal.

        Raises:
            Busy: too much waits already, or the server is stopping.
        """
        if self._closed or self._queue.qsize() >= QUEUE:
            raise Busy("the server has more to do than it can take on now")
        self._put(_Entry(request, reply))

    def transact(self, run: Callable[[sa.Connection], T]) -> Future[T]:
        """Have a function run in a transaction of its own by the writer; an exception rolls it back."""
        future: Future[T] = Future()
        if self._closed:
            future.set_exception(Busy("the server is stopping"))
        else:
            self._put(_Work(run, future))  # type: ignore[arg-type]
        return future

    def _put(self, item: _Entry | _Work) -> None:
        with self._counting:
            self._submitted += 1
        self._queue.put(item)

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is being carried out."""
        return self._submitted == self._done

    # -- the committer's thread ------------------------------------------------------------------

    def _serve(self) -> None:
        with self._database.writer() as connection:
            while (item := self._queue.get()) is not None:
                entries: list[_Entry] = []
                works: list[_Work] = []
                while item is not None:
                    if isinstance(item, _Work):
                        works.append(item)
                    else:
                        entries.append(item)
                    item = None if len(entries) >= BATCH else self._next()
                self._commit(connection, entries)
                for work in works:
                    self._run_work(connection, work)
                self._done += len(entries) + len(works)

    def _next(self) -> _Entry | _Work | None:
        if self._queue.empty():
            return None
        item = self._queue.get()
        if item is None:
            self._queue.put(None)  # the end: for the loop above to find
        return item

    def _commit(self, connection: sa.Connection, batch: list[_Entry]) -> None:
        if not batch:
            return
        transaction = Transaction(self._context)
        try:
            with self._metrics.commit(len(batch)):
                answers = transaction.run(connection, [entry.request for entry in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, the others of the batch shall not suffer
            self._observer.rolled_back()
            self._database.mend(connection)
            if len(batch) == 1:
                batch[0].reply(_failed(batch[0].request, error))
                self._observer.answered()
            else:
                for entry in batch:
                    self._commit(connection, [entry])
            return
        self._observer.committed(transaction.committed)
        for entry, answer in zip(batch, answers, strict=True):
            entry.reply(answer)
        self._observer.answered()
        self._go_on(transaction)

    def _run_work(self, connection: sa.Connection, work: _Work) -> None:
        if not work.future.set_running_or_notify_cancel():
            return  # whoever asked for it has gone
        try:
            with connection.begin():
                result = work.run(connection)
        except OPERATIONAL as error:
            self._database.mend(connection)
            work.future.set_exception(Unavailable(f"the database cannot be written: {reason(error)}"))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever asked for the work
            work.future.set_exception(error)
        else:
            work.future.set_result(result)

    def _go_on(self, transaction: Transaction) -> None:
        """Send on what the commit left: commands to its own instances and to others, messages and signals."""
        for row in transaction.sends:
            self._put(_Entry(request_for(row, self._context.definitions), ignore))
        for place in transaction.sent:
            self._put(_Entry(Request("", Deliver(place), SYSTEM), ignore))
        if transaction.broadcasting:
            self._observer.due()


def _failed(request: Request, error: Exception) -> Exception:
    """Log what went wrong with one command, with enough to run it again, and give the answer to it."""
    if isinstance(error, OPERATIONAL):
        _log.error("commit failed", instance_id=request.instance_id, reason=reason(error))
        return Unavailable(f"the database cannot be written: {reason(error)}")
    _log.error(
        "command failed",
        instance_id=request.instance_id,
        command=type(request.command).__name__,
        exc_info=error,
    )
    return Fault(f"{type(request.command).__name__} failed: a fault of the server; it changed nothing")
