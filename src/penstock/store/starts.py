"""What starts instances: the messages, signals, timers and conditions of each process's newest version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import sqlalchemy as sa

from penstock.store import gatherings
from penstock.store.prepared import Prepared
from penstock.store.rows import StartRow
from penstock.store.tables import start_subscription

_it: Final = start_subscription.c
_COLUMNS: Final = [_it[name] for name in StartRow.__struct_fields__]
_ONE: Final = (
    _it.process_id == sa.bindparam("b_process_id"),
    _it.element == sa.bindparam("b_element"),
    _it.position == sa.bindparam("b_position"),
)

_ADD: Final = Prepared(sa.insert(start_subscription))
_CLEAR: Final = Prepared(sa.delete(start_subscription).where(_it.process_id == sa.bindparam("b_process_id")))
_NAMED: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(_it.kind == sa.bindparam("kind"), _it.name == sa.bindparam("name"))
    .order_by(_it.process_id, _it.element)
)
_OF_PROCESS: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(_it.process_id == sa.bindparam("process_id"), _it.kind == "message")
    .order_by(_it.element)
)
_OF_ELEMENT: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(_it.process_id == sa.bindparam("process_id"), _it.element == sa.bindparam("element"))
    .order_by(_it.position)
)
_ALL: Final = Prepared(sa.select(*_COLUMNS).where(_it.process_id == sa.bindparam("process_id")))
_DUE: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(_it.due_at <= sa.bindparam("now"))
    .order_by(_it.due_at, _it.process_id)
    .limit(sa.bindparam("limit"))
)
_LOCK: Final = Prepared(sa.select(*_COLUMNS).where(*_ONE).with_for_update(skip_locked=True))
_MOVE: Final = Prepared(
    sa.update(start_subscription)
    .where(*_ONE)
    .values(due_at=sa.bindparam("new_due_at"), rest=sa.bindparam("new_rest"), tries=0)
)
_PUT_OFF: Final = Prepared(
    sa.update(start_subscription)
    .where(*_ONE, _it.due_at == sa.bindparam("was"))
    .values(due_at=sa.bindparam("until"), tries=_it.tries + 1)
)


def replace(connection: sa.Connection, process_id: str, rows: Iterable[StartRow]) -> None:
    """Let these start instances of the process from now on, and no others.

    What has been gathered for a start event that needs each of several triggers is kept where the event has
    the same ones as before.
    """
    rows = list(rows)
    gatherings.adjust(connection, process_id, of_process(connection, process_id), rows)
    _CLEAR.do(connection, {"b_process_id": process_id})
    _ADD.many(connection, [{name: getattr(row, name) for name in row.__struct_fields__} for row in rows])


def named(connection: sa.Connection, kind: str, name: str) -> list[StartRow]:
    """Give what a message or signal of the name starts."""
    return [StartRow(*row) for row in _NAMED.run(connection, {"kind": kind, "name": name})]


def of_process(connection: sa.Connection, process_id: str) -> list[StartRow]:
    """Give all that starts instances of a process."""
    return [StartRow(*row) for row in _ALL.run(connection, {"process_id": process_id})]


def of_element(connection: sa.Connection, process_id: str, element: str) -> list[StartRow]:
    """Give the triggers of one start event, in their order."""
    values = {"process_id": process_id, "element": element}
    return [StartRow(*row) for row in _OF_ELEMENT.run(connection, values)]


def messages_of(connection: sa.Connection, process_id: str) -> list[StartRow]:
    """Give the messages that start instances of a process."""
    return [StartRow(*row) for row in _OF_PROCESS.run(connection, {"process_id": process_id})]


def due(connection: sa.Connection, now: int, limit: int) -> list[StartRow]:
    """Give the timers that are due, the longest due first."""
    return [StartRow(*row) for row in _DUE.run(connection, {"now": now, "limit": limit})]


def lock(connection: sa.Connection, row: StartRow) -> StartRow | None:
    """Give a start as it is now, to change it; None where it is gone, or somebody else is at it."""
    found = _LOCK.one(connection, _key(row))
    return None if found is None else StartRow(*found)


def move(connection: sa.Connection, row: StartRow, due_at: int | None, rest: str | None) -> None:
    """Set when a timer starts the next instance, None for never again."""
    _MOVE.do(connection, {**_key(row), "new_due_at": due_at, "new_rest": rest})


def put_off(connection: sa.Connection, moments: Mapping[StartRow, int]) -> None:
    """Let timers that were due, and could not start an instance, be due again at a moment each (epoch ms)."""
    rows = [{**_key(row), "was": row.due_at, "until": until} for row, until in moments.items()]
    _PUT_OFF.many(connection, rows)


def _key(row: StartRow) -> dict[str, object]:
    return {"b_process_id": row.process_id, "b_element": row.element, "b_position": row.position}
