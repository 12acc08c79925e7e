"""DMN files that were deployed: their namespaces, and which versions of other files they import."""

from __future__ import annotations

from typing import Final

import msgspec
import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.rows import DecisionFileRow
from penstock.store.tables import decision_file, resource

_ADD: Final = Prepared(
    sa.text(
        "INSERT INTO decision_file (digest, namespace, imports, deployed_at) "
        "VALUES (:digest, :namespace, :imports, :deployed_at) ON CONFLICT (digest) DO NOTHING"
    )
)


def every(connection: sa.Connection) -> list[DecisionFileRow]:
    """Give every file, in the order of deployment."""
    columns = (decision_file.c[name] for name in DecisionFileRow.__struct_fields__)
    query = sa.select(*columns).order_by(decision_file.c.deployed_at, decision_file.c.digest)
    return [
        DecisionFileRow(digest, namespace, msgspec.json.decode(imports, type=dict[str, str]), at)
        for digest, namespace, imports, at in connection.execute(query)
    ]


def add(connection: sa.Connection, row: DecisionFileRow) -> None:
    """Add a file, unless it is there."""
    imports = msgspec.json.encode(row.imports).decode()
    _ADD.do(connection, {**msgspec.structs.asdict(row), "imports": imports})


def content(connection: sa.Connection, digest: str) -> bytes | None:
    """Give a file, byte for byte; None where it is not there."""
    query = sa.select(resource.c.content).where(resource.c.digest == digest)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)
