"""The deployed definitions in memory: which versions there are, and those in use compiled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from penstock import bpmn
from penstock.kernel.definition import ProcessDefinition
from penstock.runtime.versions import Versions, by_id, latest_of, never
from penstock.store import definitions as store
from penstock.store.database import Database
from penstock.store.rows import DefinitionRow, ProcessRow

KIND: Final = "process"


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a process, ready to run."""

    key: str
    process_id: str
    name: str
    version: str
    uid: str
    """The process's uid, the same for all its versions."""
    deployment: str
    deployed_at: int
    compiled: ProcessDefinition


class Definitions:
    """A view of the store's definitions; whoever deploys calls `refresh`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._compiled: dict[str, Definition] = {}
        self._rows: dict[str, DefinitionRow] = {}
        self._versions: Versions = {}
        self._processes: dict[str, ProcessRow] = {}
        self.readings = 0
        """How often they have been read, as whoever keeps what follows from them must know."""
        self.on_miss: Callable[[], bool] = never
        """Asked where a version is unknown: reads anew what another node has deployed, if one has."""
        self.refresh()

    def refresh(self) -> None:
        """Read anew which processes and versions there are."""
        with self._database.reading() as connection:
            processes = store.processes(connection)
            rows = store.every(connection, KIND)
        with self._lock:
            self._processes = {row.process_id: row for row in processes}
            self._rows = {row.key: row for row in rows}
            self._versions = by_id(rows)
            self.readings += 1

    def processes(self) -> list[ProcessRow]:
        """Give every process, in the order of their first deployment."""
        return list(self._processes.values())

    def process(self, process_id: str) -> ProcessRow | None:
        """Give a process, None where there is none with this id."""
        return self._processes.get(process_id)

    def versions(self, process_id: str) -> list[DefinitionRow]:
        """Give the versions of a process, in the order of their deployment."""
        return self._versions.get(process_id, [])

    def deployment(self, key: str) -> str | None:
        """Give the deployment of a version by its key."""
        row = self._rows.get(key)
        return None if row is None else row.deployment

    def latest(self, process_id: str, version: str | None = None) -> Definition | None:
        """Give the active version that was deployed last, or just this version, active or not."""
        row = latest_of(self.versions(process_id), version)
        return None if row is None else self.by_key(row.key)

    def by_key(self, key: str) -> Definition | None:
        """Give a version by its key, compiled; None where there is none."""
        found = self._compiled.get(key)
        if found is None and (row := self._row(key)) is not None:
            found = self._compile(row)
            self._compiled[key] = found
        return found

    def _row(self, key: str) -> DefinitionRow | None:
        row = self._rows.get(key)
        return self._rows.get(key) if row is None and self.on_miss() else row

    def _compile(self, row: DefinitionRow) -> Definition:
        with self._database.reading() as connection:
            content = store.xml(connection, row.key)
        assert content is not None, f"the file of {row.key} is gone"
        for process in bpmn.read(content).processes:
            if process.id == row.id and process.definition is not None:
                return Definition(
                    row.key,
                    row.id,
                    row.name,
                    row.version,
                    self._processes[row.id].uid,
                    row.deployment,
                    row.deployed_at,
                    process.definition,
                )
        raise AssertionError(f"the file of {row.key}, which was deployed, no longer compiles")
