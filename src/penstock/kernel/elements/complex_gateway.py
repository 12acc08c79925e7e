"""Complex gateway (BPMN 13.4.5): it lets tokens through as soon as its activation condition is true.

It then waits for the tokens that can still come over its other incoming flows, as an inclusive join does, and
takes them: that is its reset, for which the conditions of its outgoing flows are asked again. They and the
activation condition see `activationCount`, the incoming flows with a token, and `waitingForStart`.

A flow without a condition, and the default flow, get their token with the activation alone, so that a gateway
with one such flow is the discriminator that the standard means it to be (10.6.5, WCP-9). One with a single
incoming flow has nothing to wait for: it only splits, as an inclusive gateway does.
"""

from __future__ import annotations

from collections import ChainMap

from penstock.kernel import events as e
from penstock.kernel.definition import Element, Value, Variables
from penstock.kernel.joins import join
from penstock.kernel.lifecycle import complete
from penstock.kernel.outgoing import chosen
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import visible


def arrive(step: Step, scope: Scope, node: Element, flow: str) -> None:
    """Take the token in; the gateway asks its condition unless it waits to be reset."""
    element = join(step, scope, node, flow)
    if scope.joins[node.id][0] == element.key and not element.activated and element.incident is None:
        step.plan(Phase.ACTIVATE, scope.key, element.key)


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Ask the activation condition, and let tokens through when it is true.

    Raises:
        Failure: a condition has no value, or it is to let a token through and no flow may be taken.
    """
    seen = _seen(step, scope, element)
    # Two tokens that came together are asked for twice.
    if element.activated or element.incident is not None:
        return
    if node.activation is None or node.activation(seen, step.now) is True:
        flows = chosen(node, seen, step.now)
        step.emit(e.GatewayActivated(scope.key, element.key, node.id))
        for flow in flows:
            step.emit(e.FlowTaken(scope.key, flow.id))
            step.plan(Phase.ARRIVE, scope.key, 0, flow.id)


def reset(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Take the tokens that came after the activation, and begin again.

    Raises:
        Failure: a condition has no value.
    """
    seen = _seen(step, scope, element)
    asked = node.outgoing if len(node.incoming) > 1 else ()
    true = [it for it in asked if it.condition is not None and it.condition(seen, step.now) is True]
    complete(step, scope, element, node, flows=[it for it in true if it is not node.default])
    if waiting := scope.joins.get(node.id):
        step.plan(Phase.ACTIVATE, scope.key, waiting[0])


def _seen(step: Step, scope: Scope, element: ElementInstance) -> Variables:
    counted: dict[str, Value] = {
        "activationCount": len(element.arrived or ()),
        "waitingForStart": not element.activated,
    }
    return ChainMap(counted, visible(step.instance, scope))  # type: ignore[arg-type]
