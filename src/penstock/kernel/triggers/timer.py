"""Timer events (BPMN 10.5.5): they open a timer and are triggered when it is due."""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import Element, TimerTrigger, Value, each_of
from penstock.kernel.lifecycle import interrupt
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import visible


def on_boundary(
    step: Step, scope: Scope, node: Element, inputs: dict[str, Value]
) -> list[tuple[Element, int]]:
    """Give the timer events on an activity's boundary, with the moment at which each is due.

    Raises:
        Failure: a date or duration has no value.
    """
    variables = visible(step.instance, scope, inputs)
    return [
        (boundary, trigger.schedule.due(variables, step.now))
        for boundary in map(step.element, node.boundary)
        for trigger in each_of(boundary.trigger)
        if isinstance(trigger, TimerTrigger)
    ]


def open(step: Step, scope: Scope, element: ElementInstance, event: Element, due: int) -> None:
    """Open the timer of `event`: of the element instance itself, or of an event on its boundary."""
    step.emit(e.TimerOpened(scope.key, element.key, step.new_key(), event.id, due))


def fire(step: Step, scope: Scope, element: ElementInstance, key: int) -> None:
    """Let the event of an open timer happen."""
    event = step.element((element.timers or {})[key])
    step.emit(e.TimerFired(scope.key, element.key, key, event.id))
    if event.id == element.element:
        step.plan(Phase.COMPLETE, scope.key, element.key)
    else:
        interrupt(step, scope, element, event)
