"""Who catches what is thrown in a process: the way outwards that errors and escalations take (BPMN 10.5.7).

On each level an event on the boundary of the activity goes first, then the event sub-processes beside it. An
event sub-process does not catch what is thrown in itself, and one that has interrupted its scope has been the
last to start there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from penstock.kernel.definition import Element, ErrorTrigger, EscalationTrigger, each_of
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step

Kind = type[ErrorTrigger] | type[EscalationTrigger]


@dataclass(frozen=True, slots=True)
class Catcher:
    """The event that catches, and the activity around which it was found."""

    scope: Scope
    host: ElementInstance
    event: Element
    """A boundary event of the activity, or the start event of an event sub-process in the scope."""


def find_catcher(step: Step, scope: Scope, element: ElementInstance, kind: Kind, code: str) -> Catcher | None:
    """Find the innermost event that catches the code, from the element outwards.

    On one level an event that names the code goes before one that catches every code.
    """
    host = element
    while True:
        node = step.element(host.element)
        event = _first(map(step.element, node.boundary), kind, code)
        if event is None and not scope.interrupted:
            event = _first(_starts_beside(step, scope, node), kind, code)
        if event is not None:
            return Catcher(scope, host, event)
        if scope.parent is None:
            return None
        owner = scope.key
        scope = step.scope(scope.parent)
        host = scope.elements[owner]


def _first(events: Iterable[Element], kind: Kind, code: str) -> Element | None:
    every: Element | None = None
    for event in events:
        for trigger in each_of(event.trigger):
            if not isinstance(trigger, kind):
                continue
            if trigger.code == code:
                return event
            if trigger.code is None:
                every = every or event
    return every


def _starts_beside(step: Step, scope: Scope, node: Element) -> Iterable[Element]:
    """Give the start events of the scope's event sub-processes, but for the one that the node itself is."""
    for id in event_sub_processes_of(step, scope):
        start = step.element(id).start
        if id != node.id and start is not None:
            yield step.element(start)


def event_sub_processes_of(step: Step, scope: Scope) -> tuple[str, ...]:
    """Give the ids of the event sub-processes directly in the scope."""
    if scope.parent is None:
        return step.definition.event_sub_processes
    return step.element(step.scope(scope.parent).elements[scope.key].element).event_sub_processes
