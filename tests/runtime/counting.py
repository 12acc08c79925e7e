"""What work costs, told without a clock: the statements that the writer runs, their rows, and their plans."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from penstock.store.prepared import Prepared


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the statements that the writer runs meanwhile, without those that it runs for many rows."""
    found: list[str] = []
    real = Prepared._execute

    def noting(self, connection, row):  # type: ignore[no-untyped-def]
        if threading.current_thread().name.startswith("committer"):
            found.append(self._compiled(connection.dialect).sql)
        return real(self, connection, row)

    Prepared._execute = noting  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Prepared._execute = real  # type: ignore[method-assign]


@contextmanager
def written() -> Iterator[dict[str, list[int]]]:
    """Give, by the statement, of how many rows each of its runs over many rows has been meanwhile."""
    found: dict[str, list[int]] = {}
    real = Prepared.many

    def noting(self, connection, rows):  # type: ignore[no-untyped-def]
        if rows:
            found.setdefault(self._compiled(connection.dialect).sql, []).append(len(rows))
        real(self, connection, rows)

    Prepared.many = noting  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Prepared.many = real  # type: ignore[method-assign]


@contextmanager
def bytes_written() -> Iterator[list[int]]:
    """Give the bytes in the rows that are written meanwhile, a number for each of them."""
    found: list[int] = []
    real = Prepared.many

    def noting(self, connection, rows):  # type: ignore[no-untyped-def]
        found.extend(sum(len(it) for it in row.values() if isinstance(it, bytes)) for row in rows)
        real(self, connection, rows)

    Prepared.many = noting  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Prepared.many = real  # type: ignore[method-assign]


def plan_of(connection: sa.Connection, prepared: Prepared, known: Mapping[str, object]) -> str:
    """Give how the database would run a statement; of the parameters known, it takes its own."""
    statement = prepared._compiled(connection.dialect)
    values = statement.values(known)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return " ".join(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement.sql}", values))
    driver.execute("SET LOCAL enable_seqscan = off")  # which a table of a few hundred rows would be read by
    return " ".join(row[0] for row in driver.execute(f"EXPLAIN {statement.sql}", values))
