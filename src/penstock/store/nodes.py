"""The nodes that share the database, each with the moment at which it was last seen."""

from __future__ import annotations

from typing import Final

import msgspec
import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.rows import NodeRow
from penstock.store.tables import node

_COLUMNS: Final = [node.c[name] for name in NodeRow.__struct_fields__]
_SEE: Final = Prepared(
    sa.text(
        "INSERT INTO node (id, name, version, started_at, seen_at) "
        "VALUES (:id, :name, :version, :started_at, :seen_at) "
        "ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
    )
)
_ALL: Final = Prepared(sa.select(*_COLUMNS).order_by(node.c.started_at, node.c.id))
_REMOVE: Final = Prepared(sa.delete(node).where(node.c.id == sa.bindparam("b_id")))
_FORGET: Final = Prepared(sa.delete(node).where(node.c.seen_at < sa.bindparam("before")))


def see(connection: sa.Connection, row: NodeRow) -> None:
    """Note that a node is here."""
    _SEE.do(connection, msgspec.structs.asdict(row))


def every(connection: sa.Connection) -> list[NodeRow]:
    """Give the nodes, the oldest first; those that have gone without a word among them, for some time."""
    return [NodeRow(*row) for row in _ALL.run(connection, {})]


def remove(connection: sa.Connection, id: str) -> None:
    """Note that a node has gone."""
    _REMOVE.do(connection, {"b_id": id})


def forget(connection: sa.Connection, before: int) -> None:
    """Forget the nodes that nobody has seen since a moment (epoch ms)."""
    _FORGET.do(connection, {"before": before})
