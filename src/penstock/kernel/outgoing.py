"""Which outgoing flows an element takes when conditions decide (BPMN 8.4.13, 13.3.1, 13.4.3).

A flow without a condition is always taken, one with a condition where that is true, and the default flow
where none of the conditions is.
"""

from __future__ import annotations

from penstock.kernel.definition import Element, Flow, Variables
from penstock.kernel.failures import Failure


def chosen(node: Element, variables: Variables, now: int) -> list[Flow]:
    """Give the outgoing flows that are taken, in the order of the file.

    Raises:
        Failure: a condition has no value, or no flow may be taken.
    """
    taken = allowed(node, variables, now)
    if not taken and node.outgoing:
        texts = ", ".join(f"`{flow.condition.text}`" for flow in node.outgoing if flow.condition)
        raise Failure("condition", f"no condition of '{node.id}' is true and it has no default flow: {texts}")
    return taken


def allowed(node: Element, variables: Variables, now: int) -> list[Flow]:
    """Give the outgoing flows that may be taken, none where no condition is true.

    Raises:
        Failure: a condition has no value.
    """
    true = {
        flow.id
        for flow in node.outgoing
        if flow is not node.default and flow.condition is not None and flow.condition(variables, now) is True
    }
    return [
        flow
        for flow in node.outgoing
        if flow.id in true
        or (flow.condition is None and flow is not node.default)
        or (flow is node.default and not true)
    ]
