"""The raw model: what a BPMN file says, with its lines, before anybody judges it.

It knows neither XML nor vendors any more, and it holds the elements that Penstock refuses too, so that
the rules see the whole graph and say one thing about each problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from penstock.kernel.definition import Reach


@dataclass(frozen=True, slots=True)
class Source:
    """A text in the file that gives a value: a constant, or a FEEL expression."""

    text: str
    """Without the `=` that marks an expression."""
    feel: bool
    line: int | None
    what: str
    """What the text is for, for messages: `the assignee`."""


@dataclass(frozen=True, slots=True)
class RawMapping:
    """An input or output mapping."""

    source: Source
    target: str
    line: int | None


@dataclass(frozen=True, slots=True)
class RawForm:
    """Which form an element shows."""

    id: str
    deployed: bool
    """Whether it is the id of a form that is deployed here, not a key that means something elsewhere."""
    binding: str | None = None
    tag: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class RawListener:
    """A listener of an element, of its user task, or of a process."""

    event: str
    type: Source
    retries: Source | None
    headers: Mapping[str, str]
    line: int | None


@dataclass(slots=True)
class Settings:
    """What the extensions of one element say, in words of no vendor. Filled while reading, then only read."""

    job_type: str | None = None
    retries: str | None = None
    backoff: str | None = None
    job_line: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    listeners: list[RawListener] = field(default_factory=list)
    script: Source | None = None
    result_variable: str | None = None
    inputs: list[RawMapping] = field(default_factory=list)
    outputs: list[RawMapping] = field(default_factory=list)
    assignee: Source | None = None
    candidate_users: Source | None = None
    candidate_groups: Source | None = None
    due_date: Source | None = None
    follow_up_date: Source | None = None
    priority: Source | None = None
    form: RawForm | None = None
    version_tag: str | None = None
    called: Source | None = None
    """The id of the process that a call activity calls."""
    called_line: int | None = None
    decision: Source | None = None
    """The id of the decision that a business rule task makes."""
    binding: str | None = None
    called_tag: str | None = None
    local_out: bool = False
    """Whether what a call gives back stays in its scope."""
    all_in: bool = True
    all_out: bool = True
    business_key: Source | None = None
    """Of the instance that a call activity calls; None for that of the caller."""
    event_name: Source | None = None
    """For an event definition that refers to none: the name of its message or signal."""
    active_elements: Source | None = None
    """What an ad-hoc sub-process begins with."""
    loop_collection: Source | None = None
    loop_element: str | None = None
    loop_index: str | None = None
    loop_output: str | None = None
    loop_output_element: Source | None = None
    loop_overview: bool = False
    properties: dict[str, str] = field(default_factory=dict)
    correlation_key: Source | None = None
    """Of a message, or of an element that sends one."""
    skip: Source | None = None
    """Where it is true, a flow is taken and an activity does nothing."""
    reach: Reach = "scope"
    """How much a terminate event definition ends."""
    local: bool = False
    """Whether a signal stays in its instance."""
    time_to_live: Source | None = None
    """Of a message that is sent."""


@dataclass(frozen=True, slots=True)
class RawChange:
    """The changes of a variable that an event waits for."""

    variable: str
    created: bool
    updated: bool


@dataclass(frozen=True, slots=True)
class RawTrigger:
    """An event definition."""

    tag: str
    """Its name in BPMN's schema, such as `timerEventDefinition`."""
    line: int | None
    date: Source | None = None
    duration: Source | None = None
    kinds: int = 0
    """How many of `timeDate`, `timeDuration` and `timeCycle` a timer has."""
    error_ref: str | None = None
    cycle: Source | None = None
    ref: str | None = None
    """The message or signal that it refers to."""
    name: Source | None = None
    """Where it refers to none: the name of its message or signal."""
    condition: Source | None = None
    change: RawChange | None = None
    """In place of a condition: what a vendor's variable listener waits for."""
    link: str | None = None
    """The name of a link."""
    escalation_ref: str | None = None
    activity_ref: str | None = None
    """What a compensate event definition is to compensate."""
    waits: bool = True
    """Whether a compensate event definition waits until that is done."""
    reach: Reach = "scope"
    """How much a terminate event definition ends."""


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message of the file (BPMN 8.4.11)."""

    name: Source | None
    correlation_key: Source | None


@dataclass(frozen=True, slots=True)
class RawScript:
    """The standard `script` of a script task."""

    text: str
    format: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class RawGlobalTask:
    """A task beside the processes, which call activities of the file may call."""

    id: str
    tag: str
    """The kind of task that it is, by its name in BPMN's schema, such as `userTask`."""
    line: int | None
    name: str | None
    settings: Settings
    script: RawScript | None


@dataclass(frozen=True, slots=True)
class RawBehaviorEvent:
    """What a multi-instance throws as one of its instances completes."""

    trigger: RawTrigger
    condition: Source | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class RawLoop:
    """The loop characteristics of an activity."""

    line: int | None
    multi: bool
    """A multi-instance, or a standard loop."""
    sequential: bool = False
    collection: Source | None = None
    cardinality: Source | None = None
    input_element: str | None = None
    index: str | None = None
    """The variable that holds the place of the item, from 0."""
    output_collection: str | None = None
    output_element: Source | None = None
    overview: bool = False
    """Whether the output collection is there from the first result on, for the instances only."""
    condition: Source | None = None
    """The completion condition of a multi-instance, the loop condition of a standard loop."""
    test_before: bool = False
    maximum: Source | None = None
    behavior: tuple[RawBehaviorEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class RawNode:
    """A flow node, run by Penstock or not."""

    id: str
    tag: str
    """Its name in BPMN's schema, such as `userTask`."""
    line: int | None
    scope: str | None
    """The id of the sub-process around it, None in the process itself."""
    depth: int
    """How many sub-processes are around it."""
    name: str | None = None
    incoming: tuple[str, ...] = ()
    """The flows that the element itself lists; the flows' own ends are what counts."""
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    triggers: tuple[RawTrigger, ...] = ()
    attached_to: str | None = None
    interrupting: bool = True
    direction: str | None = None
    """A gateway's `gatewayDirection`."""
    event_sub_process: bool = False
    for_compensation: bool = False
    script: RawScript | None = None
    activation: Source | None = None
    """The activation condition of a complex gateway."""
    completion: Source | None = None
    """The completion condition of an ad-hoc sub-process."""
    ordering: str | None = None
    """Of an ad-hoc sub-process."""
    cancel_remaining: bool = True
    loop: RawLoop | None = None
    called: str | None = None
    """The standard `calledElement` of a call activity."""
    global_task: str | None = None
    """For a task that a call activity stands for: the global task that this calls."""
    settings: Settings = field(default_factory=Settings)
    instantiate: bool = False
    """For a receive task and an event-based gateway: whether it begins an instance."""
    start_quantity: int = 1
    completion_quantity: int = 1
    parallel: bool = False
    """For an event: whether each of several triggers must come. For an event-based gateway: each event."""


@dataclass(frozen=True, slots=True)
class RawFlow:
    """A sequence flow."""

    id: str
    line: int | None
    source: str | None
    target: str | None
    scope: str | None
    conditional: bool = False
    """Whether the flow has a condition, be it one that can be read or not."""
    condition: Source | None = None
    named: bool = True
    """Whether the id is the file's own."""


@dataclass(frozen=True, slots=True)
class RawProcess:
    """A process with all that is in it."""

    id: str
    line: int | None
    name: str | None
    description: str | None
    settings: Settings
    initial: tuple[RawMapping, ...]
    """The variables that its data objects begin with."""
    nodes: tuple[RawNode, ...]
    """In the order of the file, those of sub-processes included, each after its sub-process."""
    flows: tuple[RawFlow, ...]
    data: frozenset[str] = frozenset()
    """The variables of the data objects, properties, inputs and outputs that the file declares."""
    declares_inputs: bool = False
    """Whether the process says with which data it starts, by data inputs of its own."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """All that a file holds for the engine."""

    processes: tuple[RawProcess, ...]
    """Those that are to run."""
    error_codes: Mapping[str, str | None]
    """The code of each `error` by its id."""
    messages: Mapping[str, RawMessage]
    """The messages by their ids."""
    signals: Mapping[str, Source | None]
    """The name of each `signal` by its id."""
    escalation_codes: Mapping[str, str | None] = field(default_factory=dict)
    """The code of each `escalation` by its id."""
    global_tasks: tuple[RawGlobalTask, ...] = ()
    associations: tuple[tuple[str, str], ...] = ()
    """The source and the target of each association."""
    local_signals: frozenset[str] = frozenset()
    """The ids of the signals that stay in their instance."""
    drawn: tuple[RawProcess, ...] = ()
    """The processes that are not to run."""
