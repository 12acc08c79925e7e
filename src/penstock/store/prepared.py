"""Statements that are built and compiled once: SQLAlchemy writes the SQL, the driver runs it.

Running a statement through SQLAlchemy's own execution costs several times what the driver needs for it, and
a step runs a handful of them for each instance. So what is hot is compiled at import, per dialect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.base import Executable

Row = Mapping[str, Any]
AnyRow = tuple[Any, ...]


class _Compiled:
    """A statement in one dialect's SQL; `values` gives its parameters in their order."""

    def __init__(self, statement: Executable, dialect: sa.Dialect) -> None:
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        names = compiled.positiontup
        assert names is not None, "only dialects with positional parameters"
        self.sql = compiled.string
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        if len(names) == 1:
            self.values: Callable[[Row], tuple[Any, ...]] = lambda row: (row[names[0]],)
        elif not names:
            self.values = lambda _row: ()
        elif constants:
            pick = itemgetter(*names)
            self.values = lambda row: pick(constants | dict(row))
        else:
            self.values = itemgetter(*names)


class Prepared:
    """One statement; its parameters are given by name."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def _compiled(self, dialect: sa.Dialect) -> _Compiled:
        """Give it as a dialect has it: by its name, since every engine has a dialect of its own."""
        found = self._by_dialect.get(dialect.name)
        if found is None:
            found = self._by_dialect[dialect.name] = _Compiled(self._statement, dialect)
        return found

    def one(self, connection: sa.Connection, row: Row) -> AnyRow | None:
        """Run it once and give the first row, None where there is none."""
        found: AnyRow | None = self._execute(connection, row).fetchone()
        return found

    def run(self, connection: sa.Connection, row: Row) -> list[AnyRow]:
        """Run it once and give every row."""
        found: list[AnyRow] = self._execute(connection, row).fetchall()
        return found

    def do(self, connection: sa.Connection, row: Row) -> None:
        """Run it once for what it changes."""
        self._execute(connection, row)

    def many(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        """Run it for each of the rows; for none, not at all."""
        if rows:
            compiled = self._compiled(connection.dialect)
            cursor = _driver(connection).cursor()
            cursor.executemany(compiled.sql, [compiled.values(row) for row in rows])

    def _execute(self, connection: sa.Connection, row: Row) -> Any:
        compiled = self._compiled(connection.dialect)
        return _driver(connection).execute(compiled.sql, compiled.values(row))


def _driver(connection: sa.Connection) -> Any:
    """Give the driver's own connection; a transaction must have begun, since the driver begins none."""
    return connection.connection.driver_connection
