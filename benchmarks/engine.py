"""Penstock's runtime in this process, without HTTP: what an application that embeds it would call."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from benchmarks.workloads import COMPLETION, Workload
from penstock.kernel import LOOP_LIMIT
from penstock.kernel.commands import CompleteUserTask, StartInstance
from penstock.kernel.definition import Value
from penstock.runtime.definitions import Definition
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Request
from penstock.runtime.runtime import Options, Runtime
from penstock.store import user_tasks
from penstock.store.rows import InstanceRow, UserTaskRow

ACTOR = "bench"
PATIENCE_SECONDS = 300.0


class EngineFailed(Exception):
    """An instance did not do what its model says, so that its time means nothing."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A runtime with the workloads deployed."""

    runtime: Runtime
    definitions: dict[str, Definition]
    """By the name of the workload."""

    async def start(self, workload: Workload, **variables: Value) -> InstanceRow:
        """Start an instance, with other variables than the workload's where some are given."""
        definition = self.definitions[workload.name]
        variables = {**workload.variables, **variables}
        command = StartInstance(definition.compiled.starts[0], variables)
        instance_id = self.runtime.new_instance_id()
        return await self.runtime.send(Request(instance_id, command, ACTOR, definition))

    async def open_task(self, instance_id: str) -> UserTaskRow:
        """Give the only open user task of an instance.

        Raises:
            EngineFailed: there is none, or more than one.
        """
        found = await self.runtime.read(user_tasks.search, instance_id=instance_id, state="open")
        if len(found) != 1:
            raise EngineFailed(f"instance {instance_id} has {len(found)} open user tasks, not one")
        return found[0]

    async def complete(self, instance_id: str, task: UserTaskRow) -> InstanceRow:
        """Complete a user task; of `task` only its keys count, which are the same in every instance."""
        command = CompleteUserTask(task.scope, task.owner, task.key, dict(COMPLETION))
        return await self.runtime.send(Request(instance_id, command, ACTOR))

    async def settled(self, instance_id: str) -> InstanceRow:
        """Wait until an instance has ended or waits, and give it."""
        return await self.runtime.settled(instance_id, PATIENCE_SECONDS)


def expect_end(row: InstanceRow, workload: Workload) -> None:
    """Hold that an instance has ended with the workload's result.

    Raises:
        EngineFailed: it has not.
    """
    if row.status != "completed" or not workload.result.items() <= row.variables.items():
        raise EngineFailed(
            f"{workload.name} is {row.status} with {row.variables}, not with {workload.result}"
        )


@asynccontextmanager
async def running(
    database: Path, workloads: Sequence[Workload], *, loop_limit: int = LOOP_LIMIT
) -> AsyncIterator[Engine]:
    """Run a runtime on a SQLite file, with its own settings of durability, until the block ends.

    Args:
        database: the file; made where there is none.
        workloads: deployed before the block begins.
        loop_limit: steps that an instance may run without anybody acting.
    """
    # Standard output belongs to the results.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    runtime = Runtime(Options(database=f"sqlite:///{database}", loop_limit=loop_limit))
    runtime.start()
    try:
        files = [SourceFile(f"{each.name}.bpmn", each.xml().encode()) for each in workloads]
        await runtime.deploy(files, actor=ACTOR)
        definitions: dict[str, Definition] = {}
        for workload in workloads:
            found = runtime.definitions.latest(workload.process_id)
            if found is None:
                raise EngineFailed(f"{workload.name} was deployed and is not there")
            definitions[workload.name] = found
        yield Engine(runtime, definitions)
    finally:
        runtime.stop()
