"""Commands that instances are yet to be sent: written with what asked for them, removed with what they do.

Whoever commits sends them at once; what a crash leaves is found here. A command is removed in the transaction
that carries it out or refuses it, and the state of the instance that it is for is the guard against a second
time.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store import codec
from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import OutboxKey, OutboxRow
from penstock.store.tables import outbox

ADD: Final = Prepared(sa.insert(outbox))
_ONE: Final = (
    outbox.c.part == sa.bindparam("b_part"),
    outbox.c.instance_id == sa.bindparam("b_instance_id"),
)
REMOVE: Final = Prepared(
    sa.delete(outbox).where(
        *_ONE, outbox.c.seq == sa.bindparam("b_seq"), outbox.c.place == sa.bindparam("b_place")
    )
)
_WAITING: Final = Prepared(
    sa.select(
        outbox.c.instance_id,
        outbox.c.seq,
        outbox.c.place,
        outbox.c.target,
        outbox.c.definition_key,
        outbox.c.command,
    ).order_by(outbox.c.at, outbox.c.instance_id, outbox.c.seq, outbox.c.place)
)
_BEFORE: Final = Prepared(
    sa.select(outbox.c.seq, outbox.c.place).where(
        *_ONE, outbox.c.seq < sa.bindparam("b_seq"), outbox.c.target == sa.bindparam("b_target")
    )
)


def waiting(connection: sa.Connection) -> list[OutboxRow]:
    """Give the commands that wait to be sent, the oldest first."""
    rows = _WAITING.run(connection, {})
    return [
        OutboxRow(instance_id, seq, place, target, definition_key, codec.decode_command(command))
        for instance_id, seq, place, target, definition_key, command in rows
    ]


def before(connection: sa.Connection, key: OutboxKey, target: str) -> list[OutboxKey]:
    """Give what the same instance sent to the target before, and is still on its way."""
    values = {"b_part": part_of(key[0]), "b_instance_id": key[0], "b_seq": key[1], "b_target": target}
    return [(key[0], seq, place) for seq, place in _BEFORE.run(connection, values)]


def as_row(row: OutboxRow, at: int) -> dict[str, object]:
    """Give the columns of a command that is to be sent."""
    return {
        "part": part_of(row.instance_id),
        "instance_id": row.instance_id,
        "seq": row.seq,
        "place": row.place,
        "at": at,
        "target": row.target,
        "definition_key": row.definition_key,
        "command": codec.encode_command(row.command),
    }


def as_key(key: OutboxKey) -> dict[str, object]:
    """Give the columns by which a command is removed."""
    return {"b_part": part_of(key[0]), "b_instance_id": key[0], "b_seq": key[1], "b_place": key[2]}
