"""Queries over process instances, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from penstock import feel
from penstock.kernel.definition import Value
from penstock.store.parts import part_of
from penstock.store.prepared import AnyRow, Prepared
from penstock.store.rows import InstanceRow, Status
from penstock.store.tables import instance

_COLUMNS: Final = [instance.c[name] for name in InstanceRow.__struct_fields__]

_FIND: Final = Prepared(
    sa.select(*_COLUMNS).where(instance.c.part == sa.bindparam("part"), instance.c.id == sa.bindparam("id"))
)

MAX_INTEGER: Final = 2**53
"""Up to here SQLite compares a JSON number exactly."""


def find(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """Give one instance, or None where there is none with this id."""
    row = _FIND.one(connection, {"part": part_of(instance_id), "id": instance_id})
    return None if row is None else _row(row)


def _row(row: AnyRow) -> InstanceRow:
    *columns, variables = row
    return InstanceRow(*columns, feel.loads(variables))


def search(
    connection: sa.Connection,
    *,
    process_id: str | None = None,
    version: str | None = None,
    status: Sequence[Status] | None = None,
    business_key: str | None = None,
    variables: Sequence[tuple[str, Value]] = (),
    started_from: int | None = None,
    started_until: int | None = None,
    after: tuple[int, str] | None = None,
    offset: int = 0,
    limit: int = 100,
) -> list[InstanceRow]:
    """Give the instances that meet every condition, the newest first.

    Arguments:
        variables: names of root variables and the value that each must have (text, number, boolean or null).
        started_from: the first moment of the start, inclusive, in epoch milliseconds.
        started_until: its last moment, exclusive.
        after: the start and id of the last one of the page before.
    """
    table = instance.c
    query = sa.select(*_COLUMNS).order_by(table.started_at.desc(), table.id.desc())
    for column, value in ((table.process_id, process_id), (table.version, version)):
        if value is not None:
            query = query.where(column == value)
    if status is not None:
        query = query.where(table.status.in_(status))
    if business_key is not None:
        query = query.where(table.business_key == business_key)
    if started_from is not None:
        query = query.where(table.started_at >= started_from)
    if started_until is not None:
        query = query.where(table.started_at < started_until)
    if after is not None:
        query = query.where(sa.tuple_(table.started_at, table.id) < sa.tuple_(*after))
    for name, wanted in variables:
        query = query.where(_has(name, wanted))
    return [_row(row) for row in connection.execute(query.limit(limit).offset(offset))]


def _has(name: str, value: Value) -> sa.ColumnElement[bool]:
    """Whether the root variable has the value: the JSON types are compared too, so that "1" is not 1."""
    path = '$."' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    text = sa.cast(instance.c.variables, sa.Text)
    kind, found = sa.func.json_type(text, path), sa.func.json_extract(text, path)
    if value is None:
        return kind == "null"
    if isinstance(value, bool):
        return kind == ("true" if value else "false")
    if isinstance(value, str):
        return sa.and_(kind == "text", found == value)
    return sa.and_(kind.in_(("integer", "real")), found == sa.cast(sa.literal(str(value)), sa.Numeric))
