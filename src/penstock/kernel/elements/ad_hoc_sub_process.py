"""Ad-hoc sub-process (BPMN 13.3.5): a scope whose activities begin in any order, as often as needed."""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.ad_hoc import ACTIVITIES
from penstock.kernel.definition import Element
from penstock.kernel.failures import Failure, shown
from penstock.kernel.lifecycle import enter, finish
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import seen_by


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Open the scope, and begin what the expression names; without one, somebody begins its activities.

    Where one may be active at a time, those that it names come one after the other, in the order of the list.

    Raises:
        Failure: the expression names something else than its activities.
    """
    spec = node.ad_hoc
    assert spec is not None, f"'{node.id}' is no ad-hoc sub-process"
    ids = None if spec.active is None else _active(step, scope, element, node)
    step.emit(e.ScopeOpened(scope.key, element.key, node.id, element.variables or {}))
    inner = step.scope(element.key)
    at_once = ids or []
    if spec.sequential and len(at_once) > 1:
        at_once, later = at_once[:1], at_once[1:]
        step.emit(e.AdHocQueued(scope.key, element.key, node.id, later))
    for id in at_once:
        enter(step, inner, step.element(id))
    if ids == [] and spec.completion is None:
        finish(step, inner)


def _active(step: Step, scope: Scope, element: ElementInstance, node: Element) -> list[str]:
    spec = node.ad_hoc
    assert spec is not None
    assert spec.active is not None
    ids = spec.active(seen_by(step.instance, scope, element), step.now)
    if not isinstance(ids, list) or not all(isinstance(id, str) for id in ids):
        raise Failure(
            "expression", f"`{spec.active.text}` gave {shown(ids)}, expected a list of ids of activities"
        )
    for id in ids:
        if not may_begin(step, node, id):
            raise Failure("expression", f"'{id}' is no activity of '{node.id}' that may be begun")
    return ids


def may_begin(step: Step, node: Element, id: str) -> bool:
    """Tell whether the id is of an activity of the ad-hoc sub-process to which no flow leads."""
    found = step.definition.elements.get(id)
    return found is not None and found.scope == node.id and found.kind in ACTIVITIES and not found.incoming
