"""Terminate (BPMN 13.5.6), which ends the scope of its end event: the process, or the sub-process.

Vendors let it reach further: to the multi-instance around it, or to the whole instance and those that called
it. What it ends of a multi-instance goes on behind that, as if its completion condition had been met.
"""

from __future__ import annotations

from penstock.kernel import events as e, listeners
from penstock.kernel.definition import Element, Reach
from penstock.kernel.lifecycle import complete, complete_instance, empty, finish, leave, let_end_be_heard
from penstock.kernel.phases import Phase
from penstock.kernel.state import ROOT, ElementInstance, Scope
from penstock.kernel.step import Step


def terminate(step: Step, scope: Scope, element: ElementInstance, node: Element, reach: Reach) -> None:
    """Complete the event, and end what is within its reach.

    Raises:
        Failure: an output mapping has no value; nothing has changed.
    """
    if node.listeners is not None and listeners.hears_end(node, element):
        let_end_be_heard(step, scope, element, node, then=Phase.ACTIVATE)
        return
    if reach == "loop" and has_loop_around(step, scope):
        leave(step, scope, element, node, element.result)
        end_loop(step, scope)
    elif reach == "instance" or (reach == "loop" and step.instance.caller is not None):
        leave(step, scope, element, node, element.result)
        end_instance(step, reach)
    else:
        _end_scope(step, scope, element, node)


def _end_scope(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    alone = len(scope.elements) == scope.armed + 1 and scope.tokens == 0
    complete(step, scope, element, node)
    if not alone:
        empty(step, scope)
        finish(step, scope)


def end_instance(step: Step, reach: Reach) -> None:
    """Complete the instance at once, whatever is left in it."""
    step.agenda.clear()
    empty(step, step.scope(ROOT))
    complete_instance(step, reach)


def has_loop_around(step: Step, scope: Scope) -> bool:
    """Tell whether the scope is in an activity that is done several times."""
    return _loop_around(step, scope) is not None


def end_loop(step: Step, scope: Scope) -> None:
    """Let the innermost activity around the scope that is done several times be done, if there is one."""
    found = _loop_around(step, scope)
    if found is None:
        return
    outer, activity = found
    if activity.loop is not None and not activity.loop.ended:
        step.emit(e.LoopEnded(outer.key, activity.key))
    step.plan(Phase.NEXT, outer.key, activity.key)


def _loop_around(step: Step, scope: Scope) -> tuple[Scope, ElementInstance] | None:
    while scope.parent is not None:
        outer = step.scope(scope.parent)
        holder = outer.elements[scope.key]
        if holder.loop is not None:
            return outer, holder
        scope = outer
    return None
