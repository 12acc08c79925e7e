"""The deployed forms: which versions there are, those in use read, and the one that an element shows."""

from __future__ import annotations

import threading
from typing import Final

from penstock import forms
from penstock.kernel.definition import FormSpec
from penstock.runtime.definitions import Definition
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
        self._versions: dict[str, list[DefinitionRow]] = {}
        self._read: dict[str, tuple[bytes, forms.Form]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read anew which forms there are."""
        with self._database.reading() as connection:
            rows = store.every(connection, KIND)
        versions: dict[str, list[DefinitionRow]] = {}
        for row in rows:
            versions.setdefault(row.id, []).append(row)
        with self._lock:
            self._versions = versions

    def ids(self) -> list[str]:
        """Give the ids of all forms."""
        return list(self._versions)

    def versions(self, id: str) -> list[DefinitionRow]:
        """Give the versions of a form, in the order of their deployment."""
        return self._versions.get(id, [])

    def latest(self, id: str, version: str | None = None) -> DefinitionRow | None:
        """Give the active version that was deployed last, or just this version, active or not."""
        for row in reversed(self._versions.get(id, ())):
            if row.version == version if version is not None else row.active:
                return row
        return None

    def bound(self, spec: FormSpec, definition: Definition, at: int) -> DefinitionRow | None:
        """Give the version that an element shows, None where there is none.

        A version never changes, so what was the latest one at a moment is so for ever: a form stays as it was
        while its task is open, and nothing has to be kept for that.

        Arguments:
            spec: what the element says.
            definition: the process of the element.
            at: when the element was entered (epoch ms).
        """
        if spec.binding == "tag":
            return self.latest(spec.id, spec.tag)
        if spec.binding == "deployment":
            for row in self.versions(spec.id):
                if row.deployment == definition.deployment:
                    return row
        # A form that was deployed before with the same content is no new version in a later deployment.
        for row in reversed(self.versions(spec.id)):
            if row.active and row.deployed_at <= at:
                return row
        return None

    def form(self, row: DefinitionRow) -> forms.Form:
        """Give a version, ready to check what is entered."""
        return self._load(row)[1]

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
