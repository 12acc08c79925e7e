"""A process definition: what a BPMN file compiles to, and all that the kernel knows of it.

Everything here is frozen and is built once, by `penstock.bpmn`. Elements and flows name each other by
their ids in the file, so that a definition holds no cycles and a stored state needs no object of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Protocol

Value = object
"""A FEEL value. The kernel carries values and never looks inside, but for `True` and `False`."""

Variables = Mapping[str, Value]


class Expression(Protocol):
    """What the kernel asks of an expression language: a text, and its value over some variables."""

    @property
    def text(self) -> str:
        """The expression as the author wrote it, for messages."""
        ...

    def __call__(self, variables: Variables, now: int) -> Value:
        """Give the value at `now` (epoch milliseconds).

        Raises:
            penstock.kernel.failures.Failure: the expression has no value; its message says why.
        """
        ...


class Schedule(Protocol):
    """When a timer event fires: a date or a duration, as an expression gives it."""

    @property
    def text(self) -> str:
        """The expression as the author wrote it, for messages."""
        ...

    def due(self, variables: Variables, now: int) -> int:
        """Give the moment at which the timer fires, in epoch milliseconds.

        Raises:
            penstock.kernel.failures.Failure: the expression gives no date or duration.
        """
        ...


class Kind(Enum):
    """The elements that the kernel runs, by their name in BPMN's schema."""

    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    INTERMEDIATE_CATCH_EVENT = "intermediateCatchEvent"
    INTERMEDIATE_THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    TASK = "task"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SCRIPT_TASK = "scriptTask"
    USER_TASK = "userTask"
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    SUB_PROCESS = "subProcess"
    TRANSACTION = "transaction"


# -- triggers: the second axis of events -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TimerTrigger:
    """A timer event definition (BPMN 10.5.5)."""

    schedule: Schedule


@dataclass(frozen=True, slots=True)
class ErrorTrigger:
    """An error event definition (BPMN 10.5.5). On a boundary event, no code catches every error."""

    code: str | None


@dataclass(frozen=True, slots=True)
class TerminateTrigger:
    """A terminate event definition (BPMN 10.5.5), on end events only."""


@dataclass(frozen=True, slots=True)
class EscalationTrigger:
    """An escalation event definition (BPMN 10.5.5). Where it catches, no code catches every escalation."""

    code: str | None


@dataclass(frozen=True, slots=True)
class CompensateTrigger:
    """A compensate event definition (BPMN 10.5.5); where it catches, it names no activity."""

    activity: str | None = None
    """What is compensated; None means all that was completed in the scope."""


@dataclass(frozen=True, slots=True)
class CancelTrigger:
    """A cancel event definition (BPMN 10.5.5): on an end event in a transaction, and on its boundary."""


@dataclass(frozen=True, slots=True)
class MultipleTrigger:
    """Several event definitions where any one of them is enough (BPMN 10.5.5, Multiple)."""

    triggers: tuple[TimerTrigger | ErrorTrigger | EscalationTrigger, ...]


Trigger = (
    TimerTrigger
    | ErrorTrigger
    | TerminateTrigger
    | EscalationTrigger
    | CompensateTrigger
    | CancelTrigger
    | MultipleTrigger
)


def each_of(trigger: Trigger | None) -> tuple[Trigger, ...]:
    """Give the triggers any of which lets an event happen: one, several, or none."""
    if isinstance(trigger, MultipleTrigger):
        return trigger.triggers
    return () if trigger is None else (trigger,)


# -- what a task carries ---------------------------------------------------------------------------


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
    form: str | None = None
    """The form's id or key."""


@dataclass(frozen=True, slots=True)
class IoMapping:
    """One input or output mapping: the value of `source` goes to the variable path `target`."""

    source: Expression
    target: tuple[str, ...]
    """The names of a dotted path, at least one: `order.total` is ("order", "total")."""


# -- the graph -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow (BPMN 8.4.13)."""

    id: str
    """The id in the file; where it has none, one that the compiler gave."""
    source: str
    target: str
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node of a process, with all that its behaviour needs to know."""

    id: str
    kind: Kind
    scope: str | None
    """The id of the sub-process that holds it, None in the process itself."""
    name: str | None = None
    incoming: tuple[str, ...] = ()
    """The ids of the incoming sequence flows."""
    outgoing: tuple[Flow, ...] = ()
    """In the order of the file."""
    default: Flow | None = None
    """One of `outgoing`, or None."""
    trigger: Trigger | None = None
    interrupting: bool = True
    """For a boundary event: whether it cancels the activity that it is attached to."""
    attached_to: str | None = None
    """For a boundary event: the id of its activity."""
    boundary: tuple[str, ...] = ()
    """For an activity: the ids of the boundary events attached to it, in the order of the file."""
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    job: JobSpec | None = None
    script: ScriptSpec | None = None
    user_task: UserTaskSpec | None = None
    start: str | None = None
    """For a sub-process: the id of its start event; that of an event sub-process has a trigger."""
    event_sub_processes: tuple[str, ...] = ()
    """For a sub-process: the ids of the event sub-processes directly in it, in the order of the file."""
    event_sub_process: bool = False
    """Whether the sub-process is started by an event, not by a token."""
    compensation: str | None = None
    """For an activity: the id of the activity that its compensation boundary event leads to."""
    compensable: bool = False
    """Whether its completion concerns compensation: it may be undone later, or it undoes something now."""


@dataclass(frozen=True)
class ProcessDefinition:
    """One version of a process, ready to run."""

    id: str
    """The process id in the file."""
    name: str | None
    elements: Mapping[str, Element]
    """Every flow node by its id, those of sub-processes included, in the order of the file."""
    starts: tuple[str, ...]
    """The ids of the start events by which an instance may be started, in the order of the file."""
    event_sub_processes: tuple[str, ...] = ()
    """The ids of the event sub-processes directly in the process, in the order of the file."""

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """Every sequence flow by its id."""
        return {flow.id: flow for element in self.elements.values() for flow in element.outgoing}
