"""What happened to a process instance: every change of its state is one of these.

Rows are the truth and events are history: they are applied once, by `changes.apply`, written to the journal
as they are, and projected to the rows of jobs, timers, user tasks and incidents. Each holds all that a
projection needs. `scope` is the key of the scope concerned, `owner` that of the element instance.
"""

from __future__ import annotations

from penstock.kernel.commands import Caller
from penstock.kernel.definition import Value
from penstock.kernel.event import Recorded
from penstock.kernel.events_exceptional import (
    CallEscalated as CallEscalated,
    CompensationGathered as CompensationGathered,
    CompensationKept as CompensationKept,
    CompensationLeft as CompensationLeft,
    CompensationRestored as CompensationRestored,
    CompensationStarted as CompensationStarted,
    CompensationTaken as CompensationTaken,
    CompensationThrown as CompensationThrown,
    EscalationCaught as EscalationCaught,
    EscalationThrown as EscalationThrown,
    EventSubProcessArmed as EventSubProcessArmed,
    EventSubProcessDisarmed as EventSubProcessDisarmed,
    ExceptionalEvent,
    ScopeInterrupted as ScopeInterrupted,
    TransactionCancelled as TransactionCancelled,
)
from penstock.kernel.events_listeners import (
    ListenerCompleted as ListenerCompleted,
    ListenersBegun as ListenersBegun,
    ListenersEnded as ListenersEnded,
    ListenersEvent,
    UserTaskDenied as UserTaskDenied,
    UserTaskUpdated as UserTaskUpdated,
)
from penstock.kernel.events_loops import (
    BehaviorEventDue as BehaviorEventDue,
    BehaviorEventsThrown as BehaviorEventsThrown,
    ItemBegun as ItemBegun,
    ItemCollected as ItemCollected,
    ItemsCounted as ItemsCounted,
    ItemsGiven as ItemsGiven,
    LoopBegun as LoopBegun,
    LoopEnded as LoopEnded,
    LoopEvent,
)
from penstock.kernel.events_operating import (
    ElementMigrated as ElementMigrated,
    InstanceMigrated as InstanceMigrated,
    InstanceModified as InstanceModified,
    InstanceResumed as InstanceResumed,
    InstanceSuspended as InstanceSuspended,
    KeptMigrated as KeptMigrated,
    OperatingEvent,
)
from penstock.kernel.events_outside import (
    ChangeSeen as ChangeSeen,
    ConditionArmed as ConditionArmed,
    ConditionMet as ConditionMet,
    ConditionSubscribed as ConditionSubscribed,
    EventTriggered as EventTriggered,
    MessageCorrelated as MessageCorrelated,
    MessageSent as MessageSent,
    MessageSubscribed as MessageSubscribed,
    OutsideEvent,
    SignalReceived as SignalReceived,
    SignalSent as SignalSent,
    SignalSubscribed as SignalSubscribed,
    SubscriptionClosed as SubscriptionClosed,
    TriggersGathered as TriggersGathered,
)
from penstock.kernel.kept import Called
from penstock.kernel.phases import Phase, Planned

# -- the instance ----------------------------------------------------------------------------------


class InstanceStarted(Recorded, frozen=True):
    start: str
    values: dict[str, Value]
    business_key: str | None
    correlation_key: str | None = None
    caller: Caller | None = None


class InstanceCompleted(Recorded, frozen=True):
    pass


class InstanceCancelled(Recorded, frozen=True):
    pass


class InstanceDeferred(Recorded, frozen=True):
    """A command did as many steps as one transaction may; the rest is planned."""

    agenda: list[Planned]
    steps: int


class InstanceContinued(Recorded, frozen=True):
    """What was planned has been taken up; `steps` were done since somebody outside last acted."""

    steps: int


# -- tokens ----------------------------------------------------------------------------------------


class ElementEntered(Recorded, frozen=True):
    """An element instance is made; `flow` is the sequence flow whose token it took, if any."""

    scope: int
    owner: int
    element: str
    flow: str | None


class FlowJoined(Recorded, frozen=True):
    """A token waits at a join, which is not complete yet."""

    scope: int
    owner: int
    flow: str


class TokensGathered(Recorded, frozen=True):
    """As many tokens have come to the activity as it takes to begin."""

    scope: int
    owner: int
    element: str


class GatewayActivated(Recorded, frozen=True):
    """A complex gateway has let tokens through, and waits for those that are still to come."""

    scope: int
    owner: int
    element: str


class FlowTaken(Recorded, frozen=True):
    """A token is on the sequence flow."""

    scope: int
    flow: str


class FlowsDropped(Recorded, frozen=True):
    """The tokens that were on sequence flows of the scope are gone."""

    scope: int


class ElementCompleted(Recorded, frozen=True):
    scope: int
    owner: int
    element: str
    since: int


class ElementCancelled(Recorded, frozen=True):
    scope: int
    owner: int
    element: str
    since: int


class ScopeOpened(Recorded, frozen=True):
    """The element instance `owner` holds a scope of its own, with its key."""

    scope: int
    owner: int
    element: str
    values: dict[str, Value]


class ScopeClosed(Recorded, frozen=True):
    scope: int
    owner: int


class VariablesSet(Recorded, frozen=True):
    """Variables of the scope, or of one element instance in it, have these values."""

    scope: int
    owner: int | None
    values: dict[str, Value]


# -- jobs ------------------------------------------------------------------------------------------


class JobOpened(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    element: str
    type: str
    retries: int
    listener: str = ""
    """For the job of a listener: the event that it listens to."""


class JobCompleted(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    values: dict[str, Value]


class JobFailed(Recorded, frozen=True):
    """A try failed, `tries` have by now; the next may begin at `due` (epoch ms), None when none is left."""

    scope: int
    owner: int
    key: int
    retries: int
    tries: int
    due: int | None
    message: str


class JobCancelled(Recorded, frozen=True):
    scope: int
    owner: int
    key: int


# -- user tasks ------------------------------------------------------------------------------------


class UserTaskOpened(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    element: str
    name: str
    assignee: str | None
    candidate_users: list[str]
    candidate_groups: list[str]
    due_at: int | None
    follow_up_at: int | None
    priority: int
    form: str | None
    state: str = "open"
    """`creating` while listeners run before it is open."""


class UserTaskAssigned(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    assignee: str | None


class UserTaskCompleted(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    values: dict[str, Value]


class UserTaskCancelled(Recorded, frozen=True):
    scope: int
    owner: int
    key: int


# -- timers, errors, incidents ---------------------------------------------------------------------


class TimerOpened(Recorded, frozen=True):
    """`element` is the event that the timer triggers: the owner itself, or a boundary event on it."""

    scope: int
    owner: int
    key: int
    element: str
    due: int
    rest: str | None = None
    """Of a cycle: what is left of it after this time."""


class TimerFired(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    element: str


class TimerCancelled(Recorded, frozen=True):
    scope: int
    owner: int
    key: int


class ErrorThrown(Recorded, frozen=True):
    """The element instance threw a BPMN error."""

    scope: int
    owner: int
    element: str
    code: str
    message: str


class ErrorCaught(Recorded, frozen=True):
    """The boundary event's element instance `owner` caught it; `values` came with it."""

    scope: int
    owner: int
    code: str
    message: str
    values: dict[str, Value]


class IncidentRaised(Recorded, frozen=True):
    """`phase` of the element instance failed and will be run again when the incident is resolved."""

    scope: int
    owner: int
    key: int
    element: str
    phase: Phase
    type: str
    message: str
    detail: str | None
    timer: int = 0
    """The key of the timer that could not be fired, where that is what failed."""


class IncidentResolved(Recorded, frozen=True):
    """`retries` are granted to the job that is opened next, where somebody said how many."""

    scope: int
    owner: int
    key: int
    element: str
    retries: int | None


# -- calls -----------------------------------------------------------------------------------------


class CallOpened(Recorded, frozen=True):
    """The call activity waits for an instance of another process to end."""

    scope: int
    owner: int
    key: int
    element: str
    process: str


class CallCompleted(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    values: dict[str, Value]
    called: Called | None = None
    """What may be compensated in the called instance, if anything may."""


class CallCancelled(Recorded, frozen=True):
    """The call activity waits no longer: it was cancelled, or the call did not come about."""

    scope: int
    owner: int
    key: int


class DecisionEvaluated(Recorded, frozen=True):
    """A business rule task made a decision: `reasons` say which rules of which tables led to its value."""

    scope: int
    owner: int
    element: str
    decision: str
    definition: str
    """The key of the version of the decision."""
    version: str
    values: dict[str, Value]
    reasons: dict[str, Value]


class AdHocQueued(Recorded, frozen=True):
    """The ad-hoc sub-process is to begin these activities, one after the other."""

    scope: int
    owner: int
    element: str
    activities: list[str]


class AdHocTaken(Recorded, frozen=True):
    """The ad-hoc sub-process begins the first of the activities that it was to begin."""

    scope: int
    owner: int


class AdHocEnding(Recorded, frozen=True):
    """The condition of the ad-hoc sub-process is true: nothing further may be begun in it."""

    scope: int
    owner: int
    element: str


Event = (
    InstanceStarted
    | InstanceCompleted
    | InstanceCancelled
    | InstanceDeferred
    | InstanceContinued
    | ElementEntered
    | FlowJoined
    | TokensGathered
    | FlowTaken
    | FlowsDropped
    | ElementCompleted
    | ElementCancelled
    | ScopeOpened
    | ScopeClosed
    | VariablesSet
    | JobOpened
    | JobCompleted
    | JobFailed
    | JobCancelled
    | UserTaskOpened
    | UserTaskAssigned
    | UserTaskCompleted
    | UserTaskCancelled
    | TimerOpened
    | TimerFired
    | TimerCancelled
    | ErrorThrown
    | ErrorCaught
    | IncidentRaised
    | IncidentResolved
    | OutsideEvent
    | ExceptionalEvent
    | OperatingEvent
    | CallOpened
    | CallCompleted
    | CallCancelled
    | AdHocQueued
    | AdHocTaken
    | AdHocEnding
    | DecisionEvaluated
    | GatewayActivated
    | LoopEvent
    | ListenersEvent
)
