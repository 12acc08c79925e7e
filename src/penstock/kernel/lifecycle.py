"""The life of an element instance: entering, completing, being cancelled, and what follows for its scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from penstock.kernel import ad_hoc, events as e, items, listeners
from penstock.kernel.commands import CompleteCall
from penstock.kernel.definition import (
    CompensateTrigger,
    Element,
    Flow,
    Kind,
    MultiInstance,
    Reach,
    StandardLoop,
    Value,
)
from penstock.kernel.effects import CancelCalled, TellCaller
from penstock.kernel.kept import Called
from penstock.kernel.outgoing import chosen
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
        flows: the flows to take; by default all of them, which is a parallel split (BPMN 13.3.1), or those
            that their conditions choose.

    Raises:
        Failure: an output mapping or a condition has no value, or no flow may be taken; nothing has changed.
    """
    if node.listeners is not None and listeners.hears_end(node, element):
        let_end_be_heard(step, scope, element, node, result=result)
        return
    if node.compensable and element.compensates is not None:
        _complete_compensation(step, scope, element, node, element.compensates)
        return
    gave = values = element.result if result is None else result
    taken: Sequence[Flow] = node.outgoing
    over: bool | None = None
    if not node.simple:
        if element.number is not None:
            _complete_item(step, scope, element, node, values)
            return
        values = {} if element.listening is not None else _outputs(step, scope, element, node, values)
        if node.in_ad_hoc:
            over = ad_hoc.is_over(step, node, visible(step.instance, scope, values))
        if node.chooses and flows is None:
            # What the listeners of a gateway gave is its own, and is for its conditions.
            own = element.variables if node.kind is Kind.INCLUSIVE_GATEWAY else None
            taken = chosen(node, visible(step.instance, scope, values, own), step.now)
        if node.completion_quantity > 1:
            taken = [flow for flow in taken for _ in range(node.completion_quantity)]
        if element.loop is not None:
            _close_parts(step, step.scope(element.key))
    if node.compensable:
        _keep(step, scope, element, node, gave)
    leave(step, scope, element, node, values)
    take(step, scope, taken if flows is None else flows)
    if over is not None:
        _go_on_ad_hoc(step, scope, node, over=over)
    elif len(scope.elements) == scope.armed and scope.tokens == 0:
        finish(step, scope)


def let_end_be_heard(
    step: Step,
    scope: Scope,
    element: ElementInstance,
    node: Element,
    *,
    result: dict[str, Value] | None = None,
    then: Phase = Phase.COMPLETE,
) -> None:
    """Map the element's result out, and let its end listeners run before it completes; it waits for no event.

    Raises:
        Failure: an output mapping has no value; nothing has changed.
    """
    gave = element.result if result is None else result
    values = _outputs(step, scope, element, node, gave) or {}
    single = element.number is None
    if result:
        step.emit(e.EventTriggered(scope.key, element.key, result))
    given = values if single else _without_own(node, values)
    if given and node.call is not None and node.call.local:
        step.emit(e.VariablesSet(scope.key, None, given))
    else:
        propagate(step, scope, given)
    if element.timers or element.subscriptions:
        stop_listening(step, scope, element)
    close_incident(step, scope, element)
    listeners.begin(step, scope, element, "end", then, values={} if single else values)


def _without_own(node: Element, values: dict[str, Value]) -> dict[str, Value]:
    """Give what an instance of a loop gives to others."""
    own: set[str | None] = set() if node.loop is None else items.own_names(node.loop)
    return {name: value for name, value in values.items() if name not in own}


def take(step: Step, scope: Scope, flows: Iterable[Flow]) -> None:
    """Let a token go over each of the flows."""
    for flow in flows:
        step.emit(e.FlowTaken(scope.key, flow.id))
        step.agenda.append((Phase.ARRIVE, scope.key, 0, flow.id))


def leave(
    step: Step, scope: Scope, element: ElementInstance, node: Element, values: dict[str, Value] | None
) -> None:
    """Close what the element holds, set what it gave, and complete it."""
    if element.opened:
        step.emit(e.ScopeClosed(scope.key, element.key))
    if values and node.call is not None and node.call.local:
        step.emit(e.VariablesSet(scope.key, None, dict(values)))
    elif values:
        propagate(step, scope, values)
    if element.timers or element.subscriptions:
        stop_listening(step, scope, element)
    close_incident(step, scope, element)
    step.emit(e.ElementCompleted(scope.key, element.key, node.id, element.since))


def close_incident(step: Step, scope: Scope, element: ElementInstance) -> None:
    """Close the incident of something on its boundary, or that it waits for, where it goes on without it."""
    if element.incident is not None:
        incident = element.incident.key
        step.emit(e.IncidentResolved(scope.key, element.key, incident, element.element, None))


def _go_on_ad_hoc(step: Step, scope: Scope, node: Element, *, over: bool) -> None:
    """Let an ad-hoc sub-process end, if it does with the element that has just completed."""
    spec, owner = ad_hoc.spec_around(step, node), ad_hoc.owner_of(step, scope)
    assert scope.parent is not None
    if over and not owner.ending:
        step.emit(e.AdHocEnding(scope.parent, owner.key, owner.element))
        if spec.cancel_remaining:
            empty(step, scope)
    if not scope.done:
        return
    if owner.queue:
        following = owner.queue[0]
        step.emit(e.AdHocTaken(scope.parent, owner.key))
        enter(step, scope, step.element(following))
    elif owner.ending or spec.completion is None:
        finish(step, scope)


def _keep(
    step: Step, scope: Scope, element: ElementInstance, node: Element, gave: dict[str, Value] | None
) -> None:
    """Keep an activity that may be compensated, with its values of now (BPMN 13.5.5)."""
    if element.loop is not None:
        # Each of its instances has been kept, with its own values.
        if step.scope(element.key).kept:
            step.emit(e.CompensationKept(scope.key, element.key, node.id, {}, True))
    elif element.opened:
        inner = step.scope(element.key)
        if node.compensation or inner.kept or compensation_event_sub_process(step, node.event_sub_processes):
            step.emit(e.CompensationKept(scope.key, element.key, node.id, dict(inner.variables)))
    elif node.compensation is not None:
        values = {**(element.variables or {}), **(gave or {})}
        step.emit(e.CompensationKept(scope.key, element.key, node.id, values))
    elif element.called is not None:
        step.emit(e.CompensationKept(scope.key, element.key, node.id, {}, called=element.called))


def compensation_event_sub_process(step: Step, event_sub_processes: Iterable[str]) -> str | None:
    """Give the id of the one that compensates the scope of these from within, if there is one."""
    for id in event_sub_processes:
        start = step.element(id).start
        if start is not None and isinstance(step.element(start).trigger, CompensateTrigger):
            return id
    return None


def _complete_compensation(
    step: Step, scope: Scope, element: ElementInstance, node: Element, by: tuple[int, int]
) -> None:
    """Complete what undid an activity, and let whoever asked for it go on.

    A sub-process that was opened again, or a call that was made again, maps nothing out: it was complete
    before. A scope ends with it only where whoever asked for it has been cancelled.

    Raises:
        Failure: an output mapping has no value; nothing has changed.
    """
    complete_before = element.compensating is not None or element.again
    mapped = complete_before or element.listening is not None
    values = None if mapped else _outputs(step, scope, element, node, element.result)
    if element.loop is not None:
        _close_parts(step, step.scope(element.key))
    leave(step, scope, element, node, values)
    if step.instance.find(*by) is not None:
        step.plan(Phase.COMPENSATE, *by)
    elif scope.done:
        finish(step, scope)


def _outputs(
    step: Step, scope: Scope, element: ElementInstance, node: Element, result: dict[str, Value] | None
) -> dict[str, Value] | None:
    if element.loop is not None:
        return _collected(step, element, node)
    if not node.outputs:
        return result
    if element.opened:
        inner = step.scope(element.key)
        sources = visible(step.instance, inner, result)
    else:
        sources = visible(step.instance, scope, result, element.variables)
    return evaluate(node.outputs, sources, visible(step.instance, scope), step.now)


def _complete_item(
    step: Step, scope: Scope, element: ElementInstance, node: Element, result: dict[str, Value] | None
) -> None:
    """Complete one instance of a loop, and let the loop go on where nothing else will.

    What it gives to the output collection, and its own variables, stay with it.
    """
    spec, body = node.loop, items.body_of(step, scope)
    assert spec is not None, f"'{node.id}' is no loop"
    heard = element.listening
    values = (_outputs(step, scope, element, node, result) or {}) if heard is None else heard.values
    inner = step.scope(element.key) if element.opened else scope
    seen = visible(step.instance, inner, values, None if element.opened else element.variables)
    collected = items.collected(spec, element, seen, step.now)
    over = items.is_over(spec, body.loop, seen, step.now)
    events = items.behavior_events(spec, body.loop, seen, step.now)
    if node.compensable:
        _keep(step, scope, element, node, result)
    if element.opened:
        step.emit(e.ScopeClosed(scope.key, element.key))
    if heard is None:
        propagate(step, scope, _without_own(node, values))
    if collected:
        step.emit(e.ItemCollected(scope.key, element.key, collected))
        if isinstance(spec, MultiInstance) and spec.overview:
            step.emit(e.VariablesSet(body.element.key, None, _collected(step, body.element, node)))
    step.emit(e.ElementCompleted(scope.key, element.key, node.id, element.since))
    count_item(step, scope, body, spec, events, over=over)


def count_item(
    step: Step,
    scope: Scope,
    body: items.Body,
    spec: MultiInstance | StandardLoop,
    events: list[int],
    *,
    over: bool,
) -> None:
    """Count the instance that has completed, and plan what follows for the loop: that is planned once."""
    loop, each = body.loop, items.counts_each(spec)
    if not each and (scope.elements or scope.next <= scope.last):
        return
    ended, planned, at = loop.ended, bool(loop.due), (body.scope.key, body.element.key)
    step.emit(e.ItemsCounted(*at, loop.completed + (1 if each else scope.size)))
    if over and not ended:
        step.emit(e.LoopEnded(*at))
    for place in events:
        step.emit(e.BehaviorEventDue(*at, place, loop.completed))
    goes_on = over or loop.completed == loop.total or items.in_turn(spec) or bool(events)
    if goes_on and not ended and not planned:
        step.plan(Phase.NEXT, *at)


def _collected(step: Step, element: ElementInstance, node: Element) -> dict[str, Value]:
    """Give the output collection: for each item what its instance gave, null where it gave nothing."""
    spec, loop = node.loop, element.loop
    if not isinstance(spec, MultiInstance) or spec.output_collection is None:
        return {}
    assert loop is not None
    assert loop.total is not None, "a multi-instance knows how many there are"
    body = step.scope(element.key)
    scopes = [body, *(step.scope(part.key) for part in body.elements.values() if part.part)]
    found = {number: value for scope in scopes for number, value in (scope.collected or {}).items()}
    return {spec.output_collection: [found.get(str(number)) for number in range(1, loop.total + 1)]}


def _close_parts(step: Step, body: Scope) -> None:
    for part in list(body.elements.values()):
        if step.scope(part.key).kept:
            step.emit(e.CompensationKept(body.key, part.key, part.element, {}, True))
        step.emit(e.ScopeClosed(body.key, part.key))
        step.emit(e.ElementCompleted(body.key, part.key, part.element, part.since))


def finish(step: Step, scope: Scope, *, heard: bool = False) -> None:
    """Let a scope in which nothing is left end: the process, or the sub-process that holds it.

    Arguments:
        heard: whether the end listeners of the process have run before.
    """
    if scope.armed:
        empty(step, scope)
    if scope.parent is None:
        complete_instance(step, heard=heard)
    else:
        _finish_inner(step, scope.parent, scope.key)


def complete_instance(step: Step, reach: Reach = "scope", *, heard: bool = False) -> None:
    """Complete the instance, in which nothing is left, and tell who called it what that ends there, too.

    The end listeners of the process run before that, unless they have been `heard`.
    """
    process = step.definition.process
    if process is not None and not heard and process.listeners is not None and process.listeners.end:
        element = listeners.enter_process(step, process)
        listeners.begin(step, step.scope(ROOT), element, "end", Phase.COMPLETE, what=reach)
        return
    step.emit(e.InstanceCompleted())
    if (caller := step.instance.caller) is not None:
        values = dict(step.scope(ROOT).variables)
        done = CompleteCall(
            caller.scope, caller.owner, caller.key, values, reach, _called(step, step.scope(ROOT))
        )
        step.effects.append(TellCaller(caller.instance, done))


def _called(step: Step, process: Scope) -> Called | None:
    """Give what whoever called the instance keeps to compensate it, None where nothing could be."""
    definition = step.definition
    undone_by = compensation_event_sub_process(step, definition.event_sub_processes)
    if not process.kept and undone_by is None:
        return None
    return Called(definition.id, step.instance.definition, dict(process.variables), list(process.kept))


def _finish_inner(step: Step, outer: int, owner: int) -> None:
    """Let a sub-process end; one in which something is undone ends with the last that is."""
    holder = step.scope(outer).elements[owner]
    if holder.compensating is None:
        step.plan(Phase.COMPLETE, outer, owner)
    elif not holder.compensating:
        step.plan(Phase.COMPENSATE, outer, owner)


def cancel(step: Step, scope: Scope, element: ElementInstance) -> None:
    """End the element instance without completing it, with all that it holds and waits for."""
    if element.opened:
        empty(step, step.scope(element.key))
        step.emit(e.ScopeClosed(scope.key, element.key))
    if element.job is not None:
        step.emit(e.JobCancelled(scope.key, element.key, element.job.key))
    if element.task is not None:
        step.emit(e.UserTaskCancelled(scope.key, element.key, element.task.key))
    if element.call is not None:
        step.effects.append(CancelCalled(element.call))
        step.emit(e.CallCancelled(scope.key, element.key, element.call))
    if element.timers or element.subscriptions:
        stop_listening(step, scope, element)
    close_incident(step, scope, element)
    if element.armed:
        step.emit(e.EventSubProcessDisarmed(scope.key, element.key, element.element))
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

    A boundary event is entered; where it interrupts what undoes an activity, that counts as undone, and
    whoever asked for it goes on. The start event of an event sub-process starts that, in the scope in which
    it was armed (BPMN 13.5.4); what its trigger gave goes to its scope when that is opened.

    Returns:
        The key of the element instance that was entered, of the boundary event or the event sub-process.
    """
    if event.kind is Kind.START_EVENT:
        return _start_event_sub_process(step, scope, event)
    if event.interrupting:
        cancel(step, scope, host)
        if host.compensates is not None:
            step.plan(Phase.COMPENSATE, *host.compensates)
    return enter(step, scope, event)


def _start_event_sub_process(step: Step, scope: Scope, start: Element) -> int:
    assert start.scope is not None, f"'{start.id}' starts the process itself"
    if start.interrupting:
        step.emit(e.ScopeInterrupted(scope.key))
        empty(step, scope)
    return enter(step, scope, step.element(start.scope))


def stop_listening(step: Step, scope: Scope, element: ElementInstance) -> None:
    """Let the element instance wait for no event any more, neither its own nor those on its boundary."""
    for key in list(element.timers or ()):
        step.emit(e.TimerCancelled(scope.key, element.key, key))
    for key in list(element.subscriptions or ()):
        step.emit(e.SubscriptionClosed(scope.key, element.key, key))


def map_inputs(step: Step, scope: Scope, element: ElementInstance, node: Element) -> dict[str, Value]:
    """Give what the input mappings give now.

    Raises:
        Failure: a mapping has no value.
    """
    return evaluate(node.inputs, seen_by(step.instance, scope, element), {}, step.now)
