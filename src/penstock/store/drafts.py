"""Drafts: files that somebody works on; a revision counts the changes, an edit lock is a lease."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.rows import DraftRow
from penstock.store.tables import draft

_it: Final = draft.c
_COLUMNS: Final = [_it[name] for name in DraftRow.__struct_fields__]
_THIS: Final = _it.id == sa.bindparam("b_id")

_FIND: Final = Prepared(sa.select(*_COLUMNS).where(_THIS))
_CONTENT: Final = Prepared(sa.select(_it.content).where(_THIS))
_ADD: Final = Prepared(sa.insert(draft))
_CHANGE: Final = Prepared(
    sa.update(draft)
    .where(_THIS, _it.revision == sa.bindparam("b_revision"))
    .values(
        name=sa.bindparam("new_name"),
        content=sa.bindparam("new_content"),
        revision=_it.revision + 1,
        updated_by=sa.bindparam("actor"),
        updated_at=sa.bindparam("now"),
    )
    .returning(_it.revision)
)
_LOCK: Final = Prepared(
    sa.update(draft)
    .where(_THIS)
    .values(
        lock_holder=sa.bindparam("holder"),
        lock_name=sa.bindparam("holder_name"),
        lock_until=sa.bindparam("until"),
    )
)
_REMOVE: Final = Prepared(sa.delete(draft).where(_THIS))


def find(connection: sa.Connection, id: str) -> DraftRow | None:
    """Give a draft, None where there is none with this id."""
    row = _FIND.one(connection, {"b_id": id})
    return None if row is None else DraftRow(*row)


def read(connection: sa.Connection, id: str) -> tuple[DraftRow, bytes] | None:
    """Give a draft with its content, None where there is none with this id."""
    row, content = find(connection, id), _CONTENT.one(connection, {"b_id": id})
    return None if row is None or content is None else (row, bytes(content[0]))


def search(
    connection: sa.Connection, *, kind: str | None, after: tuple[int, str] | None, limit: int
) -> list[DraftRow]:
    """Give drafts, of all kinds or of one, the one that was changed last first."""
    query = sa.select(*_COLUMNS).order_by(_it.updated_at.desc(), _it.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(_it.kind == kind)
    if after is not None:
        query = query.where(sa.tuple_(_it.updated_at, _it.id) < sa.tuple_(*after))
    return [DraftRow(*row) for row in connection.execute(query)]


def add(connection: sa.Connection, row: DraftRow, content: bytes) -> None:
    """Keep a new draft."""
    _ADD.do(connection, {**{name: getattr(row, name) for name in row.__struct_fields__}, "content": content})


def change(
    connection: sa.Connection, id: str, revision: int, *, name: str, content: bytes, actor: str, now: int
) -> bool:
    """Keep the next revision of a draft, where it is still at this one; gives whether it was."""
    kept = _CHANGE.one(
        connection,
        {
            "b_id": id,
            "b_revision": revision,
            "new_name": name,
            "new_content": content,
            "actor": actor,
            "now": now,
        },
    )
    return kept is not None


def lock(connection: sa.Connection, id: str, holder: str | None, name: str | None, until: int | None) -> None:
    """Let one browser have a draft until a moment (epoch ms); None lets it go."""
    _LOCK.do(connection, {"b_id": id, "holder": holder, "holder_name": name, "until": until})


def remove(connection: sa.Connection, id: str) -> None:
    """Throw a draft away."""
    _REMOVE.do(connection, {"b_id": id})
