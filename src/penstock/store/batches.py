"""Batches: one act for all instances that a selection finds, and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec
import sqlalchemy as sa

from penstock.kernel.commands import Command
from penstock.store import changes, codec, instances
from penstock.store.instances import Conditions
from penstock.store.prepared import AnyRow, Prepared
from penstock.store.rows import InstanceRow
from penstock.store.tables import batch, batch_result

Operation = Literal["cancel", "retry", "suspend", "resume", "modify", "migrate", "restart"]
State = Literal["running", "completed", "stopped"]
Outcome = Literal["done", "rejected"]


Place = tuple[int, str]
"""An instance's place in a batch, which goes from the newest to the oldest: its start and its id."""


class BatchRow(msgspec.Struct, frozen=True):
    """A batch as it stands."""

    id: str
    operation: Operation
    command: Command
    """What each instance is sent. For a restart, what starts the new ones: with an empty element each starts
    where its process does, and the variables go over those that the ended one had."""
    selection: Conditions
    state: State
    total: int
    """How many instances were found when it was made."""
    done: int
    rejected: int
    after: Place | None
    """The last instance that has been dealt with."""
    created_by: str
    created_at: int
    ended_at: int | None


class BatchResult(msgspec.Struct, frozen=True):
    """What a batch came to for one instance."""

    position: int
    """Which it was of those that the batch has dealt with, from 1."""
    instance_id: str
    at: int
    outcome: Outcome
    message: str | None
    """Where it was refused: why."""
    started_id: str | None
    """For a restart: the new instance."""


_FIND: Final = Prepared(sa.select(batch).where(batch.c.id == sa.bindparam("id")))
_LOCK: Final = Prepared(sa.select(batch).where(batch.c.id == sa.bindparam("id")).with_for_update())
_RUNNING: Final = Prepared(
    sa.select(batch).where(batch.c.state == sa.bindparam("state")).order_by(batch.c.created_at, batch.c.id)
)
_ADD: Final = Prepared(sa.insert(batch))
_ADD_RESULT: Final = Prepared(sa.insert(batch_result))
_ADVANCE: Final = Prepared(
    sa.update(batch)
    .where(batch.c.id == sa.bindparam("b_id"))
    .values(
        done=batch.c.done + sa.bindparam("more_done"),
        rejected=batch.c.rejected + sa.bindparam("more_rejected"),
        after_at=sa.bindparam("new_after_at"),
        after_id=sa.bindparam("new_after_id"),
    )
)
_END: Final = Prepared(
    sa.update(batch)
    .where(batch.c.id == sa.bindparam("b_id"), batch.c.state == "running")
    .values(state=sa.bindparam("new_state"), ended_at=sa.bindparam("now"))
)


def find(connection: sa.Connection, id: str) -> BatchRow | None:
    """Give a batch, None where there is none with this id."""
    row = _FIND.one(connection, {"id": id})
    return None if row is None else _row(row)


def lock(connection: sa.Connection, id: str) -> BatchRow | None:
    """Give a batch, and let nobody else move it on before the end of the transaction."""
    row = _LOCK.one(connection, {"id": id})
    return None if row is None else _row(row)


def running(connection: sa.Connection) -> list[BatchRow]:
    """Give the batches that are not done, the oldest first."""
    return [_row(row) for row in _RUNNING.run(connection, {"state": "running"})]


def search(
    connection: sa.Connection, *, state: State | None = None, after: Place | None = None, limit: int = 100
) -> list[BatchRow]:
    """Give the batches, the newest first.

    Arguments:
        after: when the last one of the page before was made, and its id.
    """
    query = sa.select(batch).order_by(batch.c.created_at.desc(), batch.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(batch.c.state == state)
    if after is not None:
        query = query.where(sa.tuple_(batch.c.created_at, batch.c.id) < sa.tuple_(*after))
    return [_row(row) for row in connection.execute(query)]


def results(
    connection: sa.Connection, id: str, *, outcome: Outcome | None = None, after: int = 0, limit: int = 100
) -> list[BatchResult]:
    """Give what a batch came to for each instance, in the order in which it has dealt with them.

    Arguments:
        after: the position of the last one of the page before.
    """
    table = batch_result.c
    query = (
        sa.select(*(table[name] for name in BatchResult.__struct_fields__))
        .where(table.batch_id == id, table.position > after)
        .order_by(table.position)
        .limit(limit)
    )
    if outcome is not None:
        query = query.where(table.outcome == outcome)
    return [BatchResult(*row) for row in connection.execute(query)]


def _row(row: AnyRow) -> BatchRow:
    id, operation, command, selection, state, total, done, rejected, after_at, after_id, *rest = row
    return BatchRow(
        id,
        operation,
        codec.decode_command(command),
        msgspec.json.decode(selection, type=Conditions),
        state,
        total,
        done,
        rejected,
        None if after_id is None else (after_at, after_id),
        *rest,
    )


def add(connection: sa.Connection, row: BatchRow) -> None:
    """Keep a new batch."""
    values: dict[str, Any] = msgspec.structs.asdict(row)
    del values["after"]
    values |= {"after_at": None, "after_id": None}
    values |= {
        "command": codec.encode_command(row.command),
        "selection": msgspec.json.encode(row.selection),
    }
    _ADD.do(connection, values)


def advance(connection: sa.Connection, id: str, last: Place, results: Sequence[BatchResult]) -> None:
    """Note what a batch came to for more instances, up to `last`."""
    done = sum(it.outcome == "done" for it in results)
    values = {"b_id": id, "more_done": done, "more_rejected": len(results) - done}
    _ADVANCE.do(connection, values | {"new_after_at": last[0], "new_after_id": last[1]})
    _ADD_RESULT.many(connection, [{"batch_id": id, **msgspec.structs.asdict(it)} for it in results])


def end(connection: sa.Connection, id: str, state: State, now: int) -> None:
    """End a batch that runs."""
    _END.do(connection, {"b_id": id, "new_state": state, "now": now})
    changes.add(connection, now, subjects=[changes.of_batch(id)])


def next_slice(connection: sa.Connection, row: BatchRow, limit: int) -> list[InstanceRow]:
    """Give the next instances of a batch, the newest first."""
    return instances.search(connection, row.selection, after=row.after, limit=limit)
