"""Small things that a surface keeps by name."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.tables import setting

_GET: Final = Prepared(sa.select(setting.c.value).where(setting.c.name == sa.bindparam("name")))
_PUT: Final = Prepared(
    sa.text(
        "INSERT INTO setting (name, value) VALUES (:name, :value) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )
)
_ADD: Final = Prepared(
    sa.text(
        "INSERT INTO setting (name, value) VALUES (:name, :value) "
        "ON CONFLICT (name) DO NOTHING RETURNING name"
    )
)
_REMOVE: Final = Prepared(sa.delete(setting).where(setting.c.name == sa.bindparam("b_name")))


def get(connection: sa.Connection, name: str) -> bytes | None:
    """Give the value, None where there is none."""
    row = _GET.one(connection, {"name": name})
    return None if row is None else bytes(row[0])


def put(connection: sa.Connection, name: str, value: bytes) -> None:
    """Set the value."""
    _PUT.do(connection, {"name": name, "value": value})


def add(connection: sa.Connection, name: str, value: bytes) -> bool:
    """Set the value where there is none, and give whether there was none.

    Somebody who is doing the same is waited for.
    """
    return _ADD.one(connection, {"name": name, "value": value}) is not None


def remove(connection: sa.Connection, name: str) -> None:
    """Let there be no value."""
    _REMOVE.do(connection, {"b_name": name})
