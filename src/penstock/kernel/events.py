"""What happened to a process instance: every change of its state is one of these.

Rows are the truth and events are history: they are applied once, by `state.apply`, written to the journal
as they are, and projected to the rows of jobs, timers, user tasks and incidents. Each holds all that a
projection needs. `scope` is the key of the scope concerned, `owner` that of the element instance.
"""

from __future__ import annotations

import msgspec

from penstock.kernel.definition import Value
from penstock.kernel.phases import Phase, Planned


class _Event(msgspec.Struct, frozen=True, array_like=True, tag_field="event", tag=True, gc=False):
    pass


# -- the instance ----------------------------------------------------------------------------------


class InstanceStarted(_Event, frozen=True):
    start: str
    values: dict[str, Value]
    business_key: str | None


class InstanceCompleted(_Event, frozen=True):
    pass


class InstanceCancelled(_Event, frozen=True):
    pass


class InstanceDeferred(_Event, frozen=True):
    """A command did as many steps as one transaction may; the rest is planned."""

    agenda: list[Planned]
    steps: int


class InstanceContinued(_Event, frozen=True):
    """What was planned has been taken up; `steps` were done since somebody outside last acted."""

    steps: int


# -- tokens ----------------------------------------------------------------------------------------


class ElementEntered(_Event, frozen=True):
    """An element instance is made; `flow` is the sequence flow whose token it took, if any."""

    scope: int
    owner: int
    element: str
    flow: str | None


class FlowJoined(_Event, frozen=True):
    """A token waits at a join, which is not complete yet."""

    scope: int
    owner: int
    flow: str


class FlowTaken(_Event, frozen=True):
    """A token is on the sequence flow."""

    scope: int
    flow: str


class FlowsDropped(_Event, frozen=True):
    """The tokens that were on sequence flows of the scope are gone."""

    scope: int


class ElementCompleted(_Event, frozen=True):
    scope: int
    owner: int
    element: str
    since: int


class ElementCancelled(_Event, frozen=True):
    scope: int
    owner: int
    element: str
    since: int


class ScopeOpened(_Event, frozen=True):
    """The element instance `owner` holds a scope of its own, with its key."""

    scope: int
    owner: int
    element: str
    values: dict[str, Value]


class ScopeClosed(_Event, frozen=True):
    scope: int
    owner: int


class VariablesSet(_Event, frozen=True):
    """Variables of the scope, or of one element instance in it, have these values."""

    scope: int
    owner: int | None
    values: dict[str, Value]


# -- jobs ------------------------------------------------------------------------------------------


class JobOpened(_Event, frozen=True):
    scope: int
    owner: int
    key: int
    element: str
    type: str
    retries: int


class JobCompleted(_Event, frozen=True):
    scope: int
    owner: int
    key: int
    values: dict[str, Value]


class JobFailed(_Event, frozen=True):
    """A try failed, `tries` have by now; the next may begin at `due` (epoch ms), None when none is left."""

    scope: int
    owner: int
    key: int
    retries: int
    tries: int
    due: int | None
    message: str


class JobCancelled(_Event, frozen=True):
    scope: int
    owner: int
    key: int


# -- user tasks ------------------------------------------------------------------------------------


class UserTaskOpened(_Event, frozen=True):
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


class UserTaskAssigned(_Event, frozen=True):
    scope: int
    owner: int
    key: int
    assignee: str | None


class UserTaskCompleted(_Event, frozen=True):
    scope: int
    owner: int
    key: int
    values: dict[str, Value]


class UserTaskCancelled(_Event, frozen=True):
    scope: int
    owner: int
    key: int


# -- timers, errors, incidents ---------------------------------------------------------------------


class TimerOpened(_Event, frozen=True):
    """`element` is the event that the timer triggers: the owner itself, or a boundary event on it."""

    scope: int
    owner: int
    key: int
    element: str
    due: int


class TimerFired(_Event, frozen=True):
    scope: int
    owner: int
    key: int
    element: str


class TimerCancelled(_Event, frozen=True):
    scope: int
    owner: int
    key: int


class ErrorThrown(_Event, frozen=True):
    """The element instance threw a BPMN error."""

    scope: int
    owner: int
    element: str
    code: str
    message: str


class ErrorCaught(_Event, frozen=True):
    """The boundary event's element instance `owner` caught it; `values` came with it."""

    scope: int
    owner: int
    code: str
    message: str
    values: dict[str, Value]


class IncidentRaised(_Event, frozen=True):
    """`phase` of the element instance failed and will be run again when the incident is resolved."""

    scope: int
    owner: int
    key: int
    element: str
    phase: Phase
    type: str
    message: str
    detail: str | None


class IncidentResolved(_Event, frozen=True):
    """`retries` are granted to the job that is opened next, where somebody said how many."""

    scope: int
    owner: int
    key: int
    element: str
    retries: int | None


# -- exceptional flows -----------------------------------------------------------------------------


class EventSubProcessArmed(_Event, frozen=True):
    """The event sub-process waits in the scope for its start event; `owner` is what waits for it."""

    scope: int
    owner: int
    element: str


class EventSubProcessDisarmed(_Event, frozen=True):
    scope: int
    owner: int


class ScopeInterrupted(_Event, frozen=True):
    """The scope goes on with one thing only, and none of its event sub-processes may start any more."""

    scope: int


class EscalationThrown(_Event, frozen=True):
    scope: int
    owner: int
    element: str
    code: str
    caught: bool


class EscalationCaught(_Event, frozen=True):
    """The boundary event or event sub-process `owner` caught it."""

    scope: int
    owner: int
    code: str


class CompensationKept(_Event, frozen=True):
    """The activity may be compensated later, with the values of now; a scope also what it had kept itself."""

    scope: int
    owner: int
    element: str
    values: dict[str, Value]


class CompensationThrown(_Event, frozen=True):
    """The element instance will compensate what was completed, or one activity of it."""

    scope: int
    owner: int
    element: str
    activity: str | None


class CompensationReleased(_Event, frozen=True):
    """What the scope has kept, or one activity of it, is left to the element instance `by` in `by_scope`."""

    scope: int
    by_scope: int
    by: int
    activity: str | None


class CompensationTaken(_Event, frozen=True):
    """The element instance goes on to compensate the element instance `compensated`."""

    scope: int
    owner: int
    compensated: int


class CompensationStarted(_Event, frozen=True):
    """The element instance `owner` compensates `compensated`, on behalf of `by` in the scope `by_scope`.

    `whole` says that the scope of `owner` was opened anew, and does itself what is to be done in it.
    """

    scope: int
    owner: int
    compensated: int
    by_scope: int
    by: int
    whole: bool


class TransactionCancelled(_Event, frozen=True):
    """The transaction `owner` is cancelled by the end event `element` in it; compensation comes first."""

    scope: int
    owner: int
    element: str


# -- operating -------------------------------------------------------------------------------------


class InstanceSuspended(_Event, frozen=True):
    pass


class InstanceResumed(_Event, frozen=True):
    pass


class InstanceModified(_Event, frozen=True):
    """Somebody put tokens at the elements `activated`, and took away the element instances `terminated`."""

    activated: list[str]
    terminated: list[int]


class InstanceMigrated(_Event, frozen=True):
    """The instance goes on by another definition."""

    definition: str
    previous: str


class ElementMigrated(_Event, frozen=True):
    """The element instance is of another element now, and so is what it has opened, by its keys.

    `arrived` are the flows over which tokens have come, where it is a join.
    """

    scope: int
    owner: int
    element: str
    previous: str
    keys: dict[int, str]
    arrived: list[str] | None


class KeptMigrated(_Event, frozen=True):
    """What the scope has kept for compensation is of these elements now."""

    scope: int
    mapping: dict[str, str]


Event = (
    InstanceStarted
    | InstanceCompleted
    | InstanceCancelled
    | InstanceDeferred
    | InstanceContinued
    | ElementEntered
    | FlowJoined
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
    | EventSubProcessArmed
    | EventSubProcessDisarmed
    | ScopeInterrupted
    | EscalationThrown
    | EscalationCaught
    | CompensationKept
    | CompensationThrown
    | CompensationReleased
    | CompensationTaken
    | CompensationStarted
    | TransactionCancelled
    | InstanceSuspended
    | InstanceResumed
    | InstanceModified
    | InstanceMigrated
    | ElementMigrated
    | KeptMigrated
)
