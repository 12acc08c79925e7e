"""Requests that carried an idempotency key: the second one with the same key changes nothing."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.tables import idempotency

ADD: Final = Prepared(sa.insert(idempotency))
_FIND: Final = Prepared(
    sa.select(idempotency.c.digest, idempotency.c.instance_id).where(idempotency.c.key == sa.bindparam("key"))
)
_FORGET: Final = Prepared(sa.delete(idempotency).where(idempotency.c.at < sa.bindparam("before")))


def find(connection: sa.Connection, key: str) -> tuple[str, str] | None:
    """Give the digest of the request that carried the key, and its instance; None where none did."""
    row = _FIND.one(connection, {"key": key})
    return None if row is None else (row[0], row[1])


def forget(connection: sa.Connection, before: int) -> None:
    """Forget the keys of requests before a moment (epoch milliseconds)."""
    _FORGET.do(connection, {"before": before})
