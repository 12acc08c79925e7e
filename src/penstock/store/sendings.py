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
_ONE: Final = sa.select(*_COLUMNS).where(
    _it.part == sa.bindparam("part"),
    _it.instance_id == sa.bindparam("instance_id"),
    _it.seq == sa.bindparam("seq"),
    _it.position == sa.bindparam("position"),
)
_FIND: Final = Prepared(_ONE)
_TAKE: Final = Prepared(_ONE.with_for_update(skip_locked=True))
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


def find(connection: sa.Connection, place: Place) -> SendingRow | None:
    """Give a sending, None where it has been delivered."""
    row = _FIND.one(connection, _values(place))
    return None if row is None else _row(row)


def take(connection: sa.Connection, place: Place) -> SendingRow | None:
    """Give a sending and remove it, None where it has been delivered, or somebody else is at it."""
    values = _values(place)
    row = _TAKE.one(connection, values)
    if row is None:
        return None
    _REMOVE.do(connection, {f"b_{name}": value for name, value in values.items()})
    return _row(row)


def _values(place: Place) -> dict[str, Any]:
    instance_id, seq, position = place
    return {"part": part_of(instance_id), "instance_id": instance_id, "seq": seq, "position": position}


def waiting(connection: sa.Connection) -> list[Place]:
    """Give what has not been delivered, the oldest first."""
    return [(row[0], row[1], row[2]) for row in _WAITING.run(connection, {})]


def _row(row: AnyRow) -> SendingRow:
    fields = dict(zip(SendingRow.__struct_fields__, row, strict=True))
    return SendingRow(**{**fields, "variables": feel.loads(fields["variables"])})
