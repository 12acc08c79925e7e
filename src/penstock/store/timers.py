"""Open timers, by the moment at which they are due."""

from __future__ import annotations

from collections.abc import Mapping
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
_MINE: Final = sa.func.abs(sa.func.hashtext(timer.c.instance_id).cast(sa.BigInteger)) % sa.bindparam(
    "nodes", type_=sa.BigInteger
) == sa.bindparam("node", type_=sa.BigInteger)
_DUE_HERE: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(timer.c.due_at <= sa.bindparam("now"), _MINE)
    .order_by(timer.c.due_at, timer.c.instance_id, timer.c.key)
    .limit(sa.bindparam("limit"))
)
_DUE_ELSEWHERE: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(timer.c.due_at <= sa.bindparam("now"), sa.not_(_MINE))
    .order_by(timer.c.due_at, timer.c.instance_id, timer.c.key)
    .limit(sa.bindparam("limit"))
)
_PUT_OFF: Final = Prepared(
    sa.update(timer)
    .where(
        timer.c.part == sa.bindparam("b_part"),
        timer.c.instance_id == sa.bindparam("b_instance_id"),
        timer.c.key == sa.bindparam("b_key"),
        timer.c.due_at == sa.bindparam("was"),
    )
    .values(due_at=sa.bindparam("until"), tries=timer.c.tries + 1)
)


def of_instance(connection: sa.Connection, instance_id: str) -> list[TimerRow]:
    """Give the open timers of an instance, in the order in which they were opened."""
    values = {"part": part_of(instance_id), "instance_id": instance_id}
    return [TimerRow(*row) for row in _OF_INSTANCE.run(connection, values)]


Share = tuple[int, int]
"""Which of so many nodes one is, from 0. Nodes share the timers out, by the ids of their instances, so that
they are not all at the same ones."""


def due(connection: sa.Connection, now: int, limit: int, share: Share | None = None) -> list[TimerRow]:
    """Give timers that are due, the longest due first; with a share only those of that node."""
    if share is None:
        return [TimerRow(*row) for row in _DUE.run(connection, {"now": now, "limit": limit})]
    values = {"now": now, "limit": limit, "node": share[0], "nodes": share[1]}
    return [TimerRow(*row) for row in _DUE_HERE.run(connection, values)]


def late(connection: sa.Connection, before: int, limit: int, share: Share) -> list[TimerRow]:
    """Give timers of other nodes that have been due since a moment or longer, the longest due first."""
    values = {"now": before, "limit": limit, "node": share[0], "nodes": share[1]}
    return [TimerRow(*row) for row in _DUE_ELSEWHERE.run(connection, values)]


def put_off(connection: sa.Connection, moments: Mapping[TimerRow, int]) -> None:
    """Let timers that were due, and could not be fired, be due again at a moment each (epoch ms).

    One that has been closed or held meanwhile is left alone.
    """
    rows = [
        {
            "b_part": part_of(row.instance_id),
            "b_instance_id": row.instance_id,
            "b_key": row.key,
            "was": row.due_at,
            "until": until,
        }
        for row, until in moments.items()
    ]
    _PUT_OFF.many(connection, rows)
