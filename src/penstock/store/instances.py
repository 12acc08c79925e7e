"""Queries over process instances, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from penstock import feel
from penstock.kernel.definition import Value
from penstock.store.dialects import variable_is
from penstock.store.parts import part_of
from penstock.store.prepared import AnyRow, Prepared
from penstock.store.rows import InstanceRow, Status
from penstock.store.tables import instance

_COLUMNS: Final = [instance.c[name] for name in InstanceRow.__struct_fields__]

_table: Final = instance.c
_NEWEST: Final = (_table.started_at.desc(), _table.id.desc())

_FIND: Final = Prepared(
    sa.select(*_COLUMNS).where(instance.c.part == sa.bindparam("part"), instance.c.id == sa.bindparam("id"))
)


def find(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """Give one instance, or None where there is none with this id."""
    row = _FIND.one(connection, {"part": part_of(instance_id), "id": instance_id})
    return None if row is None else _row(row)


def _row(row: AnyRow) -> InstanceRow:
    values: list[Any] = [*row]
    values[-1] = feel.loads(values[-1])
    return InstanceRow(*values)


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
    conditions = _conditions(variables, process_id, version, business_key, started_from, started_until)
    if after is not None:
        conditions.append(sa.tuple_(_table.started_at, _table.id) < sa.tuple_(*after))
    newest = sa.select(*_COLUMNS).where(*conditions).order_by(*_NEWEST)
    if status is not None:
        if not status:
            return []
        newest = _of_any(newest, status, offset + limit)
    return [_row(row) for row in connection.execute(newest.limit(limit).offset(offset))]


def count(
    connection: sa.Connection,
    *,
    process_id: str | None = None,
    version: str | None = None,
    status: Sequence[Status] | None = None,
    business_key: str | None = None,
    variables: Sequence[tuple[str, Value]] = (),
    started_from: int | None = None,
    started_until: int | None = None,
) -> int:
    """Count the instances that meet every condition; they are those of `search`."""
    conditions = _conditions(variables, process_id, version, business_key, started_from, started_until)
    if status is not None:
        conditions.append(_table.status.in_(status))
    query = sa.select(sa.func.count()).select_from(instance).where(*conditions)
    return int(connection.execute(query).scalar_one())


def _conditions(
    variables: Sequence[tuple[str, Value]],
    process_id: str | None,
    version: str | None,
    business_key: str | None,
    started_from: int | None,
    started_until: int | None,
) -> list[sa.ColumnElement[bool]]:
    conditions = [variable_is(instance.c.variables, name, wanted) for name, wanted in variables]
    conditions += _equal(process_id, version, business_key)
    if started_from is not None:
        conditions.append(_table.started_at >= started_from)
    if started_until is not None:
        conditions.append(_table.started_at < started_until)
    return conditions


def _equal(
    process_id: str | None, version: str | None, business_key: str | None
) -> list[sa.ColumnElement[bool]]:
    """Give the conditions on columns with an index of their own."""
    found: list[sa.ColumnElement[bool]] = []
    if process_id is not None and version is not None:
        found.append(_table.definition_key == f"{process_id}:{version}")
    elif process_id is not None:
        found.append(_table.process_id == process_id)
    elif version is not None:
        found.append(_table.version == version)
    if business_key is not None:
        found.append(_table.business_key == business_key)
    return found


def _of_any(newest: sa.Select[Any], statuses: Sequence[Status], count: int) -> sa.Select[Any]:
    """Give those of any of the statuses: the newest of each, merged, so that each is found by its index."""
    if len(statuses) == 1:
        return newest.where(_table.status == statuses[0])
    parts = [
        newest.where(_table.status == status).limit(count).subquery() for status in dict.fromkeys(statuses)
    ]
    merged = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    return sa.select(merged).order_by(merged.c.started_at.desc(), merged.c.id.desc())
