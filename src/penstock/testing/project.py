"""A project folder under test: its workflows run in the pure kernel, its Python functions in this process.

No server, no store and no worker process: a test takes milliseconds, a debugger stops in your function, and
virtual time passes only when the test says so. What a server adds, the time limit of a function and its own
process, is not here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from penstock import bpmn, dmn
from penstock.kernel import commands as c, events as e
from penstock.kernel.decisions import Decided, Reference, missing
from penstock.kernel.definition import Element, ProcessDefinition, Variables
from penstock.kernel.jobs import listeners_job
from penstock.kernel.listeners import seen as seen_by_job
from penstock.kernel.state import ElementInstance, Scope
from penstock.project import open_project, read_bytes
from penstock.runtime.decisions import decided
from penstock.runtime.deployments import FIRST as VERSION, is_form
from penstock.runtime.dmn_files import SourceFile, is_dmn, read_dmn
from penstock.runtime.jobs import task_of
from penstock.trial.run import START, Run
from penstock.workers.api import Job
from penstock.workers.invoke import Invoker
from penstock.workers.loading import load
from penstock.workers.protocol import Call, Denied, Done, Failed, Outcome, Thrown, outcome, run as packed

NO_TIME_LIMIT: Final = 0
LARGEST_RESULT: Final = 4 * 1024 * 1024
"""Bytes, as for a server that is not told otherwise."""


class WorkflowError(Exception):
    """A workflow of the project cannot be run, or there is none of that name; the message says why."""


class ProjectUnderTest:
    """The workflows and functions of a project folder."""

    def __init__(self, folder: Path) -> None:
        """Read the folder.

        Raises:
            ProjectError: it is no project folder.
            FunctionsError: a file of functions does not import, or two functions share a name.
            WorkflowError: a workflow has errors.
        """
        project = open_project(folder)
        self.functions = {} if project.functions is None else load(project.functions)
        """The project's functions by their names."""
        self.processes: dict[str, ProcessDefinition] = {}
        """The processes of its workflows by their ids."""
        self.runs: list[ProjectRun] = []
        """The runs that were prepared."""
        sources = [SourceFile(str(file), read_bytes(file)) for file in project.workflows]
        self.decisions = ProjectDecisions([file for file in sources if is_dmn(file)])
        """The decisions of its DMN files."""
        for file in sources:
            if not (is_dmn(file) or is_form(file)):
                self.processes |= _read(file, self.functions, self.decisions.ids())
        self._invoker = Invoker(self.functions, LARGEST_RESULT)

    def run(self, process: str, *, by_hand: Collection[str] = (), now: int = START) -> ProjectRun:
        """Prepare a run of a process; `start` begins it.

        Arguments:
            process: its id in the file.
            by_hand: functions that are not called: the test completes their jobs itself.
            now: the virtual time, in epoch milliseconds.

        Raises:
            WorkflowError: no workflow has such a process.
        """
        if process not in self.processes:
            known = ", ".join(sorted(self.processes)) or "none"
            raise WorkflowError(f"no workflow has a process '{process}'; there is {known}")
        self.runs.append(ProjectRun(self, self.processes[process], by_hand=by_hand, now=now))
        return self.runs[-1]

    def call(self, function: str, variables: Mapping[str, object], job: Job) -> Outcome:
        """Call a function as a worker does, with the variables that its job sees."""
        call = Call(function, dict(variables), job)
        return outcome(self._invoker.answer(packed(call, NO_TIME_LIMIT)))

    def close(self) -> None:
        """End the event loop of asynchronous functions."""
        self._invoker.close()


class ProjectRun(Run):
    """A run whose jobs are done by the project's functions as soon as they are due.

    A function that raises fails its job: the next try is due after a pause, which `advance` lets pass. When
    no try is left, `waiting` names an incident. Jobs that no function of the project does wait for the test.
    """

    def __init__(
        self,
        project: ProjectUnderTest,
        definition: ProcessDefinition,
        *,
        by_hand: Collection[str] = (),
        now: int = START,
    ) -> None:
        super().__init__(definition, now=now, decisions=project.decisions)
        self._project = project
        self._types = set(project.functions) - set(by_hand)
        self._jobs: dict[int, str] = {}
        """The open jobs that the project's functions do: their types, by their keys."""
        self._ready: list[int] = []
        """Those of them that are due."""

    def send(self, command: c.Command, target: ProcessDefinition | None = None) -> None:
        """Carry out any command, then do the jobs that are due."""
        super().send(command, target)
        self._work()

    def _note(self, event: e.Event) -> None:
        super()._note(event)
        match event:
            case e.JobOpened(key=key) if event.type in self._types:
                self._jobs[key] = event.type
                self._ready.append(key)
            case e.JobFailed(key=key, due=int(due)) if key in self._jobs:
                self._due[key] = (due, lambda: self._try_again(key))
            case (
                e.JobCompleted(key=key)
                | e.ListenerCompleted(key=key)
                | e.JobFailed(key=key)
                | e.JobCancelled(key=key)
            ):
                self._jobs.pop(key, None)
                self._due.pop(key, None)

    def _try_again(self, key: int) -> None:
        del self._due[key]
        self._ready.append(key)
        self._work()

    def _work(self) -> None:
        while self._ready:
            key = self._ready.pop(0)
            if key in self._jobs:
                self._do(key)

    def _do(self, key: int) -> None:
        for scope, element in self.elements():
            if element.job is not None and element.job.key == key:
                super().send(self._done(scope, element))
                return

    def _done(self, scope: Scope, element: ElementInstance) -> c.Command:
        job, node = element.job, self._node(element)
        assert job is not None
        heard = listeners_job(node, element)
        spec = node.job if heard is None else heard
        assert spec is not None
        at = (scope.key, element.key, job.key)
        said = Job(
            key=f"{self.instance.id}:{job.key}",
            idempotency_key=f"{self.instance.id}:{job.key}",
            instance_id=self.instance.id,
            element_id=element.element,
            business_key=self.instance.business_key,
            attempt=job.tries + 1,
            headers=dict(spec.headers),
            kind="task" if heard is None else heard.kind,
            listener=None if heard is None else heard.listener,
            user_task=None if heard is None else task_of(self.instance.id, heard),
        )
        seen = seen_by_job(self.instance, node, scope, element)
        match self._project.call(self._jobs[job.key], seen, said):
            case Done(variables) if heard is not None and heard.task is not None:
                return c.CompleteJob(*at, {}, variables)
            case Denied(reason):
                return c.CompleteJob(*at, {}, {}, reason)
            case Done(variables):
                return c.CompleteJob(*at, variables)
            case Thrown(code, message, variables):
                return c.ThrowJobError(*at, code, message, variables)
            case Failed(_, message, detail):
                return c.FailJob(*at, message, detail, tries=job.tries)

    def _node(self, element: ElementInstance) -> Element:
        return self.definition.elements[element.element]


class ProjectDecisions:
    """The decisions of a project, each in the one version that the folder has."""

    def __init__(self, files: Sequence[SourceFile]) -> None:
        """Read the files.

        Raises:
            WorkflowError: one has errors.
        """
        self._models: dict[str, dmn.Model] = {}
        for read in read_dmn(files):
            _refuse(read.reading.errors)
            assert read.reading.model is not None, "a file without a model has errors"
            self._models |= dict.fromkeys(read.reading.model.decisions, read.reading.model)

    def ids(self) -> list[str]:
        """Give the ids of all decisions."""
        return list(self._models)

    def evaluate(self, reference: Reference, variables: Variables, now: int) -> Decided:
        """Make a decision for a business rule task, whatever version it binds.

        Raises:
            Failure: there is no such decision, or it cannot be made.
        """
        model = self._models.get(reference.decision)
        if model is None:
            raise missing(reference)
        return decided(model, reference.decision, reference.decision, VERSION, variables, now)


def _read(
    file: SourceFile, functions: Collection[str], decisions: Collection[str]
) -> dict[str, ProcessDefinition]:
    reading = bpmn.read(file.content, file=file.name, known=bpmn.Known(functions, decisions))
    _refuse(reading.errors)
    return {it.id: it.definition for it in reading.processes if it.definition is not None}


def _refuse(errors: Sequence[bpmn.Finding]) -> None:
    if errors:
        problems = [f"{it.file}, line {it.line}: {it.message} {it.remedy}" for it in errors]
        raise WorkflowError("\n".join(problems))
