"""What instances wait for from outside: found by the name and key of a message, by the name of a signal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import SubscriptionRow
from penstock.store.tables import subscription
from penstock.store.waits import WaitTable

TABLE: Final = WaitTable(subscription, generated=("id",))

_it: Final = subscription.c
_COLUMNS: Final = [_it[name] for name in SubscriptionRow.__struct_fields__]
_ADDRESSED: Final = (
    _it.kind == "message",
    _it.name == sa.bindparam("name"),
    _it.correlation_key == sa.bindparam("correlation_key"),
)
_SIGNAL: Final = (_it.kind == "signal", _it.name == sa.bindparam("name"), _it.correlation_key == "")
_MINE: Final = (_it.part == sa.bindparam("part"), _it.instance_id == sa.bindparam("instance_id"))

_OLDEST: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(*_ADDRESSED, _it.process_id > sa.bindparam("after"))
    .order_by(_it.process_id, _it.id)
    .limit(1)
)
_OF_INSTANCE: Final = Prepared(sa.select(*_COLUMNS).where(*_MINE).order_by(_it.key))
_RECEIVERS: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(*_SIGNAL, _it.id > sa.bindparam("after"), _it.id <= sa.bindparam("last"))
    .order_by(_it.id)
    .limit(sa.bindparam("limit"))
)
_COUNT: Final = Prepared(sa.select(sa.func.count(), sa.func.max(_it.id)).where(*_SIGNAL))


def of_message(connection: sa.Connection, name: str, correlation_key: str) -> Iterator[SubscriptionRow]:
    """Give those who wait for the message, in each process the one who has waited longest."""
    after = ""
    while True:
        row = _OLDEST.one(connection, {"name": name, "correlation_key": correlation_key, "after": after})
        if row is None:
            return
        found = SubscriptionRow(*row)
        after = found.process_id
        yield found


def of_instance(connection: sa.Connection, instance_id: str) -> list[SubscriptionRow]:
    """Give what an instance waits for, in the order in which it began to."""
    values = {"part": part_of(instance_id), "instance_id": instance_id}
    return [SubscriptionRow(*row) for row in _OF_INSTANCE.run(connection, values)]


def of_signal(
    connection: sa.Connection, name: str, *, after: int, last: int, limit: int
) -> list[SubscriptionRow]:
    """Give those who wait for the signal, by their ids, from `after` to `last`."""
    values = {"name": name, "after": after, "last": last, "limit": limit}
    return [SubscriptionRow(*row) for row in _RECEIVERS.run(connection, values)]


def count_of_signal(connection: sa.Connection, name: str) -> tuple[int, int]:
    """Give how many wait for the signal, and the id of the last of them."""
    row = _COUNT.one(connection, {"name": name})
    assert row is not None, "a count has a row"
    return row[0], row[1] or 0
