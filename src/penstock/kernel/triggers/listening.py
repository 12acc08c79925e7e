"""Waiting for events: what each trigger of an event needs to be waited for, decided first, then opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from penstock.kernel import events as e
from penstock.kernel.definition import (
    ChangeTrigger,
    ConditionTrigger,
    CycleTrigger,
    Element,
    MessageTrigger,
    SignalTrigger,
    Single,
    TimerTrigger,
    Value,
    Variables,
    triggers_of,
)
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import message, signal, timer
from penstock.kernel.variables import visible


@dataclass(frozen=True, slots=True)
class Opening:
    """A wait that is decided on: all that its event will say."""

    event: Element
    index: int
    trigger: Single
    due: int = 0
    rest: str | None = None
    name: str = ""
    correlation_key: str = ""
    armed: bool = True
    """For a condition: whether it may be met at once, or only after it has been false. A change has
    to come first, so it is not armed."""


def is_waited_for(trigger: Single) -> bool:
    """Tell whether the trigger comes from outside, so that something must be opened for it."""
    return isinstance(
        trigger,
        TimerTrigger | CycleTrigger | MessageTrigger | SignalTrigger | ConditionTrigger | ChangeTrigger,
    )


def on_boundary(step: Step, scope: Scope, node: Element, inputs: dict[str, Value]) -> list[Opening]:
    """Decide on the waits of the events on an activity's boundary.

    Raises:
        Failure: a date, a name or a correlation key has no value.
    """
    return decide(step, map(step.element, node.boundary), visible(step.instance, scope, inputs))


def decide(step: Step, events: Iterable[Element], variables: Variables) -> list[Opening]:
    """Decide on the waits of these events, each with all of its triggers.

    Raises:
        Failure: a date, a name or a correlation key has no value.
    """
    made = (
        _opening(step, event, index, trigger, variables)
        for event in events
        for index, trigger in enumerate(triggers_of(event))
    )
    return [opening for opening in made if opening is not None]


def _opening(step: Step, event: Element, index: int, trigger: Single, variables: Variables) -> Opening | None:
    match trigger:
        case TimerTrigger(schedule):
            return Opening(event, index, trigger, schedule.due(variables, step.now))
        case CycleTrigger(cycle):
            return Opening(event, index, trigger, *cycle.first(variables, step.now))
        case MessageTrigger():
            name, key = message.address(trigger, variables, step.now)
            return Opening(event, index, trigger, name=name, correlation_key=key)
        case SignalTrigger():
            return Opening(event, index, trigger, name=signal.name_in(step, trigger, variables))
        case ConditionTrigger():
            return Opening(event, index, trigger)
        case ChangeTrigger():
            return Opening(event, index, trigger, armed=False)
    return None


def open(step: Step, scope: Scope, element: ElementInstance, openings: Iterable[Opening]) -> None:
    """Open the waits; a condition is looked at once they are all open."""
    conditional = False
    for it in openings:
        match it.trigger:
            case TimerTrigger() | CycleTrigger():
                timer.open(step, scope, element, it.event, it.due, it.rest)
            case MessageTrigger():
                message.subscribe(step, scope, element, it.event, it.index, it.name, it.correlation_key)
            case SignalTrigger():
                signal.subscribe(step, scope, element, it.event, it.index, it.name)
            case ConditionTrigger(condition):
                _watch(step, scope, element, it, condition.text)
                conditional |= it.armed
            case ChangeTrigger(variable):
                _watch(step, scope, element, it, f"change of {variable}")
    if conditional:
        step.plan(Phase.CHECK, scope.key, element.key)


def _watch(step: Step, scope: Scope, element: ElementInstance, it: Opening, what: str) -> None:
    key = step.new_key()
    step.emit(e.ConditionSubscribed(scope.key, element.key, key, it.event.id, it.index, what, it.armed))
