"""User tasks: those that are open, and those that have ended."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import msgspec
import sqlalchemy as sa

from penstock.store.dialects import holds
from penstock.store.parts import part_of
from penstock.store.prepared import AnyRow, Prepared
from penstock.store.rows import UserTaskRow
from penstock.store.tables import user_task
from penstock.store.waits import WaitTable

TABLE: Final = WaitTable(
    user_task,
    (
        *("state", "assignee", "ended_at", "element"),
        *("candidate_users", "candidate_groups", "due_at", "follow_up_at", "priority"),
    ),
)

_COLUMNS: Final = [user_task.c[name] for name in UserTaskRow.__struct_fields__]
_FIND: Final = Prepared(
    sa.select(*_COLUMNS).where(
        user_task.c.part == sa.bindparam("part"),
        user_task.c.instance_id == sa.bindparam("instance_id"),
        user_task.c.key == sa.bindparam("key"),
    )
)


def find(connection: sa.Connection, instance_id: str, key: int) -> UserTaskRow | None:
    """Give one task, open or ended; None where there never was one with this key."""
    row = _FIND.one(connection, {"part": part_of(instance_id), "instance_id": instance_id, "key": key})
    return None if row is None else _row(row)


def _row(row: AnyRow) -> UserTaskRow:
    """Give the row, whose lists the driver gives as JSON."""
    values = dict(zip(UserTaskRow.__struct_fields__, row, strict=True))
    lists = {name: msgspec.json.decode(values[name]) for name in ("candidate_users", "candidate_groups")}
    return UserTaskRow(**values | lists)


def search(
    connection: sa.Connection,
    *,
    state: str | None = None,
    instance_id: str | None = None,
    element: str | None = None,
    name: str | None = None,
    assignee: str | None = None,
    candidate_user: str | None = None,
    candidate_groups: Sequence[str] = (),
    assigned: bool | None = None,
    due_before: int | None = None,
    after: tuple[int, str, int] | None = None,
    limit: int = 100,
) -> list[UserTaskRow]:
    """Give the tasks that meet every condition, the newest first.

    Arguments:
        candidate_groups: the task has one of these.
        assigned: whether somebody has it.
        due_before: it is due before this moment (epoch ms).
        after: when the last one of the page before was created, its instance and its key.
    """
    given: dict[str, object] = {
        "state": state,
        "element": element,
        "name": name,
        "assignee": assignee,
        "part": None if instance_id is None else part_of(instance_id),
        "instance_id": instance_id,
        "candidate_user": candidate_user,
        "due_before": due_before,
        **{f"{_GROUP}{number}": group for number, group in enumerate(candidate_groups)},
    }
    if after is not None:
        given |= dict(zip(_AFTER, after, strict=True))
    given = {what: value for what, value in given.items() if value is not None}
    rows = _search(frozenset(given), assigned).run(connection, given | {"limit": limit})
    return [_row(row) for row in rows]


_AFTER: Final = ("after_at", "after_instance", "after_key")
_GROUP: Final = "candidate_group_"


@cache
def _search(given: frozenset[str], assigned: bool | None) -> Prepared:
    """Give the search with these conditions, written once: to write it costs more than to run it."""
    table = user_task.c
    newest = (table.created_at, table.instance_id, table.key)
    query = sa.select(*_COLUMNS).order_by(*(column.desc() for column in newest))
    for column in ("state", "element", "name", "assignee", "part", "instance_id"):
        if column in given:
            query = query.where(table[column] == sa.bindparam(column))
    if "candidate_user" in given:
        query = query.where(holds(table.candidate_users, sa.bindparam("candidate_user")))
    groups = [holds(table.candidate_groups, sa.bindparam(name)) for name in given if name.startswith(_GROUP)]
    if groups:
        query = query.where(sa.or_(*groups))
    if assigned is not None:
        query = query.where(table.assignee.is_not(None) if assigned else table.assignee.is_(None))
    if "due_before" in given:
        query = query.where(table.due_at < sa.bindparam("due_before"))
    if given.issuperset(_AFTER):
        query = query.where(sa.tuple_(*newest) < sa.tuple_(*(sa.bindparam(name) for name in _AFTER)))
    return Prepared(query.limit(sa.bindparam("limit")))
