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
from penstock.kernel.definition import Value
from penstock.kernel.phases import Phase, Planned

FORMAT = 1
ROOT = 0


class InstanceState(Enum):
    NEW = "new"
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


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


class Kept(msgspec.Struct, omit_defaults=True):
    """An activity that was completed and may be compensated."""

    key: int
    """The key of its element instance."""
    element: str
    values: dict[str, Value] = {}
    """What it had for its own when it was completed: its inputs and its result, or its scope's variables."""
    inner: list[Kept] = []
    """For a scope: what was completed in it, the oldest first."""


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
    retries: int | None = None
    """For a job task whose incident was resolved: the tries granted to its next job."""
    incident: Incident | None = None
    opened: bool = False
    """Whether it holds a scope of its own."""
    armed: bool = False
    """For an event sub-process: whether it only waits for its start event, and is no work of its scope."""
    compensating: list[tuple[int, Kept]] | None = None
    """What it is yet to compensate, the last one first, each with the scope in which that is done."""
    compensates: tuple[int, int] | None = None
    """For what undoes an activity: the scope and the key of the element instance that asked for it."""


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
    armed: int = 0
    """How many of its element instances are event sub-processes that only wait for their start event."""
    interrupted: bool = False
    """Whether none of its event sub-processes may start any more."""
    kept: list[Kept] = []
    """The activities in it that may be compensated, in the order of their completion."""

    @property
    def done(self) -> bool:
        """Whether nothing is left in it that could go on."""
        return len(self.elements) == self.armed and self.tokens == 0


class ProcessInstance:
    """One run of a process definition: its header, and the scopes that have been loaded."""

    __slots__ = (
        "agenda",
        "business_key",
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
        case e.InstanceStarted(_, values, business_key):
            instance.state = InstanceState.ACTIVE
            instance.started_at = now
            instance.business_key = business_key
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
        case _ if type(event) in _EXCEPTIONAL:
            _apply_exceptional(instance, event)
        case _ if type(event) in _OPERATING:
            _apply_operating(instance, event)
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
            element = instance.scopes[key].elements[owner]
            element.opened, element.result = True, None
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
            raise AssertionError(f"no rule for {event!r}")


_EXCEPTIONAL = {
    e.EventSubProcessArmed,
    e.EventSubProcessDisarmed,
    e.ScopeInterrupted,
    e.EscalationThrown,
    e.EscalationCaught,
    e.CompensationKept,
    e.CompensationThrown,
    e.CompensationReleased,
    e.CompensationTaken,
    e.CompensationStarted,
    e.TransactionCancelled,
}


def _apply_exceptional(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.EventSubProcessArmed(key, owner, element):
            scope = instance.scopes[key]
            scope.elements[owner] = ElementInstance(owner, element, 0, armed=True)
            scope.armed += 1
            instance.next_key = owner + 1
        case e.EventSubProcessDisarmed(key, owner):
            scope = instance.scopes[key]
            del scope.elements[owner]
            scope.armed -= 1
        case e.ScopeInterrupted(key):
            instance.scopes[key].interrupted = True
        case e.EscalationCaught(key, owner, code):
            instance.scopes[key].elements[owner].variables = {"escalation": {"code": code}}
        case e.EscalationThrown() | e.TransactionCancelled():
            pass
        case _:
            _apply_compensation(instance, event)


def _apply_compensation(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.CompensationKept(key, owner, of, values):
            inner = instance.scopes.get(owner)
            kept = Kept(owner, of, values, [] if inner is None else inner.kept)
            instance.scopes[key].kept.append(kept)
        case e.CompensationThrown(key, owner):
            instance.scopes[key].elements[owner].compensating = []
        case e.CompensationReleased(key, by_scope, by, activity):
            scope, element = instance.scopes[key], instance.scopes[by_scope].elements[by]
            released = [(key, it) for it in scope.kept if activity in (None, it.element)]
            scope.kept = [it for it in scope.kept if activity not in (None, it.element)]
            element.compensating = [*(element.compensating or ()), *released]
        case e.CompensationTaken(key, owner):
            element = instance.scopes[key].elements[owner]
            element.compensating = (element.compensating or [])[:-1]
        case e.CompensationStarted(key, owner, _, by_scope, by, whole):
            _, kept = (instance.scopes[by_scope].elements[by].compensating or [])[-1]
            element = instance.scopes[key].elements[owner]
            element.compensates = (by_scope, by)
            if not element.opened:
                element.variables = kept.values
            elif whole:
                element.compensating, instance.scopes[owner].kept = [], kept.inner
            else:
                element.compensating = [(owner, it) for it in kept.inner]
        case _:
            raise AssertionError(f"no rule for {event!r}")


_OPERATING = {
    e.InstanceSuspended,
    e.InstanceResumed,
    e.InstanceModified,
    e.InstanceMigrated,
    e.ElementMigrated,
    e.KeptMigrated,
}


def _apply_operating(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.InstanceSuspended():
            instance.state = InstanceState.SUSPENDED
        case e.InstanceResumed():
            instance.state = InstanceState.ACTIVE
        case e.InstanceModified():
            pass
        case e.InstanceMigrated(definition):
            instance.definition = definition
        case e.ElementMigrated(key, owner, now_of, previous, keys, arrived):
            scope = instance.scopes[key]
            element = scope.elements[owner]
            element.element, element.arrived = now_of, arrived
            element.timers = {it: keys[it] for it in element.timers or ()} or None
            if owner in scope.joins.get(previous, ()):
                _leave_join(scope, previous, owner)
                scope.joins.setdefault(now_of, []).append(owner)
        case e.KeptMigrated(key, mapping):
            for kept in instance.scopes[key].kept:
                _rename(kept, mapping)
        case _:
            raise AssertionError(f"no rule for {event!r}")


def _rename(kept: Kept, mapping: dict[str, str]) -> None:
    kept.element = mapping.get(kept.element, kept.element)
    for inner in kept.inner:
        _rename(inner, mapping)
