"""What is due in a suspended instance: its jobs and timers are held beyond the end of time, and come back.

A held moment is the real one and `HELD` milliseconds more. So nobody who looks for what is due meets them, no
query asks for suspension, and what the moment was is not forgotten.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.tables import job, timer

HELD: Final = 10**15
"""Milliseconds: more than 30,000 years."""

_SHIFT: Final = tuple(
    Prepared(
        sa.update(table)
        .where(table.c.part == sa.bindparam("b_part"), table.c.instance_id == sa.bindparam("b_instance_id"))
        .values({column: table.c[column] + sa.bindparam("by")})
    )
    for table, column in ((job, "available_at"), (timer, "due_at"))
)


def shift(connection: sa.Connection, instance_id: str, *, hold: bool) -> None:
    """Hold everything that is due in the instance, or let go of it."""
    values = {"b_part": part_of(instance_id), "b_instance_id": instance_id, "by": HELD if hold else -HELD}
    for statement in _SHIFT:
        statement.do(connection, values)


def real(moment: int) -> int:
    """Give the real moment of one that may be held (epoch milliseconds)."""
    return moment - HELD if moment >= HELD else moment
