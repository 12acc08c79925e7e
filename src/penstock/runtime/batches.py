"""Batches, run in slices by the scheduler: what a slice does is in force before the next one is looked for.

Each instance is counted in the transaction that deals with it, so that a batch goes on just where it was
whatever happens (`penstock.runtime.progress`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

import msgspec
import sqlalchemy as sa

from penstock.kernel import ProcessInstance, Rejected, advance, commands as c
from penstock.runtime.clock import Clock
from penstock.runtime.definitions import Definitions
from penstock.runtime.dispatch import Dispatcher
from penstock.runtime.ids import new_id
from penstock.runtime.progress import Progress, Turn
from penstock.runtime.requests import Answer, Idempotency, Request, SendAll, require_taken
from penstock.runtime.restarts import definition_of, restarting
from penstock.store import acts, batches, idempotency, instances
from penstock.store.batches import BatchRow
from penstock.store.database import Database
from penstock.store.rows import InstanceRow
from penstock.store.states import load_stored

SLICE: Final = 100
"""Instances that a batch deals with before others have their turn."""


def make(connection: sa.Connection, row: BatchRow, key: Idempotency | None) -> BatchRow:
    """Keep a new batch, once under one idempotency key, and give it with its total.

    Raises:
        Rejected: the key was used for another request.
    """
    known = None if key is None else idempotency.find(connection, key.key)
    if key is not None and known is not None:
        found = batches.find(connection, known[1]) if known[0] == key.digest else None
        if found is None:
            raise Rejected("conflict", f"the idempotency key '{key.key}' was used for another request")
        return found
    new = msgspec.structs.replace(row, total=instances.count(connection, row.selection))
    batches.add(connection, new)
    detail = f"{new.operation} of {new.total}"
    acts.add(connection, new.created_at, new.created_by, acts.BATCH, detail)
    if key is not None:
        values = {"key": key.key, "digest": key.digest, "instance_id": new.id, "at": new.created_at}
        idempotency.ADD.do(connection, values)
    return new


@dataclass(frozen=True, slots=True)
class Preview:
    """What a batch would find, and what it would come to for the first of them."""

    total: int
    tried: int
    refusals: list[tuple[InstanceRow, str]]
    """The instances for which it would be refused as they stand, and why."""


def preview(connection: sa.Connection, definitions: Definitions, clock: Clock, batch: BatchRow) -> Preview:
    """Tell what a batch would do, and do nothing: its first slice is tried on copies of the instances."""
    rows = batches.next_slice(connection, batch, SLICE)
    refusals: list[tuple[InstanceRow, str]] = []
    for row, request in zip(rows, _requests(definitions, clock, batch, rows), strict=True):
        try:
            _try(connection, definitions, clock, request)
        except Rejected as rejected:
            refusals.append((row, rejected.message))
    return Preview(instances.count(connection, batch.selection), len(rows), refusals)


def _try(connection: sa.Connection, definitions: Definitions, clock: Clock, request: Request) -> None:
    """Carry out the first step of a command, which is where one is refused, on a copy of its instance.

    Raises:
        Rejected: the command cannot be.
    """
    command, definition = request.command, request.definition
    target = None if definition is None else definition.compiled
    if isinstance(command, c.StartAtElement):
        assert target is not None, "a start names what it starts"
        instance, present = ProcessInstance(request.instance_id, ""), target
    else:
        stored = load_stored(connection, request.instance_id)
        assert stored is not None, "an instance does not go away"
        instance = stored.instance
        by = definitions.by_key(instance.definition)
        assert by is not None, f"the definition {instance.definition} is gone"
        present = by.compiled
    advance(present, instance, cast(c.Command, command), clock.now(), slice_limit=0, target=target)


def stop(connection: sa.Connection, id: str, now: int) -> BatchRow:
    """Stop a batch; what it has done stays done.

    Raises:
        Rejected: there is no such batch, or it has ended.
    """
    found = batches.find(connection, id)
    if found is None:
        raise Rejected("not_found", f"there is no batch '{id}'")
    if found.state != "running":
        raise Rejected("conflict", f"batch '{id}' is {found.state}")
    batches.end(connection, id, "stopped", now)
    return msgspec.structs.replace(found, state="stopped", ended_at=now)


def run_slices(
    database: Database, dispatcher: Dispatcher, definitions: Definitions, clock: Clock, send: SendAll
) -> bool:
    """Deal with the next instances of every batch that runs, and give whether one may have more to do.

    Raises:
        Busy, Unavailable: nothing can be done now.
    """
    with database.reading() as connection:
        found = batches.running(connection)
        slices = [(row, batches.next_slice(connection, row, SLICE)) for row in found]
    for row, rows in slices:
        if not rows:
            dispatcher.transact(partial(batches.end, id=row.id, state="completed", now=clock.now())).result()
            continue
        requests = list(_requests(definitions, clock, row, rows))
        failed = _first_fault(requests, send(requests))
        if failed is not None:
            # Those after it are not in their turn before it is counted; the next slice begins with them.
            dispatcher.transact(partial(_reject, failed, clock.now())).result()
    return bool(found)


def _first_fault(requests: Sequence[Request], answers: Sequence[Answer]) -> Turn | None:
    """Give the first command that failed by a fault of ours: it does not stop the batch.

    Raises:
        Busy, Unavailable: nothing can be done now, for none of them.
    """
    require_taken(answers)
    failed = (
        request.turn
        for request, answer in zip(requests, answers, strict=True)
        if isinstance(answer, Exception) and not isinstance(answer, Rejected)
    )
    return next(failed, None)


def _reject(turn: Turn, now: int, connection: sa.Connection) -> None:
    progress = Progress(connection, now)
    if progress.is_next(turn):
        progress.rejected(turn, "a fault inside the server, which its log has")
        progress.flush()


def _requests(
    definitions: Definitions, clock: Clock, batch: BatchRow, rows: Sequence[InstanceRow]
) -> Iterator[Request]:
    command, previous = batch.command, batch.after
    target = definitions.by_key(command.definition) if isinstance(command, c.MigrateInstance) else None
    for row in rows:
        place = (row.started_at, row.id)
        turn, previous = Turn(batch.id, place, previous), place
        if isinstance(command, c.StartAtElement):
            definition = definition_of(definitions, row)
            again = restarting(row, definition, command.element, command.variables)
            yield Request(
                new_id(clock.now()),
                again,
                batch.created_by,
                definition,
                turn=turn,
                bare=True,
                background=True,
            )
        else:
            yield Request(row.id, command, batch.created_by, target, turn=turn, bare=True, background=True)
