"""Exclusive gateway (BPMN 13.4.2): the first outgoing flow whose condition is true takes the token."""

from __future__ import annotations

from penstock.kernel.definition import Element, Flow
from penstock.kernel.failures import Failure
from penstock.kernel.lifecycle import complete
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import seen_by


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Choose one flow and take it.

    Raises:
        Failure: a condition has no value, or none is true and there is no default flow.
    """
    flow = _choose(step, scope, element, node)
    complete(step, scope, element, node, flows=() if flow is None else (flow,))


def _choose(step: Step, scope: Scope, element: ElementInstance, node: Element) -> Flow | None:
    if not node.outgoing:
        return None
    variables = seen_by(step.instance, scope, element)
    for flow in node.outgoing:
        if flow is node.default:
            continue
        if flow.condition is None or flow.condition(variables, step.now) is True:
            return flow
    if node.default is None:
        texts = ", ".join(f"`{flow.condition.text}`" for flow in node.outgoing if flow.condition)
        raise Failure("condition", f"no condition of '{node.id}' is true and it has no default flow: {texts}")
    return node.default
