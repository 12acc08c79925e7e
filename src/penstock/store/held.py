"""What concerns a suspended instance: its jobs, timers and subscriptions are held, and come back.

A held moment is the real one and `HELD` milliseconds more. So nobody who looks for what is due meets them, no
query asks for suspension, and what the moment was is not forgotten.
"""

from __future__ import annotations

from typing import Final, Literal, cast

import sqlalchemy as sa

from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.tables import job, subscription, timer

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


HELD_KIND: Final = "held "
"""What stands before the kind of a subscription that is held, so that no message and no signal finds it."""

_OF_INSTANCE: Final = (
    subscription.c.part == sa.bindparam("b_part"),
    subscription.c.instance_id == sa.bindparam("b_instance_id"),
)
_HOLD: Final = Prepared(
    sa.update(subscription).where(*_OF_INSTANCE).values(kind=HELD_KIND + subscription.c.kind)
)
_LET_GO: Final = Prepared(
    sa.update(subscription)
    .where(*_OF_INSTANCE)
    .values(kind=sa.func.substr(subscription.c.kind, len(HELD_KIND) + 1))
)


def shift(connection: sa.Connection, instance_id: str, *, hold: bool) -> None:
    """Hold everything that is due in the instance, or let go of it."""
    values = {"b_part": part_of(instance_id), "b_instance_id": instance_id, "by": HELD if hold else -HELD}
    for statement in _SHIFT:
        statement.do(connection, values)


def shift_subscriptions(connection: sa.Connection, instance_id: str, *, hold: bool) -> None:
    """Hold everything that the instance waits for, or let go of it."""
    values = {"b_part": part_of(instance_id), "b_instance_id": instance_id}
    (_HOLD if hold else _LET_GO).do(connection, values)


def kind_of(kind: str) -> Literal["message", "signal", "condition"]:
    """Give the kind of a subscription that may be held."""
    return cast(Literal["message", "signal", "condition"], kind.removeprefix(HELD_KIND))


def real(moment: int) -> int:
    """Give the real moment of one that may be held (epoch milliseconds)."""
    return moment - HELD if moment >= HELD else moment
