"""Loops and multi-instances (BPMN 13.3.6, 13.3.7): an activity that is done several times.

The activity opens a scope for its instances. Each is an element instance of the same activity with a number
and its item; it has boundary events, and takes the outgoing flows, only as a whole. A large multi-instance
is cut into parts, which are begun one after the other, so that no step begins them all.
"""

from __future__ import annotations

from penstock.kernel import behavior_events, events as e, items
from penstock.kernel.definition import Element, MultiInstance, StandardLoop, Value, Variables
from penstock.kernel.failures import Failure, shown
from penstock.kernel.items import goes_on, own_variables, whole_number
from penstock.kernel.lifecycle import empty
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import seen_by


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Begin the loop, or one part of it.

    Raises:
        Failure: the collection is no list, the cardinality no whole number, or a condition has no value.
    """
    if element.part:
        _begin_part(step, scope, element, node)
        return
    spec = node.loop
    assert spec is not None, f"'{node.id}' is no loop"
    variables = seen_by(step.instance, scope, element)
    if isinstance(spec, StandardLoop):
        total = None
        values: list[Value] = []
        nothing = spec.test_before and not goes_on(spec, 0, variables, step.now)
    else:
        total, values = _size(spec, variables, step.now)
        nothing = total == 0
    own = {**(element.variables or {}), **_overview(spec, total)}
    step.emit(e.ScopeOpened(scope.key, element.key, node.id, own))
    step.emit(e.LoopBegun(scope.key, element.key, node.id, total))
    if nothing:
        step.plan(Phase.COMPLETE, scope.key, element.key)
    elif total is None or total <= items.WIDTH:
        step.emit(e.ItemsGiven(scope.key, element.key, 1, total or 0, values))
        _begin(step, step.scope(element.key), node)
    else:
        _cut(step, step.scope(element.key), node, total, values)


def _overview(spec: MultiInstance | StandardLoop, total: int | None) -> dict[str, Value]:
    """Give the output collection that the instances see grow, where they see one."""
    if isinstance(spec, StandardLoop) or not spec.overview or spec.output_collection is None:
        return {}
    return {spec.output_collection: [None] * (total or 0)}


def _size(spec: MultiInstance, variables: Variables, now: int) -> tuple[int, list[Value]]:
    """Give how many instances there are, and the items where there is a collection."""
    if spec.collection is None:
        assert spec.cardinality is not None, "a multi-instance has a collection or a cardinality"
        return whole_number(spec.cardinality, variables, now, "number of instances"), []
    found = spec.collection(variables, now)
    if not isinstance(found, list):
        raise Failure("loop", f"the collection `{spec.collection.text}` gave {shown(found)}, expected a list")
    return len(found), found


def _cut(step: Step, body: Scope, node: Element, total: int, values: list[Value]) -> None:
    """Make the parts of a large multi-instance, their keys one after the other, and begin the first."""
    width = items.WIDTH
    first = step.new_key()
    for start in range(0, total, width):
        owner = step.new_key()
        step.emit(e.ElementEntered(body.key, owner, node.id, None))
        step.emit(e.ScopeOpened(body.key, owner, node.id, {}))
        last = min(start + width, total)
        step.emit(e.ItemsGiven(body.key, owner, start + 1, last, values[start:last]))
    step.plan(Phase.ACTIVATE, body.key, first)


def _begin_part(step: Step, body: Scope, part: ElementInstance, node: Element) -> None:
    scope = step.scope(part.key)
    if items.body_of(step, scope).loop.ended:
        return
    _begin(step, scope, node)
    assert isinstance(node.loop, MultiInstance)
    if not node.loop.sequential and part.key + 1 in body.elements:
        step.plan(Phase.ACTIVATE, body.key, part.key + 1)


def _begin(step: Step, scope: Scope, node: Element) -> None:
    """Begin the instances of a scope: all of them, or the first where they come in turn."""
    at_once = isinstance(node.loop, MultiInstance) and not node.loop.sequential
    _begin_one(step, scope, node)
    while at_once and scope.next <= scope.last:
        _begin_one(step, scope, node)


def _begin_one(step: Step, scope: Scope, node: Element) -> None:
    owner, number = step.new_key(), scope.next
    values = own_variables(scope, node, number)
    step.emit(e.ElementEntered(scope.key, owner, node.id, None))
    step.emit(e.ItemBegun(scope.key, owner, number, values))
    step.plan(Phase.ENTER, scope.key, owner)


def go_on(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Throw what is due, then begin the next instance, or let the loop end; the others are cancelled then.

    Raises:
        Failure: a name or a correlation key of what is to be thrown, or waited for again, has no value.
    """
    loop = element.loop
    assert loop is not None, f"'{node.id}' is no loop"
    if loop.due:
        behavior_events.throw(step, scope, element, node, loop)
        if step.instance.find(scope.key, element.key) is None:
            return  # what was thrown has interrupted it
    body = step.scope(element.key)
    if loop.ended or loop.completed == loop.total:
        _cancel_rest(step, body)
        step.plan(Phase.COMPLETE, scope.key, element.key)
    elif isinstance(node.loop, StandardLoop) or (node.loop is not None and node.loop.sequential):
        at = body
        if body.elements:
            at = step.scope(next(iter(body.elements)) + loop.completed // items.WIDTH)
        _begin_one(step, at, node)


def _cancel_rest(step: Step, body: Scope) -> None:
    for element in list(body.elements.values()):
        if element.part:
            empty(step, step.scope(element.key))
    if any(not element.part for element in body.elements.values()):
        empty(step, body)
