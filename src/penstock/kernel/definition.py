"""A process definition: what a BPMN file compiles to, and all that the kernel knows of it.

Everything here is frozen and is built once, by `penstock.bpmn`. Elements and flows name each other by
their ids in the file, so that a definition holds no cycles and a stored state needs no object of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Literal

from penstock.kernel.asked import (
    Cycle as Cycle,
    Expression as Expression,
    Schedule as Schedule,
    Value as Value,
    Variables as Variables,
)
from penstock.kernel.work import (
    JobSpec as JobSpec,
    Listeners as Listeners,
    ListenerSpec as ListenerSpec,
    ScriptSpec as ScriptSpec,
    UserTaskSpec as UserTaskSpec,
)


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
    TRANSACTION = "transaction"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    CALL_ACTIVITY = "callActivity"
    AD_HOC_SUB_PROCESS = "adHocSubProcess"
    COMPLEX_GATEWAY = "complexGateway"
    BUSINESS_RULE_TASK = "businessRuleTask"
    PROCESS = "process"
    """The process itself, where it has listeners: an element instance of it is there while they run."""


# -- triggers: the second axis of events -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TimerTrigger:
    """A timer event definition (BPMN 10.5.5)."""

    schedule: Schedule


@dataclass(frozen=True, slots=True)
class ErrorTrigger:
    """An error event definition (BPMN 10.5.5). On a boundary event, no code catches every error."""

    code: str | None


Reach = Literal["scope", "loop", "instance"]
"""How far a terminate end event ends what is around it: BPMN's own scope, and what vendors let it reach."""


@dataclass(frozen=True, slots=True)
class TerminateTrigger:
    """A terminate event definition (BPMN 10.5.5), on end events only."""

    reach: Reach = "scope"


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
    local: bool = False
    """Whether it stays in its instance, as vendors let it."""


@dataclass(frozen=True, slots=True)
class ConditionTrigger:
    """A conditional event definition (BPMN 10.5.5): it is met when the condition becomes true."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class ChangeTrigger:
    """A vendor's variable listener: it is met each time that a variable is set, to whatever value."""

    variable: str
    created: bool = True
    """Whether it is met as the variable comes to be."""
    updated: bool = True
    """Whether it is met as the variable is set again."""


@dataclass(frozen=True, slots=True)
class LinkTrigger:
    """A link event definition (BPMN 10.5.5); the flow from source to target is among the definition's."""

    name: str


@dataclass(frozen=True, slots=True)
class EscalationTrigger:
    """An escalation event definition (BPMN 10.5.5). Where it catches, no code catches every escalation."""

    code: str | None


@dataclass(frozen=True, slots=True)
class CompensateTrigger:
    """A compensate event definition (BPMN 10.5.5); where it catches, it names no activity."""

    activity: str | None = None
    """What is compensated; None means all that was completed in the scope."""
    waits: bool = True
    """Where it throws: whether its token stays until compensation is done, or goes on at once."""


@dataclass(frozen=True, slots=True)
class CancelTrigger:
    """A cancel event definition (BPMN 10.5.5): on an end event in a transaction, and on its boundary."""


Single = (
    TimerTrigger
    | ErrorTrigger
    | TerminateTrigger
    | CycleTrigger
    | MessageTrigger
    | SignalTrigger
    | ConditionTrigger
    | ChangeTrigger
    | LinkTrigger
    | EscalationTrigger
    | CompensateTrigger
    | CancelTrigger
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
class IoMapping:
    """One input or output mapping: the value of `source` goes to the variable path `target`."""

    source: Expression
    target: tuple[str, ...]
    """The names of a dotted path, at least one: `order.total` is ("order", "total")."""


Binding = Literal["latest", "deployment", "tag"]
"""Which version is called: the latest active one, that of the caller's deployment, or one by its tag."""


@dataclass(frozen=True, slots=True)
class CallSpec:
    """The process that a call activity calls (BPMN 13.3.4), and which variables go there and come back."""

    process: Expression
    """Gives the id of the process."""
    binding: Binding = "latest"
    tag: str | None = None
    all_in: bool = True
    """Whether the process gets all variables that the activity sees, or only its input mappings' values."""
    all_out: bool = True
    """Whether all its variables come back where there are no output mappings, or none."""
    business_key: Expression | None = None
    """Gives the business key of the called instance, null for none; None passes that of the caller on."""
    local: bool = False
    """Whether what comes back stays in the scope of the activity, as vendors let it."""


@dataclass(frozen=True, slots=True)
class FormSpec:
    """The form that a user task or a start event shows."""

    id: str
    """Its id, or a key that means something to whoever shows it."""
    binding: Binding = "latest"
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """The decision that a business rule task makes (BPMN 10.3.3), and the variable that takes its value."""

    decision: Expression
    """Gives the id of the decision."""
    binding: Binding = "latest"
    tag: str | None = None
    result_variable: str | None = None


@dataclass(frozen=True, slots=True)
class AdHocSpec:
    """An ad-hoc sub-process (BPMN 13.3.5): its activities are begun as somebody, or an expression, says."""

    sequential: bool = False
    """Whether only one of its activities may be active at a time."""
    completion: Expression | None = None
    """Asked after each of its activities; where there is none, it ends when nothing in it is active."""
    cancel_remaining: bool = True
    """Whether what is still active is cancelled when the condition is true, or waited for."""
    active: Expression | None = None
    """Gives the list of the ids of the activities to begin with."""


@dataclass(frozen=True, slots=True)
class BehaviorEvent:
    """An event that a multi-instance throws as one of its instances completes (BPMN 13.3.7)."""

    trigger: MessageTrigger | SignalTrigger | EscalationTrigger
    condition: Expression | None = None
    """It is thrown where that is true, always where there is none."""
    first: bool = False
    """Whether only the instance that completes first throws it."""


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """A multi-instance activity (BPMN 13.3.7): once for each item of a collection, or so many times."""

    sequential: bool
    collection: Expression | None = None
    """Gives a list; where there is none, `cardinality` counts."""
    cardinality: Expression | None = None
    """Gives a whole number from 0."""
    input_element: str | None = None
    """The variable that holds the item, for its instance only."""
    output_collection: str | None = None
    """The variable that takes the list of what the instances gave, in the order of the items."""
    output_element: Expression | None = None
    """What one instance gives to the output collection."""
    output_local: str | None = None
    """The variable that `output_element` reads; it stays in its instance."""
    completion: Expression | None = None
    """Asked after each instance; when it is true the others are cancelled."""
    behavior_events: tuple[BehaviorEvent, ...] = ()
    """What it throws as its instances complete; events on its boundary may catch it."""
    overview: bool = False
    """Whether its instances see the output collection grow; a vendor's, and slow for very many items."""


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """A standard loop (BPMN 13.3.6): one instance after the other for as long as the condition is true."""

    condition: Expression | None
    """None goes on until the maximum."""
    test_before: bool = False
    maximum: Expression | None = None
    """Gives a whole number from 0."""


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
    together: tuple[str, ...] = ()
    """For an event behind a parallel event-based gateway that instantiates: the other events behind it."""
    call: CallSpec | None = None
    decision: DecisionSpec | None = None
    form: FormSpec | None = None
    """For a user task or a start event: what a person fills in."""
    activation: Expression | None = None
    """For a complex gateway: asked as each token comes; None lets the first one through."""
    ad_hoc: AdHocSpec | None = None
    in_ad_hoc: bool = False
    """Whether the sub-process that holds it is an ad-hoc one."""
    loop: MultiInstance | StandardLoop | None = None
    """For an activity: how often it is done."""
    skip: Expression | None = None
    """For an activity: asked as it is entered; where it is true, nothing is done, as vendors let it."""
    start_quantity: int = 1
    """For an activity that flows lead to: how many tokens it takes to begin (BPMN 10.3)."""
    completion_quantity: int = 1
    """For an activity: how many tokens it puts on each flow that it takes (BPMN 10.3)."""
    listeners: Listeners | None = None
    plain: bool = field(init=False, default=True)
    """Whether nothing is to be done between entering and activating it."""
    chooses: bool = field(init=False, default=False)
    """Whether its outgoing flows are chosen by their conditions when it completes."""
    simple: bool = field(init=False, default=True)
    """Whether completing it means to take all its outgoing flows, and nothing more."""

    def __post_init__(self) -> None:
        """Find out once what the hot path would otherwise ask at every step."""
        conditional = any(flow.condition for flow in self.outgoing) or self.default is not None
        chooses = conditional and self.kind is not Kind.EXCLUSIVE_GATEWAY
        several = self.completion_quantity > 1
        hears = self.listeners is not None
        simple = not (self.outputs or chooses or self.loop or self.in_ad_hoc or several or hears)
        plain = not (self.inputs or self.boundary or self.loop or self.skip or hears)
        object.__setattr__(self, "plain", plain)
        object.__setattr__(self, "chooses", chooses)
        object.__setattr__(self, "simple", simple)


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
    event_sub_processes: tuple[str, ...] = ()
    """The ids of the event sub-processes directly in the process, in the order of the file."""
    initial: Mapping[str, Value] = field(default_factory=dict)
    """The variables that an instance has from the first, where its start brings no others of these names."""

    @cached_property
    def process(self) -> Element | None:
        """The process itself as an element, where it has listeners."""
        return self.elements.get(self.id)

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """Every sequence flow by its id."""
        return {flow.id: flow for element in self.elements.values() for flow in element.outgoing}

    @cached_property
    def inclusive_joins(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """By gateway that waits for what may come, and by element: the incoming flows its token may reach.

        A way leads over sequence flows and over boundary events, and not through the gateway itself
        (BPMN 13.4.3). An element that is not named reaches none of them.
        """
        joins = (
            node
            for node in self.elements.values()
            if (node.kind is Kind.INCLUSIVE_GATEWAY and len(node.incoming) > 1)
            or node.kind is Kind.COMPLEX_GATEWAY
        )
        return {node.id: self._reaching(node) for node in joins}

    def _reaching(self, join: Element) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for flow in join.incoming:
            agenda = [self.flows[flow].source]
            while agenda:
                node = self.elements[agenda.pop()]
                known = found.setdefault(node.id, set())
                if node.id == join.id or flow in known:
                    continue
                known.add(flow)
                agenda += [self.flows[incoming].source for incoming in node.incoming]
                agenda += [] if node.attached_to is None else [node.attached_to]
        return {id: frozenset(flows) for id, flows in found.items() if id != join.id}

    @cached_property
    def conditional(self) -> bool:
        """Whether any event of it waits for a condition or a change, so that variables must be watched."""
        return any(
            isinstance(trigger, ConditionTrigger | ChangeTrigger)
            for element in self.elements.values()
            for trigger in triggers_of(element)
        )

    @cached_property
    def listened(self) -> frozenset[str]:
        """The variables whose changes some event of it waits for."""
        triggers = (trigger for element in self.elements.values() for trigger in triggers_of(element))
        return frozenset(it.variable for it in triggers if isinstance(it, ChangeTrigger))


def triggers_of(event: Element) -> tuple[Single, ...]:
    """Give the event definitions of an event, in the order of the file."""
    if event.trigger is None:
        return ()
    return event.trigger.triggers if isinstance(event.trigger, MultipleTrigger) else (event.trigger,)
