"""Batches, run in slices by the scheduler: what a slice does is in force before the next one is looked for.

A crash in the middle of a slice leaves some of it done and not yet counted. The batch then goes on from the
slice before, and an instance that no longer fits is not found again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from penstock.kernel import Rejected, commands as c
from penstock.runtime.clock import Clock
from penstock.runtime.definitions import Definitions
from penstock.runtime.dispatch import Dispatcher
from penstock.runtime.requests import Answer, Busy, Idempotency, Request, Unavailable
from penstock.store import batches, idempotency, incidents
from penstock.store.batches import BatchRow
from penstock.store.database import Database
from penstock.store.rows import InstanceRow

SLICE: Final = 100
"""Instances that a batch deals with before others have their turn."""

INCIDENTS: Final = 1_000
"""Incidents of one instance that a retry resolves at most."""

SendAll = Callable[[Sequence[Request]], list[Answer]]
"""Sends commands, and gives their answers in the same order once all of them are there."""


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
    new = msgspec.structs.replace(row, total=batches.count(connection, row.selection))
    batches.add(connection, new)
    if key is not None:
        values = {"key": key.key, "digest": key.digest, "instance_id": new.id, "at": new.created_at}
        idempotency.ADD.do(connection, values)
    return new


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
        work = [(row, rows, _requests(connection, definitions, row, rows)) for row, rows in slices]
    for row, rows, requests in work:
        if not rows:
            dispatcher.transact(_ending(row.id, clock.now())).result()
            continue
        refused = _refused(requests, send(requests))
        dispatcher.transact(_advancing(row.id, rows, len(refused))).result()
    return bool(found)


def _refused(requests: Sequence[Request], answers: Sequence[Answer]) -> set[str]:
    """Give the instances for which it could not be done; one that fails does not stop the others.

    Raises:
        Busy, Unavailable: nothing can be done now, for none of them.
    """
    for answer in answers:
        if isinstance(answer, Busy | Unavailable):
            raise answer
    return {
        request.instance_id
        for request, answer in zip(requests, answers, strict=True)
        if isinstance(answer, Exception)
    }


def _ending(id: str, now: int) -> Callable[[sa.Connection], None]:
    return lambda connection: batches.end(connection, id, "completed", now)


def _advancing(id: str, rows: Sequence[InstanceRow], refused: int) -> Callable[[sa.Connection], None]:
    done = len(rows) - refused
    return lambda connection: batches.advance(connection, id, rows[-1], done=done, rejected=refused)


def _requests(
    connection: sa.Connection, definitions: Definitions, row: BatchRow, rows: Sequence[InstanceRow]
) -> list[Request]:
    command = row.command
    target = definitions.by_key(command.definition) if isinstance(command, c.MigrateInstance) else None
    if not isinstance(command, c.ResolveIncident):
        return [Request(it.id, command, row.created_by, target) for it in rows]
    return [
        Request(
            it.id,
            msgspec.structs.replace(command, scope=open_.scope, owner=open_.owner, key=open_.key),
            row.created_by,
        )
        for it in rows
        for open_ in incidents.search(connection, instance_id=it.id, limit=INCIDENTS)
    ]
