"""What was entered into user tasks that are not done yet."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import TaskDraftRow
from penstock.store.tables import task_draft

_it: Final = task_draft.c
_COLUMNS: Final = [_it[name] for name in TaskDraftRow.__struct_fields__]
_THIS: Final = sa.and_(
    _it.part == sa.bindparam("b_part"),
    _it.instance_id == sa.bindparam("b_instance"),
    _it.key == sa.bindparam("b_key"),
)
_FIND: Final = Prepared(sa.select(*_COLUMNS).where(_THIS))
_REMOVE: Final = Prepared(sa.delete(task_draft).where(_THIS))
_PUT: Final = Prepared(
    sa.text(
        "INSERT INTO task_draft (part, instance_id, key, revision, variables, saved_by, saved_at) "
        "VALUES (:part, :instance_id, :key, :revision, :variables, :saved_by, :saved_at) "
        "ON CONFLICT (part, instance_id, key) DO UPDATE SET revision = excluded.revision, "
        "variables = excluded.variables, saved_by = excluded.saved_by, saved_at = excluded.saved_at "
        "WHERE task_draft.revision = excluded.revision - 1 RETURNING revision"
    )
)


def _this(instance_id: str, key: int) -> dict[str, object]:
    return {"b_part": part_of(instance_id), "b_instance": instance_id, "b_key": key}


def find(connection: sa.Connection, instance_id: str, key: int) -> TaskDraftRow | None:
    """Give what was saved of a task; None where nothing was."""
    row = _FIND.one(connection, _this(instance_id, key))
    return None if row is None else TaskDraftRow(row[0], bytes(row[1]), *row[2:])


def put(connection: sa.Connection, instance_id: str, key: int, row: TaskDraftRow) -> bool:
    """Keep what was entered after the revision that is there; gives whether that is there still."""
    values = {name: getattr(row, name) for name in row.__struct_fields__}
    place = {"part": part_of(instance_id), "instance_id": instance_id, "key": key}
    return _PUT.one(connection, {**place, **values}) is not None


def remove(connection: sa.Connection, instance_id: str, key: int) -> None:
    """Forget what was entered."""
    _REMOVE.do(connection, _this(instance_id, key))
