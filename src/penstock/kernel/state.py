"""The state of a process instance, and `apply`, the one place where it changes.

A scope (the process, a sub-process) is the unit of loading and saving: a step loads the scopes that it
touches and saves those that its events name. The key of a scope is the key of the element instance that
holds it; the process itself is scope 0.

The stored form has a number, `FORMAT`. A release that changes it also brings the upgrade from the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import msgspec

from penstock.kernel import events as e
from penstock.kernel.commands import Caller
from penstock.kernel.definition import Value
from penstock.kernel.phases import Phase, Planned

FORMAT = 1
ROOT = 0


class InstanceState(Enum):
    NEW = "new"
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Job(msgspec.Struct, omit_defaults=True):
    key: int
    retries: int
    """Tries that are left, this one included."""
    tries: int = 0
    """Tries that have failed."""


class UserTask(msgspec.Struct, omit_defaults=True):
    key: int
    assignee: str | None = None


class Incident(msgspec.Struct, omit_defaults=True):
    key: int
    phase: Phase


class Loop(msgspec.Struct, omit_defaults=True):
    """How far a loop or a multi-instance has come."""

    total: int | None
    completed: int = 0
    ended: bool = False


class ElementInstance(msgspec.Struct, omit_defaults=True):
    """One activation of an element: it lives from its token's arrival until it completes or is cancelled."""

    key: int
    element: str
    since: int
    """When it was entered, in epoch milliseconds."""
    variables: dict[str, Value] | None = None
    """Its own variables: what its input mappings gave."""
    result: dict[str, Value] | None = None
    """What its job, task or trigger gave, before the output mappings."""
    job: Job | None = None
    task: UserTask | None = None
    timers: dict[int, str] | None = None
    """By key, the event that each triggers: the element itself, or a boundary event on it."""
    arrived: list[str] | None = None
    """For a join that waits: the sequence flows over which a token has come."""
    activated: bool = False
    """For a complex gateway: whether its condition has been true, and it waits for the other tokens."""
    retries: int | None = None
    """For a job task whose incident was resolved: the tries granted to its next job."""
    incident: Incident | None = None
    opened: bool = False
    """Whether it holds a scope of its own."""
    call: int | None = None
    """For a call activity: the key of the call that it waits for."""
    loop: Loop | None = None
    """For an activity that is done several times: its instances are in its scope, or in that of its parts."""
    number: int | None = None
    """For one of a loop's instances: which it is, from 1."""
    ending: bool = False
    """For an ad-hoc sub-process: whether nothing further may be begun in it."""
    part: bool = False
    """Whether it only holds some of the instances of a large multi-instance."""


class Scope(msgspec.Struct, omit_defaults=True):
    """Where tokens move and variables live."""

    key: int
    parent: int | None = None
    """The scope that holds the owner; None for the process itself."""
    variables: dict[str, Value] = {}
    elements: dict[int, ElementInstance] = {}
    tokens: int = 0
    """How many tokens are on sequence flows, between two elements."""
    joins: dict[str, list[int]] = {}
    """By element, the keys of its element instances that wait for further tokens, the oldest first."""
    next: int = 0
    """The number of the next instance of a loop to be begun in it."""
    last: int = 0
    """The number of the last one."""
    size: int = 0
    """How many instances of a loop it is for."""
    items: list[Value] | None = None
    """The items of those that are yet to be begun."""
    collected: dict[str, Value] | None = None
    """By their numbers, what those that have completed gave to the output collection."""

    @property
    def done(self) -> bool:
        """Whether nothing is left in it that could go on."""
        return not self.elements and self.tokens == 0


class ProcessInstance:
    """One run of a process definition: its header, and the scopes that have been loaded."""

    __slots__ = (
        "agenda",
        "business_key",
        "caller",
        "closed",
        "definition",
        "ended_at",
        "id",
        "incidents",
        "jobs",
        "load",
        "next_key",
        "scopes",
        "started_at",
        "state",
        "steps",
    )

    def __init__(
        self, id: str, definition: str, load: Callable[[int], Scope | None] = lambda _key: None
    ) -> None:
        self.id = id
        self.definition = definition
        """The key of its process definition."""
        self.state = InstanceState.NEW
        self.business_key: str | None = None
        self.caller: Caller | None = None
        """The call activity that waits for it, where it was called."""
        self.started_at: int = 0
        self.ended_at: int | None = None
        self.next_key = 1
        self.incidents = 0
        """How many incidents are open."""
        self.jobs = 0
        """How many jobs are open and may be worked on."""
        self.steps = 0
        """Steps since somebody outside last acted; bounded, so that a loop without a wait ends."""
        self.agenda: list[Planned] = []
        """What a command left planned when it had done as many steps as one transaction may."""
        self.scopes: dict[int, Scope] = {}
        self.closed: set[int] = set()
        """Scopes that have been closed since the instance was loaded, which `load` may still find."""
        self.load = load
        """Gives a scope that has not been loaded yet, or None where there is none."""

    def scope(self, key: int) -> Scope | None:
        """Give the scope, loading it where needed; None when it is closed or never was."""
        scope = self.scopes.get(key)
        if scope is None and key not in self.closed and (scope := self.load(key)) is not None:
            self.scopes[key] = scope
        return scope

    def find(self, scope: int, owner: int) -> ElementInstance | None:
        """Give an element instance, None when it is gone."""
        found = self.scope(scope)
        return None if found is None else found.elements.get(owner)


def apply(instance: ProcessInstance, event: e.Event, now: int) -> None:
    """Change the state by one event that happened at `now` (epoch milliseconds).

    Only a scope that is open is ever named by an event; a KeyError here is a fault of the kernel.
    """
    match event:
        case e.ElementEntered(key, owner, element, flow):
            scope = instance.scopes[key]
            scope.elements[owner] = ElementInstance(owner, element, now)
            if flow is not None:
                scope.tokens -= 1
            instance.next_key = owner + 1
        case e.ElementCompleted(key, owner) | e.ElementCancelled(key, owner):
            scope = instance.scopes[key]
            if scope.elements.pop(owner).arrived is not None:
                _leave_join(scope, event.element, owner)
        case e.FlowTaken(key):
            instance.scopes[key].tokens += 1
        case e.VariablesSet(key, None, values):
            instance.scopes[key].variables.update(values)
        case e.InstanceStarted(_, values, business_key, caller):
            instance.state = InstanceState.ACTIVE
            instance.started_at = now
            instance.business_key, instance.caller = business_key, caller
            instance.scopes[ROOT] = Scope(ROOT, None, dict(values), {}, 0)
        case e.InstanceCompleted():
            _end(instance, InstanceState.COMPLETED, now)
        case e.InstanceCancelled():
            _end(instance, InstanceState.CANCELLED, now)
        case e.InstanceDeferred(agenda, steps):
            instance.agenda, instance.steps = agenda, steps
        case e.InstanceContinued(steps):
            instance.agenda, instance.steps = [], steps
        case e.FlowJoined() | e.FlowsDropped() | e.ScopeOpened() | e.ScopeClosed() | e.VariablesSet():
            _apply_to_scope(instance, event)
        case _:
            _apply_to_element(instance, event)


def _end(instance: ProcessInstance, state: InstanceState, now: int) -> None:
    instance.state = state
    instance.ended_at = now
    instance.agenda, instance.steps = [], 0


def _leave_join(scope: Scope, element: str, owner: int) -> None:
    scope.joins[element].remove(owner)
    if not scope.joins[element]:
        del scope.joins[element]


def _apply_to_scope(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.FlowJoined(key, owner, flow):
            scope = instance.scopes[key]
            scope.tokens -= 1
            element = scope.elements[owner]
            if element.arrived is None:
                scope.joins.setdefault(element.element, []).append(owner)
            element.arrived = [*(element.arrived or ()), flow]
        case e.FlowsDropped(key):
            instance.scopes[key].tokens = 0
        case e.ScopeOpened(key, owner, _, values):
            instance.scopes[key].elements[owner].opened = True
            instance.scopes[owner] = Scope(owner, key, dict(values), {}, 0)
        case e.ScopeClosed(key, owner):
            instance.scopes[key].elements[owner].opened = False
            instance.scopes.pop(owner, None)
            instance.closed.add(owner)
        case e.VariablesSet(key, int(owner), values):
            element = instance.scopes[key].elements[owner]
            element.variables = {**(element.variables or {}), **values}
            if element.result:
                again = {name: values[name] for name in values if name in element.result}
                element.result = {**element.result, **again}
        case _:
            raise AssertionError(f"no rule for {event!r}")


def _apply_to_loop(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.LoopBegun(key, owner, _, total):
            instance.scopes[key].elements[owner].loop = Loop(total)
        case e.ItemsGiven(key, owner, first, last, items):
            inner = instance.scopes[owner]
            inner.next, inner.last, inner.size, inner.items = (
                first,
                last,
                last - first + 1,
                list(items) or None,
            )
            element = instance.scopes[key].elements[owner]
            element.part = element.loop is None
        case e.ItemBegun(key, owner, number, values):
            scope = instance.scopes[key]
            scope.elements[owner].number, scope.elements[owner].variables = number, values
            scope.next = number + 1
            if scope.items:
                del scope.items[0]
        case e.ItemCollected(key, _, values):
            scope = instance.scopes[key]
            scope.collected = {**(scope.collected or {}), **values}
        case e.ItemsCounted(key, owner, completed):
            loop = instance.scopes[key].elements[owner].loop
            assert loop is not None
            loop.completed = completed
        case e.LoopEnded(key, owner):
            loop = instance.scopes[key].elements[owner].loop
            assert loop is not None
            loop.ended = True
        case _:
            raise AssertionError(f"no rule for {event!r}")


def _apply_to_element(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.JobOpened(key, owner, job, _, _, retries):
            instance.scopes[key].elements[owner].job = Job(job, retries)
            instance.jobs += 1
            instance.next_key = job + 1
        case e.JobCompleted(key, owner, _, values):
            element = instance.scopes[key].elements[owner]
            element.job, element.result = None, values
            instance.jobs -= 1
        case e.JobFailed(key, owner, job, retries, tries, due):
            element = instance.scopes[key].elements[owner]
            element.job = None if due is None else Job(job, retries, tries)
            instance.jobs -= due is None
        case e.JobCancelled(key, owner):
            instance.scopes[key].elements[owner].job = None
            instance.jobs -= 1
        case e.UserTaskOpened(key, owner, task, _, _, assignee):
            instance.scopes[key].elements[owner].task = UserTask(task, assignee)
            instance.next_key = task + 1
        case e.UserTaskAssigned(key, owner, task, assignee):
            instance.scopes[key].elements[owner].task = UserTask(task, assignee)
        case e.UserTaskCompleted(key, owner, _, values):
            element = instance.scopes[key].elements[owner]
            element.task, element.result = None, values
        case e.UserTaskCancelled(key, owner):
            instance.scopes[key].elements[owner].task = None
        case e.TimerOpened(key, owner, timer, of):
            element = instance.scopes[key].elements[owner]
            element.timers = {**(element.timers or {}), timer: of}
            instance.next_key = timer + 1
        case e.TimerFired(key, owner, timer) | e.TimerCancelled(key, owner, timer):
            element = instance.scopes[key].elements[owner]
            rest = {k: v for k, v in (element.timers or {}).items() if k != timer}
            element.timers = rest or None
        case e.GatewayActivated(key, owner):
            instance.scopes[key].elements[owner].activated = True
        case e.AdHocEnding(key, owner):
            instance.scopes[key].elements[owner].ending = True
        case e.CallOpened(key, owner, call):
            instance.scopes[key].elements[owner].call = call
            instance.next_key = call + 1
        case e.CallCompleted(key, owner, _, values):
            element = instance.scopes[key].elements[owner]
            element.call, element.result = None, values
        case e.CallCancelled(key, owner):
            instance.scopes[key].elements[owner].call = None
        case e.ErrorThrown():
            pass
        case e.ErrorCaught(key, owner, code, message, values):
            element = instance.scopes[key].elements[owner]
            element.variables = {"error": {"code": code, "message": message}}
            element.result = values
        case e.IncidentRaised(key, owner, incident, _, phase):
            instance.scopes[key].elements[owner].incident = Incident(incident, phase)
            instance.incidents += 1
            instance.next_key = incident + 1
        case e.IncidentResolved(key, owner, _, _, retries):
            element = instance.scopes[key].elements[owner]
            element.incident, element.retries = None, retries
            instance.incidents -= 1
        case _:
            _apply_to_loop(instance, event)
