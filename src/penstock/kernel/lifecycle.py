"""The life of an element instance: entering, completing, being cancelled, and what follows for its scope."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.kernel import events as e
from penstock.kernel.definition import CompensateTrigger, Element, Flow, Kind, Value
from penstock.kernel.phases import Phase
from penstock.kernel.state import ROOT, ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import evaluate, propagate, seen_by, visible


def enter(step: Step, scope: Scope, node: Element, flow: str | None = None) -> int:
    """Make an element instance, by the token on `flow` or without one, and plan its first phase.

    Returns:
        The key of the element instance.
    """
    owner = step.new_key()
    step.emit(e.ElementEntered(scope.key, owner, node.id, flow))
    step.plan(Phase.ENTER, scope.key, owner)
    return owner


def complete(
    step: Step,
    scope: Scope,
    element: ElementInstance,
    node: Element,
    *,
    result: dict[str, Value] | None = None,
    flows: Sequence[Flow] | None = None,
) -> None:
    """Complete the element: map its result out, and take its outgoing flows.

    Arguments:
        result: what the element gave just now; by default what its job, task or trigger gave before.
        flows: the flows to take; by default all of them, which is a parallel split (BPMN 13.3.1).

    Raises:
        Failure: an output mapping has no value; nothing has changed.
    """
    if node.compensable and element.compensates is not None:
        _complete_compensation(step, scope, element, node, element.compensates)
        return
    gave = element.result if result is None else result
    values = _outputs(step, scope, element, node, gave)
    if node.compensable:
        _keep(step, scope, element, node, gave)
    if element.opened:
        step.emit(e.ScopeClosed(scope.key, element.key))
    if values:
        propagate(step, scope, values)
    if element.timers:
        cancel_timers(step, scope, element)
    step.emit(e.ElementCompleted(scope.key, element.key, node.id, element.since))
    for flow in node.outgoing if flows is None else flows:
        step.emit(e.FlowTaken(scope.key, flow.id))
        step.agenda.append((Phase.ARRIVE, scope.key, 0, flow.id))
    if scope.tokens == 0 and len(scope.elements) == scope.armed:
        finish(step, scope)


def _keep(
    step: Step, scope: Scope, element: ElementInstance, node: Element, gave: dict[str, Value] | None
) -> None:
    """Keep an activity that may be compensated, with its values of now (BPMN 13.5.5)."""
    if element.opened:
        inner = step.scope(element.key)
        if node.compensation or inner.kept or compensation_event_sub_process(step, node):
            step.emit(e.CompensationKept(scope.key, element.key, node.id, dict(inner.variables)))
    elif node.compensation is not None:
        values = {**(element.variables or {}), **(gave or {})}
        step.emit(e.CompensationKept(scope.key, element.key, node.id, values))


def compensation_event_sub_process(step: Step, node: Element) -> str | None:
    """Give the id of the event sub-process that compensates the sub-process from within, if it has one."""
    for id in node.event_sub_processes:
        start = step.element(id).start
        if start is not None and isinstance(step.element(start).trigger, CompensateTrigger):
            return id
    return None


def _complete_compensation(
    step: Step, scope: Scope, element: ElementInstance, node: Element, by: tuple[int, int]
) -> None:
    """Complete what undid an activity, and let whoever asked for it go on.

    A sub-process that was opened again maps nothing out, and no scope ends with it: it was complete before.

    Raises:
        Failure: an output mapping has no value; nothing has changed.
    """
    opened_again = element.compensating is not None
    values = None if opened_again else _outputs(step, scope, element, node, element.result)
    if element.opened:
        step.emit(e.ScopeClosed(scope.key, element.key))
    if values:
        propagate(step, scope, values)
    if element.timers:
        cancel_timers(step, scope, element)
    step.emit(e.ElementCompleted(scope.key, element.key, node.id, element.since))
    step.plan(Phase.COMPENSATE, *by)


def _outputs(
    step: Step, scope: Scope, element: ElementInstance, node: Element, result: dict[str, Value] | None
) -> dict[str, Value] | None:
    if not node.outputs:
        return result
    if element.opened:
        inner = step.scope(element.key)
        sources = visible(step.instance, inner, result)
    else:
        sources = visible(step.instance, scope, result, element.variables)
    return evaluate(node.outputs, sources, visible(step.instance, scope), step.now)


def finish(step: Step, scope: Scope) -> None:
    """Let a scope in which nothing is left end: the process, or the sub-process that holds it."""
    if scope.armed:
        empty(step, scope)
    if scope.parent is None:
        step.emit(e.InstanceCompleted())
    else:
        step.plan(Phase.COMPLETE, scope.parent, scope.key)


def cancel(step: Step, scope: Scope, element: ElementInstance) -> None:
    """End the element instance without completing it, with all that it holds and waits for."""
    if element.opened:
        empty(step, step.scope(element.key))
        step.emit(e.ScopeClosed(scope.key, element.key))
    if element.job is not None:
        step.emit(e.JobCancelled(scope.key, element.key, element.job.key))
    if element.task is not None:
        step.emit(e.UserTaskCancelled(scope.key, element.key, element.task.key))
    if element.timers:
        cancel_timers(step, scope, element)
    if element.incident is not None:
        step.emit(e.IncidentResolved(scope.key, element.key, element.incident.key, element.element, None))
    if element.armed:
        step.emit(e.EventSubProcessDisarmed(scope.key, element.key))
    else:
        step.emit(e.ElementCancelled(scope.key, element.key, element.element, element.since))


def empty(step: Step, scope: Scope) -> None:
    """Cancel everything in the scope, and drop the tokens that are on its flows.

    It recurs once a level of nesting, which the deployment bounds.
    """
    for element in list(scope.elements.values()):
        cancel(step, scope, element)
    if scope.tokens:
        step.emit(e.FlowsDropped(scope.key))


def cancel_instance(step: Step) -> None:
    """End the whole instance."""
    empty(step, step.scope(ROOT))
    step.emit(e.InstanceCancelled())


def interrupt(step: Step, scope: Scope, host: ElementInstance, event: Element) -> int:
    """Let an event around an activity happen, and cancel what it interrupts.

    A boundary event is entered. The start event of an event sub-process starts that, in the scope in which
    it was armed (BPMN 13.5.4); what its trigger gave goes to its scope when that is opened.

    Returns:
        The key of the element instance that was entered, of the boundary event or the event sub-process.
    """
    if event.kind is Kind.START_EVENT:
        return _start_event_sub_process(step, scope, event)
    if event.interrupting:
        cancel(step, scope, host)
    return enter(step, scope, event)


def _start_event_sub_process(step: Step, scope: Scope, start: Element) -> int:
    assert start.scope is not None, f"'{start.id}' starts the process itself"
    if start.interrupting:
        step.emit(e.ScopeInterrupted(scope.key))
        empty(step, scope)
    return enter(step, scope, step.element(start.scope))


def cancel_timers(step: Step, scope: Scope, element: ElementInstance) -> None:
    """Cancel the timers of an element instance: its own, and those of the events on its boundary."""
    for key in list(element.timers or ()):
        step.emit(e.TimerCancelled(scope.key, element.key, key))


def map_inputs(step: Step, scope: Scope, element: ElementInstance, node: Element) -> dict[str, Value]:
    """Give what the input mappings give now.

    Raises:
        Failure: a mapping has no value.
    """
    return evaluate(node.inputs, seen_by(step.instance, scope, element), {}, step.now)
