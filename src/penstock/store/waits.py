"""The rows of what instances wait for (jobs, timers, user tasks, incidents): one way to change them all.

A row that a transaction both adds and removes is never written.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from penstock.store.prepared import Prepared

Key = tuple[int, str, int]
"""The part, the instance's id, and the key within it."""


class WaitTable:
    """The statements on one of these tables; `updatable` columns may change, `generated` ones it gives."""

    def __init__(
        self, table: sa.Table, updatable: tuple[str, ...] = (), generated: tuple[str, ...] = ()
    ) -> None:
        self.table = table
        self.updatable = updatable
        one = (
            table.c.part == sa.bindparam("b_part"),
            table.c.instance_id == sa.bindparam("b_instance_id"),
            table.c.key == sa.bindparam("b_key"),
        )
        given: dict[str, Any] = {
            column.name: sa.bindparam(column.name) for column in table.c if column.name not in generated
        }
        self.insert: Final = Prepared(sa.insert(table).values(given) if generated else sa.insert(table))
        self.delete: Final = Prepared(sa.delete(table).where(*one))
        self._one = one
        self._updates: dict[tuple[str, ...], Prepared] = {}

    def update(self, names: tuple[str, ...]) -> Prepared:
        """Give the statement that changes these columns together."""
        found = self._updates.get(names)
        if found is None:
            values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
            found = Prepared(sa.update(self.table).where(*self._one).values(values))
            self._updates[names] = found
        return found


class Rows:
    """The changes of one transaction to one of these tables."""

    def __init__(self, table: WaitTable) -> None:
        self._table = table
        self._added: dict[Key, dict[str, Any]] = {}
        self._changed: dict[Key, dict[str, Any]] = {}
        self._removed: dict[Key, None] = {}

    def add(self, key: Key, values: dict[str, Any]) -> None:
        """Add a row."""
        part, instance_id, number = key
        self._added[key] = {"part": part, "instance_id": instance_id, "key": number, **values}

    def change(self, key: Key, **values: Any) -> None:
        """Change columns of a row."""
        added = self._added.get(key)
        if added is not None:
            added.update(values)
        else:
            self._changed.setdefault(key, {}).update(values)

    def remove(self, key: Key) -> None:
        """Remove a row."""
        self._changed.pop(key, None)
        if self._added.pop(key, None) is None:
            self._removed[key] = None

    def flush(self, connection: sa.Connection) -> None:
        """Write the changes, a statement for each kind of them."""
        self._table.insert.many(connection, list(self._added.values()))
        self._table.delete.many(connection, [_key(key) for key in self._removed])
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for key, values in self._changed.items():
            names = tuple(name for name in self._table.updatable if name in values)
            row = {**_key(key), **{f"new_{name}": values[name] for name in names}}
            alike.setdefault(names, []).append(row)
        for names, rows in alike.items():
            if names:
                self._table.update(names).many(connection, rows)
        self._added, self._changed, self._removed = {}, {}, {}


def _key(key: Key) -> dict[str, Any]:
    return {"b_part": key[0], "b_instance_id": key[1], "b_key": key[2]}
