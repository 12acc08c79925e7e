"""Instances that have ended and that nobody needs here any longer: found, read whole, and removed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from penstock.store import journal, large
from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import InstanceRow, JournalRow, Status
from penstock.store.tables import instance, metadata, outbox, sending, user_task

ENDED: Final[tuple[Status, ...]] = ("completed", "cancelled")

Place = tuple[int, str]
"""Where a search goes on: the start and the id of an instance."""

FIRST: Final[Place] = (-1, "")

_JOURNAL_ROWS: Final = 1_000
_OF_INSTANCES: Final = [
    table for table in metadata.sorted_tables if {"part", "instance_id"} <= set(table.columns.keys())
]
"""The tables with rows of an instance beside its own."""

_COLUMNS: Final = [instance.c[name] for name in InstanceRow.__struct_fields__]
_parent: Final = instance.alias("parent")


def _has(table: sa.Table) -> sa.Exists:
    return sa.exists().where(table.c.part == instance.c.part, table.c.instance_id == instance.c.id)


_FIND: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(
        instance.c.status == sa.bindparam("status"),
        # Who has ended has started before: so far the index is followed, and no further.
        instance.c.started_at < sa.bindparam("before"),
        instance.c.ended_at < sa.bindparam("before"),
        sa.tuple_(instance.c.started_at, instance.c.id)
        > sa.tuple_(sa.bindparam("after_at"), sa.bindparam("after_id")),
        # Whoever called it may still be looked at, and shows what it called.
        ~sa.exists().where(
            _parent.c.part == instance.c.part,
            _parent.c.id == instance.c.parent_id,
            _parent.c.ended_at.is_(None),
        ),
        ~_has(outbox),
        ~_has(sending),
    )
    .order_by(instance.c.started_at, instance.c.id)
    .limit(sa.bindparam("limit"))
)
_TASKS: Final = Prepared(
    sa.select(*user_task.columns)
    .where(user_task.c.part == sa.bindparam("part"), user_task.c.instance_id == sa.bindparam("instance_id"))
    .order_by(user_task.c.key)
)


class EndedInstance(msgspec.Struct, frozen=True):
    """An instance with all that is kept of it."""

    row: InstanceRow
    """Its variables are still encoded."""
    variables: bytes
    journal: list[JournalRow]
    user_tasks: list[dict[str, object]]
    size: int
    """Bytes of its journal and variables, about."""


def find(
    connection: sa.Connection, status: Status, *, before: int, after: Place, limit: int
) -> list[tuple[InstanceRow, bytes]]:
    """Give instances that ended before a moment (epoch ms), those that started first, with their variables.

    Left out are those with something on its way to others, and those whose caller has not ended.
    """
    values = {"status": status, "before": before, "after_at": after[0], "after_id": after[1], "limit": limit}
    return [_found([*row]) for row in _FIND.run(connection, values)]


def _found(values: list[Any]) -> tuple[InstanceRow, bytes]:
    variables, values[-1] = bytes(values[-1]), {}
    return InstanceRow(*values), variables


def read(connection: sa.Connection, row: InstanceRow, variables: bytes) -> EndedInstance:
    """Give all that is kept of an instance."""
    rows: list[JournalRow] = []
    while page := journal.read(
        connection, row.id, after_seq=rows[-1].seq if rows else 0, limit=_JOURNAL_ROWS
    ):
        rows += page
    key = {"part": part_of(row.id), "instance_id": row.id}
    names = user_task.columns.keys()
    tasks = [dict(zip(names, task, strict=True)) for task in _TASKS.run(connection, key)]
    variables = large.joined(connection, row.id, variables)
    size = len(variables) + sum(len(one.command) + len(one.events) for one in rows)
    return EndedInstance(row, variables, rows, tasks, size)


def remove(connection: sa.Connection, ids: Sequence[str]) -> int:
    """Remove instances and all that belongs to them, and give how many of them were there."""
    removed = 0
    for part, group in groupby(sorted(ids, key=part_of), key=part_of):
        chosen = list(group)
        found = connection.execute(
            sa.delete(instance).where(
                instance.c.part == part, instance.c.id.in_(chosen), instance.c.ended_at.is_not(None)
            )
        )
        removed += found.rowcount
        for table in _OF_INSTANCES:
            connection.execute(sa.delete(table).where(table.c.part == part, table.c.instance_id.in_(chosen)))
    return removed
