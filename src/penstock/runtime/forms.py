"""The deployed forms: which versions there are, those in use read, and the one that an element shows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from penstock import forms
from penstock.kernel.definition import FormSpec
from penstock.runtime.definitions import Definition
from penstock.runtime.versions import Versions, bound_to, by_id, latest_of, never
from penstock.store import definitions as store
from penstock.store.database import Database
from penstock.store.rows import DefinitionRow

KIND: Final = "form"


class DeployedForms:
    """A view of the store's forms; whoever deploys calls `refresh`."""

    def __init__(self, database: Database) -> None:
        """Read which forms there are."""
        self._database = database
        self._lock = threading.Lock()
        self._versions: Versions = {}
        self._read: dict[str, tuple[bytes, forms.Form]] = {}
        self.on_miss: Callable[[], bool] = never
        """Asked where a form is unknown: reads anew what another node has deployed, if one has."""
        self.refresh()

    def refresh(self) -> None:
        """Read anew which forms there are."""
        with self._database.reading() as connection:
            rows = store.every(connection, KIND)
        with self._lock:
            self._versions = by_id(rows)

    def ids(self) -> list[str]:
        """Give the ids of all forms."""
        return list(self._versions)

    def versions(self, id: str) -> list[DefinitionRow]:
        """Give the versions of a form, in the order of their deployment."""
        return self._versions.get(id, [])

    def latest(self, id: str, version: str | None = None) -> DefinitionRow | None:
        """Give the active version that was deployed last, or just this version, active or not."""
        return latest_of(self.versions(id), version)

    def bound(self, spec: FormSpec, definition: Definition, at: int) -> DefinitionRow | None:
        """Give the version that an element shows, None where there is none.

        A version never changes, so what was the latest one at a moment is so for ever: a form stays as it was
        while its task is open, and nothing has to be kept for that.

        Arguments:
            spec: what the element says.
            definition: the process of the element.
            at: when the element was entered (epoch ms).
        """
        row = self._bound(spec, definition, at)
        return self._bound(spec, definition, at) if row is None and self.on_miss() else row

    def _bound(self, spec: FormSpec, definition: Definition, at: int) -> DefinitionRow | None:
        return bound_to(self.versions(spec.id), spec.binding, spec.tag, definition.deployment, at)

    def form(self, row: DefinitionRow) -> forms.Form:
        """Give a version, ready to check what is entered."""
        return self._load(row)[1]

    def fields(self, id: str) -> frozenset[str] | None:
        """Give the variables that the latest version of a form sets, None where there is none."""
        row = self.latest(id)
        return None if row is None else forms.variables_of(self.form(row))

    def content(self, row: DefinitionRow) -> bytes:
        """Give the file of a version, byte for byte."""
        return self._load(row)[0]

    def _load(self, row: DefinitionRow) -> tuple[bytes, forms.Form]:
        found = self._read.get(row.key)
        if found is None:
            with self._database.reading() as connection:
                content = store.xml(connection, row.key)
            assert content is not None, f"the file of {row.key} is gone"
            form = forms.read(content).form
            assert form is not None, f"the form {row.key}, which was deployed, can no longer be read"
            found = self._read[row.key] = content, form
        return found
