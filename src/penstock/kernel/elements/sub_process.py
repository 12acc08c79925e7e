"""Embedded sub-process (BPMN 13.3.4): a scope of its own, complete when nothing is left in it."""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import Element
from penstock.kernel.lifecycle import enter
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open the scope, with the input mappings' values as its variables, and start in it."""
    assert node.start is not None, f"'{node.id}' has no start event"
    step.emit(e.ScopeOpened(scope.key, element.key, node.id, element.variables or {}))
    enter(step, step.scope(element.key), step.element(node.start))
