"""Processes, their deployed versions, and the files that these came from."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.rows import DefinitionRow, ProcessRow
from penstock.store.tables import definition, process, resource

_PROCESS: Final = [process.c[name] for name in ProcessRow.__struct_fields__]
_DEFINITION: Final = [definition.c[name] for name in DefinitionRow.__struct_fields__]

_XML: Final = Prepared(
    sa.select(resource.c.content)
    .join(definition, definition.c.digest == resource.c.digest)
    .where(definition.c.key == sa.bindparam("key"))
)
_SET_ACTIVE: Final = Prepared(
    sa.update(definition)
    .where(definition.c.key == sa.bindparam("b_key"))
    .values(active=sa.bindparam("now_active"))
)
_ADD_DEFINITION: Final = Prepared(sa.insert(definition))
_ADD_RESOURCE: Final = Prepared(
    sa.text(
        "INSERT INTO resource (digest, name, content) VALUES (:digest, :name, :content) "
        "ON CONFLICT (digest) DO NOTHING"
    )
)
_PUT_PROCESS: Final = Prepared(
    sa.text(
        "INSERT INTO process (uid, process_id, name, alias, description, created_by, created_at, updated_by, "
        "updated_at) VALUES (:uid, :process_id, :name, :alias, :description, :created_by, :created_at, "
        ":updated_by, :updated_at) ON CONFLICT (process_id) DO UPDATE SET name = excluded.name, "
        "alias = excluded.alias, description = excluded.description, updated_by = excluded.updated_by, "
        "updated_at = excluded.updated_at"
    )
)


def processes(connection: sa.Connection) -> list[ProcessRow]:
    """Give every process, in the order of their first deployment."""
    query = sa.select(*_PROCESS).order_by(process.c.created_at, process.c.process_id)
    return [ProcessRow(*row) for row in connection.execute(query)]


def every(connection: sa.Connection, kind: str) -> list[DefinitionRow]:
    """Give every version of one kind, of each id in the order of deployment."""
    query = (
        sa.select(*_DEFINITION)
        .where(definition.c.kind == kind)
        .order_by(definition.c.id, definition.c.ordinal)
    )
    return [DefinitionRow(*row) for row in connection.execute(query)]


def search(
    connection: sa.Connection,
    *,
    kind: str | None = None,
    id: str | None = None,
    version: str | None = None,
    after_key: str | None = None,
    limit: int = 100,
) -> list[DefinitionRow]:
    """Give the versions that meet every condition, by their key."""
    query = sa.select(*_DEFINITION).order_by(definition.c.key).limit(limit)
    for column, value in ((definition.c.kind, kind), (definition.c.id, id), (definition.c.version, version)):
        if value is not None:
            query = query.where(column == value)
    if after_key is not None:
        query = query.where(definition.c.key > after_key)
    return [DefinitionRow(*row) for row in connection.execute(query)]


def find(connection: sa.Connection, key: str) -> DefinitionRow | None:
    """Give a version; None where there is none with this key."""
    row = connection.execute(sa.select(*_DEFINITION).where(definition.c.key == key)).first()
    return None if row is None else DefinitionRow(*row)


def xml(connection: sa.Connection, key: str) -> bytes | None:
    """Give the file of a version, byte for byte; None where there is no such version."""
    row = _XML.one(connection, {"key": key})
    return None if row is None else bytes(row[0])


def add(connection: sa.Connection, row: DefinitionRow, name: str, content: bytes) -> None:
    """Add a version, with the file that it came from."""
    add_file(connection, row.digest, name, content)
    _ADD_DEFINITION.do(connection, {field: getattr(row, field) for field in DefinitionRow.__struct_fields__})


def set_active(connection: sa.Connection, key: str, active: bool) -> None:
    """Say whether a version may be what runs when no version is asked for."""
    _SET_ACTIVE.do(connection, {"b_key": key, "now_active": active})


def add_file(connection: sa.Connection, digest: str, name: str, content: bytes) -> None:
    """Add a file, unless it is there."""
    _ADD_RESOURCE.do(connection, {"digest": digest, "name": name, "content": content})


def put_process(connection: sa.Connection, row: ProcessRow) -> None:
    """Add a process, or bring what its newest version says of it up to date."""
    _PUT_PROCESS.do(connection, {field: getattr(row, field) for field in ProcessRow.__struct_fields__})
