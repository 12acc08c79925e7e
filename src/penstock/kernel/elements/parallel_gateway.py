"""Parallel gateway (BPMN 13.4.1): it waits for a token on every incoming flow, then takes all outgoing."""

from __future__ import annotations

from penstock.kernel.definition import Element
from penstock.kernel.joins import join, let_in
from penstock.kernel.lifecycle import complete, enter
from penstock.kernel.state import Scope
from penstock.kernel.step import Step


def arrive(step: Step, scope: Scope, node: Element, flow: str) -> None:
    """Let the token wait for those that are missing, or complete the gateway with it."""
    if len(node.incoming) < 2:
        enter(step, scope, node, flow)
        return
    element = join(step, scope, node, flow)
    if element.arrived is not None and len(element.arrived) == len(node.incoming):
        if node.listeners is None:
            complete(step, scope, element, node)
        else:
            let_in(step, scope, element)
