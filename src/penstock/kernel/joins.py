"""Where tokens wait for each other: at gateways that join (BPMN 13.4), and before activities (13.3.2).

Each activation of a gateway uses one token of a flow. A second token on a flow whose first still waits is
kept for the next activation, as an element instance of its own. An activity takes tokens from any flow.
"""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import Element
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def join(step: Step, scope: Scope, node: Element, flow: str, *, failed: bool = True) -> ElementInstance:
    """Take the token on the flow into the oldest activation that lacks one, or into a new activation.

    Arguments:
        failed: whether an activation with an open incident still takes tokens in.

    Returns:
        The activation.
    """
    owner = _lacking(scope, node.id, flow, failed=failed)
    if owner is None:
        owner = step.new_key()
        step.emit(e.ElementEntered(scope.key, owner, node.id, None))
    step.emit(e.FlowJoined(scope.key, owner, flow))
    return scope.elements[owner]


def gather(step: Step, scope: Scope, node: Element, flow: str) -> ElementInstance | None:
    """Take the token on the flow to those that wait for the activity's start quantity.

    Returns:
        The element instance that has as many as it takes to begin; None where it waits for more.
    """
    waiting = scope.joins.get(node.id)
    if waiting is None:
        owner = step.new_key()
        step.emit(e.ElementEntered(scope.key, owner, node.id, None))
    else:
        owner = waiting[0]
    step.emit(e.FlowJoined(scope.key, owner, flow))
    element = scope.elements[owner]
    if len(element.arrived or ()) < node.start_quantity:
        return None
    step.emit(e.TokensGathered(scope.key, owner, node.id))
    return element


def let_in(step: Step, scope: Scope, element: ElementInstance) -> None:
    """Let a gateway that has all its tokens be entered, and its listeners run; it joins no more."""
    step.emit(e.TokensGathered(scope.key, element.key, element.element))
    step.plan(Phase.ENTER, scope.key, element.key)


def _lacking(scope: Scope, node: str, flow: str, *, failed: bool) -> int | None:
    for owner in scope.joins.get(node, ()):
        element = scope.elements[owner]
        if (failed or element.incident is None) and flow not in (element.arrived or ()):
            return owner
    return None
