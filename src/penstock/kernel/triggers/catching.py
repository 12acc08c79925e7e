"""Who catches what is thrown in a process: the way outwards that errors and escalations take (BPMN 10.5.7).

On each level an event on the boundary of the activity goes first, then the event sub-processes beside it. An
event sub-process does not catch what is thrown in itself, and one that has interrupted its scope has been the
last to start there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from penstock.kernel.definition import Element, ErrorTrigger, EscalationTrigger, triggers_of
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
    for at, host, events in _outwards(step, scope, element):
        event = _first(events, kind, code)
        if event is not None:
            return Catcher(at, host, event)
    return None


def codes_around(
    step: Step, scope: Scope, element: ElementInstance, kind: Kind
) -> Iterator[tuple[str | None, Element]]:
    """Give the codes that events around the element catch, and the events; None stands for every code.

    They come in the order in which they catch: an event that names the code goes first on its level.
    """
    for _, _, events in _outwards(step, scope, element):
        found = [
            (trigger.code, event)
            for event in events
            for trigger in triggers_of(event)
            if isinstance(trigger, kind)
        ]
        yield from sorted(found, key=lambda it: it[0] is None)


def _outwards(
    step: Step, scope: Scope, host: ElementInstance
) -> Iterator[tuple[Scope, ElementInstance, list[Element]]]:
    """Give what is around the element, level by level: each activity, and the events that may catch there."""
    while True:
        node = step.element(host.element)
        if host.number is None and not host.part:  # of a loop, the whole has the boundary events
            yield scope, host, list(map(step.element, node.boundary))
        if not scope.interrupted:
            yield scope, host, list(_starts_beside(step, scope, node))
        if scope.parent is None:
            return
        owner = scope.key
        scope = step.scope(scope.parent)
        host = scope.elements[owner]


def _first(events: Iterable[Element], kind: Kind, code: str) -> Element | None:
    every: Element | None = None
    for event in events:
        codes = [trigger.code for trigger in triggers_of(event) if isinstance(trigger, kind)]
        if code in codes:
            return event
        if None in codes:
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
    holder = step.scope(scope.parent).elements[scope.key]
    if holder.loop is not None or holder.part:
        return ()  # each of its instances has them
    return step.element(holder.element).event_sub_processes
