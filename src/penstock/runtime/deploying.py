"""Deploying in a node: planned from what it knows, and planned anew where another node was faster."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from penstock.runtime import deployments
from penstock.runtime.activation import set_active
from penstock.runtime.clock import Clock
from penstock.runtime.deployments import Deployed, Deployments, SourceFile
from penstock.runtime.dispatch import Dispatcher
from penstock.runtime.ids import new_id
from penstock.runtime.requests import Busy
from penstock.runtime.upkeep import Upkeep
from penstock.store.rows import DefinitionRow

TRIES: Final = 10
"""How often a deployment is planned, where other nodes deploy at the same time."""


class Deployer:
    """Deploys, one deployment after another."""

    def __init__(
        self,
        deployed: Deployments,
        dispatcher: Dispatcher,
        upkeep: Upkeep,
        clock: Clock,
        functions: Callable[[], list[str] | None],
    ) -> None:
        """Begin with nothing.

        Arguments:
            functions: gives the names of the functions that tasks may name; None where there are none at all.
        """
        self._deployed = deployed
        self._dispatcher = dispatcher
        self._upkeep = upkeep
        self._clock = clock
        self._functions = functions
        self._one_by_one = threading.Lock()

    def deploy(
        self, files: Sequence[SourceFile], actor: str, version: str | None, notes: str, dry_run: bool
    ) -> Deployed:
        """Deploy files: all of them, or none.

        Arguments:
            version: the semantic version that their processes get, whatever their tags say.
            notes: what whoever deploys says about it.
            dry_run: only say what would be.

        Raises:
            Refused: a file has an error.
            Busy: others deploy all the time.
        """
        with self._one_by_one:
            for _ in range(TRIES):
                self._upkeep.read_deployments()
                known, now = self._upkeep.known, self._clock.now()
                plan = deployments.plan(
                    files,
                    self._deployed,
                    id=new_id(now),
                    actor=actor,
                    now=now,
                    version=version,
                    notes=notes,
                    functions=self._functions(),
                )
                if dry_run or not (plan.new or plan.decision_files):
                    return plan.deployed()
                if self._dispatcher.transact(partial(deployments.write, planned=plan, known=known)).result():
                    self._upkeep.read_deployments()
                    self._upkeep.let_others_read()
                    return plan.deployed()
        raise Busy("other nodes are deploying just now: try again")

    def set_active(self, key: str, active: bool, actor: str) -> DefinitionRow:
        """Activate or deactivate a version of a process.

        Raises:
            Rejected: there is no such version.
        """
        with self._one_by_one:
            self._upkeep.read_deployments()
            change = partial(
                set_active,
                definitions=self._deployed.definitions,
                key=key,
                active=active,
                actor=actor,
                now=self._clock.now(),
            )
            row = self._dispatcher.transact(change).result()
            self._upkeep.read_deployments()
            self._upkeep.let_others_read()
            return row
