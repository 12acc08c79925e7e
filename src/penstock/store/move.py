"""Moves a whole SQLite database to an empty PostgreSQL one: every row, compared afterwards, all or nothing.

The rows are read, written and read back inside one transaction on each side. What is there and what was there
are compared by their number and by a sum over the digests of all rows, which needs no order, since the two
databases order texts differently.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from penstock.store import schema
from penstock.store.database import Database, DatabaseError, reason
from penstock.store.tables import metadata

_ROWS: Final = 1_000
"""Rows that are in memory at a time."""

OF_NODES: Final = frozenset({"node", "claim", "revision"})
"""What a database has of its own, however empty it is."""

_MODULUS: Final = 1 << 128
_encode: Final = msgspec.msgpack.Encoder().encode

Row = tuple[Any, ...]


class Content(NamedTuple):
    """What a table holds, in two numbers."""

    rows: int
    digest: int


def move(
    source: Database, target: Database, moved: Callable[[str, int], None] = lambda _table, _rows: None
) -> dict[str, int]:
    """Copy everything, and give the number of rows of each table.

    Arguments:
        source: a SQLite database that no server has, of this release's schema.
        target: a PostgreSQL database that no server has; empty, or without a schema.
        moved: told of each table that has been copied, and of its rows.

    Raises:
        DatabaseError: the schema is another, the target is not empty, or what came out is not what went in;
            the target is as it was.
    """
    if (found := schema.check(source)) != schema.HEAD:
        raise DatabaseError(
            f"the database {source.name} has {f'the schema {found}' if found else 'no schema'}; "
            f"this release moves {schema.HEAD}: run `penstock db upgrade` on it first"
        )
    schema.upgrade(target)
    try:
        with source.reading() as old, target.transaction() as new:
            _make_room(new, target.name)
            return {table.name: _move_table(table, old, new, moved) for table in metadata.sorted_tables}
    except SQLAlchemyError as error:
        raise DatabaseError(f"cannot move to the database {target.name}: {reason(error)}") from None


def _make_room(connection: sa.Connection, name: str) -> None:
    """Make sure that nothing is there, and that nobody else writes meanwhile."""
    for table in metadata.sorted_tables:
        connection.execute(sa.text(f'LOCK TABLE "{table.name}" IN EXCLUSIVE MODE NOWAIT'))
        if table.name in OF_NODES:
            connection.execute(sa.delete(table))
        elif connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
            raise DatabaseError(
                f"the database {name} is not empty: its table {table.name} has rows. Name an empty one."
            )


def _move_table(
    table: sa.Table, old: sa.Connection, new: sa.Connection, moved: Callable[[str, int], None]
) -> int:
    went_in = _copy(table, old, new)
    came_out = content(table, new)
    if came_out != went_in:
        raise DatabaseError(
            f"{came_out.rows} of {went_in.rows} rows of the table {table.name} arrived as they were; "
            "nothing was moved"
        )
    _go_on_counting(table, old, new)
    moved(table.name, went_in.rows)
    return went_in.rows


def _copy(table: sa.Table, old: sa.Connection, new: sa.Connection) -> Content:
    """Copy the rows of a table, and give what went in."""
    from psycopg import Error

    driver: Any = new.connection.driver_connection
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    tally = _Tally()
    try:
        with driver.cursor().copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in _rows(table, old):
                tally.add(row)
                copy.write_row(row)
    except Error as error:
        raise DatabaseError(
            f"a row of the table {table.name} cannot be moved: {reason(error)}; nothing was moved"
        ) from None
    return tally.content()


def content(table: sa.Table, connection: sa.Connection) -> Content:
    """Give what a table holds."""
    tally = _Tally()
    for row in _rows(table, connection):
        tally.add(row)
    return tally.content()


class _Tally:
    """Adds up rows, in any order."""

    def __init__(self) -> None:
        self._rows = 0
        self._digest = 0

    def add(self, row: Row) -> None:
        digest = hashlib.blake2b(_encode(row), digest_size=16).digest()
        self._rows += 1
        self._digest = (self._digest + int.from_bytes(digest, "big")) % _MODULUS

    def content(self) -> Content:
        return Content(self._rows, self._digest)


def _rows(table: sa.Table, connection: sa.Connection) -> Iterator[Row]:
    """Give the rows as they are stored; JSON as its text."""
    columns = [
        sa.type_coerce(column, sa.Text).label(column.name) if isinstance(column.type, sa.JSON) else column
        for column in table.columns
    ]
    with connection.execute(sa.select(*columns), execution_options={"yield_per": _ROWS}) as found:
        for row in found:
            yield tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def _go_on_counting(table: sa.Table, old: sa.Connection, new: sa.Connection) -> None:
    """Let numbers that the database gives go on after the last one given, whether or not its row is left."""
    column = table.autoincrement_column
    if column is None or not column.autoincrement or column.autoincrement == "auto":
        return
    last = old.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    given = last.scalar()
    if given is not None:
        sequence = sa.text("SELECT setval(pg_get_serial_sequence(:table, :column), :given)")
        new.execute(sequence, {"table": table.name, "column": column.name, "given": given})
