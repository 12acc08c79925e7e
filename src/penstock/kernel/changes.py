"""`apply`: the one place where the state of a process instance changes, by one event at a time."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.kernel import events as e
from penstock.kernel.definition import Value
from penstock.kernel.kept import Kept, last_key
from penstock.kernel.state import (
    ROOT,
    ElementInstance,
    Incident,
    InstanceState,
    Job,
    Listening,
    Loop,
    ProcessInstance,
    Scope,
    Subscription,
    UserTask,
)
from penstock.kernel.work import ListenerEvent


def apply(instance: ProcessInstance, event: e.Event, now: int) -> None:
    """Change the state by one event that happened at `now` (epoch milliseconds).

    Only a scope that is open is ever named by an event; a KeyError here is a fault of the kernel.
    """
    match event:
        case e.ElementEntered(key, owner, element, flow):
            scope = instance.scopes[key]
            scope.elements[owner] = ElementInstance(owner, element, now)
            if flow is not None:
                scope.tokens -= 1
            instance.next_key = owner + 1
        case e.ElementCompleted(key, owner) | e.ElementCancelled(key, owner):
            scope = instance.scopes[key]
            if scope.elements.pop(owner).arrived is not None:
                _leave_join(scope, event.element, owner)
        case e.FlowTaken(key):
            instance.scopes[key].tokens += 1
        case e.VariablesSet(key, None, values):
            instance.scopes[key].variables.update(values)
        case e.InstanceStarted(_, values, business_key, correlation_key, caller):
            instance.state = InstanceState.ACTIVE
            instance.started_at = now
            instance.business_key, instance.caller = business_key, caller
            instance.correlation_key = correlation_key
            instance.scopes[ROOT] = Scope(ROOT, None, dict(values), {}, 0)
        case e.InstanceCompleted():
            _end(instance, InstanceState.COMPLETED, now)
        case e.InstanceCancelled():
            _end(instance, InstanceState.CANCELLED, now)
        case e.InstanceDeferred(agenda, steps):
            instance.agenda, instance.steps = agenda, steps
        case e.InstanceContinued(steps):
            instance.agenda, instance.steps = [], steps
        case (
            e.ItemsGiven()
            | e.ItemBegun()
            | e.ItemCollected()
            | e.LoopBegun()
            | e.ItemsCounted()
            | e.BehaviorEventDue()
            | e.BehaviorEventsThrown()
            | e.LoopEnded()
        ):
            _apply_to_loop(instance, event)
        case (
            e.FlowJoined()
            | e.TokensGathered()
            | e.FlowsDropped()
            | e.ScopeOpened()
            | e.ScopeClosed()
            | e.VariablesSet()
        ):
            _apply_to_scope(instance, event)
        case _ if type(event) in _EXCEPTIONAL:
            _apply_exceptional(instance, event)
        case _ if type(event) in _OPERATING:
            _apply_operating(instance, event)
        case _:
            _apply_to_element(instance, event)


def _end(instance: ProcessInstance, state: InstanceState, now: int) -> None:
    instance.state = state
    instance.ended_at = now
    instance.agenda, instance.steps = [], 0


def _leave_join(scope: Scope, element: str, owner: int) -> None:
    scope.joins[element].remove(owner)
    if not scope.joins[element]:
        del scope.joins[element]


def _apply_to_scope(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.FlowJoined(key, owner, flow):
            scope = instance.scopes[key]
            scope.tokens -= 1
            element = scope.elements[owner]
            if element.arrived is None:
                scope.joins.setdefault(element.element, []).append(owner)
            element.arrived = [*(element.arrived or ()), flow]
        case e.TokensGathered(key, owner, of):
            scope = instance.scopes[key]
            scope.elements[owner].arrived = None
            _leave_join(scope, of, owner)
        case e.FlowsDropped(key):
            instance.scopes[key].tokens = 0
        case e.ScopeOpened(key, owner, _, values):
            element = instance.scopes[key].elements[owner]
            element.opened, element.result = True, None
            instance.scopes[owner] = Scope(owner, key, dict(values), {}, 0)
        case e.ScopeClosed(key, owner):
            instance.scopes[key].elements[owner].opened = False
            instance.scopes.pop(owner, None)
            instance.closed.add(owner)
        case e.VariablesSet(key, int(owner), values):
            element = instance.scopes[key].elements[owner]
            element.variables = {**(element.variables or {}), **values}
            if element.result:
                again = {name: values[name] for name in values if name in element.result}
                element.result = {**element.result, **again}
        case _:
            raise AssertionError(f"no rule for {event!r}")


def _apply_to_loop(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.LoopBegun(key, owner, _, total):
            instance.scopes[key].elements[owner].loop = Loop(total)
        case e.ItemsGiven(key, owner, first, last, items):
            inner = instance.scopes[owner]
            inner.next, inner.last, inner.size, inner.items = (
                first,
                last,
                last - first + 1,
                list(items) or None,
            )
            element = instance.scopes[key].elements[owner]
            element.part = element.loop is None
        case e.ItemBegun(key, owner, number, values):
            scope = instance.scopes[key]
            scope.elements[owner].number, scope.elements[owner].variables = number, values
            scope.next = number + 1
            if scope.items:
                del scope.items[0]
        case e.ItemCollected(key, _, values):
            scope = instance.scopes[key]
            scope.collected = {**(scope.collected or {}), **values}
        case e.ItemsCounted(key, owner, completed):
            loop = instance.scopes[key].elements[owner].loop
            assert loop is not None
            loop.completed = completed
        case e.BehaviorEventDue(key, owner, place, completed):
            loop = instance.scopes[key].elements[owner].loop
            assert loop is not None
            loop.due = [*loop.due, (place, completed)]
        case e.BehaviorEventsThrown(key, owner):
            loop = instance.scopes[key].elements[owner].loop
            assert loop is not None
            loop.due = []
        case e.LoopEnded(key, owner):
            loop = instance.scopes[key].elements[owner].loop
            assert loop is not None
            loop.ended = True
        case _:
            raise AssertionError(f"no rule for {event!r}")


def _apply_to_element(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.JobOpened(key, owner, job, _, _, retries):
            instance.scopes[key].elements[owner].job = Job(job, retries)
            instance.jobs += 1
            instance.next_key = job + 1
        case e.JobCompleted(key, owner, _, values):
            element = instance.scopes[key].elements[owner]
            element.job, element.result = None, values
            instance.jobs -= 1
        case e.JobFailed(key, owner, job, retries, tries, due):
            element = instance.scopes[key].elements[owner]
            element.job = None if due is None else Job(job, retries, tries)
            instance.jobs -= due is None
        case e.JobCancelled(key, owner):
            instance.scopes[key].elements[owner].job = None
            instance.jobs -= 1
        case e.UserTaskOpened(key, owner, task):
            names = UserTask.__struct_fields__[1:-2]
            held = UserTask(task, **{name: getattr(event, name) for name in names})
            instance.scopes[key].elements[owner].task = held
            instance.next_key = task + 1
        case e.UserTaskAssigned(key, owner, _, assignee):
            _change_task(instance, key, owner, assignee=assignee)
        case e.UserTaskCompleted(key, owner, _, values):
            element = instance.scopes[key].elements[owner]
            element.task, element.result = None, values
        case e.UserTaskCancelled(key, owner):
            instance.scopes[key].elements[owner].task = None
        case e.TimerOpened(key, owner, timer, of, _, rest):
            element = instance.scopes[key].elements[owner]
            element.timers = {**(element.timers or {}), timer: of}
            if rest is not None:
                element.cycles = {**(element.cycles or {}), timer: rest}
            instance.next_key = timer + 1
        case e.TimerFired(key, owner, timer) | e.TimerCancelled(key, owner, timer):
            element = instance.scopes[key].elements[owner]
            element.timers = {k: v for k, v in (element.timers or {}).items() if k != timer} or None
            if element.cycles:
                element.cycles = {k: v for k, v in element.cycles.items() if k != timer} or None
        case e.ErrorThrown():
            pass
        case e.ErrorCaught(key, owner, code, message, values):
            element = instance.scopes[key].elements[owner]
            element.variables = {"error": {"code": code, "message": message}}
            element.result = values
        case e.IncidentRaised(key, owner, incident, _, phase, timer=timer):
            instance.scopes[key].elements[owner].incident = Incident(incident, phase, timer)
            instance.incidents += 1
            instance.next_key = incident + 1
        case e.IncidentResolved(key, owner, _, _, retries):
            element = instance.scopes[key].elements[owner]
            element.incident, element.retries = None, retries
            instance.incidents -= 1
        case _ if type(event) in _LISTENERS:
            _apply_to_listeners(instance, event)
        case _:
            _apply_to_holder(instance, event)


_LISTENERS = {
    e.ListenersBegun,
    e.ListenerCompleted,
    e.ListenersEnded,
    e.UserTaskUpdated,
    e.UserTaskDenied,
}


def _apply_to_listeners(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.ListenersBegun(key, owner, _, listened, then, values, changes, what):
            element = instance.scopes[key].elements[owner]
            of = msgspec.convert(listened, ListenerEvent)
            element.listening = Listening(of, then, 0, values, changes, what)
            if element.task is not None:
                turns = element.task.turns + 1
                element.task = msgspec.structs.replace(element.task, turns=turns, denied=None)
        case e.ListenerCompleted(key, owner, _, values, changes):
            element = instance.scopes[key].elements[owner]
            assert element.listening is not None
            element.job = element.retries = None
            instance.jobs -= 1
            element.listening.index += 1
            element.listening.values = {**element.listening.values, **values}
            element.listening.changes = {**element.listening.changes, **changes}
        case e.ListenersEnded(key, owner):
            instance.scopes[key].elements[owner].listening = None
        case e.UserTaskUpdated(key, owner, _, changes):
            _change_task(instance, key, owner, **changes)
        case e.UserTaskDenied(key, owner, _, _, reason):
            _change_task(instance, key, owner, denied=reason)


def _change_task(instance: ProcessInstance, key: int, owner: int, **changes: Any) -> None:
    element = instance.scopes[key].elements[owner]
    assert element.task is not None
    element.task = msgspec.structs.replace(element.task, **changes)


def _apply_to_holder(instance: ProcessInstance, event: e.Event) -> None:
    """Change what calls another process, holds activities of an ad-hoc sub-process, or joins tokens."""
    match event:
        case e.GatewayActivated(key, owner):
            instance.scopes[key].elements[owner].activated = True
        case e.AdHocQueued(key, owner, _, activities):
            instance.scopes[key].elements[owner].queue = activities
        case e.AdHocTaken(key, owner):
            element = instance.scopes[key].elements[owner]
            element.queue = element.queue[1:]
        case e.AdHocEnding(key, owner):
            element = instance.scopes[key].elements[owner]
            element.ending, element.queue = True, []
        case e.DecisionEvaluated(key, owner, values=values):
            instance.scopes[key].elements[owner].result = values
        case e.CallOpened(key, owner, call):
            element = instance.scopes[key].elements[owner]
            element.call, element.told = call, 0
            instance.next_key = call + 1
        case e.CallCompleted(key, owner, _, values, called):
            element = instance.scopes[key].elements[owner]
            element.call, element.result, element.called = None, values, called
        case e.CallCancelled(key, owner):
            instance.scopes[key].elements[owner].call = None
        case _:
            _apply_to_subscription(instance, event)


def _apply_to_subscription(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.MessageSubscribed(key, owner, number, of, index, name, correlation_key):
            new = Subscription(of, index, name=name, correlation_key=correlation_key)
            _subscribe(instance, key, owner, number, new)
        case e.SignalSubscribed(key, owner, number, of, index, name):
            _subscribe(instance, key, owner, number, Subscription(of, index, name=name))
        case e.ConditionSubscribed(key, owner, number, of, index, _, armed):
            _subscribe(instance, key, owner, number, Subscription(of, index, armed))
            instance.conditions[number] = (key, owner)
        case e.ConditionArmed(key, owner, number) | e.ChangeSeen(key, owner, number):
            element = instance.scopes[key].elements[owner]
            known = element.subscriptions or {}
            element.subscriptions = {**known, number: msgspec.structs.replace(known[number], armed=True)}
        case (
            e.MessageCorrelated(key, owner, number)
            | e.SignalReceived(key, owner, number)
            | e.ConditionMet(key, owner, number)
            | e.SubscriptionClosed(key, owner, number)
        ):
            element = instance.scopes[key].elements[owner]
            left = {k: v for k, v in (element.subscriptions or {}).items() if k != number}
            element.subscriptions = left or None
            instance.conditions.pop(number, None)
        case e.EventTriggered(key, owner, values):
            element = instance.scopes[key].elements[owner]
            element.result = {**(element.result or {}), **values}
        case e.TriggersGathered(key, owner, of, values):
            element = instance.scopes[key].elements[owner]
            gathered = {event: it for event, it in (element.gathered or {}).items() if event != of}
            element.gathered = {**gathered, of: values} if values else gathered or None
        case e.MessageSent() | e.SignalSent():
            pass
        case _:
            raise AssertionError(f"no rule for {event!r}")


def _subscribe(instance: ProcessInstance, key: int, owner: int, number: int, new: Subscription) -> None:
    element = instance.scopes[key].elements[owner]
    element.subscriptions = {**(element.subscriptions or {}), number: new}
    instance.next_key = number + 1


_EXCEPTIONAL = {
    e.EventSubProcessArmed,
    e.EventSubProcessDisarmed,
    e.ScopeInterrupted,
    e.EscalationThrown,
    e.CallEscalated,
    e.EscalationCaught,
    e.CompensationKept,
    e.CompensationRestored,
    e.CompensationThrown,
    e.CompensationLeft,
    e.CompensationGathered,
    e.CompensationTaken,
    e.CompensationStarted,
    e.TransactionCancelled,
}


def _apply_exceptional(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.EventSubProcessArmed(key, owner, element):
            scope = instance.scopes[key]
            scope.elements[owner] = ElementInstance(owner, element, 0, armed=True)
            scope.armed += 1
            instance.next_key = owner + 1
        case e.EventSubProcessDisarmed(key, owner):
            scope = instance.scopes[key]
            del scope.elements[owner]
            scope.armed -= 1
        case e.ScopeInterrupted(key):
            instance.scopes[key].interrupted = True
        case e.EscalationCaught(key, owner, code):
            instance.scopes[key].elements[owner].variables = {"escalation": {"code": code}}
        case e.EscalationThrown(told=told):
            instance.next_key = instance.next_key if told is None else told + 1
        case e.CallEscalated(key, owner, _, number):
            instance.scopes[key].elements[owner].told = number
        case e.TransactionCancelled():
            pass
        case _:
            _apply_compensation(instance, event)


def _apply_compensation(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.CompensationKept(key, owner, of, values, loop, called):
            inner = instance.scopes.get(owner)
            kept = Kept(owner, of, values, [] if inner is None else list(inner.kept), loop, called)
            instance.scopes[key].kept.append(kept)
        case e.CompensationRestored(called):
            instance.scopes[ROOT].kept = list(called.kept)
            # The names of what was completed before stay its own.
            instance.next_key = max(instance.next_key, last_key(called.kept) + 1)
        case e.CompensationThrown(key, owner):
            instance.scopes[key].elements[owner].compensating = []
        case e.CompensationLeft(key, owner):
            instance.scopes[key].elements[owner].gone = True
        case e.CompensationGathered(key, by_scope, by, activity):
            scope = instance.scopes[key]
            element = instance.scopes[by_scope].elements[by]
            gathered = [(key, it) for it in scope.kept if activity in (None, it.element)]
            element.compensating = [*(element.compensating or ()), *gathered]
            scope.kept = [it for it in scope.kept if activity not in (None, it.element)]
        case e.CompensationTaken(key, owner):
            element = instance.scopes[key].elements[owner]
            element.compensating = (element.compensating or [])[:-1]
        case e.CompensationStarted(key, owner, compensated, by_scope, by) if compensated == ROOT:
            scope = instance.scopes[key]
            scope.elements[owner].compensates = (by_scope, by)
            scope.compensated = True
        case e.CompensationStarted(key, owner, _, by_scope, by, whole):
            _, kept = (instance.scopes[by_scope].elements[by].compensating or [])[-1]
            element = instance.scopes[key].elements[owner]
            element.compensates = (by_scope, by)
            element.again = kept.called is not None and element.element == kept.element
            if not element.opened:
                element.variables = kept.values
            elif whole:
                element.compensating, instance.scopes[owner].kept = [], kept.inner
            else:
                element.compensating = [(owner, it) for it in kept.inner]
        case _:
            raise AssertionError(f"no rule for {event!r}")


_OPERATING = {
    e.InstanceSuspended,
    e.InstanceResumed,
    e.InstanceModified,
    e.InstanceMigrated,
    e.ElementMigrated,
    e.KeptMigrated,
}


def _apply_operating(instance: ProcessInstance, event: e.Event) -> None:
    match event:
        case e.InstanceSuspended():
            instance.state = InstanceState.SUSPENDED
        case e.InstanceResumed():
            instance.state = InstanceState.ACTIVE
        case e.InstanceModified():
            pass
        case e.InstanceMigrated(definition):
            instance.definition = definition
        case e.ElementMigrated(key, owner, now_of, previous, keys, arrived, queue):
            scope = instance.scopes[key]
            element = scope.elements[owner]
            element.element, element.arrived, element.queue = now_of, arrived, queue or []
            if element.gathered:
                element.gathered = _gathered_by(element, keys)
            element.timers = {it: keys[it] for it in element.timers or ()} or None
            element.subscriptions = {
                it: msgspec.structs.replace(known, event=keys[it])
                for it, known in (element.subscriptions or {}).items()
            } or None
            if owner in scope.joins.get(previous, ()):
                _leave_join(scope, previous, owner)
                scope.joins.setdefault(now_of, []).append(owner)
        case e.KeptMigrated(key, mapping):
            all_kept = list(instance.scopes[key].kept)
            for kept in all_kept:
                _rename(kept, mapping)
            instance.scopes[key].kept = all_kept
        case _:
            raise AssertionError(f"no rule for {event!r}")


def _gathered_by(element: ElementInstance, keys: dict[int, str]) -> dict[str, dict[str, Value]] | None:
    """Give what has been gathered by the new names of its events, each of which still waits for something."""
    events = {
        **(element.timers or {}),
        **{key: it.event for key, it in (element.subscriptions or {}).items()},
    }
    names = {event: keys[key] for key, event in events.items()}
    known = element.gathered or {}
    return {names[event]: values for event, values in known.items() if event in names} or None


def _rename(kept: Kept, mapping: dict[str, str]) -> None:
    kept.element = mapping.get(kept.element, kept.element)
    for inner in kept.inner:
        _rename(inner, mapping)
