"""An event happens: what becomes of whoever waited for it, whatever the event's trigger is (BPMN 13.5).

A catching event or a receive task goes on, an event on a boundary interrupts its activity or not, the start
event of an event sub-process its scope, and of the events behind an event-based gateway the first one decides
(13.4.4).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from penstock.kernel import events as e, listeners
from penstock.kernel.definition import (
    ChangeTrigger,
    ConditionTrigger,
    CycleTrigger,
    Element,
    Kind,
    MessageTrigger,
    MultipleTrigger,
    SignalTrigger,
    Single,
    TimerTrigger,
    Value,
    triggers_of,
)
from penstock.kernel.lifecycle import close_incident, interrupt, stop_listening
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import listening
from penstock.kernel.variables import seen_by

_AROUND: Final = (Kind.BOUNDARY_EVENT, Kind.START_EVENT)
"""The events that whoever waits for them does not go on by, but is interrupted by or not."""

_CAME: Final[dict[type[Single], type[e.MessageCorrelated | e.SignalReceived | e.ConditionMet]]] = {
    MessageTrigger: e.MessageCorrelated,
    SignalTrigger: e.SignalReceived,
    ConditionTrigger: e.ConditionMet,
    ChangeTrigger: e.ConditionMet,
}


def come(step: Step, scope: Scope, element: ElementInstance, key: int, values: dict[str, Value]) -> None:
    """Let what an open timer or subscription waits for come, with `values`; its event happens.

    Where the event needs each of several triggers, it happens with the last of them. One that interrupts
    nothing is waited for again.

    Raises:
        Failure: a name or a correlation key of what is waited for again has no value; nothing has changed.
    """
    event, index = _awaited(step, element, key)
    more = is_parallel(event) and waits_for(element, event) > 1
    openings = [] if more else _again(step, scope, element, event, key, index)
    came = e.TimerFired if index is None else _CAME[type(triggers_of(event)[index])]
    step.emit(came(scope.key, element.key, key, event.id))
    if more:
        _gather(step, scope, element, event, values)
        return
    listening.open(step, scope, element, openings)
    _happen(step, scope, element, event, _gathered(step, scope, element, event, values))


def require_again(step: Step, scope: Scope, element: ElementInstance, key: int) -> None:
    """See to it that what is waited for again can be waited for, before anything else is done.

    Raises:
        Failure: as `come` would.
    """
    event, index = _awaited(step, element, key)
    _again(step, scope, element, event, key, index)


def _awaited(step: Step, element: ElementInstance, key: int) -> tuple[Element, int | None]:
    """Give the event that a timer or a subscription triggers, and for the latter by which of its triggers."""
    if key in (element.timers or {}):
        return step.element((element.timers or {})[key]), None
    subscription = (element.subscriptions or {})[key]
    return step.element(subscription.event), subscription.index


def is_parallel(event: Element) -> bool:
    """Whether the event needs each of its triggers."""
    return isinstance(event.trigger, MultipleTrigger) and event.trigger.parallel


def waits_for(element: ElementInstance, event: Element) -> int:
    """Give how many timers and subscriptions of the event are open."""
    timers = sum(it == event.id for it in (element.timers or {}).values())
    return timers + sum(it.event == event.id for it in (element.subscriptions or {}).values())


def _gather(
    step: Step, scope: Scope, element: ElementInstance, event: Element, values: dict[str, Value]
) -> None:
    """Keep what came with one of the triggers until the event happens."""
    if event.id == element.element:
        _trigger(step, scope, element.key, values)
    elif values:
        known = (element.gathered or {}).get(event.id, {})
        step.emit(e.TriggersGathered(scope.key, element.key, event.id, {**known, **values}))


def _gathered(
    step: Step, scope: Scope, element: ElementInstance, event: Element, values: dict[str, Value]
) -> dict[str, Value]:
    """Give what has come with all triggers of the event, and keep it no longer."""
    known = (element.gathered or {}).get(event.id)
    if known is None:
        return values
    step.emit(e.TriggersGathered(scope.key, element.key, event.id, {}))
    return {**known, **values}


def _again(
    step: Step, scope: Scope, element: ElementInstance, event: Element, key: int, index: int | None
) -> list[listening.Opening]:
    """Decide on what is waited for again once the event has happened: nothing where it interrupts something.

    A date or a duration comes once; so an event that needs one beside other triggers happens once, too.
    """
    if event.kind not in _AROUND or event.interrupting:
        return []
    triggers = triggers_of(event)
    if is_parallel(event):
        if any(isinstance(it, TimerTrigger | CycleTrigger) for it in triggers):
            return []
        indices = set(range(len(triggers)))
    elif index is None:
        return _next_time(step, element, event, key)
    else:
        indices = {index}
    openings = listening.decide(step, (event,), seen_by(step.instance, scope, element))
    return [replace(it, armed=False) for it in openings if it.index in indices]


def _next_time(step: Step, element: ElementInstance, event: Element, key: int) -> list[listening.Opening]:
    rest = (element.cycles or {}).get(key)
    if rest is None:
        return []
    index, trigger = next(
        (index, it) for index, it in enumerate(triggers_of(event)) if isinstance(it, CycleTrigger)
    )
    return [listening.Opening(event, index, trigger, *trigger.cycle.after(rest, step.now))]


def _happen(
    step: Step, scope: Scope, element: ElementInstance, event: Element, values: dict[str, Value]
) -> None:
    if event.id == element.element:
        _go_on(step, scope, element, values)
    elif event.kind in _AROUND:
        _trigger(step, scope, interrupt(step, scope, element, event), values)
    else:
        _choose(step, scope, element, event, values)


def _go_on(step: Step, scope: Scope, element: ElementInstance, values: dict[str, Value]) -> None:
    _trigger(step, scope, element.key, values)
    # What comes before the phase is run is for others.
    stop_listening(step, scope, element)
    close_incident(step, scope, element)
    step.plan(Phase.COMPLETE, scope.key, element.key)


def _choose(
    step: Step, scope: Scope, gateway: ElementInstance, event: Element, values: dict[str, Value]
) -> None:
    """Complete the gateway by the flow to the event, which has happened already."""
    stop_listening(step, scope, gateway)
    close_incident(step, scope, gateway)
    flow = next(flow for flow in step.element(gateway.element).outgoing if flow.target == event.id)
    step.emit(e.ElementCompleted(scope.key, gateway.key, gateway.element, gateway.since))
    step.emit(e.FlowTaken(scope.key, flow.id))
    enter_triggered(step, scope, event, values, flow.id)


def enter_triggered(
    step: Step, scope: Scope, event: Element, values: dict[str, Value], flow: str | None = None
) -> None:
    """Make an instance of an event or a receive task that has been triggered, so that it only completes."""
    owner = step.new_key()
    step.emit(e.ElementEntered(scope.key, owner, event.id, flow))
    _trigger(step, scope, owner, values)
    if event.listeners is not None and event.listeners.start:
        listeners.begin(step, scope, scope.elements[owner], "start", Phase.COMPLETE)
    else:
        step.plan(Phase.COMPLETE, scope.key, owner)


def _trigger(step: Step, scope: Scope, owner: int, values: dict[str, Value]) -> None:
    if values:
        step.emit(e.EventTriggered(scope.key, owner, values))
