"""The one write path: lock the instances, advance each, write all, commit, answer all.

Commands come from any thread. What is for one instance always goes to the same committer of the node, so that
it is carried out in the order in which it was submitted, and committers seldom wait for each other.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from itertools import count
from typing import Final, TypeVar

import sqlalchemy as sa

from penstock.runtime.actors import SYSTEM
from penstock.runtime.committer import BATCH as BATCH, Committer, Entry, Work
from penstock.runtime.metrics import Metrics
from penstock.runtime.requests import Busy, Deliver, PublishMessage, Reply, Request, ignore
from penstock.runtime.sends import request_for
from penstock.runtime.transaction import Context, Transaction
from penstock.store.counters import SLOTS
from penstock.store.database import Database

QUEUE: Final = 20_000
"""Commands that may wait; more are refused."""

T = TypeVar("T")


class Dispatcher:
    """Takes commands and transactions from any thread, and has its committers carry them out."""

    def __init__(self, database: Database, context: Context, metrics: Metrics) -> None:
        self._context = context
        self._observer = context.observer
        first = random.randrange(SLOTS) if database.shared else 0
        self._committers = [
            Committer(
                number,
                database,
                context,
                metrics,
                slot=(first + number) % SLOTS,
                go_on=self._go_on,
                done=self._note_done,
            )
            for number in range(database.writers)
        ]
        self._turns = count()
        self._closed = False
        self._counting = threading.Lock()
        self._submitted = 0
        self._done = 0

    def start(self) -> None:
        """Begin to carry out what has been and will be submitted."""
        for committer in self._committers:
            committer.thread.start()

    def stop(self) -> None:
        """Carry out what has been submitted, then end."""
        self._closed = True
        for committer in self._committers:
            committer.stop()

    def submit(self, request: Request, reply: Reply) -> None:
        """Have a command carried out; `reply` is called once, after its commit or its refusal.

        Raises:
            Busy: too much waits already, or the server is stopping.
        """
        if self._closed or self.waiting >= QUEUE:
            raise Busy("the server has more to do than it can take on now")
        self._put(self._committer_of(request), Entry(request, reply))

    def transact(self, run: Callable[[sa.Connection], T]) -> Future[T]:
        """Have a function run in a transaction of its own; an exception rolls it back.

        It is run again, from its beginning, where it meets other nodes at the same rows.
        """
        return self._transact(self._committers[next(self._turns) % len(self._committers)], run)

    def drain(self) -> None:
        """Wait until all that was submitted before has been carried out."""
        wait([self._transact(committer, lambda _: None) for committer in self._committers])

    def _transact(self, committer: Committer, run: Callable[[sa.Connection], T]) -> Future[T]:
        future: Future[T] = Future()
        if self._closed:
            future.set_exception(Busy("the server is stopping"))
        else:
            self._put(committer, Work(run, future))  # type: ignore[arg-type]
        return future

    def _committer_of(self, request: Request) -> Committer:
        """Give the committer of a command: those of one batch, instance or address keep their order."""
        if len(self._committers) == 1:
            return self._committers[0]
        command = request.command
        if request.turn is not None:
            key = request.turn.batch
        elif isinstance(command, PublishMessage):
            key = f"{command.name}:{command.correlation_key}"
        else:
            key = request.instance_id
        return self._committers[hash(key) % len(self._committers)]

    def _put(self, committer: Committer, item: Entry | Work) -> None:
        with self._counting:
            self._submitted += 1
        committer.queue.put(item)

    def _note_done(self, number: int) -> None:
        with self._counting:
            self._done += number

    @property
    def waiting(self) -> int:
        """How much has been submitted and is not done."""
        return self._submitted - self._done

    @property
    def alive(self) -> bool:
        """Whether its threads run."""
        return all(committer.thread.is_alive() for committer in self._committers)

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is being carried out."""
        return self.waiting == 0

    def _go_on(self, transaction: Transaction) -> None:
        """Send on what a commit left: commands to its own instances and to others, messages and signals."""
        for row in transaction.sends:
            request = request_for(row, self._context.definitions)
            self._put(self._committer_of(request), Entry(request, ignore))
        for place in transaction.sent:
            request = Request("", Deliver(place), SYSTEM)
            self._put(self._committer_of(request), Entry(request, ignore))
        if transaction.broadcasting:
            self._observer.due()
