"""The state of a process instance; `changes.apply` is the one place where it changes.

A scope (the process, a sub-process) is the unit of loading and saving: a step loads the scopes that it
touches and saves those that its events name. The key of a scope is the key of the element instance that
holds it; the process itself is scope 0.

Nothing in it refers back to what holds it, so the collector of cycles need not look at it (`gc=False`): a
large instance would cost more for each of its elements than a small one.

The stored form has a number, `FORMAT`. A release that changes it also brings the upgrade from the one before.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, MutableSequence
from enum import Enum

import msgspec

from penstock.kernel.commands import Caller
from penstock.kernel.definition import Value
from penstock.kernel.kept import Called, Kept as Kept
from penstock.kernel.phases import Phase, Planned
from penstock.kernel.work import ListenerEvent

FORMAT = 1
ROOT = 0


class InstanceState(Enum):
    NEW = "new"
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


class Job(msgspec.Struct, omit_defaults=True, gc=False):
    key: int
    retries: int
    """Tries that are left, this one included."""
    tries: int = 0
    """Tries that have failed."""


class UserTask(msgspec.Struct, omit_defaults=True, gc=False):
    key: int
    assignee: str | None = None
    candidate_users: list[str] = []
    candidate_groups: list[str] = []
    due_at: int | None = None
    follow_up_at: int | None = None
    priority: int = 50
    turns: int = 0
    """How many changes of it listeners have run before."""
    denied: str | None = None
    """Why one of them denied the last of these changes, where one did."""


class Listening(msgspec.Struct, omit_defaults=True, gc=False):
    """The listeners of one event run, one after the other; of an element's end, until it has ended."""

    event: ListenerEvent
    then: Phase
    """What follows the last of them."""
    index: int = 0
    """How many are done."""
    values: dict[str, Value] = {}
    """What an instance of a loop gives, or what completes the user task."""
    changes: dict[str, Value] = {}
    """What the user task is to be changed to."""
    what: str = ""
    """As in `ListenersBegun`."""


class Subscription(msgspec.Struct, omit_defaults=True, gc=False):
    """A wait for a message, a signal or a condition."""

    event: str
    """What it triggers: the element itself, a boundary event, or an event behind an event-based gateway."""
    index: int = 0
    """Which of that event's event definitions."""
    armed: bool = True
    """For a condition: whether it may be met."""
    name: str = ""
    """Of the message or signal."""
    correlation_key: str = ""


class Incident(msgspec.Struct, omit_defaults=True, gc=False):
    key: int
    phase: Phase
    timer: int = 0
    """The key of the timer that could not be fired, where that is what failed."""


class Loop(msgspec.Struct, omit_defaults=True, gc=False):
    """How far a loop or a multi-instance has come."""

    total: int | None
    completed: int = 0
    ended: bool = False
    due: list[tuple[int, int]] = []
    """The behavior events to be thrown next: the place of each, and how many instances had completed."""


class ElementInstance(msgspec.Struct, omit_defaults=True, gc=False):
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
    cycles: dict[int, str] | None = None
    """By the key of a timer, what is left of its cycle."""
    subscriptions: dict[int, Subscription] | None = None
    """By key, the messages, signals and conditions that it waits for."""
    gathered: dict[str, dict[str, Value]] | None = None
    """By event that needs each of several triggers, the values that have come with some of them."""
    armed: bool = False
    """For an event sub-process: whether it only waits for its start event, and is no work of its scope."""
    compensating: list[tuple[int, Kept]] | None = None
    """What it is yet to compensate, the last one first, each with the scope in which that is done."""
    gone: bool = False
    """For what compensates without waiting: whether its token has gone on, and it only sees to the rest."""
    compensates: tuple[int, int] | None = None
    """For what undoes an activity: the scope and the key of the element instance that asked for it."""
    call: int | None = None
    """For a call activity: the key of the call that it waits for."""
    called: Called | None = None
    """For a call activity: what may be compensated in the instance that it called, which has completed."""
    again: bool = False
    """For a call activity: whether it was complete before, and has what it called undone."""
    told: int = 0
    """For a call activity: the number of the last escalation that the called instance told."""
    loop: Loop | None = None
    """For an activity that is done several times: its instances are in its scope, or in that of its parts."""
    number: int | None = None
    """For one of a loop's instances: which it is, from 1."""
    queue: list[str] = []
    """For a sequential ad-hoc sub-process: the activities that it begins next, one after the other."""
    ending: bool = False
    """For an ad-hoc sub-process: whether nothing further may be begun in it."""
    listening: Listening | None = None
    """The listeners that hold it back, if any do."""
    part: bool = False
    """Whether it only holds some of the instances of a large multi-instance."""


class Scope(msgspec.Struct, omit_defaults=True, gc=False):
    """Where tokens move and variables live."""

    key: int
    parent: int | None = None
    """The scope that holds the owner; None for the process itself."""
    variables: MutableMapping[str, Value] = {}
    elements: dict[int, ElementInstance] = {}
    tokens: int = 0
    """How many tokens are on sequence flows, between two elements."""
    joins: dict[str, list[int]] = {}
    """By element, the keys of its element instances that wait for further tokens, the oldest first."""
    armed: int = 0
    """How many of its element instances are event sub-processes that only wait for their start event."""
    compensated: bool = False
    """For the process: whether its compensation event sub-process has been started."""
    interrupted: bool = False
    """Whether none of its event sub-processes may start any more."""
    kept: MutableSequence[Kept] = []
    """The activities in it that may be compensated, in the order of their completion."""
    apart: int = 0
    """How many of those are stored beside it."""
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
        return len(self.elements) == self.armed and self.tokens == 0


class ProcessInstance:
    """One run of a process definition: its header, and the scopes that have been loaded."""

    __slots__ = (
        "agenda",
        "business_key",
        "caller",
        "closed",
        "conditions",
        "correlation_key",
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
        self.correlation_key: str | None = None
        """Of the message that started it."""
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
        self.conditions: dict[int, tuple[int, int]] = {}
        """By the key of its subscription, the scope and owner of each condition that is waited for."""
        self.scopes: dict[int, Scope] = {}
        self.closed: set[int] = set()
        """Scopes that have been closed since the instance was loaded, which `load` may still find."""
        self.load = load
        """Gives a scope that has not been loaded yet, or None where there is none."""

    @property
    def root(self) -> str:
        """The id of the instance that nothing called, which is around all calls; its own where that is it."""
        return self.id if self.caller is None else self.caller.root or self.caller.instance

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
