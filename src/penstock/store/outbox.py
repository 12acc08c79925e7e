"""Commands that instances are yet to be sent: written with what asked for them, removed with what they do."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store import codec
from penstock.store.prepared import Prepared
from penstock.store.rows import OutboxRow
from penstock.store.tables import outbox

ADD: Final = Prepared(sa.insert(outbox))
REMOVE: Final = Prepared(
    sa.delete(outbox).where(
        outbox.c.part == sa.bindparam("b_part"), outbox.c.instance_id == sa.bindparam("b_instance_id")
    )
)
_WAITING: Final = Prepared(
    sa.select(outbox.c.instance_id, outbox.c.seq, outbox.c.command)
    .order_by(outbox.c.at)
    .limit(sa.bindparam("limit"))
)


def waiting(connection: sa.Connection, limit: int) -> list[OutboxRow]:
    """Give commands that wait to be sent, the oldest first."""
    rows = _WAITING.run(connection, {"limit": limit})
    return [OutboxRow(row[0], row[1], codec.decode_command(row[2])) for row in rows]
