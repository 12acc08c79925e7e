"""What happened to a process instance: every change of its state is one of these.

Rows are the truth and events are history: they are applied once, by `state.apply`, written to the journal
as they are, and projected to the rows of jobs, timers, user tasks and incidents. Each holds all that a
projection needs. `scope` is the key of the scope concerned, `owner` that of the element instance.
"""

from __future__ import annotations

import msgspec

from penstock.kernel.commands import Caller
from penstock.kernel.definition import Value
from penstock.kernel.phases import Phase, Planned


class _Event(msgspec.Struct, frozen=True, array_like=True, tag_field="event", tag=True, gc=False):
    pass


# -- the instance ----------------------------------------------------------------------------------


class InstanceStarted(_Event, frozen=True):
    start: str
    values: dict[str, Value]
    business_key: str | None
    caller: Caller | None = None


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


class GatewayActivated(_Event, frozen=True):
    """A complex gateway has let tokens through, and waits for those that are still to come."""

    scope: int
    owner: int
    element: str


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


# -- calls -----------------------------------------------------------------------------------------


class CallOpened(_Event, frozen=True):
    """The call activity waits for an instance of another process to end."""

    scope: int
    owner: int
    key: int
    element: str
    process: str


class CallCompleted(_Event, frozen=True):
    scope: int
    owner: int
    key: int
    values: dict[str, Value]


class CallCancelled(_Event, frozen=True):
    """The call activity waits no longer: it was cancelled, or the call did not come about."""

    scope: int
    owner: int
    key: int


class AdHocEnding(_Event, frozen=True):
    """The condition of the ad-hoc sub-process is true: nothing further may be begun in it."""

    scope: int
    owner: int
    element: str


# -- loops and multi-instances ---------------------------------------------------------------------


class LoopBegun(_Event, frozen=True):
    """The activity will be done `total` times, None as often as its condition says."""

    scope: int
    owner: int
    element: str
    total: int | None


class ItemsGiven(_Event, frozen=True):
    """The scope of `owner` is to hold the instances numbered `first` to `last`, with these items."""

    scope: int
    owner: int
    first: int
    last: int
    items: list[Value]


class ItemBegun(_Event, frozen=True):
    """The element instance is one of a loop's, by its number from 1, with variables of its own."""

    scope: int
    owner: int
    number: int
    values: dict[str, Value]


class ItemCollected(_Event, frozen=True):
    """What an instance gave to the output collection, by its number."""

    scope: int
    owner: int
    values: dict[str, Value]


class ItemsCounted(_Event, frozen=True):
    """So many instances of the loop have completed."""

    scope: int
    owner: int
    completed: int


class LoopEnded(_Event, frozen=True):
    """No further instance of the loop is begun."""

    scope: int
    owner: int


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
    | LoopBegun
    | ItemsGiven
    | ItemBegun
    | ItemCollected
    | ItemsCounted
    | LoopEnded
    | CallOpened
    | CallCompleted
    | CallCancelled
    | AdHocEnding
    | GatewayActivated
)
