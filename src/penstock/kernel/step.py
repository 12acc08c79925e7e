"""One command's work in progress: the events so far, what is planned, and the few verbs under all others."""

from __future__ import annotations

from collections import deque
from typing import Final

from penstock.kernel.changes import apply
from penstock.kernel.decisions import NO_DECISIONS, Decisions
from penstock.kernel.definition import Element, ProcessDefinition
from penstock.kernel.effects import Effect
from penstock.kernel.events import Event
from penstock.kernel.phases import Phase, Planned
from penstock.kernel.state import ProcessInstance, Scope

_NONE: Final[frozenset[int]] = frozenset()


class Step:
    """What a behaviour works with: it reads the state, emits events and plans phases."""

    __slots__ = (
        "agenda",
        "decisions",
        "definition",
        "effects",
        "events",
        "instance",
        "looked",
        "now",
        "target",
        "touched",
    )

    def __init__(
        self,
        definition: ProcessDefinition,
        instance: ProcessInstance,
        now: int,
        target: ProcessDefinition | None = None,
        decisions: Decisions = NO_DECISIONS,
    ) -> None:
        self.definition = definition
        self.target = target
        """The other definition, of a migration."""
        self.instance = instance
        self.now = now
        self.decisions = decisions
        self.events: list[Event] = []
        self.effects: list[Effect] = []
        self.agenda: deque[Planned] = deque()
        self.touched: frozenset[int] = _NONE
        """The scopes whose inclusive joins are yet to be looked at."""
        self.looked = 0
        """How many of the events have been gone through for `touched`."""

    def emit(self, event: Event) -> None:
        """Let the event happen: the state changes at once."""
        self.events.append(event)
        apply(self.instance, event, self.now)

    def new_key(self) -> int:
        """Give the next free key of the instance; the event that uses it moves the counter on."""
        return self.instance.next_key

    def plan(self, phase: Phase, scope: int, owner: int, flow: str = "") -> None:
        """Put a phase at the end of the agenda; it is skipped if its element instance is gone by then."""
        self.agenda.append((phase, scope, owner, flow))

    def element(self, id: str) -> Element:
        """Give the element of the definition."""
        return self.definition.elements[id]

    def scope(self, key: int) -> Scope:
        """Give a scope that must be open."""
        scope = self.instance.scope(key)
        assert scope is not None, f"scope {key} of instance {self.instance.id} is not open"
        return scope
