"""Event-based gateway (BPMN 13.4.4): the event behind it that happens first decides which flow is taken."""

from __future__ import annotations

from penstock.kernel.definition import Element
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import listening
from penstock.kernel.variables import seen_by


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Wait for each of the events behind the gateway.

    Raises:
        Failure: a date, a name or a correlation key has no value.
    """
    events = [step.element(flow.target) for flow in node.outgoing]
    openings = listening.decide(step, events, seen_by(step.instance, scope, element))
    assert openings, f"nothing behind '{node.id}' can be waited for"
    listening.open(step, scope, element, openings)
