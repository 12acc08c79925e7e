"""Instances that are held at their start until fewer of their process run, in the order of their coming."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.tables import instance, queued_start

_it: Final = queued_start.c
_ADD: Final = Prepared(
    sa.insert(queued_start).values({name: sa.bindparam(name) for name in ("process_id", "instance_id", "at")})
)
_FIRST: Final = Prepared(
    sa.select(_it.instance_id)
    .where(_it.process_id == sa.bindparam("process_id"))
    .order_by(_it.id)
    .limit(sa.bindparam("limit"))
)
_REMOVE: Final = Prepared(sa.delete(queued_start).where(_it.instance_id == sa.bindparam("b_instance_id")))
_PROCESSES: Final = Prepared(sa.select(_it.process_id).distinct())
_some: Final = (
    sa.select(sa.literal_column("1"))
    .where(
        instance.c.process_id == sa.bindparam("process_id"),
        sa.or_(*(instance.c.status == sa.literal_column(f"'{status}'") for status in ("active", "incident"))),
    )
    .limit(sa.bindparam("limit"))
    .subquery()
)
_RUNNING: Final = Prepared(sa.select(sa.func.count()).select_from(_some))


def add(connection: sa.Connection, process_id: str, instance_id: str, now: int) -> None:
    """Let an instance wait for its turn."""
    _ADD.do(connection, {"process_id": process_id, "instance_id": instance_id, "at": now})


def first(connection: sa.Connection, process_id: str, limit: int) -> list[str]:
    """Give the instances of a process that have waited longest."""
    return [row[0] for row in _FIRST.run(connection, {"process_id": process_id, "limit": limit})]


def remove(connection: sa.Connection, instance_id: str) -> None:
    """An instance waits no longer."""
    _REMOVE.do(connection, {"b_instance_id": instance_id})


def processes(connection: sa.Connection) -> list[str]:
    """Give the processes of which instances wait."""
    return [row[0] for row in _PROCESSES.run(connection, {})]


def running(connection: sa.Connection, process_id: str, limit: int) -> int:
    """Give how many instances of a process run, counted to a limit; what is suspended does not."""
    row = _RUNNING.one(connection, {"process_id": process_id, "limit": limit})
    assert row is not None, "a count has a row"
    return int(row[0])
