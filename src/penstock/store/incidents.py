"""Open incidents."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import IncidentRow
from penstock.store.tables import incident
from penstock.store.waits import WaitTable

TABLE: Final = WaitTable(incident, ("element",))

_COLUMNS: Final = [incident.c[name] for name in IncidentRow.__struct_fields__]
_FIND: Final = Prepared(
    sa.select(*_COLUMNS).where(
        incident.c.part == sa.bindparam("part"),
        incident.c.instance_id == sa.bindparam("instance_id"),
        incident.c.key == sa.bindparam("key"),
    )
)


def find(connection: sa.Connection, instance_id: str, key: int) -> IncidentRow | None:
    """Give an open incident, None where it is not open (any longer)."""
    row = _FIND.one(connection, {"part": part_of(instance_id), "instance_id": instance_id, "key": key})
    return None if row is None else IncidentRow(*row)


def search(
    connection: sa.Connection,
    *,
    instance_id: str | None = None,
    type: str | None = None,
    after: tuple[int, str, int] | None = None,
    limit: int = 100,
) -> list[IncidentRow]:
    """Give the open incidents that meet every condition, the newest first.

    Arguments:
        after: when the last one of the page before was raised, its instance and its key.
    """
    table = incident.c
    query = sa.select(*_COLUMNS).order_by(table.at.desc(), table.instance_id.desc(), table.key.desc())
    if instance_id is not None:
        query = query.where(table.part == part_of(instance_id), table.instance_id == instance_id)
    if type is not None:
        query = query.where(table.type == type)
    if after is not None:
        query = query.where(sa.tuple_(table.at, table.instance_id, table.key) < sa.tuple_(*after))
    return [IncidentRow(*row) for row in connection.execute(query.limit(limit))]
