"""Loading an instance's state for the kernel, and saving what a command changed of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, get_args

import sqlalchemy as sa

from penstock.kernel.events import Event, ScopeClosed, ScopeOpened, VariablesSet
from penstock.kernel.state import ROOT, InstanceState, ProcessInstance, Scope
from penstock.store import codec, kept, large
from penstock.store.dialects import is_shared
from penstock.store.parts import part_of
from penstock.store.prepared import AnyRow, Prepared
from penstock.store.rows import InstanceRow, Status
from penstock.store.tables import instance, scope

_ONE: Final = (instance.c.part == sa.bindparam("part"), instance.c.id == sa.bindparam("id"))
_ONE_SCOPE: Final = (
    scope.c.part == sa.bindparam("part"),
    scope.c.instance_id == sa.bindparam("instance_id"),
    scope.c.key == sa.bindparam("scope_key"),
)
_HEADER: Final = [name for name in InstanceRow.__struct_fields__ if name != "variables"]
_CHANGES: Final = (
    "definition_key",
    "process_id",
    "version",
    "status",
    "incidents",
    "updated_by",
    "updated_at",
)

_SELECT: Final = sa.select(
    *(instance.c[name] for name in _HEADER), instance.c.seq, instance.c.variables, instance.c.data
)
_LOAD: Final = Prepared(_SELECT.where(*_ONE))
_TOGETHER: Final = 32
"""Instances that one statement reads at most where nobody else writes."""
_IDS: Final = [f"id{number}" for number in range(_TOGETHER)]
_SOME: Final = Prepared(
    _SELECT.where(
        instance.c.part == sa.bindparam("part"), instance.c.id.in_(map(sa.bindparam, _IDS))
    ).order_by(instance.c.id)
)
_LOCK: Final = Prepared(_SELECT.where(*_ONE).with_for_update())
_LOCK_FREE: Final = Prepared(_SELECT.where(*_ONE).with_for_update(nowait=True))


def _lock_each(how: str) -> Prepared:
    """Give the statement that locks instances one after the other, in the order of `ids`.

    Each is looked up by its key, whatever is known of the table: a plan for all of them together, made while
    the table was empty, would read the whole of it.
    """
    columns = ", ".join(column.name for column in _SELECT.selected_columns)
    return Prepared(
        sa.text(
            f"SELECT it.* FROM unnest(CAST(:ids AS text[])) AS wanted(id) CROSS JOIN LATERAL "
            f"(SELECT {columns} FROM instance WHERE part = :part AND id = wanted.id {how}) AS it"
        )
    )


_LOCK_EACH: Final = _lock_each("FOR UPDATE")
_LOCK_EACH_FREE: Final = _lock_each("FOR UPDATE SKIP LOCKED")
FEW: Final = 4
"""From so many instances on, one statement locks many."""
_INSERT: Final = Prepared(sa.insert(instance))
_UPDATED: Final = (*_CHANGES, "ended_at", "seq", "data")


def _update(columns: Iterable[str]) -> Prepared:
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in columns}
    return Prepared(sa.update(instance).where(*_ONE).values(values))


_UPDATE: Final = _update(_UPDATED)
_UPDATE_WITH_VARIABLES: Final = _update((*_UPDATED, "variables"))
_LOAD_SCOPE: Final = Prepared(sa.select(scope.c.data).where(*_ONE_SCOPE))
_DROP_SCOPE: Final = Prepared(sa.delete(scope).where(*_ONE_SCOPE))
_SAVE_SCOPE: Final = Prepared(
    sa.text(
        "INSERT INTO scope (part, instance_id, key, data) VALUES (:part, :instance_id, :key, :data) "
        "ON CONFLICT (part, instance_id, key) DO UPDATE SET data = excluded.data"
    )
)

_SCOPED: Final = frozenset(kind for kind in get_args(Event) if "scope" in kind.__struct_fields__)
"""The events that happen in a scope."""

_STATES: Final = {
    "active": InstanceState.ACTIVE,
    "incident": InstanceState.ACTIVE,
    "completed": InstanceState.COMPLETED,
    "cancelled": InstanceState.CANCELLED,
    "suspended": InstanceState.SUSPENDED,
}


class Stored:
    """An instance in a transaction: the kernel's state, and the columns of its row beside it."""

    __slots__ = (
        "apart",
        "created_by",
        "instance",
        "parent_id",
        "process_id",
        "seq",
        "set_since",
        "stored_variables",
        "touched",
        "updated_at",
        "updated_by",
        "version",
        "was",
        "was_of",
    )

    def __init__(self, instance: ProcessInstance, *, process_id: str, version: str, created_by: str) -> None:
        self.instance = instance
        self.process_id = process_id
        self.version = version
        self.parent_id: str | None = None
        self.created_by = created_by
        self.updated_by = created_by
        self.updated_at = 0
        self.seq = 0
        """How many commands have changed it."""
        self.was: Status | None = None
        """The status that its row has, None where it has no row yet."""
        self.was_of = (process_id, version)
        """The process and the version that its row has; a migration changes both."""
        self.stored_variables: bytes | None = None
        """The stored form of the process's own variables but for those in `set_since`, None where none is."""
        self.set_since: dict[str, None] = {}
        """The names of the process's variables that have been set since, in the order of the form."""
        self.touched: set[int] = set()
        """The scopes under the root that this transaction changed or closed."""
        self.apart: set[int] = set()
        """The scopes that had rows of what they keep when they were read."""

    @property
    def status(self) -> Status:
        """What the instance shows."""
        if self.instance.state is InstanceState.ACTIVE:
            return "incident" if self.instance.incidents else "active"
        if self.instance.state is InstanceState.SUSPENDED:
            return "suspended"
        return "cancelled" if self.instance.state is InstanceState.CANCELLED else "completed"

    def record(self, events: Iterable[Event], actor: str, now: int) -> None:
        """Note that a command of `actor` changed the instance."""
        self.seq += 1
        self.updated_by, self.updated_at = actor, now
        for event in events:
            key = event.scope if type(event) in _SCOPED else ROOT  # type: ignore[union-attr]
            if key != ROOT:
                self.touched.add(key)
            elif type(event) is VariablesSet and event.owner is None:
                self.set_since.update(dict.fromkeys(event.values))
            if type(event) is ScopeOpened or type(event) is ScopeClosed:
                self.touched.add(event.owner)

    def row(self, *, bare: bool = False) -> InstanceRow:
        """Give the instance's row as it stands, without its variables where it is to be bare."""
        it = self.instance
        return InstanceRow(
            it.id,
            it.definition,
            self.process_id,
            self.version,
            it.business_key,
            self.parent_id,
            self.status,
            it.incidents,
            self.created_by,
            self.updated_by,
            it.started_at,
            self.updated_at,
            it.ended_at,
            {} if bare else dict(it.scopes[ROOT].variables),
        )


def load(connection: sa.Connection, instance_id: str) -> ProcessInstance | None:
    """Give an instance's state, None where there is none; inner scopes are read when asked for."""
    stored = load_stored(connection, instance_id)
    return None if stored is None else stored.instance


def load_stored(connection: sa.Connection, instance_id: str) -> Stored | None:
    """Give an instance with its row's columns, None where there is none."""
    row = _LOAD.one(connection, {"part": part_of(instance_id), "id": instance_id})
    return None if row is None else _stored(connection, row)


def lock_free(connection: sa.Connection, instance_id: str) -> Stored | None:
    """Load an instance to change it, None where there is none, and wait for nobody.

    Raises:
        an error of `LOCKED`: somebody else is changing it.
    """
    row = _LOCK_FREE.one(connection, {"part": part_of(instance_id), "id": instance_id})
    return None if row is None else _stored(connection, row)


def lock_together(
    connection: sa.Connection, instance_ids: Iterable[str], *, wait: bool = True
) -> dict[str, Stored]:
    """Load instances to change them, in the order of their ids, so that nobody waits in a circle.

    One statement for many of them: a statement costs more than what it reads of one.

    Arguments:
        wait: for those whom somebody else is changing; else they are left out, as those that are not there.
    """
    ids = sorted(set(instance_ids), key=lambda id: (part_of(id), id))
    if wait and len(ids) < FEW:
        rows = [row for id in ids if (row := _LOCK.one(connection, {"part": part_of(id), "id": id}))]
    elif is_shared(connection):
        statement = _LOCK_EACH if wait else _LOCK_EACH_FREE
        parts = ({"part": part, "ids": [*group]} for part, group in groupby(ids, part_of))
        rows = [row for values in parts for row in statement.run(connection, values)]
    else:
        rows = [row for values in _somes(ids) for row in _SOME.run(connection, values)]
    return {row[0]: _stored(connection, row) for row in rows}


def _somes(ids: list[str]) -> Iterator[dict[str, Any]]:
    for part, group in groupby(ids, part_of):
        of_part = list(group)
        for first in range(0, len(of_part), _TOGETHER):
            some = of_part[first : first + _TOGETHER]
            # The last id again where there are fewer: so it is always the same statement.
            some += some[-1:] * (_TOGETHER - len(some))
            yield {"part": part, **dict(zip(_IDS, some, strict=True))}


def _stored(connection: sa.Connection, row: AnyRow) -> Stored:
    *header, seq, variables, data = row
    instance_id: str = header[0]
    apart: set[int] = set()
    it = ProcessInstance(instance_id, header[1], _scope_loader(connection, instance_id, apart))
    values = dict(zip(_HEADER, header, strict=True))
    it.state = _STATES[values["status"]]
    it.business_key = values["business_key"]
    it.incidents = values["incidents"]
    it.started_at, it.ended_at = values["started_at"], values["ended_at"]
    values_of_root = large.unpack(variables, large.reader(connection, instance_id, ROOT))
    if data is None:
        it.scopes[ROOT] = Scope(ROOT, None, values_of_root)
    else:
        codec.decode_state(data, it, values_of_root)
        _with_kept(it.scopes[ROOT], connection, instance_id, apart)
    stored = Stored(
        it, process_id=values["process_id"], version=values["version"], created_by=values["created_by"]
    )
    stored.parent_id, stored.apart = values["parent_id"], apart
    stored.updated_by, stored.updated_at = values["updated_by"], values["updated_at"]
    stored.seq, stored.was = seq, values["status"]
    stored.stored_variables = variables
    return stored


def _with_kept(scope: Scope, connection: sa.Connection, instance_id: str, apart: set[int]) -> Scope:
    if scope.apart:
        apart.add(scope.key)
        scope.kept = kept.reader(connection, instance_id)(scope.key, scope.apart)
    return scope


def _scope_loader(
    connection: sa.Connection, instance_id: str, apart: set[int]
) -> Callable[[int], Scope | None]:
    part = part_of(instance_id)
    reader = partial(large.reader, connection, instance_id)

    def load_scope(key: int) -> Scope | None:
        values = {"part": part, "instance_id": instance_id, "scope_key": key}
        row = _LOAD_SCOPE.one(connection, values)
        if row is None:
            return None
        return _with_kept(codec.decode_scope(row[0], reader), connection, instance_id, apart)

    return load_scope


def save(connection: sa.Connection, changed: Iterable[Stored]) -> None:
    """Write what changed: the rows of the instances, of the inner scopes touched, of large variables.

    Variables are written only where one has been set. New rows are written in the
    order of their ids, so that nodes that start the same wait in no circle.
    """
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    with_variables: list[dict[str, Any]] = []
    scopes = _Scopes()
    for stored in changed:
        row = _values(stored, scopes.kept)
        if stored.was is not None and not stored.set_since:
            old.append(_as_update(row, _UPDATED))
        else:
            row["variables"] = _variables(stored, scopes.large)
            if stored.was is None:
                new.append(row)
            else:
                with_variables.append(_as_update(row, (*_UPDATED, "variables")))
        for key in stored.touched:
            scopes.save(stored, key)
    _INSERT.many(connection, sorted(new, key=itemgetter("part", "id")))
    _UPDATE.many(connection, old)
    _UPDATE_WITH_VARIABLES.many(connection, with_variables)
    scopes.flush(connection)


class _Scopes:
    """The changes of one transaction to the rows of inner scopes, and of large variables."""

    def __init__(self) -> None:
        self.large = large.Rows()
        self.kept = kept.Rows()
        self._saved: list[dict[str, Any]] = []
        self._closed: list[dict[str, Any]] = []

    def save(self, stored: Stored, key: int) -> None:
        """Save a scope that was touched, or remove it where it has been closed."""
        it = stored.instance
        found = it.scopes.get(key)
        row: dict[str, Any] = {"part": part_of(it.id), "instance_id": it.id}
        if found is None:
            self._closed.append({**row, "scope_key": key})
            self.large.clear(it.id, key)
            if key in stored.apart:
                self.kept.clear(it.id, key)
        else:
            written: dict[str, bytes] = {}
            data = codec.encode_scope(found, written, partial(self.kept.take, it.id))
            self._saved.append({**row, "key": key, "data": data})
            self.large.take(it.id, key, found.variables, written)

    def flush(self, connection: sa.Connection) -> None:
        """Write the changes."""
        _SAVE_SCOPE.many(connection, self._saved)
        _DROP_SCOPE.many(connection, self._closed)
        self.large.flush(connection)
        self.kept.flush(connection)


def _variables(stored: Stored, rows: large.Rows) -> bytes:
    """Give the stored form of the process's own variables, of which some have been set."""
    variables = stored.instance.scopes[ROOT].variables
    written: dict[str, bytes] = {}
    before = stored.stored_variables
    if before is None:
        data = large.pack(variables, written)
    else:
        data = large.pack_again(variables, before, stored.set_since, written)
    rows.take(stored.instance.id, ROOT, variables, written)
    return data


def _values(stored: Stored, rows: kept.Rows) -> dict[str, Any]:
    it = stored.instance
    data = codec.encode_state(it, partial(rows.take, it.id))
    if data is None and ROOT in stored.apart:
        rows.clear(it.id, ROOT)
    return {
        "part": part_of(it.id),
        "id": it.id,
        "definition_key": it.definition,
        "process_id": stored.process_id,
        "version": stored.version,
        "business_key": it.business_key,
        "parent_id": stored.parent_id,
        "status": stored.status,
        "incidents": it.incidents,
        "created_by": stored.created_by,
        "updated_by": stored.updated_by,
        "started_at": it.started_at,
        "updated_at": stored.updated_at,
        "ended_at": it.ended_at,
        "seq": stored.seq,
        "data": data,
    }


def _as_update(row: dict[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    return {f"new_{name}": row[name] for name in columns} | {"part": row["part"], "id": row["id"]}
