"""Incidents: what failed is kept, and run again, with variables put right, when the incident is resolved."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.kernel import commands as c, events as e
from penstock.kernel.definition import Element, Value
from penstock.kernel.failures import Failure, Rejected
from penstock.kernel.items import given_to
from penstock.kernel.lifecycle import close_incident
from penstock.kernel.operating import open_elements, require_begun
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Incident, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import timer as timer_event
from penstock.kernel.variables import evaluate, propagate, visible


@dataclass(frozen=True, slots=True)
class _Resolution:
    """An incident that is to be resolved, and which of the values given are the element's own."""

    scope: Scope
    element: ElementInstance
    incident: Incident
    around: Scope
    """Where the others are set from: the scope that the element holds, or the one that holds it."""
    local: dict[str, Value]
    outer: dict[str, Value]


def raise_incident(
    step: Step, scope: Scope, element: ElementInstance, phase: Phase, failure: Failure, *, timer: int = 0
) -> None:
    """Keep that a phase of the element instance has failed, or that its `timer` could not be fired.

    An element instance has one incident at most: what fails on its own way takes the place of what it only
    waits for beside that, and this is looked at again when the incident is resolved.
    """
    if element.incident is not None:
        if phase is Phase.CHECK:
            return
        _set_aside(step, scope, element, element.incident)
    step.emit(
        e.IncidentRaised(
            scope.key,
            element.key,
            step.new_key(),
            element.element,
            phase,
            failure.type,
            failure.message,
            failure.detail,
            timer,
        )
    )


def _set_aside(step: Step, scope: Scope, element: ElementInstance, incident: Incident) -> None:
    close_incident(step, scope, element)
    if incident.phase is Phase.FIRE:
        timer_event.open_again(step, scope, element, incident.timer)


def resolve_incident(step: Step, command: c.ResolveIncident) -> None:
    """Resolve the incident: each value given is set where the element sees the variable of that name.

    Its input mappings are evaluated again, but for what is given itself.
    """
    require_begun(step)
    scope = step.instance.scope(command.scope)
    element = scope.elements.get(command.owner) if scope else None
    if scope is None or element is None:
        raise Rejected("not_found", f"element instance {command.owner} of '{step.instance.id}' has ended")
    if element.incident is None or element.incident.key != command.key:
        raise Rejected("not_found", "the incident is no longer open")
    _resolve(step, _decide(step, scope, element, element.incident, command.variables), command.retries)


def resolve_incidents(step: Step, command: c.ResolveIncidents) -> None:
    """Resolve every open incident of the instance, or none."""
    require_begun(step)
    decided = [
        _decide(step, scope, element, element.incident, command.variables)
        for scope, element in open_elements(step)
        if element.incident is not None
    ]
    if not decided:
        raise Rejected("conflict", f"process instance '{step.instance.id}' has no open incident")
    for resolution in decided:
        _resolve(step, resolution, command.retries)


def _decide(
    step: Step, scope: Scope, element: ElementInstance, incident: Incident, variables: dict[str, Value]
) -> _Resolution:
    """Settle where each value goes.

    Raises:
        Rejected: an input mapping has no value.
    """
    node = step.element(element.element)
    # What an open scope's owner had for its own has become the scope's.
    around = step.scope(element.key) if element.opened else scope
    own = {} if element.opened else {**(element.variables or {}), **(element.result or {})}
    local = {name: value for name, value in variables.items() if name in own}
    again = node.inputs and (node.listeners is None or not node.listeners.start)
    if incident.phase is Phase.ACTIVATE and again and (node.loop is None or element.number is not None):
        given = {**given_to(node, element), **variables}
        local = _inputs_again(step, scope, node, given, local)
    outer = {name: value for name, value in variables.items() if name not in local}
    return _Resolution(scope, element, incident, around, local, outer)


def _resolve(step: Step, it: _Resolution, retries: int | None) -> None:
    scope, owner = it.scope.key, it.element.key
    step.emit(e.IncidentResolved(scope, owner, it.incident.key, it.element.element, retries))
    if it.local:
        step.emit(e.VariablesSet(scope, owner, it.local))
    propagate(step, it.around, it.outer)
    if it.incident.phase is Phase.FIRE:
        timer_event.open_again(step, it.scope, it.element, it.incident.timer)
    else:
        step.plan(it.incident.phase, scope, owner)
    if it.element.subscriptions:
        # What its conditions would have said meanwhile has not been looked at.
        step.plan(Phase.CHECK, scope, owner)


def _inputs_again(
    step: Step, scope: Scope, node: Element, given: dict[str, Value], fixed: dict[str, Value]
) -> dict[str, Value]:
    """Give the element's own variables anew: the fixed ones, and the other mappings' values."""
    mappings = [mapping for mapping in node.inputs if mapping.target[0] not in fixed]
    try:
        return evaluate(mappings, visible(step.instance, scope, given), {}, step.now) | fixed
    except Failure as failure:
        raise Rejected(
            "invalid", f"an input mapping of '{node.id}' has no value: {failure.message}"
        ) from None
