"""An event happens: what becomes of whoever waited for it, whatever the event's trigger is (BPMN 13.5).

A catching event or a receive task goes on, an event on a boundary interrupts its activity or not, the start
event of an event sub-process its scope, and of the events behind an event-based gateway the first one decides
(13.4.4).
"""

from __future__ import annotations

from typing import Final

from penstock.kernel import events as e
from penstock.kernel.definition import Element, Kind, MultipleTrigger, Value
from penstock.kernel.lifecycle import interrupt, stop_listening
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step

_AROUND: Final = (Kind.BOUNDARY_EVENT, Kind.START_EVENT)
"""The events that whoever waits for them does not go on by, but is interrupted by or not."""


def happen(
    step: Step, scope: Scope, element: ElementInstance, event: Element, values: dict[str, Value]
) -> None:
    """Let `event` happen, for which the element instance waited; `values` are what came with it."""
    if event.id == element.element:
        _go_on(step, scope, element, event, values)
    elif event.kind in _AROUND:
        _trigger(step, scope, interrupt(step, scope, element, event), values)
    else:
        _choose(step, scope, element, event, values)


def again(event: Element) -> bool:
    """Whether the event is waited for again after it has happened: it did not interrupt anything."""
    return event.kind in _AROUND and not event.interrupting


def _go_on(
    step: Step, scope: Scope, element: ElementInstance, event: Element, values: dict[str, Value]
) -> None:
    _trigger(step, scope, element.key, values)
    parallel = isinstance(event.trigger, MultipleTrigger) and event.trigger.parallel
    if parallel and (element.timers or element.subscriptions):
        return
    # What comes before the phase is run is for others.
    stop_listening(step, scope, element)
    _close_incident(step, scope, element)
    step.plan(Phase.COMPLETE, scope.key, element.key)


def _choose(
    step: Step, scope: Scope, gateway: ElementInstance, event: Element, values: dict[str, Value]
) -> None:
    """Complete the gateway by the flow to the event, which has happened already."""
    stop_listening(step, scope, gateway)
    _close_incident(step, scope, gateway)
    flow = next(flow for flow in step.element(gateway.element).outgoing if flow.target == event.id)
    step.emit(e.ElementCompleted(scope.key, gateway.key, gateway.element, gateway.since))
    step.emit(e.FlowTaken(scope.key, flow.id))
    enter_triggered(step, scope, event, values, flow.id)


def enter_triggered(
    step: Step, scope: Scope, event: Element, values: dict[str, Value], flow: str | None = None
) -> None:
    """Make an instance of an event or a receive task that has been triggered, so that it only completes."""
    owner = step.new_key()
    step.emit(e.ElementEntered(scope.key, owner, event.id, flow))
    _trigger(step, scope, owner, values)
    step.plan(Phase.COMPLETE, scope.key, owner)


def _close_incident(step: Step, scope: Scope, element: ElementInstance) -> None:
    """Close the incident of one of its conditions, where the element goes on without it."""
    if element.incident is not None:
        incident = element.incident.key
        step.emit(e.IncidentResolved(scope.key, element.key, incident, element.element, None))


def _trigger(step: Step, scope: Scope, owner: int, values: dict[str, Value]) -> None:
    if values:
        step.emit(e.EventTriggered(scope.key, owner, values))
