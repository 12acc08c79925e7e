"""Intermediate throw events (BPMN 13.5.3): the token throws what the event says, then goes on."""

from __future__ import annotations

from penstock.kernel.definition import CompensateTrigger, Element, EscalationTrigger
from penstock.kernel.lifecycle import complete
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import compensation, escalation


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Throw, and complete at once or when what was thrown is done.

    Raises:
        Failure: an output mapping has no value.
    """
    match node.trigger:
        case EscalationTrigger() as trigger:
            escalation.throw(step, scope, element, trigger)
        case CompensateTrigger() as trigger:
            compensation.throw(step, scope, element, node, trigger)
        case _:
            complete(step, scope, element, node)
