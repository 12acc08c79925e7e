"""Open timers, by the moment at which they are due."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import TimerRow
from penstock.store.tables import timer
from penstock.store.waits import WaitTable

TABLE: Final = WaitTable(timer, ("element",))

_COLUMNS: Final = [timer.c[name] for name in TimerRow.__struct_fields__]
_OF_INSTANCE: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(timer.c.part == sa.bindparam("part"), timer.c.instance_id == sa.bindparam("instance_id"))
    .order_by(timer.c.key)
)
_DUE: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(timer.c.due_at <= sa.bindparam("now"))
    .order_by(timer.c.due_at, timer.c.instance_id, timer.c.key)
    .limit(sa.bindparam("limit"))
)
_NEXT: Final = Prepared(sa.select(sa.func.min(timer.c.due_at)))


def of_instance(connection: sa.Connection, instance_id: str) -> list[TimerRow]:
    """Give the open timers of an instance, in the order in which they were opened."""
    values = {"part": part_of(instance_id), "instance_id": instance_id}
    return [TimerRow(*row) for row in _OF_INSTANCE.run(connection, values)]


def due(connection: sa.Connection, now: int, limit: int) -> list[TimerRow]:
    """Give timers that are due, the longest due first."""
    return [TimerRow(*row) for row in _DUE.run(connection, {"now": now, "limit": limit})]


def next_due(connection: sa.Connection) -> int | None:
    """Give the moment of the next timer, None where none is open."""
    row = _NEXT.one(connection, {})
    return None if row is None else row[0]
