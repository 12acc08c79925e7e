"""Queries over process instances, newest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from penstock.store import large
from penstock.store.dialects import variable_is
from penstock.store.parts import part_of
from penstock.store.prepared import AnyRow, Prepared
from penstock.store.rows import InstanceRow, Status
from penstock.store.tables import incident, instance

_COLUMNS: Final = [instance.c[name] for name in InstanceRow.__struct_fields__]

_table: Final = instance.c
_NEWEST: Final = (_table.started_at.desc(), _table.id.desc())


class Conditions(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which instances are wanted: those that meet every condition that is not None."""

    process_id: str | None = None
    version: str | None = None
    status: list[Status] | None = None
    business_key: str | None = None
    variables: list[tuple[str, str | int | float | bool | None]] = []
    """Names of root variables and the value that each must have."""
    started_from: int | None = None
    """The first moment of the start, in epoch milliseconds."""
    started_until: int | None = None
    """Its last moment, exclusive."""
    incident_element: str | None = None
    """The element at which it has an open incident."""
    incident_message: str | None = None
    """What the message of an open incident (at that element) contains, whatever its case."""
    id: str | None = None
    """What its id begins with: lower-case hexadecimal digits and hyphens."""
    parent_id: str | None = None
    """The instance that called it."""
    ids: list[str] | None = None
    """It is one of these."""


EVERY: Final = Conditions()

_FIND: Final = Prepared(
    sa.select(*_COLUMNS).where(instance.c.part == sa.bindparam("part"), instance.c.id == sa.bindparam("id"))
)


def find(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """Give one instance, or None where there is none with this id."""
    row = _FIND.one(connection, {"part": part_of(instance_id), "id": instance_id})
    return None if row is None else _row(connection, row)


def _row(connection: sa.Connection, row: AnyRow) -> InstanceRow:
    values: list[Any] = [*row]
    values[-1] = large.whole(connection, values[0], values[-1])
    return InstanceRow(*values)


def search(
    connection: sa.Connection,
    wanted: Conditions = EVERY,
    *,
    after: tuple[int, str] | None = None,
    offset: int = 0,
    limit: int = 100,
) -> list[InstanceRow]:
    """Give the instances that are wanted, the newest first.

    Arguments:
        after: the start and id of the last one of the page before.
    """
    conditions = list(_clauses(wanted))
    if after is not None:
        conditions.append(sa.tuple_(_table.started_at, _table.id) < sa.tuple_(*after))
    newest = sa.select(*_COLUMNS).where(*conditions).order_by(*_NEWEST)
    if wanted.status is not None:
        if not wanted.status:
            return []
        newest = _of_any(newest, wanted.status, offset + limit)
    return [_row(connection, row) for row in connection.execute(newest.limit(limit).offset(offset)).all()]


def count(connection: sa.Connection, wanted: Conditions = EVERY) -> int:
    """Count the instances that are wanted; they are those of `search`."""
    conditions = list(_clauses(wanted))
    if wanted.status is not None:
        conditions.append(_table.status.in_(wanted.status))
    query = sa.select(sa.func.count()).select_from(instance).where(*conditions)
    return int(connection.execute(query).scalar_one())


def unknown(connection: sa.Connection, ids: Collection[str]) -> list[str]:
    """Give those of the ids, in their order, by which there is no instance."""
    query = sa.select(_table.id).where(*_clauses(Conditions(ids=list(ids))))
    known = set(connection.execute(query).scalars())
    return [id for id in dict.fromkeys(ids) if id not in known]


def _clauses(wanted: Conditions) -> Iterator[sa.ColumnElement[bool]]:
    """Give the conditions but for the status, which `search` and `count` ask in ways of their own."""
    for name, value in wanted.variables:
        yield variable_is(instance.c.variables, name, value)
    yield from _equal(wanted.process_id, wanted.version, wanted.business_key)
    if wanted.parent_id is not None:
        yield _table.parent_id == wanted.parent_id
    if wanted.id is not None:
        # "g" comes after every digit.
        yield sa.and_(_table.part == part_of(wanted.id), _table.id >= wanted.id, _table.id < f"{wanted.id}g")
    if wanted.ids is not None:
        yield sa.and_(_table.part.in_({part_of(id) for id in wanted.ids}), _table.id.in_(wanted.ids))
    if wanted.started_from is not None:
        yield _table.started_at >= wanted.started_from
    if wanted.started_until is not None:
        yield _table.started_at < wanted.started_until
    if wanted.incident_element is not None or wanted.incident_message is not None:
        yield _has_incident(wanted.incident_element, wanted.incident_message)


def _has_incident(element: str | None, message: str | None) -> sa.ColumnElement[bool]:
    found = sa.select(sa.literal(1)).where(
        incident.c.part == instance.c.part, incident.c.instance_id == instance.c.id
    )
    if element is not None:
        found = found.where(incident.c.element == element)
    if message is not None:
        found = found.where(incident.c.message.icontains(message, autoescape=True))
    return found.exists()


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
