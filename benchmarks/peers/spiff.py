"""SpiffWorkflow, the BPMN library for Python, on the shared workloads.

Run in the peers' venv: `python -m benchmarks.peers.spiff MODE SECONDS FOLDER [WORKLOAD...]`. The library
leaves storage to its user, so the modes are what one can build on it: no storage; the state saved where
the process waits or ends; the state saved after every flow node, which is what an engine must do whose
tasks have effects outside. The saved state is the library's own serialization without the process
specification, which never changes and would only make it slower.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default import BpmnWorkflowConverter
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from benchmarks.figures import emit, one_after_another
from benchmarks.workloads import COMPARED, COMPLETION, Dialect, Workload

PEER = "SpiffWorkflow"
MEMORY = "in memory"
AT_WAITS = "saved at waits and end"
AFTER_EACH = "saved after each task"


class _StateConverter(BpmnWorkflowConverter):
    """The library's converter, without the specification: that is given again when the state is read."""

    def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
        return super(BpmnWorkflowConverter, self).to_dict(workflow)

    def from_dict(self, dct: dict[str, Any], spec: BpmnProcessSpec) -> BpmnWorkflow:
        workflow = self.target_class(spec, {}, deserializing=True)
        workflow.tasks = self.mapping_from_dict(dct["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks[UUID(dct["root"])]
        self.set_default_attributes(workflow, dct)
        return workflow


class Store:
    """States in SQLite, with the durability that Penstock is held to: one commit a save, on the disk."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute("CREATE TABLE instance (id TEXT PRIMARY KEY, state TEXT NOT NULL)")
        config = {**DEFAULT_CONFIG, BpmnWorkflow: _StateConverter}
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))

    def save(self, workflow: BpmnWorkflow) -> None:
        """Write the state of an instance."""
        state = self._serializer.serialize_json(workflow)
        key = str(workflow.task_tree.id)
        self._database.execute("INSERT OR REPLACE INTO instance VALUES (?, ?)", (key, state))

    def load(self, key: str, spec: BpmnProcessSpec) -> BpmnWorkflow:
        """Read the state of an instance."""
        row = self._database.execute("SELECT state FROM instance WHERE id = ?", (key,)).fetchone()
        return self._serializer.from_dict(json.loads(row[0]), spec=spec)


def compile_process(workload: Workload) -> BpmnProcessSpec:
    """Let the library's parser read a workload."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(workload.xml(Dialect.PYTHON).encode()))
    return parser.get_spec(workload.process_id)


def run_instance(spec: BpmnProcessSpec, workload: Workload, mode: str, store: Store | None) -> None:
    """Run one instance from its start to its end, as `mode` says."""
    workflow = BpmnWorkflow(spec)
    workflow.task_tree.set_data(**workload.variables)
    _go_on(workflow, mode, store)
    if not workflow.completed:
        if store is not None:
            workflow = store.load(str(workflow.task_tree.id), spec)
        _complete_user_task(workflow)
        _go_on(workflow, mode, store)
    if not workflow.completed or not workload.result.items() <= workflow.data.items():
        raise RuntimeError(f"{workload.name} ended with {workflow.data}, not with {workload.result}")


def _go_on(workflow: BpmnWorkflow, mode: str, store: Store | None) -> None:
    if store is None:
        workflow.do_engine_steps()
        return
    if mode == AFTER_EACH:
        workflow.do_engine_steps(did_complete_task=_saving(store))
    else:
        workflow.do_engine_steps()
    store.save(workflow)


def _saving(store: Store) -> Callable[[Task], None]:
    def save(task: Task) -> None:
        # The library has tasks of its own beside the flow nodes of the file; they need no save.
        if task.task_spec.bpmn_id is not None:
            store.save(task.workflow)

    return save


def _complete_user_task(workflow: BpmnWorkflow) -> None:
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    task.set_data(**COMPLETION)
    task.run()


def main(mode: str, budget: float, folder: Path, names: list[str]) -> None:
    """Measure the named workloads, all when none is named."""
    store = None if mode == MEMORY else Store(folder / "spiff.db")
    for workload in COMPARED:
        if names and workload.name not in names:
            continue
        run_one = partial(run_instance, compile_process(workload), workload, mode, store)
        emit(one_after_another(run_one, budget).figure(PEER, mode, workload.name))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
