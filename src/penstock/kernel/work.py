"""The work of an element that is done outside the kernel: jobs, listeners, scripts and user tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from penstock.kernel.asked import Expression


@dataclass(frozen=True, slots=True)
class JobSpec:
    """The work of a service task, done outside the kernel by a worker that knows its type."""

    type: str
    """The name of the Python function, or of whatever else a worker offers."""
    retries: int
    """How often the job is tried in all, one or more."""
    backoff: int | None = None
    """Milliseconds before the second try, doubled before each further one; None leaves it to the server."""
    timeout: int | None = None
    """Milliseconds that one try may take; None leaves it to the server."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Static settings for the worker, such as `resultVariable`."""


ExecutionEvent = Literal["beforeAll", "start", "end"]
"""When an execution listener runs: before a multi-instance begins, before an element is done, or after it."""

TaskEvent = Literal["creating", "assigning", "updating", "completing"]
"""The change of a user task before which a task listener runs."""

ListenerEvent = ExecutionEvent | TaskEvent

EXECUTION: Final[tuple[ExecutionEvent, ...]] = get_args(ExecutionEvent)
TASK: Final[tuple[TaskEvent, ...]] = get_args(TaskEvent)
LISTENED: Final[tuple[ListenerEvent, ...]] = (*EXECUTION, *TASK)


def task_event(event: ListenerEvent) -> TaskEvent | None:
    """Give the change of a user task that the event is; None for an event of execution."""
    return next((it for it in TASK if it == event), None)


@dataclass(frozen=True, slots=True)
class ListenerSpec:
    """A listener: a job that is done before its element, or its user task, goes on."""

    event: ListenerEvent
    type: Expression
    """Gives the name of the Python function, or of whatever else a worker offers."""
    retries: Expression
    """Gives how often the job is tried in all, a whole number from 1."""
    headers: tuple[tuple[str, str], ...] = ()
    """Static settings for the worker: those of the element, and over them the listener's own."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """The listeners of an element, each kind in the order of the file."""

    start: tuple[ListenerSpec, ...] = ()
    end: tuple[ListenerSpec, ...] = ()
    before_all: tuple[ListenerSpec, ...] = ()
    """Of a multi-instance; the others run for each of its instances."""
    task: tuple[ListenerSpec, ...] = ()

    def of(self, event: ListenerEvent) -> tuple[ListenerSpec, ...]:
        """Give those that run at the event."""
        named = {"start": self.start, "end": self.end, "beforeAll": self.before_all}
        return named[event] if event in named else tuple(it for it in self.task if it.event == event)


def listeners_of(specs: Iterable[ListenerSpec]) -> Listeners | None:
    """Sort the listeners of an element by what they listen to; None where there are none."""
    by_event: dict[str, list[ListenerSpec]] = {"beforeAll": [], "start": [], "end": [], "task": []}
    for spec in specs:
        by_event[spec.event if spec.event in by_event else "task"].append(spec)
    before_all, start, end, task = map(tuple, by_event.values())
    return Listeners(start, end, before_all, task) if start or end or before_all or task else None


@dataclass(frozen=True, slots=True)
class ScriptSpec:
    """A script task: a FEEL expression, and the variable that takes its value."""

    expression: Expression
    result_variable: str | None


@dataclass(frozen=True, slots=True)
class UserTaskSpec:
    """What a user task asks for; each expression is evaluated when the task is opened."""

    assignee: Expression | None = None
    candidate_users: Expression | None = None
    """Gives a list of texts, or one text with commas."""
    candidate_groups: Expression | None = None
    """Gives a list of texts, or one text with commas."""
    due_at: Expression | None = None
    """Gives a date and time, or its ISO 8601 text."""
    follow_up_at: Expression | None = None
    """Gives a date and time, or its ISO 8601 text."""
    priority: Expression | None = None
    """Gives a whole number from 0 to 100; 50 where there is none."""
    name: Expression | None = None
    """Gives what the task is called, where that is not the element's own name."""
