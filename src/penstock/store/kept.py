"""What may be compensated in a scope: from some number on a row each, which is read when it is looked at.

So a step writes what it has kept itself, and not all that was kept before: a loop of ten thousand activities
writes ten thousand rows, and not the same list ten thousand times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableSequence
from functools import partial
from typing import Any, Final, overload

import sqlalchemy as sa

from penstock.kernel.kept import Kept
from penstock.kernel.state import Scope
from penstock.store import codec
from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.tables import kept as table

INLINE: Final = 8
"""So many are kept in the stored form of their scope; when there are more, each gets a row."""

_SCOPE: Final = (
    table.c.part == sa.bindparam("b_part"),
    table.c.instance_id == sa.bindparam("b_instance_id"),
    table.c.scope == sa.bindparam("b_scope"),
)
_READ: Final = Prepared(sa.select(table.c.data).where(*_SCOPE).order_by(table.c.number))
_ADD: Final = Prepared(sa.insert(table))
_CLEAR: Final = Prepared(sa.delete(table).where(*_SCOPE))


class KeptRows(MutableSequence[Kept]):
    """What is kept in a scope and has rows, of which none has been read yet."""

    __slots__ = ("_items", "_read", "added", "intact", "stored")

    def __init__(self, stored: int, read: Callable[[], list[Kept]]) -> None:
        """Begin with so many rows."""
        self.stored = stored
        self._read = read
        self._items: list[Kept] | None = None
        self.added: list[Kept] = []
        """What has been kept since."""
        self.intact = True
        """Whether all that has rows is as they have it."""

    def _all(self) -> list[Kept]:
        if self._items is None:
            self._items = [*self._read(), *self.added]
        return self._items

    def append(self, value: Kept) -> None:
        """Keep one more; nothing is read for that."""
        self.added.append(value)
        if self._items is not None:
            self._items.append(value)

    def insert(self, index: int, value: Kept) -> None:
        self._all().insert(index, value)
        self.intact = False

    def __len__(self) -> int:
        return self.stored + len(self.added) if self.intact else len(self._all())

    def __iter__(self) -> Iterator[Kept]:
        return iter(self._all())

    @overload
    def __getitem__(self, index: int) -> Kept: ...
    @overload
    def __getitem__(self, index: slice) -> MutableSequence[Kept]: ...
    def __getitem__(self, index: Any) -> Any:
        return self._all()[index]

    @overload
    def __setitem__(self, index: int, value: Kept) -> None: ...
    @overload
    def __setitem__(self, index: slice, value: Iterable[Kept]) -> None: ...
    def __setitem__(self, index: Any, value: Any) -> None:
        self._all()[index] = value
        self.intact = False

    def __delitem__(self, index: int | slice) -> None:
        del self._all()[index]
        self.intact = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list | KeptRows) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


Reader = Callable[[int, int], MutableSequence[Kept]]
"""Gives what is kept in a scope, by the scope's key and the number of its rows."""


def reader(connection: sa.Connection, instance_id: str) -> Reader:
    """Give what reads the rows of an instance, as long as the transaction lasts."""
    return lambda scope, rows: KeptRows(rows, partial(_read, connection, instance_id, scope))


def _read(connection: sa.Connection, instance_id: str, scope: int) -> list[Kept]:
    return [codec.decode_kept(data) for (data,) in _READ.run(connection, _key(instance_id, scope))]


class Rows:
    """The changes of one transaction to these rows."""

    def __init__(self) -> None:
        self._added: list[dict[str, Any]] = []
        self._cleared: list[dict[str, Any]] = []

    def take(self, instance_id: str, scope: Scope) -> tuple[list[Kept], int]:
        """Take in what a scope that is saved keeps, and give what has no rows, and the number of the rows."""
        found = scope.kept
        if isinstance(found, KeptRows) and found.intact:
            self._add(instance_id, scope.key, found.added, found.stored)
            return [], len(found)
        items = list(found)
        if scope.apart:
            self.clear(instance_id, scope.key)
        if len(items) <= INLINE:
            return items, 0
        self._add(instance_id, scope.key, items, 0)
        return [], len(items)

    def _add(self, instance_id: str, scope: int, items: Iterable[Kept], after: int) -> None:
        row = {"part": part_of(instance_id), "instance_id": instance_id, "scope": scope}
        for number, it in enumerate(items, after + 1):
            self._added.append({**row, "number": number, "data": codec.encode_kept(it)})

    def clear(self, instance_id: str, scope: int) -> None:
        """Remove all that a scope had."""
        self._cleared.append(_key(instance_id, scope))

    def flush(self, connection: sa.Connection) -> None:
        """Write the changes."""
        _CLEAR.many(connection, self._cleared)
        _ADD.many(connection, self._added)


def _key(instance_id: str, scope: int) -> dict[str, Any]:
    return {"b_part": part_of(instance_id), "b_instance_id": instance_id, "b_scope": scope}
