"""Sub-processes (BPMN 13.3.4, 13.5.4): a scope of its own, complete when nothing is left in it.

Embedded sub-processes, transactions and event sub-processes differ in how they are left and started only.
"""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import Element
from penstock.kernel.lifecycle import enter
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import event_sub_process
from penstock.kernel.variables import propagate


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open the scope, with the input mappings' values as its variables, and start in it.

    Raises:
        Failure: it is an event sub-process that only begins to wait, and its timer has no value.
    """
    if element.armed:
        event_sub_process.listen(step, scope, element, node)
        return
    assert node.start is not None, f"'{node.id}' has no start event"
    given = element.result
    step.emit(e.ScopeOpened(scope.key, element.key, node.id, element.variables or {}))
    inner = step.scope(element.key)
    if given:
        propagate(step, inner, given)
    if node.event_sub_processes:
        event_sub_process.arm(step, inner, node.event_sub_processes)
    enter(step, inner, step.element(node.start))
