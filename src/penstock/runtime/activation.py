"""Which versions of a process run when none is asked for, and what starts instances then."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from penstock.kernel import Rejected
from penstock.runtime.definitions import Definitions
from penstock.runtime.deployments import starts_of
from penstock.store import acts, changes, definitions as store, revisions, starts
from penstock.store.rows import DefinitionRow, StartRow


def set_active(
    connection: sa.Connection, definitions: Definitions, key: str, active: bool, actor: str, now: int
) -> DefinitionRow:
    """Activate or deactivate a version; timers, messages and signals start the newest active one.

    Raises:
        Rejected: there is no such version of a process.
    """
    found = definitions.by_key(key)
    if found is None:
        raise Rejected("not_found", f"there is no process definition '{key}'")
    versions = definitions.versions(found.process_id)
    changed = [msgspec.structs.replace(row, active=active) if row.key == key else row for row in versions]
    store.set_active(connection, key, active)
    newest = _newest(changed)
    if newest != _newest(versions):
        rows = [] if newest is None else _starts(definitions, newest, now)
        starts.replace(connection, found.process_id, rows)
    revisions.lock(connection, "deployments")
    revisions.advance(connection, "deployments")
    acts.add(connection, now, actor, acts.ACTIVATE if active else acts.DEACTIVATE, key, found.process_id)
    changes.add(connection, now, subjects=[changes.DEPLOYMENTS])
    return next(row for row in changed if row.key == key)


def _newest(versions: Sequence[DefinitionRow]) -> str | None:
    return next((row.key for row in reversed(versions) if row.active), None)


def _starts(definitions: Definitions, key: str, now: int) -> list[StartRow]:
    definition = definitions.by_key(key)
    assert definition is not None, "the version is among the rows"
    return [it for it in starts_of(definition.compiled, key, now) if isinstance(it, StartRow)]
