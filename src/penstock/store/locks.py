"""The lock on an address of messages, for what no row stands for: that somebody waits, or that nobody does.

A message that finds nobody is kept, and who begins to wait looks for one that is. Were both done at the same
time, neither would see the other. So whoever publishes has the address, which is a name and a correlation
key, for itself, and all who begin to wait there have it together. Locks end with their transaction. Where
there is one writer there is nothing to lock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from penstock.store.dialects import is_shared
from penstock.store.prepared import Prepared

Address = tuple[str, str]
"""The name of a message, and its correlation key."""

_LOCK: Final = Prepared(
    sa.text(
        "SELECT count(CASE WHEN alone THEN pg_advisory_xact_lock(number)::text "
        "ELSE pg_advisory_xact_lock_shared(number)::text END) "
        "FROM unnest(CAST(:numbers AS bigint[]), CAST(:alone AS boolean[])) AS address(number, alone)"
    )
)
_TRY: Final = Prepared(sa.text("SELECT pg_try_advisory_xact_lock_shared(CAST(:number AS bigint))"))


def lock(connection: sa.Connection, *, publish: Collection[Address], wait: Collection[Address]) -> None:
    """Take addresses to publish and to begin to wait there, always in the same order; waits for each."""
    if not is_shared(connection) or not (publish or wait):
        return
    alone = dict.fromkeys(map(_number, wait), False) | dict.fromkeys(map(_number, publish), True)
    numbers = sorted(alone)
    _LOCK.one(connection, {"numbers": numbers, "alone": [alone[number] for number in numbers]})


def try_to_wait(connection: sa.Connection, address: Address) -> bool:
    """Take an address to begin to wait there, and give False where somebody publishes there just now."""
    if not is_shared(connection):
        return True
    row = _TRY.one(connection, {"number": _number(address)})
    return row is not None and bool(row[0])


def _number(address: Address) -> int:
    name, key = address
    digest = hashlib.blake2b(f"{len(name)}:{name}{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
