"""Intermediate catch events and receive tasks (BPMN 13.5.2, 13.3.3): the token waits for the trigger."""

from __future__ import annotations

from penstock.kernel.definition import Element, LinkTrigger
from penstock.kernel.lifecycle import complete
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import listening
from penstock.kernel.variables import seen_by


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Wait for the trigger; a timer is due at once where its moment has passed.

    The target of a link waits for nothing: its token has come over the link (BPMN 10.5.5).

    Raises:
        Failure: the date, the name or the correlation key has no value.
    """
    if isinstance(node.trigger, LinkTrigger):
        complete(step, scope, element, node)
        return
    openings = listening.decide(step, (node,), seen_by(step.instance, scope, element))
    assert openings, f"'{node.id}' has no trigger to wait for"
    listening.open(step, scope, element, openings)
