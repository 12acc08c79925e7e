"""Open calls: call activities that wait for an instance of another process."""

from __future__ import annotations

import hashlib
from typing import Final

import sqlalchemy as sa

from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import CallRow
from penstock.store.tables import call
from penstock.store.waits import WaitTable

TABLE: Final = WaitTable(call)

_COLUMNS: Final = [call.c[name] for name in CallRow.__struct_fields__]
_OF_INSTANCE: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(call.c.part == sa.bindparam("part"), call.c.instance_id == sa.bindparam("instance_id"))
    .order_by(call.c.key)
)


def of_instance(connection: sa.Connection, instance_id: str) -> list[CallRow]:
    """Give the open calls of an instance, in the order in which they were opened."""
    values = {"part": part_of(instance_id), "instance_id": instance_id}
    return [CallRow(*row) for row in _OF_INSTANCE.run(connection, values)]


def called_id(instance_id: str, key: int) -> str:
    """Give the id of the instance that a call of this key starts: the same whenever it is asked for.

    It begins as the caller's, so that the two lie near each other in every index.
    """
    digest = hashlib.sha256(f"{instance_id}:{key}".encode()).hexdigest()
    head = instance_id[:13] if len(instance_id) == 36 else f"{digest[24:32]}-{digest[20:24]}"
    return f"{head}-8{digest[:3]}-a{digest[3:6]}-{digest[6:18]}"
