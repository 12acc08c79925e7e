"""Compensation (BPMN 10.7, 13.5.5): the last completed activity is undone first,
with its values of then.

A scope keeps its completed activities that something can undo. Throwing takes them out of it, and the element
that throws goes through them one at a time: an activity with a compensation boundary event by the activity
that this leads to; a sub-process without one by opening it again, either for its compensation event sub-
process or to undo what was completed in it. An activity that is still active is not compensated. What a call
activity without such an event has called is begun anew to compensate what was completed in it. Where the
process has a compensation event sub-process, that answers, once, to what is thrown in the process and names
no activity; it decides what is undone.
"""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.commands import UndoCalled
from penstock.kernel.definition import CancelTrigger, CompensateTrigger, Element, Kind
from penstock.kernel.effects import UndoLater
from penstock.kernel.kept import Called, Kept
from penstock.kernel.lifecycle import (
    compensation_event_sub_process,
    complete,
    empty,
    enter,
    finish,
    interrupt,
    stop_listening,
    take,
)
from penstock.kernel.phases import Phase
from penstock.kernel.state import ROOT, ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers.calling import caller_of


def throw(
    step: Step,
    scope: Scope,
    element: ElementInstance,
    node: Element,
    trigger: CompensateTrigger,
    *,
    at_once: bool = True,
) -> None:
    """Begin to compensate, or complete the event where there is nothing to compensate: at once, or in a phase
    of its own where the event has thrown something else before.

    An event that does not wait for it lets its token go on at once (10.5.6), and stays without one until
    all is compensated.

    Raises:
        Failure: there is nothing, and an output mapping of the event has no value.
    """
    within = _scopes_within_reach(step, scope)
    handler = None if trigger.activity is not None else _handler_of_process(step, within)
    if handler is not None:
        _compensate_process(step, scope, element, within[0], handler)
        return
    if not any(trigger.activity in (None, kept.element) for it in within for kept in it.kept):
        if at_once:
            complete(step, scope, element, node)
        else:
            step.plan(Phase.COMPLETE, scope.key, element.key)
        return
    _begin(step, scope, element, within, trigger.activity)
    if not trigger.waits:
        step.emit(e.CompensationLeft(scope.key, element.key))
        take(step, scope, node.outgoing)


def _handler_of_process(step: Step, within: list[Scope]) -> Element | None:
    """Give the event sub-process that undoes the process as a whole, for what is thrown outside of it."""
    outermost = within[0]
    if outermost.parent is not None or outermost.compensated:
        return None
    found = compensation_event_sub_process(step, step.definition.event_sub_processes)
    inside = any(outermost.elements[scope.key].element == found for scope in within[1:2])
    return None if found is None or inside else step.element(found)


def _compensate_process(
    step: Step, scope: Scope, element: ElementInstance, process: Scope, handler: Element
) -> None:
    """Begin the event sub-process; the element that throws goes on when that has ended."""
    step.emit(e.CompensationThrown(scope.key, element.key, element.element, None))
    owner = enter(step, process, handler)
    step.emit(e.CompensationStarted(process.key, owner, ROOT, scope.key, element.key, True))


def _begin(
    step: Step, scope: Scope, element: ElementInstance, within: list[Scope], activity: str | None
) -> None:
    step.emit(e.CompensationThrown(scope.key, element.key, element.element, activity))
    for inside in within:
        if inside.kept:
            step.emit(e.CompensationGathered(inside.key, scope.key, element.key, activity))
    step.plan(Phase.COMPENSATE, scope.key, element.key)


def _scopes_within_reach(step: Step, scope: Scope) -> list[Scope]:
    """Give the scope, and for an event sub-process those around it, the outermost first."""
    reach = [scope]
    while scope.parent is not None:
        around = step.scope(scope.parent)
        if not step.element(around.elements[scope.key].element).event_sub_process:
            break
        reach.insert(0, around)
        scope = around
    return reach


def go_on(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Undo the next activity; when none is left, let the element that asked for it go on.

    Raises:
        Failure: none is left, and an output mapping of the element has no value.
    """
    if element.compensating:
        inside, kept = element.compensating[-1]
        _undo(step, scope, element, step.scope(inside), kept)
    elif element.opened and not step.scope(element.key).done:
        return  # a boundary event of what undid something has led on in it
    elif node.kind is Kind.START_EVENT:  # of an instance that has begun anew to be undone
        step.emit(e.ElementCompleted(scope.key, element.key, node.id, element.since))
        finish(step, scope, heard=True)
    elif node.kind is Kind.TRANSACTION and element.compensates is None:
        interrupt(step, scope, element, _cancel_boundary(step, node))
    else:
        complete(step, scope, element, node, flows=() if element.gone else None)


def _undo(step: Step, scope: Scope, element: ElementInstance, inside: Scope, kept: Kept) -> None:
    node = step.element(kept.element)
    if kept.called is not None:
        _undo_called(step, scope, element, inside, kept, kept.called)
        return
    handler = None if kept.loop else node.compensation
    within = None if handler or kept.loop else compensation_event_sub_process(step, node.event_sub_processes)
    owner = step.new_key()
    step.emit(e.ElementEntered(inside.key, owner, handler or node.id, None))
    if handler is None:
        step.emit(e.ScopeOpened(inside.key, owner, node.id, kept.values))
    whole = within is not None
    step.emit(e.CompensationStarted(inside.key, owner, kept.key, scope.key, element.key, whole))
    step.emit(e.CompensationTaken(scope.key, element.key, kept.key))
    if handler is not None:
        step.plan(Phase.ENTER, inside.key, owner)
    elif within is not None:
        enter(step, step.scope(owner), step.element(within))
    else:
        step.plan(Phase.COMPENSATE, inside.key, owner)


def _undo_called(
    step: Step, scope: Scope, element: ElementInstance, inside: Scope, kept: Kept, called: Called
) -> None:
    """Call again what a call activity has called, for it to undo itself."""
    owner = step.new_key()
    step.emit(e.ElementEntered(inside.key, owner, kept.element, None))
    step.emit(e.CompensationStarted(inside.key, owner, kept.key, scope.key, element.key, False))
    step.emit(e.CompensationTaken(scope.key, element.key, kept.key))
    caller = caller_of(step, inside, inside.elements[owner])
    step.emit(e.CallOpened(inside.key, owner, caller.key, kept.element, called.process))
    step.effects.append(UndoLater(UndoCalled(called, step.instance.business_key, caller)))


def undo_process(step: Step, start: Element) -> None:
    """Compensate all that was completed in the process, which has begun anew for that and ends with it."""
    process, owner = step.scope(ROOT), step.new_key()
    step.emit(e.ElementEntered(ROOT, owner, start.id, None))
    element = process.elements[owner]
    handler = _handler_of_process(step, [process])
    if handler is not None:
        _compensate_process(step, process, element, process, handler)
    else:
        _begin(step, process, element, [process], None)


# -- transactions ----------------------------------------------------------------------------------


def cancel_transaction(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Cancel the transaction around a cancel end event: end what is active in it, undo what was completed,
    then leave it by its cancel boundary event (BPMN 10.7.2)."""
    outer, transaction = _transaction_around(step, scope)
    inner = step.scope(transaction.key)
    step.emit(e.ElementCompleted(scope.key, element.key, node.id, element.since))
    step.emit(e.TransactionCancelled(outer.key, transaction.key, node.id))
    stop_listening(step, outer, transaction)
    _keep_what_is_open(step, inner)
    step.emit(e.ScopeInterrupted(inner.key))
    empty(step, inner)
    _begin(step, outer, transaction, [inner], None)


def _transaction_around(step: Step, scope: Scope) -> tuple[Scope, ElementInstance]:
    while scope.parent is not None:
        around = step.scope(scope.parent)
        holder = around.elements[scope.key]
        if step.element(holder.element).kind is Kind.TRANSACTION:
            return around, holder
        scope = around
    raise AssertionError("a cancel end event stands in no transaction")


def _keep_what_is_open(step: Step, scope: Scope) -> None:
    """Keep what was completed in sub-processes that are about to be cancelled with their transaction.

    It recurs once a level of nesting, which the deployment bounds.
    """
    for element in list(scope.elements.values()):
        if element.opened and step.element(element.element).compensable:
            inner = step.scope(element.key)
            _keep_what_is_open(step, inner)
            if inner.kept:
                values = dict(inner.variables)
                step.emit(e.CompensationKept(scope.key, element.key, element.element, values))


def _cancel_boundary(step: Step, node: Element) -> Element:
    for event in map(step.element, node.boundary):
        if isinstance(event.trigger, CancelTrigger):
            return event
    raise AssertionError(f"'{node.id}' has no cancel boundary event")
