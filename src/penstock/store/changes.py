"""What has changed, for those who watch: one row a transaction, kept for some minutes.

A change says where to look again, not what is there. A number may become visible after a higher one, since
it is given before the commit; `Tail` waits for those that are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from penstock.store.prepared import AnyRow, Prepared
from penstock.store.tables import change

TOLD: Final = 32
"""Instances that a change names at most; of more it only says that there are many."""
KEPT_MS: Final = 3 * 60_000
"""How long a change is kept for whoever was cut off."""
AT_ONCE: Final = 1_000
"""Changes that are read at a time."""
GAP_READS: Final = 40
"""How often a number that is missing is looked for: a transaction that takes longer has been undone."""

DEPLOYMENTS: Final = "deployments"
"""The subject of a change of what is deployed."""


def of_batch(id: str) -> str:
    """Give the subject of a change of a batch."""
    return f"batch:{id}"


class InstanceChange(msgspec.Struct, frozen=True, array_like=True):
    """That an instance has changed."""

    id: str
    process_id: str
    status: str
    seq: int


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one transaction changed."""

    instances: list[InstanceChange] = []
    many: bool = False
    """Whether there were more instances than are named, so that none is."""
    subjects: list[str] = []
    """What else: `deployments`, or `batch:` with its id."""


_ADD: Final = Prepared(sa.insert(change).values(at=sa.bindparam("at"), data=sa.bindparam("data")))
_AFTER: Final = Prepared(
    sa.select(change.c.id, change.c.data)
    .where(change.c.id > sa.bindparam("after_id"))
    .order_by(change.c.id)
    .limit(AT_ONCE)
)
_NEWEST: Final = Prepared(sa.select(sa.func.max(change.c.id)))
_OLDEST: Final = Prepared(sa.select(sa.func.min(change.c.id)))
_FORGET: Final = Prepared(sa.delete(change).where(change.c.at < sa.bindparam("before")))


def add(
    connection: sa.Connection,
    now: int,
    instances: Sequence[InstanceChange] = (),
    subjects: Iterable[str] = (),
) -> None:
    """Note what the transaction changes, once for the whole of it."""
    many = len(instances) > TOLD
    made = Change([] if many else list(instances), many, list(subjects))
    _ADD.many(connection, [{"at": now, "data": msgspec.json.encode(made)}])


def forget(connection: sa.Connection, now: int) -> None:
    """Drop what nobody who was cut off will ask for any longer."""
    _FORGET.do(connection, {"before": now - KEPT_MS})


def newest(connection: sa.Connection) -> int:
    """Give the number of the last change, 0 where there is none."""
    (found,) = _NEWEST.run(connection, {})
    return found[0] or 0


def since(connection: sa.Connection, after: int) -> list[tuple[int, Change]] | None:
    """Give the changes after a number; None where not all of them are there, or they are too many."""
    oldest, last = _OLDEST.run(connection, {})[0][0], newest(connection)
    if after > last or (after < last and (oldest is None or after < oldest - 1)):
        return None
    rows = _AFTER.run(connection, {"after_id": after})
    return None if len(rows) == AT_ONCE else [_row(row) for row in rows]


def _row(row: AnyRow) -> tuple[int, Change]:
    return row[0], msgspec.json.decode(row[1], type=Change)


@dataclass(slots=True)
class Tail:
    """How far somebody has read the changes."""

    last: int
    missing: dict[int, int] = field(default_factory=dict)
    """The numbers that were passed over, and how often each is still looked for."""

    @property
    def complete(self) -> int:
        """The number up to which nothing is missing."""
        return min(self.missing, default=self.last + 1) - 1

    def read(self, connection: sa.Connection) -> list[Change]:
        """Give what has come since the last time."""
        found = [_row(row) for row in self._missed(connection)]
        rows = [_row(row) for row in _AFTER.run(connection, {"after_id": self.last})]
        for number, _ in found:
            del self.missing[number]
        self.missing = {number: left - 1 for number, left in self.missing.items() if left > 1}
        for number, _ in rows:
            skipped = range(max(self.last + 1, number - AT_ONCE), number)
            self.missing.update(dict.fromkeys(skipped, GAP_READS))
            self.last = number
        return [it for _, it in found + rows]

    def _missed(self, connection: sa.Connection) -> Sequence[Any]:
        if not self.missing:
            return ()
        query = sa.select(change.c.id, change.c.data).where(change.c.id.in_(sorted(self.missing)[:AT_ONCE]))
        return connection.execute(query.order_by(change.c.id)).all()
