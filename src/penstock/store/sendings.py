"""What instances have sent, until it is delivered: written with what sent it, removed with what it does."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from penstock import feel
from penstock.kernel.effects import SendMessage, SendSignal
from penstock.store.parts import part_of
from penstock.store.prepared import AnyRow, Prepared
from penstock.store.rows import SendingRow
from penstock.store.tables import sending

_it: Final = sending.c
_COLUMNS: Final = [_it[name] for name in SendingRow.__struct_fields__]
ADD: Final = Prepared(sa.insert(sending))
_FIND: Final = Prepared(
    sa.select(*_COLUMNS).where(
        _it.part == sa.bindparam("part"),
        _it.instance_id == sa.bindparam("instance_id"),
        _it.seq == sa.bindparam("seq"),
        _it.position == sa.bindparam("position"),
    )
)
_REMOVE: Final = Prepared(
    sa.delete(sending).where(
        _it.part == sa.bindparam("b_part"),
        _it.instance_id == sa.bindparam("b_instance_id"),
        _it.seq == sa.bindparam("b_seq"),
        _it.position == sa.bindparam("b_position"),
    )
)
_WAITING: Final = Prepared(sa.select(_it.instance_id, _it.seq, _it.position).order_by(_it.at, _it.seq))

Place = tuple[str, int, int]
"""The sender, the number of its command, and which of that command's sendings."""


def values(sent: SendMessage | SendSignal) -> dict[str, Any]:
    """Give the columns that say what is sent."""
    message = isinstance(sent, SendMessage)
    return {
        "kind": "message" if message else "signal",
        "name": sent.name,
        "correlation_key": sent.correlation_key if isinstance(sent, SendMessage) else "",
        "variables": feel.dumps(sent.variables),
        "ttl": sent.ttl if isinstance(sent, SendMessage) else None,
        "before": sent.before if isinstance(sent, SendSignal) else 0,
    }


def take(connection: sa.Connection, place: Place) -> SendingRow | None:
    """Give a sending and remove it, None where it has been delivered."""
    instance_id, seq, position = place
    part = part_of(instance_id)
    row = _FIND.one(connection, {"part": part, "instance_id": instance_id, "seq": seq, "position": position})
    if row is None:
        return None
    _REMOVE.do(
        connection, {"b_part": part, "b_instance_id": instance_id, "b_seq": seq, "b_position": position}
    )
    return _row(row)


def waiting(connection: sa.Connection) -> list[Place]:
    """Give what has not been delivered, the oldest first."""
    return [(row[0], row[1], row[2]) for row in _WAITING.run(connection, {})]


def _row(row: AnyRow) -> SendingRow:
    fields = dict(zip(SendingRow.__struct_fields__, row, strict=True))
    return SendingRow(**{**fields, "variables": feel.loads(fields["variables"])})
