"""Parallel gateway (BPMN 13.4.1): it waits for a token on each incoming flow, then takes every outgoing one.

Each activation uses one token of each flow. A second token on a flow whose first still waits is kept for the
next activation, as an element instance of its own.
"""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import Element
from penstock.kernel.lifecycle import complete, enter
from penstock.kernel.state import Scope
from penstock.kernel.step import Step


def arrive(step: Step, scope: Scope, node: Element, flow: str) -> None:
    """Let the token wait for those that are missing, or complete the gateway with it."""
    if len(node.incoming) < 2:
        enter(step, scope, node, flow)
        return
    owner = _waiting_for(scope, node.id, flow)
    if owner is None:
        owner = step.new_key()
        step.emit(e.ElementEntered(scope.key, owner, node.id, None))
    step.emit(e.FlowJoined(scope.key, owner, flow))
    element = scope.elements[owner]
    if element.arrived is not None and len(element.arrived) == len(node.incoming):
        complete(step, scope, element, node)


def _waiting_for(scope: Scope, node: str, flow: str) -> int | None:
    """Give the oldest activation that still lacks a token on the flow."""
    for owner in scope.joins.get(node, ()):
        if flow not in (scope.elements[owner].arrived or ()):
            return owner
    return None
