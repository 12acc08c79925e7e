"""Starts of instances that need each of several triggers, and what has come for each of them so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from penstock import feel
from penstock.store.locks import Address, lock
from penstock.store.prepared import AnyRow, Prepared
from penstock.store.rows import GatheringRow, StartRow
from penstock.store.tables import gathering_start

_it: Final = gathering_start.c
_COLUMNS: Final = [_it[name] for name in GatheringRow.__struct_fields__]
_WAITS: Final = sa.or_(_it.expires_at.is_(None), _it.expires_at > sa.bindparam("now"))
_LACKING: Final = (
    _WAITS,
    _it.process_id == sa.bindparam("process_id"),
    _it.element == sa.bindparam("element"),
    _it.came.op("&")(sa.bindparam("bit")) == sa.literal_column("0"),
)
_OF_ELEMENT: Final = (
    _WAITS,
    _it.process_id == sa.bindparam("process_id"),
    _it.element == sa.bindparam("element"),
)

_ADD: Final = Prepared(
    sa.insert(gathering_start).values(
        {c.name: sa.bindparam(c.name) for c in gathering_start.c if c.name != "id"}
    )
)
_KEYED: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(*_LACKING, _it.correlation_key == sa.bindparam("correlation_key"))
    .order_by(_it.id)
    .limit(1)
)
_OPEN: Final = Prepared(
    sa.select(*_COLUMNS).where(*_LACKING, _it.correlation_key.is_(None)).order_by(_it.id).limit(1)
)
_ALL_LACKING: Final = Prepared(sa.select(*_COLUMNS).where(*_LACKING).order_by(_it.id))
_WITHOUT_KEY: Final = Prepared(
    sa.select(*_COLUMNS).where(*_OF_ELEMENT, _it.correlation_key.is_(None)).order_by(_it.id).limit(1)
)
_OF_KEY: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(_WAITS, _it.process_id == sa.bindparam("process_id"), _it.correlation_key == sa.bindparam("key"))
    .order_by(_it.id)
)
_SET: Final = Prepared(
    sa.update(gathering_start)
    .where(_it.id == sa.bindparam("b_id"))
    .values(
        correlation_key=sa.bindparam("new_correlation_key"),
        business_key=sa.bindparam("new_business_key"),
        came=sa.bindparam("new_came"),
        variables=sa.bindparam("new_variables"),
        expires_at=sa.bindparam("new_expires_at"),
    )
)
_FIND: Final = Prepared(sa.select(*_COLUMNS).where(_it.id == sa.bindparam("id")))
_FORGET: Final = Prepared(sa.delete(gathering_start).where(_it.expires_at <= sa.bindparam("before")))
_REMOVE: Final = Prepared(sa.delete(gathering_start).where(_it.id == sa.bindparam("b_id")))
_ELEMENTS: Final = Prepared(
    sa.select(_it.element).where(_it.process_id == sa.bindparam("process_id")).distinct()
)
_DROP: Final = Prepared(
    sa.delete(gathering_start).where(
        _it.process_id == sa.bindparam("b_process_id"), _it.element == sa.bindparam("b_element")
    )
)


def add(connection: sa.Connection, row: GatheringRow) -> None:
    """Begin to gather; the row's own id counts for nothing."""
    where = {"process_id": row.process_id, "element": row.element, "since": row.since}
    _ADD.do(connection, {**_values(row), **where})


def lacking(
    connection: sa.Connection, start: StartRow, correlation_key: str, now: int
) -> GatheringRow | None:
    """Give the oldest start with the key that lacks the trigger, else the oldest that has no key yet."""
    values = {**_of(start, now), "bit": 1 << start.position, "correlation_key": correlation_key}
    row = _KEYED.one(connection, values) or _OPEN.one(connection, values)
    return None if row is None else _row(row)


def all_lacking(connection: sa.Connection, start: StartRow, now: int) -> list[GatheringRow]:
    """Give every start that lacks the trigger, the oldest first."""
    values = {**_of(start, now), "bit": 1 << start.position}
    return [_row(row) for row in _ALL_LACKING.run(connection, values)]


def without_key(connection: sa.Connection, start: StartRow, now: int) -> GatheringRow | None:
    """Give the start that has no key yet, None where there is none."""
    row = _WITHOUT_KEY.one(connection, _of(start, now))
    return None if row is None else _row(row)


def of_key(connection: sa.Connection, process_id: str, key: str, now: int) -> list[GatheringRow]:
    """Give what is gathered for a process under a key, the oldest first."""
    return [_row(row) for row in _OF_KEY.run(connection, {"process_id": process_id, "key": key, "now": now})]


def put(connection: sa.Connection, row: GatheringRow) -> None:
    """Keep what has come by now."""
    changed = {f"new_{name}": value for name, value in _values(row).items()}
    _SET.do(connection, {"b_id": row.id, **changed})


def remove(connection: sa.Connection, row: GatheringRow) -> None:
    """Forget a start that has begun its instance."""
    _REMOVE.do(connection, {"b_id": row.id})


def find(connection: sa.Connection, id: int) -> GatheringRow | None:
    """Give a start that waits for further triggers, None where there is none with this id."""
    row = _FIND.one(connection, {"id": id})
    return None if row is None else _row(row)


def search(
    connection: sa.Connection, now: int, *, process_id: str | None = None, after: int = 0, limit: int = 100
) -> list[GatheringRow]:
    """Give the starts that wait for further triggers, the oldest first.

    Arguments:
        after: the id of the last one of the page before.
    """
    query = sa.select(*_COLUMNS).where(_WAITS, _it.id > after).order_by(_it.id).limit(limit)
    if process_id is not None:
        query = query.where(_it.process_id == process_id)
    return [_row(row) for row in connection.execute(query, {"now": now})]


def address(process_id: str, element: str) -> Address:
    """Give what whoever changes what is gathered for a start event has alone, which no message is."""
    return "", f"{process_id} {element}"


def drop(connection: sa.Connection, id: int) -> GatheringRow | None:
    """Forget a start, with all that has come for it, and give it; None where it is gone by now."""
    found = find(connection, id)
    if found is None:
        return None
    lock(connection, publish=[address(found.process_id, found.element)], wait=())
    found = find(connection, id)
    if found is not None:
        remove(connection, found)
    return found


def forget(connection: sa.Connection, now: int) -> None:
    """Remove those for which nothing further came in time."""
    _FORGET.do(connection, {"before": now})


def adjust(
    connection: sa.Connection, process_id: str, before: Sequence[StartRow], now: Sequence[StartRow]
) -> None:
    """Keep what is gathered for start events that a new version has with the same triggers, and no other."""
    for (element,) in _ELEMENTS.run(connection, {"process_id": process_id}):
        if _triggers(before, element) != _triggers(now, element):
            _DROP.do(connection, {"b_process_id": process_id, "b_element": element})


def _triggers(starts: Sequence[StartRow], element: str) -> list[tuple[int, str, str]]:
    return sorted((it.position, it.kind, it.name) for it in starts if it.element == element)


def _of(start: StartRow, now: int) -> dict[str, Any]:
    return {"process_id": start.process_id, "element": start.element, "now": now}


def _values(row: GatheringRow) -> Mapping[str, Any]:
    return {
        "correlation_key": row.correlation_key,
        "business_key": row.business_key,
        "came": row.came,
        "variables": feel.dumps(row.variables),
        "expires_at": row.expires_at,
    }


def _row(row: AnyRow) -> GatheringRow:
    fields = dict(zip(GatheringRow.__struct_fields__, row, strict=True))
    return GatheringRow(**{**fields, "variables": feel.loads(fields["variables"])})
