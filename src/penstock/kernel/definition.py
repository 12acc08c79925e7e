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


class Cycle(Protocol):
    """When a timer event fires again and again: a repeating interval, or a cron expression.

    What is left of it after each time is a text, so that a stored state holds all that there is to know.
    """

    @property
    def text(self) -> str:
        """The expression as the author wrote it, for messages."""
        ...

    def first(self, variables: Variables, now: int) -> tuple[int, str | None]:
        """Give the first moment in epoch milliseconds, and what is left after it; None for nothing.

        Raises:
            penstock.kernel.failures.Failure: the expression gives no cycle.
        """
        ...

    def after(self, rest: str, now: int) -> tuple[int, str | None]:
        """Give the next moment after `now` of what was left, and what is left after that.

        Moments that passed while nothing ran are passed over, but for the one that has just fired.
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
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    EVENT_BASED_GATEWAY = "eventBasedGateway"


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
class CycleTrigger:
    """A timer event definition with a cycle (BPMN 10.5.5), which fires again and again."""

    cycle: Cycle


@dataclass(frozen=True, slots=True)
class MessageTrigger:
    """A message event definition, or the message of a send or receive task (BPMN 8.4.11, 10.5.5)."""

    name: Expression
    key: Expression | None = None
    """Gives the correlation key, a text or a number; None correlates by the name alone."""
    ttl: int | None = None
    """For a message that is sent: milliseconds for which it waits for its receiver; None for the default."""


@dataclass(frozen=True, slots=True)
class SignalTrigger:
    """A signal event definition (BPMN 10.5.5)."""

    name: Expression


@dataclass(frozen=True, slots=True)
class ConditionTrigger:
    """A conditional event definition (BPMN 10.5.5): it is met when the condition becomes true."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class LinkTrigger:
    """A link event definition (BPMN 10.5.5); the flow from source to target is among the definition's."""

    name: str


Single = (
    TimerTrigger
    | ErrorTrigger
    | TerminateTrigger
    | CycleTrigger
    | MessageTrigger
    | SignalTrigger
    | ConditionTrigger
    | LinkTrigger
)
"""One event definition."""


@dataclass(frozen=True, slots=True)
class MultipleTrigger:
    """Several event definitions (BPMN 10.5.5): one of them is enough, or each must come (`parallel`)."""

    triggers: tuple[Single, ...]
    parallel: bool = False


Trigger = Single | MultipleTrigger


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
    """For a sub-process: the id of its none start event."""
    together: tuple[str, ...] = ()
    """For an event behind a parallel event-based gateway that instantiates: the other events behind it."""


@dataclass(frozen=True)
class ProcessDefinition:
    """One version of a process, ready to run."""

    id: str
    """The process id in the file."""
    name: str | None
    elements: Mapping[str, Element]
    """Every flow node by its id, those of sub-processes included, in the order of the file."""
    starts: tuple[str, ...]
    """The ids of the elements by which an instance may be started, in the order of the file: start events,
    receive tasks that instantiate, and the events behind an event-based gateway that does."""

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """Every sequence flow by its id."""
        return {flow.id: flow for element in self.elements.values() for flow in element.outgoing}

    @cached_property
    def conditional(self) -> bool:
        """Whether any event of it waits for a condition, so that changed variables must be watched."""
        return any(
            isinstance(trigger, ConditionTrigger)
            for element in self.elements.values()
            for trigger in triggers_of(element)
        )


def triggers_of(event: Element) -> tuple[Single, ...]:
    """Give the event definitions of an event, in the order of the file."""
    if event.trigger is None:
        return ()
    return event.trigger.triggers if isinstance(event.trigger, MultipleTrigger) else (event.trigger,)
