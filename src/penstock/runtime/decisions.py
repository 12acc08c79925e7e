"""The deployed decisions: which versions there are, those in use compiled, and making one.

A version is frozen with all that its file imports: the digest of a file is taken over those of its imports
too, so that a changed import is another file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from math import inf
from typing import Final

from penstock import dmn, feel
from penstock.bpmn.iso import from_epoch_milliseconds
from penstock.kernel.decisions import Decided, Reference, missing
from penstock.kernel.definition import Value, Variables
from penstock.kernel.failures import Failure
from penstock.runtime.versions import Versions, bound_to, by_id, latest_of, never
from penstock.store import decision_files, definitions as store
from penstock.store.database import Database
from penstock.store.rows import DecisionFileRow, DefinitionRow

KIND: Final = "decision"

LIMITS: Final = feel.Limits(steps=500_000, seconds=inf)
"""Steps bound a decision that a process makes, and no clock does: the same command has the same outcome."""


class DeployedDecisions:
    """A view of the store's decisions; whoever deploys calls `refresh`."""

    def __init__(self, database: Database, deployment_of: Callable[[str], str | None]) -> None:
        """Read which decisions there are.

        Arguments:
            database: where they are kept.
            deployment_of: gives the deployment of a process definition by its key.
        """
        self._database = database
        self._deployment_of = deployment_of
        self._lock = threading.Lock()
        self._versions: Versions = {}
        self._files: dict[str, DecisionFileRow] = {}
        self._newest: dict[str, str] = {}
        self._compiled: dict[str, dmn.Model] = {}
        self.on_miss: Callable[[], bool] = never
        """Asked where a decision is unknown: reads anew what another node has deployed, if one has."""
        self.refresh()

    def refresh(self) -> None:
        """Read anew which decisions and files there are."""
        with self._database.reading() as connection:
            rows = store.every(connection, KIND)
            models = decision_files.every(connection)
        with self._lock:
            self._versions = by_id(rows)
            self._files = {row.digest: row for row in models}
            self._newest = {row.namespace: row.digest for row in models}

    def ids(self) -> list[str]:
        """Give the ids of all decisions."""
        return list(self._versions)

    def versions(self, id: str) -> list[DefinitionRow]:
        """Give the versions of a decision, in the order of their deployment."""
        return self._versions.get(id, [])

    def latest(self, id: str, version: str | None = None) -> DefinitionRow | None:
        """Give the active version that was deployed last, or just this version, active or not."""
        return latest_of(self.versions(id), version)

    def named(self, name: str) -> DefinitionRow | None:
        """Give the latest version of the decision that has this name, None where no decision has."""
        found = (self.latest(id) for id in self._versions)
        return next((row for row in found if row is not None and row.name == name), None)

    def has(self, digest: str) -> bool:
        """Whether a file has been deployed."""
        return digest in self._files

    def newest(self, namespace: str) -> str | None:
        """Give the digest of the file of a namespace that was deployed last."""
        return self._newest.get(namespace)

    def newest_files(self) -> list[dmn.Model]:
        """Give the file of each namespace that was deployed last, compiled."""
        return [self.model(digest) for digest in self._newest.values()]

    def model(self, digest: str) -> dmn.Model:
        """Give a file, compiled with all that it imports."""
        found = self._compiled.get(digest)
        if found is None:
            found = self._compiled[digest] = self._compile(self._files[digest])
        return found

    def _compile(self, row: DecisionFileRow) -> dmn.Model:
        with self._database.reading() as connection:
            content = decision_files.content(connection, row.digest)
        assert content is not None, f"the file {row.digest} is gone"

        def imported(namespace: str, _location: str | None) -> dmn.Model | None:
            digest = row.imports.get(namespace)
            return None if digest is None else self.model(digest)

        model = dmn.read(content, imports=imported).model
        assert model is not None, f"the file {row.digest}, which was deployed, no longer compiles"
        return model

    # -- for people --------------------------------------------------------------------------------

    def make(
        self,
        id_or_name: str,
        variables: Variables,
        now: datetime,
        *,
        version: str | None = None,
        service: bool = False,
    ) -> dmn.Result:
        """Make a decision, or with `service` call a decision service or a business knowledge model.

        Raises:
            LookupError: there is none of this id or name, or not in this version.
            DmnError: it cannot be made.
        """
        if service:
            model = self._offering(id_or_name)
            return dmn.evaluate(model, id_or_name, variables, now=now, service=True)
        row = self.latest(id_or_name, version)
        if row is None and (named := self.named(id_or_name)) is not None:
            row = self.latest(named.id, version)
        if row is None:
            raise LookupError(id_or_name)
        return dmn.evaluate(self.model(row.digest), row.id, variables, now=now)

    def _offering(self, id_or_name: str) -> dmn.Model:
        for model in self.newest_files():
            if id_or_name in model.services or id_or_name in model.knowledge:
                return model
        raise LookupError(id_or_name)

    # -- for the kernel ----------------------------------------------------------------------------

    def evaluate(self, reference: Reference, variables: Variables, now: int) -> Decided:
        """Make a decision for a business rule task.

        Raises:
            Failure: there is no such decision, or it cannot be made.
        """
        row = self._bound(reference)
        if row is None and self.on_miss():
            row = self._bound(reference)
        if row is None:
            raise missing(reference)
        return decided(self.model(row.digest), row.key, row.id, row.version, variables, now)

    def _bound(self, reference: Reference) -> DefinitionRow | None:
        deployment = self._deployment_of(reference.caller)
        return bound_to(self.versions(reference.decision), reference.binding, reference.tag, deployment)


def decided(model: dmn.Model, key: str, id: str, version: str, variables: Variables, now: int) -> Decided:
    """Make a decision of a model for a business rule task at `now` (epoch milliseconds).

    Raises:
        Failure: it cannot be made, or what matched breaks the hit policy of a table.
    """
    at: datetime = from_epoch_milliseconds(now)
    try:
        result = dmn.evaluate(model, id, dict(variables), now=at, limits=LIMITS)
    except dmn.DmnError as error:
        raise Failure("decision", f"the decision '{id}' {version} was not made: {error}") from error
    for warning in result.warnings:
        if warning.code == "hit-policy":
            raise Failure("decision", f"the decision '{id}' {version} was not made: {warning.message}")
    reason = feel.unstorable(result.value)
    if reason is not None:
        raise Failure(
            "decision", f"the decision '{id}' {version} gives no value for a process variable: {reason}"
        )
    return Decided(key, version, result.value, reasons(result))


def _shown(value: Value) -> Value:
    """Give a value as it can be kept with the instance: a function, which decisions hand on, as its text."""
    return value if feel.unstorable(value) is None else feel.to_text(value)


def reasons(result: dmn.Result) -> Mapping[str, Value]:
    """Give why a decision is as it is, as a FEEL context."""
    why: dict[str, Value] = {
        "decisions": {name: _shown(value) for name, value in result.decisions.items()},
        "tables": [
            {
                "table": each.table,
                "rules": list(each.rules),
                "inputs": {name: _shown(value) for name, value in each.inputs},
                "outputs": [_shown(value) for value in each.outputs],
            }
            for each in result.matched
        ],
    }
    if result.warnings:
        why["warnings"] = [warning.message for warning in result.warnings]
    return why
