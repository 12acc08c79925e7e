"""Signals on their way: each goes in batches to those who waited for it when it was sent."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock import feel
from penstock.kernel.definition import Value
from penstock.store.prepared import Prepared
from penstock.store.rows import BroadcastRow
from penstock.store.tables import broadcast

_it: Final = broadcast.c
_COLUMNS: Final = [_it[name] for name in BroadcastRow.__struct_fields__]
_ADD: Final = Prepared(
    sa.insert(broadcast)
    .values({c.name: sa.bindparam(c.name) for c in broadcast.c if c.name != "id"})
    .returning(_it.id)
)
_NEXT: Final = Prepared(sa.select(*_COLUMNS).where(_it.id > sa.bindparam("after")).order_by(_it.id).limit(1))
_FIND: Final = Prepared(sa.select(_it.id).where(_it.id == sa.bindparam("id")))
_MOVE: Final = Prepared(
    sa.update(broadcast).where(_it.id == sa.bindparam("b_id")).values(after_id=sa.bindparam("new_after_id"))
)
_REMOVE: Final = Prepared(sa.delete(broadcast).where(_it.id == sa.bindparam("b_id")))


def add(
    connection: sa.Connection,
    *,
    name: str,
    variables: dict[str, Value],
    instance_id: str | None,
    sender: str | None,
    before: int,
    last_id: int,
) -> int:
    """Send a signal on its way to those with ids up to `last_id`, and give the broadcast's id."""
    values = {
        "name": name,
        "variables": feel.dumps(variables),
        "instance_id": instance_id,
        "sender": sender,
        "before": before,
        "after_id": 0,
        "last_id": last_id,
    }
    row = _ADD.one(connection, values)
    assert row is not None, "an insert gives its id"
    id: int = row[0]
    return id


def next_one(connection: sa.Connection, after: int = 0) -> BroadcastRow | None:
    """Give the oldest signal on its way after the one of this id, None where there is none."""
    row = _NEXT.one(connection, {"after": after})
    if row is None:
        return None
    fields = dict(zip(BroadcastRow.__struct_fields__, row, strict=True))
    return BroadcastRow(**{**fields, "variables": feel.loads(fields["variables"])})


def on_its_way(connection: sa.Connection, id: int) -> bool:
    """Whether a signal has not come to all of its receivers."""
    return _FIND.one(connection, {"id": id}) is not None


def move(connection: sa.Connection, id: int, after_id: int) -> None:
    """Note how far a signal has come."""
    _MOVE.do(connection, {"b_id": id, "new_after_id": after_id})


def remove(connection: sa.Connection, id: int) -> None:
    """Forget a signal that has come to all of its receivers."""
    _REMOVE.do(connection, {"b_id": id})
