"""The journal: one row a command, never changed: history, audit log and input for replay."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import JournalRow
from penstock.store.tables import journal

APPEND: Final = Prepared(sa.insert(journal))

_READ: Final = Prepared(
    sa.select(*(journal.c[name] for name in JournalRow.__struct_fields__))
    .where(
        journal.c.part == sa.bindparam("part"),
        journal.c.instance_id == sa.bindparam("instance_id"),
        journal.c.seq > sa.bindparam("after_seq"),
    )
    .order_by(journal.c.seq)
    .limit(sa.bindparam("limit"))
)


def read(
    connection: sa.Connection, instance_id: str, *, after_seq: int = 0, limit: int = 1_000
) -> list[JournalRow]:
    """Give the instance's commands in their order, those after `after_seq`."""
    values = {
        "part": part_of(instance_id),
        "instance_id": instance_id,
        "after_seq": after_seq,
        "limit": limit,
    }
    return [JournalRow(*row) for row in _READ.run(connection, values)]
